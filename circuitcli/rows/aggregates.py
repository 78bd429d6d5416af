"""Aggregates: a part for each block of rows, the join of two parts, and the value and slopes of the last.

Blocks join in one fixed tree, so that an answer does not depend on who computed which part. Sum and means add up;
variances join by co-moments (Welford 1962; Chan, Golub & LeVeque 1983), never as a difference of squares; logsumexp
by its running maximum; the largest and the smallest with their ties, which share the slope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.protocol import Kernel
from circuitcli.gate_facts import EXPONENTIALS, EXTREME, MOMENTS, SUMS, OverRows
from circuitcli.gates import GATES
from circuitcli.rows.kernels import GatherPrograms
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from circuitcli.rows.lost_rows import Lost, LostRows

    Array: TypeAlias = NDArray[np.float64]

Part = TypeVar("Part", bound="Joins")


class Joins(Protocol):
    """A part that some rows give, which joins with the part of the next rows."""

    def join(self: Part, other: Part, /) -> Part: ...


class Statistic(Joins, Protocol):
    """The part of one aggregate, from an array whose rows are its argument and the slopes of that."""

    def answer(self, facts: OverRows, count: int) -> tuple[float, Array]:
        """Return the value and the slopes over all rows."""
        ...


class Sum(NamedTuple):
    """The sums of the argument and of its slopes."""

    total: Array

    def join(self, other: Sum) -> Sum:
        return Sum(self.total + other.total)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Array]:
        share = self.total / (count if facts.average else 1.0)
        return float(share[0]), share[1:]


class Moments(NamedTuple):
    """The means of the argument and of its slopes, and the sum of products of their distances from them."""

    rows: float
    mean: Array
    products: Array

    @classmethod
    def of(cls, rows: Array) -> Moments:
        mean = _sum(rows) / rows.shape[1]
        apart = rows - mean[:, None]
        return cls(float(rows.shape[1]), mean, _sum(apart * apart[0]))

    def join(self, other: Moments) -> Moments:
        count = self.rows + other.rows
        apart = other.mean - self.mean
        mean = self.mean + apart * (other.rows / count)
        products = self.products + other.products + apart * apart[0] * (self.rows * other.rows / count)
        return Moments(count, mean, products)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Array]:
        spread = self.products / (self.rows - 1.0) if self.rows > 1.0 else self.products * np.nan
        if not facts.root:
            return float(spread[0]), 2.0 * spread[1:]
        root = np.sqrt(spread[0])
        return float(root), spread[1:] / root


class Extreme(NamedTuple):
    """The largest (of max) or smallest value, in how many rows it is, and the sums of the slopes there."""

    top: float
    ties: float
    slopes: Array
    sign: float

    @classmethod
    def of(cls, rows: Array, sign: float) -> Extreme:
        top = (sign * rows[0]).max() * sign
        here = rows[0] == top
        return cls(float(top), float(np.count_nonzero(here)), _sum(rows[1:, here]), sign)

    def join(self, other: Extreme) -> Extreme:
        if self.top != self.top or self.sign * self.top > self.sign * other.top:
            return self
        if self.top == other.top:
            return self._replace(ties=self.ties + other.ties, slopes=self.slopes + other.slopes)
        return other

    def answer(self, facts: OverRows, count: int) -> tuple[float, Array]:
        return self.top, self.slopes / self.ties if self.ties else self.slopes * np.nan


class Exponentials(NamedTuple):
    """The largest value, and over the rows the sums of exp(value - largest), alone and times each slope."""

    top: float
    sums: Array

    @classmethod
    def of(cls, rows: Array) -> Exponentials:
        top = rows[0].max()
        weights = np.exp(rows[0] - top) if np.isfinite(top) else np.where(rows[0] == top, 1.0, 0.0)
        return cls(float(top), _sum(np.vstack([weights, rows[1:] * weights])))

    def join(self, other: Exponentials) -> Exponentials:
        high, low = (self, other) if self.top >= other.top or self.top != self.top else (other, self)
        factor = np.exp(low.top - high.top) if high.top != low.top else 1.0
        return Exponentials(high.top, high.sums + low.sums * factor)

    def answer(self, facts: OverRows, count: int) -> tuple[float, Array]:
        value = self.top + np.log(self.sums[0]) if np.isfinite(self.top) else self.top
        return float(value), self.sums[1:] / self.sums[0]


_STATISTICS: dict[str, Callable[[Array, OverRows], Statistic]] = {
    SUMS: lambda rows, facts: Sum(rows),
    MOMENTS: lambda rows, facts: Moments.of(rows),
    EXTREME: lambda rows, facts: Extreme.of(rows, facts.sign),
    EXPONENTIALS: lambda rows, facts: Exponentials.of(rows),
}


def _sum(rows: Array) -> Array:
    total: Array = rows.sum(axis=1)
    return total


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


def _join(part: Part, other: Part) -> Part:
    """Join two parts; what overflows is seen in the answer."""
    with np.errstate(all="ignore"):
        return part.join(other)


def joined(parts: Iterable[Part]) -> Part | None:
    """Join parts in order to one; None where there is none."""
    tree: Tree[Part] = Tree()
    for part in parts:
        tree.add(part)
    return tree.joined()


class Gatherer:
    """Blocks of rows -> leaves."""

    def __init__(
        self, varying: Varying, programs: GatherPrograms, sums: Kernel, rows: Kernel, scalars: Mapping[str, float]
    ) -> None:
        self.graph = varying.graph
        self.programs = programs
        self._sums, self._rows, self._scalars = sums, rows, scalars
        self._slopes = [(self.graph.nodes[found.node].args[0], found.slopes) for found in programs.gathered]

    def leaf(self, columns: Mapping[str, Array], count: int) -> Leaf:
        """Gather at most one block of rows."""
        assert 0 < count <= BLOCK
        summed = results = None
        underflowed = False
        if self._sums.program.outputs:
            (summed,), underflowed = self._sums.sums(columns, self._scalars, count)
        if self._rows.program.outputs:
            results = np.empty((len(self._rows.program.outputs), count))
            underflowed |= self._rows.rows(columns, self._scalars, list(results))
        parts: list[Statistic] = []
        with np.errstate(all="ignore"):
            for node, slopes, first, is_sum in self.programs.gathered:
                source = summed if is_sum else results
                assert source is not None
                facts = _facts(self.graph.nodes[node].gate)
                parts.append(_STATISTICS[facts.gathers](source[first : first + 1 + len(slopes)], facts))
            fine = (summed is None or np.isfinite(summed).all()) and (results is None or np.isfinite(results).all())
        bad, came = (0, 0) if fine else self._nonfinite(columns, count, results)
        lost = (
            self._lost_rows.among(columns, self._scalars, count)
            if underflowed and any(by for _, by in self._slopes)
            else None
        )
        return Leaf(count, bad, came, tuple(parts), lost)

    @cached_property
    def _lost_rows(self) -> LostRows:
        from circuitcli.rows.lost_rows import LostRows  # which few rows need

        return LostRows(self.graph, [*self.programs.sums.columns, *self.programs.rows.columns], self._slopes)

    def _nonfinite(self, columns: Mapping[str, Array], count: int, results: Array | None) -> tuple[int, int]:
        """Count the rows in which something gathered is infinite or nan, and those of them in which a column was."""
        bad: Array = np.zeros(count, bool)
        if self._sums.program.outputs:
            rows = np.empty((len(self._sums.program.outputs), count))
            self._sums.rows(columns, self._scalars, list(rows))
            bad |= ~np.isfinite(rows).all(axis=0)
        if results is not None:
            bad |= ~np.isfinite(results).all(axis=0)
        came: Array = np.zeros(count, bool)
        for column in columns.values():
            came |= ~np.isfinite(column)
        return int(np.count_nonzero(bad)), int(np.count_nonzero(bad & came))


def _facts(gate: str) -> OverRows:
    facts = GATES[gate].over_rows
    assert facts is not None
    return facts


def answer(gate: str, part: Statistic, count: int) -> tuple[float, Array]:
    """Return the value of an aggregate and its slopes, from what all rows say."""
    return part.answer(_facts(gate), count)


def of_nothing(gate: str, slopes: int) -> tuple[float, Array]:
    """Return the value and the slopes of an aggregate over no rows: 0 where the value is a number."""
    value = _facts(gate).empty
    return value, np.full(slopes, 0.0 * value)
