"""Numbers with a standard uncertainty, as people write them: 12±0.1, 12+-0.1, 23 ± 10%, 12.34(5), (1.67±0.02)e-27."""

from __future__ import annotations

import re
from typing import NamedTuple

from circuitcli.cli.number_units import EXPONENT, LONGEST, NUMBER, SCALED, SIGN, UNIT, uncertain_scaled, with_power
from circuitcli.engine.floats import UNIT as LAST_PLACE
from circuitcli.errors import InputError
from circuitcli.language.letter_points import with_point

_SHORTHAND = re.compile(rf"\s*([+-]?)({NUMBER})\(({NUMBER})\)({EXPONENT}?)\s*")
_TOGETHER = re.compile(rf"\s*([+-]?)\((.*)\)\s*({EXPONENT}?)\s*", re.DOTALL)
_POWER = re.compile(r"\)\s*[*×·]\s*(?:1[eE]|10(?:\^|\*\*))\(?([+-]?\d+)\)?$")  # as 10^-27 behind a parenthesis
_ONE_TERM = re.compile(rf"[+-]?{NUMBER}{EXPONENT}?|\w+|\w*\(.*\)", re.DOTALL)
_CALL = r"(?<![\d.])[^\W\d]\w*\s*\("
_CALCULATED = rf"([+-]?{NUMBER}\({NUMBER}\){EXPONENT}?)\s*[*/+-].*"
_INSIDE = rf"\(\s*([+-]?{NUMBER}{EXPONENT}?\s*(?:±|\+/-|\+-)\s*{NUMBER}{EXPONENT}?\s*%?)\s*\)"
_TURNED = rf"([+-]?{NUMBER}{EXPONENT}?\s*)(?:-\+|∓)(\s*{NUMBER}{EXPONENT}?)"
_ABOVE, _BELOW = rf"\+\s?({NUMBER}{EXPONENT}?)", rf"[-−]\s?({NUMBER}{EXPONENT}?)"
_ASYMMETRIC = rf"([+-]?{NUMBER}{EXPONENT}?)\s*(?:{_ABOVE}\s*/\s*{_BELOW}|{_BELOW}\s*/\s*{_ABOVE})"
_FINE = rf"{NUMBER}{EXPONENT}"  # a spread with a power of ten of its own
_IN_WORDS = r"(?:\\?pm|\+\s*[/|]\s*[-−]|\+\s*or\s*[-−]|plus[\s/-]*(?:or[\s-]*)?minus)"  # for ±
_WORDS_FOR_SIGN = rf"(?<=[\d.)%])\s*({UNIT}\s*)?{_IN_WORDS}\s*(?=[\d.(])"
_COMMAS = re.compile(r"(?<![\d.,])0,\d")  # for points in the whole text, where one is: 1,000±0,002
_HABITS = (  # of other notations, with what is written for them
    (r"(?<=\d)_(?=\d)", ""),
    (r"(?<=\d),(?!\d{3}\b)(?=\d[^.]*$)", "."),
    (r"(?<=\d)\s+(?=\d{3}\b)", ""),
    (rf"({NUMBER}{EXPONENT}?)\s*{UNIT}\s*(?=±|\+/-|\+-)", r"\1"),
    (rf"(±|\+/-|\+-)\s*({NUMBER}{EXPONENT}?)\s*\(k\s*=\s*({NUMBER})\)$", r"\1(\2/\3)"),
    (rf"(±|\+/-|\+-)\s*({NUMBER})\s+({EXPONENT})$", r"\1\2\3"),
    (r"%%+$", "%"),
    (r"^[\[{](.*)[\]}]$", r"\1"),
    (rf"({NUMBER})({EXPONENT})\s*\(({NUMBER})\)", r"\1(\3)\2"),
    (rf"({NUMBER})\s*\(({NUMBER})\)\s+({EXPONENT})$", r"\1(\2)\3"),
    (rf"({NUMBER})\s+\(", r"\1("),
    (rf"\(({NUMBER})\)\s*%$", r"(\1)e-2"),
    (rf"({NUMBER}{EXPONENT}?\)?)\s*{UNIT}$", r"\1"),
)
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
    if len(text) > LONGEST:
        return None
    text = _POWER.sub(r")e\1", text.strip())
    while text.startswith("(") and text.endswith(")") and _closed(text):
        text = text[1:-1].strip()
    if short := _SHORTHAND.fullmatch(text):
        return _shorthand(*short.groups())
    _refuse_other_notations(name, text)
    if SIGN.search(text) is None:
        if parts := _in_parts(text.strip()):
            raise InputError(f"the value of {name} has a unit: {text}", f"write -{name} {parts[1] / 100.0:.6g}")
        return None
    sign, exponent = "", ""
    if together := _TOGETHER.fullmatch(text):
        sign, text, exponent = together.groups()
    value, *spreads = (part.strip() for part in SIGN.split(text))
    if len(spreads) > 1 and "(" in text:
        raise InputError(f"{name} has {len(spreads)} uncertainties: {text}", "write one of them, for example 12±0.1")
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
    if parts := _in_parts(spread):
        raise InputError(
            f"the uncertainty of {name} is in {parts[0]}, and only % is read: {spread}",
            f"write -{name} {value}±{parts[1]:.6g}%",
        )
    if ".." in spread:
        end = spread.rpartition("..")[2].strip()
        hint = f"write -{name} {value}..{end}, or -{name} {value}±{end}"
        raise InputError(f"the value of {name} is a range and has an uncertainty, of which one is read: {text}", hint)
    if not _ONE_TERM.fullmatch(spread) or not _closed(spread):
        raise InputError(
            f"the uncertainty of {name} can be read in two ways: {text}",
            f'write -{name} "{value}±({spread})", or calculate with {name} in the expression',
        )
    fine, plain = re.fullmatch(_FINE, spread), re.fullmatch(f"[+-]?{NUMBER}", value)
    if fine and plain and 0.0 < float(spread) < LAST_PLACE * abs(float(value)):
        number, power = re.split("(?=[eE])", spread)
        raise InputError(
            f"the uncertainty of {name} is below the last digit of its value: {text}",
            f'write -{name} "({value}±{number}){power}", or if so little is meant "{value}±({spread})"',
        )
    if sign or exponent:
        exponent = exponent or "e0"
        value = f"{sign}({value})*1{exponent}"
        spread = spread if percent else f"({spread})*1{exponent}"
    return Uncertain(value, spread, percent)


def _refuse_other_notations(name: str, text: str) -> None:
    if turned := re.fullmatch(_TURNED, text):
        plus, minus = (_quoted(f"{turned[1]}{sign}{turned[2]}") for sign in ("±", "-"))
        hint = f"write -{name} {plus}, or {minus} for the difference"
        raise InputError(f"the value of {name} can be read in two ways: {text}", hint)
    if (alone := re.search(_INSIDE, text)) and not re.fullmatch(_INSIDE + f"{EXPONENT}?", text.lstrip("+-")):
        hint = f"write -{name} {_quoted(alone[1])}, and calculate with {name} in the expression"
        raise InputError(f"the value of {name} is calculated with: {text}", hint)
    if alone := re.fullmatch(_CALCULATED, text, re.DOTALL):
        hint = f"write -{name} {_quoted(alone[1])}, and calculate with {name} in the expression"
        raise InputError(f"the value of {name} is calculated with: {text}", hint)
    if (asymmetric := re.fullmatch(_ASYMMETRIC, text)) and SIGN.search(text) is None:
        number, plus, minus = asymmetric[1], asymmetric[2] or asymmetric[5], asymmetric[3] or asymmetric[4]
        mean = f"{(float(plus) + float(minus)) / 2:.6g}"
        total = _quoted(f"{number}+{plus}/(-{minus})" if asymmetric[2] else f"{number}-{minus}/{plus}")
        hint = f"write -{name} {number}±{mean}, with the mean of both; or {total} for the sum"
        raise InputError(f"the uncertainty of {name} differs above and below: {text}", hint)
    if (other := in_our_notation(text)) != text:
        scaled, unit = uncertain_scaled(text)
        hint = f"write -{name} {_quoted(other)}"
        if scaled and unit:
            hint = f"write -{name} {_quoted(scaled)}, or {_quoted(other)} where the expression is in {unit}"
        raise InputError(f"the value of {name} is in another notation: {text}", hint)


def in_our_notation(text: str) -> str:
    """The text of an uncertain number in the notation that is read; a text that is none, or is read, as it is."""
    if re.search(_CALL, text):
        return text
    mended = _with_powers(text if is_uncertain(text) else re.sub(_WORDS_FOR_SIGN, r"\1±", text))
    if _COMMAS.search(mended) and not re.search(r"\.|\d,\d+,", mended):
        mended = re.sub(r"(?<=\d),(?=\d)", ".", mended)
    for habit, ours in _HABITS:
        mended = re.sub(habit, ours, mended)
    return mended if is_uncertain(mended) and not _SHORTHAND.fullmatch(text) else text


def _with_powers(text: str) -> str:
    """An uncertain number with powers of ten for its prefixes, as in 4.7k±5% and 5.02V±2mV. A unit behind the whole is
    that of both parts, and so is one that both have with the same prefix: then the text is as it was."""
    parts = re.split(f"({SIGN.pattern})", text)
    parts[::2] = [with_point(part) or part for part in parts[::2]]
    found = [SCALED.fullmatch(part.strip()) for part in parts[::2]]
    units = {one[4] for one in found if one and one[4]}
    both = None not in found and len(units) == 1 and len({one[3] for one in found if one}) > 1
    if units and not both:
        return "".join(parts)
    parts[::2] = [with_power(part) or part for part in parts[::2]]
    return "".join(parts)


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s()]", text) else text


def _shorthand(sign: str, number: str, spread: str, exponent: str) -> Uncertain:
    """CODATA's form: the digits in parentheses are the uncertainty of the last digits of the number."""
    decimals = 0 if "." in spread else len(number.partition(".")[2])
    power = int(exponent[1:] or 0) - decimals
    return Uncertain(f"{sign}{number}{exponent}", f"{spread}e{power}")


def _in_parts(text: str) -> tuple[str, float] | None:
    """The unit of a number in parts per million and the like, and the number as a percentage; None for another text."""
    for unit, percent in _PARTS.items():
        number = text.removesuffix(unit).strip()
        if number != text and re.fullmatch(f"[+-]?{NUMBER}{EXPONENT}?", number):
            return unit, float(number) * percent
    return None


def _closed(text: str) -> bool:
    """Whether the first parenthesis of a text is closed at its end and not before."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == ")" and depth == 0 and i < len(text) - 1:
            return False
    return depth == 0
