"""The best step within a radius, by a model of second order (Moré & Sorensen 1983; Nocedal & Wright, 4.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitcli.ascent.problem import Vector, dot

Matrix = list[Vector]

LIFT = 1e-10  # of the diagonal, which is 1: what is as flat counts as flat, not as falling
CLOSE = 0.1  # of the radius, to which a step on its edge need only come
TRIALS = 60
TURNS = 4  # of inverse iteration: any direction that rises will do


class Step:
    """A step of the model: whether the model has its top there, and the gain that it promises."""

    def __init__(self, bend: Matrix, slope: Vector, change: Vector, top: bool) -> None:
        self.change, self.top = change, top
        self.gain = gain(bend, slope, change)


def gain(bend: Matrix, slope: Vector, change: Vector) -> float:
    """The gain of a change by the model slope·p - p·bend·p/2."""
    return dot(slope, change) - 0.5 * dot(change, [dot(row, change) for row in bend])


def top(bend: Matrix, slope: Vector) -> tuple[Step | None, bool]:
    """The step to the top of the model, None where it has none, for it rises without end; and whether it bends in every
    direction."""
    factor = cholesky(bend)
    sharp = factor is not None
    factor = factor or cholesky(lifted(bend, LIFT))
    return None if factor is None else Step(bend, slope, solved(factor, slope), True), sharp


def best_within(bend: Matrix, slope: Vector, radius: float) -> Step:
    """The best step that is no longer than the radius. `bend` is minus the second derivatives, with a diagonal of about
    1 in size."""
    highest, sharp = top(bend, slope)
    if highest is not None and sharp and _length(highest.change) <= radius:
        return highest
    length = _length(slope)
    low, high = 0.0, length / radius + math.sqrt(sum(dot(row, row) for row in bend))
    shift = high if highest is None else min(high, LIFT)
    found: tuple[Vector, Matrix] | None = None
    for _ in range(TRIALS):
        factor = cholesky(lifted(bend, shift))
        if factor is None:
            low = max(low, shift)
            shift = _between(low, high)
        else:
            change = solved(factor, slope)
            found, size = (change, factor), _length(change)
            if abs(size - radius) <= CLOSE * radius:
                return Step(bend, slope, change, False)
            low, high = (low, min(high, shift)) if size < radius else (max(low, shift), high)
            along = _forward(factor, change)
            square = dot(along, along)
            nearer = shift + size * size / square * (size - radius) / radius if square > 0.0 else low
            shift = nearer if low < nearer < high else _between(low, high)
        if high - low <= 1e-10 * high:
            break
    if found is None:  # no shift was large enough, by rounding
        return Step(bend, slope, [radius * g / length for g in slope] if length else list(slope), False)
    return Step(bend, slope, _to_the_edge(bend, slope, radius, *found), False)


def _to_the_edge(bend: Matrix, slope: Vector, radius: float, change: Vector, factor: Matrix) -> Vector:
    """A step to the edge where the slope does not lead there: on from its end in the direction that rises most."""
    size = _length(change)
    if size > radius:
        return [radius / size * u for u in change]
    rising = [1.0 + 0.1 * i for i in range(len(change))]
    for _ in range(TURNS):
        rising = solved(factor, rising)
        length = _length(rising)
        if not 0.0 < length < math.inf:
            return [radius / size * u for u in change] if size else change
        rising = [u / length for u in rising]
    across = dot(change, rising)
    far = math.sqrt(max(0.0, across * across + radius * radius - size * size))
    ends = [[u + (side * far - across) * v for u, v in zip(change, rising, strict=True)] for side in (1.0, -1.0)]
    return max(ends, key=lambda end: gain(bend, slope, end))


def cholesky(matrix: Sequence[Vector]) -> Matrix | None:
    """The lower triangle whose square a matrix is; None where that is not positive definite."""
    factor: Matrix = []
    for i, row in enumerate(matrix):
        below: Vector = []
        for j, other in enumerate(factor):
            below.append((row[j] - dot(below, other)) / other[j])
        rest = row[i] - dot(below, below)
        if not rest > 1e-14 * abs(row[i]):
            return None
        factor.append([*below, math.sqrt(rest)])
    return factor


def lifted(matrix: Matrix, shift: float) -> Matrix:
    """A matrix with a number added to its diagonal."""
    return [[x + shift if i == j else x for j, x in enumerate(row)] for i, row in enumerate(matrix)]


def _forward(factor: Matrix, right: Vector) -> Vector:
    found: Vector = []
    for row, r in zip(factor, right, strict=True):
        found.append((r - dot(row, found)) / row[-1])
    return found


def solved(factor: Matrix, right: Vector) -> Vector:
    """The solution of the equations whose matrix a triangle is the root of."""
    found = _forward(factor, right)
    for i in range(len(found) - 1, -1, -1):
        found[i] = (found[i] - sum(factor[k][i] * found[k] for k in range(i + 1, len(found)))) / factor[i][i]
    return found


def _between(low: float, high: float) -> float:
    return max(math.sqrt(low * high), low + 0.01 * (high - low))


def _length(change: Vector) -> float:
    return math.sqrt(dot(change, change))
