"""A sum of squares over rows, told by the circuit itself."""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES, over_rows
from circuitcli.graph import CONSTANT, Graph
from circuitcli.rows.varying import Parts


class Squares(NamedTuple):
    """The node whose square is summed, and the node that it is compared with, where it is a difference of what the
    rows have and what the inputs that move decide."""

    residual: int
    observed: int | None


def squares_of(parts: Parts, moving: list[int], sign: float) -> Squares | None:
    """Of `sign` times the output, where that is minus a sum or mean of squares times a number above 0."""
    graph = parts.graph
    depends = graph.depends_on(moving)
    k, factor = _unscaled(graph, graph.output, sign)
    gate, args, _ = graph.nodes[k]
    if gate not in ("sum", "mean") or not over_rows(gate, len(args)):
        return None
    k, factor = _unscaled(graph, args[0], factor)
    gate, args, _ = graph.nodes[k]
    squared = (
        gate == "square" or (gate == "mul" and args[0] == args[1]) or (gate == "pow" and _number(graph, args[1]) == 2.0)
    )
    if not squared or not factor < 0.0 or not depends[args[0]]:
        return None
    still = [k for k in _terms(graph, args[0]) if parts.varies[k] and not depends[k]]
    return Squares(args[0], still[0] if len(still) == 1 else None)


def _terms(graph: Graph, k: int) -> list[int]:
    """What is added up to a node, whatever its sign."""
    found, waiting = [], [k]
    while waiting:
        gate, args, _ = graph.nodes[k := waiting.pop()]
        if gate in ("add", "sub", "neg"):
            waiting += args
        else:
            found.append(k)
    return found


def _unscaled(graph: Graph, k: int, factor: float) -> tuple[int, float]:
    """Behind signs, and numbers that it is multiplied or divided by; only the sign of the factor counts."""
    while True:
        gate, args, _ = graph.nodes[k]
        if gate == "neg":
            k, factor = args[0], -factor
        elif gate == "mul" and (number := _number(graph, args[0])) is not None:
            k, factor = args[1], factor * number
        elif gate in ("mul", "div") and (number := _number(graph, args[1])) is not None:
            k, factor = args[0], factor * number
        else:
            return k, factor


def _number(graph: Graph, k: int) -> float | None:
    """The value of a node that no input decides; of count() that it is above 0."""
    node = graph.nodes[k]
    if node.gate == CONSTANT:
        return FLOATS.constant(node.text)
    if node.gate == "count":
        return 1.0
    numbers = [_number(graph, a) for a in node.args]
    if not numbers or None in numbers:
        return None
    found: float = GATES[node.gate].forward(FLOATS, *numbers)
    return found
