"""The second derivatives of a circuit over a box: bounds that certainly hold each, at each point where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from circuitcli.analysis.box_pieces import rough_nodes
from circuitcli.analysis.box_point import Box, BoxPoint
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.point import find
from circuitcli.engine.interval import NOTHING, Interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph, reached_from
from circuitcli.held_gates import work_over_boxes
from circuitcli.notation import in_words


class BoxHessian:
    """The bounds by pairs of names, in both orders. Where there is a kink or a jump they are of what is on its sides.

    Each second derivative is a circuit, and its bounds are found as those of any value: by its own slopes, and over the
    parts into which the box is cut for it.
    """

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        self._graph, self._found = graph, Derivatives(graph, names).second()
        nodes = dict.fromkeys(self._found.hessian.values())
        self._circuits = {k: self._found.graph({f"#{k}": k}) for k in nodes}

    @property
    def size(self) -> int:
        """The number of nodes of all second derivatives, or what takes as long."""
        return sum(map(work_over_boxes, self._circuits.values()))

    def over(self, point: BoxPoint, boxes: int) -> dict[tuple[str, str], Interval]:
        """The bounds over the box of a point, which is cut into at most so many parts for each; nan where there is no
        value at all."""
        if point.value.empty:
            return dict.fromkeys(self._found.hessian, NOTHING)
        bounds = {k: BoxPoint(circuit, point.given, None, boxes).value for k, circuit in self._circuits.items()}
        return {(a, b): bounds[self._found.hessian[a, b]] for a in self._found.names for b in self._found.names}

    def rough(self, box: Box) -> str:
        """A node that may be at a kink or jump in a box, or the gradient where that alone may; empty where none may."""
        graph, found = self._graph, self._found
        for k in _rough(graph, box, [find(graph, name) for name in found.names], [graph.output]):
            return in_words(graph)[k]
        slopes = found.graph({f"#{k}": k for k in found.gradient.values()})
        return "the gradient" if any(_rough(slopes, box, slopes.inputs.values(), slopes.names.values())) else ""


def _rough(graph: Graph, box: Box, moving: Iterable[int], wanted: Iterable[int]) -> Iterator[int]:
    """The nodes that may be at a kink or jump, among those that some move and some need."""
    moved, reached = graph.depends_on(moving), reached_from(graph.nodes, wanted)
    needed = [one and other for one, other in zip(moved, reached, strict=True)]
    for k, _ in rough_nodes(graph, forward(graph, INTERVALS, box, INTERVALS.gates), needed):
        yield k
