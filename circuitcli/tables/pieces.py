"""Text of rows, cut into pieces wherever a row ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from circuitcli.errors import FileError
from circuitcli.tables.streams import BOM

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
                line += _lines(data, start, stop)
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


def _lines(data: bytes, start: int, stop: int) -> int:
    """The number of ends of lines; NumPy, where it is loaded, counts them several times as fast."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return data.count(b"\n", start, stop)
    return int(numpy.count_nonzero(numpy.frombuffer(data, numpy.uint8, stop - start, start) == 10))


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


class TextOfRows(Protocol):
    """Rows of text, none of them empty."""

    data: bytes

    def __len__(self) -> int: ...

    def row(self, i: int) -> bytes:
        """A row without the end of its line."""

    def line(self, i: int) -> int:
        """The number of the line on which a row begins."""


class FoundRow(NamedTuple):
    """A row: its bytes without the end of its line, the number of that line, and the place behind those bytes."""

    data: bytes
    line: int
    end: int


def first_row(piece: Piece, quotes: bool, spaces: bytes = b"\r") -> FoundRow | None:
    """The first row of a piece, without the spaces behind it; None where there are only empty lines."""
    return next(rows_of(piece, quotes, spaces), None)


def rows_of(piece: Piece, quotes: bool, spaces: bytes = b"\r") -> Iterator[FoundRow]:
    """The rows of a piece, one after the other, without the spaces behind them and without empty lines."""
    data, start, line = piece.data, 0, piece.line
    while start < len(data):
        end = data.find(b"\n", start)
        while quotes and end >= 0 and data.count(b'"', start, end) % 2:
            end = data.find(b"\n", end + 1)
        end = len(data) if end < 0 else end
        row = stripped(data[start:end], spaces)
        if row:
            yield FoundRow(row, line, start + len(row))
        line += data.count(b"\n", start, end + 1)
        start = end + 1


def stripped(row: bytes, spaces: bytes) -> bytes:
    """A row without the spaces behind it, of which there may be so many."""
    return row[:-MOST_SPACES] + row[-MOST_SPACES:].rstrip(spaces) if row[-1:] in spaces else row
