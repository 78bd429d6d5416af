"""The margin of an inequality: the difference of its sides, whose bounds say more than those of 0 and 1."""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.engine.interval import Interval
from circuitcli.gate_facts import COMPARE
from circuitcli.gates import symbol_of
from circuitcli.graph import Graph, Node


class Margin(NamedTuple):
    """A circuit that is above 0 where an inequality holds, or at 0, too, where that is not strict."""

    graph: Graph
    strict: bool

    def holds(self, bounds: Interval) -> bool:
        """Whether an inequality with such bounds of its margin holds everywhere."""
        return not bounds.partial and bool(bounds.lo > 0.0 or (bounds.lo == 0.0 and not self.strict))

    def fails(self, bounds: Interval) -> bool:
        """Whether an inequality fails where its margin is least, and that has such bounds."""
        return bool(bounds.hi < 0.0 or (bounds.hi == 0.0 and self.strict))


def margin_of(graph: Graph) -> Margin | None:
    """The margin of the inequality that is the output; None where it is another gate."""
    node = graph.nodes[graph.output]
    sign = symbol_of(node.gate, COMPARE)
    if sign[:1] not in ("<", ">"):
        return None
    sides = node.args if sign[0] == ">" else node.args[::-1]
    nodes = [*graph.nodes, Node("sub", tuple(sides))]
    return Margin(Graph(nodes, len(graph.nodes), graph.names, graph.defaults), not sign.endswith("="))
