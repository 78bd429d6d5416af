"""Claims on families: W = [[1, 2], [3, 4]] is a claim on each element, and x = 1 one on all of them."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import UsageError
from circuitcli.language.names import PREFIX, canonical
from circuitcli.name_lists import spread_over
from circuitcli.nested_names import families, first_and_last, indices_of

_NAME = r"[^\W\d]\w*"
_BETWEEN = re.compile(rf"[;\n](?=\s*{_NAME}(?:\[[^\]=]*\]|\([^)=]*\))?\s*=(?!=))")
_STATEMENT = re.compile(rf"\s*({_NAME})\s*=(?!=)(.+)", re.DOTALL)


def spread_claims(text: str, inputs: Collection[str]) -> str:
    """Return the claims with one on each element in the place of a family; as they were where none is on a family.

    Raises UsageError for more or fewer numbers than the family has elements.
    """
    members = {stem: sorted(e, key=indices_of) for stem, e in families(inputs).items() if stem not in inputs}
    parts = _BETWEEN.split(text) if members else []
    found = [_spread(part, members) for part in parts]
    return "\n".join(found) if found != parts else text


def _spread(part: str, members: dict[str, list[str]]) -> str:
    statement = _STATEMENT.fullmatch(part)
    name = canonical(statement[1]) if statement else ""
    elements = members.get(name) or members.get(name.removeprefix(PREFIX), [])
    if statement is None or not elements:
        return part
    values = spread_over(statement[2].strip(), elements)
    if len(values) != len(elements):
        stem, count = name.removeprefix(PREFIX), f"{len(values)} value{'s' * (len(values) != 1)}"
        zeros = ", ".join(["0"] * min(len(elements), 6)) + ", ..." * (len(elements) > 6)
        raise UsageError(
            f"the claim on {stem} has {count}, and {stem} has {len(elements)} elements, {first_and_last(elements)}",
            f'claim one for all, --claim "{name} = 0", or {len(elements)}: --claim "{name} = {zeros}"',
        )
    prefix = PREFIX * (name not in members)
    return "; ".join(f"{prefix}{element} = {value}" for element, value in zip(elements, values, strict=True))
