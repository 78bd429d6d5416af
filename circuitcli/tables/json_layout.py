"""The members of a JSON object of a row: a name and its value, and a family in nested lists or by index."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from circuitcli.nested_names import nested, path_of


def members(names: Sequence[str], taken: Collection[str] = ()) -> dict[str, object]:
    """Return for each key of an object the name of its value, or of a family nested lists of the names of its elements,
    in the place of the first. A key that is a name itself, or is `taken`, has no family."""
    free = {name: name for name in names if path_of(name)[0] not in taken}
    found: dict[str, object] = {}
    lists = nested(free)
    for name in names:
        key = str(path_of(name)[0])
        whole = name in free and name not in lists
        found[key if whole else name] = lists[key] if whole else name
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
    elif isinstance(content, dict):
        for i, (key, inner) in enumerate(content.items()):
            yield f"{',' if i else '{'}{json.dumps(key, ensure_ascii=False)}:", None
            yield from _parts(inner)
        yield "}", None
    else:
        yield "", str(content)
