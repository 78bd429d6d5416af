"""Hive directories: the columns that the path of a file gives its rows, as in year=2024/site=A/part-0.parquet."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.tables.batch import Bad, Batch, PassedRows, Wanted
from circuitcli.tables.file_table import Stretch, Table, UnreadRows
from circuitcli.tables.times import seconds_of
from circuitcli.text_tests import asked_of
from circuitcli.urls import is_far, parts

if TYPE_CHECKING:
    from pyarrow import DataType

MISSING = "__HIVE_DEFAULT_PARTITION__"
INTEGER, NUMBER, TIME, TEXT = "integer", "number", "time", "text"
_KINDS: Mapping[str, Callable[[str], bool]] = {  # in the order in which they are tried
    INTEGER: lambda text: re.fullmatch(r"[+-]?[0-9]{1,18}", text) is not None,
    NUMBER: lambda text: re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text) is not None,
    TIME: lambda text: seconds_of(text) is not None,
}


class HiveCell(NamedTuple):
    """A column that the path of a file tells: the text that all rows of the file have there, None where it is missing,
    and the kind of the texts of all files."""

    name: str
    text: str | None
    kind: str

    @property
    def json(self) -> str:
        """The value as JSON."""
        import json

        if self.text is None or self.kind in (TEXT, TIME):
            return json.dumps(self.text, ensure_ascii=False)
        return repr(self.value)

    @property
    def value(self) -> int | float | str | None:
        """The value with its type."""
        if self.text is None or self.kind in (TEXT, TIME):
            return self.text
        return int(self.text) if self.kind == INTEGER else float(self.text)

    def number(self, tested: str | None) -> tuple[float, str]:
        """The number that an expression takes, nan where there is none; and why there is none. A text that is `tested`
        is 1 or 0."""
        if self.text is None:
            return math.nan, f"{self.name} is missing"
        if tested is not None:
            return float(self.text.strip() == tested), ""
        if self.kind == TEXT:
            return math.nan, f'{self.name} is "{self.text}", no number'
        seconds = seconds_of(self.text) if self.kind == TIME else float(self.text)
        return (math.nan if seconds is None else seconds), ""


def hive_cells(paths: Sequence[tuple[str, str]]) -> list[list[HiveCell]]:
    """The columns that the path of each file tells; a path comes with the name that stands for it."""
    found = [_texts(path, named) if "=" in path else {} for path, named in paths]
    if not any(found):
        return [[] for _ in found]
    texts: dict[str, set[str]] = {}
    for file in found:
        for name, text in file.items():
            texts.setdefault(name, set()).update([] if text is None else [text])
    kinds = {name: next((kind for kind, fits in _KINDS.items() if all(map(fits, texts[name]))), TEXT) for name in texts}
    return [[HiveCell(name, text, kinds[name]) for name, text in file.items()] for file in found]


def _texts(path: str, named: str) -> dict[str, str | None]:
    """The keys and values of the directories of a path: of those below the one that was named, where that is one."""
    path, named = (_path(name) for name in (path, named))
    folders = path.removeprefix(named.rstrip("/") + "/").split("/")[:-1]
    pairs = [folder.split("=", 1) for folder in folders if folder.find("=") > 0]
    return {_decoded(key): None if value in ("", MISSING) else _decoded(value) for key, value in pairs}


def _path(name: str) -> str:
    """The path of a name, with slashes."""
    return parts(name).path if is_far(name) else name.replace(os.sep, "/")


def _decoded(text: str) -> str:
    """A part of a path without its escapes."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


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

    def is_time(self, name: str) -> bool:
        return self._cells[name].kind == TIME if name in self._cells else self._table.is_time(name)

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
        own = [name for name in wanted.read if asked_of(name)[0] not in self._cells]
        others = [name for name in wanted.others if name not in self._cells]
        inside = wanted._replace(numbers=own, others=others, where=None, completed=partial(self._completed, wanted))
        return self._table.pieces(inside, stretch)

    def _completed(self, wanted: Wanted, batch: Batch, bad: Sequence[Bad]) -> tuple[Batch, list[Bad], Wanted]:
        """A batch with the columns that the path tells, the faults of its rows, and the columns that are wanted of
        them."""
        columns, faults = dict(batch.columns), [*bad]
        for name in wanted.read:
            key, tested = asked_of(name)
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
