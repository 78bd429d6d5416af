"""The backward pass step by step: the gradient that reaches a gate, its local derivative, and their product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.analysis.formulas import Formulas
from circuitcli.analysis.point import Point
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.engine.passes import contributions
from circuitcli.engine.symbols import Symbol

LONGEST = 32  # characters of a local derivative; longer operands are #number


class EdgeStep(NamedTuple):
    """One edge: the gradient `upstream` of node `k`, times the derivative `local` of its gate by the argument `to`,
    `gives` a part of the gradient there; None where nothing flows. The formula of `local` is `symbol`."""

    k: int
    upstream: float
    symbol: str
    local: float | None
    gives: float | None
    to: int


class PathSum(NamedTuple):
    """A node `k` where paths meet: the parts that arrived, and the gradient that they add up to."""

    k: int
    parts: list[float]
    gradient: float


def lesson(point: Point) -> list[EdgeStep | PathSum]:
    """List the steps from the output down. A sum stands before the node hands it on; sums at inputs come last."""
    graph, m, formulas = point.graph, point.m, Formulas(point.graph, LONGEST)
    arrived: dict[int, list[float]] = {graph.output: [1.0]}
    told: list[EdgeStep | PathSum] = []
    symbols: list[Symbol | float] = []
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
                local, gives = (c + 0.0 for _, c, _ in flowing.pop(0))  # without the sign of 0
                arrived.setdefault(i, []).append(gives)
            symbols.append(symbol)
            told.append(EdgeStep(k, g, "", local, gives, i))
    texts = iter(formulas.written(symbols))
    return [step if isinstance(step, PathSum) else step._replace(symbol=next(texts)) for step in told]


def local_formulas(point: Point, told: Sequence[EdgeStep | PathSum], length: int = LONGEST) -> list[str]:
    """Write the local derivative of each step as a textbook has it, about as long as `length`; of a sum nothing. A node
    with a step of its own is #number, where its text is long."""
    own = dict.fromkeys(step.k for step in told if isinstance(step, EdgeStep))
    formulas = Formulas(point.graph, length, own.keys(), textbook_gates())
    symbols = [c for k in own for _, c, _ in formulas.derivatives(k, point.needed)]
    texts = iter(formulas.written(symbols))
    return [next(texts) if isinstance(step, EdgeStep) else "" for step in told]
