"""A root from a start: several ways in turn, and then from other places around; what is certain of its end."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from circuitcli.ascent.problem import Vector, dot
from circuitcli.engine.floats import UNIT
from circuitcli.solving.natural_newton import full_newton, newton
from circuitcli.solving.region import walk
from circuitcli.solving.root_polish import excess, polished
from circuitcli.solving.system import Place, System

STEPS = 250  # of one way
AROUND = 10  # other places, where no way leads to a root
NEAR, SMALL = 1.0, 0.3  # of a size: how far around they are, at least
NOISES = 4.0  # that rounding may be off by
FULL = 100  # steps of Newton's way without care
MET = 1e-6  # in the size of an equation: near enough to a root for the last steps


class Limits(NamedTuple):
    """The length of a search: the steps of all ways, and the end of the monotonic clock."""

    steps: int = 20_000
    deadline: float = math.inf


class Solution(NamedTuple):
    """The place where it ended, and whether that is a root; what rounding may leave of the differences there; the
    steps, the starts, and why it stopped before its end."""

    place: Place
    found: bool
    limits: Vector
    steps: int
    starts: int
    over: str = ""


class _OverError(Exception):
    pass


class Search:
    """The search for one root of a system. `watch` is shown the steps and where they stand; `is_there` has the last
    word on a place where the equations hold, in their limits."""

    def __init__(
        self,
        system: System,
        limits: Limits,
        watch: Callable[[int, Place], None],
        is_there: Callable[[Place, Vector], bool] = lambda place, limits: True,
    ) -> None:
        self._system, self._limits, self._watch, self._is_there = system, limits, watch, is_there
        self._steps = 0
        self._origin: Vector = []  # the start of the way
        self._last: Place | None = None

    def run(self, x: Vector, starts: int, seed: int, around: int = AROUND) -> Solution:
        """Look from a start, and from so many more; where nobody says more than one, from some `around`."""
        best: Place | None = None
        over, tried = "", 0
        try:
            for start in self._starts(x, starts if starts > 1 else 1 + around, seed):
                tried, self._origin = tried + 1, start.x
                for way in self._ways(start):
                    end = self.settled(way)
                    if end.finite and (best is None or dot(end.apart, end.apart) < dot(best.apart, best.apart)):
                        best = end
                    if self.is_root(end) and self._is_there(end, self.limits(end)):
                        return self._solution(end, True, tried, "")
        except _OverError as end:
            over = str(end)
        except KeyboardInterrupt:
            over = "stopped by hand"
        place = best or self._last or self._system.at(x)
        return self._solution(place, False, tried, over)

    def _starts(self, x: Vector, count: int, seed: int) -> Iterator[Place]:
        """The start, and others that are drawn around it."""
        yield self._system.at(self._system.inside(x))
        draw = random.Random(f"{seed} root")
        sizes = [abs(u) or 1.0 for u in x]
        for _ in range(count - 1):
            there = [u + size * (NEAR * draw.uniform(-1.0, 1.0)) for u, size in zip(x, sizes, strict=True)]
            there = [u + SMALL * size * draw.uniform(-1.0, 1.0) for u, size in zip(there, sizes, strict=True)]
            yield self._system.at(self._system.inside(there))

    def _ways(self, start: Place) -> Iterator[Place]:
        """The ends of the ways from a start."""
        if not start.finite:
            return
        even = [1.0] * len(start.apart)
        yield walk(self._system, start, even, STEPS, self._see).place
        weights = [1.0 / size if size else 1.0 for size in self._reach(start)]
        if weights != even:
            yield walk(self._system, start, weights, STEPS, self._see).place
        if len(start.apart) == len(start.x):
            yield newton(self._system, start, STEPS, self._see).place
            yield full_newton(self._system, start, FULL, self._see).place

    def _see(self, place: Place) -> None:
        self._steps += 1
        self._last = place
        self._watch(self._steps, place)
        if self._steps >= self._limits.steps:
            raise _OverError(f"{self._steps:,} steps were not enough")
        if time.monotonic() >= self._limits.deadline:
            raise _OverError("the time is over")

    def _sizes(self, place: Place) -> Vector:
        """The size of each unknown: its own, or the way that it went."""
        origin = self._origin or place.x
        return [max(abs(u), abs(u - v)) or 1.0 for u, v in zip(place.x, origin, strict=True)]

    def _reach(self, place: Place) -> Vector:
        """The size of each equation: the most that an unknown in its size has to do with it."""
        sizes = self._sizes(place)
        return [max((abs(g) * size for g, size in zip(row, sizes, strict=True)), default=0.0) for row in place.rows]

    def _off(self, place: Place) -> float:
        """The distance of a place from a root, in sizes of the equations."""
        if not place.finite:
            return math.inf
        sizes = [max(size, abs(c)) or 1.0 for size, c in zip(self._reach(place), place.apart, strict=True)]
        return max(abs(c) / size for c, size in zip(place.apart, sizes, strict=True))

    def limits(self, place: Place) -> Vector:
        """The most that rounding may leave of each difference at a root, that of the unknowns among it."""
        noise = self._system.noise(place.x)
        moves = [sum(abs(g * u) for g, u in zip(row, place.x, strict=True)) for row in place.rows]
        return [NOISES * (n + UNIT * move) for n, move in zip(noise, moves, strict=True)]

    def settled(self, place: Place) -> Place:
        """The end of the last steps from a place that is near a root; elsewhere the place itself."""
        if len(place.apart) != len(place.x) or not self._off(place) <= MET:
            return place
        return polished(self._system, place, self._sizes(place), self.limits)

    def is_root(self, place: Place) -> bool:
        """Whether no equation leaves more than rounding does."""
        return place.finite and excess(place, self.limits(place)) <= 1.0

    def _solution(self, place: Place, found: bool, tried: int, over: str) -> Solution:
        limits = self.limits(place) if place.finite else [math.nan] * len(place.apart)
        return Solution(place, found, limits, self._steps, tried, over)
