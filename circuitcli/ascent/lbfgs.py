"""L-BFGS (Nocedal 1980; Liu & Nocedal 1989), with bounds by projection, and a scale for each input, so that their units
do not matter (Gilbert & Lemaréchal 1989)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from circuitcli.ascent.curvature_pairs import HISTORY, Pair, Pairs, pairs_of
from circuitcli.ascent.line_search import SearchLine
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.model import model_of
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector, dot

BLIND = 5  # steps whose gain rounding hides, without a smaller promise, after which there is no better point
FLAT = 1e-16  # curvature, relative, below which a pair of changes says nothing


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
    pairs, room = pairs_of(known, len(here.x)), room or _room(problem, here)
    line = _line(problem, here, pairs, room)
    while True:
        if line.slope == 0.0:
            return 0.0
        found = line.search(1.0)
        if found is None or (found[1] and blind >= BLIND):
            promise = line.promise
            if pairs.kept:  # the curvature may mislead: the steepest way has the last word
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
        sizes = sum(map(abs, map(mul, change, bend)))
        if dot(change, bend) > FLAT * sizes:
            pairs.add(change, bend)
            room = pairs.learned(room)
        elif line.endless:
            room = [2.0 * r for r in room]
        line = _line(problem, there, pairs, room)
        if line.promise < least:
            least, blind = line.promise, 0
        elif hidden:
            blind += 1
        here = visit(Move(there, Curvature(tuple(pairs.kept), tuple(room), blind, least), line.promise))


ROWS = (Method("lbfgs", f"a quasi-Newton method that remembers {HISTORY} steps", lbfgs, Curvature),)


def _room(problem: Problem, here: Position) -> Vector:
    """For each input its change for a slope of 1: by its curvature, or where there are too many inputs, the change that
    would add to the value, as it rises, its share of its own size."""
    if (model := model_of(problem, here)) is not None:
        return [1.0 / m / m for m in model.measures]
    size = max(abs(here.value), problem.objective.noise(here.x)) / len(here.x)
    slopes = zip(here.x, here.gradient, strict=True)
    return [(size / g / g or abs(u / g)) if g else 0.0 for u, g in slopes]


def _line(problem: Problem, here: Position, pairs: Pairs, room: Sequence[float]) -> SearchLine:
    """The line towards the top of the model."""
    uphill = problem.uphill(here)
    free = [g != 0.0 or not problem.bounded for g in uphill]
    direction = pairs.direction(uphill, free, room)
    slope = dot(direction, uphill)
    if not 0.0 < slope < math.inf or not all(map(math.isfinite, direction)):
        direction = [r * g for r, g in zip(room, uphill, strict=True)]
        slope = dot(direction, uphill)
    return SearchLine(problem, here, direction, slope)
