"""JSON as it comes: arrays, objects over several lines, objects side by side."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import circuit

ROWS = [{"x": 1.5, "y": 2, "note": "a, b"}, {"x": -3, "y": 0.25, "note": "]}\n[{"}, {"x": 1e3, "y": 7, "note": 'q"q'}]


def written(rows: list[dict[str, object]], draw: random.Random) -> str:
    """Rows as some program may write them."""
    indent = draw.choice((None, 2, "\t"))
    if draw.random() < 0.5:
        return json.dumps(rows, indent=indent, ensure_ascii=draw.random() < 0.5)
    between = draw.choice(("", " ", "\n", "\r\n\n", "\n\n"))
    return between.join(json.dumps(row, indent=indent) for row in rows) + draw.choice(("", "\n", "\n\n"))


@pytest.mark.parametrize("seed", range(40))
def test_any_way_of_writing_gives_the_same_rows(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    rows = [dict(ROWS[draw.randrange(3)], y=draw.uniform(-9, 9)) for _ in range(draw.choice((1, 2, 30, 2_000)))]
    (tmp_path / "a.json").write_text(draw.choice(("", "\ufeff")) + written(rows, draw), encoding="utf-8")
    done = circuit("eval", "v = x*y", "a.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines() if line]
    assert found == [{**row, "v": row["x"] * row["y"]} for row in rows]  # type: ignore[operator]
    total = json.loads(circuit("eval", "sum(x*y)", "a.json", "--json", cwd=tmp_path).stdout)
    assert total["rows"]["count"] == len(rows)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"x": 1}', "ends within its array"),
        ('[{"x": 1}, {"x": }]', ":2: no JSON: Expecting value"),
        ("[1]", ":1: no JSON object"),
        ('[{"x": 1}] more', ":2: no JSON: Expecting value"),
        ('{"x": 1}\n{"x": 2', ":2: no JSON: Expecting"),
        ('{\n"x": 1\n', ":1: no JSON: Expecting"),
        ('[{"x": 1}, [{"x": 2}]]', ":2: no JSON object"),
    ],
)
def test_what_is_torn_is_told(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    done = circuit("eval", "mean(x)", "a.json", cwd=tmp_path)
    assert done.returncode == 2 and why in done.stderr


def test_objects_over_several_lines_are_live() -> None:
    words = [sys.executable, "-m", "circuitcli", "eval", "2*x", "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        for x in range(3):
            process.stdin.write(f'{{\n  "x": {x}\n}}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["value"] == 2 * x
        process.stdin.close()


def test_truths_and_numbers_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('x,y\ntrue,"1.5"\nFALSE,2\nTrue,"3"\n')
    (tmp_path / "a.json").write_text('[{"x": true, "y": "1.5"}, {"x": false, "y": 2}, {"x": true, "y": "3"}]')
    for name in ("a.csv", "a.json"):
        done = circuit("eval", "v = x*y", name, "--columns", "v", "--to", "csv", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "v\n1.5\n0.0\n3.0\n")


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
def test_to_skip_bad_rows_is_to_skip_nan(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\nnan,3\n4,\n5,NaN\n6,7\n")
    done = circuit("eval", "x + y", "a.csv", "--bad-rows", "skip", *engine, cwd=tmp_path)
    assert done.stdout == "x,y,value\n1,2,3.0\n6,7,13.0\n"
    assert done.stderr == "note: skipped 3 of 5 rows (first: a.csv:3, x is nan)\n"
    mean = circuit("eval", "mean(x)", "a.csv", "--bad-rows", "skip", "--quiet", *engine, cwd=tmp_path)
    assert mean.stdout == "4.0\n"


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
def test_a_key_that_the_first_row_lacks_is_renamed(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 1}\n{"id": 2, "a b": 3}\n')
    words = ["eval", "v = 2*p", "a.jsonl", "--rename", "a b=p", "--bad-rows", "nan", "--columns", "id,v", "--to", "csv"]
    done = circuit(*words, *engine, cwd=tmp_path)
    assert done.stdout == "id,v\n1,nan\n2,6.0\n" and "a b is missing" in done.stderr
    refused = circuit("eval", "v = 2*p", "a.jsonl", "--rename", "c=p", *engine, cwd=tmp_path)
    assert refused.returncode == 2 and "has no column c to rename" in refused.stderr
