"""Lists of names in one text: x,y and W[1,2],b."""

from __future__ import annotations


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
