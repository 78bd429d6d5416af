"""Whether a circuit is smooth everywhere, by its gates alone."""

from __future__ import annotations

from collections.abc import Iterable

from circuitcli.gates import GATES
from circuitcli.graph import Graph, reached_from


def is_rough(graph: Graph, moving: Iterable[int]) -> bool:
    """Whether a gate between the inputs that move and the output is put together of pieces, or jumps."""
    depends, reached = graph.depends_on(moving), reached_from(graph.nodes, [graph.output])
    between = (node for node, below, above in zip(graph.nodes, depends, reached, strict=True) if below and above)
    return any(node.args and GATES[node.gate].pieced for node in between)
