"""A point to as many decimal digits as are asked for, each of them right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point
from circuitcli.analysis.undecided import noise_of_digits, undecided
from circuitcli.engine.exact_digits import ExactDigits
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.notation import in_words

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
        moving = list(dict.fromkeys([*moving, *undecided(point, noise_of_digits(point))]))
        if not moving:
            return point, []
        before = point
    texts = in_words(graph)
    return point, [texts[k] for k in moving]


def _attempt(graph: Graph, given: Mapping[str, Graph], wrt: Sequence[str] | None, m: ExactDigits) -> Point:
    return Point(graph, {name: forward(c, m, {})[c.output] for name, c in given.items()}, wrt, m)


def _agree(a: Point, b: Point, k: int, digits: int) -> bool:
    return _same(a.values[k], b.values[k], b.m, digits) and _same(a.gradients[k], b.gradients[k], b.m, digits)


def _same(x: float | None, y: float | None, m: ExactDigits, digits: int) -> bool:
    if x is None or y is None or x == y or (x != x and y != y):
        return True
    return bool(abs(x - y) <= abs(y) * m.mp.mpf(10) ** -digits)
