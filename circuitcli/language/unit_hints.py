"""Numbers with a unit that is to be another one: 5 km to m is 5*1000."""

from __future__ import annotations

import re

from circuitcli.language.letter_points import PREFIXES
from circuitcli.wording import value_of

_NAMES_OF_BASES = "m g s Hz Pa bar J W Wh A V eV F H ohm Ohm Ω Ω mol l L"
_BASES = frozenset(_NAMES_OF_BASES.split())
_POWERS = {**PREFIXES, "c": -2, "d": -1, "h": 2}
_UNIT_TO_UNIT = re.compile(r"([^\W\d]+)\s*(?:to|in|into|as|->|→|=\s*\?)\s*([^\W\d]+)\s*$")


def in_another_unit(number: str, behind: str) -> str:
    """The hint for a number whose unit is to be another one with a prefix, 5 km to m; empty for other units."""
    found = _UNIT_TO_UNIT.match(behind)
    if found is None:
        return ""
    old, new = _bases(found[1]), _bases(found[2])
    powers = [old[base] - new[base] for base in old if base in new]
    if len(powers) != 1:
        return ""
    (power,) = powers
    factor = str(10 ** abs(power)) if abs(power) < 7 else f"1e{abs(power)}"
    value = f"{number}*{factor}" if power >= 0 else f"{number}/{factor}"
    given = factor if power >= 0 else f"1e{power}"
    return f"numbers have no units: write {value}, or {number}*{found[1]} with {value_of(found[1], given)}"


def _bases(unit: str) -> dict[str, int]:
    """A unit without its prefix, with the power of ten that this means, in each way in which it can be read."""
    found = {unit: 0} if unit in _BASES else {}
    return {**found, unit[1:]: _POWERS[unit[0]]} if unit[0] in _POWERS and unit[1:] in _BASES else found
