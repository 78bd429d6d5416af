"""A problem in other units: each input multiplied by a constant, and the value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

from circuitcli.ascent import Ascent, Bounds, Limits, PointObjective, Problem, choice, climb
from circuitcli.read_circuit import ReadCircuit


class Units(NamedTuple):
    """The powers of ten by which the inputs are multiplied, in turn, and that of the value."""

    inputs: Sequence[int] = (0,)
    value: int = 0

    def factors(self, names: Iterable[str]) -> dict[str, float]:
        """The factor of each input."""
        return {name: float(f"1e{power}") for name, power in zip(names, cycle(self.inputs))}

    @property
    def factor(self) -> float:
        """The factor of the value."""
        return float(f"1e{self.value}")


OWN = Units()
SYSTEMS = (
    OWN,
    *(Units((k, -k)) for k in (3, 6, 9)),
    *(Units(value=v) for v in (9, -20)),
    Units((9, -9), -20),
)

Ends = tuple["float | None", "float | None"]


class Case(NamedTuple):
    """An expression, where to start, the bounds of some inputs, and the best value known; `sign` is -1 where the way
    is down."""

    name: str
    expression: str
    start: Mapping[str, float]
    best: float
    bounds: Mapping[str, Ends] = {}
    sign: float = -1.0

    def text(self, units: Units) -> str:
        """The expression, in terms of inputs in other units."""
        factors = units.factors(self.start)
        there = ", ".join(f"{name}/{factor!r}" for name, factor in factors.items())
        return f"own({', '.join(factors)}) = {self.expression}; {units.factor!r}*own({there})"

    def at(self, units: Units) -> dict[str, float]:
        """The start in other units."""
        return {name: self.start[name] * factor for name, factor in units.factors(self.start).items()}

    def within(self, units: Units) -> Bounds:
        """The bounds in other units."""
        low, high = [], []
        for name, factor in units.factors(self.start).items():
            least, most = self.bounds.get(name) or (None, None)
            low.append(-math.inf if least is None else least * factor)
            high.append(math.inf if most is None else most * factor)
        return Bounds(low, high)

    def problem(self, units: Units = OWN) -> Problem:
        """The problem in other units."""
        start = self.at(units)
        graph, given = ReadCircuit(self.expression if units == OWN else self.text(units)).bind(start, {})
        return Problem(PointObjective(graph, given, list(start)), self.sign, self.within(units))

    def run(self, units: Units = OWN, method: str = "auto") -> Ascent:
        """The ascent, by the command's choice of method."""
        problem = self.problem(units)
        chosen = choice(method, objective=problem.objective)
        return climb(problem, chosen, Limits(), list(self.at(units).values()))

    def own(self, x: Sequence[float], units: Units) -> list[float]:
        """A point in the problem's own units."""
        factors = units.factors(self.start).values()
        return [u / factor for u, factor in zip(x, factors, strict=True)]

    def gap(self, value: float, units: Units = OWN) -> float:
        """The distance from the best value, of a value of what is climbed, in the problem's own units."""
        return self.sign * self.best - value / units.factor
