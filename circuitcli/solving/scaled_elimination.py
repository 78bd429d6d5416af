"""Linear equations whose rows and unknowns may be of very different sizes: by elimination of the scaled matrix.

A solution is improved once by what it leaves, which makes each equation hold in its own size (Skeel 1980).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import frexp, isfinite, ldexp

from circuitcli.ascent.problem import Vector
from circuitcli.engine.floats import UNIT

ROUNDS = 3  # of scaling, rows and columns in turn


def eliminated(rows: Sequence[Vector], right: Vector) -> Vector | None:
    """The x for which rows·x is the right side, for as many rows as unknowns; None where they are singular."""
    if not all(isfinite(g) for row in (*rows, right) for g in row):
        return None
    tall, wide = _scales(rows)
    try:
        matrix = [[ldexp(g, i + j) for g, j in zip(row, wide, strict=True)] for row, i in zip(rows, tall, strict=True)]
        target = [ldexp(c, i) for c, i in zip(right, tall, strict=True)]
    except OverflowError:  # of slopes so small that the step would lead out of all floats
        return None
    found = _solved(matrix, target)
    if found is None:
        return None
    left = [c - sum(g * u for g, u in zip(row, found, strict=True)) for row, c in zip(matrix, target, strict=True)]
    more = _solved(matrix, left) or left
    try:
        return [ldexp(u + v, j) for u, v, j in zip(found, more, wide, strict=True)]
    except OverflowError:
        return None


def _scales(rows: Sequence[Vector]) -> tuple[list[int], list[int]]:
    """The exponents of 2 that bring the largest entry of each row and of each column near 1."""
    sizes = [{j: frexp(g)[1] for j, g in enumerate(row) if g} for row in rows]
    tall, wide = [0] * len(rows), [0] * len(rows)
    for _ in range(ROUNDS):
        for j in range(len(rows)):
            wide[j] = -max((row[j] + i for row, i in zip(sizes, tall, strict=True) if j in row), default=0)
        for i, row in enumerate(sizes):
            tall[i] = -max((size + wide[j] for j, size in row.items()), default=0)
    return tall, wide


def _solved(matrix: Sequence[Vector], right: Vector) -> Vector | None:
    """The solution by elimination with the largest pivot of each column."""
    left = [[*row, c] for row, c in zip(matrix, right, strict=True)]
    count = len(left)
    for k in range(count):
        top = max(range(k, count), key=lambda i: abs(left[i][k]))
        left[k], left[top] = left[top], left[k]
        pivot = left[k]
        if abs(pivot[k]) <= UNIT:
            return None
        for row in left[k + 1 :]:
            if share := row[k] / pivot[k]:
                row[k:] = [g - share * p for g, p in zip(row[k:], pivot[k:], strict=True)]
    found = [0.0] * count
    for k in range(count - 1, -1, -1):
        row = left[k]
        found[k] = (row[count] - sum(row[j] * found[j] for j in range(k + 1, count))) / row[k]
    return found if all(map(isfinite, found)) else None
