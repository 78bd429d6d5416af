"""The dialect of CSV: the separator of its cells, the point or comma of its decimals, and its comments, as the start of
a file tells them where that is beyond doubt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.formats import Format
from circuitcli.tables.pieces import LONGEST
from circuitcli.tables.streams import BOM

START, LINES = 2**16, 100  # bytes, and rows, that are looked at
OTHERS = ";", "\t", "|"
COMMENT = "#"
_SAYS = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line that spreadsheets write
_COMMA = re.compile(r"[+-]?([0-9]+),([0-9]+)([eE][+-]?[0-9]+)?")
_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?")


class Dialect(NamedTuple):
    """A format in the dialect of a file; the text with which comments begin, and how many lines before the header are
    none of its rows; and in words what was assumed."""

    format: Format
    comment: str = ""
    assumed: str = ""


def dialect_of(start: bytes, form: Format, shown: str, names: Sequence[str] = ()) -> Dialect:
    """The dialect of a file that begins so. `names`: it has no header, and these columns. Raises FileError where the
    header may be a comment."""
    text = start[:START].removeprefix(BOM).decode("utf-8", "replace")
    lines = text.split("\n")
    lines = [line.rstrip("\r") for line in (lines if len(start) < START else lines[:-1])]
    lines = [line for line in lines if line.strip()][:LINES]
    said = _SAYS.fullmatch(lines[0]) if lines else None
    separator = said[1] if said else ""
    comments = 0
    while said is None and comments < len(lines) and lines[comments].startswith(COMMENT):
        comments += 1
    rows = [line for line in lines[1 if said else 0 :] if not (comments and line.startswith(COMMENT))]
    separator = separator or _separator(rows, form, len(names))
    told = form if separator == form.separator else form._replace(separator=separator)
    if comments and rows and not names and _may_be_header(lines[comments - 1], rows[0], separator):
        if comments == 1:
            return Dialect(form)
        raise FileError(f"{shown}: the names may be in {lines[comments - 1]!r} or in {rows[0]!r}", "take the # off one")
    if separator != "," and _has_commas(_cells(rows[0 if names else 1 :], separator)):
        told = told._replace(decimal=",")
    comment = COMMENT if comments and rows else "sep=" if said else ""
    return Dialect(told, comment, ", ".join(_assumed(told, form, comment)))


def _assumed(told: Format, form: Format, comment: str) -> Iterator[str]:
    if told.separator != form.separator:
        yield f"cells are separated by {'tabs' if told.separator == chr(9) else told.separator}"
    if told.decimal != form.decimal:
        yield f"decimals have a {'comma' if told.decimal == ',' else told.decimal}"
    if comment == COMMENT:
        yield f"lines that begin with {comment} are comments"


def _separator(rows: Sequence[str], form: Format, columns: int) -> str:
    """The separator of the cells: that of the format where a header has it, else the one that all rows have alike."""
    usual = form.separator
    if not rows or not form.quotes:
        return usual
    found = {sign: {len(row) for row in _parsed(rows, sign)} for sign in (usual, *OTHERS)}
    first = max((len(row) for row in _parsed(rows[:1], usual)), default=0)
    if (columns and found[usual] == {columns}) or (not columns and first > 1):
        return usual
    fit = [s for s in OTHERS if len(found[s]) == 1 and (found[s] == {columns} if columns else found[s] != {1})]
    return fit[0] if len(fit) == 1 else usual


def _parsed(rows: Sequence[str], separator: str) -> list[list[str]]:
    """Rows as cells; none where they are no CSV."""
    try:
        return [*csv.reader(rows, delimiter=separator)]
    except csv.Error:
        return []


def _cells(rows: Sequence[str], separator: str) -> list[str]:
    return [cell.strip() for row in _parsed(rows, separator) for cell in row]


def _has_commas(cells: Sequence[str]) -> bool:
    """Whether decimals are written with a comma: some certainly are, as 1,5 is and 1,234 is not, and none with a
    point."""
    commas = [found for found in map(_COMMA.fullmatch, cells) if found]
    certain = any(len(found[2]) != 3 or len(found[1]) > 3 or found[1].startswith("0") for found in commas)
    return certain and not any(map(_POINT.fullmatch, cells))


def _may_be_header(comment: str, row: str, separator: str) -> bool:
    """Whether a line behind a sign of comments has as many cells as the row behind it; if that is one, it is a word."""
    first, second = (max(map(len, _parsed([line], separator)), default=0) for line in (comment, row))
    return first == second and (first > 1 or " " not in comment.strip())


def without_comments(pieces: Iterator[bytes], comment: str) -> Iterator[bytes]:
    """Text in which lines that begin so are empty, but for those within quotes."""
    mark, rest, inside = comment.encode(), b"", False
    for piece in pieces:
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for i, line in enumerate(lines):
            if not inside and line.removeprefix(BOM)[: len(mark)].lower() == mark:
                lines[i] = b""
            elif line.count(b'"') % 2:
                inside = not inside
        yield b"".join([line + b"\n" for line in lines])
        if len(rest) > LONGEST:  # which whoever cuts the text refuses
            yield rest
            rest = b""
    if inside or not rest.startswith(mark):
        yield rest
