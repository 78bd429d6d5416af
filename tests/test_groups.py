"""--by: an answer for each group of rows, beside the statistics module of the standard library."""

from __future__ import annotations

import csv
import json
import math
import random
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import circuit

READERS = [(), ("--engine", "arrays")]
NAMES = ["a", "b, c", 'say "d"', "", "ünï"]


def drawn(count: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {"g": draw.choice(NAMES), "x": round(draw.gauss(3.0, 2.0), 4), "y": round(draw.random(), 4)}
        for _ in range(count)
    ]


def written(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def of_each(rows: Sequence[dict[str, Any]], name: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row["g"], []).append(row[name])
    return found


@pytest.mark.parametrize("reader", READERS)
def test_every_aggregate_of_every_group(reader: Sequence[str], tmp_path: Path) -> None:
    rows = drawn(200, 1)
    written(tmp_path / "in.csv", rows)
    text = "n = count(); m = mean(x); s = std(x); v = var(x); t = sum(y); h = max(x); l = min(y); logsumexp(x)"
    done = circuit("eval", text, "in.csv", "--by", "g", *reader, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    xs, ys = of_each(rows, "x"), of_each(rows, "y")
    found = [*csv.DictReader(done.stdout.splitlines())]
    assert [row["g"] for row in found] == list(xs)  # in the order in which they first come
    for row in found:
        x, y = xs[row["g"]], ys[row["g"]]
        wanted = {
            "rows": len(x), "n": len(x), "m": statistics.fmean(x), "s": statistics.stdev(x), "t": math.fsum(y),
            "v": statistics.variance(x), "h": max(x), "l": min(y), "value": math.log(math.fsum(map(math.exp, x))),
        }  # fmt: skip
        assert {name: float(row[name]) for name in wanted} == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("reader", READERS)
def test_gradients_of_groups(reader: Sequence[str], tmp_path: Path) -> None:
    rows = drawn(80, 2)
    written(tmp_path / "in.csv", rows)
    words = ["grad", "mean((y - w*x)^2)", "in.csv", "-w", "0.5", "--by", "g", "--json", *reader]
    done = circuit(*words, "--where", "x > 1", cwd=tmp_path)
    kept = [row for row in rows if row["x"] > 1]
    xs, ys = of_each(kept, "x"), of_each(kept, "y")
    for line in done.stdout.splitlines():
        row = json.loads(line)
        x, y = xs[row["g"]], ys[row["g"]]
        slope = statistics.fmean(-2.0 * u * (v - 0.5 * u) for u, v in zip(x, y, strict=True))
        assert (row["rows"], row["grad_w"]) == (len(x), pytest.approx(slope, rel=1e-12))


def test_of_one_group_it_is_the_answer_of_all(tmp_path: Path) -> None:
    rows = [{**row, "g": "a"} for row in drawn(3_000, 3)]
    written(tmp_path / "in.csv", rows)
    for reader in READERS:
        whole = circuit("grad", "std(w*x)", "in.csv", "-w", "2", "--json", *reader, cwd=tmp_path)
        told = json.loads(whole.stdout)
        done = circuit("grad", "std(w*x)", "in.csv", "-w", "2", "--by", "g", "--json", *reader, cwd=tmp_path)
        assert json.loads(done.stdout) == {
            "g": "a", "rows": 3_000, "value": told["value"], "grad_w": told["gradient"]["w"]
        }  # fmt: skip


@pytest.mark.slow
def test_files_jobs_and_a_cluster_agree_to_the_bit(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    rows = drawn(120_000, 4)  # several units
    written(tmp_path / "in.csv", rows)
    words = ["eval", "m = mean(x); s = std(y); sum(x*y)", "in.csv", "--by", "g"]
    one = circuit(*words, "--jobs", "1", cwd=tmp_path).stdout
    assert len(one.splitlines()) == 1 + len(NAMES)
    assert circuit(*words, "--jobs", "3", cwd=tmp_path).stdout == one
    assert circuit(*words, "--cluster", "local", cwd=tmp_path).stdout == one


@pytest.mark.parametrize("reader", READERS)
def test_forms_and_ends(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("g,x\na,1\nb,inf\nb,2\n")
    done = circuit("eval", "max(x)", "in.csv", "--by", "g", "--to", "tsv", *reader, cwd=tmp_path)
    assert done.returncode == 0 and done.stdout == "g\trows\tvalue\na\t1\t1.0\nb\t2\tinf\n"
    assert "g b: the answer is infinite or not a number" in done.stderr
    over = circuit("eval", "sum(1/(x - 1))", "in.csv", "--by", "g", *reader, cwd=tmp_path)
    assert over.returncode == 3 and over.stdout == "g,rows,value\na,1,inf\nb,2,1.0\n"
    assert circuit("eval", "min(x)", "in.csv", "--by", "g", "--quiet", *reader, cwd=tmp_path).stdout == "1.0\n2.0\n"
    assert circuit("eval", "min(x)", "in.csv", "--by", "g", "--out", "o.jsonl", *reader, cwd=tmp_path).stdout == ""
    lines = (tmp_path / "o.jsonl").read_text().splitlines()
    assert [json.loads(line)["value"] for line in lines] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["eval", "x", "in.csv", "--by", "g"], "this gives one value per row, and --by wants one per group"),
        (["eval", "mean(x)", "in.csv", "--by", "h"], "in.csv has no column h"),
        (["eval", "mean(x)", "-x", "1", "--by", "h"], "--by is for files of rows"),
        (["eval", "mean(x)", "in.csv", "--by", "g", "--head", "2"], "without --test, --columns and --head"),
        (["eval", "g = mean(x)", "in.csv", "--by", "g"], "a group would have two columns g"),
        (["eval", "rows = mean(x)", "in.csv", "--by", "g"], "a group would have two columns rows"),
        (["eval", "mean(x)", "in.csv", "--by", "g", "--to", "parquet"], "parquet is not written for groups"),
        (["eval", "mean(x)", "in.csv", "--by", "g", "--where", "x > 9"], "--where left out the only row"),
    ],
)
def test_mistakes(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("g,x\na,1\n")
    done = circuit(*words, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and not done.stdout
