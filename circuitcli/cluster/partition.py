"""Partitions, the parts of files that a task reads: a whole file, or some row groups or a range of text of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.tables.hive_paths import HiveCell
from circuitcli.tables.joined_files import Reading, table_of
from circuitcli.tables.streams import Stream


class File(NamedTuple):
    """A file of rows: its number among all, its names for the workers and in messages, its size in bytes, and the
    columns that its path tells."""

    number: int
    name: str
    shown: str
    size: int
    cells: Sequence[HiveCell] = ()

    def __repr__(self) -> str:
        return self.shown  # in the logs of workers, where the keys of a URL must not stand


class Partition(NamedTuple):
    """Some units of a file, or all of them. They begin with line or row `line`, which in a text is at the byte `begin`;
    both are None where nobody knows yet."""

    number: int
    file: File
    size: int
    units: Sequence[int] | None = None
    begin: int | None = None
    line: int | None = 1
    share: tuple[int, int] = (0, 1)  # of the tasks that share its rows: the number of this one, and how many there are


def cut_up(file: File, reading: Reading, least: int) -> list[Partition]:
    """The partitions of a file, of `least` bytes or little more, and not numbered yet. Reads how the file begins, or of
    Parquet where the row groups are."""
    if file.size <= least:
        return [Partition(0, file, file.size)]
    stream = Stream(file.name, file.shown, reading.sheet)
    try:
        table = table_of(stream, reading, file.cells)
        stretches = table.stretches(file.size, least) if stream.seekable() is not None else []
    finally:
        stream.close()
    parts = [Partition(0, file, part.size, part.units, part.begin, part.line) for part in stretches]
    return parts or [Partition(0, file, file.size)]
