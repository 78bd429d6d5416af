"""Gradients whose parts leave the range of floats on the way, though they themselves need not.

The slope of log(1/(1+exp(x))) at 400 is -1, but that of the division alone is -1e-348: as floats it is 0, and so is all
below it. Where the backward pass met such a part it runs again on mpmath's numbers, whose exponents have no bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.engine.digits import RoundedConstants
from circuitcli.engine.passes import backward
from circuitcli.gates import GATES
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

FAR = 2.0**21  # an argument whose exponential is 10^±910,000
DIGITS = 30  # decimal: what is lost is the range; the values are those of floats, where these have one


class Boundless(RoundedConstants):
    """Digits in which the exponential of a finite number is never 0 or infinite: far beyond all floats it stays where
    mpmath is still quick with it."""

    def exp(self, x: Real) -> Real:
        return super().exp(self._not_farther(x))

    def exp2(self, x: Real) -> Real:
        return super().exp2(self._not_farther(x))

    def _not_farther(self, x: Real) -> Real:
        return x if not self.isfinite(x) or abs(x) < FAR else self.number(FAR if x > 0 else -FAR)


class Unbounded:
    """A point of floats again, on numbers whose exponents have no bound; the values of floats are kept where they have
    all their digits."""

    def __init__(self, graph: Graph, values: Sequence[float], lost: Collection[int]) -> None:
        self._graph, self.m = graph, Boundless(DIGITS)
        self.values: list[Real] = []
        again = graph.depends_on(lost)  # a value above a lost one may be lost with it
        for k, node in enumerate(graph.nodes):
            if again[k] and node.args:
                gate = GATES[node.gate]
                self.values.append(gate.forward(self.m, *[self.values[a] for a in node.args]))
            else:
                self.values.append(self.m.number(values[k]))

    @property
    def value(self) -> Real:
        """The value of the output."""
        return self.values[self._graph.output]

    def text(self, k: int, digits: int) -> str:
        """The decimal text of a value."""
        return self.m.text(self.values[k], digits)

    def gradients(self, needed: Sequence[bool]) -> Mapping[int, Real | float]:
        """The derivatives of the output, as of `passes.backward`."""
        return backward(self._graph, self.m, self.values, needed)
