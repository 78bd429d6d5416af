"""Cells with a number and its standard uncertainty: 1.00±0.01, 1.00 +/- 0.01, 1.00±1%, (1.00±0.01)e-3, 1.00(1)."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_POWER = r"(?:[eE][+-]?[0-9]+)"
_PLUS_MINUS = (
    rf"(?P<sign>[+-]?)(?P<open>\(?)\s*(?P<value>[+-]?{_NUMBER}{_POWER}?)\s*(?:±|\+/-|\+-)\s*"
    rf"(?P<sigma>{_NUMBER}{_POWER}?)\s*(?P<percent>%?)\s*(?P<close>\)?)(?P<power>{_POWER}?)"
)
_DIGITS = rf"(?P<value>[+-]?{_NUMBER})\((?P<sigma>{_NUMBER})\)(?P<power>{_POWER}?)"
MARKS = "±", "+/-", "+-", "("  # one of which such a cell has


class UncertainNumber(NamedTuple):
    """A number and its standard uncertainty."""

    value: float
    sigma: float


def uncertain_number(cell: str) -> UncertainNumber | None:
    """The number in a cell, and its uncertainty; None for another text."""
    if short := re.fullmatch(_DIGITS, cell):
        # CODATA's form: the digits in parentheses are the uncertainty of the last digits of the number.
        value, sigma, power = short.groups()
        decimals = 0 if "." in sigma else len(value.partition(".")[2])
        return _finite(float(value + power), float(f"{sigma}e{int(power[1:] or 0) - decimals}"))
    found = re.fullmatch(_PLUS_MINUS, cell)
    if found is None or len(found["open"]) != len(found["close"]):
        return None
    if not found["open"] and (found["power"] or (found["sign"] and found["value"][0] in "+-")):
        return None
    value, sigma = (_scaled(found[name], found["power"]) for name in ("value", "sigma"))
    if found["percent"]:
        sigma = float(found["sigma"]) * abs(value) / 100.0
    return _finite(-value if found["sign"] == "-" else value, sigma)


def _scaled(number: str, power: str) -> float:
    """A number times a power of ten, in one rounding where it has none of its own."""
    if not power or re.search("[eE]", number):
        return float(number) * float(f"1{power}")
    return float(number + power)


def _finite(value: float, sigma: float) -> UncertainNumber | None:
    return UncertainNumber(value, sigma) if math.isfinite(value) and math.isfinite(sigma) else None
