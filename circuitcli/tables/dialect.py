"""The dialect of CSV: the separator of its cells, the point or comma of its decimals, and its comments, as the start of
a file tells them where that is beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile, zip_longest
from typing import NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.blank_cells import BLANK
from circuitcli.tables.cell_forms import COMMA, GROUPED, NOTHING, PLAIN, POINT, is_number
from circuitcli.tables.formats import Format
from circuitcli.tables.streams import BOM
from circuitcli.tables.table_start import (
    SIGNS,
    Line,
    has_numbers,
    has_units,
    parsed,
    preamble,
    refuse_separators,
)
from circuitcli.tables.thinned_text import LineRules

START, LINES = 2**16, 100  # bytes, and rows, that are looked at
OTHERS = ";", "\t", "|"
COMMENT = "#"
_SAYS = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line that spreadsheets write
_UNCERTAIN = re.compile(r"\s*(±|\+/-|\+-|\().*", re.DOTALL)  # behind a number


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
    """A format in the dialect of a file, the lines that are no rows, the thousands; and in words what was assumed."""

    format: Format
    lines: LineRules = LineRules()
    thousands: Thousands = Thousands()
    assumed: str = ""


def dialect_of(start: bytes, form: Format, shown: str, names: Sequence[str], told: DialectOptions) -> Dialect:
    """The dialect of a file that begins so. `names`: it has no header, and these columns. Raises FileError where the
    header may be a comment, and where its place or the separator is in doubt."""
    lines, nothing = _first_lines(start, told.skip), {*NOTHING, *told.na}
    said = _SAYS.fullmatch(lines[0].text) if lines else None
    left_out = {lines.pop(0).number} if said else set[int]()
    separator = told.separator or (said[1] if said else "")
    comment = told.comment or (COMMENT if _has_comments(lines, not (names or told.no_header), told) else "")
    if names or told.no_header:
        rows = [line for line in lines if not _is_comment(line, comment)]
        head = _Head(rows, separator or _without_header(rows, form, len(names), nothing, shown), comment)
        cells = parsed(head.texts, head.separator)
    else:
        head = _head(lines, separator, comment, form, shown, nothing, told)
        left_out |= {*range(head.above)}
        cells = parsed(head.texts, head.separator)[1:]
    units = ""
    if head.has_units(cells, nothing) and not (names or told.no_header):
        number = head.rows[1].number
        left_out.add(number)
        units = f"line {number + 1} has units: {', '.join(filter(None, cells.pop(0)))}"
    thousands = _thousands(cells, told)
    decimal = told.decimal or thousands.decimal
    if not decimal:
        plain = [cell.replace(thousands.sign, "") if thousands.sign else cell for row in cells for cell in row]
        decimal = "," if head.separator != "," and _has_commas(plain) else form.decimal
    found = _with(form, head.separator, decimal)
    comment = head.comment if head.rows else told.comment
    rules = LineRules(comment, told.skip, frozenset(left_out), head.named, head.separator == BLANK)
    assumed = [*_assumed(found, rules, thousands, form, told), _said_of(head.above), units]
    return Dialect(found, rules, thousands, ", ".join(filter(None, assumed)))


def _has_comments(lines: Sequence[Line], has_header: bool, told: DialectOptions) -> bool:
    """Whether some lines are comments: the first begins so, or a later one where no option tells of cells, while all
    others, and they are several, begin with a number."""
    if not lines or lines[0].text.startswith(COMMENT):
        return bool(lines)
    rows = lines[1:] if has_header else lines
    others = [line.text for line in rows if not line.text.startswith(COMMENT)]
    return (
        not told.separator
        and 1 < len(others) < len(rows)
        and all(is_number(re.split(r"[,;\t| ]", t.strip())[0].strip('"')) for t in others)
    )


class _Head(NamedTuple):
    """The header and the first rows behind it, their separator, the beginning of comments, how many lines are above the
    header, and the number of the line that names the columns behind a sign of comments, if one does."""

    rows: list[Line]
    separator: str
    comment: str
    above: int = 0
    named: int = -1

    @property
    def texts(self) -> list[str]:
        """The header and the rows."""
        return [line.text for line in self.rows]

    def has_units(self, cells: Sequence[Sequence[str]], nothing: Collection[str]) -> bool:
        """Whether the line behind the header has units; `cells` are those of the rows."""
        return not any(text.count('"') % 2 for text in self.texts[:2]) and has_units(cells, nothing)


def _head(
    lines: list[Line],
    separator: str,
    comment: str,
    form: Format,
    shown: str,
    nothing: Collection[str],
    told: DialectOptions,
) -> _Head:
    """The header of a file and the rows behind it; the separator where nothing has told it before. Raises FileError
    where the header may be a comment, and where its place or the separator is in doubt."""
    before = [*takewhile(lambda line: _is_comment(line, comment), lines)]
    rows = [line for line in lines if not _is_comment(line, comment)]
    if not told.skip:
        above = preamble(rows, [separator] if separator else _possible(form), nothing, shown)
        if above.lines:
            return _Head(rows[above.lines :], above.separator, comment, rows[above.lines].number)
        separator = separator or above.separator
    if not before or not rows or told.comment:
        return _Head(rows, separator or _separator(rows, form, nothing), comment)
    last = before[-1]._replace(text=before[-1].text.removeprefix(comment))
    if separator in ("", BLANK) and _names_blanks(last, rows, form, nothing):
        return _Head([last, *rows], BLANK, comment, named=last.number)
    separator = separator or _separator(rows, form, nothing)
    if separator == BLANK or not _may_be_header(before[-1].text, rows[0].text, separator):
        return _Head(rows, separator, comment)
    if len(before) > 1:
        why = f"{shown}: the names may be in {before[-1].text!r} or in {rows[0].text!r}"
        raise FileError(why, "say --comment '#', or take the # off")
    return _Head(lines, separator, "")


def _is_comment(line: Line, comment: str) -> bool:
    return bool(comment) and line.text.startswith(comment)


def _first_lines(start: bytes, skip: int) -> list[Line]:
    """The first whole lines that are not empty, behind those that are skipped."""
    lines = start[:START].removeprefix(BOM).decode("utf-8", "replace").split("\n")
    whole = enumerate(lines if len(start) < START else lines[:-1])
    return [*islice((Line(i, line.rstrip("\r")) for i, line in whole if i >= skip and line.strip()), LINES)]


def _with(form: Format, separator: str, decimal: str) -> Format:
    """A format with a separator and a sign of decimals; what blanks separate is read with tabs between cells, which
    may stand in quotes."""
    if separator == BLANK:
        return form._replace(separator="\t", decimal=decimal, quotes=True)
    is_usual = (separator, decimal) == (form.separator, form.decimal)
    return form if is_usual else form._replace(separator=separator, decimal=decimal)


def _assumed(
    found: Format, lines: LineRules, thousands: Thousands, form: Format, told: DialectOptions
) -> Iterator[str]:
    separator = BLANK if lines.blanks else found.separator
    if separator != (told.separator or form.separator):
        yield f"cells are separated by {SIGNS.get(separator, separator)}"
    if found.decimal != (told.decimal or form.decimal):
        yield "decimals have a comma"
    if thousands.sign != told.thousands:
        yield f"{repr(thousands.sign) if thousands.sign.isspace() else thousands.sign} stands between thousands"
    if lines.comment != told.comment:
        yield f"lines that begin with {lines.comment} are comments"
    if lines.header >= 0:
        yield f"line {lines.header + 1} names the columns"


def _said_of(above: int) -> str:
    """The lines above the header in words."""
    return f"the first {above} lines are no rows" if above > 1 else "the first line is no row" if above else ""


def _possible(form: Format) -> Sequence[str]:
    """The separators that a file of a format may have."""
    return (form.separator, *OTHERS, BLANK) if form.quotes else (form.separator, BLANK)


def _separator(rows: Sequence[Line], form: Format, nothing: Collection[str]) -> str:
    """The separator of the cells: that of the format where a header has it, else the one that all rows have alike."""
    usual, texts = form.separator, [line.text for line in rows]
    headed = max(_widths(texts[:1], usual), default=0) > 1
    if not headed and form.quotes and texts:
        fit = _fitting(texts, OTHERS, 0)
        if fit:
            return fit[0] if len(fit) == 1 else usual
    if headed and len(_widths(texts, usual)) == 1:
        return usual
    return BLANK if _has_blanks(texts, nothing, everywhere=headed) else usual


def _has_blanks(rows: Sequence[str], nothing: Collection[str], everywhere: bool) -> bool:
    """Whether the cells of a header and of rows are separated by blanks: all have as many, and some column has numbers,
    or each one has."""
    cells = parsed(rows, BLANK)
    if len({*map(len, cells)}) != 1 or len(cells[0]) < 2 or any(sign in rows[0] for sign in ",;|"):
        return False
    body = cells[2:] if has_units(cells[1:], nothing) else cells[1:]
    return has_numbers(body, nothing, everywhere) and not _is_grouped(rows[1:])


def _is_grouped(rows: Sequence[str]) -> bool:
    """Whether each row is one number with blanks between thousands."""
    found = [GROUPED.fullmatch(row.strip()) for row in rows]
    return all(cell and cell["sign"] == " " for cell in found) and any(
        cell and (cell["decimal"] or len(cell["groups"]) > 4) for cell in found
    )


def _names_blanks(comment: Line, rows: Sequence[Line], form: Format, nothing: Collection[str]) -> bool:
    """Whether a comment names the columns of rows that have none and blanks between their cells, as NumPy writes it."""
    names = comment.text.split()
    if len({*names}) < len(names) or any(map(is_number, names)):
        return False
    is_blank = _separator([comment, *rows], form, nothing) == BLANK
    return is_blank and has_numbers(parsed([line.text for line in rows], BLANK), nothing)


def _without_header(rows: Sequence[Line], form: Format, columns: int, nothing: Collection[str], shown: str) -> str:
    """The separator of rows without a header, of so many columns if that is known: the one that all have alike, of
    several the one that leaves numbers. Raises FileError where that does not tell it."""
    usual, texts = form.separator, [line.text for line in rows]
    fit = _fitting(texts, (usual, *OTHERS) if form.quotes else (usual,), columns)
    cells = {sign: [cell for row in parsed(texts, sign) for cell in row] for sign in fit}
    plain = [sign for sign in fit if all(map(PLAIN.fullmatch, cells[sign]))]
    if not plain and _fitting(texts, (BLANK,), columns) and not _is_grouped(texts):
        blank = parsed(texts, BLANK)
        if has_numbers(blank, nothing, everywhere=bool(fit)):
            return BLANK
    fit = plain or fit
    if len(fit) > 1 and columns != 1:  # a single cell has no separator
        refuse_separators(fit, shown)
    return usual if usual in fit else fit[0] if fit else usual


def _fitting(rows: Sequence[str], signs: Sequence[str], columns: int) -> list[str]:
    """Those of some separators by which all rows have as many cells, and more than one, or the number that is known."""
    found = {sign: _widths(rows, sign) for sign in signs}
    alike = [sign for sign, widths in found.items() if len(widths) == 1]
    return [sign for sign in alike if (found[sign] == {columns} if columns else found[sign] != {1})]


def _widths(rows: Sequence[str], separator: str) -> set[int]:
    """The numbers of cells that rows have."""
    return {*map(len, parsed(rows, separator))}


def _has_commas(cells: Sequence[str]) -> bool:
    """Whether decimals are written with a comma: some certainly are, as 1,5 is and 1,234 is not, and none with a
    point."""
    cells = [_UNCERTAIN.sub("", cell) for cell in cells]
    commas = [found for found in map(COMMA.fullmatch, cells) if found]
    certain = any(len(found[2]) != 3 or len(found[1]) > 3 or found[1].startswith("0") for found in commas)
    return certain and not any(map(POINT.fullmatch, cells))


def _thousands(rows: Sequence[Sequence[str]], told: DialectOptions) -> Thousands:
    """The sign between thousands: in a column of numbers of which some certainly have one, as 1,234,567 and 1.234,5 do
    and 1,234 does not."""
    if told.thousands:
        return Thousands(told.thousands, None, {".": ",", ",": "."}.get(told.thousands, ""))
    found: dict[str, set[int]] = {}
    decimals = set[str]()
    for place, column in enumerate(zip_longest(*rows, fillvalue="")):
        grouped = [cell for cell in map(GROUPED.fullmatch, column) if cell and cell["sign"] != cell["decimal"]]
        signs = {cell["sign"] for cell in grouped if cell["decimal"] or len(cell["groups"]) > 4 or cell["sign"] in "'’"}
        before = {*".,"} - signs  # decimals
        plain = re.compile(rf"[+-]?[0-9]*([{''.join(before)}][0-9]+)?")
        others = [cell for cell in column if cell not in (*NOTHING, *told.na) and not GROUPED.fullmatch(cell)]
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
