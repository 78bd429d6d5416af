"""The backward pass told step by step: what comes down to a gate, its local derivative, and what it hands on."""

from __future__ import annotations

from typing import Any, NamedTuple

from circuitcli.analysis.formulas import Formulas
from circuitcli.analysis.point import Point
from circuitcli.engine.passes import contributions

LONGEST = 32  # characters of a local derivative; longer operands are #number


class EdgeStep(NamedTuple):
    """One edge: the gradient `upstream` of node `k`, times the derivative `local` of its gate by the argument `to`,
    whose formula is `symbol`, gives what goes there; None where nothing flows."""

    k: int
    upstream: Any
    symbol: str
    local: Any
    gives: Any
    to: int


class PathSum(NamedTuple):
    """Where paths meet: the parts that arrived at node `k`, and the gradient that they add up to."""

    k: int
    parts: list[Any]
    gradient: Any


def lesson(point: Point) -> list[EdgeStep | PathSum]:
    """The steps from the output down; a sum stands before the node goes on with it, those of inputs at the end."""
    graph, m, formulas = point.graph, point.m, Formulas(point.graph, LONGEST)
    arrived: dict[int, list[Any]] = {graph.output: [1.0]}
    told: list[EdgeStep | PathSum] = []
    symbols: list[Any] = []
    for k in range(graph.output, -1, -1):
        if k not in arrived or not point.needed[k]:
            continue
        g = point.gradients[k]
        if len(arrived[k]) > 1:
            told.append(PathSum(k, arrived[k], g))
        edges = [contributions(graph, m, point.values, point.needed, k, x) for x in (1.0, g)]
        flowing = list(zip(*edges, strict=True))
        for i, symbol, _ in formulas.derivatives(k, point.needed):
            local = gives = None
            if flowing and flowing[0][0][0] == i:
                (_, local, _), (_, gives, _) = flowing.pop(0)
                arrived.setdefault(i, []).append(gives)
            symbols.append(symbol)
            told.append(EdgeStep(k, g, "", local, gives, i))
    texts = iter(formulas.written(symbols))
    return [step if isinstance(step, PathSum) else step._replace(symbol=next(texts)) for step in told]
