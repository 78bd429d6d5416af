"""Columns of numbers whose points stand below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.errors import columns as columns_of

FURTHER = 3  # columns that points below each other may cost where numbers would do without
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


class AlignedColumn(NamedTuple):
    """A column whose texts stand to the left, and whose numbers have their points, of which texts have none, below
    each other."""

    title: str
    point: str
    behind: int  # columns from the point on
    width: int

    @property
    def head(self) -> str:
        """The title as wide as the column."""
        spaces = " " * (self.width - columns_of(self.title))
        return spaces + self.title if self.point else self.title + spaces

    def padded(self, text: str) -> str:
        """A cell as wide as the column; a wider one as it is."""
        if not self.point:
            return text + " " * (self.width - columns_of(text))
        at = text.find(self.point)
        return (text + " " * (self.behind if at < 0 else self.behind - len(text) + at)).rjust(self.width)


def numbers_aligned(title: str, cells: Sequence[str], point: str = ".") -> AlignedColumn:
    """A column of numbers as wide as its cells."""
    before = [len(cell.partition(point)[0]) for cell in cells]
    behind = [len(cell) - size for cell, size in zip(cells, before, strict=True)]
    tail = max(behind, default=0)
    return AlignedColumn(title, point, tail, max(columns_of(title), max(before, default=0) + tail))


def texts_aligned(title: str, cells: Sequence[str]) -> AlignedColumn:
    """A column of texts as wide as its cells."""
    return AlignedColumn(title, "", 0, max(map(columns_of, [title, *cells])))


def of_similar_size(cells: Sequence[str]) -> bool:
    """Whether all cells are numbers without an exponent, so alike in size that they are easier to read with their
    points below each other."""
    written = [cell for cell in cells if cell]
    if not any("." in cell for cell in written) or not all(map(_PLAIN.fullmatch, written)):
        return False
    return numbers_aligned("", written).width <= max(map(len, written)) + FURTHER
