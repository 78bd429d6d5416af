"""The start of a table: the lines above its header, the header, the units beneath it, and the first rows."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from typing import NamedTuple, NoReturn

from circuitcli.errors import FileError
from circuitcli.tables.blank_cells import BLANK, with_tabs
from circuitcli.tables.cell_forms import is_bracketed, is_no_unit, is_number, is_unit
from circuitcli.tables.times import seconds_of
from circuitcli.tables.uncertain_cells import MARKS, uncertain_number

SIGNS = {"\t": "tabs", BLANK: "blanks"}  # separators that messages call by a name
_TIME_WORDS = {"utc", "gmt", "iso", "iso8601", "iso 8601"}
_TIME_SIGNS = frozenset("ymdhs:/.- tz")  # of yyyy-mm-dd hh:mm:ss


class Line(NamedTuple):
    """A line that is not empty, and how many lines are before it."""

    number: int
    text: str


class Preamble(NamedTuple):
    """The number of lines above the header, and the separator of the cells behind them; empty where it is not told."""

    lines: int = 0
    separator: str = ""


def parsed(rows: Sequence[str], separator: str) -> list[list[str]]:
    """Rows as cells without the spaces around them; none where they are no CSV."""
    if separator == BLANK:
        lines = [with_tabs(row.encode()) for row in rows]
        rows, separator = [line.decode() for line in lines if line is not None], "\t"
        if len(rows) < len(lines):
            return []
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(rows, delimiter=separator)]
    except csv.Error:
        return []


def preamble(lines: Sequence[Line], separators: Sequence[str], nothing: Collection[str], shown: str) -> Preamble:
    """The lines above the header: of other widths than all that are behind them, the header being names, and the rows
    having numbers. `nothing` are cells without a number. Raises FileError where some lines may be such or not."""
    rows = [line.text for line in lines]
    if any(row.count('"') % 2 for row in rows):  # a line may end within a cell
        return Preamble()
    doubt, found = 0, list[Preamble]()
    for separator in separators:
        cells = parsed(rows, separator)
        widths = [*map(len, cells)]
        is_even = len({*widths}) == 1
        if is_even and separator != BLANK and widths[0] > 1:
            above = _padded(cells, nothing) if not cells[0][-1] else 0
            return Preamble(above, separator if above or separator == separators[0] else "")
        if not cells or widths[-1] < 2 or (is_even and _is_headed(cells, nothing)):
            continue
        even = next((i for i in range(len(widths), 0, -1) if widths[i - 1] != widths[-1]), 1)
        above = next((i for i in range(even, len(cells) - 2) if _is_headed(cells[i:], nothing)), 0)
        if not above or any(all(map(is_number, row)) for row in cells[:above]):
            continue
        if widths[-1] in widths[:above]:
            doubt = above
        elif separator != BLANK or not found:
            found.append(Preamble(above, separator))
    if len(found) > 1:
        refuse_separators([row.separator for row in found], shown)
    if doubt and not found:
        number = lines[doubt].number
        why = f"{shown}: the names of its columns may be on line {lines[0].number + 1} or on line {number + 1}"
        raise FileError(why, f"say --skip-lines {number}")
    return found[0] if found else Preamble()


def _padded(rows: Sequence[Sequence[str]], nothing: Collection[str]) -> int:
    """The number of lines above the header which, as spreadsheets write them, end in empty cells."""
    above = next((i for i, row in enumerate(rows) if row[-1]), 0)
    has_row = any(all(is_number(cell) for cell in row if cell) for row in rows[:above] if any(row))
    return above if above < len(rows) - 2 and not has_row and _is_headed(rows[above:], nothing) else 0


def refuse_separators(signs: Sequence[str], shown: str) -> NoReturn:
    """Raise FileError for a file whose cells several signs may separate."""
    words = " or ".join(SIGNS.get(sign, sign) for sign in signs)
    raise FileError(f"{shown}: its cells may be separated by {words}", "say --delimiter SIGN")


def _is_headed(rows: Sequence[Sequence[str]], nothing: Collection[str]) -> bool:
    """Whether the first of some rows is a header: names, and behind it at least two rows with numbers."""
    header, body = rows[0], rows[1:]
    if not all(header) or len(set(header)) < len(header) or any(map(is_number, header)):
        return False
    body = body[1:] if has_units(body, nothing) else body
    return len(body) > 1 and any(_has_numbers(column, nothing) for column in zip(*body, strict=True))


def has_units(rows: Sequence[Sequence[str]], nothing: Collection[str]) -> bool:
    """Whether the first of the rows behind a header has units: no number in any column whose other cells are numbers or
    times, and cells that are certainly units."""
    if len({*map(len, rows)}) != 1 or len(rows) < 2 or not any(map(is_unit, rows[0])):
        return False
    units, times, brackets = list[str](), 0, 0
    columns = [(cell, others) for cell, *others in zip(*rows, strict=True)]
    for cell, others in columns:
        are_numbers = _has_numbers(others, nothing)
        if is_bracketed(cell) and not any(map(is_bracketed, others)):
            brackets += 1
        elif not are_numbers and _says_time(cell) and all(seconds_of(text) is not None for text in others):
            times += 1
        elif not (is_no_unit(cell) or (are_numbers and (is_unit(cell) or cell == "1"))):
            return False
        if are_numbers and is_unit(cell):
            units.append(cell)
    if not units or brackets:
        return bool(units)
    if len(columns) < 2 or len(rows) < 3 or any(cell == "1" for cell, _ in columns):  # which may be a number
        return False
    return len(units) + times > 1 or not (len(units[0]) == 1 and units[0].isupper())  # as T is a trace of rain


def has_numbers(rows: Sequence[Sequence[str]], nothing: Collection[str], everywhere: bool = False) -> bool:
    """Whether some column of rows of one width, or every one, is of numbers."""
    columns = [_has_numbers(column, nothing) for column in zip(*rows, strict=True)]
    return all(columns) if everywhere else any(columns)


def _has_numbers(column: Sequence[str], nothing: Collection[str]) -> bool:
    """Whether the cells of a column are numbers, with error bars or without, but for those that have none."""
    there = [cell for cell in column if is_number(cell) or (any(map(cell.__contains__, MARKS)) and _has_bars(cell))]
    return bool(there) and len(there) + sum(cell in nothing for cell in column) >= len(column)


def _has_bars(cell: str) -> bool:
    """Whether a cell is a number with its uncertainty, in some dialect."""
    return uncertain_number(cell.replace(",", ".")) is not None


def _says_time(cell: str) -> bool:
    """Whether a cell says how times are written."""
    return is_unit(cell) or cell.lower() in _TIME_WORDS or _TIME_SIGNS.issuperset(cell.lower())
