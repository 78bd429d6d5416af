"""The interval Newton step: the part of a box in which a system may be 0, and whether it certainly is, once.

Gauss-Seidel on the system times the inverse of its middle (Hansen & Sengupta 1981; Neumaier 1990, 5.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS

Matrix = Sequence[Sequence[Interval]]
NOUGHT = Interval(0.0, 0.0)


class Step(NamedTuple):
    """The distances from the middle at which the system may be 0; None where it is not. `once`: it certainly is 0 at
    exactly one point of the box."""

    distances: list[Interval] | None
    once: bool = False


def newton_step(slopes: Matrix, values: Sequence[Interval], distances: Sequence[Interval]) -> Step:
    """Where values + slopes * d may be 0 for d within the `distances`: the values at a point of the box, the slopes
    all over it."""
    found = list(distances)
    middle = inverse([[x.middle for x in row] for row in slopes])
    if middle is None:
        return Step(found)
    matrix = [_times(row, slopes) for row in middle]
    right = _products(middle, values)
    once = True
    for i, row in enumerate(matrix):
        if row[i].holds(0.0):
            once = False
            continue
        others = NOUGHT
        for j, x in enumerate(row):
            if j != i:
                others = others + x * found[j]
        there = INTERVALS.div(-(right[i] + others), row[i])
        once = once and found[i].lo < there.lo and there.hi < found[i].hi
        kept = found[i].meet(there)
        if kept is None:
            return Step(None)
        found[i] = kept
    return Step(found, once)


def is_positive(matrix: Matrix) -> bool:
    """Whether all symmetric matrices within are positive definite, by Cholesky's way without roots: each pivot is above
    0."""
    rest = [list(row) for row in matrix]
    for k, pivots in enumerate(rest):
        if not pivots[k].lo > 0.0:
            return False
        for i in range(k + 1, len(rest)):
            share = INTERVALS.div(rest[i][k], pivots[k])
            for j in range(k + 1, i + 1):
                rest[i][j] = rest[j][i] = rest[i][j] - share * rest[j][k]
    return True


def inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]] | None:
    """The inverse of a matrix of floats, about (Gauss and Jordan); None where there is none."""
    count = len(matrix)
    rest = [[*row, *(float(i == j) for j in range(count))] for i, row in enumerate(matrix)]
    for k in range(count):
        best = max(range(k, count), key=lambda i: abs(rest[i][k]))
        pivot = rest[best][k]
        if pivot == 0.0 or not math.isfinite(pivot):
            return None
        rest[k], rest[best] = rest[best], rest[k]
        rest[k] = [x / pivot for x in rest[k]]
        for i in range(count):
            if i != k and rest[i][k] != 0.0:
                share = rest[i][k]
                rest[i] = [x - share * y for x, y in zip(rest[i], rest[k], strict=True)]
    found = [row[count:] for row in rest]
    return found if all(math.isfinite(x) for row in found for x in row) else None


def _times(row: Sequence[float], matrix: Matrix) -> list[Interval]:
    """A row of floats times a matrix."""
    found = [NOUGHT] * len(matrix[0])
    for x, others in zip(row, matrix, strict=True):
        if x != 0.0:
            factor = interval(x)
            found = [total + factor * y for total, y in zip(found, others, strict=True)]
    return found


def _products(matrix: Sequence[Sequence[float]], vector: Sequence[Interval]) -> list[Interval]:
    """A matrix of floats times a vector."""
    return [_times(row, [[x] for x in vector])[0] for row in matrix]
