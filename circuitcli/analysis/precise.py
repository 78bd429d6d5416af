"""A point to as many decimal digits as are asked for, each of them right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point
from circuitcli.engine.exact_digits import ExactDigits
from circuitcli.engine.exact_numbers import Exact
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES, Gate
from circuitcli.graph import Graph
from circuitcli.notation import expressions

GUARD = 15  # digits beyond those asked for, in the first attempt
ATTEMPTS = 4  # each with twice the digits of the one before


def precise(
    graph: Graph, given: Mapping[str, Graph], wrt: Sequence[str] | None, digits: int
) -> tuple[Point, list[str]]:
    """Return the point, and the expressions of the nodes whose digits are not certain.

    Inputs are constant circuits, evaluated anew with each attempt: 0.1 is a tenth, not the float next to it. The
    circuit runs with more and more digits until two attempts agree in all that are asked for (Ziv 1991), so that
    cancellation costs time and no digits. What still moves at the last attempt may be an exact 0; and a jump may be
    decided by a difference that no attempt can tell from 0.
    """
    before = _attempt(graph, given, wrt, ExactDigits(digits + GUARD, digits))
    for attempt in range(1, ATTEMPTS):
        point = _attempt(graph, given, wrt, ExactDigits((digits + GUARD) << attempt, digits))
        moving = [k for k in range(len(graph.nodes)) if not _agree(before, point, k, digits)]
        moving = list(dict.fromkeys([*moving, *_undecided(point)]))
        if not moving:
            return point, []
        before = point
    texts = expressions(graph)
    return point, [texts[k] for k in moving]


def _attempt(graph: Graph, given: Mapping[str, Graph], wrt: Sequence[str] | None, m: ExactDigits) -> Point:
    return Point(graph, {name: forward(c, m, {})[c.output] for name, c in given.items()}, wrt, m)


def _undecided(point: Point) -> list[int]:
    """The nodes whose gate would be on another of its pieces if a rounded argument were moved by its rounding."""
    m, found = point.m, []
    noise: list[float] = []
    for k, node in enumerate(point.graph.nodes):
        value, xs = point.values[k], [point.values[a] for a in node.args]
        kept = isinstance(value, Exact) or not m.isfinite(value)
        below = sum((noise[a] for a in node.args), 0.0)
        noise.append(0.0 if kept else abs(m.number(value)) * m.number(10.0) ** (5 - m.digits) + below)
        gate = GATES.get(node.gate)
        if not below or gate is None or (any(gate.rules) and gate.piece is None):
            continue

        def piece(xs: list[float], gate: Gate = gate) -> object:
            o = gate.forward(m, *xs)
            return o if gate.piece is None else gate.piece(m, o, *xs)

        here = piece(xs)
        for i, a in enumerate(node.args):
            moved = ([*xs[:i], xs[i] + step, *xs[i + 1 :]] for step in (noise[a], -noise[a]) if noise[a])
            if any(piece(other) != here for other in moved):
                found.append(k)
                break
    return found


def _agree(a: Point, b: Point, k: int, digits: int) -> bool:
    return _same(a.values[k], b.values[k], b.m, digits) and _same(a.gradients[k], b.gradients[k], b.m, digits)


def _same(x: float | None, y: float | None, m: ExactDigits, digits: int) -> bool:
    if x is None or y is None or x == y or (x != x and y != y):
        return True
    return bool(abs(x - y) <= abs(y) * m.mp.mpf(10) ** -digits)
