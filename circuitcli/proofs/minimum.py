"""The smallest value of a circuit in a box, proven: branch and bound (Hansen & Walster 2004, chapter 12).

The part of the box with the lowest bound is cut, again and again. What is left out: parts in which no value is as small
as one that was met, parts beyond whose edge the value falls, and parts in which it bends downwards. Where it bends
upwards all over a part, that has a single bottom, and the slopes there bound it closely.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from heapq import heappop, heappush
from typing import NamedTuple, Protocol

from circuitcli.engine.interval import Interval, interval
from circuitcli.proofs.boxes import Box, Point, at, distances, halves, middle_of, together
from circuitcli.proofs.interval_newton import Matrix, inverse, is_positive, newton_step
from circuitcli.proofs.jets import ANYTHING, Jet, Jets

RELATIVE, NOISE = 1e-9, 4.0  # the gap that is closed: a part of the value, or so many times its own rounding
SHRUNK = 0.7  # of the width: a Newton step that leaves less is followed by another
SMALL = 1e-7  # of the width of the domain: a part so small tells where
FURTHER = 1_000  # parts, or as many as the proof took, to tell where
SWEEPS = 20  # of Newton's steps to the bottom of a part
ROUNDS = 30  # of looking at what is left of a box, before it is cut

Watch = Callable[[int, Interval], None]


class Slopes(Protocol):
    """A function with its jets."""

    def over(self, box: Box, /) -> Jet:
        """The value and the slopes."""


class Minimum(NamedTuple):
    """The bounds of the smallest value; the boxes that hold every point where it is taken; the point of the smallest
    value met, and the number of boxes that were looked at. `proven`: the bounds are as near to each other as they are
    asked to be."""

    value: Interval
    places: list[Box]
    point: Point
    boxes: int
    proven: bool
    interrupted: bool


class Part(NamedTuple):
    """A part of the domain that may hold the smallest value, its lowest bound, and the slopes in it. `single`: it holds
    one bottom, and is as narrow as floats make it."""

    bound: float
    box: Box
    slopes: list[Interval]
    single: bool = False


class Search:
    """The search for the smallest value within a `domain`. `descend` finds a lower point from one; `watch` is shown the
    number of boxes and the bounds; the `deadline` is one of the monotonic clock."""

    def __init__(
        self,
        jets: Jets,
        domain: Box,
        descend: Callable[[Point], Point],
        watch: Watch = lambda boxes, value: None,
        deadline: float = math.inf,
    ) -> None:
        self._jets, self._domain, self._descend, self._watch = jets, domain, descend, watch
        self._deadline = deadline
        self._names = jets.names
        self._boxes = 0
        self._point: Point = {}
        self._low, self._noise = math.inf, 0.0  # the smallest value met, rounded up, and the width of its bounds
        self._parts: list[tuple[float, int, Part]] = []  # that may be cut, a heap
        self._kept: list[Part] = []  # that need not, or cannot
        self._numbers = itertools.count()

    def run(
        self, start: Mapping[str, float], most: int, enough: Callable[[Interval], bool] = lambda value: False
    ) -> Minimum:
        """Search from a point on, in so many boxes at the most, or until the bounds are `enough`."""
        whole = Part(-math.inf, self._domain, [ANYTHING] * len(self._names))
        self._put(whole, self._by_bound)
        interrupted = False
        try:
            self._met(dict(start))
            self._look_at(whole, self._domain, self._by_bound)
            heappop(self._parts)
            while self._goes_on(most) and not self._is_closed() and not self._is_stuck():
                if enough(Interval(self._bound(), self._low)):
                    break
                self._branch(self._by_bound)
        except KeyboardInterrupt:
            interrupted = True
        value, proven = Interval(self._bound(), self._low), self._is_closed()
        if proven and not interrupted:
            with suppress(KeyboardInterrupt):
                self._locate(min(most, self._boxes + max(FURTHER, self._boxes)))
        left = [part.box for part in (*self._kept, *(part for _, _, part in self._parts)) if part.bound <= self._low]
        return Minimum(value, together(left), self._point, self._boxes, proven, interrupted)

    def _bound(self) -> float:
        """The least value that is possible; the parts are a heap by it."""
        return min(self._low, self._next(), *(part.bound for part in self._kept))

    def _is_closed(self) -> bool:
        """Whether the bounds are near, or lie in a part that rounding alone keeps from being narrower."""
        bound = self._bound()
        gap = self._low - bound
        if not gap < math.inf:
            return False
        if gap <= max(RELATIVE * abs(self._low), NOISE * self._noise):
            return True
        narrow = min((part.bound for part in self._kept if part.single), default=math.inf)
        return narrow <= self._next() and narrow == bound

    def _is_stuck(self) -> bool:
        """Whether the least bound is that of a part which cannot be cut."""
        return self._bound() < min(self._next(), self._low)

    def _next(self) -> float:
        """The least bound of the parts that may be cut."""
        return self._parts[0][0] if self._parts else math.inf

    def _locate(self, most: int) -> None:
        """Cut what is left, the widest part first, until all are small."""
        left = [part for _, _, part in self._parts if part.bound <= self._low]
        self._parts = []
        for part in left:
            self._put(part, self._by_width)
        while self._goes_on(most) and self._parts[0][0] < -SMALL:
            self._branch(self._by_width)

    def _goes_on(self, most: int) -> bool:
        return bool(self._parts) and self._boxes < most and time.monotonic() < self._deadline

    def _branch(self, order: Callable[[Part], float]) -> None:
        """Cut the first part across the input that moves the value most. It goes when its halves are there, so that
        none is lost where somebody interrupts."""
        part = self._parts[0][2]
        smears = {name: (s.size * x.width, x.width) for s, (name, x) in zip(part.slopes, part.box.items(), strict=True)}
        names = sorted(smears, key=lambda name: smears[name], reverse=True)
        cut = next(filter(None, (halves(part.box, name) for name in names)), [])
        if not cut:
            self._kept.append(part)
        for half in cut:
            self._look_at(part, half, order)
        heappop(self._parts)

    def _look_at(self, part: Part, box: Box, order: Callable[[Part], float]) -> None:
        """Keep what is left of a box in a part."""
        self._boxes += 1
        self._watch(self._boxes, Interval(min(part.bound, self._low), self._low))
        left = self._left_of(box)
        if left is not None:
            self._put(left._replace(bound=max(left.bound, part.bound)), order)

    def _put(self, part: Part, order: Callable[[Part], float]) -> None:
        if part.single:
            self._kept.append(part)
        else:
            heappush(self._parts, (order(part), next(self._numbers), part))

    @staticmethod
    def _by_bound(part: Part) -> float:
        return part.bound

    def _by_width(self, part: Part) -> float:
        """Minus its widest side, as a share of the domain."""
        return -max(part.box[name].width / x.width for name, x in self._domain.items() if x.width > 0.0)

    # what is left of a box

    def _left_of(self, box: Box) -> Part | None:
        """The part of a box in which the smallest value may be; None where there is none."""
        part = Part(-math.inf, box, [ANYTHING] * len(box))
        for _ in range(ROUNDS):
            jet = self._jets.over(box)
            if jet.value.lo > self._low:
                return None
            edges = self._edges(box, jet.slopes) if jet.whole else box
            if edges is None:
                return None
            if edges is not box:
                box = edges
                part = Part(jet.value.lo, box, jet.slopes)
                continue
            left = self._by_slopes(box, jet)
            moving = [i for i, x in enumerate(box.values()) if x.lo < x.hi]
            if left is not None and jet.smooth and moving and self._jets.bent:
                left = self._by_bends(left, moving)
            if left is None or all(left.box[name].width > SHRUNK * x.width for name, x in box.items() if x.width):
                return left
            part, box = left, left.box
        return part

    def _met(self, point: Point, ended: bool = False) -> Interval:
        """The value at a point, the smallest so far among them; the end of a descent from there is another one."""
        value = self._jets.value(at(point))
        if value.lo < self._low and (high := self._jets.exactly(at(point)).hi) < self._low and not value.partial:
            rounding = 0.0 if self._jets.may_jump(at(point)) else value.width
            self._low, self._noise, self._point = high, rounding, point
            if not ended:
                self._met(self._descend(point), ended=True)
        return value

    def _edges(self, box: Box, slopes: list[Interval]) -> Box | None:
        """The box, at the edge of the domain alone along each input that the value only rises from there; None where it
        falls on beyond the box."""
        found = dict(box)
        for (name, x), slope in zip(box.items(), slopes, strict=True):
            if x.lo == x.hi or slope.empty or slope.holds(0.0):
                continue
            whole = self._domain[name]
            end, last = (x.lo, whole.lo) if slope.lo > 0.0 else (x.hi, whole.hi)
            if end != last:
                return None
            found[name] = interval(end)
        return box if found == box else found

    def _by_slopes(self, box: Box, jet: Jet) -> Part | None:
        middle = middle_of(box)
        value, bound = self._met(middle), jet.value.lo
        if jet.whole:
            bound = max(bound, jet.from_a_point(value, distances(box, middle)).lo)
        return Part(bound, box, jet.slopes) if bound <= self._low else None

    def _by_bends(self, part: Part, moving: list[int]) -> Part | None:
        """The part of a smooth one that its second derivatives by the moving inputs leave."""
        box, names = part.box, [self._names[i] for i in moving]
        bends = self._jets.bends(box, moving)
        if not all(math.isfinite(x.lo) and math.isfinite(x.hi) for row in bends for x in row):
            return part
        inside = [self._domain[name].lo < box[name].lo and box[name].hi < self._domain[name].hi for name in names]
        if any(inner and row[k].hi < 0.0 for k, (inner, row) in enumerate(zip(inside, bends, strict=True))):
            return None
        upwards = is_positive(bends)
        point = self._bottom(self._jets, box, moving, bends) if upwards else middle_of(box)
        here = self._jets.over(at(point))
        if upwards:
            self._met(point)
        away = [box[name] - interval(point[name]) for name in names]
        slopes = [here.slopes[i] for i in moving]
        bound = second_order(here.value, slopes, [] if upwards else bends, away).lo
        if bound > self._low:
            return None
        part = part._replace(bound=max(part.bound, bound))
        if not all(inside):
            return part
        step = newton_step(bends, slopes, away)
        if step.distances is None:
            return None
        left = dict(box)
        for name, distance in zip(names, step.distances, strict=True):
            there = box[name].meet(distance + interval(point[name]))
            if there is None:
                return None
            left[name] = there
        single = upwards and step.once
        if single and self._jets.is_level(at(point)):
            left = at(point)  # the bottom itself
        return part._replace(box=left, single=single)

    def _bottom(self, of: Slopes, box: Box, moving: list[int], bends: Matrix) -> Point:
        """The lowest point of a box that bends upwards, about: by steps of Newton's within the box."""
        point = middle_of(box)
        for _ in range(SWEEPS):
            slopes = of.over(at(point)).slopes
            free = [
                k for k, i in enumerate(moving) if not _is_held(box[self._names[i]], point[self._names[i]], slopes[i])
            ]
            turned = inverse([[bends[a][b].middle for b in free] for a in free])
            if turned is None or all(slopes[moving[k]].holds(0.0) for k in free):
                break
            moved = dict(point)
            for row, a in zip(turned, free, strict=True):
                name = self._names[moving[a]]
                step = sum(x * slopes[moving[b]].middle for x, b in zip(row, free, strict=True))
                moved[name] = min(max(point[name] - step, box[name].lo), box[name].hi)
            if moved == point:
                break
            point = moved
        return point


def _is_held(x: Interval, at: float, slope: Interval) -> bool:
    """Whether an end of the interval holds a point that would move on."""
    return (at == x.lo and slope.lo >= 0.0) or (at == x.hi and slope.hi <= 0.0)


def second_order(value: Interval, slopes: list[Interval], bends: Matrix, away: list[Interval]) -> Interval:
    """Taylor's form from a point: its value and slopes, and the second derivatives all over a box, which is so far
    away; without them where it bends upwards."""
    for slope, distance in zip(slopes, away, strict=True):
        value = value + slope * distance
    for i, row in enumerate(bends):
        value = value + row[i] * (away[i] * away[i]) * 0.5
        for j in range(i):
            value = value + row[j] * (away[i] * away[j])
    return value
