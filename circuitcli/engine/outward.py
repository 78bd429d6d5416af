"""Intervals as text, rounded outward, or inward."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import isfinite
from typing import Any

from circuitcli.engine.interval import Interval

GUARD = 30  # digits of a power of 2 that is rounded
EXACT = 20_000  # bits of an exponent, up to which a number of mpmath is written out


def outward(x: Interval, digits: int) -> str:
    """An interval with ends of so many significant digits, which it does not leave; one number alone."""
    if x.empty:
        return "nan"
    if x.lo == x.hi:
        return _end(x.lo, digits, ROUND_FLOOR)
    return f"[{', '.join(ends(x, digits))}]"


def inward(x: Interval, digits: int) -> str:
    """An interval with ends of so many significant digits that it holds, for what is true of all its points."""
    low, high = _end(x.lo, digits, ROUND_CEILING), _end(x.hi, digits, ROUND_FLOOR)
    return outward(x, digits) if x.lo == x.hi or float(high) < float(low) else f"[{low}, {high}]"


def rounded_down(x: float, digits: int) -> float:
    """The float next to the number of so many digits that is not above x."""
    return float(_end(x, digits, ROUND_FLOOR))


def rounded_up(x: float, digits: int) -> float:
    """The float next to the number of so many digits that is not below x."""
    return float(_end(x, digits, ROUND_CEILING))


def ends(x: Interval, digits: int) -> list[str]:
    """Both ends of an interval."""
    return [_end(x.lo, digits, ROUND_FLOOR), _end(x.hi, digits, ROUND_CEILING)]


def upward(x: float, digits: int) -> str:
    """A bound to so many significant digits, rounded up."""
    return _end(x, digits, ROUND_CEILING)


def _end(x: Any, digits: int, rounding: str) -> str:
    """A float, or a number of mpmath, as text."""
    if isinstance(x, (int, float)):
        if not isfinite(x) or x == 0.0:
            return f"{x + 0.0:g}"
        exact = Decimal(x)
    else:
        sign, man, exp, _ = x._mpf_
        if not man:  # as of infinite numbers
            return f"{float(x) + 0.0:g}"
        exact = _decimal(-int(man) if sign else int(man), exp, digits, rounding)
    context = Context(prec=digits, rounding=rounding, Emax=MAX_EMAX, Emin=MIN_EMIN)
    rounded = context.normalize(exact)
    return f"{rounded:f}" if 0 <= rounded.adjusted() < digits else f"{rounded:g}"


def _decimal(man: int, exp: int, digits: int, rounding: str) -> Decimal:
    """man * 2^exp; of a number too long to be written out one on the side that it is rounded to."""
    if abs(exp) <= EXACT:
        part = Decimal(man * (5**-exp if exp < 0 else 2**exp))
        return Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN).scaleb(part, min(exp, 0))
    context = Context(prec=digits + GUARD, rounding=rounding, Emax=MAX_EMAX, Emin=MIN_EMIN)
    size = context.multiply(Decimal(abs(man)), context.power(Decimal(2), exp))
    off = context.scaleb(size, GUARD // 2 - context.prec)
    size = context.copy_sign(size, Decimal(man))
    return context.add(size, off) if rounding == ROUND_CEILING else context.subtract(size, off)
