"""Families as arrays: the shape that holds all elements, and the indices with which it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import NamedTuple, TypeVar

from circuitcli.nested_names import families, indices_of
from circuitcli.rerolling.trees import Form

T = TypeVar("T")

SPARE = 64  # places that an array may have beside four for each element


class Box(NamedTuple):
    """An array: its shape, and the first index of each dimension."""

    shape: tuple[int, ...]
    first: tuple[int, ...]

    def place(self, indices: Sequence[Form]) -> list[Form]:
        """Return where an element stands in the array, whose indices begin with 0."""
        return [Form(form.const - first, form.terms) for form, first in zip(indices, self.first, strict=True)]

    def filled(self, numbers: Mapping[tuple[int, ...], T], before: tuple[int, ...] = ()) -> list[object]:
        """Return nested lists of the numbers at all indices."""
        depth = len(before)
        here = [(*before, i) for i in range(self.first[depth], self.first[depth] + self.shape[depth])]
        last = depth + 1 == len(self.shape)
        return [numbers[place] if last else self.filled(numbers, place) for place in here]

    @property
    def size(self) -> int:
        return prod(self.shape)


def box_round(places: Sequence[tuple[int, ...]], first: Sequence[int] = ()) -> Box:
    """Return the array that holds elements at some indices, from the least ones, or from a `first`."""
    columns = [*zip(*places, strict=True)]
    least = tuple(first or map(min, columns))
    return Box(tuple([max(column) - x + 1 for column, x in zip(columns, least, strict=True)]), least)


def boxes(names: Iterable[str]) -> dict[str, Box]:
    """Return the arrays of the families among some names: their indices count from 1, or from 0 where an element has
    that. A family of which most would be empty has none, and none that a name without indices is called like."""
    names = [*names]
    found = {}
    for stem, elements in families(names).items():
        if stem in names:
            continue
        places = [*map(indices_of, elements)]
        array = box_round(places, [min(1, *column) for column in zip(*places, strict=True)])
        if array.size <= 4 * len(places) + SPARE:
            found[stem] = array
    return found


def whole_boxes(some: Iterable[str], known: Iterable[str]) -> dict[str, Box]:
    """Return the arrays of those families of which `some` names are all elements that are `known`."""
    known = [*known]
    chosen, all_of = families(some), families(known)
    return {stem: box for stem, box in boxes(known).items() if {*chosen.get(stem, ())} == {*all_of[stem]}}
