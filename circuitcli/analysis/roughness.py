"""Whether a circuit is smooth and defined everywhere, by its gates alone."""

from __future__ import annotations

from collections.abc import Iterable

from circuitcli.gates import GATES
from circuitcli.graph import Graph, reached_from


def is_rough(graph: Graph, moving: Iterable[int]) -> bool:
    """Whether a gate between the inputs that move and the output is put together of pieces, or jumps."""
    return any(GATES[gate].pieced for gate in _between(graph, moving))


def has_jumps(graph: Graph, moving: Iterable[int]) -> bool:
    """Whether a gate between the inputs that move and the output is put together of pieces, and does not choose among
    them as max does, so that they need not meet."""
    return any(GATES[gate].pieced and not GATES[gate].choice for gate in _between(graph, moving))


def has_choices(graph: Graph, moving: Iterable[int]) -> bool:
    """Whether a gate between the inputs that move and the output chooses among pieces, as max does."""
    return any(GATES[gate].choice for gate in _between(graph, moving))


def has_edges(graph: Graph, moving: Iterable[int]) -> bool:
    """Whether a gate between the inputs that move and the output divides, or has no value everywhere, as logarithms and
    roots do: every form of a stable gate ends with one."""
    return any(GATES[gate].domain or GATES[gate].divisor == 1 for gate in _between(graph, moving))


def _between(graph: Graph, moving: Iterable[int]) -> list[str]:
    depends, reached = graph.depends_on(moving), reached_from(graph.nodes, [graph.output])
    nodes = zip(graph.nodes, depends, reached, strict=True)
    return [node.gate for node, below, above in nodes if below and above and node.args]
