"""Workbooks: a sheet as CSV, as which its rows are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from circuitcli.errors import FileError, UsageError
from circuitcli.extras import refuse_missing

WORKBOOK = "workbook"  # the name of the packing
MEMBERS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})  # of archives that are workbooks
ROWS = 5_000  # of a piece


class Sheet:
    """The sheet that is asked for by its name, if it is; and whether the file turned out to have sheets."""

    def __init__(self, name: str) -> None:
        self.name, self.found = name, False


def sheet_text(data: bytes, asked: Sheet, shown: str) -> Iterator[bytes]:
    """The rows of a sheet as CSV, in pieces: of the one that is named, else of the only one that is not empty. Raises
    FileError where the file is damaged, UsageError where no sheet is meant."""
    sheet, asked.found = asked.name, True
    refuse_missing("a workbook needs", ("python_calamine",), "excel")
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [*book.sheet_names]
        rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in _asked(names, sheet)}
    except CalamineError as error:
        raise unsound_workbook(shown, error) from None
    full = {name: found for name, found in rows.items() if found} or rows
    if sheet not in names and (sheet or len(full) != 1):
        what = f"has no sheet {sheet}" if sheet else f"has {len(full)} sheets"
        raise UsageError(f"{shown} {what}", f"--sheet names one of: {', '.join(full)}")
    return _as_csv(next(iter(full.values())))


def unsound_workbook(shown: str, error: object) -> FileError:
    """The error for a damaged workbook."""
    return FileError(f"{shown} is no sound workbook: {error}", "save it again, or save its sheet as CSV")


def _asked(names: Sequence[str], sheet: str) -> Sequence[str]:
    return [sheet] if sheet in names else names


def _as_csv(rows: Sequence[Sequence[object]]) -> Iterator[bytes]:
    pieces = iter(rows)
    while some := [*islice(pieces, ROWS)]:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([[_cell(value) for value in row] for row in some])
        yield text.getvalue().encode()


def _cell(value: object) -> str:
    """A cell as text: whole numbers without a point, times as ISO 8601 has them, durations in seconds."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2.0**53 else repr(value)
    return repr(value.total_seconds()) if isinstance(value, timedelta) else str(value)
