"""Digits of a value and its gradients that float64 lost, where parts of them cancelled: found again in more digits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from circuitcli.analysis.point import Point
from circuitcli.analysis.running_error import running_errors
from circuitcli.analysis.undecided import noise_of_digits, undecided
from circuitcli.engine.floats import FLOATS, HUGE, LEAST, TINY, UNIT
from circuitcli.engine.passes import contributions
from circuitcli.gates import GATES
from circuitcli.held_gates import HeldGate

if TYPE_CHECKING:
    from circuitcli.analysis.unbounded import Boundless
    from circuitcli.carried import Real

GOOD = 1e-10  # relative: to so much the ten digits of a table are right
NODES = 2_000  # of a circuit in which the bounds take no time that anybody sees
ATTEMPTS = (40, 700, 720)  # digits: with more of them some special functions take seconds
SEEN = 2.0**-800  # by which even a number that left the range of floats is moved, lest its effect leave it, too
ROUNDING = 4.0 * UNIT  # relative, of a rule


class LostDigits(NamedTuple):
    """The value, if it is another than float64 has; the gradients that are, by their nodes; and the nodes of those that
    are not 0, but below the range of floats.

    In `hanging` are gradients, and if the output is among them the value, that hang on the rounding of the inputs:
    such a gradient is that of the inputs as floats. Where rounding put a node on another piece, as of `max`, it is the
    first of `moved`, and nothing else is known.
    """

    value: Real | None = None
    gradients: Mapping[int, float] = {}
    underflowed: Sequence[int] = ()
    moved: Sequence[int] = ()
    hanging: Sequence[int] = ()


NONE = LostDigits()


def lost_digits(point: Point) -> LostDigits:
    """Bound the rounding of both passes at a point, and run them again in more digits where it may be felt."""
    if point.m is not FLOATS or len(point.graph.nodes) > NODES or None in point.values or point.came_in():
        return NONE
    if any(isinstance(node.gate, HeldGate) and node.gate.kind == "integral" for node in point.graph.nodes):
        return NONE  # an integral takes minutes in so many digits
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
    """Run both passes in more digits, and compare; and once more with inputs and constants as the decimals that they
    are written as: what is another number then, hangs on their rounding."""
    graph, value, output = point.graph, point.value, point.graph.output
    from circuitcli.analysis.more_digits import settled
    from circuitcli.analysis.unbounded import AsWritten

    there = point

    def attempt(m: Boundless) -> dict[int | None, Real]:
        nonlocal there
        there = _again(point, m, [m.number(x) for x in point.inputs.values()])
        return _numbers(there, suspects)

    exact = settled(attempt, ATTEMPTS)
    right = exact.pop(None)
    found = {k: x for k, x in exact.items() if k is not None and _is_another(x, point.gradients[k])}
    is_lost = _is_another(right, value)
    moved = [k for k in range(len(graph.nodes)) if _is_moved(point, there, k)]
    if not (found or is_lost or moved):
        return NONE
    m = AsWritten(ATTEMPTS[-1])
    beside = _again(point, m, [m.mp.mpf(repr(x)) for x in point.inputs.values()])
    written = _numbers(beside, suspects)
    firm = {k for k, x in found.items() if _are_one(x, written[k], point.gradients[k])}
    # An overflow has a note of its own.
    is_told = is_lost and abs(right) <= HUGE and (math.isfinite(value) or not point.has_value)
    is_firm = not moved and _are_one(right, written[None], value)
    hanging = [k for k in found if k not in firm] + [output] * (is_told and not is_firm)
    if moved:
        ties = undecided(there, noise_of_digits(there))  # which no number of digits tells
        moved = [k for k in moved if not _is_moved(there, beside, k)]
        return NONE if ties else LostDigits(moved=moved, hanging=[] if moved else hanging)
    return LostDigits(
        right if is_told and is_firm else None,
        {k: float(x) for k, x in found.items() if math.isfinite(point.gradients[k]) and float(x) != point.gradients[k]},
        [k for k, x in found.items() if 0.0 < abs(x) < TINY],
        hanging=hanging,
    )


def _again(point: Point, m: Boundless, inputs: Sequence[Real]) -> Point:
    """The point in another arithmetic."""
    return Point(point.graph, dict(zip(point.inputs, inputs, strict=True)), point.wrt, m)


def _numbers(point: Point, suspects: Collection[int]) -> dict[int | None, Real]:
    """The suspected gradients by their nodes, and under None the value."""
    return {None: point.value, **{k: point.gradients[k] for k in suspects}}


def _are_one(exact: Real, written: Real, number: float) -> bool:
    """Whether two readings of the inputs give the same number; if that is 0, beside the number that floats have."""
    return bool(abs(exact - written) <= GOOD * abs(exact) or (exact == 0.0 and abs(written) <= 1e-300 * abs(number)))


def _is_moved(point: Point, other: Point, k: int) -> bool:
    """Whether a node stands on another smooth piece of its gate in another arithmetic, and rounding decides it: its
    numbers are finite, and a whole number is another in its first digits, too."""
    node = point.graph.nodes[k]
    places = [(at.m, at.values[k], [at.values[a] for a in node.args]) for at in (point, other)]
    if not node.args or not all(m.isfinite(x) for m, o, xs in places for x in (o, *xs)):
        return False
    here, there = (GATES[node.gate].piece_at(m, o, *xs) for m, o, xs in places)
    return here != there and not (_is_number(here) and _is_number(there) and abs(here - there) <= GOOD * abs(there))


def _is_number(piece: object) -> TypeGuard[Real]:
    return not isinstance(piece, (bool, tuple, type(None)))


def restored(point: Point) -> LostDigits:
    """Give a point the gradients that it lost, and return all that was."""
    lost = lost_digits(point)
    for k, slope in lost.gradients.items():
        point.gradients[k] = slope
    point.restored = lost.gradients
    point.underflowed = [*point.underflowed, *lost.underflowed]
    return lost


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
