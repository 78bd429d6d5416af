"""A wire of the arithmetic of intervals: two floats between which the exact number certainly is."""

from __future__ import annotations

from math import nan

from circuitcli.engine.directed import product_down, product_up, sum_down, sum_up


class Interval:
    """All numbers from `lo` to `hi`; nan in both where there are none. `partial`: for some inputs of the box, or for
    all, there is no number at all, as of the root of a negative one."""

    __slots__ = ("hi", "lo", "partial")

    def __init__(self, lo: float, hi: float, partial: bool = False) -> None:
        self.lo, self.hi, self.partial = lo, hi, partial

    @property
    def empty(self) -> bool:
        """Whether it holds no number."""
        return self.lo != self.lo

    def holds(self, x: float) -> bool:
        """Whether a number may be the one meant."""
        return self.lo <= x <= self.hi

    def made(self, lo: float, hi: float, partial: bool) -> Interval:
        """Another interval of the same kind."""
        return Interval(lo, hi, partial)

    def hull(self, other: Interval) -> Interval:
        """The numbers of both and those between."""
        partial = self.partial or other.partial
        if self.empty or other.empty:
            there = other if self.empty else self
            return self.made(there.lo, there.hi, True)
        return self.made(min(self.lo, other.lo), max(self.hi, other.hi), partial)

    def __add__(self, other: Interval | float) -> Interval:
        y = interval(other)
        if self.empty or y.empty:
            return NOTHING
        return Interval(sum_down(self.lo, y.lo), sum_up(self.hi, y.hi), self.partial or y.partial)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -interval(other)

    def __mul__(self, other: Interval | float) -> Interval:
        y = interval(other)
        if self.empty or y.empty:
            return NOTHING
        if self is y:  # one object is one number
            found = abs(self)
            return Interval(product_down(found.lo, found.lo), product_up(found.hi, found.hi), self.partial)
        pairs = [(a, b) for a in (self.lo, self.hi) for b in (y.lo, y.hi)]
        low, high = min(product_down(a, b) for a, b in pairs), max(product_up(a, b) for a, b in pairs)
        return Interval(low, high, self.partial or y.partial)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: float) -> Interval:
        return -self + other

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo, self.partial)

    def __abs__(self) -> Interval:
        if self.lo >= 0.0:
            return self
        if self.hi <= 0.0 or self.empty:
            return -self
        return Interval(0.0, max(-self.lo, self.hi), self.partial)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and (self.lo, self.hi) == (other.lo, other.hi)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi))

    def __repr__(self) -> str:
        return f"Interval({self.lo!r}, {self.hi!r}{', partial=True' * self.partial})"


NOTHING = Interval(nan, nan, True)


def interval(x: Interval | float) -> Interval:
    """An interval, of a float that alone."""
    return x if isinstance(x, Interval) else Interval(x, x) if x == x else NOTHING
