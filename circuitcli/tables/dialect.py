"""The dialect of CSV: the separator of its cells, the point or comma of its decimals, and its comments, as the start of
a file tells them where that is beyond doubt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile, zip_longest
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.formats import Format
from circuitcli.tables.pieces import LONGEST
from circuitcli.tables.streams import BOM

NOTHING = "", "NA", "N/A", "n/a", "na", "NaN", "nan", "null", "NULL", "None", "-", "."  # cells without a number
START, LINES = 2**16, 100  # bytes, and rows, that are looked at
OTHERS = ";", "\t", "|"
COMMENT = "#"
_SAYS = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line that spreadsheets write
_COMMA = re.compile(r"[+-]?([0-9]+),([0-9]+)([eE][+-]?[0-9]+)?")
_UNCERTAIN = re.compile(r"\s*(±|\+/-|\+-|\().*", re.DOTALL)  # behind a number
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<groups>(?P<sign>[,.'’ \u00a0\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*)"
    r"(?:(?P<decimal>[.,])[0-9]+)?"
)
_PLAIN = re.compile(r"[+-]?[0-9]*([.,][0-9]+)?([eE][+-]?[0-9]+)?")
_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?")


class DialectOptions(NamedTuple):
    """The dialect as far as options tell it; the start of a file tells the rest. `thousands` stands between digits,
    `na` are cells that count as missing, so many lines are skipped at the start, and there may be no header."""

    separator: str = ""
    decimal: str = ""
    comment: str = ""
    thousands: str = ""
    na: Sequence[str] = ()
    skip: int = 0
    no_header: bool = False


class Thousands(NamedTuple):
    """The sign between groups of three digits, the places of the columns that have it, None where all may, and the sign
    before decimals there; empty where no cell tells them."""

    sign: str = ""
    places: frozenset[int] | None = None
    decimal: str = ""

    def taken_out(self, cell: str, place: int) -> str:
        """The number in a cell of a column without the signs between its groups; another text as it is."""
        if self.places is not None and place not in self.places:
            return cell
        grouped = _groups(self.sign).match(cell)
        return cell if grouped is None else grouped[0].replace(self.sign, "") + cell[grouped.end() :]


@cache
def _groups(sign: str) -> re.Pattern[str]:
    """Digits in groups of three with a sign between them."""
    sign = re.escape(sign)
    return re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}})+(?![0-9{sign}])")


class Dialect(NamedTuple):
    """A format in the dialect of a file; the text with which comments begin; whether the first line tells the
    separator, and is no row; the thousands; and in words what was assumed."""

    format: Format
    comment: str = ""
    says: bool = False
    thousands: Thousands = Thousands()
    assumed: str = ""


def dialect_of(start: bytes, form: Format, shown: str, names: Sequence[str], told: DialectOptions) -> Dialect:
    """The dialect of a file that begins so. `names`: it has no header, and these columns. Raises FileError where the
    header may be a comment."""
    text = start[:START].removeprefix(BOM).decode("utf-8", "replace")
    lines = text.split("\n")
    lines = [line.rstrip("\r") for line in (lines if len(start) < START else lines[:-1])][told.skip :]
    lines = [line for line in lines if line.strip()][:LINES]
    said = _SAYS.fullmatch(lines[0]) if lines else None
    lines = lines[1:] if said else lines
    comment = told.comment or (COMMENT if lines and lines[0].startswith(COMMENT) else "")
    before = [*takewhile(lambda line: comment and line.startswith(comment), lines)]
    rows = [line for line in lines if not (comment and line.startswith(comment))]
    has_header = not (names or told.no_header)
    separator = told.separator or (said[1] if said else "")
    if not separator:
        separator = _separator(rows, form) if has_header else _without_header(rows, form, len(names), shown)
    if before and rows and has_header and not told.comment and _may_be_header(before[-1], rows[0], separator):
        if len(before) > 1:
            why = f"{shown}: the names may be in {before[-1]!r} or in {rows[0]!r}"
            raise FileError(why, "say --comment '#', or take the # off")
        comment, rows = "", lines
    table = [[cell.strip() for cell in row] for row in _parsed(rows[1 if has_header else 0 :], separator)]
    thousands = _thousands(table, told)
    decimal = told.decimal or thousands.decimal
    if not decimal:
        plain = [cell.replace(thousands.sign, "") if thousands.sign else cell for row in table for cell in row]
        decimal = "," if separator != "," and _has_commas(plain) else form.decimal
    if (separator, decimal) == (form.separator, form.decimal):
        found = form
    else:
        found = form._replace(separator=separator, decimal=decimal)
    comment = comment if rows else told.comment
    return Dialect(found, comment, bool(said), thousands, ", ".join(_assumed(found, comment, thousands, form, told)))


def _assumed(found: Format, comment: str, thousands: Thousands, form: Format, told: DialectOptions) -> Iterator[str]:
    if found.separator != (told.separator or form.separator):
        yield f"cells are separated by {'tabs' if found.separator == chr(9) else found.separator}"
    if found.decimal != (told.decimal or form.decimal):
        yield "decimals have a comma"
    if thousands.sign != told.thousands:
        yield f"{repr(thousands.sign) if thousands.sign.isspace() else thousands.sign} stands between thousands"
    if comment != told.comment:
        yield f"lines that begin with {comment} are comments"


def _separator(rows: Sequence[str], form: Format) -> str:
    """The separator of the cells: that of the format where a header has it, else the one that all rows have alike."""
    usual = form.separator
    if not rows or not form.quotes or max(_widths(rows[:1], usual), default=0) > 1:
        return usual
    fit = _fitting(rows, OTHERS, 0)
    return fit[0] if len(fit) == 1 else usual


def _without_header(rows: Sequence[str], form: Format, columns: int, shown: str) -> str:
    """The separator of rows without a header, of so many columns if that is known: the one that all have alike, of
    several the one that leaves numbers. Raises FileError where that does not tell it."""
    usual = form.separator
    fit = _fitting(rows, (usual, *OTHERS), columns) if form.quotes else []
    if len(fit) > 1:
        cells = {sign: [cell.strip() for row in _parsed(rows, sign) for cell in row] for sign in fit}
        fit = [sign for sign in fit if all(_PLAIN.fullmatch(cell) for cell in cells[sign])] or fit
    if len(fit) > 1:
        signs = " or ".join("tabs" if sign == "\t" else sign for sign in fit)
        raise FileError(f"{shown}: its cells may be separated by {signs}", "say --delimiter SIGN")
    return fit[0] if fit else usual


def _fitting(rows: Sequence[str], signs: Sequence[str], columns: int) -> list[str]:
    """Those of some separators by which all rows have as many cells, and more than one, or the number that is known."""
    found = {sign: _widths(rows, sign) for sign in signs}
    alike = [sign for sign, widths in found.items() if len(widths) == 1]
    return [sign for sign in alike if (found[sign] == {columns} if columns else found[sign] != {1})]


def _widths(rows: Sequence[str], separator: str) -> set[int]:
    """The numbers of cells that rows have."""
    return {len(row) for row in _parsed(rows, separator)}


def _parsed(rows: Sequence[str], separator: str) -> list[list[str]]:
    """Rows as cells; none where they are no CSV."""
    try:
        return [*csv.reader(rows, delimiter=separator)]
    except csv.Error:
        return []


def _has_commas(cells: Sequence[str]) -> bool:
    """Whether decimals are written with a comma: some certainly are, as 1,5 is and 1,234 is not, and none with a
    point."""
    cells = [_UNCERTAIN.sub("", cell) for cell in cells]
    commas = [found for found in map(_COMMA.fullmatch, cells) if found]
    certain = any(len(found[2]) != 3 or len(found[1]) > 3 or found[1].startswith("0") for found in commas)
    return certain and not any(map(_POINT.fullmatch, cells))


def _thousands(rows: Sequence[Sequence[str]], told: DialectOptions) -> Thousands:
    """The sign between thousands: in a column of numbers of which some certainly have one, as 1,234,567 and 1.234,5 do
    and 1,234 does not."""
    if told.thousands:
        return Thousands(told.thousands, None, {".": ",", ",": "."}.get(told.thousands, ""))
    found: dict[str, set[int]] = {}
    decimals = set[str]()
    for place, column in enumerate(zip_longest(*rows, fillvalue="")):
        grouped = [cell for cell in map(_GROUPED.fullmatch, column) if cell and cell["sign"] != cell["decimal"]]
        signs = {cell["sign"] for cell in grouped if cell["decimal"] or len(cell["groups"]) > 4 or cell["sign"] in "'’"}
        before = {*".,"} - signs  # decimals
        plain = re.compile(rf"[+-]?[0-9]*([{''.join(before)}][0-9]+)?")
        others = [cell for cell in column if cell not in (*NOTHING, *told.na) and not _GROUPED.fullmatch(cell)]
        if len(signs) == 1 and all(map(plain.fullmatch, others)):
            found.setdefault(signs.pop(), set()).add(place)
            decimals |= {cell["decimal"] for cell in grouped if cell["decimal"]}
    if len(found) != 1 or len(decimals) > 1 or told.decimal in (*found, *({".", ","} - decimals if decimals else ())):
        return Thousands()
    ((sign, places),) = found.items()
    return Thousands(sign, frozenset(places), "".join(decimals))


def _may_be_header(comment: str, row: str, separator: str) -> bool:
    """Whether a line behind a sign of comments has as many cells as the row behind it; if that is one, it is a word."""
    first, second = (max(_widths([line], separator), default=0) for line in (comment, row))
    return first == second and (first > 1 or " " not in comment.strip())


def without_comments(pieces: Iterator[bytes], comment: str, says: bool, skip: int) -> Iterator[bytes]:
    """Text in which lines that begin so are empty, but for those within quotes, and so are as many at the start as are
    to be skipped, and the next one where it `says` the separator."""
    mark, rest, inside = comment.encode(), b"", False
    for piece in pieces:
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for i, line in enumerate(lines):
            if skip:
                lines[i], skip = b"", skip - 1
            elif says and line.strip():
                lines[i], says = b"", False
            elif mark and not inside and line.removeprefix(BOM).startswith(mark):
                lines[i] = b""
            elif line.count(b'"') % 2:
                inside = not inside
        yield b"".join([line + b"\n" for line in lines])
        if len(rest) > LONGEST:  # which whoever cuts the text refuses
            yield rest
            rest = b""
    if rest and not skip and not says and (inside or not mark or not rest.startswith(mark)):
        yield rest
