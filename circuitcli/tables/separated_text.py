"""CSV and TSV, whatever reads their rows: the columns, what is wrong with a row, and how a cell is written."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import NamedTuple

from circuitcli.asked_columns import Asked, asked_of
from circuitcli.errors import FileError
from circuitcli.tables.batch import NAN, Bad, first_of_each_row
from circuitcli.tables.csv_header import NUMBER, TRUTHS, cells_of, header_of, is_open, numbered
from circuitcli.tables.dialect import DialectOptions, dialect_of
from circuitcli.tables.escapes import escaped, unescaped
from circuitcli.tables.file_table import Stretch, Table
from circuitcli.tables.formats import Format
from circuitcli.tables.output_columns import OutputColumns
from circuitcli.tables.pieces import OPEN, TextOfRows
from circuitcli.tables.row_writer import BytesFile
from circuitcli.tables.shell_hints import CONVERT, piped
from circuitcli.tables.streams import Stream
from circuitcli.tables.text_family import TextTable, TextWriter
from circuitcli.tables.thinned_text import LineRules, thinned
from circuitcli.tables.times import seconds_of
from circuitcli.tables.total_rows import TotalRow, total_row
from circuitcli.tables.uncertain_cells import MARKS, uncertain_number

# A decimal comma becomes a point, and a point is none.
SWAPPED, SWAPPED_BYTES = str.maketrans(",.", ".,"), bytes.maketrans(b",.", b".,")


LONG = 4_096  # bytes of a last row; a longer one is no total
FIRST = 1_000  # rows that are looked through for the first cell of a column
Place = tuple[int, Asked]  # of a column, and what is asked of it


class ReadRows(NamedTuple):
    """Columns as numbers, nan where a row is not sound; the first fault of each row that has one; and the text of all
    rows with missing cells filled, where some are to be kept so."""

    columns: list[list[float]]
    bad: list[Bad]
    filled: bytes | None


class SeparatedText(TextTable):
    """A file of separated values, whoever reads its rows. `names` are its columns where it has no header."""

    told_by_start = ("_first_cells", "_uncertain")

    def __init__(
        self,
        stream: Stream,
        form: Format,
        names: Sequence[str] = (),
        told: DialectOptions = DialectOptions(),  # noqa: B008  it is immutable
    ) -> None:
        dialect = dialect_of(stream.first, form, stream.shown, names, told)
        form, self._lines, self._thousands, self.assumed = dialect
        self.told = told
        self.missing_numbers = [float(text) for text in told.na if NUMBER.fullmatch(text)]
        super().__init__(stream, form)
        self.separator, self.decimal, self.quotes = form.separator, form.decimal, form.quotes
        self.header, self.line_end = b"", b"\n"
        if names or told.no_header:
            self.columns = list(names) or numbered(self._first, form, self.shown)
        else:
            self.columns, self.header, self.line_end, self._first = header_of(self._first, form, self.shown)

    def is_time(self, name: str) -> bool:
        return name in self.columns and self.columns.index(name) in self._times

    def is_label(self, name: str) -> bool:
        cell = self._first_cell(name)
        number = NUMBER.fullmatch(self._with_point(cell, self.columns.index(name))) if cell else True
        return not (number or cell in TRUTHS or self.is_time(name) or self.is_uncertain(name))

    def is_uncertain(self, name: str) -> bool:
        return name in self.columns and self.columns.index(name) in self._uncertain

    def total_row(self, used: Collection[str]) -> TotalRow | None:
        lines = b"" if self._last is None else self._last.data.rstrip(b"\r\n")[-LONG:]
        line = lines[lines.rfind(b"\n") + 1 :].decode("utf-8", "surrogateescape")
        return total_row(self.shown, self.columns, self._cells(line), used) if line else None

    def _first_cell(self, name: str) -> str:
        """The first cell of a column that is not empty; empty where none is."""
        return self._first_cells.get(self.columns.index(name), "") if name in self.columns else ""

    @cached_property
    def _times(self) -> frozenset[int]:
        """The places of the columns whose first cell that is not empty is a date or a time."""
        return frozenset(place for place, cell in self._first_cells.items() if seconds_of(cell) is not None)

    @cached_property
    def _first_cells(self) -> dict[int, str]:
        """The first cell of each column that is not empty, by the column's place."""
        found: dict[int, str] = {}
        for row in self._first_rows():
            for place, cell in enumerate(row):
                if cell and cell not in self.told.na:
                    found.setdefault(place, cell)
            if len(found) >= len(self.columns):
                break
        return found

    @cached_property
    def _uncertain(self) -> frozenset[int]:
        """The places of the columns in which some cell has a number with its uncertainty."""
        if not self._seen_at_start(MARKS):
            return frozenset()
        cells = ((place, cell) for row in self._first_rows(None) for place, cell in enumerate(row))
        return frozenset(place for place, cell in cells if uncertain_number(self._with_point(cell, place)))

    def _first_rows(self, most: int | None = FIRST) -> Iterator[list[str]]:
        """The cells of the first rows, at most so many, without the spaces around them."""
        for row in islice(self._rows_at_start(), most):
            yield [cell.strip() for cell in self._cells(row.data.decode("utf-8", "surrogateescape"))]

    def _cells(self, row: str) -> list[str]:
        """The cells of a row."""
        return cells_of(row, self.format) if self.quotes and '"' in row else row.split(self.separator)

    def _with_point(self, cell: str, place: int) -> str:
        """A number in a cell without signs between thousands, and with a decimal point."""
        if self._thousands.sign:
            cell = self._thousands.taken_out(cell, place)
        return cell if self.decimal == "." else cell.translate(SWAPPED)

    def text(self) -> Iterator[bytes]:
        """The text of the file, in which lines that are no rows are empty."""
        return thinned(super().text(), self._lines, self.shown) if self._is_thinned else super().text()

    def stretches(self, size: int, least: int) -> list[Stretch]:
        """Ranges of bytes; a file with lines that are no rows is read whole."""
        return [] if self._is_thinned else super().stretches(size, least)

    @property
    def _is_thinned(self) -> bool:
        """Whether the text is not read as it is."""
        return self._lines != LineRules()

    def rename(self, old: str, new: str) -> None:
        self.columns[self.columns.index(old)] = new
        self.header = b""

    def row_text(self, rows: TextOfRows, i: int) -> str:
        """A row as text. Raises FileError where it is not UTF-8."""
        try:
            return rows.row(i).decode("utf-8")
        except UnicodeDecodeError as error:
            why = f"{self.shown}:{rows.line(i)}: byte {error.start + 1} of the row is not UTF-8"
            raise FileError(why, f"convert the file: {piped(CONVERT, self.shown)}") from None

    def places(self, names: Sequence[str]) -> list[Place]:
        """The places of the columns that inputs need."""
        return [(self.columns.index(asked.column), asked) for asked in map(asked_of, names)]

    def one_by_one(self, rows: TextOfRows, places: Sequence[Place], policy: str, by_line: bool = False) -> ReadRows:
        """Read some columns as numbers, one row after the other. `by_line`: each line is a row, for a quote in the
        midst of a cell is a character. Raises FileError where a quote is left open."""
        width, bad, short = len(self.columns), list[Bad](), False
        found = [[math.nan] * len(rows) for _ in places]
        texts, is_number = [], NUMBER.fullmatch
        asked = [*zip(found, places, strict=True)]
        na, times, uncertain = frozenset(self.told.na), self._times, self._uncertain
        is_foreign = self._thousands.sign or self.decimal != "."
        for i in range(len(rows)):
            text = rows.row(i).decode("utf-8", "surrogateescape")
            if self.quotes and ('"' in text or "\r" in text):
                cells = self._quoted_cells(rows, i, text, by_line)
                if sum(cell.count("\r") for cell in cells) < text.rstrip("\r").count("\r"):
                    bad.append(Bad(i, "a carriage return stands in a cell that is not in quotes", hopeless=True))
            else:
                cells = text.split(self.separator)
            if len(cells) != width:
                why = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'}, and {width} columns"
                bad.append(Bad(i, why, len(cells) > width, partial(_help_of_row, text, width, self.separator)))
                text += self.separator * (width - len(cells))
                short = short or len(cells) < width
            texts.append(text)
            for column, (place, (_, tested, sigma)) in asked:
                cell = written = cells[place].strip() if place < len(cells) else ""
                if tested is not None and place < len(cells) and written not in na:
                    column[i] = float((cell if self.quotes else unescaped(cell)) == tested)
                    continue
                if place in times and written not in na:
                    time = seconds_of(written)
                    if time is not None:
                        column[i] = time
                    elif len(cells) == width:
                        bad.append(self._no(i, place, written, "time"))
                    continue
                if is_foreign:
                    cell = self._with_point(cell, place)
                if written in na or (is_number(cell) and float(cell) in self.missing_numbers):
                    bad.append(Bad(i, f"{self.columns[place]} is {_quoted(written)}, which is missing"))
                elif is_number(cell):
                    column[i] = 0.0 if sigma else float(cell)
                elif cell in TRUTHS:
                    column[i] = 0.0 if sigma else TRUTHS[cell]
                elif place in uncertain and (number := uncertain_number(cell)):
                    column[i] = number.sigma if sigma else number.value
                elif len(cells) == width:
                    bad.append(self._no(i, place, written, "number"))
        filled = None
        if short and policy == NAN:  # so that results stand in columns of their own
            filled = b"".join([text.encode("utf-8", "surrogateescape") + self.line_end for text in texts])
        return ReadRows(found, first_of_each_row(bad), filled)

    def _no(self, row: int, place: int, cell: str, kind: str) -> Bad:
        """The fault of a cell that is not of the kind of its column."""
        name = self.columns[place]
        if not cell:
            return Bad(row, f"{name} is empty")
        return Bad(row, f"{name} is {_quoted(cell)}, no {kind}", help=partial(_help_of_cell, name, cell))

    def _quoted_cells(self, rows: TextOfRows, i: int, text: str, by_line: bool) -> list[str]:
        """The cells of a row in which there are quotes, which may hold ends of lines."""
        if text.count('"') % 2 and (not by_line or is_open(text, self.format)):
            raise FileError(f"{self.shown}:{rows.line(i)}: a quote is left open", OPEN)
        cells = cells_of(text, self.format)
        if "\n" in text and sum(cell.count("\n") for cell in cells) < text.count("\n"):
            raise FileError(
                f"{self.shown}:{rows.line(i)}: a quote inside a cell that is not in quotes",
                'write the cell "...""..."',
            )
        return cells


class SeparatedTextWriter(TextWriter):
    """Rows of CSV or TSV, whoever writes them."""

    def __init__(self, file: BytesFile, table: Table, columns: OutputColumns, seekable: bool) -> None:
        super().__init__(file, table, columns, seekable)
        self.separator = separator = columns.format.separator
        if columns.passes and isinstance(table, SeparatedText) and table.header:
            tail = "".join(separator + self.cell(name) for name in columns.results)
            self.header = table.header + tail.encode() + table.line_end
        else:
            self.header = (separator.join(map(self.cell, columns.order)) + "\n").encode()
        if not columns.headed:
            self.header = b""

    def cell(self, text: str) -> str:
        """A cell in quotes where it needs them; without quotes in the format, with escapes."""
        if not self.columns.format.quotes:
            return escaped(text, self.separator)
        special = any(c in text for c in ('"', "\r", "\n", self.separator))
        return '"' + text.replace('"', '""') + '"' if special else text


def _help_of_cell(name: str, cell: str, shown: str) -> str:
    from circuitcli.tables.cell_hints import help_of_cell

    return help_of_cell(name, cell, shown)


def _help_of_row(row: str, width: int, separator: str, shown: str) -> str:
    from circuitcli.tables.cell_hints import help_of_row

    return help_of_row(row, width, separator, shown)


def _quoted(cell: str) -> str:
    cell = cell if len(cell) <= 30 else cell[:29] + "…"
    return '"' + cell.encode("utf-8", "backslashreplace").decode() + '"'
