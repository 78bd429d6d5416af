"""Hints for ranges in other notations: R=[0,3], R=0..3, 0<R<3."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import CircuitError
from circuitcli.visible_text import shell_word

_NAME = r"(?P<name>[^\W\d]\w*)"
_LOW, _HIGH = r"(?P<low>[^<>=≤≥,;:\[\](){}]+?)", r"(?P<high>[^<>=≤≥,;:\[\](){}]+?)"
_BETWEEN = r"\s*(?:\.{2,3}|…|,|;|:|\bto\b|–|—)\s*"
_PAIR = rf"[\[({{]?\s*{_LOW}{_BETWEEN}{_HIGH}\s*[\])}}]?"
_LESS, _MORE = r"\s*(?:<=?|≤)\s*", r"\s*(?:>=?|≥)\s*"
_FORMS = (
    rf"{_NAME}\s*(?:=|:|\bin\b|∈)?\s*{_PAIR}",
    f"{_LOW}{_LESS}{_NAME}{_LESS}{_HIGH}",
    f"{_HIGH}{_MORE}{_NAME}{_MORE}{_LOW}",
    f"{_NAME}{_MORE}{_LOW}",
    f"{_NAME}{_LESS}{_HIGH}",
    f"{_LOW}{_LESS}{_NAME}",
    f"{_HIGH}{_MORE}{_NAME}",
    _PAIR,
)


def written_range(option: str, word: str, names: Collection[str], open_ends: bool) -> str:
    """The hint that writes a word of ranges as it is read, in its own names and numbers as far as it has them."""
    parts = re.split(r",(?![^\[({]*[\])}])", word)  # no comma within brackets is between two ranges
    for found in (read_range(word, names, open_ends), ",".join(read_range(part, names, open_ends) for part in parts)):
        if found and all(found.split(",")):
            return f"write {option} {shell_word(found)}"
    named = [name for name in re.findall(_NAME, word) if name in names]
    return example_range(option, next(iter([*named, *names]), "x"), open_ends)


def example_range(option: str, name: str, open_ends: bool) -> str:
    """The hint with a range of an input."""
    if open_ends:
        return f"write for example {option} {name}=0:1, or {name}=0: or {name}=:1"
    return f"write for example {option} {name}=-3:3"


def read_range(text: str, names: Collection[str], open_ends: bool = True) -> str:
    """A range of another notation in ours; empty where it is none of an input, or lacks an end that has to be there."""
    for form in _FORMS:
        if found := re.fullmatch(form, text.strip()):
            name, low, high = (found.groupdict().get(part) or "" for part in ("name", "low", "high"))
            name = name or (next(iter(names)) if len(names) == 1 else "")
            if name in names and (open_ends or (low and high)) and _is_value(low) and _is_value(high):
                return f"{name}={low}:{high}"
    return ""


def ends_of(word: str, names: Collection[str]) -> dict[str, str]:
    """The ranges in a word, x=-3:3,y=0:1 or x in [0,3], as the values of inputs: -3..3."""
    parts = re.split(r",(?![^\[({]*[\])}])", word)
    for texts in ([word], parts):
        found = [read_range(part, names, open_ends=False) for part in texts]
        if all(found):
            pairs = [part.partition("=") for part in found]
            return {name: "..".join(end.strip() for end in ends.split(":")) for name, _, ends in pairs}
    return {}


def range_of_one(text: str) -> str:
    """A range without a name in another notation, [-3, 3] or -3 to 3, as a value: -3..3; empty for another text."""
    return ends_of(text, ["x"]).get("x", "")


def _is_value(text: str) -> bool:
    """Whether a text may stand for an end, which is open where it is empty."""
    from circuitcli.cli.input_values import value

    try:
        number = value("an end", text).number if text else 0.0
    except CircuitError:
        return False
    return number == number
