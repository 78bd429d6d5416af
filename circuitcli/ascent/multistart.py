"""Ascents from many points; the best counts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent, climb
from circuitcli.ascent.ends import PUT_OFF
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import Problem, Vector
from circuitcli.ascent.stopping import Limits

DRAWN = 5  # points; the highest is a start, which solves twice as many of the hard problems
MOST_STARTS = 100_000  # each ascent is kept, in 2 kB, and takes some milliseconds
WIDER = 2.0  # times the spread, after each ascent that has found no other summit
WIDEST = 1e20  # the spread that this comes to; an input out there has run away
WIDE = 3  # of so many starts one is drawn from everywhere, and the others around the best summit
SHARED, EACH = 3, 100  # all starts together: so many times the steps of one, and so many more for each
BESIDE = 0.05  # of the size of an input: a start so near to a summit would only find it again
SAME = 1e-12  # of a gain: two values that differ by less are equal
APART = 1e-3  # of the size of an input: two summits


class Starts(NamedTuple):
    """The number of points to start from: the given one, and then others, drawn from the seed."""

    number: int = 1
    seed: int = 0
    spread: float = 1.0


class Progress(NamedTuple):
    """The ascents that have ended, and where the one that runs stands. If `over` none runs: the state is that of the
    last one that ended, if it came to a limit."""

    ended: list[Ascent]
    state: State | None
    over: bool = False


Watch = Callable[[Progress], None]


class _Places:
    """The places of further starts: all depends on the ascents that have ended, which are added one by one, and on the
    seed.

    Until two summits are known, each ascent that has found none but the known one, or a plateau, makes the next look
    twice as far.
    Then two of three look around the best summit, as far as the nearest other, as long as they find new ones.
    """

    def __init__(self, problem: Problem, starts: Starts, first: Ascent) -> None:
        self.problem, self.starts, self.first = problem, starts, first
        self.sizes = _sizes(problem, first)
        self.summits: list[Vector] = []
        self.top = first
        self.count = 0
        self.near = False  # whether the next one is drawn from around the best summit
        self.spread = starts.spread

    def add(self, run: Ascent) -> None:
        """Learn from an ascent that has ended."""
        self.count += 1
        lost = not self.summits and run.conditions is not None and not run.conditions.feasible
        wider = int(lost or (run.end.flat and len(self.summits) <= 1))
        old = True
        if run.success:
            self.top = best([self.top, run]) if self.summits else run
            known = any(self._apart(run.found.x, x) <= APART for x in self.summits)
            wider += known and len(self.summits) == 1
            old = known
            self.summits += [] if known else [run.found.x]
        self.near = len(self.summits) > 1 and bool(self.count % WIDE) and not (self.near and old)
        self.spread = min(self.spread * WIDER**wider, max(self.starts.spread, WIDEST))

    def _apart(self, x: Vector, y: Vector) -> float:
        """The distance of two points, by the sizes of the inputs."""
        return max(abs(u - v) / size for u, v, size in zip(x, y, self.sizes, strict=True))

    def next(self) -> Vector:
        """The highest of some points, of which nan counts as none."""
        import random

        draw = random.Random(f"{self.starts.seed} {self.count}")
        ends = self._ends()
        drawn = [[low + (high - low) * draw.random() for low, high in ends] for _ in range(DRAWN)]
        points = [*map(self.problem.inside, drawn)]
        values = [self.problem.value(point) for point in points]
        lacks = self._lacks(points)
        new = [self.near or all(self._apart(point, x) > BESIDE for x in self.summits) for point in points]

        def rank(i: int) -> tuple[bool, float, float]:
            return new[i], -lacks[i], values[i] if values[i] == values[i] else -math.inf

        return points[max(range(DRAWN), key=rank)]

    def _lacks(self, points: Sequence[Vector]) -> Vector:
        """The lack of all constraints at each point, each beside the most that it lacks at one of them."""
        found = [0.0] * len(points)
        for constraint in self.problem.constraints:
            apart = [constraint.difference.value(point) for point in points]
            lacks = [-min(c, 0.0) if constraint.rises else abs(c) for c in apart]
            most = max((lack for lack in lacks if math.isfinite(lack)), default=0.0) or 1.0
            found = [a + (b / most if math.isfinite(b) else 2.0) for a, b in zip(found, lacks, strict=True)]
        return found

    def _ends(self) -> list[tuple[float, float]]:
        """Between which ends each input is drawn."""
        if self.near:
            top = self.top.found.x
            near = min(d for x in self.summits if (d := self._apart(x, top)) > APART)
            return [(u - near * size, u + near * size) for u, size in zip(top, self.sizes, strict=True)]
        found = []
        for u, size, low, high in zip(self.first.start.x, self.sizes, *self.problem.bounds, strict=True):
            apart = self.spread * size
            found.append((u - apart if low == -math.inf else low, u + apart if high == math.inf else high))
        return found


def _sizes(problem: Problem, first: Ascent) -> Vector:
    """The size of each input, as the first ascent tells it: as it was given, how far it went, or the change that its
    curvature there says would change the value by its own size; within two bounds half their distance."""
    from circuitcli.ascent.model import model_of
    from circuitcli.ascent.own_scales import own_scales
    from circuitcli.engine.floats import EPSILON

    start, here = first.start, first.found if first.success else first.start
    noise, model = problem.objective.noise(here.x), model_of(problem, here)
    found = [
        max(abs(u), scale) for u, scale in zip(start.x, own_scales(problem, start, here, noise, model), strict=True)
    ]
    if model is not None:
        for k, i in enumerate(model.free):
            if model.bend[k][k]:
                found[i] = max(found[i], math.sqrt(2.0 * noise / EPSILON) / model.measures[i])
    ends = [0.5 * (high - low) for low, high in zip(*problem.bounds, strict=True)]
    return [(half if half < math.inf else size) or 1.0 for half, size in zip(ends, found, strict=True)]


def steps_of_all(limits: Limits, starts: Starts) -> int:
    """The steps that all starts together may take. Methods that do not know where they end take all that they may, and
    many starts would go on for minutes; those that end well take far fewer."""
    return SHARED * limits.max_steps + EACH * starts.number


def climb_from_many(
    problem: Problem,
    choice: Choice,
    limits: Limits,
    x: Vector,
    starts: Starts,
    watch: Watch = lambda progress: None,
    every: bool = False,
    resumed: Progress | None = None,
) -> list[Ascent]:
    """Climb from all points, in order; the last ascent may have been interrupted. One that crawls is put off, and goes
    on at the end if it is the best. When the steps for all of them are taken, there are no further starts. `watch` sees
    every step, and the last progress that it saw can be `resumed`."""
    deadline = None if limits.max_time is None else time.monotonic() + limits.max_time
    ended: list[Ascent] = []
    places: _Places | None = None
    rival = -math.inf
    left = steps_of_all(limits, starts)

    def learn(run: Ascent) -> None:
        nonlocal places, rival, left
        ended.append(run)
        left -= run.steps
        if starts.number > 1:
            places = places or _Places(problem, starts, run)
            places.add(run)
        rival = max(rival, run.found.value) if run.found.finite else rival

    for run in resumed.ended if resumed else []:
        learn(run)
    state = resumed.state if resumed else None
    while len(ended) <= starts.number:
        if starts.number > 1 and limits.steps is None:
            if left <= 0:
                break
            limits = limits._replace(max_steps=min(limits.max_steps, left))
        beside = 1 < starts.number > len(ended) and choice.method.step is None and choice.batches is None
        if len(ended) == starts.number:
            if best(ended).status != PUT_OFF:
                break
            point = best(ended).found.x
        elif state is not None:
            point = state.start.x
        else:
            point = places.next() if places else x
        seen = lambda s: watch(Progress(ended, s))  # noqa: E731
        if choice.method.constrained:
            from circuitcli.ascent.constrained.attempts import climb_within

            run = climb_within(problem, choice, limits, point, seen, state, deadline, beside)
        else:
            run = climb(problem, choice, limits, point, seen, every, state, deadline, rival if beside else None)
        state = None
        learn(run)
        if run.interrupted:  # perhaps in the midst of a step: what was seen last stands
            break
        watch(Progress(ended, run.state if run.end.resumable else None, over=True))
        if run.end.last:
            break
    return ended


def best(runs: Sequence[Ascent]) -> Ascent:
    """The ascent that found the largest value, by validation where there is one; of equals a success, then the first.
    A success is equal where what it lacks is nothing beside the gain from the first start."""
    finite = [run for run in runs if run.found.finite] or runs
    top = max(finite, key=lambda run: (run.merit, run.success))
    if top.success or not math.isfinite(runs[0].start.value):
        return top
    told = SAME * (top.merit - runs[0].start.value)
    equal = [run for run in finite if run.success and top.merit - run.merit <= told]
    return max(equal, key=lambda run: run.merit, default=top)
