"""The members of a JSON object of a row: a name and its value, and a family in nested lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from circuitcli.language.names import is_element
from circuitcli.nested_names import nested, stem_of


def members(names: Sequence[str], taken: Collection[str] = ()) -> dict[str, object]:
    """Return for each key of an object the name of its value, or of a family that is there whole nested lists of the
    names of its elements, in the place of the first. A key that is a name itself, or is `taken`, has no family."""
    elements = {name: name for name in names if name[-1:] == "]" and is_element(name)}
    if not elements:
        return {name: name for name in names}
    lists = {key: found for key, found in nested(elements).items() if key not in elements and key not in taken}
    for name in names:
        lists.pop(name, None)
    found: dict[str, object] = {}
    for name in names:
        stem = stem_of(name)
        in_list = name in elements and stem in lists
        found[stem if in_list else name] = lists[stem] if in_list else name
    return found


def layout(members: dict[str, object]) -> tuple[dict[str, str], str]:
    """Return the text in front of each value, by its name and in the order of the object, and the text behind the last:
    `"W":[`, `,` and `]` for the names W[1] and W[2]. Braces, and a comma in front of the object's first key, are not
    part of it."""
    leads: dict[str, str] = {}
    text = ""
    for key, content in members.items():
        text += f"{',' if leads else ''}{json.dumps(key, ensure_ascii=False)}:"
        for between, name in _parts(content):
            text += between
            if name is not None:
                leads[name], text = text, ""
    return leads, text


def _parts(content: object) -> Iterator[tuple[str, str | None]]:
    """Yield the texts between the names in nested lists, each with the name behind it."""
    if isinstance(content, list):
        for i, inner in enumerate(content):
            yield "," if i else "[", None
            yield from _parts(inner)
        yield "]", None
    else:
        yield "", str(content)
