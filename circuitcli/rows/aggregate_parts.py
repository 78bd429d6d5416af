"""Aggregates: a part for each block of rows, the join of two parts, and the value and slopes of the last.

Blocks join in one fixed tree, so that an answer does not depend on who computed which part. Sum and means add up;
variances join by co-moments (Welford 1962; Chan, Golub & LeVeque 1983), never as a difference of squares; logsumexp
by its running maximum; the largest and the smallest with their ties, which share the slope.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.number_list import NumberList, Totals
from circuitcli.gate_facts import OverRows
from circuitcli.gates import GATES

if TYPE_CHECKING:
    from circuitcli.rows.nudged_rows import Lost

Part = TypeVar("Part", bound="Joins")


class Joins(Protocol):
    """A part that some rows give, which joins with the part of the next rows."""

    def join(self: Part, other: Part, /) -> Part: ...


class Statistic(Joins, Protocol):
    """The part of one aggregate, from an array whose rows are its argument and the slopes of that."""

    def answer(self, facts: OverRows, count: int) -> tuple[float, Totals]:
        """Return the value and the slopes over all rows."""
        ...


class Sum(NamedTuple):
    """The sums of the argument and of its slopes."""

    total: Totals

    def join(self, other: Sum) -> Sum:
        return Sum(self.total + other.total)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Totals]:
        share = self.total / (count if facts.average else 1.0)
        return float(share[0]), share[1:]


class Moments(NamedTuple):
    """The means of the argument and of its slopes, and the sum of products of their distances from them."""

    rows: float
    mean: Totals
    products: Totals

    def join(self, other: Moments) -> Moments:
        count = self.rows + other.rows
        apart = other.mean - self.mean
        mean = self.mean + apart * (other.rows / count)
        products = self.products + other.products + apart * apart[0] * (self.rows * other.rows / count)
        return Moments(count, mean, products)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Totals]:
        spread = self.products / (self.rows - 1.0) if self.rows > 1.0 else self.products * math.nan
        if not facts.root:
            return float(spread[0]), spread[1:] * 2.0
        root = FLOATS.sqrt(float(spread[0]))
        return root, spread[1:] / root


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

    def answer(self, facts: OverRows, count: int) -> tuple[float, Totals]:
        return self.top, self.slopes / self.ties if self.ties else self.slopes * math.nan


class Exponentials(NamedTuple):
    """The largest value, and over the rows the sums of exp(value - largest), alone and times each slope."""

    top: float
    sums: Totals

    def join(self, other: Exponentials) -> Exponentials:
        high, low = (self, other) if self.top >= other.top or self.top != self.top else (other, self)
        factor = _function("exp", self.sums)(low.top - high.top) if high.top != low.top else 1.0
        return Exponentials(high.top, high.sums + low.sums * factor)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Totals]:
        value = self.top + _function("log", self.sums)(self.sums[0]) if math.isfinite(self.top) else self.top
        return float(value), self.sums[1:] / self.sums[0]


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


def answer(gate: str, part: Statistic, count: int) -> tuple[float, Totals]:
    """Return the value of an aggregate and its slopes, from what all rows say."""
    return part.answer(facts_of(gate), count)


def of_nothing(gate: str, slopes: int) -> tuple[float, Totals]:
    """Return the value and the slopes of an aggregate over no rows: 0 where the value is a number."""
    value = facts_of(gate).empty
    return value, [0.0 * value] * slopes
