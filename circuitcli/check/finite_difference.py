"""The numerical gradient as a beginner writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph


def difference(graph: Graph, point: Mapping[str, float], name: str, method: str, h: float) -> float:
    """The difference quotient of a circuit's output by one input."""

    def f(x: float) -> float:
        return forward(graph, FLOATS, {**point, name: x})[graph.output]

    return quotient(f, point[name], method, h)


def quotient(f: Callable[[float], float], x: float, method: str, h: float, here: float | None = None) -> float:
    """(f(x+h) - f(x))/h for "forward", (f(x+h) - f(x-h))/(2h) for "central"; `here` is f(x), where it is known."""
    if method == "forward":
        return FLOATS.div(f(x + h) - (f(x) if here is None else here), h)
    return FLOATS.div(f(x + h) - f(x - h), 2.0 * h)
