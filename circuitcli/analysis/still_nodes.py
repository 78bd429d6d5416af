"""Nodes that keep their value however the inputs move, as a - a does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitcli.engine.passes import forward
from circuitcli.graph import Graph

NEAR = 2.0**-10  # relative, and absolute, so that 0 moves too
SPREADS = (0.6180339887498949, 0.41421356237309515)  # irrational: each input moves by another part


def still_nodes(graph: Graph, m: Any, values: Sequence[Any], among: Sequence[int]) -> list[int]:
    """Pick the nodes whose value is finite, and the same at the point and at two others next to it."""
    among = [k for k in among if m.isfinite(values[k])]
    moved = [_moved(graph, m, values, spread) for spread in SPREADS] if among else []
    return [k for k in among if all(there[k] == values[k] for there in moved)]


def _moved(graph: Graph, m: Any, values: Sequence[Any], spread: float) -> Sequence[Any]:
    inputs = {}
    for i, (name, k) in enumerate(graph.inputs.items(), 1):
        inputs[name] = values[k] + (values[k] + 1.0) * m.number(NEAR * (0.1 + i * spread % 1.0))
    return forward(graph, m, inputs)
