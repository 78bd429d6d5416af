"""A guaranteed bound of the rounding of float64 over a box of inputs, by branch and bound.

The effect of all roundings together is bounded over parts of the box. The part with the largest bound is cut, across
the input that matters, until no point can be much worse than the worst that was met.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from itertools import count, cycle
from math import inf

from circuitcli.analysis.box_point import Box, halves_of
from circuitcli.analysis.perturbed import Effect, RoundedGraph, effect_of_rounding
from circuitcli.analysis.rounding import digits_left
from circuitcli.engine.directed import quotient_up
from circuitcli.engine.interval import Interval, interval
from circuitcli.graph import Graph

CLOSE = 1.05  # the bound over the worst that was met
FLOOR = 0.02  # of how much an input matters, lest it is never cut
BETWEEN = (0.4142135623730951, 0.5772156649015329, 0.6180339887498949)  # where numbers have all their digits


class RoundingBound:
    """The most by which rounding may move the output over a box: `absolute`, and `relative` to the exact value, both
    infinite where no bound was found. `nodes` has the part of each node where the bound is largest; the largest that
    was met at a point is `met`, `at` it. The box is cut into `parts`."""

    def __init__(self, graph: Graph, fixed: Mapping[str, Graph], box: Box, boxes: int = 1) -> None:
        self._rounded = RoundedGraph(graph, fixed)
        self._box = {name: x for name, x in box.items() if name in graph.inputs and name not in fixed}
        self.met, self.at = -1.0, dict[str, float]()
        whole = effect_of_rounding(self._rounded, self._box)
        ends: tuple[Callable[[Interval], float], ...] = (lambda x: x.lo, lambda x: x.hi, lambda x: x.middle)
        for end in ends:
            self._meet({name: end(x) for name, x in self._box.items()})
        effects = self._cut(whole, boxes)
        worst = max(effects, key=lambda effect: effect.bound)
        self.absolute, self.nodes, self.parts = worst.bound, worst.moves, len(effects)
        self.relative = max(map(_relative, effects))
        self.digits = digits_left(self.relative)
        if self.met < inf == self.absolute:
            self.at = {name: x.middle for name, x in worst.box.items()}

    def _cut(self, whole: Effect, boxes: int) -> list[Effect]:
        """The effects over parts of the box, at most so many."""
        matters = {name: self._matters(whole, name) for name, x in self._box.items() if x.lo < x.hi}
        numbers, between = count(), cycle(BETWEEN)
        heap = [(-whole.bound, next(numbers), whole)]
        while len(heap) < boxes:
            worst = heap[0][2]
            share = next(between)
            self._meet({name: min(x.lo + share * x.width, x.hi) for name, x in worst.box.items()})
            halves = [] if worst.bound <= CLOSE * self.met else self._halves(worst.box, matters)
            if not halves:
                break
            heappop(heap)
            for half in halves:
                effect = effect_of_rounding(self._rounded, half)
                heappush(heap, (-effect.bound, next(numbers), effect))
        return [effect for _, _, effect in heap]

    def _meet(self, point: Mapping[str, float]) -> None:
        """Look at a point, and keep it where it is the worst so far."""
        found = effect_of_rounding(self._rounded, {name: interval(x) for name, x in point.items()}).bound
        if found > self.met:
            self.met, self.at = found, dict(point)

    def _matters(self, whole: Effect, name: str) -> float:
        """The share of the bound that is lost where an input stays in its middle."""
        if not 0.0 < whole.bound < inf:
            return 1.0
        still = {**self._box, name: interval(self._box[name].middle)}
        return max(FLOOR, 1.0 - effect_of_rounding(self._rounded, still).bound / whole.bound)

    def _halves(self, box: Box, matters: Mapping[str, float]) -> Iterable[Box]:
        """The two halves of a box across the input that matters most; none where floats have no middle."""
        by_weight = sorted(
            matters, key=lambda name: matters[name] * (box[name].width / self._box[name].width), reverse=True
        )
        for name in by_weight:
            if ends := halves_of(box[name]):
                return [{**box, name: end} for end in ends]
        return []


def _relative(effect: Effect) -> float:
    """The bound over the smallest value; infinite where that may be 0."""
    if effect.bound == 0.0:
        return 0.0
    least = max(effect.value.lo, -effect.value.hi)
    return quotient_up(effect.bound, least) if least > 0.0 and math.isfinite(effect.bound) else inf
