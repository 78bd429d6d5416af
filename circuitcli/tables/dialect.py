"""The dialect of CSV: the separator of its cells, the point or comma of its decimals, and its comments, as the start of
a file tells them where that is beyond doubt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
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


class DialectOptions(NamedTuple):
    """The dialect as far as options tell it; the start of a file tells the rest."""

    separator: str = ""
    decimal: str = ""
    comment: str = ""


class Dialect(NamedTuple):
    """A format in the dialect of a file; the text with which comments begin; whether the first line tells the
    separator, and is no row; and in words what was assumed."""

    format: Format
    comment: str = ""
    says: bool = False
    assumed: str = ""


def dialect_of(start: bytes, form: Format, shown: str, names: Sequence[str], told: DialectOptions) -> Dialect:
    """The dialect of a file that begins so. `names`: it has no header, and these columns. Raises FileError where the
    header may be a comment."""
    text = start[:START].removeprefix(BOM).decode("utf-8", "replace")
    lines = text.split("\n")
    lines = [line.rstrip("\r") for line in (lines if len(start) < START else lines[:-1])]
    lines = [line for line in lines if line.strip()][:LINES]
    said = _SAYS.fullmatch(lines[0]) if lines else None
    lines = lines[1:] if said else lines
    comment = told.comment or (COMMENT if lines and lines[0].startswith(COMMENT) else "")
    before = [*takewhile(lambda line: comment and line.startswith(comment), lines)]
    rows = [line for line in lines if not (comment and line.startswith(comment))]
    separator = told.separator or (said[1] if said else _separator(rows, form, len(names)))
    if before and rows and not names and not told.comment and _may_be_header(before[-1], rows[0], separator):
        if len(before) > 1:
            why = f"{shown}: the names may be in {before[-1]!r} or in {rows[0]!r}"
            raise FileError(why, "say --comment '#', or take the # off")
        comment, rows = "", lines
    decimal = told.decimal
    if not decimal:
        has_commas = separator != "," and _has_commas(_cells(rows[0 if names else 1 :], separator))
        decimal = "," if has_commas else form.decimal
    if (separator, decimal) == (form.separator, form.decimal):
        found = form
    else:
        found = form._replace(separator=separator, decimal=decimal)
    comment = comment if rows else told.comment
    return Dialect(found, comment, bool(said), ", ".join(_assumed(found, comment, form, told)))


def _assumed(found: Format, comment: str, form: Format, told: DialectOptions) -> Iterator[str]:
    if found.separator != (told.separator or form.separator):
        yield f"cells are separated by {'tabs' if found.separator == chr(9) else found.separator}"
    if found.decimal != (told.decimal or form.decimal):
        yield "decimals have a comma"
    if comment != told.comment:
        yield f"lines that begin with {comment} are comments"


def _separator(rows: Sequence[str], form: Format, columns: int) -> str:
    """The separator of the cells: that of the format where a header has it, else the one that all rows have alike."""
    usual = form.separator
    if not rows or not form.quotes:
        return usual
    if (_widths(rows, usual) == {columns}) if columns else (max(_widths(rows[:1], usual), default=0) > 1):
        return usual
    found = {sign: _widths(rows, sign) for sign in OTHERS}
    alike = [sign for sign, widths in found.items() if len(widths) == 1]
    fit = [sign for sign in alike if (found[sign] == {columns} if columns else found[sign] != {1})]
    return fit[0] if len(fit) == 1 else usual


def _widths(rows: Sequence[str], separator: str) -> set[int]:
    """The numbers of cells that rows have."""
    return {len(row) for row in _parsed(rows, separator)}


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
    first, second = (max(_widths([line], separator), default=0) for line in (comment, row))
    return first == second and (first > 1 or " " not in comment.strip())


def without_comments(pieces: Iterator[bytes], comment: str, says: bool) -> Iterator[bytes]:
    """Text in which lines that begin so are empty, but for those within quotes, and the first one where it `says` the
    separator."""
    mark, rest, inside = comment.encode(), b"", False
    for piece in pieces:
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for i, line in enumerate(lines):
            if says and line.strip():
                lines[i], says = b"", False
            elif mark and not inside and line.removeprefix(BOM).startswith(mark):
                lines[i] = b""
            elif line.count(b'"') % 2:
                inside = not inside
        yield b"".join([line + b"\n" for line in lines])
        if len(rest) > LONGEST:  # which whoever cuts the text refuses
            yield rest
            rest = b""
    if rest and not says and (inside or not mark or not rest.startswith(mark)):
        yield rest
