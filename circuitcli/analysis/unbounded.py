"""Gradients whose parts leave the range of floats on the way, though they themselves need not.

The slope of log(1/(1+exp(x))) at 400 is -1, but that of the division alone is -1e-348: as floats it is 0, and so is all
below it. Where the backward pass met such a part it runs again on mpmath's numbers, whose exponents have no bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.engine.digits import Digits, RoundedConstants
from circuitcli.engine.passes import backward
from circuitcli.gates import GATES
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

FARTHEST = 2**2048  # exponent of two: that of an exponential whose argument is a float, with room for its square
SLOW = 1e6
STEEP = 2.0**100
DIGITS = 30  # decimal: what is lost is the range; the values are those of floats, where these have one


class Boundless(RoundedConstants):
    """Digits in which no exponential of what floats can hold is 0 or infinite."""

    largest = FARTHEST

    def polygamma(self, n: Real, x: Real) -> Real:
        return self.mp.nan if n > 1 and x < -SLOW else super().polygamma(n, x)  # which mpmath takes hours for

    def erfc(self, x: Real) -> Real:
        x = self.number(x)
        if x > STEEP:  # the first term of its series for large numbers, of which the next is a part 1/(2x²)
            return self.exp(-x * x) / (x * self.mp.sqrt(self.mp.pi))
        return super().erfc(x)


class AsWritten(Boundless):
    """Digits in which the numbers of an expression are the decimals that they are written as."""

    constant = Digits.constant


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
        """The decimal text of a value, of one with a very long exponent its power of ten."""
        value = self.values[k]
        power = self.m.log10(abs(value)) if value != 0.0 and self.m.isfinite(value) else self.m.number(0.0)
        return self.m.text(value, digits) if abs(power) < 1e15 else f"10^{self.m.text(power, digits)}"

    def gradients(self, needed: Sequence[bool]) -> Mapping[int, Real | float]:
        """The derivatives of the output, as of `passes.backward`."""
        return backward(self._graph, self.m, self.values, needed)
