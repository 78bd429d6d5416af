"""L-BFGS (Nocedal 1980; Liu & Nocedal 1989), with bounds by projection."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.line_search import SearchLine
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector, dot

HISTORY = 40
BLIND = 5  # steps whose gain rounding hides, without a smaller gradient, after which there is no better point
LEAST = 1e-8  # of an input: the first step of a search without a model
FLAT = 1e-16  # curvature, relative, below which a pair of changes says nothing

Pair = tuple[Vector, Vector]


class Curvature(NamedTuple):
    """The memory of the last steps: their changes of x and of -g, how far the last one went, how many had a gain that
    rounding hides since the slope last fell, and the smallest slope so far."""

    pairs: Sequence[Pair] = ()
    last: float = 0.0
    blind: int = 0
    least: float = math.inf


def lbfgs(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take the steps of Newton's method with the curvature that the last steps showed, among the inputs that no bound
    holds."""
    known, last, blind, least = memory if isinstance(memory, Curvature) else Curvature()
    pairs = list(known)
    line = _line(problem, here, pairs)
    while True:
        if line.slope == 0.0:
            return 0.0
        found = line.search(1.0 if pairs else _first(line, last))
        if found is None or (found[1] and blind >= BLIND):
            promise = line.promise
            if pairs:  # the curvature may mislead: steepest ascent has the last word
                pairs.clear()
                line = _line(problem, here, pairs)
                found = line.search(_first(line, last))
            if found is None or found[1]:
                return max(promise, line.promise)
            blind = 0
        there, hidden = found
        change = [v - u for u, v in zip(here.x, there.x)]  # noqa: B905
        bend = [a - b for a, b in zip(here.gradient, there.gradient)]  # noqa: B905
        last = max(map(abs, change))
        if line.endless:
            pairs.clear()
        if dot(change, bend) > FLAT * math.sqrt(dot(change, change) * dot(bend, bend)):
            pairs.append((change, bend))
            del pairs[:-HISTORY]
        if problem.slope(there) < least:
            least, blind = problem.slope(there), 0
        elif hidden:
            blind += 1
        line = _line(problem, there, pairs)
        reach = max(abs(d) / max(1.0, abs(u)) for d, u in zip(line.direction, there.x))  # noqa: B905
        here = visit(Move(there, Curvature(tuple(pairs), last, blind, least), line.promise, reach))


LBFGS = Method("lbfgs", f"a quasi-Newton method that remembers {HISTORY} steps", lbfgs, Curvature)


def _first(line: SearchLine, last: float) -> float:
    """The first distance to try without a model: one unit or twice the last step, but enough to move."""
    size = max(map(abs, line.direction))
    return max(min(1.0, 1.0 / size), 2.0 * last / size, LEAST * max(1.0, *map(abs, line.here.x)) / size)


def _line(problem: Problem, here: Position, pairs: Sequence[Pair]) -> SearchLine:
    """The line towards the top of the model."""
    uphill = problem.uphill(here)
    free = [g != 0.0 or not problem.bounded for g in uphill]
    direction = _two_loops(uphill, pairs, free)
    slope = dot(direction, uphill)
    if not 0.0 < slope < math.inf or not all(map(math.isfinite, direction)):
        direction, slope = uphill, dot(uphill, uphill)
    return SearchLine(problem, here, direction, slope)


def _two_loops(gradient: Vector, pairs: Sequence[Pair], free: Sequence[bool]) -> Vector:
    """The gradient times the inverse of minus the Hessian, as the pairs tell it."""
    if not all(free):
        pairs = [([s if f else 0.0 for s, f in zip(change, free, strict=True)], bend) for change, bend in pairs]
        pairs = [(change, [y if f else 0.0 for y, f in zip(bend, free, strict=True)]) for change, bend in pairs]
    curved = [(s, y, r) for s, y in pairs if (r := dot(s, y)) > 0.0 and dot(y, y) > 0.0]
    found, shares = list(gradient), []
    for s, y, r in reversed(curved):
        share = dot(s, found) / r
        shares.append(share)
        found = [q - share * w for q, w in zip(found, y)]  # noqa: B905
    if curved:
        _, y, r = curved[-1]
        scale = r / dot(y, y)
        found = [q * scale for q in found]
    for (s, y, r), share in zip(curved, reversed(shares)):  # noqa: B905
        back = share - dot(y, found) / r
        found = [q + back * w for q, w in zip(found, s)]  # noqa: B905
    return found
