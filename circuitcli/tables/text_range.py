"""Some units of a text, read from the middle of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from circuitcli.tables.text_rows import UNIT, Piece, cut


class Stretch:
    """The rows of neighbouring units of a file of text. `begin` is the place of the first among the bytes of the file;
    when all have been read `end` is the place behind the last, and `line` the number of the line there.

    A file is read in the middle where nobody may know yet that a row begins: then the first is taken to stand behind
    the first end of a line, which is wrong inside of quotes. It is right where the stretch before ends.
    """

    def __init__(self, table: Any, units: Sequence[int], begin: int | None = None, line: int = 1) -> None:
        first, self._last = units[0], units[-1]
        if first == 0:
            self.begin, self._pieces = 0, table.pieces()
        else:
            self.begin, data = _found(table.stream, first) if begin is None else (begin, table.stream.behind(begin))
            self._pieces = cut(data, table.shown, table.quotes, line, self.begin)
        self.end, self.line = self.begin, line

    def __iter__(self) -> Iterator[Piece]:
        for piece in self._pieces:
            if piece.unit > self._last:
                return
            self.end, self.line = piece.end, piece.line + piece.data.count(b"\n")
            yield piece


def _found(stream: Any, unit: int) -> tuple[int, Iterator[bytes]]:
    """Where a row seems to begin in a unit, or behind it, and the bytes from there on."""
    place = unit * UNIT - 1
    pieces = stream.behind(place)
    for piece in pieces:
        end = piece.find(b"\n") + 1
        place += end or len(piece)
        if end:
            return place, chain([piece[end:]], pieces)
    return place, iter(())
