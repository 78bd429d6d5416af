"""A wire of the arithmetic of intervals: two floats between which the exact number certainly is."""

from __future__ import annotations

from math import inf, nan

from circuitcli.engine.directed import product_down, product_up, sum_down, sum_up
from circuitcli.engine.floats import HUGE


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

    def meet(self, other: Interval) -> Interval | None:
        """The numbers that are in both; None where there are none."""
        low, high = max(self.lo, other.lo), min(self.hi, other.hi)
        return Interval(low, high, self.partial) if low <= high else None

    @property
    def middle(self) -> float:
        """A float about half way between the ends; of an infinite end, between floats."""
        return 0.5 * max(self.lo, -HUGE) + 0.5 * min(self.hi, HUGE)

    @property
    def width(self) -> float:
        """The distance of the ends, inf where there is none."""
        width = self.hi - self.lo
        return width if width == width else inf

    @property
    def size(self) -> float:
        """The largest of the absolute values."""
        return max(abs(self.lo), abs(self.hi))

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
        a, b, c, d = self.lo, self.hi, y.lo, y.hi
        if a >= 0.0:
            low, high = (a if c >= 0.0 else b), (b if d >= 0.0 else a)
            ends = product_down(low, c), product_up(high, d)
        elif b <= 0.0:
            low, high = (a if d >= 0.0 else b), (b if c >= 0.0 else a)
            ends = product_down(low, d), product_up(high, c)
        elif c >= 0.0:
            ends = product_down(a, d), product_up(b, d)
        elif d <= 0.0:
            ends = product_down(b, c), product_up(a, c)
        else:
            ends = (
                min(product_down(a, d), product_down(b, c)),
                max(product_up(a, c), product_up(b, d)),
            )
        return Interval(*ends, self.partial or y.partial)

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
