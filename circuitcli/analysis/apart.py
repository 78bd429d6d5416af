"""A derivative beside a formula that is claimed for it: the circuit of their difference, and what is certain of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitcli.analysis.box_point import Box
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.point import Point
from circuitcli.analysis.rational_form import RationalForms
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.graph import CONSTANT, INPUT, Builder, Graph

LONG = 2_000  # nodes; the formulas of larger circuits are not compared


class Apart:
    """The derivative of a circuit by an input, and a claim on it. The `circuit` is of their difference."""

    def __init__(self, source: Graph, name: str, claim: Graph) -> None:
        self.source, self.name, self._claim = source, name, claim
        self.circuit = self._less_the_claim(Derivatives(source, [name]))

    def is_nothing(self) -> bool:
        """Whether both are one function by their formulas, wherever both have a value."""
        derivative, claim = self.circuit.nodes[self.circuit.output].args
        if derivative == claim or len(self.circuit.nodes) > LONG:
            return derivative == claim
        plain = Derivatives(self.source, [self.name], gates=textbook_gates(), folds=True)
        return RationalForms().is_zero(self._less_the_claim(plain))

    def at(self, box: Box) -> tuple[Interval, Interval, Interval]:
        """The bounds of the derivative, of the claim, and of their difference."""
        return self.among(forward(self.circuit, INTERVALS, box, INTERVALS.gates))

    def among(self, values: Sequence[Any]) -> tuple[Interval, Interval, Interval]:
        """The derivative, the claim and their difference among the values of the circuit."""
        derivative, claim = self.circuit.nodes[self.circuit.output].args
        return interval(values[derivative]), interval(values[claim]), interval(values[self.circuit.output])

    def has_value(self, box: Box) -> bool:
        """Whether the source has a value at some point of a box, for all that is known."""
        return not interval(forward(self.source, INTERVALS, box, INTERVALS.gates)[self.source.output]).empty

    def is_certain(self, box: Box, grain: float) -> bool:
        """Whether both are certainly apart at a point, off kinks, by more than that part of their size."""
        derivative, claim, difference = self.at(box)
        size = max(abs(derivative).hi, abs(claim).hi)
        if derivative.partial or claim.partial or not abs(difference).lo > grain * size:
            return False
        point = Point(self.source, box, [self.name], INTERVALS)
        return not (interval(point.value).partial or any(point.kinks))

    def kink(self, box: Box) -> str:
        """The first node of the source that may be at a kink in a box; empty where none is."""
        return Point(self.source, box, [self.name], INTERVALS).first_kink()

    def _less_the_claim(self, found: Derivatives) -> Graph:
        one, other = found.graph({"": found.gradient[self.name]}), self._claim
        builder = Builder()
        a, b = (_copied(graph, builder) for graph in (one, other))
        return builder.graph(builder.add("sub", (a, b)), {}, {**other.defaults, **one.defaults}, [a, b])


def _copied(graph: Graph, builder: Builder) -> int:
    """Add the nodes of a graph, and return that of its output."""
    new: list[int] = []
    for gate, args, text in graph.nodes:
        leaf = {INPUT: builder.input, CONSTANT: builder.constant}.get(gate)
        new.append(builder.add(gate, tuple([new[a] for a in args])) if leaf is None else leaf(text))
    return new[graph.output]
