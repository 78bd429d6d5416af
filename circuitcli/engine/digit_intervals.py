"""The arithmetic of intervals in many digits: the methods of intervals, on ends that are numbers of mpmath.

Sums, products, quotients and roots are rounded outward in more digits than are asked for. Another function is
evaluated in so many digits that twice as many say the same, and widened by more than what they leave open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import Any

from circuitcli.constants import CONSTANTS
from circuitcli.engine.digits import LARGEST, Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import LONG, Intervals, Wire, is_exact
from circuitcli.engine.long_interval import End, LongInterval, Outward
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node

GUARD = 10  # digits of the ends beyond those that are shown
SURE = 5  # and of functions, beyond those of the ends
DOUBLINGS = 6
LARGEST_POWER = 1000  # by products


class DigitIntervals(Intervals):
    """A LongInterval a wire; records hold `digits` of each end, which has `guard` more."""

    def __init__(self, digits: int, guard: int = GUARD) -> None:
        super().__init__()
        self.digits, self._guarded = digits, digits + guard
        self._m = Digits(self._guarded)
        self.mp: Any = self._m.mp
        self._outward = Outward(self.mp)
        self._error = self.mp.mpf(10) ** -self._guarded  # relative, of a function
        self.points, self.grain = self._m, self._error
        self._known: list[Digits] = []
        self._least = self.mp.ldexp(self.mp.one, -LARGEST)

    def made(self, lo: End, hi: End, partial: bool = False) -> Interval:  # type: ignore[override]  # a class there
        return LongInterval(lo, hi, partial, self._outward)

    def wire(self, x: Any) -> Interval:
        if isinstance(x, LongInterval):
            return x
        return self.made(x.lo, x.hi, x.partial) if isinstance(x, Interval) else self.made(x, x, x != x)

    def whole(self, x: End) -> int:  # type: ignore[override]
        return int(self.mp.floor(x))

    # ends

    def around(self, name: str, points: Sequence[tuple[End, ...]], ulps: float | None = None) -> Interval:
        exact = ulps == 0.0 or GATES[name].ulp == 0.0
        found = [self._at(name, point, exact) for point in points]
        return self.made(min(x.lo for x in found), max(x.hi for x in found))

    def special(self, name: str, *point: End) -> Interval:
        return self._at(name, point, False)

    def quotients(self, pairs: Sequence[tuple[End, End]]) -> Interval:
        m = self._outward
        return self.made(min(m.quotient_down(a, b) for a, b in pairs), max(m.quotient_up(a, b) for a, b in pairs))

    def _at(self, name: str, point: tuple[End, ...], exact: bool) -> Interval:
        """Bounds of a function at a point. Where no digits settle it, it may be any number."""
        before: End = None
        for m in map(self._finer, range(DOUBLINGS)):
            result: End = getattr(m, name)(*map(m.number, point))
            if result != result:
                return self.made(-inf, inf)
            if exact or is_exact(point, result):
                return self.made(result, result)
            if before is not None and (before == result or abs(result - before) <= self._error * abs(result)):
                return self._widened(result)
            before = result
        return self.made(-inf, inf)

    def _finer(self, k: int) -> Digits:
        """An arithmetic of more digits, which double with each step."""
        if k == len(self._known):
            self._known.append(Digits((self._guarded + SURE << k) + SURE * k))
        return self._known[k]

    def _widened(self, x: End) -> Interval:
        """The interval around a number; one that is infinite or 0 may be finite, and beyond the numbers of mpmath."""
        m = self._outward
        if not self._m.isfinite(x):
            far = self.mp.ldexp(self.mp.one, LARGEST)
            return self.made(far, inf) if x > 0 else self.made(-inf, -far)
        off = m.sum_up(m.product_up(abs(x), 4 * self._error), self._least)
        return self.made(m.sum_down(x, -off), m.sum_up(x, off))

    def turn(self, name: str, near: float) -> End:
        return _turn(self._m, name, near) if near else near

    def is_angle(self, x: Interval) -> bool:
        return bool(max(abs(x.lo), abs(x.hi)) < self.mp.mpf(10) ** (self.digits // 2))

    def passes(self, x: Interval, quarters: float, period: float = 4.0) -> bool:
        mp = self._m.mp
        first, last = ((end / (mp.pi / 2) - quarters) / period for end in (x.lo, x.hi))
        off = self._error * (1 + abs(first) + abs(last))
        return int(mp.floor(last + off)) >= int(mp.ceil(first - off))

    # numbers

    @property
    def pi(self) -> Interval:
        return self.constant("pi")

    def constant(self, text: str) -> Interval:
        if text in CONSTANTS:
            named = self._finer(0).constant(text)
            return self._widened(named) if self._m.isfinite(named) else self.wire(named)
        if len(text) > LONG:
            return self._widened(self._finer(0).constant(text))
        low, high = (self.mp.mpf(text, rounding=way) for way in ("f", "c"))
        return self.made(low, high)

    def plain(self, x: Interval) -> list[Any]:
        from circuitcli.engine.outward import ends

        texts = ends(x, self.digits)
        return [text if self._m.isfinite(end) else float(end) for text, end in zip(texts, (x.lo, x.hi), strict=True)]

    def isfinite(self, x: Interval) -> bool:
        return self._m.isfinite(x.lo) and self._m.isfinite(x.hi)

    # arithmetic

    def sqrt(self, x: Wire) -> Interval:
        x = self.wire(x)
        if not x.hi >= 0.0:
            return self.made(math.nan, math.nan, True)
        low = self.mp.sqrt(max(x.lo, 0), rounding="f")
        return self.made(low, self.mp.sqrt(x.hi, rounding="c"), x.partial or x.lo < 0.0)

    def _whole_power(self, x: Interval, y: Interval) -> Interval:
        n = y.lo
        if not 2 < n <= LARGEST_POWER:
            return super()._whole_power(x, y)
        x = abs(x) if n % 2 == 0 else x
        return self.made(-self._power_up(-x.lo, int(n)), self._power_up(x.hi, int(n)), x.partial)

    def _power_up(self, x: End, n: int) -> End:
        """A number not below a power, of a negative number to an odd one or below its mirror."""
        step, size, found = (self._outward.product_down if x < 0 else self._outward.product_up), abs(x), self.mp.one
        while n:
            found = step(found, size) if n % 2 else found
            size, n = step(size, size), n // 2
        return -found if x < 0 else found

    def _ratio(self, x: Interval, y: Interval) -> Interval:
        sizes = [abs(self.mp.mag(end)) for end in (x.lo, x.hi, y.lo) if end]
        if y.lo != y.hi or y.lo == 0.0 or not (self.isfinite(x) and self.isfinite(y)) or max(sizes) > self.mp.prec // 2:
            return self.div(x, y)
        low, high = sorted(_fraction(end) / _fraction(y.lo) for end in (x.lo, x.hi))
        return self.made(_like(self.mp, low), _like(self.mp, high), x.partial)


@lru_cache(maxsize=20)
def _turn(m: Digits, name: str, near: float) -> End:
    """The place where the slope of a gate is 0."""
    gate = Graph([Node(INPUT, (), "x"), Node(name, (0,))], 1)

    def slope(x: End) -> End:
        return backward(gate, m, forward(gate, m, {"x": x}), [True, True])[0]

    return m.mp.findroot(slope, near)


def _like(mp: Any, x: Fraction) -> End:
    """A number on the same side of whole numbers."""
    below = math.floor(x)
    return mp.mpf(below) if below == x else mp.mpf(below) + 0.5


def _fraction(x: End) -> Fraction:
    """A finite number without rounding."""
    if isinstance(x, (int, float)):
        return Fraction(x)
    sign, man, exp, _ = x._mpf_
    size: Fraction = Fraction(int(man)) * Fraction(2) ** exp
    return -size if sign else size
