"""The numerical gradient as a beginner writes it."""

from __future__ import annotations

from collections.abc import Mapping

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph


def difference(graph: Graph, point: Mapping[str, float], name: str, method: str, h: float) -> float:
    """(f(x+h) - f(x))/h for "forward", (f(x+h) - f(x-h))/(2h) for "central"."""

    def f(x: float) -> float:
        value: float = forward(graph, FLOATS, {**point, name: x})[graph.output]
        return value

    x = point[name]
    if method == "forward":
        return FLOATS.div(f(x + h) - f(x), h)
    return FLOATS.div(f(x + h) - f(x - h), 2.0 * h)
