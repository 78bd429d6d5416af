"""The values on the two sides of a pole: an interval across it has all numbers, and neither side may have 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from math import inf

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS, Intervals, Wire
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.proofs.boxes import Box

MOST_POLES = 3  # within one box whose sides are looked at


class _Sided(Intervals):
    """Intervals that take of each pole, in the order in which they come, one side; none where there are more poles than
    `sides`, all of which are counted."""

    def __init__(self, sides: Sequence[int]) -> None:
        super().__init__()
        self._sides, self.poles = sides, 0

    def div(self, x: Wire, y: Wire) -> Interval:
        x, y = interval(x), interval(y)
        if not y.lo < 0.0 < y.hi or x.holds(0.0) or x.empty:
            return super().div(x, y)
        below, above = super().div(x, Interval(y.lo, 0.0)), super().div(x, Interval(0.0, y.hi))
        return self._one_of(below, above)

    def tan(self, x: Wire) -> Interval:
        x = interval(x)
        found = super().tan(x)
        if math.isfinite(found.lo) or not x.width < 0.5:
            return found
        below, above = (super(_Sided, self).tan(interval(end)) for end in (x.lo, x.hi))
        return self._one_of(Interval(below.lo, inf, True), Interval(-inf, above.hi, True))

    def _one_of(self, below: Interval, above: Interval) -> Interval:
        self.poles += 1
        if self.poles > len(self._sides):
            return Interval(-inf, inf, True)
        return (below, above)[self._sides[self.poles - 1]]


def is_apart(graph: Graph, box: Box) -> bool:
    """Whether the output is certainly not 0 on any side of the poles in a box."""
    counting = _Sided(())
    forward(graph, counting, box, INTERVALS.gates)
    if not 0 < counting.poles <= MOST_POLES:
        return False
    for sides in product((0, 1), repeat=counting.poles):
        arithmetic = _Sided(sides)
        value: Interval = forward(graph, arithmetic, box, INTERVALS.gates)[graph.output]
        if arithmetic.poles != counting.poles or value.holds(0.0):
            return False
    return True
