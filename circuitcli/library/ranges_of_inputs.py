"""Inputs that are named in Python, and ranges that they are given: wrt=["x"], bounds={"x": (0, 1)}."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from circuitcli.errors import InputError, UsageError
from circuitcli.language import canonical
from circuitcli.name_lists import listed
from circuitcli.nested_names import in_short, spelled_out
from circuitcli.read_circuit import number
from circuitcli.visible_text import some_of

EXAMPLE = 'write for example bounds={"x": (0, 1), "y": (None, 3)}'
Ends = tuple[float | None, float | None]


def named_inputs(names: str | Sequence[str], known: Collection[str], what: str) -> list[str]:
    """The inputs that are named, with its elements for a family. Raises InputError for a name that is none."""
    texts = listed(names) if isinstance(names, str) else names
    if not isinstance(texts, Sequence) or not all(isinstance(name, str) for name in texts):
        raise InputError(f"{what} is a list of names, not {names!r}", f'write for example {what}=["x"]')
    found = spelled_out(map(canonical, texts), known)
    for name in found:
        if name not in known:
            raise InputError(f"{what}: {name} is no input", f"the inputs are: {some_of(in_short(known)) or 'none'}")
    return found


def ranges_of_inputs(bounds: object, names: Collection[str], which: str) -> dict[str, Ends]:
    """The ends of ranges by the names of inputs, None where they are open; `which` describes the inputs that may have
    some. Raises UsageError or InputError for what is no range of theirs."""
    if bounds is None:
        return {}
    if not isinstance(bounds, Mapping):
        raise UsageError("bounds are a mapping of names to two ends", EXAMPLE)
    found: dict[str, Ends] = {}
    for key, ends in bounds.items():
        for name in spelled_out([canonical(str(key))], names):
            if name not in names:
                raise InputError(f"bounds: {key} is none of {which}", f"these are: {some_of(in_short(names))}")
            found[name] = _ends(name, ends)
    return found


def _ends(name: str, ends: Any) -> Ends:
    try:
        low, high = ends
    except (TypeError, ValueError):
        raise UsageError(f"bounds: {name} has no two ends, but {ends!r}", EXAMPLE) from None
    first, last = (None if end is None else number(f"an end of {name}", end) for end in (low, high))
    if first != first or last != last:
        raise InputError(f"bounds: nan is no end of {name}", EXAMPLE)
    if first is not None and last is not None and first > last:
        raise InputError(f"bounds: the lower end of {name} comes first", f'write bounds={{"{name}": ({high}, {low})}}')
    return first, last
