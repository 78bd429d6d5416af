"""The header of CSV or TSV, which names the columns; and the errors of files where the first row does not."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.escapes import unescaped
from circuitcli.tables.formats import Format, is_binary
from circuitcli.tables.pieces import LONGEST, Piece, first_row

csv.field_size_limit(LONGEST)  # or it would refuse a cell of 128 kB

NUMBER = re.compile(
    r"[+-]?([0-9]+\.?[0-9]*([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE
)
TRUTHS = {word: x for name, x in (("true", 1.0), ("false", 0.0)) for word in (name, name.title(), name.upper())}
CONVERT = "iconv -f latin1 -t utf-8"


class Header(NamedTuple):
    """A header: the names in it, its bytes, the end of its line, and the rows of the piece that are behind it."""

    columns: list[str]
    data: bytes
    line_end: bytes
    rest: Piece | None


def header_of(first: Piece | None, form: Format, shown: str) -> Header:
    """The header in the first piece of a file. Raises FileError where it names no columns."""
    row = first_row(first, form.quotes) if first is not None and first.data.strip() else None
    if first is None or row is None:
        raise FileError(f"{shown} is empty", "its first line should name the columns")
    if is_binary(first.data):
        raise FileError(f"{shown} is no text", "leave out --from: its form is told by its first bytes")
    if b"\r" in row.data:
        raise FileError(f"{shown}: its lines end in a bare carriage return", "convert it: tr '\\r' '\\n' < FILE")
    line_end = b"\r\n" if first.data[row.end :].startswith(b"\r\n") else b"\n"
    try:
        text = row.data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise FileError(f"{shown}:{row.line}: the header is not UTF-8", f"convert it: {CONVERT}")
    columns = [cell.strip() if form.quotes else unescaped(cell.strip()) for cell in cells_of(text, form)]
    _refuse_no_names(text, columns, shown)
    rest = first.data[row.end :].partition(b"\n")[2]
    before = len(first.data) - len(rest)
    behind = (
        Piece(rest, first.line + first.data.count(b"\n", 0, before), first.at + before, first.unit) if rest else None
    )
    return Header(columns, row.data, line_end, behind)


def numbered(first: Piece | None, form: Format, shown: str) -> list[str]:
    """Names for the columns of a file without a header, c1, c2 and so on: as many as its first row has cells. Raises
    FileError where there is none."""
    row = first_row(first, form.quotes) if first is not None else None
    if row is None:
        raise FileError(f"{shown} is empty")
    return [f"c{i + 1}" for i in range(len(cells_of(row.data.decode("utf-8", "replace"), form)))]


def cells_of(row: str, form: Format) -> list[str]:
    """The cells of a row."""
    if not form.quotes:
        return row.split(form.separator)
    return next(csv.reader(io.StringIO(row, newline=""), delimiter=form.separator))


def is_open(row: str, form: Format) -> bool:
    """Whether the last cell of a row begins with a quote, and does not end."""
    try:
        next(csv.reader(io.StringIO(row, newline=""), delimiter=form.separator, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _refuse_no_names(text: str, columns: list[str], shown: str) -> None:
    """Raise FileError for a row of another separator, or of numbers."""
    for sign in ";|":
        if len(columns) == 1 and sign in text:
            raise FileError(
                f"{shown}: the cells are separated by {sign} and not by commas",
                f"say --delimiter '{sign}'",
            )
    if all(NUMBER.fullmatch(cell) for cell in columns):
        row = text if len(text) <= 40 else text[:39] + "…"
        names = ",".join("xyzuvw"[i] if i < 6 else f"c{i + 1}" for i in range(len(columns)))
        raise FileError(f"{shown}: the first line is {row}: numbers, not names", f"say --names {names}")
