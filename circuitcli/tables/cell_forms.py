"""The forms of cells by which the start of a file tells its dialect: numbers, units, and cells without a number."""

from __future__ import annotations

import re

from circuitcli.tables.csv_header import NUMBER

NOTHING = "", "NA", "N/A", "n/a", "na", "NaN", "nan", "null", "NULL", "None", "-", "."  # cells without a number
COMMA = re.compile(r"[+-]?([0-9]+),([0-9]+)([eE][+-]?[0-9]+)?")
GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<groups>(?P<sign>[,.'’ \u00a0\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*)"
    r"(?:(?P<decimal>[.,])[0-9]+)?"
)
PLAIN = re.compile(r"[+-]?[0-9]*([.,][0-9]+)?([eE][+-]?[0-9]+)?")
POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?")

_PREFIXED = "m|g|s|A|K|mol|Hz|N|Pa|J|W|C|V|F|Ω|Ω|ohm|Ohm|S|Wb|H|lm|lx|Bq|Gy|Sv|eV|l|L|bar|Ah|Wh|VA|T|rad|sr|cd|pc|B"
_OTHERS = "min|h|hr|d|day|days|yr|deg|degC|degF|°|°C|°F|%|‰|ppm|ppb|rpm|dB|dBm|in|ft|mi|lb|psi|atm|mmHg|Torr|t|ha|au"
_ONE = rf"(?:(?:da|[YZEPTGMkhdcmuµμnpfazy])?(?:{_PREFIXED})|{_OTHERS})"
_POWER = r"(?:(?:\^|\*\*)?[+-]?[1-9]|[²³]|⁻[¹²³])?"
_UNIT = rf"(?:1/)?{_ONE}{_POWER}(?:[ */·.]{_ONE}{_POWER})*"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_NO_UNIT = "", "-", "–"


def is_number(cell: str) -> bool:
    """Whether a cell is a number in some dialect."""
    return bool(NUMBER.fullmatch(cell.replace(",", ".")) or GROUPED.fullmatch(cell))


def is_unit(cell: str) -> bool:
    """Whether a cell is a unit that is known, in brackets or not."""
    return bool(re.fullmatch(_UNIT, _bare(cell)))


def is_bracketed(cell: str) -> bool:
    """Whether a cell in brackets may be a unit, or says that there is none; (5) is -5 for accountants."""
    inside = _bare(cell)
    return inside != cell and (inside in _NO_UNIT or (cell[0] == "[" and inside == "1") or not _is_data(inside))


def is_no_unit(cell: str) -> bool:
    """Whether a cell says that there is no unit."""
    return cell in _NO_UNIT


def _is_data(cell: str) -> bool:
    return cell in NOTHING or is_number(cell)


def _bare(cell: str) -> str:
    """A cell without the brackets around it."""
    return cell[1:-1].strip() if _BRACKETS.get(cell[:1]) == cell[-1:] and len(cell) > 1 else cell
