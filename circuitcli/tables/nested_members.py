"""The members of a row as a JSON object: families of results as nested lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from circuitcli.nested_names import families, indices_of, shape_of, stem_of


class Member(NamedTuple):
    """A value of a row by its name: the text that goes `before` it, and its `lead`, the one character in front; `key`
    is the key under which it stands, alone or in a list."""

    name: str
    before: str
    lead: str
    key: str

    @property
    def text(self) -> str:
        """All that stands in front of the value."""
        return self.before + self.lead


def members(names: Sequence[str], results: Collection[str]) -> tuple[list[Member], str]:
    """Return the members of a row, and the text behind the last. Each begins with a comma. Families that the results
    hold whole are lists, in the place of their first element."""
    held = families(name for name in names if name in results)
    shapes = {stem: shape for stem, elements in held.items() if stem not in names and (shape := shape_of(elements))}
    found: list[Member] = []
    closing = ""
    for name in names:
        stem = stem_of(name)
        if stem == name or stem not in shapes or name not in results:
            found.append(Member(name, f"{closing},{json.dumps(name, ensure_ascii=False)}", ":", name))
            closing = ""
        elif name == held[stem][0]:
            for element in sorted(held[stem], key=indices_of):
                before, lead = _opening(stem, indices_of(element))
                found.append(Member(element, closing + before, lead, stem))
                closing = "]" * _lasts(indices_of(element), shapes[stem])
    return found, closing


def _opening(stem: str, indices: tuple[int, ...]) -> tuple[str, str]:
    """The brackets in front of an element, behind the key in front of the first."""
    opened = _lasts(indices, (1,) * len(indices))
    if not opened:
        return "", ","
    key = f"{json.dumps(stem, ensure_ascii=False)}:" if opened == len(indices) else ""
    return f",{key}{'[' * (opened - 1)}", "["


def _lasts(indices: tuple[int, ...], ends: tuple[int, ...]) -> int:
    """The number of indices from the last on that are at an end."""
    count = 0
    while count < len(ends) and indices[-1 - count] == ends[-1 - count]:
        count += 1
    return count
