"""The smallest value of a circuit in the part of a box where constraints hold, proven.

Where all constraints certainly hold with room, nothing is different. Elsewhere a value is bounded by a Lagrangian with
the prices that hold a point there, and what lies between that and the smallest value met is all the room that priced
constraints have: this narrows a box quickly, to the optimum where as many hold it as there are inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.proofs.boxes import Box, Point, at, distances, middle_of
from circuitcli.proofs.feasible import Active, Feasible, Place
from circuitcli.proofs.interval_newton import is_positive
from circuitcli.proofs.jets import ANYTHING, Jet, Jets
from circuitcli.proofs.lagrangian import Lagrangian, priced
from circuitcli.proofs.linear_bounds import Row, narrowed
from circuitcli.proofs.minimum import ROUNDS, SHRUNK, Part, Search, Watch, second_order

ENDS = 20  # points at which ascents ended, the last: their prices are tried first


class SearchWithin(Search):
    """The search among the points that meet constraints."""

    def __init__(
        self,
        jets: Jets,
        feasible: Feasible,
        domain: Box,
        descend: Callable[[Point], Point],
        watch: Watch = lambda boxes, value: None,
        deadline: float = math.inf,
    ) -> None:
        super().__init__(jets, domain, descend, watch, deadline)
        self._feasible = feasible
        self._ends: list[Point] = []

    def _met(self, point: Point, ended: bool = False) -> Interval:
        """The value at a point; next to it one may be met that is the smallest so far."""
        value = self._jets.value(at(point))
        place = self._feasible.near(point) if value.lo < self._low else None
        if place is None:
            return value
        there = self._jets.exactly(place.box)
        if there.hi < self._low and not there.partial:
            found = middle_of(place.box)
            self._low, self._point = there.hi, found
            self._ends = [*self._ends[-ENDS:], found]
            self._noise = self._rounding(place, found)
            if not ended:
                self._met(self._descend(found), ended=True)
        return value

    def _rounding(self, place: Place, point: Point) -> float:
        """The rounding of the value and of what holds it at a point, by as many as it was pushed; 0 next to a jump."""
        here = at(point)
        if any(each.may_jump(here) for each in (self._jets, *(limit.difference for limit in place.held))):
            return 0.0
        held = [each for each in self._feasible.over(place.box) or [] if each.limit in place.held]
        priced_value = priced(self._jets, held, point, place.box, self._domain).over(here).value
        return (1.0 + place.push) * max(self._jets.value(here).width, priced_value.width)

    def _left_of(self, box: Box) -> Part | None:
        part = Part(-math.inf, box, [ANYTHING] * len(box))
        for _ in range(ROUNDS):
            active = self._feasible.over(box)
            if active is None:
                return None
            if not active:
                return super()._left_of(box)
            jet = self._jets.over(box)
            if not jet.value.lo <= self._low:
                return None
            edges = self._edges(box, self._free(jet.slopes, active)) if jet.whole else box
            if edges is None:
                return None
            if edges is not box:
                box = edges
                part = Part(jet.value.lo, box, jet.slopes)
                continue
            left = self._by_prices(box, jet, active)
            if left is None or all(left.box[name].width > SHRUNK * x.width for name, x in box.items() if x.width):
                return left
            part, box = left, left.box
        return part

    def _free(self, slopes: Sequence[Interval], active: Sequence[Active]) -> list[Interval]:
        """The slopes by which a point may move down; anything where a constraint may keep it from that."""
        return [slope if all(each.lets(i, slope) for each in active) else ANYTHING for i, slope in enumerate(slopes)]

    def _by_prices(self, box: Box, jet: Jet, active: Sequence[Active]) -> Part | None:
        """The part of a box that the Lagrangian and the constraints leave."""
        middle, bound = middle_of(box), jet.value.lo
        known = next((end for end in reversed(self._ends) if _holds(box, end)), None)
        value = self._met(middle) if known is None else self._jets.value(at(middle))
        room = {id(each.limit): Interval(0.0, each.value.hi if each.limit.rises else 0.0) for each in active}
        rows, steep = [], jet
        if jet.whole:
            lagrangian = priced(self._jets, active, known or middle, box, self._domain)
            over = steep = lagrangian.over(box)
            here = lagrangian.over(at(middle)).value
            away = distances(box, middle)
            least = max(over.value.lo, over.from_a_point(here, away).lo)
            if over.smooth and self._jets.bent:
                least = max(least, self._by_bends_of(lagrangian, box))
            bound = max(bound, jet.from_a_point(value, away).lo, least)
            if not bound <= self._low:
                return None
            below = Interval(-math.inf, self._low)
            rows = [Row(value, jet.slopes, below), Row(here, over.slopes, below)]
            for term in lagrangian.terms:
                if term.limit.rises and self._low < math.inf:
                    most = INTERVALS.div(2.0 * (interval(self._low) - least), interval(term.price)).hi
                    room[id(term.limit)] = Interval(0.0, min(most, term.most))
        rows += [Row(each.here, each.jet.slopes, room[id(each.limit)]) for each in active if each.jet.whole]
        left = narrowed(box, middle, rows)
        return None if left is None else Part(bound, left, _shares(box, [steep, *(each.jet for each in active)]))

    def _by_bends_of(self, lagrangian: Lagrangian, box: Box) -> float:
        """A lower bound of a Lagrangian over a box, by its second derivatives."""
        moving = [i for i, x in enumerate(box.values()) if x.lo < x.hi]
        if not moving:
            return -math.inf
        bends = lagrangian.bends(box, moving)
        if not all(math.isfinite(x.lo) and math.isfinite(x.hi) for row in bends for x in row):
            return -math.inf
        upwards = is_positive(bends)
        if not upwards:
            stiff = lagrangian.stiffened(box, moving, bends)
            stiff_bends = stiff.bends(box, moving)
            if is_positive(stiff_bends):
                lagrangian, bends, upwards = stiff, stiff_bends, True
        point = self._bottom(lagrangian, box, moving, bends) if upwards else middle_of(box)
        here = lagrangian.over(at(point))
        if upwards:
            self._met(point)
        names = [*box]
        away = [box[names[i]] - interval(point[names[i]]) for i in moving]
        slopes = [here.slopes[i] for i in moving]
        return second_order(here.value, slopes, [] if upwards else bends, away).lo


def _shares(box: Box, jets: Sequence[Jet]) -> list[Interval]:
    """By each input, the largest share of a slope in what it and the others may change: a value that hangs on an input
    through a constraint alone does not slope by it."""
    widths = [x.width for x in box.values()]
    shares = [0.0] * len(widths)
    for jet in jets:
        reach = sum(slope.size * width for slope, width in zip(jet.slopes, widths, strict=True) if width)
        if 0.0 < reach < math.inf:
            shares = [max(share, slope.size / reach) for share, slope in zip(shares, jet.slopes, strict=True)]
    return [interval(share) for share in shares]


def _holds(box: Box, point: Point) -> bool:
    return all(x.holds(point[name]) for name, x in box.items())
