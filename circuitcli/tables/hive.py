"""Files whose rows have, behind their own columns, those that the path of the file gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from circuitcli.asked_columns import asked_of
from circuitcli.tables.batch import Bad, Batch, PassedRows, Wanted
from circuitcli.tables.file_table import Stretch, Table, UnreadRows
from circuitcli.tables.hive_paths import TIME, HiveCell

if TYPE_CHECKING:
    from pyarrow import DataType

    from circuitcli.tables.total_rows import TotalRow


class HiveTable(Table):
    """A file whose rows have further columns, behind its own, that its path tells; `plain`: read in Python alone."""

    def __init__(self, table: Table, cells: Sequence[HiveCell], plain: bool) -> None:
        super().__init__(table.stream, table.format)
        self._table, self._plain = table, plain
        self._cells = {cell.name: cell for cell in cells}
        self.empty, self.assumed = table.empty, table.assumed
        self._name_columns()

    def _name_columns(self) -> None:
        self.columns = [*self._table.columns, *self._cells]
        self.added = [*self._cells]

    def rename(self, old: str, new: str) -> None:
        if old in self._cells:
            cells = [cell._replace(name=new) if name == old else cell for name, cell in self._cells.items()]
            self._cells = {cell.name: cell for cell in cells}
        else:
            self._table.rename(old, new)
        self._name_columns()

    def give(self, names: Sequence[str]) -> None:
        self._table.give([*names, *self._cells])  # a row that has such a key, too, would say something else

    def assume(self, names: Sequence[str]) -> None:
        self._table.assume([name for name in names if name not in self._cells])
        self._name_columns()

    def seen(self, names: Sequence[str]) -> list[str]:
        return self._table.seen([name for name in names if name not in self._cells])

    def has_inside(self, name: str) -> bool:
        return self._table.has_inside(name)

    def has_part(self, name: str) -> bool:
        return self._table.has_part(name)

    def is_time(self, name: str) -> bool:
        return self._cells[name].kind == TIME if name in self._cells else self._table.is_time(name)

    def total_row(self, used: Collection[str]) -> TotalRow | None:
        return self._table.total_row([name for name in used if name not in self._cells])

    def is_uncertain(self, name: str) -> bool:
        return name not in self._cells and self._table.is_uncertain(name)

    def is_label(self, name: str) -> bool:
        return name not in self._cells and self._table.is_label(name)

    def type_of(self, name: str) -> DataType | None:
        if name not in self._cells:
            return self._table.type_of(name)
        from circuitcli.tables.hive_columns import type_of

        return type_of(self._cells[name])

    def estimated_rows(self, size: int, files: int) -> float:
        return self._table.estimated_rows(size, files)

    def stretches(self, size: int, least: int) -> list[Stretch]:
        return self._table.stretches(size, least)

    def pieces(self, wanted: Wanted, stretch: Stretch | None = None) -> Iterator[UnreadRows]:
        own = [name for name in wanted.read if asked_of(name).column not in self._cells]
        others = [name for name in wanted.others if name not in self._cells]
        inside = wanted._replace(numbers=own, others=others, where=None, completed=partial(self._completed, wanted))
        return self._table.pieces(inside, stretch)

    def _completed(self, wanted: Wanted, batch: Batch, bad: Sequence[Bad]) -> tuple[Batch, list[Bad], Wanted]:
        """A batch with the columns that the path tells, the faults of its rows, and the columns that are wanted of
        them."""
        columns, faults = dict(batch.columns), [*bad]
        for name in wanted.read:
            key, tested, _ = asked_of(name)
            if key in self._cells:
                number, why = self._cells[key].number(tested)
                columns[name] = self._column(number, batch.size)
                faults += [Bad(i, why) for i in range(batch.size)] if why else []
        times = [*batch.times, *(name for name in columns if name in self._cells and self.is_time(name))]
        rows = HiveRows(batch.rows, batch.size, self._cells, self._plain)
        return batch._replace(columns=columns, rows=rows, times=times), faults, wanted

    def _column(self, number: float, size: int) -> Any:
        if self._plain:
            return [number] * size
        from circuitcli.tables.hive_columns import numbers

        return numbers(number, size)


class HiveRows:
    """Rows that pass through, with the columns that the path of their file tells."""

    def __init__(self, rows: PassedRows, size: int, cells: Mapping[str, HiveCell], plain: bool) -> None:
        self._rows, self._size, self._cells, self._plain = rows, size, cells, plain

    def only(self, kept: Sequence[int]) -> HiveRows:
        return HiveRows(self._rows.only(kept), len(kept), self._cells, self._plain)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[Any]:
        own = self._rows.cells([name for name in names if name not in self._cells], whole)
        return [*own, *(self._column(self._cells[name]) for name in names if name in self._cells)]

    def _column(self, cell: HiveCell) -> Any:
        if self._plain:
            return PlainHiveCells(cell, self._size)
        from circuitcli.tables.hive_columns import HiveCells

        return HiveCells(cell, self._size)


class PlainHiveCells:
    """A column in which all rows have one value, or none, for the writers in Python alone."""

    def __init__(self, cell: HiveCell, size: int) -> None:
        self.name, self._cell, self._size = cell.name, cell, size

    def as_text(self) -> Sequence[str]:
        """Bare texts."""
        return [self._cell.text or ""] * self._size

    def as_json(self, numbers: Sequence[float] | None = None) -> Sequence[str]:
        """Texts of JSON values."""
        return [self._cell.json] * self._size
