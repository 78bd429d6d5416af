"""L-BFGS (Nocedal 1980; Liu & Nocedal 1989), with bounds by projection, and a scale for each input, so that their units
do not matter (Gilbert & Lemaréchal 1989)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.line_search import SearchLine
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.model import model_of
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector, dot

HISTORY = 40
BLIND = 5  # steps whose gain rounding hides, without a smaller promise, after which there is no better point
FLAT = 1e-16  # curvature, relative, below which a pair of changes says nothing

Pair = tuple[Vector, Vector]


class Curvature(NamedTuple):
    """The memory of the last steps: their changes of x and of -g, for each input its change for a slope of 1, how many
    steps had a gain that rounding hides since the promise last fell, and the smallest promise so far."""

    pairs: Sequence[Pair] = ()
    room: Sequence[float] = ()
    blind: int = 0
    least: float = math.inf


def lbfgs(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take the steps of Newton's method with the curvature that the last steps showed, among the inputs that no bound
    holds."""
    known, room, blind, least = memory if isinstance(memory, Curvature) else Curvature()
    pairs, room = list(known), room or _room(problem, here)
    line = _line(problem, here, pairs, room)
    while True:
        if line.slope == 0.0:
            return 0.0
        found = line.search(1.0)
        if found is None or (found[1] and blind >= BLIND):
            promise = line.promise
            if pairs:  # the curvature may mislead: the steepest way has the last word
                pairs.clear()
                room = _room(problem, here)
                line = _line(problem, here, pairs, room)
                found = line.search(1.0)
            if found is None or found[1]:
                return max(promise, line.promise)
            blind = 0
        there, hidden = found
        change = [v - u for u, v in zip(here.x, there.x)]  # noqa: B905
        bend = [a - b for a, b in zip(here.gradient, there.gradient)]  # noqa: B905
        if line.endless:
            pairs.clear()
        sizes = sum(abs(u * v) for u, v in zip(change, bend))  # noqa: B905
        if dot(change, bend) > FLAT * sizes:
            pairs.append((change, bend))
            del pairs[:-HISTORY]
            room = _learned(room, change, bend)
        elif line.endless:
            room = [2.0 * r for r in room]
        line = _line(problem, there, pairs, room)
        if line.promise < least:
            least, blind = line.promise, 0
        elif hidden:
            blind += 1
        here = visit(Move(there, Curvature(tuple(pairs), tuple(room), blind, least), line.promise))


LBFGS = Method("lbfgs", f"a quasi-Newton method that remembers {HISTORY} steps", lbfgs, Curvature)


def _room(problem: Problem, here: Position) -> Vector:
    """For each input its change for a slope of 1: by its curvature, or where there are too many inputs, the change that
    would add to the value, as it rises, its share of its own size."""
    if (model := model_of(problem, here)) is not None:
        return [1.0 / m / m for m in model.measures]
    size = max(abs(here.value), problem.objective.noise(here.x)) / len(here.x)
    slopes = zip(here.x, here.gradient, strict=True)
    return [(size / g / g or abs(u / g)) if g else 0.0 for u, g in slopes]


def _learned(room: Sequence[float], change: Vector, bend: Vector) -> Vector:
    """The diagonal of the inverse of the curvature that a step showed, by the update of BFGS."""
    bent = dot(change, bend)
    along = sum(y * y * r for y, r in zip(bend, room, strict=True)) / bent
    moved = sum(s * s / r for s, r in zip(change, room, strict=True) if r)
    found = []
    for s, y, r in zip(change, bend, room, strict=True):
        own = along / r * (1.0 - s / r * s / moved) if r and moved else 0.0
        curvature = own + y * y / bent
        found.append(1.0 / curvature if curvature > 0.0 else r)
    return found if all(map(math.isfinite, found)) else list(room)


def _line(problem: Problem, here: Position, pairs: Sequence[Pair], room: Sequence[float]) -> SearchLine:
    """The line towards the top of the model."""
    uphill = problem.uphill(here)
    free = [g != 0.0 or not problem.bounded for g in uphill]
    direction = _two_loops(uphill, pairs, free, room)
    slope = dot(direction, uphill)
    if not 0.0 < slope < math.inf or not all(map(math.isfinite, direction)):
        direction = [r * g for r, g in zip(room, uphill, strict=True)]
        slope = dot(direction, uphill)
    return SearchLine(problem, here, direction, slope)


def _two_loops(gradient: Vector, pairs: Sequence[Pair], free: Sequence[bool], room: Sequence[float]) -> Vector:
    """The gradient times the inverse of minus the Hessian, as the pairs tell it, and without them the room."""
    if not all(free):
        pairs = [([s if f else 0.0 for s, f in zip(change, free, strict=True)], bend) for change, bend in pairs]
        pairs = [(change, [y if f else 0.0 for y, f in zip(bend, free, strict=True)]) for change, bend in pairs]
    curved = [(s, y, r) for s, y in pairs if (r := dot(s, y)) > 0.0 and dot(y, y) > 0.0]
    found, shares = list(gradient), []
    for s, y, r in reversed(curved):
        share = dot(s, found) / r
        shares.append(share)
        found = [q - share * w for q, w in zip(found, y)]  # noqa: B905
    found = [q * r for q, r in zip(found, room)]  # noqa: B905
    for (s, y, r), share in zip(curved, reversed(shares)):  # noqa: B905
        back = share - dot(y, found) / r
        found = [q + back * w for q, w in zip(found, s)]  # noqa: B905
    return found
