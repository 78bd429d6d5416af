"""A wire of the arithmetic of intervals in digits: two numbers of mpmath, between which the exact number is."""

from __future__ import annotations

from math import inf
from typing import Any

from circuitcli.engine.interval import NOTHING, Interval
from circuitcli.engine.mp_context import Context

End = Any  # a number of mpmath; an infinite one or one of a rule may be a float


class Outward:
    """The arithmetic of a context, rounded down or up. Of opposite infinities a sum is the one on that side."""

    def __init__(self, mp: Context) -> None:
        self.mp = mp

    def sum_up(self, x: End, y: End) -> End:
        """The least number of the context that is not below x + y."""
        found: End = self.mp.fadd(x, y, rounding="c")
        return found if found == found else inf

    def sum_down(self, x: End, y: End) -> End:
        """The largest number of the context that is not above x + y."""
        return -self.sum_up(-x, -y)

    def product_up(self, x: End, y: End) -> End:
        """The least number not below x*y; an infinity times 0 is 0."""
        return self.mp.zero if x == 0 or y == 0 else self.mp.fmul(x, y, rounding="c")

    def product_down(self, x: End, y: End) -> End:
        """The largest number not above x*y."""
        return self.mp.zero if x == 0 or y == 0 else self.mp.fmul(x, y, rounding="f")

    def quotient_up(self, x: End, y: End) -> End:
        """The least number not below x/y, for y that is not 0."""
        found: End = self.mp.fdiv(x, y, rounding="c")
        return found if found == found else inf

    def quotient_down(self, x: End, y: End) -> End:
        """The largest number not above x/y."""
        return -self.quotient_up(-x, y)


class LongInterval(Interval):
    """An interval whose ends have the digits of a context, with the operations that round outward there."""

    __slots__ = ("m",)

    def __init__(self, lo: End, hi: End, partial: bool, m: Outward) -> None:
        super().__init__(lo, hi, partial)
        self.m = m

    def made(self, lo: End, hi: End, partial: bool) -> LongInterval:
        return LongInterval(lo, hi, partial, self.m)

    def __add__(self, other: Interval | float) -> Interval:
        y = _ends(other)
        if self.empty or y.empty:
            return NOTHING
        return self.made(self.m.sum_down(self.lo, y.lo), self.m.sum_up(self.hi, y.hi), self.partial or y.partial)

    def __mul__(self, other: Interval | float) -> Interval:
        y = _ends(other)
        if self.empty or y.empty:
            return NOTHING
        if self is y:  # one object is one number
            found = abs(self)
            low, high = self.m.product_down(found.lo, found.lo), self.m.product_up(found.hi, found.hi)
            return self.made(low, high, self.partial)
        pairs = [(a, b) for a in (self.lo, self.hi) for b in (y.lo, y.hi)]
        low, high = min(self.m.product_down(a, b) for a, b in pairs), max(self.m.product_up(a, b) for a, b in pairs)
        return self.made(low, high, self.partial or y.partial)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -_ends(other)

    def __rsub__(self, other: Interval | float) -> Interval:
        return -self + other

    def __neg__(self) -> Interval:
        return self.made(-self.hi, -self.lo, self.partial)

    def __abs__(self) -> Interval:
        if self.lo >= 0.0:
            return self
        if self.hi <= 0.0 or self.empty:
            return -self
        return self.made(self.m.mp.zero, max(-self.lo, self.hi), self.partial)


def _ends(x: Any) -> Interval:
    """An interval, of a number that alone."""
    return x if isinstance(x, Interval) else Interval(x, x) if x == x else NOTHING
