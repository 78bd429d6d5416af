"""The best step of a quadratic model along linear equations, by the directions that leave them alone: there the model
must bend upwards, and is lifted until it does (Nocedal & Wright 2006, 16.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.problem import Vector, dot
from circuitcli.ascent.trust_region import cholesky, lifted, solved
from circuitcli.engine.turned_rows import Triangle, combined

Matrix = list[Vector]

LIFT, STEEPER = 1e-4, 6.0  # of the largest entry, and from one lift to the next
HIGHEST = 1e25  # lifts, in the largest entry


class Step(NamedTuple):
    """The change of the inputs, the multiplier of each equation, and by how much the model was lifted."""

    change: Vector
    multipliers: Vector
    lift: float


def best_step(bend: Sequence[Vector], slope: Vector, rows: Sequence[Vector], apart: Vector, lift: float) -> Step | None:
    """The least of slope·p + p·bend·p/2 where rows·p = -apart; where the model needs a lift, the first is `lift`. None
    where it bends nowhere."""
    triangle = Triangle(rows, len(slope))
    change, used = triangle.reached(apart), 0.0
    along = triangle.along
    if along:
        bent = [_times(bend, direction) for direction in along]
        inner = [[dot(direction, column) for column in bent] for direction in along]
        pull = [s + dot(row, change) for s, row in zip(slope, bend, strict=True)]
        target = [-dot(direction, pull) for direction in along]
        largest = max((abs(x) for row in inner for x in row), default=0.0) or 1.0
        while (factor := cholesky(lifted(inner, used) if used else inner)) is None:
            used = STEEPER * used if used else max(lift, LIFT * largest)
            if not used < HIGHEST * largest:
                return None
        rest = combined(along, solved(factor, target), len(slope))
        change = [p + q for p, q in zip(change, rest, strict=True)]
    pull = [s + dot(row, change) for s, row in zip(slope, bend, strict=True)]
    return Step(change, triangle.multipliers(pull), used)


def _times(matrix: Sequence[Vector], vector: Vector) -> Vector:
    return [dot(row, vector) for row in matrix]
