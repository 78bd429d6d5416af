"""Values inside of a row of JSON: a.b is the value of b in the object a, a[1] the first of the list a or that of "1" in
the object a, and W[1,2] the second of the first list in W."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

DEEPEST = 100
_STEPS = re.compile(r"[.\[]")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+)\]")
_PLACE = re.compile(r"\[([0-9]+)\]\.?")
_INDICES = re.compile(r"(?<=[0-9]),(?=[0-9,]+\])")


def steps_of(path: str) -> list[tuple[str, str]]:
    """The steps of a path behind a column, .a or [1]: each a name or a place, the other being empty."""
    return _STEP.findall(_INDICES.sub("][", path))


def root_of(name: str) -> str:
    """The column of which a name means a part, or the name itself."""
    return _STEPS.split(name, maxsplit=1)[0]


def value_at(value: object, name: str, opened: Callable[[object], object] = lambda value: value) -> tuple[object, bool]:
    """The value that a name means inside of another, and whether there is one. A key may have dots itself: the longest
    that is there counts. `opened` makes a dict or a list of what is one."""
    if not name:
        return value, True
    inside = opened(value)
    if isinstance(inside, dict):
        if name in inside:
            return inside[name], True
        if (place := _PLACE.match(name := _INDICES.sub("][", name))) is not None and place[1] in inside:
            return value_at(inside[place[1]], name[place.end() :], opened)
        for step in reversed([*_STEPS.finditer(name)]):
            key = name[: step.start()]
            if key in inside:
                rest = name[step.start() :]
                found = value_at(inside[key], rest[1:] if rest[0] == "." else rest, opened)
                if found[1]:
                    return found
    elif isinstance(inside, list) and (place := _PLACE.match(name := _INDICES.sub("][", name))) is not None:
        at = int(place[1])
        if 1 <= at <= len(inside):
            return value_at(inside[at - 1], name[place.end() :], opened)
    return None, False


def leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """The values inside of a value that are neither null nor made of others, by their names."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            inside = f"{name}[{key}]" if str(key).isdecimal() else f"{name}.{key}"
            yield from leaves(inner, inside if name else str(key), depth + 1)
    elif isinstance(value, list):
        for i, inner in enumerate(value, 1):
            yield from leaves(inner, f"{name}[{i}]", depth + 1)
    elif value is not None:
        yield name, value
