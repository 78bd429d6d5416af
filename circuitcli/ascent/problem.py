"""What every method sees: a function that is climbed, its bounds, and how often it was evaluated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.point_objective import Objective, Vector


class Position(NamedTuple):
    """A point on the way: the inputs that move, and the value and the gradient of what is climbed there."""

    x: Vector
    value: float
    gradient: Vector

    @property
    def norm(self) -> float:
        """The largest component of the gradient."""
        return max(map(abs, self.gradient), default=0.0)

    @property
    def finite(self) -> bool:
        """Whether the value and every slope are finite."""
        return math.isfinite(self.value) and all(map(math.isfinite, self.gradient))


class Bounds(NamedTuple):
    """The least and the largest that each input may be."""

    low: Vector
    high: Vector

    @classmethod
    def none(cls, count: int) -> Bounds:
        return cls([-math.inf] * count, [math.inf] * count)


class Problem:
    """An objective, climbed where `sign` is +1; where it is -1 minus it is climbed. Counts what it evaluates."""

    def __init__(self, objective: Objective, sign: float = 1.0, bounds: Bounds | None = None) -> None:
        self.objective, self.sign = objective, sign
        self.names: list[str] = objective.names
        self.bounds = bounds or Bounds.none(len(self.names))
        self.bounded = any(map(math.isfinite, (*self.bounds.low, *self.bounds.high)))
        self.evaluations = {"value": 0, "gradient": 0, "nonfinite": 0}

    def at(self, x: Vector) -> Position:
        """The value and the gradient at a point."""
        value, gradient = self.objective.both(x)
        position = Position(x, self.sign * value, [self.sign * g for g in gradient])
        self.evaluations["gradient"] += 1
        self.evaluations["value"] += self.objective.cost
        self.evaluations["nonfinite"] += not position.finite
        return position

    def value(self, x: Vector) -> float:
        """The value alone."""
        value: float = self.sign * self.objective.value(x)
        self.evaluations["value"] += 1
        self.evaluations["nonfinite"] += not math.isfinite(value)
        return value

    def inside(self, x: Vector) -> Vector:
        """The nearest point within the bounds."""
        if not self.bounded:
            return x
        return [min(max(u, low), high) for u, low, high in zip(x, *self.bounds, strict=True)]

    def at_bound(self, x: Vector) -> list[str]:
        """The inputs that are at one of their bounds."""
        return [n for n, u, low, high in zip(self.names, x, *self.bounds, strict=True) if not low < u < high]

    def uphill(self, here: Position) -> Vector:
        """The gradient without what would lead out of the bounds."""
        if not self.bounded:
            return here.gradient
        return [
            0.0 if (g > 0.0 and u >= high) or (g < 0.0 and u <= low) else g
            for g, u, low, high in zip(here.gradient, here.x, *self.bounds, strict=True)
        ]

    def slope(self, here: Position) -> float:
        """The largest slope within the bounds, each scaled to its input."""
        return max(abs(g) * max(1.0, abs(u)) for g, u in zip(self.uphill(here), here.x, strict=True))


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """The sum of products."""
    return sum(u * v for u, v in zip(a, b))  # noqa: B905  in the inner loop
