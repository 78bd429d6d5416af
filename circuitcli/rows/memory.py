"""Rows read whole: the columns that a circuit uses, as arrays, for who goes over them more than once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from circuitcli.rows.cells import typed_cells
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.run import Options, Told
from circuitcli.rows.tables import Tables

Array = Any  # numpy.ndarray


class Loaded(NamedTuple):
    """Columns of so many rows, and what is to be said of the rows that they are from."""

    columns: Mapping[str, Array]
    rows: int
    told: Told
    groups: Sequence[str] = ()  # of each row, where rows are to be told apart

    @property
    def checksum(self) -> int:
        """A number that other columns hardly share."""
        found = 0
        for column in self.columns.values():
            found = zlib.crc32(memoryview(column).cast("B"), found)
        return found

    def by_group(self) -> Iterator[tuple[str, Loaded]]:
        """The rows of each group, in the order in which the groups first come."""
        places: dict[str, list[int]] = {}
        for i, group in enumerate(self.groups):
            places.setdefault(group, []).append(i)
        for group, rows in places.items():
            columns = {name: np.ascontiguousarray(column[rows]) for name, column in self.columns.items()}
            yield group, Loaded(columns, len(rows), Told(len(rows)))


def loaded(tables: Tables, used: Sequence[str], options: Options, by: str = "") -> Loaded:
    """All rows of some files; `by` names the column of which the text tells groups apart."""
    tables.wanted, tables.by_name = [*used, *[by] * bool(by)], True

    def work(item: tuple[Any, int, Any]) -> tuple[Any, list[str], int]:
        table, _, piece = item
        batch = table.batch(piece, used, options.policy)
        if batch is None or not by:
            return batch, [], tables.position
        cells = typed_cells(batch.rows.cells([by])[0])
        return batch, ["" if cell is None else str(cell) for cell in cells.to_pylist()], tables.position

    parts: list[Mapping[str, Array]] = []
    groups: list[str] = []
    total = Told()
    for batch, told_apart, position in ordered(tables.pieces(), work, options.threads):
        if batch is not None:
            total = total.join(Told.of(batch))
            parts.append(batch.columns)
            groups += told_apart
        options.progress(total.rows, position)
    columns = {name: np.concatenate([part[name] for part in parts] or [np.empty(0)]) for name in used}
    return Loaded(columns, total.rows, total, groups)
