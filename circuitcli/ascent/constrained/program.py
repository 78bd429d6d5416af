"""A problem with constraints, in units of its own: whatever is multiplied by a constant, the numbers here stay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.problem import Constraint, Difference, Position, Problem, Vector

Matrix = list[Vector]

FLAT = 1e-2  # of the value: its unit at the least, where it hardly slopes


class Here(NamedTuple):
    """The value that is to be least, and the differences of the constraints, at a point; and their slopes."""

    value: float
    apart: Vector
    slope: Vector
    rows: Matrix

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, (self.value, *self.apart, *self.slope))) and all(
            math.isfinite(x) for row in self.rows for x in row
        )


class Units(NamedTuple):
    """The units of the inputs that move, of the value, and of each constraint."""

    inputs: Vector
    value: float
    constraints: Vector


class Program:
    """The least of minus what a problem climbs, under constraints of which the equalities come first; `moving` are the
    inputs that bounds leave free to move. Numbers are in `units`, which the way from the `origin` tells, too: from the
    start, or from the end of a turn."""

    def __init__(self, problem: Problem, constraints: Sequence[Constraint], start: Position) -> None:
        self.problem, self.start, self.origin = problem, start, start.x
        self.constraints = sorted(constraints, key=lambda constraint: constraint.rises)
        self.equal = sum(not constraint.rises for constraint in constraints)
        low, high = problem.bounds
        self.moving = [i for i in range(len(problem.names)) if low[i] < high[i]]
        self.units = Units([1.0] * len(self.moving), 1.0, [1.0] * len(self.constraints))
        self.measure(start.x)
        self.first = self.units.constraints  # those at the start

    def whole(self, x: Vector) -> Vector:
        """All inputs in their own units, of those that move in ours."""
        found = [*self.problem.bounds.low]
        for i, u, unit in zip(self.moving, x, self.units.inputs, strict=True):
            found[i] = u * unit
        return found

    def moved(self, x: Vector) -> Vector:
        """The inputs that move, in our units."""
        return [x[i] / unit for i, unit in zip(self.moving, self.units.inputs, strict=True)]

    @property
    def low(self) -> Vector:
        """The lower bounds."""
        return self.moved(self.problem.bounds.low)

    @property
    def high(self) -> Vector:
        """The upper bounds."""
        return self.moved(self.problem.bounds.high)

    def value(self, x: Vector) -> tuple[float, Vector]:
        """The value that is to be least, and the differences."""
        point = self.problem.inside(self.whole(x))
        value = -self.problem.value(point) / self.units.value
        apart = [constraint.difference.value(point) for constraint in self.constraints]
        return value, [c / unit for c, unit in zip(apart, self.units.constraints, strict=True)]

    def here(self, x: Vector) -> Here:
        """The value, the differences, and their slopes."""
        point = self.problem.inside(self.whole(x))
        position, unit = self.problem.at(point), self.units.value
        found = [constraint.difference.both(point) for constraint in self.constraints]
        sizes = self.units.constraints
        return Here(
            -position.value / unit,
            [c / size for (c, _), size in zip(found, sizes, strict=True)],
            [-g / unit for g in self._scaled(position.gradient)],
            [[g / size for g in self._scaled(slope)] for (_, slope), size in zip(found, sizes, strict=True)],
        )

    def bend(self, x: Vector, multipliers: Vector, share: float = 1.0) -> Matrix:
        """The second derivatives of a share of the value less the constraints, each times its multiplier."""
        point, unit = self.problem.inside(self.whole(x)), self.units.value / share if share else math.inf
        total = [[-self.problem.sign * h / unit for h in row] for row in _second(self.problem.objective, point)]
        sizes = self.units.constraints
        for constraint, y, size in zip(self.constraints, multipliers, sizes, strict=True):
            if y != 0.0:
                own = _second(constraint.difference, point)
                total = [
                    [t - y / size * h for t, h in zip(*rows, strict=True)] for rows in zip(total, own, strict=True)
                ]
        scales = self.units.inputs
        return [
            [total[i][j] * u * v for j, v in zip(self.moving, scales, strict=True)]
            for i, u in zip(self.moving, scales, strict=True)
        ]

    def sizes(self, x: Vector, here: Here) -> Vector:
        """The unit of each constraint, of a point in ours, by the sizes of the inputs alone, and of what is constant
        beside them; where these are 0, by the way, too."""
        ways = list(map(abs, x))
        parts = (
            max(_largest(row, ways), abs(c - sum(g * u for g, u in zip(row, x, strict=True))))
            for c, row in zip(here.apart, here.rows, strict=True)
        )
        return [size if size > 0.0 else 1.0 for size in parts]

    def reach(self, x: Vector, here: Here) -> Vector:
        """The most that an input in its size, or on its way from the start, has to do with each constraint."""
        ways = [max(abs(u), abs(u - v)) for u, v in zip(x, self.moved(self.start.x), strict=True)]
        return [_largest(row, ways) for row in here.rows]

    def _scaled(self, slope: Vector) -> Vector:
        return [slope[i] * unit for i, unit in zip(self.moving, self.units.inputs, strict=True)]

    def measure(self, x: Vector) -> None:
        """Take the units that a point tells."""
        self.units = Units([1.0] * len(self.moving), 1.0, [1.0] * len(self.constraints))
        here = self.here([x[i] for i in self.moving])
        inputs = self._sizes(x, here)
        steep = _largest(here.slope, inputs)
        value = max(steep, FLAT * abs(here.value)) if 0.0 < steep < math.inf else 1.0
        constraints = [size if 0.0 < (size := _largest(row, inputs)) < math.inf else 1.0 for row in here.rows]
        self.units = Units(inputs, value, constraints)

    def _sizes(self, x: Vector, here: Here) -> Vector:
        """The unit of each input: its own size or way, that of its bounds, or else the change that does as much as the
        units of the others, or that is as far as to a constraint."""
        low, high = self.problem.bounds
        slopes = [here.slope, *here.rows]
        found = []
        for i in self.moving:
            sizes = (max(abs(x[i]), abs(x[i] - self.origin[i])), high[i] - low[i], abs(low[i]), abs(high[i]))
            found.append(next((size for size in sizes if 0.0 < size < math.inf), 0.0))
        for k in [k for k, size in enumerate(found) if not size]:
            alike = sorted(
                largest / abs(slope[k]) for slope in slopes if slope[k] and (largest := _largest(slope, found)) > 0.0
            )
            if alike:
                found[k] = alike[len(alike) // 2]
                continue
            reached = (abs(c / row[k]) for c, row in zip(here.apart, here.rows, strict=True) if row[k])
            found[k] = min((size for size in reached if 0.0 < size < math.inf), default=1.0)
        return found


def _largest(slope: Vector, sizes: Vector) -> float:
    return max((abs(g) * size for g, size in zip(slope, sizes, strict=True)), default=0.0)


def _second(objective: Difference, point: Vector) -> Sequence[Vector]:
    return (objective.hessian or objective.curvature)(point)
