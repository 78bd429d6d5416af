"""Families as nested lists: {"W": [[1, 2]]} for the elements W[1,1] and W[1,2], the first index being 1."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import prod
from typing import TypeVar

T = TypeVar("T")

DEEPEST = 20  # lists inside of lists


def stem_of(name: str) -> str:
    """Return the name of the family of an element, W of W[1,2]; of another name the name itself."""
    return name.partition("[")[0] if name.endswith("]") else name


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
    """Return what gives missing inputs a value: the name of a family for all its elements, where none is `given`."""
    touched = {*map(stem_of, given)}
    names = list(missing)
    several = {stem for stem, elements in families(names).items() if len(elements) > 1 and stem not in touched}
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
    """Return a record with nested lists in it, but where a matrix goes by the order of the names beside it."""
    if isinstance(value, Mapping):
        whole = nested(value) if any(name.endswith("]") for name in value) else value
        return {name: x if name == "uncertainty" else with_lists(x) for name, x in whole.items()}
    return [with_lists(x) for x in value] if isinstance(value, (list, tuple)) else value


def nested(numbers: Mapping[str, T]) -> dict[str, object]:
    """Return what stands under names with a nested list for each family that one holds whole, in the place of its first
    element."""
    lists: dict[str, object] = {}
    for stem, elements in families(numbers).items():
        if stem not in numbers and (shape := shape_of(elements)):
            lists[stem] = lists_of(shape, iter([numbers[e] for e in sorted(elements, key=indices_of)]))
    if not lists:
        return dict(numbers)
    found: dict[str, object] = {}
    for name, number in numbers.items():
        stem = stem_of(name)
        if stem != name and stem in lists:
            found.setdefault(stem, lists[stem])
        else:
            found[name] = number
    return found


def lists_of(shape: tuple[int, ...], values: Iterator[T]) -> list[object]:
    """Return values in nested lists of some lengths."""
    return [next(values) if len(shape) == 1 else lists_of(shape[1:], values) for _ in range(shape[0])]


def leaves(name: str, content: object, indices: tuple[int, ...] = ()) -> Iterator[tuple[str, object]]:
    """Yield what nested lists hold, under the names of elements."""
    if isinstance(content, list) and len(indices) < DEEPEST:
        for i, inner in enumerate(content, 1):
            yield from leaves(name, inner, (*indices, i))
    else:
        yield (f"{name}[{','.join(map(str, indices))}]" if indices else name), content
