"""Rows read whole: the columns that a circuit uses, as arrays, for who goes over them more than once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from circuitcli.engine.block_sums import BLOCK
from circuitcli.rows.aggregates import joined
from circuitcli.rows.block_passes import Passes, units
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_by_row import Options, Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.cells import typed_cells
from circuitcli.tables.joined_files import Tables

Array = Any  # numpy.ndarray


class Loaded(NamedTuple):
    """Columns of rows, of how many rows each unit is, one behind the other, and what is to be said of the rows that
    they are from."""

    columns: Mapping[str, Array]
    units: Sequence[int]
    told: Told
    groups: Sequence[str] = ()  # of each row, where rows are to be told apart

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(self.units)

    @property
    def checksum(self) -> int:
        """A number that other columns hardly share."""
        return checksum(checksums(self.columns, self.units))

    def by_group(self) -> Iterator[tuple[str, Loaded]]:
        """The rows of each group, as one unit, in the order in which the groups first come."""
        places: dict[str, list[int]] = {}
        for i, group in enumerate(self.groups):
            places.setdefault(group, []).append(i)
        for group, rows in places.items():
            columns = {name: np.ascontiguousarray(column[rows]) for name, column in self.columns.items()}
            yield group, Loaded(columns, [len(rows)], Told(len(rows)))


def checksums(columns: Mapping[str, Array], sizes: Sequence[int]) -> Iterator[int]:
    """The checksum of each unit."""
    for end, size in zip(accumulate(sizes), sizes, strict=True):
        found = 0
        for column in columns.values():
            found = zlib.crc32(memoryview(column[end - size : end]).cast("B"), found)
        yield found


def checksum(found: Iterable[int]) -> int:
    """The checksum of all rows, from those of the units in order."""
    return zlib.crc32(b"".join(struct.pack("<I", one) for one in found))


def loaded(tables: Tables, used: Sequence[str], options: Options, by: str = "") -> Loaded:
    """All rows of some files; `by` names the column of which the text tells groups apart."""
    tables.wanted, tables.by_name = [*used, *[by] * bool(by)], True

    def work(item: tuple[Any, int, Any]) -> tuple[tuple[int, int], Any, list[str], int]:
        table, file, piece = item
        unit, batch = (file, piece.unit), table.batch(piece, used, options.policy)
        if batch is None or not by:
            return unit, batch, [], tables.position
        cells = typed_cells(batch.rows.cells([by])[0])
        told_apart = ["" if cell is None else str(cell) for cell in cells.to_pylist()]
        return unit, batch, told_apart, tables.position

    tagged: list[tuple[Any, Batch | None]] = []
    groups: list[str] = []
    count = 0
    for unit, batch, told_apart, position in ordered(tables.pieces(), work, options.threads):
        tagged.append((unit, batch))
        groups += told_apart
        count += batch.size if batch is not None else 0
        options.progress(count, position)
    return assembled(tagged, used)._replace(groups=groups)


def assembled(batches: Sequence[tuple[Any, Batch | None]], used: Sequence[str]) -> Loaded:
    """The columns of batches, each with its unit."""
    told, sizes, there = Told(), dict[Any, int](), list[Batch]()
    for unit, batch in batches:
        if batch is not None:
            told = told.join(Told.of(batch))
            sizes[unit] = sizes.get(unit, 0) + batch.size
            there.append(batch)
    columns = {name: np.concatenate([batch.columns[name] for batch in there] or [np.empty(0)]) for name in used}
    return Loaded(columns, [size for size in sizes.values() if size], told)


def source_of(plan: Plan, sign: float, data: Loaded, options: Options) -> InMemory:
    """Rows in memory, to be gone over for what is climbed."""
    passes = Passes(plan, plan.wrt or (), sign, data.rows, options.engine)
    return InMemory(passes, data, options.threads)


class InMemory:
    """Rows in memory, as an ascent sees them: what each pass over all of them says."""

    def __init__(self, passes: Passes, data: Loaded, threads: int) -> None:
        self.rows, self.told = data.rows, data.told
        self._passes, self._data = passes, data
        self._mapped: Callable[..., Iterator[Any]] = map
        if threads > 1 and self.rows > BLOCK:
            self._mapped = ThreadPoolExecutor(threads).map

    @property
    def checksum(self) -> int:
        """A number that other rows hardly share."""
        return self._data.checksum

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """The part of all rows where what moves is `x`; None where there are none."""
        scalars = self._passes.scalars(x)
        return joined(units(self._passes, what, scalars, self._data.columns, self._data.units, self._mapped))
