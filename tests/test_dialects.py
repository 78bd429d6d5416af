"""CSV in the dialects of other programs: read right, or refused, never wrong."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from tests.support import circuit

SEPARATORS, DECIMALS, ENDS = (",", ";", "\t", "|"), (".", ","), ("\n", "\r\n")
COMMENTS = ("", "# made by a logger\n", "# a, b; c\n# second line, with more\n# t|u\n")
ENGINES: tuple[list[str], ...] = ([], ["--engine", "arrays"])


def number(draw: random.Random, decimal: str) -> tuple[float, str]:
    x = round(draw.uniform(-2_000, 2_000), draw.choice((0, 1, 2, 3, 3)))
    return x, repr(x).replace(".", decimal) if draw.random() < 0.8 else repr(x).removesuffix(".0").replace(".", decimal)


@pytest.mark.parametrize("seed", range(3))
def test_right_or_refused(seed: int, tmp_path: Path) -> None:
    draw, ends = random.Random(seed), Counter[str]()
    for separator, decimal, end, comment, quoted in product(SEPARATORS, DECIMALS, ENDS, COMMENTS, (False, True)):
        rows = [(number(draw, decimal), number(draw, decimal)) for _ in range(draw.choice((1, 2, 3, 20, 400)))]
        mark = '"' if quoted or separator == decimal else ""
        lines = [separator.join(("t", "x", "note"))]
        lines += [separator.join((f"{mark}{t}{mark}", f"{mark}{x}{mark}", '"a"')) for (_, t), (_, x) in rows]
        (tmp_path / "a.csv").write_bytes((comment.replace("\n", end) + end.join(lines) + end).encode())
        for engine in ENGINES:
            done = circuit("eval", "v = x - t", "a.csv", "--columns", "v", "--to", "jsonl", *engine, cwd=tmp_path)
            want = "".join([f'{{"v":{x - t!r}}}\n' for (t, _), (x, _) in rows])
            assert "Traceback" not in done.stderr
            if done.returncode == 0:
                assert done.stdout == want, (separator, decimal, comment, done.stderr)
            ends["right" if done.returncode == 0 else "refused"] += 1
    # With commas between quoted cells, decimal commas are no numbers; few rows may leave a doubt.
    assert ends["right"] > 0.8 * ends.total(), ends


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_assumed_is_said_once(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("# made by hand\nL;T\n1,5;2,006\n# later\n2,25;3\n")
    (tmp_path / "b.csv").write_text("L;T\n0,5;1\n")
    done = circuit("eval", "r = L*2", "a.csv", "b.csv", *engine, cwd=tmp_path)
    assert done.stdout.replace("\n\n", "\n").strip() == "L;T;r\n1,5;2,006;3.0\n2,25;3;4.5\n0,5;1;1.0"
    assumed = "cells are separated by ;, decimals have a comma, lines that begin with # are comments"
    assert (done.returncode, done.stderr) == (0, f"note: a.csv: {assumed}\n")
    assert circuit("eval", "r = L*2", "a.csv", "--quiet", *engine, cwd=tmp_path).stderr == ""


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("#x,y\n1,2\n", "#x,y"),  # a header that begins with the sign
        ("#x\na\n", "#x"),
        ("x,y;z\n1,2;3\n", "x,y;z"),
        ("x\n1\n", "x"),
        ("sep=;\nx;y\n1;2\n", "x;y"),
        ("x;y\n1;2\n", "x;y"),
    ],
)
def test_headers(text: str, columns: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "count()", "a.csv", "--quiet", cwd=tmp_path)
    assert done.stdout == "1.0\n"
    out = circuit("eval", "v = c + 0*count()", "a.csv", "-c", "1", "--quiet", cwd=tmp_path)
    assert out.stdout == "1.0\n"
    unknown = circuit("eval", "q", "a.csv", cwd=tmp_path)
    separator = ";" if ";" in columns and "," not in columns else ","
    assert f"its columns are: {', '.join(columns.split(separator))}\n" in unknown.stderr


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x;y\n1,234;2\n", 'x is "1,234", no number'),  # 1.234 or 1234
        ("x;y\n1,5;2\n1.5;2\n", 'x is "1,5", no number'),
        ("# one\n# x,y\nx,y\n1,2\n", "the names may be in"),
        ("x;y\n1;2;3\n", "separated by ;"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_doubt_is_refused(text: str, why: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "2*x", "a.csv", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and why in done.stderr


def test_files_of_several_dialects(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n1,5;2\n")
    (tmp_path / "b.csv").write_text("x;y\n3;4\n")
    (tmp_path / "c.csv").write_text("x,y\n0.5,6\n")
    for engine in ENGINES:
        assert circuit("eval", "sum(x)", "a.csv", "b.csv", "c.csv", "--quiet", *engine, cwd=tmp_path).stdout == "5.0\n"
        done = circuit("eval", "2*x", "a.csv", "b.csv", *engine, cwd=tmp_path)
        assert done.stdout == "x;y;value\n1,5;2;3.0\n3;4;6.0\n"
        refused = circuit("eval", "2*x", "a.csv", "c.csv", *engine, cwd=tmp_path)
        assert "c.csv has ',' between its cells and a.csv has ';' between its cells\n  say --to csv" in refused.stderr
        done = circuit("eval", "2*x", "a.csv", "c.csv", "--to", "csv", *engine, cwd=tmp_path)
        assert done.stdout == 'x,y,value\n"1,5",2,3.0\n0.5,6,1.0\n'


@pytest.mark.parametrize("engine", ENGINES)
def test_options_say_it(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("% by hand\nx;y,z\n1,234;2\n")
    words = ["--delimiter", ";", "--decimal", ",", "--comment", "%"]
    done = circuit("eval", "2*x", "a.csv", *words, "--columns", "value", "--to", "tsv", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "value\n2.468\n", "")
    (tmp_path / "b.csv").write_text("x\ty\n1.5\t2\n")
    done = circuit("eval", "x*y", "b.csv", "--delimiter", "tab", "--decimal", ".", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "x\ty\tvalue\n1.5\t2\t3.0\n", "")
    (tmp_path / "c.jsonl").write_text('{"x": 1}\n')
    refused = circuit("eval", "x", "c.jsonl", "--decimal", ",", *engine, cwd=tmp_path)
    assert refused.returncode == 2 and "are for CSV and TSV, and c.jsonl is jsonl" in refused.stderr
    for sign in ("", "ab", "x", '"', "é"):
        refused = circuit("eval", "x", "b.csv", "--delimiter", sign, *engine, cwd=tmp_path)
        assert refused.returncode == 2 and "no sign between cells\n  write for example" in refused.stderr


def test_a_note_is_written_once_whoever_reads(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n1;2\n")
    done = circuit("eval", "exp(x)", "a.csv", cwd=tmp_path)  # which is left to the libraries
    assert done.stderr == "note: a.csv: cells are separated by ;\n"


def test_a_row_may_begin_as_the_first_line_does(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\nn;x\nsep=;1\nb;2")
    for engine in ENGINES:
        assert circuit("eval", "sum(x)", "a.csv", "--quiet", *engine, cwd=tmp_path).stdout == "3.0\n"


def test_a_comment_within_quotes_is_a_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('# a\n# b\nx,note\n1,"one\n# two"\n# no row\n2,c\n')
    for engine in ENGINES:
        done = circuit("eval", "2*x", "a.csv", "--to", "jsonl", *engine, cwd=tmp_path)
        assert done.stdout == '{"x":1,"note":"one\\n# two","value":2.0}\n{"x":2,"note":"c","value":4.0}\n'


def grouped(x: float, thousands: str, decimal: str) -> str:
    """A number as spreadsheets write it."""
    return f"{x:,.2f}".translate({ord(","): thousands, ord("."): decimal})


@pytest.mark.parametrize(
    ("thousands", "decimal"), [(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u00a0", ","), ("’", ".")]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("told", [False, True])
def test_thousands_are_right_or_refused(
    thousands: str, decimal: str, separator: str, told: bool, tmp_path: Path
) -> None:
    draw, right = random.Random(f"{thousands}{separator}{told}"), 0
    for _ in range(6):
        numbers = [round(draw.uniform(-1, 1) * 10.0 ** draw.randint(0, 9), 2) for _ in range(draw.choice((1, 5, 300)))]
        lines = [f'"{grouped(x, thousands, decimal)}"{separator}a' for x in numbers]
        (tmp_path / "a.csv").write_text("\n".join([f"x{separator}s", *lines]) + "\n", encoding="utf-8")
        words = ["eval", "v = x", "a.csv", "--columns", "v", "--to", "csv"]
        words += ["--thousands", thousands, "--decimal", decimal] if told else []
        for engine in ENGINES:
            done = circuit(*words, *engine, cwd=tmp_path)
            assert done.returncode == 0 or (done.returncode == 2 and "no number" in done.stderr)
            if done.returncode == 0:
                assert [float(line) for line in done.stdout.split()[1:]] == numbers
                right += 1
            assert done.returncode == 0 or not told
    assert right >= (12 if told else 6)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "column", "want"),
    [
        ("x,v\n1.250,1.234.567\n0.125,1.2.3\n", "x", ["1.25", "0.125"]),  # versions are no numbers
        ("x,v\n1.250,1.234.567\n0.125,1.234.890\n", "x", ["1.25", "0.125"]),  # and if, only in their column
        ('x;v\n"1,250";1\n"2,500";2\n', "x", None),  # either
        ("x;v\n1.250;1\n2.500;2\n", "x", ["1.25", "2.5"]),
        ("x;v\n1,234,567;0,5\n1,234,000;0,25\n", "v", None),  # a comma is one or the other
    ],
)
def test_thousands_in_doubt(engine: list[str], text: str, column: str, want: list[str] | None, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", f"r = {column}", "a.csv", "--columns", "r", "--to", "csv", *engine, cwd=tmp_path)
    assert done.returncode == (2 if want is None else 0), done.stderr
    assert want is None or done.stdout.split()[1:] == want


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_missing_and_left_out(engine: list[str], tmp_path: Path) -> None:
    """--na, --skip-lines and --no-header, with lines counted from the first of the file."""
    (tmp_path / "a.csv").write_text("Logger 3\n\nx,y\n1,2\nNA,3\n-999.0,4\n5,-\n,6\n7,8\n")
    words = ["eval", "v = x*y", "a.csv", "--skip-lines", "2", "--na", "NA,-,-999", *engine]
    done = circuit(*words, "--bad-rows", "skip", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "x,y,v\n1,2,2.0\n7,8,56.0\n")
    assert 'skipped 4 of 6 rows (first: a.csv:5, x is "NA", which is missing)' in done.stderr
    kept = circuit(*words, "--bad-rows", "nan", "--columns", "v", cwd=tmp_path)
    assert kept.stdout.split() == ["v", "2.0", "nan", "nan", "nan", "nan", "56.0"]
    refused = circuit(*words, cwd=tmp_path)
    assert refused.returncode == 2 and 'a.csv:5: x is "NA", which is missing' in refused.stderr
    (tmp_path / "b.csv").write_text("1,2\n3,4\n")
    done = circuit("eval", "c1*c2", "b.csv", "--no-header", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1,2,2.0\n3,4,12.0\n", "")
    done = circuit("eval", "sum(a*b)", "b.csv", "--no-header", "--names", "a,b", "--quiet", *engine, cwd=tmp_path)
    assert done.stdout == "14.0\n"
    (tmp_path / "c.jsonl").write_text('{"x": 1}\n')
    done = circuit("eval", "x", "c.jsonl", "--na", "NA", *engine, cwd=tmp_path)
    assert done.returncode == 2 and "--na" in done.stderr and "c.jsonl is jsonl" in done.stderr
    for wrong in ("ab", "1", "-", ".", '"'):
        done = circuit("eval", "c1", "b.csv", "--no-header", "--thousands", wrong, *engine, cwd=tmp_path)
        assert done.returncode == (0 if wrong == "." else 2), wrong


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "more", "want"),
    [
        ("1,5;2,5\n2,5;1,0\n", ["--no-header"], "3.0 5.0"),
        ("x;y\n1,234;1,5\n2,500;2,5\n", ["--no-header", "--skip-lines", "1"], "2.468 5.0"),
        ("1;2,5\n3;4,5\n", ["--names", "c1,b"], "2.0 6.0"),
        ("# c\n1;2,5\n3;4,5\n", ["--names", "c1,b"], "2.0 6.0"),
        ("1,2\n3,4\n", ["--no-header"], "2.0 6.0"),
        ("1,a;b\n2,c;d\n", ["--no-header"], "may be separated by , or ;"),
        ("1,a;b\n2,c;d\n", ["--no-header", "--delimiter", ","], "2.0 4.0"),
        ("1\n2\n", ["--no-header"], "2.0 4.0"),
        ("c1;x\n1.234,5;1\nNA;2\n2.000,5;3\n", ["--na", "NA", "--bad-rows", "skip"], "2469.0 4001.0"),
        ("c1;x\n1.234,5;1\nn/a;2\n2.000,5;3\n", ["--bad-rows", "skip"], "2469.0 4001.0"),
        ("c1;x\n0.123,5;1\n2.000,5;3\n", [], 'c1 is "0.123,5", no number'),
        ("c1;x\n2,5;1\n1,234,567;3\n", [], 'c1 is "1,234,567", no number'),
    ],
)
def test_without_a_header_and_with_gaps(
    text: str, more: list[str], want: str, engine: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "v = 2*c1", "a.csv", "--columns", "v", "--to", "csv", *more, *engine, cwd=tmp_path)
    numbers = done.stdout.removeprefix("v\n").split()
    assert " ".join(numbers) == want if done.returncode == 0 else want in done.stderr, done


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_what_is_behind_the_head_is_not_looked_at(name: str, engine: list[str], tmp_path: Path) -> None:
    rows = [("1", "3"), ("2", '"u"'), ("3", "4"), ("4", "5"), ("5", '"z"')]
    sign = "\t" if name == "a.tsv" else ","
    lines = [f'{{"id": {i}, "x": {x}}}' for i, x in rows] if name == "a.jsonl" else [f"id{sign}x"]
    lines += [] if name == "a.jsonl" else [f"{i}{sign}{x}" for i, x in rows]
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    words = ["eval", "r = 2*x", name, "--columns", "r", "--to", "csv", *engine]
    done = circuit(*words, "--head", "1", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "r\n6.0\n", "")
    assert circuit(*words, "--head", "2", cwd=tmp_path).returncode == 2
    done = circuit(*words, "--head", "3", "--bad-rows", "skip", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "r\n6.0\n8.0\n10.0\n") and "skipped 1 of 4 rows" in done.stderr
    mean = circuit("eval", "mean(x)", name, "--head", "1", "--quiet", *engine, cwd=tmp_path)
    assert (mean.returncode, mean.stdout) == (0, "3.0\n")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("x y\n1 2\n# 50\n3 4\n", "6.0"),
        ("x,y\n1,2\n#3,400\n5,6\n", "8.0"),
        ("x,y\n1,2\n3,4\n# the end\n", "6.0"),
        ("x,y\na,2\n#b,400\nc,6\n", "408.0"),  # names that begin so
    ],
)
def test_comments_between_rows(text: str, total: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = circuit("eval", "sum(y)", "a.csv", "--quiet", *engine, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{total}\n")


def test_a_single_column_without_a_header_has_no_separator(tmp_path: Path) -> None:
    for text, want in {"1\n2\n": "x,y\n1,1.0\n2,4.0\n", "1.5\n": "x,y\n1.5,2.25\n"}.items():
        assert circuit("eval", "y = x^2", "-", "--names", "x", stdin=text).stdout == want
