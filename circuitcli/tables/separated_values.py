"""CSV and TSV: rows whose used columns become numbers while their text passes through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv

from circuitcli.asked_columns import asked_of
from circuitcli.errors import FileError
from circuitcli.tables.arrow_columns import equals, floats
from circuitcli.tables.batch import Bad, Batch, Wanted, settled
from circuitcli.tables.cells import Cells, TextCells, joined
from circuitcli.tables.csv_header import is_open
from circuitcli.tables.escapes import escapes_of, unescaped
from circuitcli.tables.number_text import texts_by_name, without_lead
from circuitcli.tables.pieces import Piece
from circuitcli.tables.row_writer import Results
from circuitcli.tables.separated_text import SWAPPED_BYTES, SeparatedText, SeparatedTextWriter
from circuitcli.tables.text_rows import Rows, numbers_between, texts_between

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SeparatedTable(SeparatedText):
    """A file of separated values, read by Arrow and NumPy."""

    def batch(self, piece: Piece, wanted: Wanted, head: int = 0) -> Batch | None:
        rows = Rows(piece.data, piece.line, self.quotes)
        if not len(rows):
            return None
        asked = self.places(wanted.read)
        places = [place for place, (_, text, _) in asked if text is None]
        tested, uncertain = any(a.text is not None for _, a in asked), any(a.sigma for _, a in asked)
        quoted = self.quotes and b'"' in piece.data
        left_open = quoted and piece.data.count(b'"') % 2 > 0  # pyarrow would close it at the end
        found = None if quoted or b"\r" in piece.data else self._by_place(rows, places)
        if found is None and not left_open:
            found = self._by_pyarrow(rows, places)
        if found is None and quoted:
            # A quote inside a cell that does not begin with one is a character: then each line may be a row.
            lines = Rows(piece.data, piece.line, quotes=False)
            last_open = is_open(lines.row(len(lines) - 1).decode("utf-8", "surrogateescape"), self.format)
            found = None if last_open else self._by_pyarrow(lines, places)
            rows = rows if found is None else lines
        if found is not None and self.missing_numbers and np.isin(found, self.missing_numbers).any():
            found = None
        text = SeparatedRows(rows, self)
        if found is not None and (tested or uncertain):
            found = None if uncertain or self.told.na else text.with_tests(found, wanted.read)
        bad: list[Bad] = []
        if found is None:
            read = self.one_by_one(rows, asked, wanted.policy)
            found, bad = list(map(np.array, read.columns)), read.bad
            text = text if read.filled is None else SeparatedRows(Rows(read.filled, 1, self.quotes), self)
        columns = dict(zip(wanted.read, found, strict=True))
        times = [name for name in columns if self.is_time(name) or self.is_uncertain(name)]
        return settled(Batch(self.shown, columns, text, rows.line, len(rows), times=times), bad, wanted, head)

    def _by_place(self, rows: Rows, places: list[int]) -> list[NDArray[np.float64]] | None:
        """The columns as numbers, if all rows are sound and every separator separates: then the numbers stand between
        known places, and only they need to be read."""
        between = len(self.columns) - 1
        found = np.flatnonzero(np.frombuffer(rows.data, np.uint8) == ord(self.separator))
        if not between or len(found) != len(rows) * between:
            return None
        signs = found.reshape(len(rows), between)
        if (signs[:, 0] < rows.starts).any() or (signs[:, -1] >= rows.ends).any():
            return None
        edges = [rows.starts - 1, *signs.T, rows.ends]
        data = rows.data if self.decimal == "." else rows.data.translate(SWAPPED_BYTES)
        columns = [numbers_between(data, edges[place] + 1, edges[place + 1]) for place in places]
        if any(column is None for column in columns):
            return None
        rows.edges = edges
        return columns

    def _by_pyarrow(self, rows: Rows, places: list[int]) -> list[NDArray[np.float64]] | None:
        """The columns as numbers, if all rows are sound."""
        try:
            if places:
                table = self.parsed(rows.data, places, pa.float64(), [""])
            else:  # for the number of cells alone
                table = self.parsed(rows.data, [0], pa.binary(), [])
        except pa.ArrowInvalid:
            return None
        if table.num_rows != len(rows) or any(column.null_count for column in table.columns):
            return None
        return [floats(column) for column in table.columns] if places else []

    def parsed(self, data: bytes, places: Sequence[int], kind: pa.DataType, nulls: list[str]) -> pa.Table:
        """Some columns, read by pyarrow, which raises ArrowInvalid where it cannot."""
        names = [str(i) for i in range(len(self.columns))]
        wanted = [str(i) for i in places]
        return pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
            pyarrow.csv.ParseOptions(
                delimiter=self.separator, quote_char='"' if self.quotes else False, newlines_in_values=b'"' in data
            ),
            pyarrow.csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, kind),
                null_values=nulls,
                check_utf8=True,
                decimal_point=self.decimal,
            ),
        )


class SeparatedRows:
    """Rows of CSV or TSV that pass through."""

    def __init__(self, rows: Rows, table: SeparatedTable) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Sequence[int]) -> SeparatedRows:
        left = self.rows.only(kept)
        return SeparatedRows(Rows(left.joined(self._table.line_end), 1, self._table.quotes), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[TextCells]:
        first = {name: place for place, name in reversed([*enumerate(self._table.columns)])}
        places = [first[name] for name in names]
        if not places:
            return []
        if (by_place := self._by_place(places)) is not None:
            return [TextCells(name, column) for name, column in zip(names, by_place, strict=True)]
        try:
            table = self._table.parsed(self.rows.data, places, pa.string(), [])
        except pa.ArrowInvalid as error:
            for i in range(len(self.rows)):
                self._table.row_text(self.rows, i)  # which tells the first that is none
            raise FileError(f"{self._table.shown}: {str(error).splitlines()[0]}") from None
        columns = [column.combine_chunks() for column in table.columns]
        if not self._table.quotes and b"\\" in self.rows.data:
            columns = [pa.array(map(unescaped, c.to_pylist()), pa.string()) for c in columns]
        return [TextCells(name, column) for name, column in zip(names, columns, strict=True)]

    def with_tests(self, numbers: Sequence[NDArray[np.float64]], names: Sequence[str]) -> list[NDArray[np.float64]]:
        """Columns as numbers, and between them, in the order of the names of inputs, the tests of texts."""
        asked, others = [*map(asked_of, names)], iter(numbers)
        texts = iter(self.cells([column for column, text, _ in asked if text is not None]))
        return [next(others) if text is None else equals(next(texts).as_text(), text) for _, text, _ in asked]

    def _by_place(self, places: Sequence[int]) -> list[pa.Array] | None:
        """Some columns as text, where the places of all cells are known, and no character needs a second look."""
        data, edges = self.rows.data, self.rows.edges
        if edges is None or not data.isascii() or (not self._table.quotes and b"\\" in data):
            return None
        return [texts_between(data, edges[place] + 1, edges[place + 1]) for place in places]


class SeparatedWriter(SeparatedTextWriter):
    """Rows of CSV or TSV, written by Arrow."""

    def render(self, batch: Batch, results: Results) -> list[bytes | memoryview]:
        columns, separator = self.columns, self.separator
        numbers = texts_by_name(dict.fromkeys(columns.results, separator), results)
        if columns.passes:
            assert isinstance(batch.rows, SeparatedRows)
            return batch.rows.rows.followed_by([*numbers.values()])
        cells = {cell.name: self._written(cell) for cell in batch.rows.cells(columns.columns, columns.whole)}
        pieces: list[pa.Array | str] = []
        for name in columns.order:
            pieces += [numbers[name]] if name in numbers else [separator, cells[name]]
        first = [without_lead(pieces[0])] if columns.order[0] in numbers else []  # else a separator
        return [joined([*first, *pieces[1:], b"\n"])]

    def _written(self, cells: Cells) -> pa.Array:
        """Cells in quotes where they need them; without quotes in the format, with escapes."""
        import pyarrow.compute as pc

        values = cells.as_text()
        if not self.columns.format.quotes:
            for character, escape in escapes_of(self.separator):
                values = pc.replace_substring(values, character, escape)
            return values
        if not _has_any(values, f'"\r\n{self.separator}'):
            return values
        special = pc.match_substring_regex(values, f'["\r\n{re.escape(self.separator)}]')
        if pc.any(special).as_py():
            doubled = pc.replace_substring(values, '"', '""')
            values = pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), values)
        return values


def _has_any(texts: pa.Array, characters: str) -> bool:
    """Whether some text may have one of these characters: a look at all bytes at once, in which most columns have
    none."""
    data = texts.buffers()[2]
    found = b"" if data is None else memoryview(data).tobytes()
    return any(character in found for character in characters.encode())
