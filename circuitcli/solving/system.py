"""A system of equations as functions of its unknowns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from circuitcli.ascent.problem import Vector

Matrix = list[Vector]


class Difference(Protocol):
    """The difference of the sides of an equation."""

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The difference, and its slopes."""

    def noise(self, x: Vector) -> float:
        """By how much rounding may have moved it."""


class Place(NamedTuple):
    """The differences of the sides at a point, and their slopes, a row each."""

    x: Vector
    apart: Vector
    rows: Matrix

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, self.apart)) and all(math.isfinite(g) for row in self.rows for g in row)


class System:
    """The differences of some equations, as functions of their unknowns, within bounds."""

    def __init__(self, equations: Sequence[Difference], low: Vector, high: Vector) -> None:
        self.equations, self.low, self.high = equations, low, high
        self.evaluations = 0

    def at(self, x: Vector) -> Place:
        """The differences and their slopes."""
        self.evaluations += 1
        found = [equation.both(x) for equation in self.equations]
        return Place(x, [value for value, _ in found], [slope for _, slope in found])

    def noise(self, x: Vector) -> Vector:
        """By how much rounding may have moved each difference."""
        return [equation.noise(x) for equation in self.equations]

    def inside(self, x: Vector) -> Vector:
        """The nearest point within the bounds."""
        return [min(max(u, low), high) for u, low, high in zip(x, self.low, self.high, strict=True)]
