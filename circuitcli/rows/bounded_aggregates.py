"""Aggregates over rows of boxes: bounds over some rows, and how they join."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.engine.directed import sum_down, sum_up
from circuitcli.engine.interval import NOTHING, Interval, interval
from circuitcli.engine.interval_array import IntervalArray
from circuitcli.engine.interval_arrays import INTERVAL_ARRAYS
from circuitcli.engine.intervals import INTERVALS
from circuitcli.gate_facts import COUNT, EXPONENTIALS, EXTREME, SUMS, OverRows

if TYPE_CHECKING:
    from circuitcli.engine.interval_array import BoolArray
    from circuitcli.engine.protocol import FloatArray

BOUNDED = (COUNT, SUMS, EXTREME, EXPONENTIALS)  # what is gathered by aggregates that have bounds


class Gathered(NamedTuple):
    """The bounds of an aggregate over some rows, and of its slopes by nodes that are one number. Where it is an extreme
    these are of the rows that may have it."""

    value: Interval
    slopes: Mapping[int, Interval]


def _summed(x: IntervalArray, count: int) -> Interval:
    """Bounds of a sum over rows."""
    if x.empty.any():
        return NOTHING
    low, high = (np.broadcast_to(end, count) for end in (x.lo, x.hi))
    return Interval(-_sum_up(-low), _sum_up(high), bool(x.partial.any()))


def _sum_up(xs: FloatArray) -> float:
    """The least float that is not below the sum."""
    if not np.isfinite(xs).all():
        return math.inf if (xs == math.inf).any() else -math.inf
    numbers = xs.tolist()
    try:
        total = math.fsum(numbers)
        return math.nextafter(total, math.inf) if math.fsum(chain(numbers, [-total])) > 0.0 else total
    except OverflowError:  # on the way, or at the end
        return math.inf


def _sums(facts: OverRows, x: IntervalArray, slopes: Mapping[int, IntervalArray], count: int) -> Gathered:
    return Gathered(_summed(x, count), {i: _summed(slope, count) for i, slope in slopes.items()})


def _extreme(facts: OverRows, x: IntervalArray, slopes: Mapping[int, IntervalArray], count: int) -> Gathered:
    """The largest, or with a sign of -1 the smallest upside down."""
    x = x if facts.sign > 0 else -x
    low, high = float(x.lo.max()), float(x.hi.max())
    may_be = np.broadcast_to(x.hi >= low, count)
    found = {i: _all_of(slope, may_be) for i, slope in slopes.items()}
    return Gathered(Interval(low, high, bool(x.partial.any())), found)


def _exponentials(facts: OverRows, x: IntervalArray, slopes: Mapping[int, IntervalArray], count: int) -> Gathered:
    """The logarithm of a sum of exponentials, whose slopes are between those of rows."""
    if x.empty.any():
        return Gathered(NOTHING, dict.fromkeys(slopes, NOTHING))
    low, high = (_log_sum(IntervalArray(end, end, x.partial), count) for end in (x.lo, x.hi))
    every: BoolArray = np.ones(count, bool)
    found = {i: _all_of(slope, every) for i, slope in slopes.items()}
    return Gathered(Interval(low.lo, high.hi, bool(x.partial.any())), found)


def _log_sum(x: IntervalArray, count: int) -> Interval:
    top = float(x.hi.max())
    if not math.isfinite(top):
        return Interval(top, top)
    total = _summed(INTERVAL_ARRAYS.exp(x - top), count)
    return INTERVALS.log(total) + top


def _all_of(x: IntervalArray, rows: BoolArray) -> Interval:
    """The hull of the intervals of some rows."""
    low, high = (np.broadcast_to(end, len(rows))[rows] for end in (x.lo, x.hi))
    return Interval(float(low.min()), float(high.max())) if len(low) else NOTHING


def gathered(facts: OverRows, x: IntervalArray, slopes: Mapping[int, IntervalArray], count: int) -> Gathered:
    """The bounds of an aggregate over some rows from those of its argument, and of the slopes of that."""
    return _PARTS[facts.gathers](facts, x, slopes, count)


_PARTS: dict[str, Callable[[OverRows, IntervalArray, Mapping[int, IntervalArray], int], Gathered]] = {
    SUMS: _sums,
    EXTREME: _extreme,
    EXPONENTIALS: _exponentials,
}


def whole(facts: OverRows, parts: Sequence[Gathered], rows: int) -> Gathered:
    """The aggregate of all rows from those of some."""
    if facts.gathers == COUNT:
        return Gathered(interval(float(rows)), {})
    if not parts:
        return Gathered(interval(facts.empty), {})
    nodes, values = [*parts[0].slopes], [part.value for part in parts]
    if any(x.empty for x in values):
        return Gathered(NOTHING, dict.fromkeys(nodes, NOTHING))
    partial = any(x.partial for x in values)
    if facts.gathers == SUMS:
        share = interval(float(rows) if facts.average else 1.0)
        value, *slopes = (
            INTERVALS.div(_total(xs), share)
            for xs in (values, *([part.slopes[i] for part in parts] for i in nodes))
        )  # fmt: skip
        return Gathered(value, dict(zip(nodes, slopes, strict=True)))
    if facts.gathers == EXTREME:
        low, high = max(x.lo for x in values), max(x.hi for x in values)
        parts = [part for part in parts if part.value.hi >= low]
        value = Interval(low, high, partial)
        value = value if facts.sign > 0 else -value
    else:
        value = INTERVALS.logsumexp(*values) if len(values) > 1 else values[0]
    hulls = {i: _hull([part.slopes[i] for part in parts]) for i in nodes}
    return Gathered(value, hulls)


def _total(xs: Sequence[Interval]) -> Interval:
    total = xs[0]
    for x in xs[1:]:
        if total.empty or x.empty:
            return NOTHING
        total = Interval(sum_down(total.lo, x.lo), sum_up(total.hi, x.hi), total.partial or x.partial)
    return total


def _hull(xs: Sequence[Interval]) -> Interval:
    return NOTHING if any(x.empty for x in xs) else Interval(min(x.lo for x in xs), max(x.hi for x in xs))
