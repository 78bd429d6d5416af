"""A row of numbers as a row of blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 40


def sparkline(numbers: Sequence[float]) -> str:
    """The numbers as blocks of eight heights, at most so many; nothing where they are fewer than three."""
    finite = [x for x in numbers if math.isfinite(x)]
    if len(finite) < 3:
        return ""
    if len(finite) > WIDTH:
        finite = [finite[round(i * (len(finite) - 1) / (WIDTH - 1))] for i in range(WIDTH)]
    low, high = min(finite), max(finite)
    half = 0.5 * high - 0.5 * low  # which does not overflow
    return "".join(BLOCKS[round((0.5 * x - 0.5 * low) / half * 7.0) if half else 0] for x in finite)
