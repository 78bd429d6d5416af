"""CSV and TSV, read and written in Python alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.errors import FileError
from circuitcli.tables.batch import Batch, Wanted, settled
from circuitcli.tables.csv_header import cells_of
from circuitcli.tables.escapes import unescaped
from circuitcli.tables.pieces import Piece
from circuitcli.tables.plain_rows import PlainCells, PlainRows, number_texts
from circuitcli.tables.separated_text import Place, ReadRows, SeparatedText, SeparatedTextWriter


class PlainSeparatedTable(SeparatedText):
    """A file of separated values, read row by row."""

    def batch(self, piece: Piece, wanted: Wanted, head: int = 0) -> Batch | None:
        rows = PlainRows(piece.data, piece.line, self.quotes)
        if not len(rows):
            return None
        rows, read = self._read(piece, rows, self.places(wanted.read), wanted.policy)
        filled = rows if read.filled is None else PlainRows(read.filled, 1, self.quotes)
        columns = dict(zip(wanted.read, read.columns, strict=True))
        times = [name for name in columns if self.is_time(name) or self.is_uncertain(name)]
        batch = Batch(self.shown, columns, PlainSeparatedRows(filled, self), rows.line, len(rows), times=times)
        return settled(batch, read.bad, wanted, head)

    def _read(self, piece: Piece, rows: PlainRows, places: list[Place], policy: str) -> tuple[PlainRows, ReadRows]:
        """The columns as numbers, and the rows that they are read from: where quotes do not fit together, each line may
        be a row, for a quote inside a cell that does not begin with one is a character."""
        if not self.quotes or b'"' not in piece.data:
            return rows, self.one_by_one(rows, places, policy)
        lines = PlainRows(piece.data, piece.line, quotes=False)
        try:
            read = self.one_by_one(rows, places, policy)
        except FileError:
            if (by_line := self._by_line(lines, places, policy)) is None:
                raise
            return lines, by_line
        if read.bad and (by_line := self._by_line(lines, places, policy)) is not None:
            return lines, by_line
        return rows, read

    def _by_line(self, lines: PlainRows, places: list[Place], policy: str) -> ReadRows | None:
        """The columns as numbers, if every line is a sound row."""
        try:
            read = self.one_by_one(lines, places, policy, by_line=True)
        except FileError:
            return None
        return None if read.bad else read


class PlainSeparatedRows:
    """Rows of CSV or TSV that pass through."""

    def __init__(self, rows: PlainRows, table: SeparatedText) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Sequence[int]) -> PlainSeparatedRows:
        table = self._table
        return PlainSeparatedRows(PlainRows(self.rows.some(kept, table.line_end), 1, table.quotes), table)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[PlainCells]:
        places = [self._table.columns.index(name) for name in names]
        texts: list[list[str]] = [[] for _ in places]
        for i in range(len(self.rows)) if places else ():
            row = cells_of(self._table.row_text(self.rows, i), self._table.format)
            for text, place in zip(texts, places, strict=True):
                text.append(row[place] if self._table.quotes else unescaped(row[place]))
        return [PlainCells(name, text, is_json=False) for name, text in zip(names, texts, strict=True)]


class PlainSeparatedWriter(SeparatedTextWriter):
    """Rows of CSV or TSV, written row by row."""

    def render(self, batch: Batch, results: Mapping[str, Sequence[float]]) -> list[bytes | memoryview]:
        columns, separator = self.columns, self.separator
        numbers = {name: number_texts(results[name]) for name in columns.results}
        if columns.passes:
            assert isinstance(batch.rows, PlainSeparatedRows)
            appended = zip(*numbers.values(), strict=True)
            return [*batch.rows.rows.followed_by([separator + separator.join(row) for row in appended])]
        passed = batch.rows.cells(columns.columns, columns.whole)
        cells = {cell.name: [self.cell(text) for text in cell.as_text()] for cell in passed}
        rows = zip(*[numbers.get(name) or cells[name] for name in columns.order], strict=True)
        return ["".join([separator.join(row) + "\n" for row in rows]).encode()]
