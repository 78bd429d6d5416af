"""Units behind numbers, and the factors from them to the units that formulas are in: 30deg is 30*pi/180."""

from __future__ import annotations

import re

from circuitcli.constants import CONSTANTS, LETTERS
from circuitcli.language.letter_points import PREFIXES

LONGEST = 1000  # characters of a number; a longer text is an expression, and no pattern is sought from its every letter
SIGN = re.compile(r"±|\+/-|\+-")
NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"  # not \d+\.?\d*, which tries every cut of a long number
EXPONENT = r"(?:[eE][+-]?\d+)"
_NO_UNIT = rf"[eE][+-]?\d|ppm|ppb|(?:{'|'.join((*CONSTANTS, *LETTERS))})\b"
_WORD = r"[^\W\d_]+"  # m², too
UNIT = rf"(?!{_NO_UNIT}){_WORD}(?:[·*/ ]{_WORD}|\^-?\d+(?:{_WORD})?|°(?:{_WORD})?)*"
_IN_UNITS = rf"([+-]?{NUMBER}{EXPONENT}?)\s*({UNIT})"
_BASE = "V|A|W|F|H|Hz|Ω|[Oo]hm|s|g|m|J|N|Pa|K|mol|L|l|eV|C|bar"  # units that are written with a prefix
SCALED = re.compile(rf"([+-]?{NUMBER})({EXPONENT}?)\s*(?:([{''.join(PREFIXES)}]?)({_BASE})|([TGMkuµμnp]))")

_FACTORS = {  # what stands behind the number; a power of ten joins it
    "deg degs degree degrees °": "*pi/180",
    "arcmin": "*pi/10800",
    "arcsec": "*pi/648000",
    "min mins minute minutes": "*60",
    "h hr hrs hour hours": "*3600",
    "day days": "*86400",
    "cm": "e-2",
    "dm": "e-1",
    "hPa": "e2",
    "inch inches": "*0.0254",
    "ft foot feet": "*0.3048",
    "mile miles": "*1609.344",
    "km/h kmh kph": "/3.6",
    "kWh": "*3.6e6",
    "m": "e-3",
    "K": "e3",
    "meg Meg MEG mega Mega": "e6",
    "kilo": "e3",
    "milli": "e-3",
    "micro": "e-6",
}
_OF_UNITS = {unit: factor for units, factor in _FACTORS.items() for unit in units.split()}


def without_unit(text: str) -> str:
    """The number in a text that seems to have a unit behind it; else empty."""
    found = re.fullmatch(_IN_UNITS, text.strip()) if len(text) <= LONGEST else None
    if found is None or found[2] in (*CONSTANTS, *LETTERS) or not any(c.isalpha() for c in found[2]):  # 3²
        return ""
    return found[1]


def with_power(text: str) -> str:
    """A number with a power of ten in place of its prefix: 4.7e3 of 4.7k; empty for another text."""
    found = SCALED.fullmatch(text.strip())
    if found is None:
        return ""
    power = int(found[2][1:] or 0) + PREFIXES.get(found[3] or found[5] or "", 0)
    return f"{found[1]}e{power}" if power else found[1]


def scaled(text: str) -> tuple[str, str, str]:
    """A number with the factor of the unit behind it, the number alone, and the unit; all empty where the factor is
    not known."""
    found = re.fullmatch(rf"\s*([+-]?{NUMBER}{EXPONENT}?)\s*(\D\S*)\s*", text)
    if found is None:
        return "", "", ""
    number, unit = found.groups()
    if factor := _OF_UNITS.get(unit):
        is_power = factor.startswith("e") and "e" in number.lower()
        return f"{number}{'*1' * is_power}{factor}", number, unit
    power = with_power(text)
    if not power or unit == "kg" or number not in (without_unit(text), text.strip()[:-1]):
        return "", "", ""
    return (power, number, unit) if power != number else ("", "", "")


def uncertain_scaled(text: str) -> tuple[str, str]:
    """An uncertain number with the factor of its unit on both parts, and the unit; empty where the parts have several
    or the factor is not known."""
    parts = re.split(rf"\s*(?:{SIGN.pattern})\s*", text.strip())
    if len(parts) != 2:
        return "", ""
    units = [re.sub(r"^[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*", "", part) for part in parts]
    unit = units[0] or units[1]
    if unit in ("", "%", "m", "K", *PREFIXES) or not {*units} <= {"", "%", unit} or units[0] == "%":
        return "", ""
    numbers = [part.removesuffix(own).rstrip() if own != "%" else part for part, own in zip(parts, units, strict=True)]
    value, _, _ = scaled(numbers[0] + unit)
    spread = numbers[1] if units[1] == "%" else scaled(numbers[1] + unit)[0]
    if not value or not spread:
        return "", ""
    return f"{value}±{f'({spread})' if re.search('[*/]', spread) else spread}", unit
