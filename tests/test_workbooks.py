"""Rows of workbooks, which openpyxl writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support import circuit

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")
ROWS: list[list[object]] = [
    ["name", "x", "y", "when", "ok"],
    ["a, b", 1, 2.5, datetime(2024, 1, 5, 6, 0), True],
    ['say "c"', 3.0, 1e-3, datetime(2024, 1, 6), False],
]
READERS = [(), ("--engine", "arrays")]


def written(path: Path, **sheets: Sequence[Sequence[object]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


@pytest.mark.parametrize("reader", READERS)
def test_the_sheet_that_has_rows(reader: Sequence[str], tmp_path: Path) -> None:
    written(tmp_path / "book.xlsx", Notes=[], Data=ROWS, Plan=[])
    done = circuit("eval", "r = x*y + ok; t = when", "book.xlsx", *reader, cwd=tmp_path)
    assert done.stdout == (
        "name,x,y,when,ok,r,t\n"
        '"a, b",1,2.5,2024-01-05 06:00:00,true,3.5,1704434400.0\n'
        '"say ""c""",3,0.001,2024-01-06,false,0.003,1704499200.0\n'
    )
    assert done.returncode == 0 and done.stderr == "note: book.xlsx: when is a time, in seconds since 1970 (UTC)\n"
    piped = circuit(
        "eval", "mean(x)", "-", "--quiet", *reader, stdin=(tmp_path / "book.xlsx").read_bytes(), cwd=tmp_path
    )
    assert piped.stdout == "2.0\n"


@pytest.mark.parametrize("reader", READERS)
def test_a_delimiter_is_of_what_is_written(reader: Sequence[str], tmp_path: Path) -> None:
    written(tmp_path / "book.xlsx", Data=[["name", "x"], ["a;b", 1], ["c", 2]])
    done = circuit("eval", "r = 2*x", "book.xlsx", "--delimiter", ";", *reader, cwd=tmp_path)
    assert done.stdout == 'name;x;r\n"a;b";1;2.0\nc;2;4.0\n'


@pytest.mark.parametrize("reader", READERS)
def test_a_sheet_by_its_name(reader: Sequence[str], tmp_path: Path) -> None:
    written(tmp_path / "book.xlsx", one=[["x"], [1]], two=[["x"], [2], [timedelta(minutes=1)]])
    done = circuit("eval", "x", "book.xlsx", "--sheet", "two", "--quiet", *reader, cwd=tmp_path)
    assert done.stdout == "2.0\n60.0\n"
    done = circuit("eval", "x", "book.xlsx", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "book.xlsx has 2 sheets\n  --sheet names one of: one, two\n" in done.stderr
    done = circuit("eval", "x", "book.xlsx", "--sheet", "three", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "book.xlsx has no sheet three\n  --sheet names one of: one, two\n" in done.stderr


def test_texts_are_no_dialect(tmp_path: Path) -> None:
    """A sheet has cells of its own: nothing in them is told for a separator or a decimal comma."""
    written(tmp_path / "book.xlsx", data=[["a;b", "x"], ["1,5;2", 4], ["# no comment", 5]])
    done = circuit("eval", "x*2", "book.xlsx", cwd=tmp_path)
    assert done.stdout == 'a;b,x,value\n"1,5;2",4,8.0\n# no comment,5,10.0\n' and done.stderr == ""


def test_mistakes(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x\n1\n")
    done = circuit("eval", "x", "in.csv", "--sheet", "data", cwd=tmp_path)
    assert done.returncode == 2 and "--sheet is for workbooks, and in.csv is none" in done.stderr
    done = circuit("eval", "x", "in.csv", "--out", "o.xlsx", cwd=tmp_path)
    assert done.returncode == 2 and "workbook files are read and not written" in done.stderr
    written(tmp_path / "empty.xlsx", one=[], two=[])
    done = circuit("eval", "x", "empty.xlsx", cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
