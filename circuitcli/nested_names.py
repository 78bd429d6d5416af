"""Families as nested lists: {"W": [[1, 2]]} for the elements W[1,1] and W[1,2], the first index being 1; where other
indices are there, as objects: {"s": {"0": 1, "1": 2}} for s[0] and s[1]."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from math import prod
from typing import TypeVar

T = TypeVar("T")

DEEPEST = 20  # lists inside of lists
OF_PAIRS = ("grad_", "hess_", "contribution_")  # columns of two names, grad_r[1]_x for the result r[1] and the input x
_INDEX = "(?:0|[1-9][0-9]*)"
_ELEMENT = re.compile(rf"([^\W\d]\w*)\[({_INDEX}(?:,{_INDEX})*)\]")

Path = tuple[str | int, ...]


def stem_of(name: str) -> str:
    """Return the name of the family of an element, W of W[1,2], or of a column of pairs, grad_r of grad_r[1]_x; of
    another name the name itself."""
    of_family = name.endswith("]") or ("]_" in name and name.startswith(OF_PAIRS))
    return name.partition("[")[0] if of_family else name


def families(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the elements of each family, as they stand among the names."""
    found: dict[str, list[str]] = {}
    for name in names:
        if (stem := stem_of(name)) != name:
            found.setdefault(stem, []).append(name)
    return found


def first_and_last(elements: Collection[str]) -> str:
    """Name a family's elements by the first and the last."""
    first, *rest = elements
    return f"{first} to {rest[-1]}" if rest else first


def in_short(names: Iterable[str]) -> list[str]:
    """Return the names, the elements of a family as the first to the last where there are more than two and no gap."""
    names = list(names)
    found: dict[str, None] = {}
    members = {stem: elements for stem, elements in families(names).items() if block_shape(elements)}
    for name in names:
        elements = members.get(stem_of(name), [])
        found[first_and_last(sorted(elements, key=indices_of)) if len(elements) > 2 else name] = None
    return list(found)


def block_shape(elements: Collection[str]) -> tuple[int, ...]:
    """Return the lengths of the nested lists that hold elements from their least indices on; () where one lacks."""
    places = {*map(indices_of, elements)}
    if len({*map(len, places)}) != 1 or len(places) < len(elements):
        return ()
    shape = tuple(max(indices) - min(indices) + 1 for indices in zip(*places, strict=True))
    return shape if prod(shape) == len(places) else ()


def to_set(missing: Iterable[str], given: Iterable[str]) -> list[str]:
    """Return what gives missing inputs a value: the name of a family for all its elements, where none is `given`, or
    more than two are missing: a value of an element goes before that of its family."""
    touched = {*map(stem_of, given)}
    names = list(missing)
    most = {stem: 2 if stem in touched else 1 for stem in families(names)}
    several = {stem for stem, elements in families(names).items() if len(elements) > most[stem]}
    return list(dict.fromkeys(stem if (stem := stem_of(name)) in several else name for name in names))


def spelled_out(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names, with its elements for the name of a family; `known` are all the names that there are."""
    known = list(known)
    members = families(known)
    single = frozenset(known)
    return list(dict.fromkeys(e for name in names for e in ([name] if name in single else members.get(name, [name]))))


def shape_of(elements: Iterable[str]) -> tuple[int, ...]:
    """Return the lengths of the nested lists that hold a family whole; () where there are none, for they have no place
    for an index 0 and none for an element that is not there."""
    places = [*map(indices_of, elements)]
    if not places or any(len(place) != len(places[0]) or 0 in place for place in places):
        return ()
    shape = tuple(map(max, zip(*places, strict=True)))
    return shape if prod(shape) == len(set(places)) == len(places) else ()


def sized(stem: str, elements: Collection[str]) -> str:
    """Name a family with its size: W (8 × 2)."""
    shape = shape_of(elements)
    return f"{stem} ({' × '.join(map(str, shape)) if shape else f'{len(elements)} elements'})"


def indices_of(name: str) -> tuple[int, ...]:
    """Return the indices of an element; of another name none."""
    inside = name.partition("[")[2].removesuffix("]")
    return tuple(map(int, inside.split(","))) if inside.replace(",", "").isdigit() else ()


def with_lists(value: object) -> object:
    """Return a record with nested lists in it."""
    if isinstance(value, Mapping):
        return {name: with_lists(x) for name, x in nested(value).items()}
    return [with_lists(x) for x in value] if isinstance(value, (list, tuple)) else value


def path_of(name: str) -> Path:
    """Return the steps to an element, each a name or an index; those of another name are the name itself.

    >>> path_of("W[2,1]"), path_of("grad_r[1]_x[2]"), path_of("b")
    (('W', 2, 1), ('grad_r', 1, 'x', 2), ('b',))
    """
    if "]" not in name:
        return (name,)
    parts = re.split(r"(?<=\])_", name) if name.startswith(OF_PAIRS) else [name]
    matches = [_ELEMENT.fullmatch(part) for part in parts]
    if not all(matches[:-1]) or not (matches[-1] or (len(parts) > 1 and parts[-1].isidentifier())):
        return (name,)
    steps = [(m[1], *map(int, m[2].split(","))) if m else (part,) for m, part in zip(matches, parts, strict=True)]
    path = tuple(step for part in steps for step in part)
    return path if len(path) <= DEEPEST else (name,)


def nested(numbers: Mapping[str, T]) -> dict[str, object]:
    """Return what stands under names with one key for each family, in the place of its first element: nested lists
    where the indices are 1, 2, 3 and so on, else objects by index. A name that an element and a value share has none.

    >>> nested({"x[1]": 5, "x[2]": 6, "s[0]": 7, "s[1]": 8})
    {'x': [5, 6], 's': {'0': 7, '1': 8}}
    """
    if not any("]" in name for name in numbers):
        return dict(numbers)
    paths = {name: path_of(name) for name in numbers}
    inside: dict[str, dict[Path, T]] = {}
    for name, path in paths.items():
        inside.setdefault(str(path[0]), {})[path[1:]] = numbers[name]
    trees: dict[str, object] = {}
    for key, parts in inside.items():
        if () not in parts:
            with suppress(_SharedKeyError):
                trees[key] = _tree(parts)
    found: dict[str, object] = {}
    for name, number in numbers.items():
        key = str(paths[name][0])
        found[key if key in trees else name] = trees.get(key, number)
    return found


class _SharedKeyError(Exception):
    """A path ends within another, as x[1] and x[1,2] do."""


def _tree(parts: Mapping[Path, T]) -> object:
    """Return values in lists and objects along their paths. Raises _SharedKeyError."""
    if () in parts:
        if len(parts) > 1:
            raise _SharedKeyError
        return parts[()]
    branches: dict[str | int, dict[Path, T]] = {}
    for (first, *rest), x in parts.items():
        branches.setdefault(first, {})[tuple(rest)] = x
    if len({*map(type, branches)}) > 1:
        raise _SharedKeyError
    places = [first for first in branches if isinstance(first, int)]
    inner = {first: _tree(branches[first]) for first in sorted(places) or branches}
    whole = [*inner] == [*range(1, len(inner) + 1)]
    return [*inner.values()] if whole else {str(first): x for first, x in inner.items()}


def together(names: Iterable[str]) -> list[str]:
    """Return the names in the order in which nested lists hold them: a family's elements beside each other."""
    found: list[str] = []
    for key, content in nested({name: name for name in names}).items():
        found += [str(name) for _, name in leaves(key, content)]
    return found


def lists_of(shape: tuple[int, ...], values: Iterator[T]) -> list[object]:
    """Return values in nested lists of some lengths."""
    return [next(values) if len(shape) == 1 else lists_of(shape[1:], values) for _ in range(shape[0])]


def leaves(
    name: str, content: object, known: Collection[str] = (), indices: tuple[int, ...] = ()
) -> Iterator[tuple[str, object]]:
    """Yield what nested lists and objects by index hold, under the names of elements; lists under a `known` name are
    one value."""
    own = f"{name}[{','.join(map(str, indices))}]" if indices else name
    inside = _by_index(content) if len(indices) < DEEPEST and own not in known else None
    if inside is None:
        yield own, content
        return
    for i, inner in inside:
        yield from leaves(name, inner, known, (*indices, i))


def _by_index(content: object) -> Iterable[tuple[int, object]] | None:
    """Return what a list or an object by index holds, each with its index; None for anything else."""
    if isinstance(content, list):
        return enumerate(content, 1)
    if isinstance(content, dict) and content and all(re.fullmatch(_INDEX, str(key)) for key in content):
        return [(int(key), inner) for key, inner in content.items()]
    return None
