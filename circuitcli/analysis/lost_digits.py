"""Digits of a value and its gradients that float64 lost, where parts of them cancelled: found again in more digits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.analysis.running_error import running_errors
from circuitcli.analysis.undecided import noise_of_digits, undecided
from circuitcli.engine.floats import FLOATS, HUGE, LEAST, TINY, UNIT
from circuitcli.engine.passes import contributions
from circuitcli.gates import GATES

if TYPE_CHECKING:
    from circuitcli.analysis.unbounded import Boundless
    from circuitcli.carried import Real

GOOD = 1e-10  # relative: to so much the ten digits of a table are right
NODES = 2_000  # of a circuit in which the search takes no time that anybody sees
ATTEMPTS = (40, 700, 720)  # digits: with more of them some special functions take seconds
SEEN = 2.0**-800  # by which even a number that left the range of floats is moved, lest its effect leave it, too
ROUNDING = 4.0 * UNIT  # relative, of a rule


class LostDigits(NamedTuple):
    """The value, if it is another than float64 has; the gradients that are, by their nodes; and the nodes of those that
    are not 0, but below the range of floats. Where rounding put a node on another piece, as of `max`, it is the first
    of `moved`, and nothing else is known."""

    value: Real | None = None
    gradients: Mapping[int, float] = {}
    underflowed: Sequence[int] = ()
    moved: Sequence[int] = ()


NONE = LostDigits()


def lost_digits(point: Point) -> LostDigits:
    """Bound the rounding of both passes at a point, and run them again in more digits where it may be felt."""
    if point.m is not FLOATS or len(point.graph.nodes) > NODES or None in point.values or point.came_in():
        return NONE
    errors = running_errors(point.graph, point.values)
    edges = undecided(point, errors)
    suspects = _suspects(point, errors, bool(edges))
    return _found_again(point, suspects) if suspects or edges or _is_felt(point, errors) else NONE


def _suspects(point: Point, errors: Sequence[float], on_edge: bool) -> set[int]:
    """The nodes whose gradient is asked for and may have lost digits."""
    wanted = {k for k in point.wanted if point.gradients[k] is not None}
    if not wanted or point.beyond or on_edge:
        return wanted
    slopes = _slope_errors(point, errors)
    return {k for k in wanted if not slopes.get(k, 0.0) <= GOOD * abs(point.gradients[k]) < math.inf}


def _is_felt(point: Point, errors: Sequence[float]) -> bool:
    """Whether the value may have lost digits; one that is not finite, if any on the way has."""
    if math.isfinite(point.value):
        return not errors[point.graph.output] <= GOOD * abs(point.value)
    return any(not e <= GOOD * abs(x) for e, x in zip(errors, point.values, strict=True) if math.isfinite(x))


def _found_again(point: Point, suspects: Collection[int]) -> LostDigits:
    """Run both passes in more digits, and compare."""
    from circuitcli.analysis.more_digits import settled

    graph, again = point.graph, point

    def attempt(m: Boundless) -> dict[int, Real]:
        nonlocal again
        again = Point(graph, {name: m.number(x) for name, x in point.inputs.items()}, point.wrt, m)
        return {graph.output: again.value, **{~k: again.gradients[k] for k in suspects}}

    exact = settled(attempt, ATTEMPTS)
    if moved := [k for k, node in enumerate(graph.nodes) if node.args and _piece(point, k) != _piece(again, k)]:
        ties = undecided(again, noise_of_digits(again))  # that no number of digits tells
        return LostDigits(moved=() if ties else moved)
    value = exact[graph.output]
    # An overflow has a note of its own.
    is_told = abs(value) <= HUGE and (math.isfinite(point.value) or not point.has_value)
    lost = {k: exact[~k] for k in suspects if _is_another(exact[~k], point.gradients[k])}
    return LostDigits(
        value if is_told and _is_another(value, point.value) else None,
        {k: float(x) for k, x in lost.items() if float(x) != point.gradients[k]},
        [k for k, x in lost.items() if 0.0 < abs(x) < TINY],
    )


def restored(point: Point) -> LostDigits:
    """Give a point the gradients that it lost, and return all that was."""
    lost = lost_digits(point)
    for k, slope in lost.gradients.items():
        point.gradients[k] = slope
    point.underflowed = [*point.underflowed, *lost.underflowed]
    return lost


def _piece(point: Point, k: int) -> object:
    node = point.graph.nodes[k]
    return GATES[node.gate].piece_at(point.m, point.values[k], *[point.values[a] for a in node.args])


def _is_another(exact: Real, number: float) -> bool:
    """Whether a number has other digits than its float, which near 0 has few."""
    return bool(abs(exact) < math.inf and not abs(exact - number) <= GOOD * abs(exact) + (LEAST if number else 0.0))


def _slope_errors(point: Point, errors: Sequence[float]) -> dict[int, float]:
    """Bound the distance of each gradient from that of the exact circuit, to first order: its own rounding, that of
    the gradient it comes from, and what the rounding of values makes of its local slope."""
    graph, values, found = point.graph, [*point.values], {point.graph.output: 0.0}
    for k in range(graph.output, -1, -1):
        g, node = point.gradients[k], graph.nodes[k]
        if g is None or k not in found or not node.args:
            continue
        slopes = _slopes(point, values, k)
        for i, slope in slopes:
            found[i] = found.get(i, 0.0) + abs(slope) * (found[k] + ROUNDING * abs(g))
        for a in {k, *node.args}:
            error = errors[a] + (UNIT * abs(values[a]) if GATES[node.gate].accuracy else 0.0)
            if error != 0.0:
                values[a] += max(error, SEEN)
                moved = _slopes(point, values, k)
                values[a] = point.values[a]
                same = len(moved) == len(slopes)  # else it stands at an edge of its domain
                for j, (i, slope) in enumerate(slopes):
                    found[i] += abs(g * (moved[j][1] - slope)) if same else math.inf
    return found


def _slopes(point: Point, values: Sequence[float], k: int) -> list[tuple[int, float]]:
    """The local slopes of a node by its arguments."""
    return [(i, slope) for i, slope, _ in contributions(point.graph, FLOATS, values, point.needed, k, 1.0)]
