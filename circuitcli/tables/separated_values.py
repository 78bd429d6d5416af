"""CSV and TSV: the header, and rows whose used columns become numbers while their text passes through."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from circuitcli.errors import FileError
from circuitcli.tables.batch import Bad, Batch, Cells, settled
from circuitcli.tables.file_table import FileTable
from circuitcli.tables.streams import TSV, Stream
from circuitcli.tables.text_rows import LONGEST, OPEN, Piece, Rows, cut, numbers_between

Array = Any  # numpy.ndarray

csv.field_size_limit(LONGEST)  # or it would refuse a cell of 128 kB

_NUMBER = re.compile(
    r"[+-]?([0-9]+\.?[0-9]*([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE
)


class CsvTable(FileTable):
    """A file of separated values. `names` are its columns where it has no header."""

    def __init__(self, stream: Stream, form: str, names: Sequence[str] = ()) -> None:
        self.form = form
        self.shown = stream.shown
        self.stream = stream
        self.separator = "\t" if form == TSV else ","
        self.quotes = form != TSV  # which has none: a tab inside a cell is \t
        self._pieces = cut(stream.pieces(), self.shown, self.quotes)
        first = next(self._pieces, None)
        self.header, self.line_end = b"", b"\n"
        if names:
            self.columns = list(names)
            self._first = first
            return
        if first is None or not first.data.strip():
            raise FileError(f"{self.shown} is empty", "its first line should name the columns")
        self._first = self._take_header(first)

    def _take_header(self, first: Piece) -> Piece | None:
        rows = Rows(first.data, first.line, self.quotes)
        self.header = rows.row(0)
        if first.data.startswith((b"PAR1", b"ARROW1")):
            raise FileError(f"{self.shown} is no text", "leave out --from: its form is told by its first bytes")
        if b"\r" in self.header:
            raise FileError(
                f"{self.shown}: its lines end in a bare carriage return", "convert it: tr '\\r' '\\n' < FILE"
            )
        self.line_end = b"\r\n" if first.data[rows.ends[0] :].startswith(b"\r\n") else b"\n"
        line = rows.line(0)
        try:
            text = self.header.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise FileError(f"{self.shown}:{line}: {_encoding(first.data)}", f"convert it: {_CONVERT}")
        self.columns = [cell.strip() for cell in self._split(text)]
        for sign in ";|":
            if len(self.columns) == 1 and sign in text:
                raise FileError(
                    f"{self.shown}: the cells are separated by {sign} and not by commas",
                    f"convert it: mlr --csv --ifs '{sign}' --ofs , cat FILE",
                )
        if all(_NUMBER.fullmatch(cell.strip()) for cell in self.columns):
            shown = text if len(text) <= 40 else text[:39] + "…"
            names = ",".join("xyzuvw"[i] if i < 6 else f"c{i + 1}" for i in range(len(self.columns)))
            raise FileError(f"{self.shown}: the first line is {shown}: numbers, not names", f"say --names {names}")
        rest = first.data[rows.ends[0] :].partition(b"\n")[2]
        before = len(first.data) - len(rest)
        return Piece(rest, line + first.data.count(b"\n", 0, before), first.at + before, first.unit) if rest else None

    def _split(self, text: str) -> list[str]:
        """The cells of a row."""
        if not self.quotes:
            return text.split(self.separator)
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.separator))

    def rename(self, old: str, new: str) -> None:
        """Call the first column of a name otherwise."""
        self.columns[self.columns.index(old)] = new
        self.header = b""

    def pieces(self) -> Iterator[Piece]:
        if self._first is not None:
            yield self._first
        yield from self._pieces

    def batch(self, piece: Piece, used: Sequence[str], policy: str) -> Batch | None:
        """The rows of a piece; None where it has only empty lines."""
        rows = Rows(piece.data, piece.line, self.quotes)
        if not len(rows):
            return None
        places = [self.columns.index(name) for name in used]
        quoted = self.quotes and b'"' in piece.data
        left_open = quoted and piece.data.count(b'"') % 2 > 0  # which pyarrow closes at the end
        found = None if quoted or b"\r" in piece.data else self._by_place(rows, places)
        if found is None and not left_open:
            found = self._quick(rows, places)
        if found is None and quoted:
            # A quote inside a cell that does not begin with one is a character: then each line may be a row.
            lines = Rows(piece.data, piece.line, quotes=False)
            found = self._quick(lines, places)
            rows = rows if found is None else lines
        text = CsvRows(rows, self)
        bad: list[Bad] = []
        if found is None:
            found, bad, text = self._slow(rows, places, policy)
        columns = dict(zip(used, found, strict=True))
        return settled(Batch(self.shown, columns, text, rows.line, len(rows)), bad, policy)

    def _by_place(self, rows: Rows, places: list[int]) -> list[Any] | None:
        """The columns as numbers, where all rows are sound and a separator is one wherever it stands: then the
        numbers stand between known places, and only they need be read."""
        between = len(self.columns) - 1
        found = np.flatnonzero(np.frombuffer(rows.data, np.uint8) == ord(self.separator))
        if not between or len(found) != len(rows) * between:
            return None
        commas: Array = found.reshape(len(rows), between)
        if (commas[:, 0] < rows.starts).any() or (commas[:, -1] >= rows.ends).any():
            return None
        edges = [rows.starts - 1, *commas.T, rows.ends]
        columns = [numbers_between(rows.data, edges[place] + 1, edges[place + 1]) for place in places]
        return None if any(column is None for column in columns) else columns

    def _quick(self, rows: Rows, places: list[int]) -> list[Any] | None:
        """The columns as numbers, where all rows are sound."""
        try:
            if places:
                table = self.parsed(rows.data, places, pa.float64(), [""])
            else:  # for the number of cells alone
                table = self.parsed(rows.data, [0], pa.binary(), [])
        except pa.ArrowInvalid:
            return None
        if table.num_rows != len(rows) or any(column.null_count for column in table.columns):
            return None
        return [column.to_numpy() for column in table.columns] if places else []

    def parsed(self, data: bytes, places: Sequence[int], kind: Any, nulls: list[str]) -> Any:
        """Some columns by pyarrow, which raises ArrowInvalid where it cannot."""
        names = [str(i) for i in range(len(self.columns))]
        wanted = [str(i) for i in places]
        return pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
            pyarrow.csv.ParseOptions(
                delimiter=self.separator, quote_char='"' if self.quotes else False, newlines_in_values=b'"' in data
            ),
            pyarrow.csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, kind), null_values=nulls, check_utf8=True
            ),
        )

    def _slow(self, rows: Rows, places: list[int], policy: str) -> tuple[list[Any], list[Bad], CsvRows]:
        """The columns as numbers, nan where a row is not sound, and what is wrong there."""
        width, bad, short = len(self.columns), [], False
        found = np.full((len(places), len(rows)), np.nan)
        texts = []
        for i in range(len(rows)):
            text = rows.row(i).decode("utf-8", "surrogateescape")
            if self.quotes and text.count('"') % 2:
                raise FileError(f"{self.shown}:{rows.line(i)}: a quote is left open", OPEN)
            cells = self._split(text)
            if self.quotes and b"\n" in rows.row(i) and sum(cell.count("\n") for cell in cells) < text.count("\n"):
                raise FileError(
                    f"{self.shown}:{rows.line(i)}: a quote inside a cell that is not in quotes",
                    'write the cell "...""..."',
                )
            if len(cells) != width:
                why = f"{len(cells)} {_cells(len(cells))}, and {width} columns"
                bad.append(Bad(i, why, hopeless=len(cells) > width))
                text += self.separator * (width - len(cells))
                short = short or len(cells) < width
            texts.append(text)
            for j, place in enumerate(places):
                cell = cells[place].strip() if place < len(cells) else ""
                if _NUMBER.fullmatch(cell):
                    found[j, i] = float(cell)
                elif len(cells) == width:
                    name = self.columns[place]
                    bad.append(Bad(i, f"{name} is {_quoted(cell)}, no number" if cell else f"{name} is empty"))
        first = {row.row: row for row in reversed(bad)}
        if short and policy == "nan":  # so that what follows stands in its own columns
            data = b"".join([text.encode("utf-8", "surrogateescape") + self.line_end for text in texts])
            return list(found), list(first.values()), CsvRows(Rows(data, 1, self.quotes), self)
        return list(found), list(first.values()), CsvRows(rows, self)


_ESCAPED = re.compile(r"\\([tnr\\])")


def _unescaped(found: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1])


_CONVERT = "iconv -f utf-16 -t utf-8, or -f latin1"


def _cells(count: int) -> str:
    return "cell" if count == 1 else "cells"


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        return "the header is UTF-16, not UTF-8"
    return "the header is not UTF-8"


def _quoted(cell: str) -> str:
    cell = cell if len(cell) <= 30 else cell[:29] + "…"
    return '"' + cell.encode("utf-8", "backslashreplace").decode() + '"'


class CsvRows:
    """Rows of CSV or TSV that pass through."""

    def __init__(self, rows: Rows, table: CsvTable) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Any) -> CsvRows:
        left = self.rows.only(kept)
        return CsvRows(Rows(left.joined(self._table.line_end), 1, self._table.quotes), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> list[Cells]:
        places = [self._table.columns.index(name) for name in names]
        if not places:
            return []
        try:
            table = self._table.parsed(self.rows.data, places, pa.string(), [])
        except pa.ArrowInvalid as error:
            raise FileError(*self._unreadable(str(error))) from None
        columns = [column.combine_chunks() for column in table.columns]
        if not self._table.quotes and b"\\" in self.rows.data:
            columns = [
                pa.array([_ESCAPED.sub(_unescaped, cell) for cell in c.to_pylist()], pa.string()) for c in columns
            ]
        return [Cells(name, "csv", column) for name, column in zip(names, columns, strict=True)]

    def _unreadable(self, why: str) -> tuple[str, str]:
        """Which row it was, and what to do."""
        for i in range(len(self.rows)):
            try:
                self.rows.row(i).decode("utf-8")
            except UnicodeDecodeError as error:
                where = f"{self._table.shown}:{self.rows.line(i)}"
                return f"{where}: byte {error.start + 1} of the row is not UTF-8", f"convert the file: {_CONVERT}"
        return f"{self._table.shown}: {why.splitlines()[0]}", ""
