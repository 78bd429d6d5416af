"""Texts that are compared, and rows that a condition leaves out: in every format, by every reader, beside a filter in
Python."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from circuitcli import Circuit
from tests.support import circuit

KINDS = ["setosa", "virginica", "a, b", 'say "x"', "", "ünï", "7"]
ALONE, LIBRARIES = (), ("--engine", "arrays")
Row = dict[str, Any]


def drawn(count: int, seed: int) -> list[Row]:
    draw = random.Random(seed)
    return [
        {"kind": draw.choice(KINDS), "x": round(draw.gauss(0.0, 2.0), 3), "y": float(draw.randrange(-3, 4))}
        for _ in range(count)
    ]


def written(folder: Path, form: str, rows: Sequence[Row]) -> str:
    path = folder / f"in.{form}"
    if form in ("parquet", "arrow"):
        pa = pytest.importorskip("pyarrow")
        table = pa.table({name: [row[name] for row in rows] for name in rows[0]})
        if form == "parquet":
            import pyarrow.parquet

            pyarrow.parquet.write_table(table, path)
        else:
            import pyarrow.feather

            pyarrow.feather.write_feather(table, path, compression="uncompressed")
    elif form == "jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    elif form == "tsv":
        lines = ["\t".join(rows[0]), *("\t".join(str(u) for u in row.values()) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return path.name


@pytest.mark.parametrize("reader", [ALONE, LIBRARIES])
@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet", "arrow"])
def test_rows_are_those_of_a_filter_in_python(form: str, reader: Sequence[str], tmp_path: Path) -> None:
    if reader:
        pytest.importorskip("pyarrow")
    rows = drawn(60, len(form))
    name = written(tmp_path, form, rows)
    for kind in ("setosa", "ünï", "7", "nobody"):
        condition = f'y > 0 and kind == "{kind}" or kind != "virginica" and x < -1'
        kept = [r for r in rows if (r["y"] > 0 and r["kind"] == kind) or (r["kind"] != "virginica" and r["x"] < -1)]
        text = f'2*x + 10*(kind == "{kind}")'
        done = circuit("eval", text, name, "--where", condition, "--quiet", *reader, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert [*map(float, done.stdout.split())] == [2 * r["x"] + 10 * (r["kind"] == kind) for r in kept]
        assert f"--where left out {60 - len(kept)} of 60 rows" in done.stderr
        whole = circuit("eval", "sum(x*0 + 1)", name, "--where", condition, "--json", *reader, cwd=tmp_path)
        told = json.loads(whole.stdout)
        assert told["value"] == len(kept) and told["rows"]["left_out"] == 60 - len(kept)


@pytest.mark.parametrize("reader", [ALONE, LIBRARIES])
def test_rows_pass_through_as_they_came(reader: Sequence[str], tmp_path: Path) -> None:
    text = 'kind,x\n"a, b",1.50\nother,2\n"a, b",003\n'
    (tmp_path / "in.csv").write_text(text)
    done = circuit("eval", "r = x", "in.csv", "--where", "'a, b' == kind", *reader, cwd=tmp_path)
    assert done.stdout == 'kind,x,r\n"a, b",1.50,1.5\n"a, b",003,3.0\n'


@pytest.mark.parametrize("reader", [ALONE, LIBRARIES])
def test_a_row_that_is_left_out_may_be_bad(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x,y\n1,1\n,0\n3,\n4,1\n")
    done = circuit("eval", "sum(x)", "in.csv", "--where", "y > 0", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "in.csv:4: y is empty" in done.stderr  # nobody knows whether it is meant
    done = circuit(
        "eval", "sum(x)", "in.csv", "--where", "y > 0", "--bad-rows", "skip", "--quiet", *reader, cwd=tmp_path
    )
    assert done.stdout == "5.0\n" and "left out 1 of 4 rows" in done.stderr and "skipped 1 of 4 rows" in done.stderr
    head = circuit(
        "eval", "x", "in.csv", "--where", "x > 1", "--bad-rows", "skip", "--head", "1", "--quiet", cwd=tmp_path
    )
    assert head.stdout == "3.0\n"


@pytest.mark.parametrize("reader", [ALONE, LIBRARIES])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_whatever_else_is_wrong_with_a_row_that_is_left_out(form: str, reader: Sequence[str], tmp_path: Path) -> None:
    lines = {
        "csv": ["x,s", "1,a", "bad,b", ",b", "2,a"],
        "jsonl": ['{"x":1,"s":"a"}', '{"x":"bad","s":"b"}', '{"s":"b"}', '{"x":{"q":1},"s":"b"}', '{"x":2,"s":"a"}'],
    }[form]
    (tmp_path / f"in.{form}").write_text("\n".join(lines) + "\n")
    for policy in ("error", "skip", "nan"):
        words = ["eval", "x", f"in.{form}", "--where", 's == "a"', "--bad-rows", policy, "--quiet", *reader]
        done = circuit(*words, cwd=tmp_path)
        assert done.stdout == "1.0\n2.0\n" and "skipped" not in done.stderr and "kept" not in done.stderr


@pytest.mark.parametrize("reader", [ALONE, LIBRARIES])
def test_what_is_compared_with_nan_is_not_met(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x\ninf\nnan\n1\n")
    for condition, wanted in (
        ("x < 5", "1.0\n"),
        ("x > 5", "inf\n"),
        ("x != x", "nan\n"),
        ("not (x < 5)", "inf\nnan\n"),
    ):
        done = circuit(
            "eval", "x", "in.csv", "--where", condition, "--quiet", "--allow-nonfinite", *reader, cwd=tmp_path
        )
        assert done.stdout == wanted
    twice = circuit("eval", "x", "in.csv", "--where", "x > 0", "--where", "x < 5", "--quiet", *reader, cwd=tmp_path)
    assert twice.stdout == "1.0\n"


def test_dummies_have_no_slope_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("kind,x\na,2\nb,3\n")
    done = circuit("grad", 'x^2*(kind == "a") + x', "in.csv", cwd=tmp_path)
    assert done.stdout == "kind,x,value,grad_x\na,2,6.0,5.0\nb,3,3.0,1.0\n"


def test_a_fit_of_some_rows(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    rows = "".join(f"{kind},{x},{slope * x}\n" for x in range(1, 6) for kind, slope in (("a", 2), ("b", 7)))
    (tmp_path / "in.csv").write_text("kind,x,y\n" + rows)
    words = ["descend", "sum((y - w*x)^2)", "in.csv", "-w", "1", "--json"]
    done = circuit(*words, "--where", 'kind == "b"', cwd=tmp_path)
    assert json.loads(done.stdout)["inputs"]["w"] == pytest.approx(7.0)
    both = circuit(
        "descend", 'sum((y - (w + d*(kind == "b"))*x)^2)', "in.csv", "-w", "1", "-d", "1", "--json", cwd=tmp_path
    )
    assert json.loads(both.stdout)["inputs"] == pytest.approx({"w": 2.0, "d": 5.0})


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["eval", 'x*"a"', "in.csv"], "a text is compared with a column, by == or !=", 'write for example x == "a"'),
        (["eval", '"a" == "b"', "in.csv"], "a text is compared with a column, by == or !=", ""),
        (["eval", '(x + 1) == "b"', "in.csv"], "a text is compared with a column, by == or !=", ""),
        (["eval", 'q = x; q == "b"', "in.csv"], "q is a number of this expression", "name the column"),
        (["eval", 'x*(sort == "b")', "in.csv"], "sort is no column of in.csv and has no value", "kind, x"),
        (["eval", 'x*(kind == "b")', "-x", "1"], 'kind == "b" compares a column with a text', "name a file of rows"),
        (
            ["eval", "x", "in.csv", "--where", "z > 0"],
            "z is no column of in.csv",
            "add -z VALUE; its columns are: kind, x",
        ),
        (["eval", "x", "in.csv", "--where", "x > mean(x)"], "--where asks each row, and mean(x) needs all", "$m"),
        (["eval", "x", "in.csv", "--where", "x >"], "ends too early", ""),
        (["eval", "x", "in.csv", "--where", "x > 1", "--where", "kind >"], "ends too early", ""),
        (["eval", 'x*(kind == "a")', "in.csv", "-kind", "1"], "kind is a column of texts", "leave out -kind"),
        (["export", 'x*(kind == "a")'], 'kind == "a" compares a column with a text', "name a file of rows"),
        (["derive", 'x*(kind == "a")'], 'kind == "a" compares a column with a text', ""),
        (["plot", 'x*(kind == "a")', "--range", "x=0:1"], 'kind == "a" compares a column with a text', ""),
        (["eval", "x", "-x", "1", "--where", "x > 1"], "--where is for files of rows", "name one"),
        (["eval", "mean(x)", "in.csv", "--where", "x > 9"], "--where left out all 2 rows", ""),
        (["eval", "max(x)", "in.csv", "--where", "x > 9"], "--where left out all 2 rows", ""),
    ],
)
def test_mistakes(words: list[str], message: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("kind,x\na,2\nb,3\n")
    done = circuit(*words, cwd=tmp_path)
    assert done.returncode not in (0, 70) and message in done.stderr and hint in done.stderr
    assert "Traceback" not in done.stderr


def test_numbers_are_no_text_where_the_file_has_types(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"kind": 3, "x": 1}\n')
    done = circuit("eval", 'x*(kind == "3")', "in.jsonl", cwd=tmp_path)
    assert done.returncode == 2 and "kind is 3, no text" in done.stderr
    pytest.importorskip("pyarrow")
    name = written(tmp_path, "parquet", [{"kind": 3, "x": 1.0}])
    done = circuit("eval", 'x*(kind == "3")', name, cwd=tmp_path)
    assert "the column kind is int64, no text" in done.stderr and "kind == 1" in done.stderr


@pytest.mark.slow
def test_a_cluster_leaves_out_the_same_rows(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    rows = drawn(500, 3)
    name = written(tmp_path, "csv", rows)
    words = ["eval", 'x*(kind == "setosa")', name, "--where", 'y > 0 and kind != ""']
    assert circuit(*words, "--cluster", "local", cwd=tmp_path).stdout == circuit(*words, cwd=tmp_path).stdout


def test_csv_reads_back(tmp_path: Path) -> None:
    rows = drawn(20, 9)
    name = written(tmp_path, "csv", rows)
    out = circuit("eval", "r = x", name, "--where", "kind != ''", cwd=tmp_path).stdout
    assert [row["kind"] for row in csv.DictReader(io.StringIO(out))] == [r["kind"] for r in rows if r["kind"]]


def test_a_table_of_python_is_tested_too() -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"kind": ["a", "b", "a"], "x": [1.0, 2.0, 3.0]})
    found = Circuit('v = x*(kind != "a")').map(table)
    assert found.column("v").to_pylist() == [0.0, 2.0, 0.0]


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
def test_a_condition_may_have_numbers_of_its_own(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    words = ["a.csv", "--where", "x > k", "-k", "2", *engine]
    assert circuit("eval", "x + y", *words, "--quiet", cwd=tmp_path).stdout == "7.0\n"
    assert circuit("descend", "sum((y - m)^2)", *words[:5], "-m", "1", "--quiet", cwd=tmp_path).stdout == "m 4.0\n"
    unknown = circuit("eval", "x + y", "a.csv", "--where", "x > 1", "-k", "2", cwd=tmp_path)
    assert unknown.returncode == 2 and "k is not an input of x + y" in unknown.stderr
    uncertain = circuit("eval", "x + y", "a.csv", "--where", "x > k", "-k", "2±1", cwd=tmp_path)
    assert uncertain.returncode == 2 and "a condition takes none\n  write -k 2\n" in uncertain.stderr
