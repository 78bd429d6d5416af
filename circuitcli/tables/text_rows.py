"""Rows of text as their own bytes, found many at a time, and written again with something appended to each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from circuitcli.compat import arrow_compute
from circuitcli.tables.arrow_columns import arrow_array, floats
from circuitcli.tables.cells import joined
from circuitcli.tables.pieces import MOST_SPACES

if TYPE_CHECKING:
    from numpy.typing import NDArray


def texts_between(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> pa.Array | None:
    """The texts at some places of a text, one behind the other; None where one ends before it begins."""
    offsets: NDArray[np.int32] = np.empty(2 * len(starts), np.int32)
    offsets[::2], offsets[1::2] = starts, ends  # number, rest, number, ...
    if (offsets[1:] < offsets[:-1]).any():
        return None
    texts = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
    return arrow_compute().call_function("array_take", [texts, arrow_array(np.arange(0, len(offsets), 2))])


def json_numbers_between(
    data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], pairs: NDArray[np.uint16]
) -> NDArray[np.float64] | None:
    """The numbers at some places of a text, one behind the other, of which `pairs` are the first two bytes; None if one
    of them is no number or not written as JSON writes it: Arrow takes 01, +1, .5, 1. and nan, too."""
    codes, zero = np.frombuffer(data, np.uint8), np.uint8(ord("0"))
    begins = _json_starts().take(pairs)
    if not begins.all():
        odd = ~begins
        if (pairs[odd] != _MINUS_ZERO).any() or (codes[starts[odd] + 2] - zero <= 9).any():
            return None
    if (codes.take(ends - 1) - zero > 9).any():
        return None
    return numbers_between(data, starts, ends)


_MINUS_ZERO = int.from_bytes(b"-0", "little")


@cache
def _json_starts() -> NDArray[np.bool_]:
    """Whether a number of JSON may begin with two bytes, by their place in 256 x 256, the second byte first: with -0,
    which another digit may follow, it may or not."""
    digits = np.arange(ord("0"), ord("9") + 1)
    starts: NDArray[np.bool_] = np.zeros((256, 256), bool)
    starts[:, digits] = True
    starts[digits, ord("0")] = False
    starts[digits[1:], ord("-")] = True
    return starts.ravel()


def numbers_between(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """The numbers at some places of a text, one behind the other; None if one of them is no number."""
    texts, arrow = texts_between(data, starts, ends), arrow_compute()
    if texts is None:
        return None
    try:
        return floats(arrow.call_function("cast", [texts], arrow.CastOptions.safe(pa.float64())))
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
        self._has_gaps = not there.all()
        if self._has_gaps:
            starts, full = starts[there], full[there]
        self.data, self.starts, self.ends = data, starts, full
        self._breaks, self._line = breaks, line
        self.edges: Sequence[NDArray[np.int64]] | None = None  # of CSV: where each cell has the one before it, if known
        self.keys_known = False  # of JSON: each row has the keys of the first and no other

    def __len__(self) -> int:
        return len(self.starts)

    def row(self, i: int) -> bytes:
        return self.data[self.starts[i] : self.ends[i]]

    def line(self, i: int) -> int:
        """The number of the line on which a row begins."""
        return self._line + int(np.searchsorted(self._breaks, self.starts[i]))

    def only(self, kept: Sequence[int]) -> Rows:
        """Some of the rows."""
        found = Rows.__new__(Rows)
        found.__dict__ |= self.__dict__
        found.starts, found.ends, found.edges = self.starts[kept], self.ends[kept], None
        return found

    def _without_gaps(self) -> Rows:
        """These rows, and no empty lines between them."""
        ends = [self.data.find(b"\n", end) + 1 or len(self.data) for end in self.ends.tolist()]
        pieces = [self.data[start:end] for start, end in zip(self.starts.tolist(), ends, strict=True)]
        starts = np.cumsum([0, *map(len, pieces)])[:-1]
        found = Rows.__new__(Rows)
        found.data, found.starts, found.ends = b"".join(pieces), starts, starts + (self.ends - self.starts)
        found._has_gaps = False
        return found

    def joined(self, line_end: bytes = b"\n") -> bytes:
        """The rows as text again, without empty lines between them."""
        return b"".join([self.row(i) + line_end for i in range(len(self))])

    def followed_by(self, columns: Sequence[pa.Array | bytes | str], before: int = 0) -> list[bytes | memoryview]:
        """The bytes of the rows with the columns appended: behind each row, or in front of its last `before` bytes. The
        ends of lines stay; empty lines do not."""
        if self._has_gaps:
            return self._without_gaps().followed_by(columns, before)
        at: NDArray[np.int64] = self.ends - before
        offsets = np.concatenate([[0], at]).astype(np.int32)
        pieces = pa.BinaryArray.from_buffers(
            pa.binary(), len(at), [None, pa.py_buffer(offsets), pa.py_buffer(self.data)]
        )
        whole = joined([pieces, *columns])
        tail = self.data[at[-1] :]
        return [whole, tail if tail.endswith(b"\n") else tail + b"\n"]
