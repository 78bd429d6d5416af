"""Numbers with a standard uncertainty, as people write them: 12±0.1, 12+-0.1, 23 ± 10%, 12.34(5), (1.67±0.02)e-27."""

from __future__ import annotations

import re
from typing import NamedTuple

from circuitcli.errors import InputError

SIGN = re.compile(r"±|\+/-|\+-")
_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_EXPONENT = r"(?:[eE][+-]?\d+)"
_SHORTHAND = re.compile(rf"\s*([+-]?)({_NUMBER})\(({_NUMBER})\)({_EXPONENT}?)\s*")
_TOGETHER = re.compile(rf"\s*([+-]?)\((.*)\)\s*({_EXPONENT})\s*", re.DOTALL)
_ONE_TERM = re.compile(rf"[+-]?{_NUMBER}{_EXPONENT}?|\w+|\w*\(.*\)", re.DOTALL)
_PARTS = {"ppm": 1e-4, "ppb": 1e-7, "‰": 0.1}  # of these one is so many percent


class Uncertain(NamedTuple):
    """The text of a value, and the text of its standard uncertainty, which is a percentage of the value or is not."""

    value: str
    sigma: str
    percent: bool = False


def is_uncertain(text: str) -> bool:
    """Whether a value says how uncertain it is."""
    return SIGN.search(text) is not None or _SHORTHAND.fullmatch(text) is not None


def read_uncertain(name: str, text: str) -> Uncertain | None:
    """The parts of a value with an uncertainty, or None for a value without one.

    Raises InputError where two readings are possible, and says how to write each.
    """
    if short := _SHORTHAND.fullmatch(text):
        return _shorthand(*short.groups())
    if SIGN.search(text) is None:
        _refuse_small_parts(name, text)
        return None
    sign, exponent = "", ""
    if together := _TOGETHER.fullmatch(text):
        sign, text, exponent = together.groups()
    value, *spreads = (part.strip() for part in SIGN.split(text))
    if len(spreads) > 1:
        both = "+".join(f"{spread}^2" for spread in spreads)
        raise InputError(
            f"{name} has {len(spreads)} uncertainties: {text}",
            f'write -{name} "{value}±(({both})^0.5)", for independent ones add up in squares',
        )
    spread = spreads[0]
    if not spread:
        raise InputError(f"the uncertainty of {name} is empty", f"write -{name} {value or 12}±0.1")
    percent = spread.endswith("%")
    spread = spread.removesuffix("%").rstrip()
    _refuse_parts(name, value, spread)
    if not _ONE_TERM.fullmatch(spread) or not _closed(spread):
        raise InputError(
            f"the uncertainty of {name} can be read in two ways: {text}",
            f'write -{name} "{value}±({spread})", or calculate with {name} in the expression',
        )
    if exponent:
        value = f"{sign}({value})*1{exponent}"
        spread = spread if percent else f"({spread})*1{exponent}"
    return Uncertain(value, spread, percent)


def _shorthand(sign: str, number: str, spread: str, exponent: str) -> Uncertain:
    """CODATA's form: the digits in parentheses are the uncertainty of the last digits of the number."""
    decimals = len(number.partition(".")[2])
    sigma = spread if "." in spread else f"{spread}e-{decimals}"
    if exponent:
        power = int(exponent[1:])
        mantissa, _, own = sigma.partition("e")
        sigma = f"{mantissa}e{int(own or 0) + power}"
    return Uncertain(f"{sign}{number}{exponent}", sigma)


def _refuse_parts(name: str, value: str, spread: str) -> None:
    """Raise InputError for a spread in parts per million and the like, with the percentage to write instead."""
    for unit, percent in _PARTS.items():
        number = spread.removesuffix(unit).strip()
        if number != spread and re.fullmatch(_NUMBER + _EXPONENT + "?", number):
            raise InputError(
                f"the uncertainty of {name} is in {unit}, and only % is read: {spread}",
                f"write -{name} {value}±{float(number) * percent:.6g}%",
            )


def _refuse_small_parts(name: str, text: str) -> None:
    """Raise InputError for a value in parts per million and the like, with the number to write instead."""
    for unit, percent in _PARTS.items():
        number = text.strip().removesuffix(unit).strip()
        if number != text.strip() and re.fullmatch(f"[+-]?{_NUMBER}{_EXPONENT}?", number):
            plain = float(number) * percent / 100.0
            raise InputError(f"the value of {name} has a unit: {text}", f"write -{name} {plain:.6g}")


def _closed(text: str) -> bool:
    """Whether the first parenthesis of a text is closed at its end and not before."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == ")" and depth == 0 and i < len(text) - 1:
            return False
    return depth == 0
