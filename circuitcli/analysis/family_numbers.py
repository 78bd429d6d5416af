"""The numbers of a family in little room: a few as they are, more by their norm."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from circuitcli.engine.floats import FLOATS

WIDE = 4  # numbers beside others
DIGITS = 4  # of each


def in_short(numbers: Sequence[float | None], norm: bool, digits: int = DIGITS) -> str:
    """The known ones of some numbers, or their norm."""
    found = [float(x) for x in numbers if x is not None]
    if norm and found:
        return f"norm {FLOATS.text(hypot(*found), digits)}"
    return "  ".join([FLOATS.text(x, digits) for x in found])
