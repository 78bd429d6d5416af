"""Lines that are no rows: blanks between cells, comments with names, units beneath the header, and what stands above
it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import circuit

ENGINES: tuple[list[str], ...] = ([], ["--engine", "arrays"])
BLANKS = "cells are separated by blanks"


@pytest.fixture(params=ENGINES, ids=["plain", "arrays"])
def engine(request: pytest.FixtureRequest) -> list[str]:
    """The words that choose a reader."""
    found: list[str] = request.param
    return found


# ── blanks ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "more", "want", "note"),
    [
        ("x y z\n1 2 3\n4 5 6\n", [], "4.0 10.0", BLANKS),
        ("  x   y\tz \n1 2  3\n   4\t5 6   \n", [], "4.0 10.0", BLANKS),
        ("x y z\r\n1 2 3\r\n4 5 6", [], "4.0 10.0", BLANKS),
        ("\ufeff x y z\n 1 2 3\n", [], "4.0", BLANKS),
        ("x z name\n1,5 2 a\n2,25 3 b\n", [], "3.5 5.25", f"{BLANKS}, decimals have a comma"),
        ('x z name\n1 3 "a b"\n4 6 ""\n', [], "4.0 10.0", BLANKS),
        ("# by hand\nx y z\n1 2 3\n# more\n4 5 6\n", [], "4.0 10.0", f"{BLANKS}, lines that begin with # are comments"),
        (
            "# x y z\n1 2 3\n#\n4 5 6\n",
            [],
            "4.0 10.0",
            f"{BLANKS}, lines that begin with # are comments, line 1 names the columns",
        ),
        ("1 2 3\n4 5 6\n", ["--names", "x,y,z"], "4.0 10.0", BLANKS),
        ("1 2 3\n4 5 6\n", ["--names", "x,y,z", "--delimiter", "blank"], "4.0 10.0", ""),
        ("1,5 2 3\n4 5 6\n", ["--names", "x,y,z", "--delimiter", " "], "4.5 10.0", "decimals have a comma"),
        ("x a;b z\n1 2 3\n", ["--delimiter", "blank"], "4.0", ""),
        ("x\ty z\n1\t2\t3\n4 5 6\n", [], "4.0 10.0", BLANKS),
        ("time z x\n2024-01-01 1 2\n2024-01-02 3 4\n", [], "3.0 7.0", BLANKS),
        ("x y z\ns m -\n1 2 3\n4 5 6\n", [], "4.0 10.0", f"{BLANKS}, line 2 has units: s, m, -"),
    ],
)
def test_blanks_between_cells(
    text: str, more: list[str], want: str, note: str, engine: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    done = circuit("eval", "v = x + z", "a.csv", "--columns", "v", "--to", "csv", *more, *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout.split()[1:]) == (0, want.split()), done
    assert done.stderr == (f"note: a.csv: {note}\n" if note else "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x y z\n1 2 3\n4 5\n", "x is no column"),
        ("x y\n1 234 567\n2 345 678\n", "x is no column"),
        ("big x y\n1 234 567\n2 345 678\n", "x is no column"),  # one column of large numbers
        ("x y\n" + "1 2\n" * 200 + "3 4 5\n", "a.csv:202: 3 cells, and 2 columns"),
        ("x y\n" + "1 2\n" * 200 + '# 7\n"3 4\n', "a.csv:203: its cells are separated by blanks, and its quotes"),
        ("x y\n" + "1 2\n" * 200 + "\nq 4\n", 'a.csv:203: x is "q", no number'),
        ("1 2\n3 4\n", "numbers, not names"),
    ],
)
def test_blanks_in_doubt(text: str, why: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    words = ["--comment", "#"] if "#" in text else []
    done = circuit("eval", "2*x", "a.csv", *words, *engine, cwd=tmp_path)
    assert done.returncode == 2 and why in done.stderr, done


def test_a_column_with_a_blank_in_its_name(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("body mass\n1\n2\n")
    done = circuit("eval", "2*m", "a.csv", "--rename", "body mass=m", *engine, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("m,value\n1,2.0\n2,4.0\n", "")


def test_rows_between_blanks_go_out_with_tabs(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text('x  name\n 1  "a b"\n\n22  c\n')
    done = circuit("eval", "r = 2*x", "a.dat", "--columns", "name,r", *engine, cwd=tmp_path)
    assert done.stdout == "name\tr\na b\t2.0\nc\t44.0\n"
    done = circuit("eval", "r = 2*x", "a.dat", *engine, cwd=tmp_path)
    assert done.stdout.replace("\n\n", "\n") == 'x\tname\tr\n1\t"a b"\t2.0\n22\tc\t44.0\n'
    done = circuit("eval", "r = 2*x", "a.dat", "--to", "csv", *engine, cwd=tmp_path)
    assert done.stdout == "x,name,r\n1,a b,2.0\n22,c,44.0\n"


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("t,x\ns,m\n0,1\n2,3\n", "line 2 has units: s, m"),
        ("t,x\n(s),(m)\n0,1\n2,3\n", "line 2 has units: (s), (m)"),
        ("t,x\n[s],[counts]\n0,1\n2,3\n", "line 2 has units: [s], [counts]"),
        ("t,x\n[s],1\n0,1\n2,3\n", "line 2 has units: [s], 1"),
        ("t,x\ns,\n0,1\n2,3\n", "line 2 has units: s"),
        ("t,x\n\nm/s,-\n0,1\n2,3\n", "line 3 has units: m/s, -"),
        ("t,x,d\n°C,kg*m^2,UTC\n0,1,2024-01-05\n2,3,1970-01-01\n", "line 2 has units: °C, kg*m^2, UTC"),
        ("t,x,note\ns,m,\n0,1,a\n2,3,s\n", "line 2 has units: s, m"),
        ("t;x\ns;m\n0,0;1,0\n2,0;3,0\n", "cells are separated by ;, decimals have a comma, line 2 has units: s, m"),
        ('"t","x"\n"s","m"\n"0","1"\n"2","3"\n', "line 2 has units: s, m"),
    ],
)
def test_units(text: str, units: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    done = circuit("eval", "v = x - t", "a.csv", "--columns", "v", "--to", "csv", *engine, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("v\n1.0\n1.0\n", f"note: a.csv: {units}\n")
    whole = circuit("eval", "v = x - t", "a.csv", "--quiet", *engine, cwd=tmp_path)
    assert "m" not in whole.stdout and len(whole.stdout.split()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "x\nm\n1\n2\n",  # m may stand for missing
        "n,x\n-,T\n1,2\n3,4\n",  # a trace of rain
        "n,x\nA,T\nB,2\nC,4\n",
        "n,x\nA,-\nB,2\nC,4\n",
        "n,x\n1,m\n2,3\n4,5\n",
        "n,x\n(5),(6)\n2,3\n4,5\n",  # -5 and -6 for accountants
        "n,x\ns,error\n2,3\n4,5\n",
        "n,x\nNA,NA\n2,3\n4,5\n",
        "n,x\ns,m\n2,3\n",
        "n,x\ns,m\n2,3\n4,b\n",
        "day,x\n2024-01-05,T\n2024-01-06,3\n2024-01-07,3\n",
        "n,x\n(Rome),T\n(Paris),2\n(Oslo),4\n",
        "x,y\n(missing),(missing)\n1,2\n2,3\n",
    ],
)
def test_a_row_is_never_taken_for_units(text: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "2*x", "a.csv", *engine, cwd=tmp_path)
    assert done.returncode == 2 and "a.csv:2: x is " in done.stderr and "--bad-rows skip" in done.stderr, done


# ── above the header ────────────────────────────────────────────────────────────────────────────────────────

LOGGER = "Logger 3\nSerial: 123\nDate, 2021-03-04\n\n"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (LOGGER + "t,x,z\n0,1,a\n2,3,b\n", "the first 4 lines are no rows"),
        ("Logger 3\nt,x\n0,1\n2,3\n", "the first line is no row"),
        (
            LOGGER + "t;x;z\n0,5;1,5;a\n2,5;3,5;b\n",
            "cells are separated by ;, decimals have a comma, the first 4 lines",
        ),
        (LOGGER + "t x z w\n0 1 2 5\n2 3 4 5\n", "cells are separated by blanks, the first 4 lines are no rows"),
        (LOGGER + "t,x,z\ns,m,-\n0,1,5\n2,3,6\n", "the first 4 lines are no rows, line 6 has units: s, m, -"),
        ("# made\n" + LOGGER + "t,x,z\n# more\n0,1,5\n2,3,6\n", "the first 5 lines are no rows"),
        ("\ufeffLogger 3\nt,x\n0,1\n2,3\n", "the first line is no row"),
        ("Logger 3,,\n,,\nDate,2021-03-04,\nt,x,z\n0,1,a\n2,3,\n", "the first 3 lines are no rows"),
        (
            "Logger 3;;\nt;x;z\ns;m;-\n0;1;2\n2;3;4\n",
            "by ;, the first line is no row, line 3 has units: s, m, -",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_above_the_header(text: str, note: str, end: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text.replace("\n", end).encode())
    done = circuit("eval", "v = x - t", "a.csv", "--columns", "v", "--to", "csv", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "v\n1.0\n1.0\n") and note in done.stderr
    (tmp_path / "a.csv").write_bytes((text + "3,q\n" * 2).replace("\n", end).encode())
    torn = circuit("eval", "v = x - t", "a.csv", *engine, cwd=tmp_path)
    assert torn.returncode == 2 and torn.stdout == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LOGGER + "t,x\n0,1\n2,3\n", "on line 1 or on line 5\n  say --skip-lines 4"),
        ("Logger 3\nS: 1\nt x\n0 1\n2 3\n", "on line 1 or on line 3\n  say --skip-lines 2"),
        ("a,x\n1,2\n3,4\na,b,x\n1,2,3\n4,5,6\n", "a.csv:4: 3 cells, and 2 columns"),  # two tables
        ("a\n1\n2\na,x\n1,2\n3,4\n", "x is no column"),
        ("Logger 3\nt,x\n0,1\n2,3\nmean 2\n", "x is no column"),
        ("a,x,\n1,2,\nb,c,x\n1,2,3\n4,5,6\n", 'a.csv:3: x is "c", no number'),
        ("a,x\n1,2\n3,4\ntotal\n", "a.csv:4: 1 cell, and 2 columns"),
        ("a,x\n1,2,3\n4,5,6\n", "a.csv:2: 3 cells, and 2 columns"),
        ("Logger 3\nt,x\n0,1\n", "x is no column"),
    ],
)
def test_lines_in_doubt(text: str, why: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "2*x", "a.csv", *engine, cwd=tmp_path)
    assert done.returncode == 2 and why in done.stderr, done


def test_lines_keep_their_numbers(engine: list[str], tmp_path: Path) -> None:
    rows = "".join(f"{i},{2 * i},a\n" for i in range(300))
    (tmp_path / "a.csv").write_text(LOGGER + "t,x,z\ns,m,\n" + rows + "1,oops,b\n")
    done = circuit("eval", "2*x", "a.csv", *engine, cwd=tmp_path)
    assert done.returncode == 2 and 'a.csv:307: x is "oops", no number' in done.stderr
    done = circuit("eval", "2*x", "a.csv", "--skip-lines", "4", "--bad-rows", "skip", *engine, cwd=tmp_path)
    assert "skipped 1 of 301 rows" in done.stderr and "line 6 has units: s, m" in done.stderr
