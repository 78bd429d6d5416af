"""Intervals as text, rounded outward."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import isfinite

from circuitcli.engine.interval import Interval


def outward(x: Interval, digits: int) -> str:
    """An interval with ends of so many significant digits, which it does not leave; one number alone."""
    if x.empty:
        return "nan"
    if x.lo == x.hi:
        return _end(x.lo, digits, ROUND_FLOOR)
    return f"[{_end(x.lo, digits, ROUND_FLOOR)}, {_end(x.hi, digits, ROUND_CEILING)}]"


def rounded_down(x: float, digits: int) -> float:
    """The float next to the number of so many digits that is not above x."""
    return float(_end(x, digits, ROUND_FLOOR))


def rounded_up(x: float, digits: int) -> float:
    """The float next to the number of so many digits that is not below x."""
    return float(_end(x, digits, ROUND_CEILING))


def _end(x: float, digits: int, rounding: str) -> str:
    if not isfinite(x) or x == 0.0:
        return f"{x + 0.0:g}"
    rounded = Context(prec=digits, rounding=rounding).plus(Decimal(x))
    return f"{rounded.normalize():g}"
