"""Rows of text as their own bytes: cut where rows end, and written again with something behind each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from circuitcli.errors import FileError
from circuitcli.tables.arrow_calls import CastOptions, call_function
from circuitcli.tables.cells import joined
from circuitcli.tables.streams import BOM

UNIT = 64 * 2**20  # bytes of text whose rows are added up among themselves first
MOST_SPACES = 64  # behind a row, that are taken off
LONGEST = 64 * 2**20  # bytes of a row: beyond it a quote has been left open

Array = Any  # numpy.ndarray


class Piece(NamedTuple):
    """Whole rows of a file: their bytes, the number of the line on which the first of them stands, their place among
    the bytes of the file, and the unit that they belong to: a range of UNIT bytes has the rows that begin in it."""

    data: bytes
    line: int
    at: int = 0
    unit: int = 0

    @property
    def end(self) -> int:
        """Where the next piece begins."""
        return self.at + len(self.data)


def cut(pieces: Iterator[bytes], shown: str, quotes: bool, line: int = 1, position: int = 0) -> Iterator[Piece]:
    """Bytes cut at row ends, of which the first is the beginning of a row. With `quotes` a row ends where the count of
    quotes is even."""
    rest = b""
    for piece in pieces:
        if position == 0 and not rest:
            piece = piece.removeprefix(BOM)
        data, rest, end = _whole_rows(rest, piece, quotes)
        start = 0
        while start < end:
            stop = _within_unit(data, start, end, position, quotes)
            yield Piece(data[start:stop] if stop - start < end else data, line, position, position // UNIT)
            line += int(np.count_nonzero(np.frombuffer(data, np.uint8, stop - start, start) == 10))
            position += stop - start
            start = stop
        if len(rest) > LONGEST:
            raise FileError(f"{shown}:{line}: this row does not end within 64 MB", OPEN)
    if rest:
        yield Piece(rest, line, position, position // UNIT)


OPEN = 'a cell in quotes ends with a quote; inside it a quote is written twice: ""'


def _whole_rows(rest: bytes, piece: bytes, quotes: bool) -> tuple[bytes, bytes, int]:
    """The whole rows of what was left and what has come, what is left now, and how long the rows are."""
    if not rest or (quotes and (b'"' in rest or b'"' in piece)):
        data = rest + piece
        end = _last_end(data, quotes)
        return data[:end], data[end:], end
    end = piece.rfind(b"\n") + 1
    if not end:
        return b"", rest + piece, 0
    return b"".join([rest, memoryview(piece)[:end]]), piece[end:], len(rest) + end


def _within_unit(data: bytes, start: int, end: int, position: int, quotes: bool) -> int:
    """Where the rows end that begin in the same unit as the first, of which the position in the file is given."""
    limit = start + UNIT - position % UNIT
    while limit < end:
        limit = data.find(b"\n", limit - 1, end) + 1 or end
        if not quotes or data.count(b'"', start, limit) % 2 == 0:
            break
        limit += 1
    return min(limit, end)


def _last_end(data: bytes, quotes: bool) -> int:
    """Behind the last row that is whole."""
    end = data.rfind(b"\n") + 1
    if not quotes or b'"' not in data:
        return end
    before = data.count(b'"', 0, end)
    while end and before % 2:
        nearer = data.rfind(b"\n", 0, end - 1) + 1
        before -= data.count(b'"', nearer, end)
        end = nearer
    return end


def numbers_between(data: bytes, starts: Array, ends: Array) -> Array | None:
    """The numbers that stand in places of a text, one behind the other; None where one is none."""
    offsets: Array = np.empty(2 * len(starts), np.int32)
    offsets[::2], offsets[1::2] = starts, ends  # number, rest, number, ...
    if (offsets[1:] < offsets[:-1]).any():
        return None
    texts = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
    try:
        taken = call_function("array_take", [texts, pa.array(np.arange(0, len(offsets), 2))])
        found: Array = call_function("cast", [taken], CastOptions.safe(pa.float64())).to_numpy()
        return found
    except pa.ArrowInvalid:
        return None


class Rows:
    """Rows of text: row i is `data[starts[i]:ends[i]]`, without the end of its line, and stands on `lines[i]`."""

    def __init__(self, data: bytes, line: int, quotes: bool, spaces: bytes = b"\r") -> None:
        codes = np.frombuffer(data, np.uint8)
        breaks = np.flatnonzero(codes == 10)
        ends = breaks
        if quotes and b'"' in data:
            ends = breaks[np.searchsorted(np.flatnonzero(codes == 34), breaks) % 2 == 0]
        if data and (not len(ends) or ends[-1] != len(data) - 1):
            ends = np.append(ends, len(data))
        starts = np.concatenate([[0], ends + 1])[: len(ends)].astype(np.int64)
        full = ends
        for _ in range(MOST_SPACES if data else 0):
            before = codes[np.maximum(full - 1, 0)]
            found: Array = np.zeros(len(full), bool)
            for space in spaces:
                found |= before == space
            if not found.any():
                break
            full = full - found
        there = full > starts
        if not there.all():
            starts, full = starts[there], full[there]
        self.data, self.starts, self.ends = data, starts, full
        self._breaks, self._line = breaks, line
        self.keys_known = False  # of JSON: whether each row has the keys of the first and no other

    def __len__(self) -> int:
        return len(self.starts)

    def row(self, i: int) -> bytes:
        return self.data[self.starts[i] : self.ends[i]]

    def line(self, i: int) -> int:
        """The number of the line on which a row begins."""
        return self._line + int(np.searchsorted(self._breaks, self.starts[i]))

    def only(self, kept: Array) -> Rows:
        """Some of the rows."""
        found = Rows.__new__(Rows)
        found.__dict__ |= self.__dict__
        found.starts, found.ends = self.starts[kept], self.ends[kept]
        return found

    def joined(self, line_end: bytes = b"\n") -> bytes:
        """The rows as text again, without what else stands between them."""
        return b"".join([self.row(i) + line_end for i in range(len(self))])

    def followed_by(self, columns: Sequence[Any], before: int = 0) -> list[Any]:
        """The bytes of the rows, each with what the columns have for it behind it, or `before` its last bytes. What
        stands between rows stays, the ends of lines as they are."""
        at: Array = self.ends - before
        offsets = np.concatenate([[0], at]).astype(np.int32)
        pieces = pa.BinaryArray.from_buffers(
            pa.binary(), len(at), [None, pa.py_buffer(offsets), pa.py_buffer(self.data)]
        )
        whole = joined([pieces, *columns])
        tail = self.data[at[-1] :]
        return [whole, tail if tail.endswith(b"\n") else tail + b"\n"]
