"""What is climbed: the output of a circuit as a function of the inputs that move."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from circuitcli.check import difference
from circuitcli.fault import fault
from circuitcli.graph import Graph
from circuitcli.point import Point


class Position(NamedTuple):
    """A point on the way: the inputs that move, the value there, and the gradient."""

    inputs: dict[str, float]
    value: float
    gradient: dict[str, float]

    @property
    def norm(self) -> float:
        """The largest component of the gradient."""
        return max((abs(g) for g in self.gradient.values()), default=0.0)

    @property
    def finite(self) -> bool:
        """Whether the value and every slope are finite."""
        return math.isfinite(self.value) and all(map(math.isfinite, self.gradient.values()))


class Problem:
    """Counts what it evaluates. `sign` is +1 to climb and -1 to go down; values and gradients keep their own sign.

    `method` is "exact" for the backward pass, or "forward" or "central" for a numerical gradient with step `h`.
    """

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, float],
        names: Sequence[str],
        sign: float = 1.0,
        method: str = "exact",
        h: float = 1e-4,
    ) -> None:
        self.graph, self.given, self.names = graph, Point(graph, given).inputs, list(names)
        self.sign, self.method, self.h = sign, method, h
        self.evaluations = {"value": 0, "gradient": 0, "nonfinite": 0}

    def at(self, inputs: Mapping[str, float], method: str | None = None) -> Position:
        """The value and the gradient at a point."""
        everything = {**self.given, **inputs}
        method = method or self.method
        self.evaluations["gradient"] += 1
        if method == "exact":
            point = Point(self.graph, everything, self.names)
            position = Position(dict(inputs), point.value, point.gradient)
        else:
            point = Point(self.graph, everything)
            slopes = {n: difference(self.graph, point.inputs, n, method, self.h) for n in self.names}
            self.evaluations["value"] += len(self.names) * (1 if method == "forward" else 2)
            position = Position(dict(inputs), point.value, slopes)
        self.evaluations["nonfinite"] += not position.finite
        return position

    def value(self, inputs: Mapping[str, float]) -> float:
        """The value alone, by one forward pass."""
        self.evaluations["value"] += 1
        value: float = Point(self.graph, {**self.given, **inputs}).value
        self.evaluations["nonfinite"] += not math.isfinite(value)
        return value

    def moved(self, here: Position, step: float) -> dict[str, float]:
        """The inputs after x + step·g, or when going down x - step·g."""
        step *= self.sign
        return {name: x + step * here.gradient[name] for name, x in here.inputs.items()}

    def fault(self, inputs: Mapping[str, float]) -> str:
        """The node that went wrong at a point."""
        return fault(Point(self.graph, {**self.given, **inputs}, self.names))
