"""JSON Lines: an object a row, whose used keys become numbers while its text passes through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json

from circuitcli.errors import FileError
from circuitcli.tables.batch import Bad, Batch, Cells, settled
from circuitcli.tables.file_table import FileTable
from circuitcli.tables.streams import JSONL, Stream
from circuitcli.tables.text_rows import Piece, Rows, cut, numbers_between

Array = Any  # numpy.ndarray

SPECIAL = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}
_SPACES = b"\r\t "
_JSON_ARRAY = "one object a line is wanted: jq -c '.[]' FILE makes them of an array"


class JsonTable(FileTable):
    """A file of JSON Lines. Its columns are the keys of the first row; later rows may have more."""

    form = JSONL
    quotes = False  # that a row could end in

    def __init__(self, stream: Stream) -> None:
        self.shown = stream.shown
        self.stream = stream
        self._pieces = cut(stream.pieces(), self.shown, quotes=False)
        self._first = next(self._pieces, None)
        self.columns: list[str] = []
        self.renamed = False
        rows = Rows(b"", 1, False)
        if self._first is not None:
            rows = Rows(self._first.data, self._first.line, quotes=False, spaces=_SPACES)
        self.empty = not len(rows)
        if len(rows):
            first, why = _object(rows.row(0))
            if first is None:
                raise FileError(f"{self.shown}:{rows.line(0)}: {why}", _JSON_ARRAY if rows.row(0)[:1] == b"[" else "")
            self.columns = list(first)
        self.keys = dict(zip(self.columns, self.columns, strict=True))  # as they are in the file

    def assume(self, names: Sequence[str]) -> None:
        """Take names for columns, although the first row has them not, or there is none."""
        for name in names:
            if name not in self.columns:
                self.columns.append(name)
                self.keys[name] = name

    def rename(self, old: str, new: str) -> None:
        """Call a key otherwise."""
        self.columns[self.columns.index(old)] = new
        self.keys[new] = self.keys.pop(old)
        self.renamed = True

    def pieces(self) -> Iterator[Piece]:
        if self._first is not None:
            yield self._first
        yield from self._pieces

    def batch(self, piece: Piece, used: Sequence[str], policy: str) -> Batch | None:
        """The rows of a piece; None where it has only empty lines."""
        rows = Rows(piece.data, piece.line, quotes=False, spaces=_SPACES)
        if not len(rows):
            return None
        keys = [self.keys.get(name, name) for name in used]
        found = self._quick(rows, keys)
        bad: list[Bad] = []
        if found is None:
            found, bad = self._slow(rows, keys)
        columns = dict(zip(used, found, strict=True))
        return settled(Batch(self.shown, columns, JsonRows(rows, self), rows.line, len(rows)), bad, policy)

    def _quick(self, rows: Rows, used: Sequence[str]) -> list[Any] | None:
        """The columns as numbers, where all rows are sound and no number is written as a string."""
        if (np.frombuffer(rows.data, np.uint8)[rows.ends - 1] != ord("}")).any():
            return None
        return self._by_place(rows, used) or self._by_pyarrow(rows, used)

    def _by_place(self, rows: Rows, used: Sequence[str]) -> list[Any] | None:
        """The same where all rows have the keys of the first in its order, and are spaced as it is: then the numbers
        stand between known characters, and only they need be read. Six times as fast as reading all.

        A colon behind an unescaped quote ends a key, for a string is not followed by one.
        """
        keys = list(self.keys.values())
        if not used or any(key not in keys for key in used):
            return None
        codes = np.frombuffer(rows.data, np.uint8)
        colons = np.flatnonzero(codes == ord(":"))
        if len(colons) != len(rows) * len(keys):  # some are inside of strings
            colons = colons[(codes[colons - 1] == ord('"')) & (codes[colons - 2] != ord("\\"))]
            if len(colons) != len(rows) * len(keys):
                return None
        places: Array = colons.reshape(len(rows), len(keys))
        written = _written(keys, rows.row(0))
        starts = [places[:, j] + (1 - len(w.rstrip(b" "))) for j, w in enumerate(written)]
        if not (starts[0] == rows.starts).all():
            return None
        if not all(_stands(rows.data, start, w) for start, w in zip(starts, written, strict=True)):
            return None
        starts.append(rows.ends - 1)
        found = [numbers_between(rows.data, starts[j] + len(written[j]), starts[j + 1]) for j in map(keys.index, used)]
        if any(numbers is None for numbers in found):
            return None
        rows.keys_known = True
        return found

    def _by_pyarrow(self, rows: Rows, used: Sequence[str]) -> list[Any] | None:
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

    def _slow(self, rows: Rows, used: Sequence[str]) -> tuple[list[Any], list[Bad]]:
        """The columns as numbers, nan where a row is not sound, and what is wrong there."""
        bad = []
        found = np.full((len(used), len(rows)), np.nan)
        for i in range(len(rows)):
            row, why = _object(rows.row(i))
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
                elif isinstance(value, str) and value in SPECIAL:
                    found[j, i] = SPECIAL[value]
                    continue
                else:
                    shown = json.dumps(value)
                    why = f"{name} is {shown if len(shown) <= 32 else shown[:31] + '…'}, no number"
                    why = why if value is not None else f"{name} is null" if name in row else f"{name} is missing"
                bad.append(Bad(i, why))
                break
        return list(found), bad


def _object(text: bytes) -> tuple[dict[str, Any] | None, str]:
    """A row as an object, or what is wrong with it."""
    try:
        row = json.loads(text)
    except UnicodeDecodeError as error:
        return None, f"byte {error.start + 1} is not UTF-8"
    except ValueError as error:
        return None, f"no JSON: {error}"
    except RecursionError:
        return None, "nested too deep"
    return (row, "") if isinstance(row, dict) else (None, "no JSON object")


def _written(keys: Sequence[str], row: bytes) -> list[bytes]:
    """What stands before each value of an object that has these keys: `{"x":`, `,"y":`, or with the spaces that a row
    has behind its colons and commas."""
    texts = [json.dumps(key, ensure_ascii=False).encode() for key in keys]
    colon = b": " if row.startswith(b"{" + texts[0] + b": ") else b":"
    comma = b", " if len(texts) > 1 and b", " + texts[1] + colon in row else b","
    return [(comma if j else b"{") + text + colon for j, text in enumerate(texts)]


def _stands(data: bytes, starts: Array, text: bytes) -> bool:
    """Whether a text stands at all these places. Eight bytes are compared at once."""
    padded = text.ljust(-len(text) % 8 + len(text), b"\0")
    if len(data) < 8:
        return False
    last = len(data) - 8
    words: Array = np.ndarray(last + 1, "<u8", data, strides=(1,))
    for at in range(0, len(text), 8):
        wanted = int.from_bytes(padded[at : at + 8], "little")
        mask = 256 ** min(8, len(text) - at) - 1
        if ((words[np.minimum(starts + at, last)] & np.uint64(mask)) != np.uint64(wanted)).any():
            return False
    return True


def _members(text: str) -> dict[str, str]:
    """The keys of a sound object, and the text of their values as it is written."""
    found: dict[str, str] = {}
    at = _behind_gap(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        at = _behind_gap(text, at)
        end = _DECODER.raw_decode(text, at)[1]
        found[key] = text[at:end]
        at = _behind_gap(text, end)
    return found


def _behind_gap(text: str, at: int) -> int:
    """Where the next key or value begins, or the object ends."""
    while text[at] in " \t\r,:":
        at += 1
    return at


_DECODER = json.JSONDecoder()


class JsonRows:
    """Rows of JSON Lines that pass through."""

    def __init__(self, rows: Rows, table: JsonTable) -> None:
        self.rows, self._table = rows, table

    def only(self, kept: Any) -> JsonRows:
        left = self.rows.only(kept)
        return JsonRows(Rows(left.joined(), 1, quotes=False, spaces=_SPACES), self._table)

    def cells(self, names: Sequence[str], whole: bool = False) -> list[Cells]:
        """The text of each value; empty where a row has none. Raises FileError for a key that is none of the
        names, where they are to be the whole row: it would be lost."""
        texts: list[list[str]] = [[] for _ in names]
        keys = [self._table.keys.get(name, name) for name in names]
        known = set(keys)
        for i in range(len(self.rows)):
            row = _members(self.rows.row(i).decode("utf-8"))
            if whole and not known.issuperset(row):
                new = next(key for key in row if key not in known)
                raise FileError(
                    f"{self._table.shown}: the key {new} is not in the first row, whose keys are the columns",
                    "choose columns with --columns, or write --to jsonl",
                )
            for text, name in zip(texts, keys, strict=True):
                text.append(row.get(name, ""))
        return [Cells(name, "json", pa.array(text, pa.string())) for name, text in zip(names, texts, strict=True)]

    def written(self, names: Sequence[str]) -> bool:
        """Whether some row may have one of these keys already."""
        known = self.rows.keys_known
        return not known and any(json.dumps(name).encode() in self.rows.data for name in names)
