"""The two passes over a circuit, for any arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from circuitcli.gates import GATES, Gate, Only
from circuitcli.graph import CONSTANT, Graph


def forward(graph: Graph, m: Any, inputs: Mapping[str, Any], gates: Mapping[str, Gate] = GATES) -> list[Any]:
    """The value of every node, in forward order. An input with a default may be left out of `inputs`; `gates` have the
    forward rules."""
    values: list[Any] = []
    for gate, args, text in graph.nodes:
        if args:
            values.append(gates[gate].forward(m, *[values[a] for a in args]))
        elif gate == CONSTANT:
            values.append(m.constant(text))
        elif text in inputs:
            values.append(inputs[text])
        else:
            values.append(_default(graph, m, gate, text))
    return values


def backward(
    graph: Graph,
    m: Any,
    values: Sequence[Any],
    needed: Sequence[bool],
    output: int | None = None,
    order: Iterable[int] | None = None,
    brought: Mapping[int, Sequence[tuple[int, Any]]] = {},
) -> dict[int, Any]:
    """The derivative of the output by every needed node that it reaches.

    `needed` says which nodes are of interest: those at or above a wanted one (`Graph.depends_on`). Nothing is
    computed for the others, so a constant, or a column that nobody asked for, costs nothing and can make no nan.
    A cotangent travels with the condition under which its edges exist, True where they always do; it counts only
    there, and elsewhere nothing flows. `order`, where few of the nodes are reached, has those from the output down.
    `brought` has, for nodes whose rule is not known here, their slopes by other nodes.
    """
    output = graph.output if output is None else output
    found: dict[int, tuple[Any, Any]] = {output: (1.0, True)} if needed[output] else {}
    for k in range(output, -1, -1) if order is None else order:
        if k not in found:
            continue
        if k in brought:
            edges: Iterable[tuple[int, Any, Any]] = [(i, found[k][0] * c, found[k][1]) for i, c in brought[k]]
        else:
            edges = contributions(graph, m, values, needed, k, *found[k])
        for i, c, edge in edges:
            if i in found:
                known, live = found[i]
                if edge is not live:
                    known, c, edge = _live(m, live, known), _live(m, edge, c), _either(m, live, edge)
                found[i] = known + c, edge
            else:
                found[i] = c, edge
    return {k: c if edge is True else m.where(edge, c, 0.0) for k, (c, edge) in found.items()}


def contributions(
    graph: Graph, m: Any, values: Sequence[Any], needed: Sequence[bool], k: int, g: Any, live: Any = True
) -> Iterator[tuple[int, Any, Any]]:
    """What node `k` with cotangent `g` gives each needed argument: its node, the cotangent, and where it is live."""
    name, args, _ = graph.nodes[k]
    if not args:
        return
    gate = GATES[name]
    xs = [values[a] for a in args]
    for i, rule in zip(args, gate.vjps(len(args)), strict=True):
        if rule is None or not needed[i]:
            continue
        c, edge = rule(m, g, values[k], *xs), live
        if isinstance(c, Only):
            c, edge = c.g, _both(m, live, c.cond)
        if edge is False:
            continue
        if gate.domain:
            c = m.where(m.isnan(values[k]), values[k], c)
        yield i, c, edge


def _default(graph: Graph, m: Any, gate: str, text: str) -> Any:
    """The value of an input that nobody gave, or of a gate without arguments."""
    if text not in graph.defaults:
        return GATES[gate].forward(m)
    default = graph.defaults[text]
    return forward(default, m, {})[default.output]


def kinks(graph: Graph, m: Any, values: list[Any], needed: list[bool]) -> list[Any]:
    """For each node the condition under which its gate stands at a kink; False where it has none."""
    marks: list[Any] = [False] * len(values)
    for k, node in enumerate(graph.nodes):
        if node.args and needed[k] and (kink := GATES[node.gate].kink) is not None:
            marks[k] = kink(m, values[k], *[values[a] for a in node.args])
    return marks


def _live(m: Any, edge: Any, c: Any) -> Any:
    """A cotangent where its edges exist, and nothing elsewhere, to be added: a select, never a product."""
    return c if edge is True else m.where(edge, c, m.nothing)


def _both(m: Any, a: Any, b: Any) -> Any:
    return b if a is True else a if b is True else False if a is False or b is False else m.and_(a, b)


def _either(m: Any, a: Any, b: Any) -> Any:
    return True if a is True or b is True else m.or_(a, b)
