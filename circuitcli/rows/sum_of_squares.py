"""Recognise a sum of squares over rows, each perhaps with a weight, by the circuit itself.

Both the output above the sum and the term below it are products of powers. Above, all but the sum is a factor that no
moving input reaches. Below, all but one square is the weight, whose root joins the residual: (r/s)^2, r^2/s^2 and
r*r/(s*s) are one term, with the residual r/s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.graph import Graph
from circuitcli.rows.monomials import monomial, numbers_of, product_of, sums
from circuitcli.rows.varying import Varying

HALVES = ((2.0, -1), (0.5, 1))  # numbers and their powers: half a square weighs what a square does


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


def squares_of(parts: Varying, columns: Sequence[str], moving: Sequence[int]) -> Squares | None:
    """Find the squares where the output is a power of a sum or mean of them, times what the moving inputs leave."""
    graph = parts.graph
    depends, numbers = graph.depends_on(moving), numbers_of(graph)
    k = graph.output
    while not sums(graph, k):
        moved = [(a, power) for a, power in product_of(graph, numbers, k) if depends[a]]
        if len(moved) != 1 or not moved[0][1] > 0.0:
            return None
        k = moved[0][0]
    sign, powers = monomial(graph, numbers, depends, graph.nodes[k].args[0])
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
