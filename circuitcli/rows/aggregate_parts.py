"""Aggregates: a part for each block of rows, the join of two parts, and the value and slopes of the last.

Blocks join in one fixed tree, so that an answer does not depend on who computed which part. Sum and means add up;
variances join by co-moments (Welford 1962; Chan, Golub & LeVeque 1983), never as a difference of squares; logsumexp
by its running maximum; the largest and the smallest with their ties, which share the slope. Medians and quantiles
keep the numbers of all rows.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from circuitcli.engine.floats import FLOATS, UNIT
from circuitcli.engine.number_list import NumberList, Totals
from circuitcli.errors import UsageError
from circuitcli.gate_facts import OverRows
from circuitcli.gates import GATES
from circuitcli.systems import memory

if TYPE_CHECKING:
    from circuitcli.engine.tracer import Recorder, Traced
    from circuitcli.rows.nudged_rows import Lost

Part = TypeVar("Part", bound="Joins")


class Joins(Protocol):
    """A part that some rows give, which joins with the part of the next rows."""

    def join(self: Part, other: Part, /) -> Part: ...


class Statistic(Joins, Protocol):
    """The part of one aggregate, from an array whose rows are its argument and the slopes of that."""

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        """Return the value over all rows, the slopes, and the slopes by the arguments that are one number, whose values
        are `beside`."""
        ...

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        """Write down the slopes of the value by the arguments in one row, where these are `xs`."""
        ...


class Sum(NamedTuple):
    """The sums of the argument and of its slopes."""

    total: Totals

    def join(self, other: Sum) -> Sum:
        return Sum(self.total + other.total)

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        share = self.total / (count if facts.average else 1.0)
        return float(share[0]), share[1:]

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        return [1.0 / count if facts.average else 1.0]


class Moments(NamedTuple):
    """The means of the argument and of its slopes, each as a number near it and what that lacks, for the digits of a
    spread far from 0 are in there; and the sum of products of their distances from them."""

    rows: float
    near: Totals
    rest: Totals
    products: Totals

    def join(self, other: Moments) -> Moments:
        count, apart, rest, weight = _means_joined(self, other)
        return Moments(count, self.near, rest, self.products + other.products + apart * apart[0] * weight)

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        spread = self.products / (self.rows - 1.0) if self.rows > 1.0 else self.products * math.nan
        if not facts.root:
            return float(spread[0]), spread[1:] * 2.0
        root = FLOATS.sqrt(float(spread[0]))
        return root, spread[1:] / root

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        value, _ = self.answer(facts, count, beside)
        apart = (xs[0] - float(self.near[0])) - float(self.rest[0])
        return [m.div(m.div(apart, value), self.rows - 1.0) if facts.root else m.div(apart * 2.0, self.rows - 1.0)]


class Extreme(NamedTuple):
    """The largest (of max) or smallest value, in how many rows it is, and the sums of the slopes there."""

    top: float
    ties: float
    slopes: Totals
    sign: float

    def join(self, other: Extreme) -> Extreme:
        if self.top != self.top or self.sign * self.top > self.sign * other.top:
            return self
        if self.top == other.top:
            return self._replace(ties=self.ties + other.ties, slopes=self.slopes + other.slopes)
        return other

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        return self.top, self.slopes / self.ties if self.ties else self.slopes * math.nan

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        return [_where_equal(m, xs[0], self.top, FLOATS.div(1.0, self.ties))]


class Exponentials(NamedTuple):
    """The largest value, and over the rows the sums of exp(value - largest), alone and times each slope."""

    top: float
    sums: Totals

    def join(self, other: Exponentials) -> Exponentials:
        high, low = (self, other) if self.top >= other.top or self.top != self.top else (other, self)
        factor = _function("exp", self.sums)(low.top - high.top) if high.top != low.top else 1.0
        return Exponentials(high.top, high.sums + low.sums * factor)

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        value = self.top + _function("log", self.sums)(self.sums[0]) if math.isfinite(self.top) else self.top
        return float(value), self.sums[1:] / self.sums[0]

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        return [m.exp(xs[0] - self.answer(facts, count, beside)[0])]


class CoMoments(NamedTuple):
    """The means of two arguments and of the slopes of both, as `Moments` has them, and the sums of products of their
    distances from them with those of the first argument and of the second."""

    rows: float
    near: Totals
    rest: Totals
    with_x: Totals
    with_y: Totals

    def join(self, other: CoMoments) -> CoMoments:
        count, apart, rest, weight = _means_joined(self, other)
        with_x = self.with_x + other.with_x + apart * apart[0] * weight
        with_y = self.with_y + other.with_y + apart * apart[1] * weight
        return CoMoments(count, self.near, rest, with_x, with_y)

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        """Pearson's r = Sxy/sqrt(Sxx*Syy); between -1 and 1, which rounding may not leave."""
        a, b = self._spread(self.with_x, 0), self._spread(self.with_y, 1)
        has_one = 0.0 < a < math.inf and 0.0 < b < math.inf
        r = max(-1.0, min(float(self.with_x[1]) / a / b, 1.0)) if has_one else math.nan
        middle = 2 + (len(self.near) - 2) // 2
        by_x = (self.with_y[2:middle] / b - self.with_x[2:middle] / a * r) / a
        by_y = (self.with_x[middle:] / a - self.with_y[middle:] / b * r) / b
        return r, by_x + by_y

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        a, b = self._spread(self.with_x, 0), self._spread(self.with_y, 1)
        r, _ = self.answer(facts, count, beside)
        x, y = (
            m.div((u - float(self.near[i])) - float(self.rest[i]), size)
            for i, (u, size) in enumerate(zip(xs, (a, b), strict=True))
        )
        return [m.div(y - x * r, a), m.div(x - y * r, b)]

    def _spread(self, products: Totals, k: int) -> float:
        """The root of the squared distances of an argument from its mean; 0 where they are all rounding of that."""
        size = FLOATS.sqrt(float(products[k]))
        return 0.0 if size <= 2.0 * UNIT * abs(float(self.near[k])) * math.sqrt(self.rows) else size


def _means_joined(part: Moments | CoMoments, other: Moments | CoMoments) -> tuple[float, Totals, Totals, float]:
    """The rows of two parts, the distances of their means, what the means of all lack of those near the first, and the
    weight of products of these distances."""
    count = part.rows + other.rows
    apart = (other.near - part.near) + (other.rest - part.rest)
    return count, apart, part.rest + apart * (other.rows / count), part.rows * other.rows / count


class Order(NamedTuple):
    """The numbers of the argument and its slopes in every row, in pieces."""

    pieces: tuple[Any, ...]

    def join(self, other: Order) -> Order:
        found = Order((*self.pieces, *other.pieces))
        _refuse_too_many(8 * sum(len(numbers) for piece in found.pieces for numbers in piece))
        return found

    def answer(self, facts: OverRows, count: int, beside: Sequence[float]) -> tuple[float, Totals]:
        """The number at (n - 1)*share in the order of all, linear between neighbours (Hyndman and Fan 1996, type 7);
        rows with a number in common share its slope."""
        numbers, *slopes = _side_by_side(self.pieces)
        low, high, part = _between(numbers, count, beside)
        if low != low:
            return math.nan, [math.nan] * (len(slopes) + len(beside))
        value = low if part == 0.0 or low == high else low * (1.0 - part) + high * part
        found = [float(x) for x in _mean_where(numbers, low, slopes)]
        if part:
            found = [
                u * (1.0 - part) + v * part for u, v in zip(found, _mean_where(numbers, high, slopes), strict=True)
            ]
        return value, [*found, *([(high - low) * (count - 1)] if beside else [])]

    def weights(
        self, m: Recorder, facts: OverRows, count: int, beside: Sequence[float], xs: Sequence[Traced]
    ) -> Sequence[Traced]:
        numbers = _side_by_side(self.pieces)[0]
        low, high, part = _between(numbers, count, beside)
        at_low, at_high = (_where_equal(m, xs[0], top, 1.0 / max(_count(numbers, top), 1)) for top in (low, high))
        return [at_low * (1.0 - part) + at_high * part]


def _between(numbers: Any, count: int, beside: Sequence[float]) -> tuple[float, float, float]:
    """The neighbours in the order of numbers, and the part of the way from the first to the second; nan where there are
    none."""
    share = beside[0] if beside else 0.5
    if not 0.0 <= share <= 1.0 or _has_nan(numbers):
        return math.nan, math.nan, 0.0
    at = (count - 1) * share
    k = int(at)
    low, high = _in_order(numbers, (k, min(k + 1, count - 1)))
    return low, high, at - k


def _side_by_side(pieces: Sequence[Any]) -> Any:
    """Pieces of rows as one."""
    if isinstance(pieces[0], list):
        return [[x for column in columns for x in column] for columns in zip(*pieces, strict=True)]
    import numpy

    return pieces[0] if len(pieces) == 1 else numpy.concatenate(pieces, axis=1)


def _has_nan(numbers: Any) -> bool:
    return any(x != x for x in numbers) if isinstance(numbers, list) else bool((numbers != numbers).any())


def _in_order(numbers: Any, places: Sequence[int]) -> list[float]:
    """The numbers at some places of their order."""
    if isinstance(numbers, list):
        ordered = sorted(numbers)
    else:
        import numpy

        ordered = numpy.partition(numbers, places)
    return [float(ordered[k]) for k in places]


def _count(numbers: Any, number: float) -> int:
    return numbers.count(number) if isinstance(numbers, list) else int((numbers == number).sum())


def _where_equal(m: Recorder, x: Traced, number: float, weight: float) -> Traced:
    return m.where(m.eq(x, number), weight, 0.0)


def _mean_where(numbers: Any, number: float, slopes: Sequence[Any]) -> Totals:
    """The means of slopes over the rows that have a number."""
    if isinstance(numbers, list):
        here = [i for i, x in enumerate(numbers) if x == number]
        return NumberList([NumberList([slope[i] for i in here]).sum() for slope in slopes]) / float(len(here))
    there = numbers == number
    return [slope[there].sum() / float(there.sum()) for slope in slopes]


def _refuse_too_many(size: int) -> None:
    """Raise UsageError where the numbers of an order, of so many bytes, would not fit into memory twice."""
    if (room := memory()) and 2 * size > room:
        why = f"median and quantile need the numbers of all rows at a time, and {size / 2**30:.1f} GB do not fit"
        raise UsageError(f"{why} into memory twice", "choose rows with --where, or groups with --by")


def _function(name: str, totals: Totals) -> Callable[[float], float]:
    """A function, as the arithmetic of some totals has it."""
    if isinstance(totals, NumberList):
        found: Callable[[float], float] = getattr(FLOATS, name)
        return found
    import numpy

    of_arrays: Callable[[float], float] = getattr(numpy, name)
    return of_arrays


class Leaf(NamedTuple):
    """Some rows: their number, the number of rows in which something gathered is not finite, the number of those in
    which a column already was not, a part of each aggregate, and what was lost of their slopes, if anything was."""

    rows: int
    nonfinite: int
    came_in: int
    parts: tuple[Statistic, ...]
    lost: Lost | None = None

    def join(self, other: Leaf) -> Leaf:
        parts = tuple([a.join(b) for a, b in zip(self.parts, other.parts, strict=True)])
        lost = self.lost.join(other.lost) if self.lost and other.lost else self.lost or other.lost
        rows, nonfinite, came_in = (a + b for a, b in zip(self[:3], other[:3], strict=True))
        return Leaf(rows, nonfinite, came_in, parts, lost)


class Tree(Generic[Part]):
    """Parts in order, joined with neighbours of their own size first: the same for any number of them known so far."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Part]] = []

    def add(self, part: Part) -> None:
        size = 1
        while self._waiting and self._waiting[-1][0] == size:
            part, size = _join(self._waiting.pop()[1], part), size * 2
        self._waiting.append((size, part))

    def joined(self) -> Part | None:
        """Join all parts to one; None where there is none."""
        whole = None
        for _, part in reversed(self._waiting):
            whole = part if whole is None else _join(part, whole)
        return whole


def quietly() -> AbstractContextManager[object]:
    """No warnings of NumPy, if it is there: what overflows is seen in the answer."""
    numpy = sys.modules.get("numpy")
    return nullcontext() if numpy is None else numpy.errstate(all="ignore")


def _join(part: Part, other: Part) -> Part:
    """Join two parts."""
    with quietly():
        return part.join(other)


def joined(parts: Iterable[Part]) -> Part | None:
    """Join parts in order to one; None where there is none."""
    tree: Tree[Part] = Tree()
    for part in parts:
        tree.add(part)
    return tree.joined()


def facts_of(gate: str) -> OverRows:
    """The facts of an aggregate."""
    facts = GATES[gate].over_rows
    assert facts is not None
    return facts


def answer(gate: str, part: Statistic, count: int, beside: Sequence[float] = ()) -> tuple[float, Totals]:
    """Return the value of an aggregate and its slopes, from what all rows say, and from the numbers beside them."""
    return part.answer(facts_of(gate), count, beside)


def of_nothing(gate: str, slopes: int) -> tuple[float, Totals]:
    """Return the value and the slopes of an aggregate over no rows: 0 where the value is a number."""
    value = facts_of(gate).empty
    return value, [0.0 * value] * slopes
