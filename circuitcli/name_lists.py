"""Lists in one text: of names, x,y and W[1,2],b, and of values, 1, 2; 3, 4."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE = ("", ",", ";", "[")  # what stands in front of a list
_BEHIND = re.compile(r"\s*(?:[],;]|$)")


def listed(text: str) -> list[str]:
    """The parts of a text between its commas, without blanks around them; a comma in brackets is none of these.

    >>> listed("x, W[1,2], y=atan2(1, 2)")
    ['x', 'W[1,2]', 'y=atan2(1, 2)']
    """
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth <= 0:
            parts.append("")
            depth = 0
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def with_indices(parts: list[str]) -> list[str]:
    """The parts of a list in which the commas between indices are no others.

    >>> with_indices(["x", "W[1", "2]", "y"])
    ['x', 'W[1,2]', 'y']
    """
    found: list[str] = []
    for part in parts:
        if found and found[-1].count("[") > found[-1].count("]") and part.removesuffix("]").isdigit():
            found[-1] += f",{part}"
        else:
            found.append(part)
    return found


def spread_over(text: str, elements: Sequence[str]) -> list[str]:
    """Return the values in a text, a single one as often as there are elements."""
    parts = parts_of(text)
    return parts * len(elements) if len(parts) == 1 and not text.lstrip().startswith("[") else parts


def parts_of(text: str) -> list[str]:
    """Return the pieces of a text between commas and semicolons that stand in no parentheses; brackets around them only
    group. A text in which brackets do more is one piece.

    >>> parts_of("[[1, 2], [x[1], 4]]")
    ['1', '2', 'x[1]', '4']
    >>> parts_of("[1, 2] + 3")
    ['[1, 2] + 3']
    """
    inside = text.strip()
    signs, opened = [*inside], list[bool]()
    before = ""
    for i, sign in enumerate(inside if inside.startswith("[") else ""):
        if sign == "[":
            opened.append(before in _BEFORE)  # else it is that of an index
        if sign in "[]" and opened and (opened[-1] if sign == "[" else opened.pop()):
            if sign == "]" and not _BEHIND.match(inside, i + 1):
                return [inside]
            signs[i] = " "
        before = sign if sign.strip() else before
    return listed("".join(signs).replace(";", ","))
