"""Columns in memory, for work that makes several passes."""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import finalize

import numpy as np

from circuitcli.engine.block_sums import BLOCK
from circuitcli.rows.aggregate_parts import joined
from circuitcli.rows.block_passes import Passes, units
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_groups import places_of, tags_of
from circuitcli.rows.told import Options, Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.file_table import UnreadRows
from circuitcli.tables.joined_files import Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.rows.rows_objective import Ahead

Columns = Mapping[str, "NDArray[np.float64]"]
Unit = TypeVar("Unit")


class Loaded(NamedTuple):
    """Columns, with the units one behind the other, the number of rows in each unit, and the notes on the rows."""

    columns: Columns
    units: Sequence[int]
    told: Told
    groups: Sequence[str] = ()  # the group of each row, where rows are told apart

    @property
    def rows(self) -> int:
        """The number of rows."""
        return sum(self.units)

    @property
    def checksum(self) -> int:
        """A number that other columns hardly share."""
        return checksum(checksums(self.columns, self.units))

    def by_group(self) -> Iterator[tuple[str, Loaded]]:
        """The rows of each group, as one unit, in the order in which the groups first come."""
        for group, rows in places_of(self.groups).items():
            columns = {name: np.ascontiguousarray(column[rows]) for name, column in self.columns.items()}
            yield group, Loaded(columns, [len(rows)], Told(len(rows)))


def checksums(columns: Columns, sizes: Sequence[int]) -> Iterator[int]:
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
    """All rows of some files. `by` names a column whose text tells the groups apart."""

    def work(piece: tuple[int, UnreadRows]) -> tuple[tuple[int, int], Batch | None, list[str], int]:
        file, rows = piece
        unit, batch = (file, rows.unit), rows.batch()
        if batch is None or not by:
            return unit, batch, [], tables.position
        return unit, batch, tags_of(batch, by), tables.position

    tagged: list[tuple[tuple[int, int], Batch | None]] = []
    groups: list[str] = []
    count = 0
    pieces = tables.pieces(options.wanted(used, [by] if by else []))
    for unit, batch, told_apart, position in ordered(pieces, work, options.threads):
        tagged.append((unit, batch))
        groups += told_apart
        count += batch.size if batch is not None else 0
        options.progress(count, position)
    return assembled(tagged, used)._replace(groups=groups)


def assembled(batches: Sequence[tuple[Unit, Batch | None]], used: Sequence[str]) -> Loaded:
    """The columns of batches. Each comes with its unit."""
    told, sizes, there = Told(), dict[Unit, int](), list[Batch]()
    for unit, batch in batches:
        if batch is not None:
            told = told.join(Told.of(batch))
            sizes[unit] = sizes.get(unit, 0) + batch.size
            there.append(batch)
    columns = {name: np.concatenate([batch.columns[name] for batch in there] or [np.empty(0)]) for name in used}
    return Loaded(columns, [size for size in sizes.values() if size], told)


def source_of(
    plan: Plan, data: Loaded, options: Options, before: InMemory | None = None, ahead: Ahead | None = None
) -> InMemory:
    """Rows in memory, ready for an ascent; with the passes of the rows before, where these serve them, and with what is
    known of the ascent ahead."""
    if before is not None and before.passes.taken_over(data.rows):
        return InMemory(before.passes, data, options.threads, ahead)
    return InMemory(Passes(plan, plan.wrt or (), data.rows, options.engine), data, options.threads, ahead)


class InMemory:
    """The source of an ascent: rows in memory, and the passes over them."""

    def __init__(self, passes: Passes, data: Loaded, threads: int, ahead: Ahead | None = None) -> None:
        self.rows, self.told, self.ahead = data.rows, data.told, ahead
        self.passes, self._data, self._threads = passes, data, threads
        self._mapped: Callable[..., Iterator[Any]] = map
        if threads > 1 and self.rows > BLOCK:
            pool = ThreadPoolExecutor(threads)
            self._mapped = pool.map
            finalize(self, pool.shutdown, wait=False)  # a fit by groups has a source for each

    @property
    def checksum(self) -> int:
        """A number that other rows hardly share."""
        return self._data.checksum

    def over(self, plan: Plan) -> InMemory:
        """These rows, for another circuit over their columns."""
        return InMemory(Passes(plan, plan.wrt or (), self.rows, self.passes.engine), self._data, self._threads)

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """The part of all rows at the point `x`; None where there are no rows."""
        if self.ahead is not None and (known := self.ahead.parts.get((what, array("d", x).tobytes()))) is not None:
            return known
        return self._part(what, x, self._data.columns, self._data.units)

    def some(self, what: str, x: Sequence[float], rows: NDArray[np.intp]) -> Any:
        """The part of some rows, by their numbers, in that order."""
        return self._part(what, x, {name: column[rows] for name, column in self._data.columns.items()}, [len(rows)])

    def _part(self, what: str, x: Sequence[float], columns: Columns, sizes: Sequence[int]) -> Any:
        mapped = self._mapped if sum(sizes) > BLOCK else map  # one block is not worth the way to a thread
        return joined(units(self.passes, what, self.passes.scalars(x), columns, sizes, mapped))
