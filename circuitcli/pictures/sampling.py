"""The samples of a curve: more of them where it bends, and a gap where it leaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

INTERVALS, SPLIT = 509, 11  # primes, so that kinks, which are at round numbers, fall between samples
ROUNDS, MOST = 3, 2_000  # how often intervals are split, and how many of them at once
SHOWS = 0.02  # of the height of a curve: a smaller change cannot be seen


class Samples(NamedTuple):
    """Points in ascending order, with the value and the slope at each; nan is a gap. Of the `points` that were first
    taken, at equal distances, `lost` have a value or a slope that is not finite."""

    xs: FloatArray
    values: FloatArray
    slopes: FloatArray
    points: int
    lost: int


def sampled(function: Callable[[FloatArray], tuple[FloatArray, FloatArray]], low: float, high: float) -> Samples:
    """Sample a function of points, which gives values and slopes, from one end to the other.

    It adds samples where the values move further than the slopes allow, where the slopes bend at once, and at the edge
    of the domain. What they do not resolve is a leap.
    """
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


def _height(ys: FloatArray) -> float:
    """The height of a curve without its ends and peaks; of a level one, a height above its rounding."""
    finite = ys[np.isfinite(ys)]
    if not len(finite):
        return 0.0
    quarter = 0.25 * finite  # differences and means of the largest floats are floats, too
    low, high = map(float, np.percentile(quarter, [5, 95]))
    return max(4.0 * (high - low), 4e-9 * float(np.median(np.abs(quarter))), 1e-300)


def _leaps(xs: FloatArray, values: FloatArray, slopes: FloatArray, height: float) -> FloatArray:
    """Mark the intervals in which the value moves further than the slopes at both ends allow."""
    with np.errstate(all="ignore"):
        rise, step = np.diff(values), np.diff(xs)
        ends = np.stack([slopes[:-1] * step, slopes[1:] * step])
        beyond = np.maximum(rise - ends.max(axis=0), ends.min(axis=0) - rise)
        return np.asarray(beyond > SHOWS * height)


def _bends(xs: FloatArray, slopes: FloatArray, height: float) -> FloatArray:
    """Mark the intervals in which the slope changes at once, as at a kink."""
    with np.errstate(all="ignore"):
        change = np.diff(slopes)
        rate = np.abs(change) / np.diff(xs)
        beside = np.maximum(np.append(rate[1:], 0.0), np.insert(rate[:-1], 0, 0.0))
        return np.asarray((rate > 20.0 * beside) & (np.abs(change) > SHOWS * height))


def _parted(
    xs: FloatArray, values: FloatArray, slopes: FloatArray, heights: tuple[float, float]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The samples with a gap at each leap that is left, of the value or of the slope alone."""
    leaps, bends = _leaps(xs, values, slopes, heights[0]), _bends(xs, slopes, heights[1])
    where = np.flatnonzero(leaps | bends)
    gaps = np.where(leaps[where], np.nan, values[where])
    return np.insert(xs, where + 1, xs[where]), np.insert(values, where + 1, gaps), np.insert(slopes, where + 1, np.nan)
