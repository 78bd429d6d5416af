"""Conditions on intervals over rows, of three values: a row meets one, or does not, or some inputs of its box do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.interval import Interval
from circuitcli.engine.interval_array import IntervalArray, interval_array

if TYPE_CHECKING:
    from circuitcli.engine.interval_array import BoolArray

    Wire = IntervalArray | Interval | float


class Undecided(NamedTuple):
    """A condition that rows decide otherwise, or not at all: where it may be true, and where it may not be."""

    may: BoolArray
    may_not: BoolArray


Condition = bool | Undecided


def _condition(may: BoolArray, may_not: BoolArray) -> Condition:
    """A condition by where it may be true and where it may be false. It is known at once only where it is that of what
    all rows share: the bounds of a row hang on no other."""
    if len(may) > 1 or len(may_not) > 1 or (may[0] and may_not[0]):
        return Undecided(may, may_not)
    return bool(may[0])


class IntervalConditions:
    """Comparisons and logic. What may be no number compares as nan does."""

    def lt(self, x: Wire, y: Wire) -> Condition:
        x, y = interval_array(x), interval_array(y)
        return _condition(((x.lo < y.hi) | _at_pole(x, y)) & ~x.is_same(y), ~(x.hi < y.lo) | x.partial | y.partial)

    def le(self, x: Wire, y: Wire) -> Condition:
        x, y = interval_array(x), interval_array(y)
        certain = (x.hi <= y.lo) | x.is_same(y)
        return _condition((x.lo <= y.hi) | _at_pole(x, y), ~certain | x.partial | y.partial)

    def gt(self, x: Wire, y: Wire) -> Condition:
        return self.lt(y, x)

    def ge(self, x: Wire, y: Wire) -> Condition:
        return self.le(y, x)

    def eq(self, x: Wire, y: Wire) -> Condition:
        x, y = interval_array(x), interval_array(y)
        certain = ((x.lo == x.hi) & (x.hi == y.lo) & (y.lo == y.hi)) | x.is_same(y)
        may = ((x.lo <= y.hi) & (y.lo <= x.hi)) | (x.partial & y.partial & _at_pole(x, y))
        return _condition(may, ~certain | x.partial | y.partial)

    def ne(self, x: Wire, y: Wire) -> Condition:
        return self.not_(self.eq(x, y))

    def truth(self, x: Wire) -> Condition:
        return self.ne(x, 0.0)

    def isnan(self, x: Wire) -> Condition:
        empty = interval_array(x).empty
        return _condition(empty, ~empty)

    def and_(self, a: Condition, b: Condition) -> Condition:
        if not (isinstance(a, Undecided) and isinstance(b, Undecided)):
            return (b if a else False) if not isinstance(a, Undecided) else (a if b else False)
        return _condition(a.may & b.may, a.may_not | b.may_not)

    def or_(self, a: Condition, b: Condition) -> Condition:
        return self.not_(self.and_(self.not_(a), self.not_(b)))

    def not_(self, a: Condition) -> Condition:
        return Undecided(a.may_not, a.may) if isinstance(a, Undecided) else not a


def _at_pole(x: IntervalArray, y: IntervalArray) -> BoolArray:
    """Where a side may be infinite, as 1/x is at 0, beside a number: its bounds are of other inputs."""
    found: BoolArray = (x.partial | y.partial) & ~(x.empty | y.empty)
    return found
