"""Numbers as columns of blocks: a row of them for a table, some rows for a small plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.pictures.decades import by_decades

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 40


def sparkline(numbers: Sequence[float]) -> str:
    """The numbers as blocks of eight heights, thinned out to a width; by their logarithms where they span decades;
    empty for fewer than three."""
    finite = by_decades([x for x in numbers if math.isfinite(x)])
    if len(finite) < 3:
        return ""
    if len(finite) > WIDTH:
        finite = [finite[round(i * (len(finite) - 1) / (WIDTH - 1))] for i in range(WIDTH)]
    return _drawn(finite, min(finite), max(finite), 1)[0]


class Area(NamedTuple):
    """A small plot: its lines from the top, and the numbers at its upper and lower end."""

    lines: list[str]
    low: float
    high: float


def area(numbers: Sequence[float], height: int) -> Area:
    """The numbers as columns of blocks, empty where a number is not finite; at least one is. Where a few are far from
    all others, next to a pole, they are cut off."""
    finite = sorted(x for x in numbers if math.isfinite(x))
    low, high = finite[0] + 0.0, finite[-1] + 0.0  # not -0.0
    most_low, most_high = finite[len(finite) // 10], finite[-1 - len(finite) // 10]
    far = 2.0 * (most_high - most_low) or math.inf
    low = most_low if most_low - low > far else low
    high = most_high if high - most_high > far else high
    return Area(_drawn(numbers, low, high, height), low, high)


def _drawn(numbers: Sequence[float], low: float, high: float, height: int) -> list[str]:
    """Lines of blocks from the top: a number at the lower end is one eighth high, one at the upper end fills all."""
    half = 0.5 * high - 0.5 * low  # which does not overflow
    eighths = []
    for x in numbers:
        share = (0.5 * min(max(x, low), high) - 0.5 * low) / half if half else 0.0
        eighths.append(0 if x != x else 1 + round(share * (8 * height - 1)))
    rows = range(8 * (height - 1), -1, -8)
    return ["".join(" " if e <= below else BLOCKS[min(e - below, 8) - 1] for e in eighths) for below in rows]
