"""The files of a command line as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

from circuitcli.errors import FileError, UsageError
from circuitcli.tables.storage import bare, sizes
from circuitcli.tables.streams import ARROW, CSV, JSONL, PARQUET, TSV, Stream, expand, form_of

Table = Any  # CsvTable, JsonTable or ArrowTable
T = TypeVar("T", bound="Tables")


class Tables:
    """Files of the same columns, opened one after the other. `first` is open from the start, and tells the columns."""

    def __init__(
        self,
        names: Sequence[str],
        form: str = "",
        header: Sequence[str] = (),
        renames: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.names = expand(names)
        self._form, self._header, self._renames = form, header, renames
        self._streams: list[Stream] = []
        try:
            self.first = self._opened(self.names[0])
        except BaseException:
            self.close()
            raise
        self.columns: list[str] = list(self.first.columns)
        self.wanted: list[str] | None = None  # of a typed file, those that are read
        self.by_name = False  # whether the order of columns says nothing
        self.read = 0  # bytes of the files that are through
        self._current: Table = self.first

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files that were opened."""
        for stream in self._streams:
            stream.close()

    def assume(self, names: Sequence[str]) -> None:
        """Take names for columns of JSON Lines, where rows may have keys that the first has not."""
        if self.first.form == JSONL:
            self.first.assume(names)
            self.columns = list(self.first.columns)

    @property
    def live(self) -> bool:
        """Whether somebody may be writing while we read."""
        return bool(self.first.stream.live)

    @cached_property
    def size(self) -> int | None:
        """The bytes of all files, where that is known."""
        found = sizes(self.names)
        return None if None in found else sum(filter(None, found))

    @property
    def shown(self) -> list[str]:
        """The files as results name them."""
        return [bare(name) for name in self.names]

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self.read + int(self._current.stream.read)

    def pieces(self) -> Iterator[tuple[Table, int, Any]]:
        """Every piece of every file, with its table and the number of the file."""
        for i, name in enumerate(self.names):
            table = self.first if i == 0 else self._opened(name)
            if i:
                refuse_other(table, self.first, self.columns, self.by_name)
                self.read += int(self._current.stream.read)
                self._current = table
            if table.form in (PARQUET, ARROW):
                table.wanted = self.wanted
            for piece in table.pieces():
                yield table, i, piece

    def _opened(self, name: str) -> Table:
        stream = Stream(name)
        self._streams.append(stream)
        return table_of(stream, self._form, self._header, self._renames)


def table_of(
    stream: Stream, told: str = "", header: Sequence[str] = (), renames: Sequence[tuple[str, str]] = ()
) -> Table:
    """The table that a file holds: of the form that is told, or that it looks like; `header` names the columns of one
    without a header."""
    form = form_of(stream, told)
    table: Table
    if form in (CSV, TSV):
        from circuitcli.tables.separated_values import CsvTable

        table = CsvTable(stream, form, header)
    elif header:
        raise UsageError(f"--names is for CSV and TSV without a header, and {stream.shown} is {form}")
    elif form == JSONL:
        from circuitcli.tables.json_lines import JsonTable

        table = JsonTable(stream)
    else:
        from circuitcli.tables.columnar import ArrowTable

        table = ArrowTable(stream, form)
    for old, new in renames:
        if old not in table.columns:
            raise UsageError(f"{stream.shown} has no column {old} to rename", _columns(table.columns))
        if new in table.columns:
            raise UsageError(f"{stream.shown} already has a column {new}", f"choose another name for {old}")
        table.rename(old, new)
    return table


def refuse_other(table: Table, first: Table, columns: Sequence[str], by_name: bool) -> None:
    """A later file must be of the same form and columns, or its rows would not fit behind the others; `by_name`: the
    order of columns says nothing."""
    if table.form != first.form:
        raise FileError(f"{table.shown} is {table.form}, and {first.shown} is {first.form}")
    same = set(table.columns) == set(columns) if by_name else table.columns == columns
    if table.form != JSONL and not same:
        missing = [name for name in columns if name not in table.columns]
        more = [name for name in table.columns if name not in columns]
        what = f"lacks {missing[0]}" if missing else f"has {more[0]} too" if more else "has them in another order"
        hint = "choose columns with --columns" if "order" in what else ""
        raise FileError(f"{table.shown} has not the columns of {first.shown}: it {what}", hint)


def _columns(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20])
    return f"its columns are: {shown}" + (", ..." if len(names) > 20 else "")
