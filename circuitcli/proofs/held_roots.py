"""Bounds of root(x: ...) over a box: the branch of the root that the start finds.

A region is proven to have exactly one root for each point of the box: the slope by x has one sign all over it, and the
value the two signs at its ends. Newton's interval step narrows it (Moore 1966; Neumaier 1990, 5.1). Where there is no
such region the box is cut; the branches in two parts are one where both have the root of a point between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from math import inf, isfinite
from typing import Any, NamedTuple

from circuitcli.engine import held_rules
from circuitcli.engine.interval import NOTHING, Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.held_gates import HeldGate
from circuitcli.proofs.inner_circuit import InnerCircuit, Values, tightened

DEPTH = 5  # cuts of a box in a row
FEW = 5  # arguments with a range: all corners are looked at
GROWN, GROWTHS = 2.0**-6, 8  # of the width: how far beyond known roots a region reaches, doubled so many times
HALVINGS = 10  # on the way to the outermost root
ULPS, TINY = 2.0**9, 1e-300  # of the size, and beside it: what it reaches beyond a known root is no less at first
STEPS = 12  # of Newton
GAIN = 0.9  # of the width: a step that leaves more is the last


class Branch(NamedTuple):
    """A part of the box, and a region in which there is exactly one root for each of its points."""

    taken: Values
    region: Interval


def root_bounds(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    """The bounds of a root; any number where no branch is proven, and nothing where there is certainly none."""
    roots = _Roots(m, gate, xs[-1])
    taken = list(xs[:-1])
    branches = roots.branches(taken, DEPTH) if roots.are_found(taken) else None
    if branches is None:
        return roots.outermost(taken)
    found = [roots.bounds(branch) for branch in branches]
    return m.made(min(x.lo for x in found), max(x.hi for x in found), False)


class _Roots:
    """The roots of a circuit from a start, which may have a range of its own."""

    def __init__(self, m: Intervals, gate: HeldGate, start: Interval) -> None:
        self.m, self._gate, self._start = m, gate, start
        self._inner = InnerCircuit(m, gate.circuit)

    def are_found(self, taken: Values) -> bool:
        """Whether there are roots in the middle of a box, and at its corners."""
        return None not in map(self._found, self._corners(taken))

    def branches(self, taken: list[Interval], depth: int) -> list[Branch] | None:
        """The branch over a box, in parts; None where it is not proven."""
        region = self._region(taken)
        if region is not None:
            return [Branch(taken, region)]
        wide = max(range(len(taken)), key=lambda i: self._reach(taken[i]), default=None)
        if depth == 0 or wide is None or not taken[wide].lo < taken[wide].middle < taken[wide].hi:
            return None
        x, parts = taken[wide], list[Branch]()
        for half in (self.m.made(x.lo, x.middle, False), self.m.made(x.middle, x.hi, False)):
            found = self.branches([*taken[:wide], half, *taken[wide + 1 :]], depth - 1)
            if found is None:
                return None
            parts += found
        between = [self.m.wire(each.middle) for each in taken]
        return parts if self._is_one(parts, between) else None

    @staticmethod
    def _reach(x: Interval) -> float:
        """The width next to the size."""
        return float(x.width / x.size) if x.size else 0.0

    def _is_one(self, parts: Sequence[Branch], point: list[Interval]) -> bool:
        """Whether all parts at a point have its root."""
        region = self._region(point)
        if region is None:
            return False
        root = self._narrowed(point, region)
        there = [part for part in parts if all(map(_is_within, point, part.taken))]
        return all(_is_within(root, part.region) for part in there)

    def bounds(self, branch: Branch) -> Interval:
        """The bounds of a branch."""
        taken, region = branch
        found = self._narrowed(taken, region)
        over = self._inner.over(found, taken)
        if over is None:
            return found
        slopes = {i: -self.m.div(over.slopes[1 + i], over.slopes[0]) for i, x in enumerate(taken) if x.lo < x.hi}
        return tightened(self.m, taken, found, slopes, lambda there: self._narrowed(there, found))

    def _region(self, taken: list[Interval]) -> Interval | None:
        """A region with exactly one root for each point of a box, which all starts find at its corners; None where none
        is proven."""
        known = [self._found(corner) for corner in self._corners(taken)]
        if None in known:
            return None
        low, high = min(known), max(known)
        grown = GROWN
        for _ in range(GROWTHS):
            region = self._grown(low, high, grown)
            over = self._inner.over(region, taken)
            if over is None or over.slopes[0].holds(0.0):
                return None
            bottom, top = (self._inner.near(self.m.wire(end), taken) for end in (region.lo, region.hi))
            if bottom is None or top is None:
                return None
            if over.slopes[0].hi < 0.0:
                bottom, top = -bottom, -top
            if bottom.hi <= 0.0 <= top.lo:
                return region
            step = self._step(region, taken, over.slopes[0], self.m.wire(region.middle))
            if step is not None:
                low = min(low, step.lo) if bottom.hi > 0.0 else low
                high = max(high, step.hi) if top.lo < 0.0 else high
            if not (self.m.isfinite(self.m.wire(low)) and self.m.isfinite(self.m.wire(high))):
                return None
            grown = 2.0 * grown
        return None

    def _grown(self, low: Any, high: Any, share: float) -> Interval:
        off = self.m.wire(high) - low
        size = self.m.wire(max(abs(low), abs(high)))
        off = off * share + size * (ULPS * share * self.m.grain) + TINY
        return self.m.made((self.m.wire(low) - off).lo, (self.m.wire(high) + off).hi, False)

    def _corners(self, taken: Sequence[Interval]) -> list[tuple[Any, ...]]:
        """The middle of a box of arguments and start, and its corners; of many two."""
        xs = [*taken, self._start]
        ends = [[x.lo] if x.lo == x.hi else [x.lo, x.hi] for x in xs]
        found = [tuple([x.middle for x in xs])]
        if sum(map(len, ends)) - len(ends) <= FEW:
            return [*found, *product(*ends)]
        return [*found, tuple([x.lo for x in xs]), tuple([x.hi for x in xs])]

    def _found(self, point: Sequence[Any]) -> Any:
        """The root at a point, about; None where there is none."""
        found = held_rules.forward(self.m.points, self._gate, *point)
        return found if self.m.points.isfinite(found) else None

    def _step(self, region: Interval, taken: Values, slope: Interval, at: Interval) -> Interval | None:
        """Where the roots in a region may be, which has bounds of its slope."""
        value = self._inner.near(at, taken)
        return None if value is None or slope.holds(0.0) else at - self.m.div(value, slope)

    def _narrowed(self, taken: Values, region: Interval) -> Interval:
        """The bounds of the one root in a region."""
        near = self._found([*(x.middle for x in taken), self._start.middle])
        at = region.middle if near is None or not region.holds(near) else near
        for _ in range(STEPS):
            over = self._inner.over(region, taken)
            step = None if over is None else self._step(region, taken, over.slopes[0], self.m.wire(at))
            narrower = None if step is None else region.meet(step)
            if narrower is None:
                return region
            done, region = narrower.width > GAIN * region.width, narrower
            if done:
                break
            at = region.middle
        return region

    def outermost(self, taken: Values) -> Interval:
        """Bounds of all roots, whichever is found, where there may be none: parts beyond in which there is none are
        left out, from both sides."""
        ladder = [inf, *(2.0**k for k in range(40, -41, -2)), 0.0, *(-(2.0**k) for k in range(-40, 41, 2)), -inf]
        high = self._edge(taken, ladder)
        if high == -inf:
            return NOTHING
        low = self._edge(taken, ladder[::-1])
        return self.m.made(low, high, True)

    def _edge(self, taken: Values, ladder: Sequence[float]) -> float:
        """A number on the way to which, along a ladder, there is no root."""
        for outer, inner in pairwise(ladder):
            if self._may_hold(taken, outer, inner):
                break
        else:
            return ladder[-1]
        for _ in range(HALVINGS if isfinite(outer) and isfinite(inner) else 0):
            middle = 0.5 * (outer + inner)
            if self._may_hold(taken, outer, middle):
                inner = middle
            else:
                outer = middle
        return outer

    def _may_hold(self, taken: Values, one: float, other: float) -> bool:
        """Whether there may be a root between two numbers."""
        return self._inner.value(self.m.made(min(one, other), max(one, other), False), taken).holds(0.0)


def _is_within(x: Interval, whole: Interval) -> bool:
    return bool(whole.lo <= x.lo and x.hi <= whole.hi)
