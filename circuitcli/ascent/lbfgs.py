"""L-BFGS (Nocedal 1980; Liu & Nocedal 1989), with bounds by projection, and a scale for each input, so that their units
do not matter (Gilbert & Lemaréchal 1989)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.curvature_pairs import HISTORY, Pair, pairs_of
from circuitcli.ascent.line_search import SearchLine
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.model import model_of
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector
from circuitcli.ascent.vectors import vectors_for

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
    way = _Way(problem, here, known, room)
    line = way.line(here)
    while True:
        if line.slope == 0.0:
            return 0.0
        found = line.search(1.0)
        if found is None or (found[1] and blind >= BLIND):
            promise = line.promise
            if way.pairs.kept:  # the curvature may mislead: the steepest way has the last word
                way.forget(here)
                line = way.line(here)
                found = line.search(1.0)
            if found is None or found[1]:
                return max(promise, line.promise)
            blind = 0
        there, hidden = found
        way.learn(here, there, line.endless)
        line = way.line(there)
        if line.promise < least:
            least, blind = line.promise, 0
        elif hidden:
            blind += 1
        here = visit(Move(there, way.memory(blind, least), line.promise))


ROWS = (Method("lbfgs", f"a quasi-Newton method that remembers {HISTORY} steps", lbfgs, Curvature),)


def _room(problem: Problem, here: Position) -> Vector:
    """For each input its change for a slope of 1: by its curvature, or where there are too many inputs, the change that
    would add to the value, as it rises, its share of its own size."""
    if (model := model_of(problem, here)) is not None:
        return [1.0 / m / m for m in model.measures]
    size = max(abs(here.value), problem.objective.noise(here.x)) / len(here.x)
    slopes = zip(here.x, here.gradient, strict=True)
    return [(size / g / g or abs(u / g)) if g else 0.0 for u, g in slopes]


class _Way:
    """The curvature that the steps have shown, and the lines on from it."""

    def __init__(self, problem: Problem, here: Position, known: Sequence[Pair], room: Sequence[float]) -> None:
        self.problem = problem
        self.vectors = vectors_for(len(here.x))
        self.pairs = pairs_of(known, self.vectors)
        self.room = self.vectors.of(room or _room(problem, here))

    def forget(self, here: Position) -> None:
        """Begin anew."""
        self.pairs.clear()
        self.room = self.vectors.of(_room(self.problem, here))

    def learn(self, here: Position, there: Position, endless: bool) -> None:
        """Keep what a step has shown; without a top in sight what was before says nothing."""
        v = self.vectors
        change = v.less(v.of(there.x), v.of(here.x))
        bend = v.less(v.of(here.gradient), v.of(there.gradient))
        if endless:
            self.pairs.clear()
        if v.dot(change, bend) > FLAT * v.size(change, bend):
            self.pairs.add(change, bend)
            self.room = self.pairs.learned(self.room)
        elif endless:
            self.room = v.moved(self.room, 1.0, self.room)

    def line(self, here: Position) -> SearchLine:
        """The line towards the top of the model."""
        v, problem = self.vectors, self.problem
        uphill = problem.uphill(here)
        free = [g != 0.0 for g in uphill] if problem.bounded else ()
        gradient = v.of(uphill)
        direction = self.pairs.direction(gradient, free, self.room)
        slope = v.dot(direction, gradient)
        if not 0.0 < slope < math.inf or not v.finite(direction):
            direction = v.times(self.room, gradient)
            slope = v.dot(direction, gradient)
        return SearchLine(problem, here, direction, slope, v)

    def memory(self, blind: int, least: float) -> Curvature:
        """All that the next steps depend on."""
        return Curvature(tuple(self.pairs.kept), tuple(self.vectors.numbers(self.room)), blind, least)
