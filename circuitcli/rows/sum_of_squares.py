"""Recognise a sum of squares over rows, by the circuit itself."""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.gate_facts import SUMS
from circuitcli.gates import GATES, over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph
from circuitcli.rows.varying import Varying


class Squares(NamedTuple):
    """The node whose square is summed, and the node that it is compared with: where it is a difference, the part of it
    that varies by row and does not depend on the inputs that move."""

    residual: int
    observed: int | None


def squares_of(parts: Varying, moving: list[int], sign: float) -> Squares | None:
    """Find the squares where `sign` times the output is minus a sum or mean of them, times a number above 0."""
    graph = parts.graph
    depends, numbers = graph.depends_on(moving), _numbers(graph)
    k, factor = _unscaled(graph, numbers, graph.output, sign)
    gate, args, _ = graph.nodes[k]
    facts = over_rows(gate, len(args))
    if facts is None or facts.gathers != SUMS:
        return None
    k, factor = _unscaled(graph, numbers, args[0], factor)
    gate, args, _ = graph.nodes[k]
    squared = gate == "square" or (gate == "mul" and args[0] == args[1]) or (gate == "pow" and numbers[args[1]] == 2.0)
    if not squared or not factor < 0.0 or not depends[args[0]]:
        return None
    still = [k for k in _terms(graph, args[0]) if parts.varies[k] and not depends[k]]
    return Squares(args[0], still[0] if len(still) == 1 else None)


def _terms(graph: Graph, k: int) -> list[int]:
    """List the nodes that are added up to a node, whatever their signs."""
    found, waiting = [], [k]
    while waiting:
        gate, args, _ = graph.nodes[k := waiting.pop()]
        if gate in ("add", "sub", "neg"):
            waiting += args
        else:
            found.append(k)
    return found


def _unscaled(graph: Graph, numbers: list[float | None], k: int, factor: float) -> tuple[int, float]:
    """Go behind signs, and numbers that a node is multiplied or divided by; only the sign of the factor counts."""
    while True:
        gate, args, _ = graph.nodes[k]
        if gate == "neg":
            k, factor = args[0], -factor
        elif gate == "mul" and (number := numbers[args[0]]) is not None:
            k, factor = args[1], factor * number
        elif gate in ("mul", "div") and (number := numbers[args[1]]) is not None:
            k, factor = args[0], factor * number
        else:
            return k, factor


def _numbers(graph: Graph) -> list[float | None]:
    """Return the value of every node that no input decides; count() is above 0, and that is enough here."""
    found: list[float | None] = []
    for gate, args, text in graph.nodes:
        numbers = [found[a] for a in args]
        if gate == CONSTANT:
            found.append(FLOATS.constant(text))
        else:
            found.append(None if gate == INPUT or None in numbers else GATES[gate].forward(FLOATS, *numbers))
    return found
