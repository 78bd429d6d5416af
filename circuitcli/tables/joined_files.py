"""The files of a command line as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from circuitcli.asked_columns import column_of
from circuitcli.errors import FileError, UsageError
from circuitcli.tables.batch import Wanted
from circuitcli.tables.dialect import DialectOptions
from circuitcli.tables.file_table import Table, UnreadRows
from circuitcli.tables.formats import FORMATS, NeedsLibraries, format_of
from circuitcli.tables.hive import HiveTable
from circuitcli.tables.hive_paths import HiveCell, hive_cells
from circuitcli.tables.named_files import found_files
from circuitcli.tables.storage import sizes
from circuitcli.tables.streams import Stream
from circuitcli.urls import shown_name
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.tables.total_rows import TotalRow

T = TypeVar("T", bound="Tables")


class Reading(NamedTuple):
    """The settings of a reader: the format where an option tells it, the columns where no header does, new names of
    columns, whether it is to do without libraries, the dialect of CSV as far as options tell it, the names that are
    given values, and the sheet of a workbook."""

    format: str = ""
    header: Sequence[str] = ()
    renames: Sequence[tuple[str, str]] = ()
    plain: bool = False
    told: DialectOptions = DialectOptions()
    given: Sequence[str] = ()
    sheet: str = ""


class Tables:
    """Files with the same columns, opened one after the other. `first` is open from the start and tells the columns."""

    def __init__(self, names: Sequence[str], reading: Reading = Reading()) -> None:  # noqa: B008  it is immutable
        found = found_files(names)
        self.names, self._cells = [name for name, _ in found], hive_cells(found)
        self._reading = reading
        self._streams: list[Stream] = []
        self._closed = False
        try:
            self.first = self._opened(0)
        except BaseException:
            self.close()
            raise
        self.columns: list[str] = list(self.first.columns)
        self.inside: Sequence[str] = ()
        self.totals: list[TotalRow] = []  # the last rows of files that are read, where they may be totals
        self.read = 0  # bytes of the files that have been read to their ends
        self._current = self.first

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files that were opened, and that a thread which reads ahead still opens."""
        self._closed = True
        for stream in self._streams:
            stream.close()

    def assume(self, names: Sequence[str]) -> None:
        """Take names for columns that later rows may have."""
        self.first.assume(names)
        self.columns = list(self.first.columns)

    @cached_property
    def size(self) -> int | None:
        """The size of all files in bytes, where it is known."""
        found = sizes(self.names)
        return None if None in found else sum(filter(None, found))

    @property
    def estimated_rows(self) -> float:
        """About how many rows there are; 0 where nobody knows."""
        return 0.0 if self.size is None else self.first.estimated_rows(self.size, len(self.names))

    @property
    def shown(self) -> list[str]:
        """The files as results name them."""
        return [shown_name(name) for name in self.names]

    @property
    def position(self) -> int:
        """The number of bytes that have been read."""
        return self.read + int(self._current.stream.read)

    def pieces(self, wanted: Wanted) -> Iterator[tuple[int, UnreadRows]]:
        """The rows of all files in order, piece by piece, each with the number of its file."""
        for i in range(len(self.names)):
            table = self.first if i == 0 else self._opened(i)
            if i:
                refuse_other(table, self.first, self.columns, wanted.in_order)
                refuse_bars(table, self.first, wanted)
                self.read += int(self._current.stream.read)
                self._current = table
            for rows in table.pieces(wanted):
                yield i, rows
            if (
                (total := table.total_row([*map(column_of, wanted.read)]))
                and total.column not in wanted.columns
                and total not in self.totals
            ):
                self.totals.append(total)

    def _opened(self, number: int) -> Table:
        stream = Stream(self.names[number], sheet=self._reading.sheet)
        self._streams.append(stream)
        if self._closed:
            stream.close()
        return table_of(stream, self._reading, self._cells[number])


def table_of(
    stream: Stream,
    reading: Reading = Reading(),  # noqa: B008  it is immutable
    cells: Sequence[HiveCell] = (),
) -> Table:
    """The table in a file, with the cells that its path gives each row; a column that the file has itself is that."""
    form, told = format_of(stream, reading.format), reading.told
    if stream.is_workbook:
        form, told = FORMATS["csv"], told._replace(separator=",", decimal=".")
    elif reading.sheet:
        raise UsageError(f"--sheet is for workbooks, and {stream.shown} is none", "leave it out")
    if reading.header and not form.headed:
        headed = " and ".join(row.title for row in FORMATS.values() if row.headed)
        raise UsageError(f"--names is for {headed} without a header, and {stream.shown} is {form.name}")
    if reading.plain and not form.plain_reader:
        raise NeedsLibraries(f"{form.title} needs")
    module, _, name = (form.plain_reader if reading.plain else form.reader).partition(":")
    more = [told] if told != DialectOptions() and form.headed else []
    if not form.headed and told._replace(separator="", no_header=False) != DialectOptions():
        headed = " and ".join(row.title for row in FORMATS.values() if row.headed)
        what = "--decimal, --comment, --thousands, --na and --skip-lines are"
        raise UsageError(f"{what} for {headed}, and {stream.shown} is {form.name}", "leave them out")
    table: Table = getattr(import_module(module), name)(stream, form, reading.header, *more)
    if more_cells := [cell for cell in cells if cell.name not in table.columns]:
        table = HiveTable(table, more_cells, reading.plain)
    table.give(reading.given)
    for old, new in reading.renames:
        if old not in table.columns:
            table.assume(table.seen([old]))  # of JSON, where the first row may lack it
        if old not in table.columns:
            from circuitcli.tables.rename_hints import instead_of_rename, names_in_file

            columns = names_in_file(table.columns, reading.renames)
            hint = instead_of_rename(old, new, columns, reading.renames) or _columns(columns)
            raise UsageError(f"{stream.shown} has no column {old} to rename", hint)
        if new in table.columns:
            raise UsageError(f"{stream.shown} already has a column {new}", f"choose another name for {old}")
        table.rename(old, new)
    return table


def refuse_other(table: Table, first: Table, columns: Sequence[str], in_order: bool) -> None:
    """Raise FileError for a later file of another format or with other columns than the first: its rows would not fit
    behind the others. `in_order`: the order of the columns has to be the same too."""
    if table.format.name != first.format.name:
        raise FileError(f"{table.shown} is {table.format.name}, and {first.shown} is {first.format.name}")
    if in_order and table.format.separator != first.format.separator:
        signs = [f"{other.shown} has {other.format.separator!r} between its cells" for other in (table, first)]
        raise FileError(" and ".join(signs), "say --to csv")
    same = table.columns == columns if in_order else set(table.columns) == set(columns)
    if not table.format.keyed and not same:
        theirs, ours = set(table.columns), set(columns)
        missing = [name for name in columns if name not in theirs]
        more = [name for name in table.columns if name not in ours]
        what = (
            f"lacks {_some(missing)}" if missing else f"has {_some(more)} too" if more else "has them in another order"
        )
        hint = "choose columns with --columns" if "order" in what else f"give {table.shown} in a command of its own"
        raise FileError(f"{table.shown} has not the columns of {first.shown}: it {what}", hint)


def refuse_bars(table: Table, first: Table, wanted: Wanted) -> None:
    """Raise FileError for a later file with error bars in a column that has none in the first: they would be lost."""
    for name in wanted.read:
        if table.is_uncertain(name) and not first.is_uncertain(name):
            why = f"{table.shown} has error bars in {name}, and {first.shown}, which tells the columns, has none"
            raise FileError(why, f"name {table.shown} first")


def _some(names: Sequence[str]) -> str:
    """Some names in words."""
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"


def _columns(names: Sequence[str]) -> str:
    return f"its columns are: {some_of(names)}"
