"""The numbers that a picture can show: how large, how near to each other, and how far about a value."""

from __future__ import annotations

import math

WIDE = 3.0  # how far a sweep goes to both sides of a value
BIGGEST = 1e300  # larger numbers are not drawn
NARROW = 1e-12  # of the size of its ends: its samples are to be apart
NARROWEST = 1e-300  # a range: the distances of its samples are to be normal numbers


def ends_about(middle: float | None) -> tuple[float, float]:
    """The ends of a range about the value of an input, or about 0."""
    middle = middle if middle is not None and math.isfinite(middle) else 0.0
    return middle - max(WIDE, abs(middle)), middle + max(WIDE, abs(middle))
