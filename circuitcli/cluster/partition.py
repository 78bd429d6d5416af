"""Partitions: what one task reads. A small file is one; a large one is cut into row groups or ranges of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.tables.joined_files import table_of
from circuitcli.tables.streams import ARROW, PARQUET, Stream
from circuitcli.tables.text_rows import UNIT


class File(NamedTuple):
    """A file of rows: its number among all, its name for the workers and for messages, and its bytes."""

    number: int
    name: str
    shown: str
    size: int

    def __repr__(self) -> str:
        return self.shown  # in the logs of workers, where the keys of a URL must not stand


class Partition(NamedTuple):
    """Some units of a file, or all of them. `line` is the number of the line or the row with which they begin, and
    `begin` the place of that among the bytes of a text: None where nobody knows yet."""

    number: int
    file: File
    size: int
    units: Sequence[int] | None = None
    begin: int | None = None
    line: int | None = 1
    share: tuple[int, int] = (0, 1)  # which of how many tasks this is that share its rows


class Reading(NamedTuple):
    """How files are read: the form that is told, the columns of one without a header, other names of columns."""

    form: str = ""
    header: Sequence[str] = ()
    renames: Sequence[tuple[str, str]] = ()


def cut_up(file: File, reading: Reading, least: int) -> list[Partition]:
    """The partitions of a file, not numbered yet, of `least` bytes or little more; one that has fewer is whole. Reads
    how the file begins, or of Parquet where its row groups are."""
    whole = [Partition(0, file, file.size)]
    if file.size <= least:
        return whole
    stream = Stream(file.name, file.shown)
    try:
        table = table_of(stream, *reading)
        if table.form == ARROW or stream.seekable() is None:
            return whole
        return _of_groups(file, table.groups(), least) if table.form == PARQUET else _of_text(file, least)
    finally:
        stream.close()


def _of_text(file: File, least: int) -> list[Partition]:
    """Ranges of whole units, of which only the first is known to begin with a row."""
    count, width = -(-file.size // UNIT), -(-least // UNIT)
    found = []
    for first in range(0, count, width):
        size = min(width * UNIT, file.size - first * UNIT)
        place = (None, None) if first else (0, 1)
        found.append(Partition(0, file, size, range(first, min(first + width, count)), *place))
    return found


def _of_groups(file: File, groups: Sequence[tuple[int, int]], least: int) -> list[Partition]:
    """Neighbouring row groups, of which the rows and the bytes are given."""
    found: list[Partition] = []
    units: list[int] = []
    row, first, size = 1, 1, 0
    total = sum(size for _, size in groups)
    for unit, (rows, weight) in enumerate(groups):
        units.append(unit)
        row, size = row + rows, size + weight
        if size >= least or unit == len(groups) - 1:
            found.append(Partition(0, file, file.size * size // max(total, 1), units, 0, first))
            units, first, size = [], row, 0
    return found
