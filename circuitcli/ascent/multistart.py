"""Ascents from many points, of which the best counts."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent, State, climb
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.point_objective import Vector
from circuitcli.ascent.problem import Problem
from circuitcli.ascent.stopping import MORE, Limits

DRAWN = 5  # points, of which the highest is a start: twice as many of the hard problems are solved by it


class Starts(NamedTuple):
    """How many points to start from: the given one, and then others, drawn from the seed."""

    number: int = 1
    seed: int = 0
    spread: float = 1.0


class Progress(NamedTuple):
    """The ascents that have ended, and where the one that runs stands, or where `over` the last of those that ended,
    which came to a limit."""

    ended: list[Ascent]
    state: State | None
    over: bool = False


Watch = Callable[[Progress], None]


def candidates(problem: Problem, x: Vector, starts: Starts) -> Iterator[list[Vector]]:
    """For each start the points that it may begin with: the given one; then some that are uniform within the bounds, or
    where there is none, within `spread` times its size of each input that is given, and at least that of 1."""
    yield [problem.inside(x)]
    draw = random.Random(starts.seed)
    ends = []
    for u, low, high in zip(x, *problem.bounds, strict=True):
        apart = starts.spread * max(1.0, abs(u))
        ends.append((u - apart if low == -math.inf else low, u + apart if high == math.inf else high))
    for _ in range(starts.number - 1):
        yield [problem.inside([low + (high - low) * draw.random() for low, high in ends]) for _ in range(DRAWN)]


def _highest(problem: Problem, points: list[Vector]) -> Vector:
    """The point with the largest value, nan being none."""
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
    """The ascents from all points, in order; the last one may have been interrupted. `watch` sees every step; what it
    saw last can be `resumed`."""
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
        if run.status == "interrupted":  # perhaps in the midst of a step: what was seen last stands
            break
        watch(Progress(ended, run.state if run.status in MORE else None, over=True))
        if run.status in ("target", "max_evaluations", "max_time"):
            break
    return ended


def best(runs: Sequence[Ascent]) -> Ascent:
    """The one that found the largest value; of equals the first, a success before others."""
    finite = [run for run in runs if run.found.finite] or runs
    return max(finite, key=lambda run: (run.found.value, run.success))
