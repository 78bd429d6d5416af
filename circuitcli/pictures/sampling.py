"""The samples of a curve: more of them where it needs them, and a gap where it leaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

INTERVALS, SPLIT = 509, 11  # primes: round numbers, at which kinks are, are between samples and not on them
ROUNDS, MOST = 3, 2_000  # how often intervals are split, and how many of them at once
SHOWS = 0.02  # of the height of a curve: what is less is not seen

Array = Any  # numpy.ndarray
Function = Callable[[Array], tuple[Array, Array]]  # of the points: the values and the slopes there


class Samples(NamedTuple):
    """Points in ascending order, with the value and the slope at each: nan is a gap. `points` are those that were
    asked for at equal distances, `lost` those of them at which the value or the slope is not finite."""

    xs: Array
    values: Array
    slopes: Array
    points: int
    lost: int


def sampled(function: Function, low: float, high: float) -> Samples:
    """A function from one end to the other. Where the values move further than the slopes allow, where the slopes
    bend at once, and at the edge of the domain samples are added; what they do not resolve is a leap."""
    xs = np.linspace(low, high, INTERVALS + 1)
    values, slopes = function(xs)
    lost = int(np.count_nonzero(~(np.isfinite(values) & np.isfinite(slopes))))
    heights = _height(values), _height(slopes)
    for _ in range(ROUNDS):
        with np.errstate(over="ignore", invalid="ignore"):
            steep = np.abs(slopes * np.gradient(xs)) > heights[0]
        doubtful = _leaps(xs, values, slopes, heights[0]) | _bends(xs, slopes, heights[1]) | steep[1:] | steep[:-1]
        doubtful |= np.isfinite(values[1:]) != np.isfinite(values[:-1])
        where = np.flatnonzero(doubtful)
        if not 0 < len(where) <= MOST:
            break
        shares = np.arange(1, SPLIT) / SPLIT
        more = (xs[where, None] * (1.0 - shares) + xs[where + 1, None] * shares).ravel()
        order = np.argsort(np.concatenate([xs, more]), kind="stable")
        found = zip((xs, values, slopes), (more, *function(more)), strict=True)
        xs, values, slopes = (np.concatenate(pair)[order] for pair in found)
    return Samples(*_parted(xs, values, slopes, heights), INTERVALS + 1, lost)


def _height(ys: Array) -> float:
    """How high the curve is without its ends and peaks; of one that is level, what rounding is less than."""
    finite = ys[np.isfinite(ys)]
    if not len(finite):
        return 0.0
    low, high = map(float, np.percentile(finite, [5, 95]))
    return max(high - low, 1e-9 * float(np.median(np.abs(finite))), 1e-300)


def _leaps(xs: Array, values: Array, slopes: Array, height: float) -> Array:
    """Between which samples the value moves further than the slopes at both allow."""
    with np.errstate(all="ignore"):
        rise, step = np.diff(values), np.diff(xs)
        ends = np.stack([slopes[:-1] * step, slopes[1:] * step])
        beyond = np.maximum(rise - ends.max(axis=0), ends.min(axis=0) - rise)
        return np.asarray(beyond > SHOWS * height)


def _bends(xs: Array, slopes: Array, height: float) -> Array:
    """Between which samples the slope changes at once, as it does at a kink."""
    with np.errstate(all="ignore"):
        change = np.diff(slopes)
        rate = np.abs(change) / np.diff(xs)
        beside = np.maximum(np.append(rate[1:], 0.0), np.insert(rate[:-1], 0, 0.0))
        return np.asarray((rate > 20.0 * beside) & (np.abs(change) > SHOWS * height))


def _parted(xs: Array, values: Array, slopes: Array, heights: tuple[float, float]) -> tuple[Array, Array, Array]:
    """The samples with a gap wherever there is still a leap: of the value, or of the slope alone."""
    leaps, bends = _leaps(xs, values, slopes, heights[0]), _bends(xs, slopes, heights[1])
    where = np.flatnonzero(leaps | bends)
    gaps = np.where(leaps[where], np.nan, values[where])
    return np.insert(xs, where + 1, xs[where]), np.insert(values, where + 1, gaps), np.insert(slopes, where + 1, np.nan)
