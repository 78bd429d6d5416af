"""Rows of text as their own bytes: cut where rows end, and written again with something appended to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from circuitcli.compat import arrow_compute
from circuitcli.errors import FileError
from circuitcli.tables.arrow_columns import arrow_array
from circuitcli.tables.cells import joined
from circuitcli.tables.streams import BOM

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNIT = 64 * 2**20  # bytes of text: the rows that begin in a unit are added up among themselves first
MOST_SPACES = 64  # that are taken off behind a row
LONGEST = 64 * 2**20  # bytes of a row; a longer one has a quote that was left open


class Piece(NamedTuple):
    """Whole rows of a file: their bytes, the number of their first line, their place among the bytes of the file, and
    their unit. The rows of a unit are those that begin within a certain UNIT bytes."""

    data: bytes
    line: int
    at: int = 0
    unit: int = 0

    @property
    def end(self) -> int:
        """The place of the next piece."""
        return self.at + len(self.data)


def cut(pieces: Iterator[bytes], shown: str, quotes: bool, line: int = 1, position: int = 0) -> Iterator[Piece]:
    """Cut bytes where rows end; the first byte begins a row. With `quotes` a row ends where the count of quotes is
    even."""
    held: list[bytes] = []  # of a row whose end has not come
    length = 0
    for piece in pieces:
        if position == 0 and not held:
            piece = piece.removeprefix(BOM)
        if b"\n" in piece:
            data, rest, end = _whole_rows(b"".join(held), piece, quotes)
            start = 0
            while start < end:
                stop = _within_unit(data, start, end, position, quotes)
                yield Piece(data[start:stop] if stop - start < end else data, line, position, position // UNIT)
                line += int(np.count_nonzero(np.frombuffer(data, np.uint8, stop - start, start) == 10))
                position += stop - start
                start = stop
            held, length = [], 0
        else:
            rest = piece
        held.append(rest)
        length += len(rest)
        if length > LONGEST:
            raise FileError(f"{shown}:{line}: this row does not end within {LONGEST >> 20} MB", OPEN)
    if length:
        yield Piece(b"".join(held), line, position, position // UNIT)


OPEN = 'a cell in quotes ends with a quote; inside it a quote is written twice: ""'


def _whole_rows(rest: bytes, piece: bytes, quotes: bool) -> tuple[bytes, bytes, int]:
    """Join what was left over with what has come: the whole rows, what is left over now, and the length of the rows."""
    if not rest or (quotes and (b'"' in rest or b'"' in piece)):
        data = rest + piece
        end = _last_end(data, quotes)
        return data[:end], data[end:], end
    end = piece.rfind(b"\n") + 1
    if not end:
        return b"", rest + piece, 0
    return b"".join([rest, memoryview(piece)[:end]]), piece[end:], len(rest) + end


def _within_unit(data: bytes, start: int, end: int, position: int, quotes: bool) -> int:
    """The end of the rows that begin in the same unit as the first, whose position in the file is given."""
    limit = start + UNIT - position % UNIT
    while limit < end:
        limit = data.find(b"\n", limit - 1, end) + 1 or end
        if not quotes or data.count(b'"', start, limit) % 2 == 0:
            break
        limit += 1
    return min(limit, end)


def _last_end(data: bytes, quotes: bool) -> int:
    """The place behind the last whole row."""
    end = data.rfind(b"\n") + 1
    if not quotes or b'"' not in data:
        return end
    before = data.count(b'"', 0, end)
    while before % 2:  # the last quote is open there
        quote = data.rfind(b'"', 0, end)
        end = data.rfind(b"\n", 0, quote) + 1
        before -= 1 + data.count(b'"', end, quote)
    return end


def numbers_between(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """The numbers at some places of a text, one behind the other; None if one of them is no number."""
    offsets: NDArray[np.int32] = np.empty(2 * len(starts), np.int32)
    offsets[::2], offsets[1::2] = starts, ends  # number, rest, number, ...
    if (offsets[1:] < offsets[:-1]).any():
        return None
    texts = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
    arrow = arrow_compute()
    try:
        taken = arrow.call_function("array_take", [texts, arrow_array(np.arange(0, len(offsets), 2))])
        return arrow.call_function("cast", [taken], arrow.CastOptions.safe(pa.float64())).to_numpy()
    except pa.ArrowInvalid:
        return None


class Rows:
    """Rows of text. Row i is `data[starts[i]:ends[i]]`, without the end of its line."""

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
            found: NDArray[np.bool_] = np.zeros(len(full), bool)
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
        self.keys_known = False  # of JSON: each row has the keys of the first and no other

    def __len__(self) -> int:
        return len(self.starts)

    def row(self, i: int) -> bytes:
        return self.data[self.starts[i] : self.ends[i]]

    def line(self, i: int) -> int:
        """The number of the line on which a row begins."""
        return self._line + int(np.searchsorted(self._breaks, self.starts[i]))

    def only(self, kept: NDArray[np.bool_]) -> Rows:
        """Some of the rows."""
        found = Rows.__new__(Rows)
        found.__dict__ |= self.__dict__
        found.starts, found.ends = self.starts[kept], self.ends[kept]
        return found

    def joined(self, line_end: bytes = b"\n") -> bytes:
        """The rows as text again, without empty lines between them."""
        return b"".join([self.row(i) + line_end for i in range(len(self))])

    def followed_by(self, columns: Sequence[pa.Array | bytes | str], before: int = 0) -> list[bytes | memoryview]:
        """The bytes of the rows with the columns appended: behind each row, or in front of its last `before` bytes. All
        between the rows stays, ends of lines included."""
        at: NDArray[np.int64] = self.ends - before
        offsets = np.concatenate([[0], at]).astype(np.int32)
        pieces = pa.BinaryArray.from_buffers(
            pa.binary(), len(at), [None, pa.py_buffer(offsets), pa.py_buffer(self.data)]
        )
        whole = joined([pieces, *columns])
        tail = self.data[at[-1] :]
        return [whole, tail if tail.endswith(b"\n") else tail + b"\n"]
