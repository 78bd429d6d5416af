"""JSON Lines, read and written in Python alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.tables.batch import Batch, Wanted, settled
from circuitcli.tables.json_array import ArrayOfRows, elements
from circuitcli.tables.json_layout import layout, members
from circuitcli.tables.json_text import SPACES, JsonText, one_by_one
from circuitcli.tables.pieces import Piece
from circuitcli.tables.plain_rows import JSON_WORDS, PlainCells, PlainRows, number_texts
from circuitcli.tables.text_family import TextWriter


class PlainJsonTable(JsonText):
    """A file of JSON Lines, read row by row."""

    def batch(self, piece: Piece, wanted: Wanted, head: int = 0) -> Batch | None:
        rows = PlainRows(piece.data, piece.line, quotes=False, spaces=SPACES)
        if not len(rows):
            return None
        self.refuse_given(rows)
        found, bad = one_by_one(rows, self.asked(wanted.read), self.times, self.uncertain)
        columns = dict(zip(wanted.read, found, strict=True))
        return settled(Batch(self.shown, columns, PlainJsonRows(rows, self), rows.line, len(rows)), bad, wanted, head)


class PlainJsonRows:
    """Rows of JSON Lines that pass through."""

    def __init__(self, rows: PlainRows, table: JsonText) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Sequence[int]) -> PlainJsonRows:
        return PlainJsonRows(PlainRows(self.rows.some(kept, b"\n"), 1, quotes=False, spaces=SPACES), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[PlainCells]:
        texts = self._table.texts(self.rows, names, whole)
        return [PlainCells(name, text, is_json=True) for name, text in zip(names, texts, strict=True)]

    def refuse_taken(self, batch: Batch, names: Sequence[str]) -> None:
        """Raise UsageError where a row has a key that a result would repeat."""
        self._table.refuse_taken(batch, self.rows, names)


class PlainJsonWriter(TextWriter):
    """Rows of JSON Lines, written row by row."""

    def render(self, batch: Batch, results: Mapping[str, Sequence[float]]) -> list[bytes | memoryview]:
        columns = self.columns
        own = members(columns.results, columns.columns) if columns.passes else members(columns.order)
        leads, end = layout(own)
        numbers = {name: number_texts(results[name], JSON_WORDS) for name in columns.results}
        if columns.passes:
            rows = batch.rows
            assert isinstance(rows, PlainJsonRows)
            rows.refuse_taken(batch, [*own])
            found = zip(*[[lead + text for text in numbers[name]] for name, lead in leads.items()], strict=True)
            texts = [
                ("," if rows.rows.row(i)[1:-1].strip() else "") + "".join(row) + end for i, row in enumerate(found)
            ]
            return [*rows.rows.followed_by(texts, before=1)]
        passed = batch.rows.cells(columns.columns, columns.whole)
        values = {cell.name: cell.as_json(batch.numbers(cell.name)) for cell in passed} | numbers
        rows_out = zip(*[[lead + text for text in values[name]] for name, lead in leads.items()], strict=True)
        return ["".join(["{" + "".join(row) + end + "}\n" for row in rows_out]).encode()]


class PlainJsonArrayWriter(ArrayOfRows, PlainJsonWriter):
    """Rows as one JSON array."""

    def render(self, batch: Batch, results: Mapping[str, Sequence[float]]) -> list[bytes | memoryview]:
        return elements(super().render(batch, results))
