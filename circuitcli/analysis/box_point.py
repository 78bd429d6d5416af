"""A circuit over a box of inputs: bounds that certainly hold the value and the gradient at each point of the box."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from heapq import heappop, heappush
from itertools import count, cycle
from math import inf

from circuitcli.analysis.box_pieces import is_whole
from circuitcli.analysis.point import Point
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS, Intervals
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph

Box = Mapping[str, Interval]

BOXES, WORK = 100, 200_000  # into which a box is cut where nobody says, and nodes of all of them together


def parts_of(nodes: int, work: int = WORK) -> int:
    """The number of parts into which a box is cut where nobody says, fewer of larger circuits."""
    return max(1, min(BOXES, work // nodes))


class BoxPoint(Point):
    """The two passes over a box, whose values and gradients are intervals. Those of the answer are over `boxes` parts
    of it, into which it is cut where its bounds are widest, which makes them tighter."""

    def __init__(
        self, graph: Graph, box: Box, wrt: Sequence[str] | None = None, boxes: int = 1, m: Intervals = INTERVALS
    ) -> None:
        super().__init__(graph, box, wrt, m)
        self.gradients = [g if g is None else m.wire(g) for g in self.gradients]
        parts = cut(Part(graph, box, self.wrt or (), m), boxes)
        self.parts = len(parts)
        self._lowest_first = sorted(parts, key=lambda part: part.bounds.lo)
        self.values[graph.output] = reduce(Interval.hull, [part.bounds for part in parts])
        for k in self.wanted:
            self.gradients[k] = reduce(Interval.hull, [self.m.wire(part.gradients[k]) for part in parts])

    @property
    def points(self) -> Iterator[dict[str, float]]:
        """Points of all parts, those first where the output may be lowest."""
        return (point for part in self._lowest_first for point in part.points)

    def is_nought(self, point: Mapping[str, float]) -> bool:
        """Whether the output is certainly 0 at a point."""
        values = forward(self.graph, self.m, {name: self.m.wire(x) for name, x in point.items()}, self.m.gates)
        found: Interval = values[self.graph.output]
        return bool(found.lo == found.hi == 0.0) and not found.partial


class Part(Point):
    """A part of a box, with a gradient by all inputs that move in it, and the `bounds` of the output, which is
    `whole` where it has no jump and no kink in the part."""

    def __init__(self, graph: Graph, box: Box, wrt: Sequence[str], m: Intervals = INTERVALS) -> None:
        self.moving = [name for name in graph.inputs if name in box and box[name].lo < box[name].hi]
        super().__init__(graph, box, list(dict.fromkeys([*wrt, *self.moving])), m)
        self.slopes = {name: m.wire(self.gradient.get(name, 0.0)) for name in self.moving}
        self.bounds: Interval = self.value
        self.whole = bool(self.moving) and not self.bounds.partial and self._is_whole()
        if self.whole:
            for bounds in (self._from_the_middle(), self._at_ends()):
                self.bounds = self.bounds.meet(bounds) or self.bounds

    def _is_whole(self) -> bool:
        """Whether no gate jumps that the output needs."""
        return is_whole(self.graph, self.values, self._below_output(self.needed), self.m)

    def _from_the_middle(self) -> Interval:
        """The mean value form: the value in the middle, and slopes times how far the ends are (Moore 1966). At kinks
        the slopes are Clarke's, with which it holds, too (Lebourg 1975)."""
        middles = {name: self.m.wire(self.given[name].middle) for name in self.moving}
        bounds = self._output(middles)
        for name, middle in middles.items():
            bounds = bounds + self.slopes[name] * (self.given[name] - middle)
        return bounds

    def _at_ends(self) -> Interval:
        """The bounds with each input along which the output only rises, or falls, at its two ends."""
        low, high = dict[str, Interval](), dict[str, Interval]()
        for name, slope in self.slopes.items():
            x = self.given[name]
            if slope.lo >= 0.0 or slope.hi <= 0.0:
                rises = slope.lo >= 0.0
                low[name], high[name] = (self.m.wire(end) for end in ((x.lo, x.hi) if rises else (x.hi, x.lo)))
        return self.m.made(self._output(low).lo, self._output(high).hi) if low else self.bounds

    def _output(self, moved: Box) -> Interval:
        found: Interval = forward(self.graph, self.m, {**self.given, **moved}, self.m.gates)[self.graph.output]
        return found

    @property
    def points(self) -> list[dict[str, float]]:
        """Its middle, and two of its corners."""
        ends: tuple[Callable[[Interval], float], ...] = (lambda x: x.middle, lambda x: x.lo, lambda x: x.hi)
        return [{name: end(x) for name, x in self.given.items()} for end in ends]

    def halves(self) -> list[Part]:
        """Its two halves across the input that moves the output most; itself alone where floats have no middle."""
        by_reach = sorted(self.moving, key=lambda name: (self._reach(name), self.given[name].width), reverse=True)
        for name in by_reach:
            if ends := halves_of(self.given[name]):
                return [Part(self.graph, {**self.given, name: end}, self.wrt or (), self.m) for end in ends]
        return [self]

    def _reach(self, name: str) -> float:
        slope = self.slopes[name].size
        return slope * self.given[name].width if slope < inf else inf


Order = Callable[[Part], float]  # the part of the least number comes first
ORDERS: tuple[Order, ...] = (
    lambda part: part.bounds.lo,
    lambda part: -part.bounds.hi,
    lambda part: -max((slope.width for slope in part.slopes.values()), default=0.0),
)


def cut(whole: Part, boxes: int, orders: Sequence[Order] | None = None) -> list[Part]:
    """The parts of a box, at most so many. In turn the one is cut that comes first in each order: that with the lowest
    bound, the highest, and the widest slopes, where no `orders` are given."""
    orders = ORDERS if orders is None else orders
    numbers, turn = count(), cycle(range(len(orders)))
    heaps: list[list[tuple[float, int, Part]]] = [[] for _ in orders]
    kept: dict[int, Part] = {}

    def put(part: Part) -> None:
        number = next(numbers)
        kept[number] = part
        for heap, order in zip(heaps, orders, strict=True):
            heappush(heap, (order(part), number, part))

    put(whole)
    while len(kept) < boxes and any(heaps):
        heap = heaps[next(turn)]
        while heap:
            _, number, part = heappop(heap)
            if number in kept:
                halves = part.halves()
                if len(halves) > 1:
                    del kept[number]
                    put(halves[0])
                    put(halves[1])
                break
    return [*kept.values()]


def halves_of(x: Interval) -> Sequence[Interval]:
    """The two halves of an interval; none where floats have no middle."""
    half = x.middle
    return (x.made(x.lo, half, False), x.made(half, x.hi, False)) if x.lo < half < x.hi else ()
