"""The terms of a circuit as products of powers, and its sums over rows."""

from __future__ import annotations

from collections import defaultdict

from circuitcli.engine.floats import FLOATS
from circuitcli.gate_facts import SUMS
from circuitcli.gates import GATES, over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph

Product = list[tuple[int, float]]  # nodes and their powers


def sums(graph: Graph, k: int) -> bool:
    """Whether a node adds up or averages rows."""
    gate, args, _ = graph.nodes[k]
    facts = over_rows(gate, len(args))
    return facts is not None and facts.gathers == SUMS


def product_of(graph: Graph, numbers: list[float | None], k: int) -> Product:
    """The powers whose product a node is, up to its sign; empty where it is none."""
    gate, args, _ = graph.nodes[k]
    if not args:
        return []
    if gate == "pow":
        power = numbers[args[1]]
        return [] if power is None else [(args[0], power)]
    return list(zip(args, GATES[gate].powers))  # noqa: B905  most gates have none


def monomial(graph: Graph, numbers: list[float | None], depends: list[bool], k: int) -> tuple[float, dict[int, int]]:
    """The sign of a node, and the whole powers of other nodes whose product it is besides. The square of what moves is
    taken apart as far as one factor alone moves."""
    sign, powers = 1.0, defaultdict[int, int](int, {k: 1})
    for i in range(k, -1, -1):
        power = powers.get(i, 0)
        product = product_of(graph, numbers, i) if power else []
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


def numbers_of(graph: Graph) -> list[float | None]:
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
