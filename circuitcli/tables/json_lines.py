"""JSON Lines: an object a row, whose used keys become numbers while its text passes through."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.json

from circuitcli.tables.arrow_columns import floats
from circuitcli.tables.batch import Bad, Batch, Wanted, settled
from circuitcli.tables.cells import JsonCells, joined
from circuitcli.tables.json_array import ArrayOfRows, elements
from circuitcli.tables.json_layout import layout, members
from circuitcli.tables.json_members import behind, is_utf8, leads
from circuitcli.tables.json_text import SPACES, JsonText, one_by_one
from circuitcli.tables.number_text import JSON_WORDS, texts_by_name
from circuitcli.tables.pieces import Piece
from circuitcli.tables.row_writer import Results
from circuitcli.tables.text_family import TextWriter
from circuitcli.tables.text_rows import Rows, json_numbers_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OTHER_WORDS = re.compile(rb"-NaN|Inf(?!inity)")  # that Arrow takes for numbers
FEW_KEYS = 200  # more are not looked for in fewer rows: it takes as long for a key as to read a hundred numbers


class JsonTable(JsonText):
    """A file of JSON Lines, read by Arrow and NumPy."""

    def batch(self, piece: Piece, wanted: Wanted, head: int = 0) -> Batch | None:
        rows = Rows(piece.data, piece.line, quotes=False, spaces=SPACES)
        if not len(rows):
            return None
        asked = self.asked(wanted.read)
        plain = all(a.is_number for a in asked) and not any(map(self.has_inside, wanted.read))
        found = self._all_at_once(rows, [a.column for a in asked]) if plain else None
        if not rows.keys_known or not self.keys.keys().isdisjoint(self.given):
            self.refuse_given(rows)
        bad: list[Bad] = []
        if found is None:
            lists, bad = one_by_one(rows, asked, self.times, self.uncertain)
            found = list(map(np.array, lists))
        columns = dict(zip(wanted.read, found, strict=True))
        batch = Batch(self.shown, columns, JsonRows(rows, self), rows.line, len(rows))
        return settled(batch, bad, wanted, head)

    def _all_at_once(self, rows: Rows, used: Sequence[str]) -> list[NDArray[np.float64]] | None:
        """The columns as numbers, if all rows are sound and no number is written as a string."""
        if not is_utf8(rows.data) or (np.frombuffer(rows.data, np.uint8)[rows.ends - 1] != ord("}")).any():
            return None
        return self._by_place(rows, used) or _by_pyarrow(rows, used)

    def _by_place(self, rows: Rows, used: Sequence[str]) -> list[NDArray[np.float64]] | None:
        """The columns as numbers, if all rows have the keys of the first, in its order and with its spaces.

        Then the numbers stand between known characters, and only they need to be read: six times as fast as reading
        all. A colon behind an unescaped quote ends a key, for a string is not followed by one.
        """
        keys = list(self.keys.values())
        if not used or len(keys) > FEW_KEYS + len(rows) or any(key not in keys for key in used):
            return None
        codes = np.frombuffer(rows.data, np.uint8)
        colons = np.flatnonzero(codes == ord(":"))
        if len(colons) != len(rows) * len(keys):  # some are inside of strings
            colons = colons[(codes[colons - 1] == ord('"')) & (codes[colons - 2] != ord("\\"))]
            if len(colons) != len(rows) * len(keys):
                return None
        places = colons.reshape(len(rows), len(keys))
        before = leads(keys, rows.row(0))
        starts: list[NDArray[np.int64]] = [places[:, j] + (1 - len(lead.rstrip(b" "))) for j, lead in enumerate(before)]
        if not (starts[0] == rows.starts).all():
            return None
        pairs = [behind(rows.data, start, lead) for start, lead in zip(starts, before, strict=True)]
        if any(pair is None for pair in pairs):
            return None
        starts.append(rows.ends - 1)
        found = [
            json_numbers_between(rows.data, starts[j] + len(before[j]), starts[j + 1], pair)
            for j in map(keys.index, used)
            if (pair := pairs[j]) is not None
        ]
        if any(numbers is None for numbers in found):
            return None
        rows.keys_known = True
        return found


def _by_pyarrow(rows: Rows, used: Sequence[str]) -> list[NDArray[np.float64]] | None:
    """The columns as numbers, if all rows are sound."""
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(rows.data),
            pyarrow.json.ReadOptions(use_threads=False, block_size=len(rows.data) + 1),
            pyarrow.json.ParseOptions(
                explicit_schema=pa.schema([(name, pa.float64()) for name in used] or [("", pa.null())]),
                unexpected_field_behavior="ignore",
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(rows) or (used and any(column.null_count for column in table.columns)):
        return None
    found = [floats(table.column(name)) for name in used]
    if not all(np.isfinite(column).all() for column in found) and _OTHER_WORDS.search(rows.data):
        return None
    return found


class JsonRows:
    """Rows of JSON Lines that pass through."""

    def __init__(self, rows: Rows, table: JsonTable) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Sequence[int]) -> JsonRows:
        left = self.rows.only(kept)
        return JsonRows(Rows(left.joined(), 1, quotes=False, spaces=SPACES), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[JsonCells]:
        texts = self._table.texts(self.rows, names, whole)
        return [JsonCells(name, pa.array(text, pa.string())) for name, text in zip(names, texts, strict=True)]

    def refuse_taken(self, batch: Batch, names: Sequence[str]) -> None:
        """Raise UsageError where a later row has a key that a result would repeat."""
        if not self.rows.keys_known:
            self._table.refuse_taken(batch, self.rows, names)

    def refuse_unsound(self, batch: Batch, text: bytes) -> None:
        """Raise FileError where what passes unread is no JSON: on a line it harms nothing else, and in an array all."""
        try:
            orjson.loads(b"[%b]" % text)
        except orjson.JSONDecodeError:  # also for NaN and halves of characters, which pass
            self._table.refuse_unsound(batch, self.rows)


class JsonWriter(TextWriter):
    """Rows of JSON Lines."""

    def render(self, batch: Batch, results: Results) -> list[bytes | memoryview]:
        columns = self.columns
        own = members(columns.results, columns.columns) if columns.passes else members(columns.order)
        leads, end = layout(own)
        numbers = texts_by_name({name: leads[name][-1] for name in columns.results}, results, JSON_WORDS)
        if columns.passes:
            assert isinstance(batch.rows, JsonRows)
            batch.rows.refuse_taken(batch, [*own])
            appended = _appended(batch.rows.rows, leads, numbers) + [end] * bool(end)
            return batch.rows.rows.followed_by(appended, before=1)
        passed = batch.rows.cells(columns.columns, columns.whole)
        cells = {cell.name: cell.as_json(batch.numbers(cell.name)) for cell in passed}
        pieces: list[pa.Array | str] = []
        for name, lead in leads.items():
            lead = lead if pieces else "{" + lead
            pieces += [lead[:-1], numbers[name]] if name in numbers else [lead, cells[name]]
        return [joined([*pieces, end + "}\n"])]


class JsonArrayWriter(ArrayOfRows, JsonWriter):
    """Rows as one JSON array."""

    def render(self, batch: Batch, results: Results) -> list[bytes | memoryview]:
        found = elements(super().render(batch, results))
        if isinstance(batch.rows, JsonRows) and self.columns.passes:
            batch.rows.refuse_unsound(batch, b"".join(found))
        return found


def _appended(rows: Rows, leads: Mapping[str, str], numbers: Mapping[str, pa.Array]) -> list[pa.Array | str]:
    """The members that each object gains. No comma stands before the first in an empty object."""
    empty = [i for i in range(len(rows)) if not rows.row(i)[1:-1].strip()] if not rows.keys_known else []
    pieces: list[pa.Array | str] = []
    if empty:
        pieces.append(pa.array(np.where(np.isin(np.arange(len(rows)), empty), "", ",")))
    for name, lead in leads.items():
        pieces += [(lead if pieces else "," + lead)[:-1], numbers[name]]
    return pieces
