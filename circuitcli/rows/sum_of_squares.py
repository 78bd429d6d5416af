"""Recognise a sum of squares over rows, each perhaps with a weight, by the circuit itself.

Both the output above the sum and the term below it are products of powers. Above, all but the sum is a factor that no
moving input reaches. Below, all but one square is the weight, whose root joins the residual: (r/s)^2, r^2/s^2 and
r*r/(s*s) are one term, with the residual r/s.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.gate_facts import SUMS
from circuitcli.gates import GATES, over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph
from circuitcli.rows.varying import Varying

HALVES = ((2.0, -1), (0.5, 1))  # numbers and their powers: half a square weighs what a square does

Product = list[tuple[int, float]]  # nodes and their powers


class Squares(NamedTuple):
    """The aggregate of a circuit that adds up squares, and the circuit of one square.

    In `parts` the `residual` is the node whose square is added up, with the root of its weight in it. `root` is that
    root alone, None where there is no weight, and `factor` the part of the weight that may be negative; then the row
    has no square. `sign` is -1 where minus the squares are added up. `observed` is what the residual compares with:
    where it is a difference, the part of it that varies by row and does not depend on the inputs that move.
    """

    aggregate: int
    parts: Varying
    residual: int
    root: int | None
    sign: float
    factor: int | None
    observed: int | None


def squares_of(parts: Varying, columns: list[str], moving: list[int]) -> Squares | None:
    """Find the squares where the output is a power of a sum or mean of them, times what the moving inputs leave."""
    graph = parts.graph
    depends, numbers = graph.depends_on(moving), _numbers(graph)
    k = graph.output
    while not _sums(graph, k):
        moved = [(a, power) for a, power in _product(graph, numbers, k) if depends[a]]
        if len(moved) != 1 or not moved[0][1] > 0.0:
            return None
        k = moved[0][0]
    sign, powers = _monomial(graph, numbers, depends, graph.nodes[k].args[0])
    squared = [i for i in powers if depends[i]]
    if len(squared) != 1 or powers.pop(squared[0]) != 2:
        return None
    weight = [(i, power) for i, power in powers.items() if numbers[i] != 1.0 and (numbers[i], power) not in HALVES]
    m = Symbols(graph)
    residual, root = _weighted(m, m.wires[squared[0]], weight), _weighted(m, m.wire(1.0), weight)
    factor = m.wire(1.0)
    for i, power in weight:
        if power % 2 and not (numbers[i] or 0.0) > 0.0:
            factor = m.wire(factor * m.wires[i])
    still = [i for i in _terms(graph, squared[0]) if parts.varies[i] and not depends[i]]
    found = {"residual": residual.k, "root": root.k, "factor": factor.k}
    own = Varying(Graph(m.builder.nodes, residual.k, graph.names, graph.defaults), columns, found)
    return Squares(
        k,
        own,
        residual.k,
        root.k if weight else None,
        sign,
        factor.k if factor is not m.wire(1.0) else None,
        still[0] if len(still) == 1 else None,
    )


def _sums(graph: Graph, k: int) -> bool:
    gate, args, _ = graph.nodes[k]
    facts = over_rows(gate, len(args))
    return facts is not None and facts.gathers == SUMS


def _product(graph: Graph, numbers: list[float | None], k: int) -> Product:
    """The powers whose product a node is, up to its sign; empty where it is none."""
    gate, args, _ = graph.nodes[k]
    if not args:
        return []
    if gate == "pow":
        power = numbers[args[1]]
        return [] if power is None else [(args[0], power)]
    return list(zip(args, GATES[gate].powers))  # noqa: B905  most gates have none


def _monomial(graph: Graph, numbers: list[float | None], depends: list[bool], k: int) -> tuple[float, dict[int, int]]:
    """The sign of a node, and the whole powers of other nodes whose product it is besides. The square of what moves is
    taken apart as far as one factor alone moves."""
    sign, powers = 1.0, defaultdict[int, int](int, {k: 1})
    for i in range(k, -1, -1):
        power = powers.get(i, 0)
        product = _product(graph, numbers, i) if power else []
        moved = [p for a, p in product if depends[a]]
        if not product or not all(p.is_integer() for _, p in product) or (power == 2 and moved not in ([], [1.0])):
            continue
        del powers[i]
        if power % 2:
            gate, args, _ = graph.nodes[i]
            sign *= GATES[gate].forward(FLOATS, *[1.0] * len(args))
        for a, p in product:
            powers[a] += power * int(p)
    return sign, {i: power for i, power in powers.items() if power}


def _weighted(m: Symbols, x: Symbol, weight: list[tuple[int, int]]) -> Symbol:
    """A wire times the root of a weight; no power of it leaves the range of floats before the root does."""
    for k, power in weight:
        wire, root = (m.wires[k], power // 2) if power % 2 == 0 else (m.sqrt(m.abs(m.wires[k])), power)
        operation = m.mul if root > 0 else m.div
        x = m.wire(operation(x, m.pow(wire, float(abs(root)))))
    return x


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


def _numbers(graph: Graph) -> list[float | None]:
    """Return the value of every node that neither an input nor a row decides."""
    found: list[float | None] = []
    for gate, args, text in graph.nodes:
        numbers = [found[a] for a in args]
        if gate == CONSTANT:
            found.append(FLOATS.constant(text))
        elif gate == INPUT or None in numbers or over_rows(gate, len(args)):
            found.append(None)
        else:
            found.append(GATES[gate].forward(FLOATS, *numbers))
    return found
