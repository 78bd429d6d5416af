"""How a number is written."""

from __future__ import annotations

import math
from typing import Any

DIGITS = 10  # significant, in tables


def shown(number: float | None, digits: int = DIGITS) -> str:
    """For a table: to so many significant digits, and nothing for None."""
    return "" if number is None else f"{number:.{digits}g}"


def bare(number: float | str) -> str:
    """For a program: the repr of a float, and decimal text as it is."""
    return number if isinstance(number, str) else repr(number)


def full(number: float) -> str:
    """All digits that tell the float from its neighbours, whole numbers without a point."""
    return repr(number)[:-2] if repr(number).endswith(".0") else repr(number)


def strict(value: Any) -> Any:
    """The value with every non-finite float as the string that protobuf's JSON uses: lossless, and arithmetic on it
    fails loudly."""
    if isinstance(value, float):
        return value if math.isfinite(value) else "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {k: strict(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(v) for v in value]
    return value
