"""The common part of CSV, TSV and JSON Lines: rows of text, read from the start of a file or from its middle."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from circuitcli.tables.batch import Batch, Wanted
from circuitcli.tables.file_table import Stretch, Table, UnreadRows
from circuitcli.tables.formats import Format
from circuitcli.tables.pieces import UNIT, FoundRow, Piece, cut, rows_of
from circuitcli.tables.row_writer import Writer
from circuitcli.tables.streams import Stream

START = 2**16  # bytes in which lines are counted
PACKED = 4.0  # times as many bytes has a packed text


class TextTable(Table):
    """A file of text. It is cut into pieces wherever a row ends."""

    open_parts = ("stream", "_first", "_last", "_pieces")
    told_by_start: tuple[str, ...] = ()  # attributes that are found at the start of the file, which does not travel
    spaces = b"\r"  # that may stand behind a row
    _first: Piece | None = None
    _last: Piece | None = None  # of those that have been read

    def __init__(self, stream: Stream, form: Format) -> None:
        super().__init__(stream, form)
        self._pieces = cut(self.text(), self.shown, form.quotes)
        self._first = next(self._pieces, None)

    def __getstate__(self) -> dict[str, object]:
        for name in self.told_by_start:
            getattr(self, name)
        return super().__getstate__()

    def text(self) -> Iterator[bytes]:
        """The text of the file from its start."""
        return self.stream.pieces()

    def _rows_at_start(self) -> Iterator[FoundRow]:
        """The rows at the start of the file."""
        if self._first is None:
            return
        for row in rows_of(self._first, self.format.quotes, self.spaces):
            yield row
            if row.end > START:
                return

    def _seen_at_start(self, marks: Sequence[str]) -> bool:
        """Whether one of some texts stands at the start of the rows."""
        start = b"" if self._first is None else self._first.data[:START]
        return any(mark.encode() in start for mark in marks)

    @abstractmethod
    def batch(self, piece: Piece, wanted: Wanted, head: int = 0) -> Batch | None:
        """The rows of a piece, at most the first `head` that count; None where it has only empty lines."""

    def pieces(self, wanted: Wanted, stretch: Stretch | None = None) -> Iterator[UnreadRows]:
        for piece in self._from_start() if stretch is None else self._within(stretch):
            yield UnreadRows(piece.unit, partial(self.batch, piece, wanted))

    def estimated_rows(self, size: int, files: int) -> float:
        """Count the lines at the start of the file, and take all others to be as long."""
        start = self.stream.first[:START]
        unpacked = size * (PACKED if self.stream.packing else 1.0)
        return float(unpacked * start.count(b"\n") / max(len(start), 1))

    def stretches(self, size: int, least: int) -> list[Stretch]:
        """Ranges of whole units. Only the first is known to begin with a row."""
        count, width = -(-size // UNIT), -(-least // UNIT)
        found = []
        for first in range(0, count, width):
            begin, line = (None, None) if first else (0, 1)
            units = range(first, min(first + width, count))
            found.append(Stretch(units, begin, line, min(width * UNIT, size - first * UNIT)))
        return found

    def _from_start(self) -> Iterator[Piece]:
        for piece in chain([] if self._first is None else [self._first], self._pieces):
            self._last = piece
            yield piece

    def _within(self, stretch: Stretch) -> Iterator[Piece]:
        """The pieces of a stretch.

        Nobody may know yet where the first row begins. Then it is taken to begin behind the first end of a line, which
        is wrong inside of quotes, and right where the stretch before turns out to end.
        """
        first, line = stretch.units[0], stretch.line or 1
        if first == 0:
            stretch.begin, pieces = 0, self._from_start()
        else:
            stretch.begin, data = (
                _guessed(self.stream, first)
                if stretch.begin is None
                else (stretch.begin, self.stream.behind(stretch.begin))
            )
            pieces = cut(data, self.shown, self.format.quotes, line, stretch.begin)
        stretch.end, stretch.line = stretch.begin, line
        for piece in pieces:
            if piece.unit > stretch.units[-1]:
                return
            stretch.end, stretch.line = piece.end, piece.line + piece.data.count(b"\n")
            yield piece


def _guessed(stream: Stream, unit: int) -> tuple[int, Iterator[bytes]]:
    """The place where a row seems to begin, in a unit or behind it, and the bytes from there on."""
    place = unit * UNIT - 1
    pieces = stream.behind(place)
    for piece in pieces:
        end = piece.find(b"\n") + 1
        place += end or len(piece)
        if end:
            return place, chain([piece[end:]], pieces)
    return place, iter(())


class TextWriter(Writer["list[bytes | memoryview]"]):
    """Rows as text, behind a header that is written once: before the first rows, or at the end where there are none."""

    header = b""

    def write(self, rendered: list[bytes | memoryview]) -> None:
        for piece in (self.header, *rendered) if self.header else rendered:
            self.file.write(piece)
        self.header = b""

    def close(self) -> None:
        self.file.write(self.header)
