"""Ascents from many points; the best counts."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent, climb
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import Problem, Vector
from circuitcli.ascent.stopping import Limits

DRAWN = 5  # points; the highest is a start, which solves twice as many of the hard problems


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


def candidates(problem: Problem, x: Vector, starts: Starts) -> Iterator[list[Vector]]:
    """For each start the points that it may begin with: the given one; then some that are uniform within the bounds, or
    where there is none, within `spread` times the given input, which counts as 1 at least."""
    yield [problem.inside(x)]
    draw = random.Random(starts.seed)
    ends = []
    for u, low, high in zip(x, *problem.bounds, strict=True):
        apart = starts.spread * max(1.0, abs(u))
        ends.append((u - apart if low == -math.inf else low, u + apart if high == math.inf else high))
    for _ in range(starts.number - 1):
        yield [problem.inside([low + (high - low) * draw.random() for low, high in ends]) for _ in range(DRAWN)]


def _highest(problem: Problem, points: list[Vector]) -> Vector:
    """The point with the largest value; nan counts as none."""
    if len(points) == 1:
        return points[0]
    values = [problem.value(point) for point in points]
    return points[max(range(len(points)), key=lambda i: values[i] if values[i] == values[i] else -math.inf)]


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
    """Climb from all points, in order; the last ascent may have been interrupted. `watch` sees every step, and the last
    progress that it saw can be `resumed`."""
    deadline = None if limits.max_time is None else time.monotonic() + limits.max_time
    ended = list(resumed.ended) if resumed else []
    state = resumed.state if resumed else None
    for i, drawn in enumerate(candidates(problem, x, starts)):
        if i < len(ended):
            continue
        point = _highest(problem, drawn) if state is None else state.start.x
        run = climb(problem, choice, limits, point, lambda s: watch(Progress(ended, s)), every, state, deadline)
        state = None
        ended.append(run)
        if run.interrupted:  # perhaps in the midst of a step: what was seen last stands
            break
        watch(Progress(ended, run.state if run.end.resumable else None, over=True))
        if run.end.last:
            break
    return ended


def best(runs: Sequence[Ascent]) -> Ascent:
    """The ascent that found the largest value; of equals a success, then the first."""
    finite = [run for run in runs if run.found.finite] or runs
    return max(finite, key=lambda run: (run.found.value, run.success))
