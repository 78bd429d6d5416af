"""Ranges in rows: columns of bounds, one answer from all rows, bad rows, and what the commands say of mistakes."""

from __future__ import annotations

import json
import math
import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support import circuit

ROWS = "id,x_lo,x_hi,y\na,0,1,2\nb,-1,2,3\nc,1,1,0.5\n"
BAD = "id,x_lo,x_hi\na,0,1\nb,2,-1\nc,1,\nd,1,nan\ne,-4,4\n"
X = "--interval", "x=x_lo:x_hi"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A folder with rows.csv and bad.csv."""
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "bad.csv").write_text(BAD)
    return tmp_path


def test_bounds_of_every_row(rows: Path) -> None:
    done = circuit("grad", "x^2*y", "rows.csv", *X, "--columns", "id,value,grad_x,grad_y", cwd=rows)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.splitlines() == [
        "id,value_lo,value_hi,grad_x_lo,grad_x_hi,grad_y_lo,grad_y_hi",
        "a,0.0,2.0,0.0,4.0,0.0,1.0",
        "b,0.0,12.0,-6.0,12.0,0.0,4.0",
        "c,0.5,0.5,1.0,1.0,1.0,1.0",
    ]


def test_a_range_that_all_rows_share(rows: Path) -> None:
    done = circuit("eval", "y*z", "rows.csv", "-z", "1..2", "--quiet", cwd=rows)
    assert done.stdout == "2.0,4.0\n3.0,6.0\n0.5,1.0\n"
    done = circuit("eval", "y*z", "rows.csv", "-z", "0.1..0.1", "--quiet", cwd=rows)
    low, high = (Fraction(float(end)) for end in done.stdout.splitlines()[0].split(","))
    assert low < Fraction(2, 10) < high  # a tenth is no float


def test_bounds_in_every_format(rows: Path) -> None:
    command = "eval", "r = x*y", "rows.csv", *X, "--columns", "r"
    assert [json.loads(line) for line in circuit(*command, "--json", cwd=rows).stdout.splitlines()] == [
        {"r": [0.0, 2.0]},
        {"r": [-3.0, 6.0]},
        {"r": [0.5, 0.5]},
    ]
    assert circuit(*command, "--to", "table", cwd=rows).stdout.split() == [
        "r_lo",
        "r_hi",
        "0",
        "2",
        "-3",
        "6",
        "0.5",
        "0.5",
    ]
    for name in ("r.parquet", "r.arrow", "r.tsv", "r.csv", "r.jsonl"):
        assert circuit(*command, "--out", name, cwd=rows).returncode == 0
        ends = "r[1]:r[2]" if name == "r.jsonl" else "r_lo:r_hi"
        again = circuit("eval", "sum(r)", name, "--interval", f"r={ends}", "--quiet", cwd=rows)
        assert (again.stdout, again.stderr) == ("[-2.5, 8.5]\n", "")


def test_families_of_ranges(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("l1,l2,h1,h2\n1,2,3,4\n")
    words = "x[1]*x[2]", "f.csv", "--interval", "x=l1..l2:h1..h2"
    done = circuit("grad", *words, "--json", "--columns", "value,grad_x", cwd=tmp_path)
    assert json.loads(done.stdout) == {"value": [2.0, 12.0], "grad_x": [[2.0, 4.0], [1.0, 3.0]]}
    words = "h[i] = x[i] for i in 1:2", "f.csv", "--interval", "x[1]=l1:h1,x[2]=l2:h2"
    assert json.loads(circuit("eval", *words, "--json", "--columns", "h", cwd=tmp_path).stdout) == {
        "h": [[1, 3], [2, 4]]
    }


def test_tables_are_rounded_outward(rows: Path) -> None:
    done = circuit("eval", "x/3", "rows.csv", *X, "--quiet", "--digits", "3", cwd=rows)
    assert done.stdout == "0,0.334\n-0.334,0.667\n0.333,0.334\n"


def test_one_answer_from_all_rows_of_boxes(rows: Path) -> None:
    done = circuit("grad", "mean(x*w)", "rows.csv", *X, "-w", "3", "--json", cwd=rows)
    found = json.loads(done.stdout)
    assert found["value"] == [0.0, 4.0] and found["rows"]["count"] == 3
    low, high = found["gradient"]["w"]
    assert low == 0.0 and Fraction(high) >= Fraction(4, 3) > Fraction(math.nextafter(high, 0.0))
    done = circuit("eval", "max(x) + count()", "rows.csv", *X, "--to", "csv", cwd=rows)
    assert done.stdout == "file,rows,value_lo,value_hi\nrows.csv,3,4.0,5.0\n"


def test_domains_and_infinite_bounds_are_counted(rows: Path) -> None:
    done = circuit("eval", "sqrt(x)", "rows.csv", *X, cwd=rows)
    assert done.returncode == 0
    assert "sqrt(x) is outside its domain for some inputs of 1 row, or may be" in done.stderr
    assert "(first: rows.csv:3)" in done.stderr
    done = circuit("eval", "1/x", "rows.csv", *X, cwd=rows)
    assert done.returncode == 3 and "no finite bounds were found for 2 rows (first: rows.csv:2)" in done.stderr
    done = circuit("eval", "mean(1/x)", "rows.csv", *X, cwd=rows)
    assert done.returncode == 3 and "1 / x is outside its domain for some inputs of 2 rows" in done.stderr


def test_bad_ranges(rows: Path) -> None:
    done = circuit("eval", "x", "bad.csv", *X, cwd=rows)
    assert done.returncode == 2 and "bad.csv:3: x_lo is 2.0, which is above x_hi, -1.0" in done.stderr
    done = circuit("eval", "x", "bad.csv", *X, "--bad-rows", "skip", "--quiet", cwd=rows)
    assert done.returncode == 0 and done.stdout == "0.0,1.0\n-4.0,4.0\n" and "skipped 3 of 5 rows" in done.stderr
    done = circuit("eval", "x", "bad.csv", *X, "--bad-rows", "nan", "--quiet", cwd=rows)
    assert done.returncode == 0 and done.stdout.splitlines()[1:4] == ["nan,nan"] * 3
    assert "kept 2 rows" in done.stderr  # the cell nan is a number for this policy
    done = circuit("eval", "mean(x)", "bad.csv", *X, "--bad-rows", "skip", "--quiet", cwd=rows)
    assert done.stdout == "[-2, 2.5]\n"
    (rows / "gap.csv").write_text("x_lo,x_hi\n1,2\n,3\n")
    done = circuit("eval", "x", "gap.csv", *X, cwd=rows)
    assert done.returncode == 2 and "gap.csv:3: x_lo is empty" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["eval", "x*y", "--interval", "z=x_lo:x_hi"], "z is not an input of the expression\n  its inputs are: x, y"),
        (["eval", "x*y", "--interval", "x=x_lo:hi"], "rows.csv has no column hi"),
        (["eval", "x*y", "--interval", "x=1:2"], "a range that all rows share is written -x 1..2"),
        (["eval", "x*y", *X, *X], "x has two --interval"),
        (["eval", "x*z", *X, "-x", "3", "-z", "1"], "x has a range in each row, and it is given a value"),
        (["eval", "x*z", *X, "-z", "1±0.1"], "z has an uncertainty"),
        (["eval", "x*z", *X, "-z", "1..2", "--where", "z > 1"], "--where has z, which is a range"),
        (["eval", "x*y", *X, "--boxes", "9"], "over rows each row is a box of its own"),
        (["eval", "mean(x)", *X, "--test"], "--test is not for rows in which inputs are ranges"),
        (["eval", "mean(x)", *X, "--by", "id"], "--by is not for rows"),
        (["eval", "x", *X, "--cluster", "local"], "--cluster is not for rows"),
        (["grad", "x", *X, "--check"], "--check is not for rows"),
        (["grad", "x", *X, "--along", "x=1"], "--along is not for rows"),
        (["eval", "median(x)", *X], "median(x) has no bounds over ranges"),
        (["eval", "var(x)", *X], "var(x) has no bounds over ranges"),
        (["grad", "mean(x)", *X], "there is nothing to differentiate by"),
        (["eval", "x[1]*x[2]", *X], "x is a family of 2 inputs"),
        (["eval", "x[1]", "--interval", "x=a1..a2:b1..b3"], "2 columns of lower ends, and 3 of upper ones"),
        (["eval", "x", *X, "--columns", "value_lo,value"], ""),
    ],
)
def test_mistakes_with_ranges_in_rows(words: list[str], said: str, rows: Path) -> None:
    command, text, *others = words
    done = circuit(command, text, "rows.csv", *others, cwd=rows)
    assert done.returncode == (2 if said else 0) and said in done.stderr and (done.stdout == "") == bool(said)


def test_ranges_in_columns_want_rows() -> None:
    done = circuit("eval", "x", *X, "-x", "3")
    assert done.returncode == 2 and "--interval is for files of rows" in done.stderr


HINTS = [  # a mistake, and the words that its hint has to type
    (["--interval", "x=x_lo..x_hi"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x=[x_lo, x_hi]"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x=x_lo,x_hi"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x in (x_lo, x_hi)"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x:x_lo:x_hi"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x_lo:x_hi"], "write --interval x=x_lo:x_hi"),
    (["--interval", "x=x_lo to x_hi"], "write --interval x=x_lo:x_hi"),
    (["--interval", "X=x_lo:x_hi"], "did you mean --interval x=x_lo:x_hi?"),
    (["--interval", "x=x_lo:x_h"], "did you mean --interval x=x_lo:x_hi?"),
    (["--interval", "x=xlo:xhi"], "did you mean --interval x=x_lo:x_hi?"),
    (["--interval", "x=x_hi:x_lo"], "write --interval x=x_lo:x_hi"),
    ([], "if each row is a range, add --interval x=x_lo:x_hi;"),
]


@pytest.mark.parametrize(("words", "hint"), HINTS, ids=[" ".join(words) or "none" for words, _ in HINTS])
def test_hints_on_ranges_in_rows_answer(words: list[str], hint: str, rows: Path) -> None:
    done = circuit("eval", "x*y", "rows.csv", *words, cwd=rows)
    assert done.returncode == 2 and hint in done.stderr
    option = re.search(r"--interval \S+?(?=[?;]?(\s|$))", done.stderr.splitlines()[1])
    assert option is not None
    again = circuit("eval", "x*y", "rows.csv", *shlex.split(option[0]), "--quiet", cwd=rows)
    assert (again.returncode, again.stdout) == (0, "0.0,2.0\n-3.0,6.0\n0.5,0.5\n")


def test_an_earlier_result_chains(rows: Path) -> None:
    first = circuit("eval", "v = x*y", "rows.csv", *X, cwd=rows)
    again = circuit("eval", "v + 3", "-", "--interval", "v=v_lo:v_hi", "--quiet", stdin=first.stdout)
    assert again.stdout == "3.0,5.0\n0.0,9.0\n3.5,3.5\n"
    first = circuit("eval", "x*y", "rows.csv", *X, cwd=rows)
    again = circuit("eval", "v + 3", "-", "--interval", "v=value_lo:value_hi", stdin=first.stdout)
    assert again.returncode == 2 and again.stderr.splitlines()[1] == "  name the result (v = ...)"
    again = circuit("eval", "r = v + 3", "-", "--interval", "v=value_lo:value_hi", "--columns", "r", stdin=first.stdout)
    assert again.stdout == "r_lo,r_hi\n3.0,5.0\n0.0,9.0\n3.5,3.5\n"
