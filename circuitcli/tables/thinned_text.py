"""Text in which the lines that are no rows are empty: comments, and what stands above and beneath the header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.blank_cells import with_tabs
from circuitcli.tables.pieces import LONGEST
from circuitcli.tables.streams import BOM


class LineRules(NamedTuple):
    """The lines of a file that are no rows: those that begin as comments do, the first ones, and others by their
    numbers, counted from 0. Line `header` names the columns behind a sign of comments. `blanks` separate cells."""

    comment: str = ""
    skip: int = 0
    others: frozenset[int] = frozenset()
    header: int = -1
    blanks: bool = False


def thinned(pieces: Iterator[bytes], rules: LineRules, shown: str) -> Iterator[bytes]:
    """Text in which lines that are no rows are empty, so that all others keep their numbers; a tab separates cells
    that blanks separated. Raises FileError where quotes do not fit between blanks."""
    kept, rest = _Thinning(rules, shown).kept, b""
    for piece in pieces:
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        yield b"".join([kept(line) + b"\n" for line in lines])
        if len(rest) > LONGEST:  # which whoever cuts the text refuses
            yield rest
            rest = b""
    if rest:
        yield kept(rest)


class _Thinning:
    """The way of a text, line by line, through rules."""

    def __init__(self, rules: LineRules, shown: str) -> None:
        self._rules, self._shown = rules, shown
        self._mark, self._blanks = rules.comment.encode(), rules.blanks
        self._number, self._inside = 0, False  # the lines before, and whether a quote is open behind them
        self._last = max(rules.skip - 1, rules.header, *rules.others, -1)  # of the lines that rules name by number

    def kept(self, line: bytes) -> bytes:
        """The next line as it is to be read."""
        number = self._number
        self._number += 1
        line = line if number else line.removeprefix(BOM)
        if number <= self._last:
            if number < self._rules.skip or number in self._rules.others:
                return b""
            if number == self._rules.header:
                return self._with_tabs(line.removeprefix(self._mark))
        if self._mark and not self._inside and line.startswith(self._mark):
            return b""
        if self._blanks:
            return self._with_tabs(line)
        if line.count(b'"') % 2:
            self._inside = not self._inside
        return line

    def _with_tabs(self, line: bytes) -> bytes:
        found = with_tabs(line)
        if found is None:
            why = f"{self._shown}:{self._number}: its cells are separated by blanks, and its quotes do not fit"
            raise FileError(why, 'write a cell with blanks "...", and a quote inside of it twice')
        return found
