"""The header of CSV or TSV, which names the columns; and the errors of files where the first row does not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.escapes import unescaped
from circuitcli.tables.foreign_files import READABLE
from circuitcli.tables.formats import Format, is_binary
from circuitcli.tables.pieces import LONGEST, FoundRow, Piece, first_row
from circuitcli.tables.shell_hints import CONVERT, piped
from circuitcli.tables.times import seconds_of
from circuitcli.visible_text import shell_word

csv.field_size_limit(LONGEST)  # or it would refuse a cell of 128 kB

NUMBER = re.compile(
    r"[+-]?([0-9]+\.?[0-9]*([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE
)
TRUTHS = {word: x for name, x in (("true", 1.0), ("false", 0.0)) for word in (name, name.title(), name.upper())}
_CARRIAGE_RETURNS = r"tr '\r' '\n' <"
_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")  # of no text, whatever its encoding
_JSON = re.compile(r'\s*((\[\s*)*\{\s*"|[\[{]\s*$)')  # as its first line begins
_WORDS = {",": "commas", "\t": "tabs"}  # of signs between cells


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
        hint = f"convert it: {piped(_CARRIAGE_RETURNS, shown)}"
        raise FileError(f"{shown}: its lines end in a bare carriage return", hint)
    line_end = b"\r\n" if first.data[row.end :].startswith(b"\r\n") else b"\n"
    try:
        text = row.data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _no_text(row, shown)
    if _JSON.match(text):
        raise FileError(f"{shown} is JSON, and is read as {form.title}", "say --from jsonl")
    columns = [cell.strip() if form.quotes else unescaped(cell.strip()) for cell in cells_of(text, form)]
    _refuse_no_names(text, columns, form, shown)
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


def _no_text(row: FoundRow, shown: str) -> FileError:
    """The error for a header that is not UTF-8."""
    if _CONTROLS.search(row.data):
        return FileError(f"{shown} is no text, and no file of rows that is known", READABLE)
    return FileError(f"{shown}:{row.line}: the header is not UTF-8", f"convert it: {piped(CONVERT, shown)}")


def _refuse_no_names(text: str, columns: list[str], form: Format, shown: str) -> None:
    """Raise FileError for a row of another separator, or of numbers and perhaps dates."""
    for sign in ";|\t":
        if len(columns) == 1 and sign in text and sign != form.separator:
            here, there = (_WORDS.get(each, each) for each in (sign, form.separator))
            raise FileError(
                f"{shown}: the cells are separated by {here} and not by {there}",
                f"say --delimiter {'tab' if sign.isspace() else shell_word(sign)}",
            )
    if numbers := _numbers(columns, form.decimal) or _numbers(text.split(";"), ","):
        row = text if len(text) <= 40 else text[:39] + "…"
        names = ",".join("xyzuvw"[i] if i < 6 else f"c{i + 1}" for i in range(len(numbers)))
        raise FileError(f"{shown}: the first line is {row}: numbers, not names", f"say --names {names}")


def _numbers(cells: Sequence[str], decimal: str) -> Sequence[str]:
    """The cells of a row of numbers, and perhaps dates, of which the last may be empty; none for another row."""
    last = max((i + 1 for i, cell in enumerate(cells) if cell), default=0)
    numbers = {cell for cell in cells[:last] if NUMBER.fullmatch(cell.strip().replace(decimal, "."))}
    sound = all(cell in numbers or seconds_of(cell) is not None for cell in cells[:last])
    return cells if numbers and sound else []
