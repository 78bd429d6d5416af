"""Rows as a table for people: at a terminal the first and the last, elsewhere all, as they come."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import Any

from circuitcli.errors import shortened
from circuitcli.render.aligned_column import AlignedColumn, numbers_aligned, texts_aligned
from circuitcli.render.number_format import shown
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN
from circuitcli.render.screen_table import print_table
from circuitcli.render.text_table import GAP, Column, PrintedTable
from circuitcli.tables.batch import Batch
from circuitcli.tables.file_table import Table
from circuitcli.tables.output_columns import OutputColumns
from circuitcli.tables.row_writer import BytesFile, Writer
from circuitcli.visible_text import visible

FIRST = 1_000  # rows that tell the widths of the columns, where all rows are printed
AT_EACH_END = 10  # rows that a terminal shows
WIDEST = 32  # of a text at a terminal
_ONE_LINE = str.maketrans({"\n": "\\n", "\t": "\\t"})


class TableWriter(Writer["list[list[str]]"]):
    """Rows as a table, whatever reads them. Only results have as many digits as are asked for: other columns pass."""

    def __init__(self, file: BytesFile, table: Table, columns: OutputColumns, seekable: bool) -> None:
        super().__init__(file, table, columns, seekable)
        at_terminal = not seekable and sys.stdout.isatty()
        self._table = RowTable(
            columns.order,
            columns.results,
            self._print,
            columns.color if at_terminal else None,
            columns.headed,
            table.format.decimal,
            " (--columns chooses)",
        )

    def _print(self, text: str) -> None:
        self.file.write(text.encode())

    def render(self, batch: Batch, results: Mapping[str, Any]) -> list[list[str]]:
        columns, digits = self.columns, self.columns.digits
        texts = {name: [shown(float(x), digits) for x in results[name]] for name in columns.results}
        for cell in batch.rows.cells(columns.columns, columns.whole):
            passed = cell.as_text()
            texts[cell.name] = passed if isinstance(passed, list) else passed.to_pylist()
        return [list(row) for row in zip(*[texts[name] for name in columns.order], strict=True)]

    def write(self, rendered: list[list[str]]) -> None:
        self._table.add(rendered)

    def close(self) -> None:
        self._table.close()


class RowTable:
    """Rows of texts as a table. With a `color` (auto, always or never) it is for a terminal; without one all rows go
    to `write`, in columns as wide as the first rows need. `headed`: the names stand above them. `decimal` is the point
    of numbers that are no results, and `chooser` says how columns are chosen."""

    def __init__(
        self,
        names: Sequence[str],
        results: Collection[str],
        write: Callable[[str], object],
        color: str | None,
        headed: bool = True,
        decimal: str = ".",
        chooser: str = "",
    ) -> None:
        self._names, self._results, self._write = names, results, write
        self._color, self._headed, self._decimal, self._chooser = color, headed, decimal, chooser
        self._first: list[list[str]] = []
        self._last: deque[list[str]] = deque(maxlen=AT_EACH_END)
        self._count = 0
        self._columns: list[AlignedColumn] = []

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Take some rows, and write what is ready."""
        added = [[_in_one_line(cell) for cell in row] for row in rows]
        self._count += len(added)
        room = (AT_EACH_END if self._color else FIRST) - len(self._first)
        if room > 0:
            self._first += added[:room]
            added = added[room:]
        if self._color:
            self._last += added
        elif added:
            self._begin()
            self._print(added)

    def close(self) -> None:
        """Write what is left."""
        if self._color:
            self._show(self._color)
        else:
            self._begin()

    def _begin(self) -> None:
        """Write the header and the first rows, once."""
        if not self._columns:
            self._columns = self._aligned(self._first)
            if self._headed:
                self._write(_line([column.head for column in self._columns]))
            self._print(self._first)

    def _print(self, rows: Sequence[Sequence[str]]) -> None:
        columns = self._columns
        self._write("".join([_line([c.padded(cell) for c, cell in zip(columns, row, strict=True)]) for row in rows]))

    def _aligned(self, rows: Sequence[Sequence[str]]) -> list[AlignedColumn]:
        """The columns as wide as some rows need."""
        found = []
        for i, name in enumerate(self._names):
            is_result = name in self._results
            title = _in_one_line(name) if self._headed else ""
            cells = [row[i] for row in rows]
            found.append(_aligned(title, cells, "." if is_result else self._decimal, is_result))
        return found

    def _show(self, color: str) -> None:
        """Print the first and the last rows at a terminal, with the columns that fit."""
        rows = [*self._first, *self._last]
        widest = [None if column.point else WIDEST for column in self._aligned(rows)]  # of a digit nothing is cut off
        rows = [
            [cell if w is None else shortened(cell, w) for cell, w in zip(row, widest, strict=True)] for row in rows
        ]
        columns, room = self._aligned(rows), get_terminal_size().columns
        places = self._fitting(columns, room)
        heads = [self._head(i, columns[i]) for i in places]
        cells = [[columns[i].padded(row[i]) for i in places] for row in rows]
        more = self._count - len(rows)
        print_table(PrintedTable(heads, cells[: AT_EACH_END if more else None]), color)
        if more:
            print(f" ... {more:,} {'row' if more == 1 else 'rows'} more")
            print_table(PrintedTable([head._replace(title="") for head in heads], cells[AT_EACH_END:]), color)
        if left_out := [columns[i].title or self._names[i] for i in range(len(columns)) if i not in places]:
            print(shortened(f" not shown{self._chooser}: {', '.join(left_out)}", room))

    def _fitting(self, columns: Sequence[AlignedColumn], room: int) -> list[int]:
        """The places of the columns that are shown: the first, which says what a row is, then results, then others."""
        found: list[int] = []
        for i in sorted(range(len(columns)), key=lambda i: i > 0 and 1 + (self._names[i] not in self._results)):
            needed = columns[i].width + GAP
            if needed <= room or not found:
                found.append(i)
                room -= needed
        return sorted(found)

    def _head(self, i: int, column: AlignedColumn) -> Column:
        name = self._names[i]
        style = GRADIENT_ON_SCREEN if name.startswith("grad_") else VALUE_ON_SCREEN
        return Column(column.title, bool(column.point), style if name in self._results else "")


def _aligned(title: str, cells: Sequence[str], point: str, is_number: bool) -> AlignedColumn:
    """A column as wide as its cells, which are numbers where each that is not empty is one."""
    written = [cell for cell in cells if cell]
    if is_number or (written and all(_is_number(cell, point) for cell in written)):
        return numbers_aligned(title, cells, point)
    return texts_aligned(title, cells)


def _in_one_line(text: str) -> str:
    """A text that neither ends a line nor commands a terminal."""
    return text if text.isascii() and text.isprintable() else visible(text).translate(_ONE_LINE)


def _line(cells: Sequence[str]) -> str:
    return f" {'   '.join(cells).rstrip()}\n"


def _is_number(text: str, point: str) -> bool:
    try:
        float(text.replace(point, "."))
    except ValueError:
        return False
    return True
