"""From numbers to places in a picture: ranges, ticks, levels of contours, lengths of arrows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.errors import columns
from circuitcli.pictures.shown_numbers import BIGGEST

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray
    from circuitcli.pictures.sweep import Arrows, Span

LEVEL = 1e-12  # of the size of numbers: those that differ by less differ by rounding
SMALLEST = 1e-300  # smaller differences are drawn as none: in the steps of a ruler they would be subnormal
CROWDED = 0.5  # the largest share of a picture that may lie within a sixteenth of its height
SHORTEST = 0.25  # the length of the shortest arrow; that of the longest is 1
COMMON = 7  # ticks of a ruler, where there is room
SHORT = 6  # characters of an end of a ruler that is told

Range = tuple[float, float]


def extent(xs: FloatArray, ys: FloatArray, share: float = 10.0) -> Range:
    """The visible range of a curve: all of it, but only the foot of a pole, which leaves out so many percent of the
    width."""
    ys = drawn(ys)
    if np.isnan(ys).all():
        return 0.0, 1.0
    return wide(*_ends(ys, ys[np.searchsorted(xs, np.linspace(xs[0], xs[-1], 500))], share))


def drawn(values: FloatArray) -> FloatArray:
    """Numbers with nan in place of those that are not drawn."""
    return np.where(np.abs(values) < BIGGEST, values, np.nan)


def heights(values: FloatArray) -> Range:
    """The visible range of a grid, without room round it."""
    values = drawn(values)
    return (0.0, 0.0) if np.isnan(values).all() else _ends(values, values, 10.0)


def _ends(ys: FloatArray, even: FloatArray, share: float) -> Range:
    """The least and the greatest number; at a pole, where it is far from the numbers beside it, the foot of the pole
    instead. `even` are numbers at equal distances."""
    low, high = map(float, np.nanpercentile(even, [share, 100.0 - share]))
    reach = 0.5 * (high - low)
    ends = []
    for k, foot in ((np.nanargmin(ys), low - reach), (np.nanargmax(ys), high + reach)):
        beside = ys[tuple(slice(max(i - 1, 0), i + 2) for i in np.unravel_index(k, ys.shape))]
        y = float(ys.flat[k])
        apart = np.isfinite(beside).sum() == 1 or np.nanmax(beside) - np.nanmin(beside) > 0.25 * abs(y)
        ends.append(y if low - reach <= y <= high + reach or not apart else float(foot))
    return ends[0], ends[1]


def wide(low: float, high: float) -> Range:
    """A range with some room round it; one that is a single number, or rounding alone, is made wider."""
    size, half = max(abs(low), abs(high)), 0.5 * high - 0.5 * low
    margin = 0.1 * half if half > max(LEVEL * size, SMALLEST) else 0.1 * size if size > SMALLEST else 1.0
    return low - margin, high + margin


def scales(
    xs: FloatArray, values: FloatArray, slopes: FloatArray, band: Sequence[FloatArray] = ()
) -> tuple[Range, Range | None]:
    """The range of a curve and of its `band`, and a range of its slope where one for both would hide either: where a
    curve that is not level would have less than a tenth of the height."""
    ranges = scale((xs, ys) for ys in (values, *band)), extent(xs, slopes, 25.0)
    both = min(low for low, _ in ranges), max(high for _, high in ranges)
    least = 0.1 * (both[1] - both[0])
    if all(high - low > least or _level(ys) for (low, high), ys in zip(ranges, (values, slopes), strict=True)):
        return both, None
    return ranges


def scale(curves: Iterable[tuple[FloatArray, FloatArray]]) -> Range:
    """The range of several curves, each of its points and its values."""
    lows, highs = zip(*(extent(xs, ys) for xs, ys in curves), strict=True)
    return min(lows), max(highs)


def _level(ys: FloatArray) -> bool:
    """Whether a curve is constant, but for rounding."""
    finite = ys[np.isfinite(ys)]
    return not len(finite) or bool(np.ptp(finite) <= LEVEL * np.abs(finite).max())


def seen(ys: FloatArray, low: float, high: float) -> FloatArray:
    """A curve without the lines that a pole would draw from above the picture to below it."""
    with np.errstate(invalid="ignore"):
        above, below = ys > high, ys < low
    across = (above[:-1] & below[1:]) | (below[:-1] & above[1:])
    return np.where(np.append(across, False), np.nan, ys)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most about so many round numbers in a range, at equal distances."""
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1.0, 2.0, 2.5, 5.0, 10.0) if power * k >= rough * 0.999)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def fitting(low: float, high: float, most: int, room: int, sideways: bool) -> list[float]:
    """Ticks of a ruler with room for so many characters, side by side or one above the other: about `most` of them and
    at least three, or else the two ends."""
    for count in range(max(most, COMMON), 2, -1):
        found = ticks(low, high, count)
        each = max(map(columns, texts(found)), default=0) + 2 if sideways else 2
        if len(found) > 2 and (found[1] - found[0]) / (high - low) * room >= each:
            return found
    return [low, high]


def with_ends(low: float, high: float, numbers: Sequence[float], room: int) -> list[float]:
    """The ticks of a ruler from side to side, and its two ends where these are short; ticks give way to them."""
    off = 1e-9 * (high - low)
    if any(columns(f"{end:.4g}") > SHORT or abs(float(f"{end:.4g}") - end) > off for end in (low, high)):
        return [*numbers]
    ends = {low, high}
    wide = max(columns(text) for text in texts([*numbers, low, high])) + 1
    apart = wide * ((high - low) / room)
    return sorted(ends | {x for x in numbers if low + apart <= x <= high - apart})


def powers(low: float, high: float, room: int) -> list[int]:
    """The powers of ten in a range of logarithms, with room for so many: each, or every second, fifth or tenth ..."""
    least, most = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    rough = (most - least) / max(room - 1, 1)
    step = next(k * 10**n for n in range(4) for k in (1, 2, 5) if k * 10**n >= rough)
    return [*range(-(-least // step) * step, most + 1, step)]


def power_texts(exponents: Sequence[int]) -> list[str]:
    """Powers of ten as texts."""
    return [f"{10.0**k:g}" if -4 <= k <= 4 else f"1e{k}" for k in exponents]


def texts(numbers: Sequence[float]) -> list[str]:
    """Numbers as texts of equally many digits, which tell them apart."""
    apart = min((abs(b - a) for a, b in pairwise(numbers)), default=0.0)
    for digits in range(6, 17):
        found = [f"{0.0 if abs(x) < 1e-9 * apart else x:.{digits}g}" for x in numbers]
        if all(abs(float(text) - x) <= 1e-3 * apart for text, x in zip(found, numbers, strict=True)):
            break
    return found if numbers else []


def levels(values: FloatArray, most: int, ways: Sequence[FloatArray] = ()) -> list[float]:
    """Round values for contours, at equal distances. Where nearly all of the picture or the whole path of an ascent
    would lie between two of them, they come closer and closer to it."""
    low, high = heights(values)
    if not high - low > max(LEVEL * max(abs(low), abs(high)), SMALLEST):
        return []
    even = ticks(low, high, most)
    values = drawn(values)
    counts, edges = np.histogram(values[np.isfinite(values)], 16, (low, high))
    k = int(counts.argmax())
    if counts[k] > CROWDED * values.size:
        return _closer(low, high, low if k == 0 else high if k == 15 else float(edges[k : k + 2].mean()), most)
    steps = np.concatenate([way[np.isfinite(way)] for way in ways]) if ways else np.empty(0)
    if not len(steps) or np.ptp(np.searchsorted(even, steps)) > 1:
        return even
    return _closer(low, high, float(steps[-1]), most)


def _closer(low: float, high: float, centre: float, most: int) -> list[float]:
    """Levels round a value, at distances of 1, 3, 10, 30 ... from it, each with two digits of its distance."""
    top = math.floor(math.log10(high - low))
    far = [10.0 ** (top - i // 2) * (1.0 if i % 2 else 3.0) for i in range(2 * most)]
    sides = [side for side, room in ((-1.0, centre - low), (1.0, high - centre)) if room > 0.01 * (high - low)]
    far = [x for x in far if x < high - low][: most // len(sides)]
    found = sorted({_rounded(centre + side * x, x) for side in sides for x in far})
    return [x for x in found if low < x < high]


def _rounded(level: float, distance: float) -> float:
    """A number with as many decimals as two digits of a distance have."""
    unit = 10.0 ** (math.floor(math.log10(distance)) - 1)
    return round(level / unit) * unit


def headings(arrows: Arrows, spans: Sequence[Span]) -> tuple[FloatArray, FloatArray]:
    """The arrows as they look in a picture, across and up; the longest has length 1. Short ones are drawn longer than
    they are, or they would not be seen. A gradient that is 0 or not finite has no arrow."""
    across, up = (
        g / (span.high - span.low) for g, span in zip((arrows.across, arrows.up), spans, strict=True)
    )  # as a step along the gradient looks
    with np.errstate(all="ignore"):
        length = np.hypot(across, up)
        usual = np.percentile(length[np.isfinite(length)], 90) if np.isfinite(length).any() else 0.0
        shown = SHORTEST + (1.0 - SHORTEST) * np.sqrt(np.minimum(length / usual, 1.0))
        found = [np.where(np.isfinite(length) & (length > 0.0), g / length * shown, np.nan) for g in (across, up)]
    return found[0], found[1]
