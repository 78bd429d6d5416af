"""The two passes over a circuit, for any arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.gates import GATES, HANDED_ON, Gate, along
from circuitcli.graph import CONSTANT, Graph
from circuitcli.wire_types import MAYBE, C, Only, W

if TYPE_CHECKING:
    from circuitcli.arithmetic import Arithmetic


def forward(graph: Graph, m: Arithmetic[W, C], inputs: Mapping[str, W], gates: Mapping[str, Gate] = GATES) -> list[W]:
    """The value of every node, in forward order. An input with a default may be left out of `inputs`; `gates` have the
    forward rules."""
    values: list[W] = []
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


def forward_among(
    graph: Graph, m: Arithmetic[W, C], inputs: Mapping[str, W], order: Iterable[int], elsewhere: W
) -> list[W]:
    """The values of some nodes, which need no others, in forward order; all others are `elsewhere`."""
    values = [elsewhere] * len(graph.nodes)
    for k in order:
        gate, args, text = graph.nodes[k]
        if args:
            values[k] = GATES[gate].forward(m, *[values[a] for a in args])
        elif gate == CONSTANT:
            values[k] = m.constant(text)
        else:
            values[k] = inputs[text] if text in inputs else _default(graph, m, gate, text)
    return values


def backward(
    graph: Graph,
    m: Arithmetic[W, C],
    values: Sequence[W],
    needed: Sequence[bool],
    output: int | None = None,
    order: Sequence[int] | None = None,
    brought: Mapping[int, Sequence[tuple[int, W | float]]] = {},
    gates: Mapping[str, Gate] = GATES,
) -> dict[int, W | float]:
    """The derivative of the output by every needed node that it reaches.

    `needed` marks the nodes of interest: those at or above a wanted one (`Graph.depends_on`). Nothing is computed for
    the others, so a constant, or a column that nobody asked for, costs nothing and can make no nan. A cotangent
    travels with the condition under which its edges exist, True where they always do; it counts only there, and
    elsewhere nothing flows. `order` lists the nodes from the output down, where few of them are reached. `brought`
    has, for nodes whose rule is not known here, their slopes by other nodes; `gates` have the rules of the others.
    """
    slopes, paths = flow(graph, m, values, needed, output, order, brought, gates)
    return slopes | {k: m.where(edge, slopes[k], 0.0) for k, edge in paths.items()}


def flow(
    graph: Graph,
    m: Arithmetic[W, C],
    values: Sequence[W],
    needed: Sequence[bool],
    output: int | None = None,
    order: Sequence[int] | None = None,
    brought: Mapping[int, Sequence[tuple[int, W | float]]] = {},
    gates: Mapping[str, Gate] = GATES,
) -> tuple[dict[int, W | float], dict[int, C | bool]]:
    """The cotangents of `backward`, and the conditions of those that exist under one alone."""
    output, nodes = graph.output if output is None else output, graph.nodes
    slopes: list[W | float | None] = [None] * (output + 1)
    paths: dict[int, C | bool] = {}  # of those that exist under a condition
    if needed[output]:
        slopes[output] = 1.0
    for k in range(output, -1, -1) if order is None else order:
        g = slopes[k]
        if g is None:
            continue
        node = nodes[k]
        if not node.args and k not in brought:
            continue
        if not paths and k not in brought and gates[node.gate].rules is HANDED_ON:  # as most of many
            for i in node.args:
                if needed[i]:
                    known = slopes[i]
                    slopes[i] = g if known is None else known + g
            continue
        path: C | bool = paths.get(k, True)
        if k not in brought:
            edges = contributions(graph, m, values, needed, k, g, path, gates)
        else:
            edges = iter([(i, g * c, path) for i, c in brought[k]])
        for i, c, edge in edges:
            known = slopes[i]
            if known is not None:
                live = paths.pop(i, True)
                if edge is not live or edge is MAYBE:
                    known, c, edge = _live(m, live, known), _live(m, edge, c), _either(m, live, edge)
                c = known + c
            slopes[i] = c
            if edge is not True:
                paths[i] = edge
    if order is None:
        return {k: g for k, g in enumerate(slopes) if g is not None}, paths
    reached = sorted({*order, *(a for k in order for a in nodes[k].args)})
    return {k: g for k in reached if (g := slopes[k]) is not None}, paths


def contributions(
    graph: Graph,
    m: Arithmetic[W, C],
    values: Sequence[W],
    needed: Sequence[bool],
    k: int,
    g: W | float,
    live: C | bool = True,
    gates: Mapping[str, Gate] = GATES,
) -> Iterator[tuple[int, W | float, C | bool]]:
    """For each needed argument of node `k`, whose cotangent is `g`: its node, its share, and where that is live."""
    name, args, _ = graph.nodes[k]
    if not args:
        return
    gate, o = gates[name], values[k]
    xs = [values[a] for a in args]
    shares: Iterable[tuple[int, W | Only[W, C]]]
    if (together := gate.together) is not None:
        shares = zip(args, together(m, g, o, *xs), strict=True)
    else:
        rules = zip(args, gate.rules, strict=True)
        shares = ((i, rule(m, g, o, *xs)) for i, rule in rules if rule is not None and needed[i])
    for i, share in shares:
        if isinstance(share, Only):
            c, edge = share.g, _both(m, live, share.cond)
        else:
            c, edge = share, live
        if edge is False or not needed[i]:
            continue
        if gate.domain:
            c = m.where(m.isnan(o), o, c)
        yield i, c, edge


def kinks(graph: Graph, m: Arithmetic[W, C], values: Sequence[W], needed: Sequence[bool]) -> list[C | bool]:
    """For each node the condition under which its gate stands at a kink; False where it has none."""
    marks: list[C | bool] = [False] * len(values)
    for k, node in enumerate(graph.nodes):
        if node.args and needed[k] and (kink := GATES[node.gate].kink) is not None:
            if isinstance(kink, tuple):
                kink = along(kink, tuple([needed[a] for a in node.args]))
            if kink is not None:
                marks[k] = kink(m, values[k], *[values[a] for a in node.args])
    return marks


def _default(graph: Graph, m: Arithmetic[W, C], gate: str, text: str) -> W:
    """The value of an input that nobody gave, or of a gate without arguments."""
    if text not in graph.defaults:
        return GATES[gate].forward(m)
    default = graph.defaults[text]
    return forward(default, m, {})[default.output]


def _live(m: Arithmetic[W, C], edge: C | bool, c: W | float) -> W | float:
    """A cotangent where its edges exist, and nothing elsewhere, ready to be added: a select, never a product."""
    return c if edge is True else m.where(edge, c, m.nothing)


def _both(m: Arithmetic[W, C], a: C | bool, b: C | bool) -> C | bool:
    return b if a is True else a if b is True else False if a is False or b is False else m.and_(a, b)


def _either(m: Arithmetic[W, C], a: C | bool, b: C | bool) -> C | bool:
    return True if a is True or b is True else m.or_(a, b)
