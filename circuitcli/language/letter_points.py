"""Numbers with a letter for the decimal point, as on the parts of electronics (IEC 60062): 4k7, 2u2, 4R7, R47."""

from __future__ import annotations

import re
from collections.abc import Collection

PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9, "p": -12}
_POWERS = {**PREFIXES, "K": 3, **dict.fromkeys("RrΩΩVF", 0)}
_UNIT = r"\s*(?:[ΩΩFHVA]|[Oo]hms?)?"
_CODE = re.compile(rf"([+-]?)(\d*)([{''.join(_POWERS)}])(\d+){_UNIT}")
_PREFIXED = "kKMuµμ"  # before digits a prefix rather than the first letter of a name
_LARGE = "kKMµμ"


def with_point(text: str) -> str:
    """A number that has a letter for its decimal point as a number of ours, 4.7e3 of 4k7; empty for another text."""
    found = _CODE.fullmatch(text.strip())
    if found is None or not (found[2] or found[3] in "RΩΩ"):
        return ""
    power = _POWERS[found[3]]
    return f"{found[1]}{found[2] or 0}.{found[4]}" + (f"e{power}" if power else "")


def with_points(text: str, wide: bool, known: Collection[str]) -> str:
    """Such numbers within an expression. With `wide` they are those that are rather products: 2R1 is 2*R1, but 4k7 no
    4*k7; and a number may have a prefix behind it."""

    def number(found: re.Match[str]) -> str:
        name = found[0].lstrip("0123456789.")
        others = re.sub(rf"(?<![\w.]){re.escape(found[0])}(?!\w)", "", text)
        if name in known or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", others):
            return found[0]
        if name == found[2]:
            return f"{found[1]}e{_POWERS[name]}" if wide and name in _LARGE else found[0]
        return with_point(found[0]) if wide != (found[2] in _PREFIXED) else found[0]

    return re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)([kKMuµμRΩnp])(?:(?<!\.\d[^\d])\d+)?(?![\w.(])", number, text)
