"""A wire of the arithmetic of intervals over rows: for each row two floats between which the exact number is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.directed_arrays import product_down, product_up, sum_down, sum_up
from circuitcli.engine.interval import Interval

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from circuitcli.engine.protocol import FloatArray

    BoolArray: TypeAlias = NDArray[np.bool_]
    Chosen: TypeAlias = Sequence[tuple["IntervalArray", BoolArray]]

_KNOWN = 8  # others, of which it is known where one has their number


class IntervalArray:
    """Intervals in arrays `lo` and `hi`, of all rows or of one that stands for all; nan in both where there is no
    number. `partial`: where for some inputs of the box, or for all, there is no number at all. `chosen`: others, and
    where it is certainly their number."""

    __slots__ = ("chosen", "hi", "lo", "partial")

    def __init__(self, lo: FloatArray, hi: FloatArray, partial: BoolArray, chosen: Chosen = ()) -> None:
        self.lo, self.hi, self.partial, self.chosen = lo, hi, partial, chosen

    @property
    def empty(self) -> BoolArray:
        """Where it holds no number."""
        found: BoolArray = np.isnan(self.lo)
        return found

    def first(self, count: int) -> IntervalArray:
        """The intervals of so many rows."""
        return IntervalArray(self.lo[:count], self.hi[:count], self.partial[:count])

    def at(self, i: int) -> Interval:
        """The interval of one row."""
        k = i if len(self.lo) > 1 else 0
        return Interval(float(self.lo[k]), float(self.hi[k]), bool(self.partial[i if len(self.partial) > 1 else 0]))

    def is_same(self, other: IntervalArray) -> BoolArray:
        """Where both are certainly one number: one object is, and so is what a choice is known to have taken."""
        found: BoolArray = ~self.empty if self is other else np.zeros(1, bool)
        for x, rows in self.chosen:
            for y, other_rows in ((other, True), *other.chosen):
                if x is y:
                    found = found | (rows & other_rows)
        for y, rows in other.chosen:
            if y is self:
                found = found | rows
        return found

    def one_of(self, xs: Sequence[IntervalArray], passed: Sequence[BoolArray]) -> IntervalArray:
        """The choice from some numbers, that knows where it is one of them: where all others are `passed`."""
        if self.partial.all():
            return self
        count = reduce(add, [one.astype(int) for one in passed])
        chosen = []
        for x, one in zip(xs, passed, strict=True):
            rows = (x.lo == self.lo) & (x.hi == self.hi) & ~self.partial & (count - one == len(xs) - 1)
            if rows.any():
                chosen += [(x, rows), *((y, rows & other) for y, other in x.chosen)]
        return IntervalArray(self.lo, self.hi, self.partial, chosen[:_KNOWN])

    def where_empty(self, *others: IntervalArray) -> IntervalArray:
        """Itself, and nothing where one of the others holds no number."""
        empty = others[0].empty
        for other in others[1:]:
            empty = empty | other.empty
        if not empty.any():
            return self
        lo, hi = np.where(empty, np.nan, self.lo), np.where(empty, np.nan, self.hi)
        return IntervalArray(lo, hi, self.partial | empty)

    def hull(self, other: IntervalArray) -> IntervalArray:
        """The numbers of both and those between."""
        partial = self.partial | other.partial | self.empty | other.empty
        return IntervalArray(np.fmin(self.lo, other.lo), np.fmax(self.hi, other.hi), partial)

    def __add__(self, other: IntervalArray | Interval | float) -> IntervalArray:
        y = interval_array(other)
        found = IntervalArray(sum_down(self.lo, y.lo), sum_up(self.hi, y.hi), self.partial | y.partial)
        return found.where_empty(self, y)

    def __sub__(self, other: IntervalArray | Interval | float) -> IntervalArray:
        return self + -interval_array(other)

    def __mul__(self, other: IntervalArray | Interval | float) -> IntervalArray:
        y = interval_array(other)
        if self is y:  # one object is one number
            size = abs(self)
            ends = product_down(size.lo, size.lo), product_up(size.hi, size.hi)
            return IntervalArray(*ends, self.partial).where_empty(self)
        a, b, c, d = self.lo, self.hi, y.lo, y.hi
        above, below, y_above, y_below = a >= 0.0, b <= 0.0, c >= 0.0, d <= 0.0
        # The factors of the lowest product, and those of the highest one, by the signs of all ends.
        low = product_down(
            np.where(above | ~below, np.where(y_above, a, b), np.where(d >= 0.0, a, b)),
            np.where(above, c, np.where(below | y_above, d, c)),
        )
        high = product_up(
            np.where(above, np.where(d >= 0.0, b, a), np.where(y_above, b, a)),
            np.where(above | (~below & y_above), d, c),
        )
        mixed = ~(above | below | y_above | y_below)
        if mixed.any():
            low = np.where(mixed, np.minimum(product_down(a, d), product_down(b, c)), low)
            high = np.where(mixed, np.maximum(product_up(a, c), product_up(b, d)), high)
        return IntervalArray(low, high, self.partial | y.partial).where_empty(self, y)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: float) -> IntervalArray:
        return -self + other

    def __neg__(self) -> IntervalArray:
        return IntervalArray(-self.hi, -self.lo, self.partial)

    def __abs__(self) -> IntervalArray:
        low = np.maximum(np.maximum(self.lo, -self.hi), 0.0)
        return IntervalArray(low, np.maximum(-self.lo, self.hi), self.partial)


def interval_array(x: IntervalArray | Interval | float) -> IntervalArray:
    """Intervals, of a number or one interval for all rows."""
    if isinstance(x, IntervalArray):
        return x
    if isinstance(x, Interval):
        return IntervalArray(np.array([x.lo]), np.array([x.hi]), np.array([x.partial]))
    ends = np.array([float(x)])
    return IntervalArray(ends, ends, np.isnan(ends))


def points(column: FloatArray) -> IntervalArray:
    """The numbers of a column, each alone."""
    return IntervalArray(column, column, np.isnan(column))


def between(low: FloatArray, high: FloatArray) -> IntervalArray:
    """All numbers between those of two columns; nothing where one of these has none."""
    broken = np.isnan(low) | np.isnan(high)
    if not broken.any():
        return IntervalArray(low, high, broken)
    return IntervalArray(np.where(broken, np.nan, low), np.where(broken, np.nan, high), broken)


def of_rows(intervals: Sequence[Interval]) -> IntervalArray:
    """One interval a row."""
    ends = np.array([(x.lo, x.hi) for x in intervals]).reshape(-1, 2)
    return IntervalArray(ends[:, 0], ends[:, 1], np.array([x.partial for x in intervals], bool))
