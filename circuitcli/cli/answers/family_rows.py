"""The rows of a long table at a terminal, where a family has few of them: a small matrix has rows of numbers, a large
one its size and its norm."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.analysis.family_numbers import WIDE, in_short
from circuitcli.nested_names import families, indices_of, shape_of, sized, stem_of

ROWS = 40  # at a terminal; a pipe gets all
HIGH = 6  # rows of a matrix


class FamilyRow(NamedTuple):
    """A row: its label, and the places of the numbers in it. A `norm` stands for more than would fit."""

    label: str
    places: list[int]
    norm: bool = False

    def text(self, numbers: Sequence[float | None], single: Sequence[str]) -> str:
        """The numbers of the row, one as it stands in `single`."""
        if len(self.places) == 1:
            return single[self.places[0]]
        return in_short([numbers[i] for i in self.places], self.norm)


def family_rows(names: Sequence[str]) -> list[FamilyRow]:
    """The rows of names at a terminal, where they are too many for one each; else a row a name."""
    if len(names) <= ROWS or not sys.stdout.isatty():
        return [FamilyRow(name, [i]) for i, name in enumerate(names)]
    place = {name: i for i, name in enumerate(names)}
    members = families(names)
    rows: list[FamilyRow] = []
    done: set[str] = set()
    for i, name in enumerate(names):
        stem = stem_of(name)
        if stem == name or len(members[stem]) == 1:
            rows.append(FamilyRow(name, [i]))
        elif stem not in done:
            done.add(stem)
            rows += _of_family(stem, members[stem], place)
    return rows


def _of_family(stem: str, elements: Sequence[str], place: dict[str, int]) -> list[FamilyRow]:
    shape = shape_of(elements)
    ordered = sorted(elements, key=indices_of)
    places = [place[name] for name in ordered]
    if len(shape) == 2 and shape[1] <= WIDE and shape[0] <= HIGH:
        length = shape[1]
        return [FamilyRow(f"{stem}[{i + 1},:]", places[i * length : (i + 1) * length]) for i in range(shape[0])]
    if len(shape) == 1 and shape[0] <= WIDE:
        return [FamilyRow(f"{stem}[:]", places)]
    return [FamilyRow(sized(stem, elements), places, norm=True)]
