"""Values inside of a row of JSON: a.b is the value of b in the object a, a[1] the first of the list a."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Path = tuple["str | int", ...]  # keys of objects, and places in lists, from 1 on
DEEPEST = 100


def path_of(name: str) -> Path:
    """The path that a name means."""
    path: list[str | int] = []
    for part in name.split("."):
        key, *places = part.split("[")
        path += [key, *(int(place[:-1]) for place in places if place[:-1].isdigit())]
    return tuple(path)


def value_at(row: Mapping[str, object], path: Path) -> tuple[object, bool]:
    """The value at a path, and whether there is one."""
    value: object = row
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and 1 <= step <= len(value):
            value = value[step - 1]
        else:
            return None, False
    return value, True


def leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """The values inside of a value that are neither null nor made of others, by their names."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, list):
        for i, inner in enumerate(value, 1):
            yield from leaves(inner, f"{name}[{i}]", depth + 1)
    elif value is not None:
        yield name, value
