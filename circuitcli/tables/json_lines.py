"""JSON Lines: an object a row, whose used keys become numbers while its text passes through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.json

from circuitcli.constants import JSON_STRINGS
from circuitcli.errors import FileError, UsageError
from circuitcli.tables.batch import Bad, Batch, settled
from circuitcli.tables.cells import JsonCells, joined
from circuitcli.tables.file_table import Wanted
from circuitcli.tables.formats import Format
from circuitcli.tables.json_members import leads, members, object_of, stands
from circuitcli.tables.number_text import JSON_WORDS, texts_by_name
from circuitcli.tables.pieces import Piece
from circuitcli.tables.row_writer import Results
from circuitcli.tables.streams import Stream
from circuitcli.tables.text_family import TextTable, TextWriter
from circuitcli.tables.text_rows import Rows, numbers_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_KEYS = 200  # more are not looked for in fewer rows: it takes as long for a key as to read a hundred numbers
_SPACES = b"\r\t "
_JSON_ARRAY = "one object a line is wanted: jq -c '.[]' FILE makes them of an array"


class JsonTable(TextTable):
    """A file of JSON Lines. Its columns are the keys of the first row; later rows may have more."""

    def __init__(self, stream: Stream, form: Format, names: Sequence[str] = ()) -> None:
        super().__init__(stream, form)
        self.columns = []
        rows = Rows(b"", 1, quotes=False)
        if self._first is not None:
            rows = Rows(self._first.data, self._first.line, quotes=False, spaces=_SPACES)
        self.empty = not len(rows)
        if len(rows):
            first, why = object_of(rows.row(0))
            if first is None:
                raise FileError(f"{self.shown}:{rows.line(0)}: {why}", _JSON_ARRAY if rows.row(0)[:1] == b"[" else "")
            self.columns = list(first)
        self.keys = dict(zip(self.columns, self.columns, strict=True))  # as they are in the file

    def assume(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.keys:
                self.columns.append(name)
                self.keys[name] = name

    def rename(self, old: str, new: str) -> None:
        self.columns[self.columns.index(old)] = new
        self.keys[new] = self.keys.pop(old)
        self.renamed = True

    def batch(self, piece: Piece, wanted: Wanted) -> Batch | None:
        rows = Rows(piece.data, piece.line, quotes=False, spaces=_SPACES)
        if not len(rows):
            return None
        keys = [self.keys.get(name, name) for name in wanted.numbers]
        found = self._all_at_once(rows, keys)
        bad: list[Bad] = []
        if found is None:
            found, bad = _one_by_one(rows, keys)
        columns = dict(zip(wanted.numbers, found, strict=True))
        batch = Batch(self.shown, columns, JsonRows(rows, self), rows.line, len(rows))
        return settled(batch, bad, wanted.policy)

    def _all_at_once(self, rows: Rows, used: Sequence[str]) -> list[NDArray[np.float64]] | None:
        """The columns as numbers, if all rows are sound and no number is written as a string."""
        if (np.frombuffer(rows.data, np.uint8)[rows.ends - 1] != ord("}")).any():
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
        if not all(stands(rows.data, start, lead) for start, lead in zip(starts, before, strict=True)):
            return None
        starts.append(rows.ends - 1)
        found = [numbers_between(rows.data, starts[j] + len(before[j]), starts[j + 1]) for j in map(keys.index, used)]
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
    return [table.column(name).to_numpy() for name in used]


def _one_by_one(rows: Rows, used: Sequence[str]) -> tuple[list[NDArray[np.float64]], list[Bad]]:
    """The columns as numbers, nan where a row is not sound, and the faults."""
    bad = []
    found = np.full((len(used), len(rows)), np.nan)
    for i in range(len(rows)):
        row, why = object_of(rows.row(i))
        if row is None:
            bad.append(Bad(i, why, hopeless=True))
            continue
        for j, name in enumerate(used):
            value = row.get(name)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                try:
                    found[j, i] = float(value)
                    continue
                except OverflowError:
                    why = f"{name} is beyond 1.8e308"
            elif isinstance(value, str) and value in JSON_STRINGS:
                found[j, i] = float(JSON_STRINGS[value])
                continue
            else:
                shown = json.dumps(value)
                why = f"{name} is {shown if len(shown) <= 32 else shown[:31] + '…'}, no number"
                why = why if value is not None else f"{name} is null" if name in row else f"{name} is missing"
            bad.append(Bad(i, why))
            break
    return list(found), bad


class JsonRows:
    """Rows of JSON Lines that pass through."""

    def __init__(self, rows: Rows, table: JsonTable) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Sequence[int]) -> JsonRows:
        left = self.rows.only(kept)
        return JsonRows(Rows(left.joined(), 1, quotes=False, spaces=_SPACES), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[JsonCells]:
        texts: list[list[str]] = [[] for _ in names]
        keys = [self._table.keys.get(name, name) for name in names]
        known = set(keys)
        for i in range(len(self.rows)):
            row = self._members(i)
            if whole and not known.issuperset(row):
                new = next(key for key in row if key not in known)
                raise FileError(
                    f"{self._table.shown}: the key {new} is not in the first row, whose keys are the columns",
                    "choose columns with --columns, or write --to jsonl",
                )
            for text, name in zip(texts, keys, strict=True):
                text.append(row.get(name, ""))
        return [JsonCells(name, pa.array(text, pa.string())) for name, text in zip(names, texts, strict=True)]

    def _members(self, i: int) -> dict[str, str]:
        """The keys of a row, and the text of their values: only now is all of a row read."""
        try:
            return members(self.rows.row(i).decode("utf-8"))
        except (ValueError, RecursionError):
            self.refuse(i)

    def refuse(self, i: int) -> NoReturn:
        """Raise FileError on a row that is not sound."""
        raise FileError(f"{self._table.shown}:{self.rows.line(i)}: {object_of(self.rows.row(i))[1] or 'no JSON'}")

    def may_have(self, names: Sequence[str]) -> bool:
        """Whether some row may have one of these keys already."""
        known = self.rows.keys_known
        return not known and any(json.dumps(name).encode() in self.rows.data for name in names)


class JsonWriter(TextWriter):
    """Rows of JSON Lines."""

    def render(self, batch: Batch, results: Results) -> list[bytes | memoryview]:
        columns = self.columns
        numbers = texts_by_name(columns.results, results, ":", JSON_WORDS)
        if columns.passes:
            assert isinstance(batch.rows, JsonRows)
            _refuse_taken(batch, batch.rows, columns.results)
            return batch.rows.rows.followed_by(_appended(batch.rows.rows, numbers), before=1)
        passed = batch.rows.cells(columns.columns, columns.whole)
        cells = {cell.name: cell.as_json(batch.columns.get(cell.name)) for cell in passed}
        pieces: list[pa.Array | str] = []
        for name in columns.order:
            key = ("," if pieces else "{") + json.dumps(name, ensure_ascii=False)
            pieces += [key, numbers[name]] if name in numbers else [key + ":", cells[name]]
        return [joined([*pieces, "}\n"])]


def _appended(rows: Rows, numbers: dict[str, pa.Array]) -> list[pa.Array | str]:
    """The members that each object gains. No comma stands before the first in an empty object."""
    empty = [i for i in range(len(rows)) if not rows.row(i)[1:-1].strip()] if not rows.keys_known else []
    comma: pa.Array | str = ","
    if empty:
        comma = pa.array(np.where(np.isin(np.arange(len(rows)), empty), "", ","))
    pieces: list[pa.Array | str] = []
    for i, (name, column) in enumerate(numbers.items()):
        key = json.dumps(name, ensure_ascii=False)
        pieces += ["," + key, column] if i or not empty else [comma, key, column]
    return pieces


def _refuse_taken(batch: Batch, rows: JsonRows, names: Sequence[str]) -> None:
    """Raise UsageError where a later row has a key that a result would repeat."""
    if not rows.may_have(names):
        return
    for i in range(batch.size):
        row = object_of(rows.rows.row(i))[0]
        if row is None:
            rows.refuse(i)
        for name in names:
            if name in row:
                raise UsageError(
                    f'{batch.where(i)} already has a key "{name}"', f"name the result, or --columns ...,{name}"
                )
