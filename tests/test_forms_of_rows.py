"""The forms in which rows go out: one JSON array, told apart from JSON Lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.support import circuit

ENGINES: list[list[str]] = [["--engine", "arrays"], []]  # of libraries, and Python alone
ROWS = 'id,x,y,note\n007,3,4,"a, ""b"""\n008,6,nan,\n009,0.1,inf,ü\n'
RESULTS: list[dict[str, object]] = [{"x": 1, "note": "a\nb"}, {"x": 2.50, "more": [1, {"x": 2}]}, {"x": 3}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(ROWS)
    lines = [json.dumps(row) for row in RESULTS]
    (tmp_path / "in.jsonl").write_text(f"{lines[0]}\r\n\r\n {lines[1]} \n\n{lines[2]}")
    (tmp_path / "in.json").write_text(json.dumps(RESULTS, indent=1))
    return tmp_path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.json"])
def test_one_array_has_the_objects_of_the_lines(name: str, engine: list[str], folder: Path) -> None:
    for columns in ([], ["--columns", "x,r"], ["--columns", "r"]):
        words = ["eval", "r = 2*x", name, *columns, *engine]
        lines = circuit(*words, "--json", cwd=folder).stdout
        assert lines == circuit(*words, "--to", "jsonl", cwd=folder).stdout
        array = circuit(*words, "--to", "json", cwd=folder).stdout
        rows = json.loads(array)
        assert rows == [*map(json.loads, lines.splitlines())] and len(rows) == 3
        assert array.count("\n") == 3 and array.startswith("[{") and array.endswith("}]\n")
    if name != "in.csv":
        rows = json.loads(circuit("eval", "r = 2*x", name, "--to", "json", *engine, cwd=folder).stdout)
        assert rows == [{**row, "r": float(str(row["x"])) * 2} for row in RESULTS]


def test_both_writers_write_the_same_array(folder: Path) -> None:
    for name in ("in.csv", "in.jsonl", "in.json"):
        one, other = (circuit("eval", "r = 2*x", name, "--to", "json", *engine, cwd=folder) for engine in ENGINES)
        assert one.stdout == other.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_the_name_of_a_file_tells_an_array_from_lines(engine: list[str], folder: Path) -> None:
    words = ["eval", "r = 2*x", "in.csv", "--columns", "r", *engine]
    for out in ("a.json", "b.jsonl", "c.ndjson", "D.JSON", "e.json.gz"):
        assert circuit(*words, "--out", out, cwd=folder).stdout == ""
    assert (folder / "a.json").read_text() == '[{"r":6.0},\n{"r":12.0},\n{"r":0.2}]\n'
    assert (folder / "b.jsonl").read_text() == '{"r":6.0}\n{"r":12.0}\n{"r":0.2}\n'
    assert (folder / "c.ndjson").read_text() == (folder / "b.jsonl").read_text()
    assert (folder / "D.JSON").read_text() == (folder / "a.json").read_text()
    assert gzip.decompress((folder / "e.json.gz").read_bytes()) == (folder / "a.json").read_bytes()
    assert circuit(*words, "--out", "f.json", "--json", cwd=folder).returncode == 0  # an option says more than a name
    assert (folder / "f.json").read_text() == (folder / "b.jsonl").read_text()
    assert circuit("eval", "sum(r)", "a.json", "--quiet", *engine, cwd=folder).stdout == "18.2\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_of_no_rows(engine: list[str], folder: Path) -> None:
    (folder / "none.csv").write_text("x,y\n")
    assert circuit("eval", "r = 2*x", "none.csv", "--to", "json", *engine, cwd=folder).stdout == "[]\n"
    done = circuit("eval", "r = 2*x", "in.csv", "--where", "x > 9", "--to", "json", *engine, cwd=folder)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_that_is_broken_off_is_not_closed(engine: list[str], folder: Path) -> None:
    text = "x\n" + "1\n" * 2_000_000 + "no number\n" if engine else "x\n1\nno number\n"
    done = circuit("eval", "r = 2*x", "-", "--to", "json", *engine, stdin=text)
    assert done.returncode != 0 and not done.stdout.endswith("]\n")
    assert done.stdout.startswith('[{"x":1,"r":2.0},\n') or not engine
    (folder / "bad.csv").write_text("x\n1\nno number\n")
    assert circuit("eval", "r = 2*x", "bad.csv", "--out", "bad.json", *engine, cwd=folder).returncode != 0
    assert not (folder / "bad.json").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_that_are_not_finite_in_an_array(engine: list[str], folder: Path) -> None:
    done = circuit("eval", "r = 2*y", "in.csv", "--to", "json", "--columns", "y,r", *engine, cwd=folder)
    lines = circuit("eval", "r = 2*y", "in.csv", "--json", "--columns", "y,r", *engine, cwd=folder)
    assert json.loads(done.stdout) == [*map(json.loads, lines.stdout.splitlines())]
    assert [row["r"] for row in json.loads(done.stdout)] == [8.0, "NaN", "Infinity"]


def test_groups_in_one_array(folder: Path) -> None:
    words = ["grad", "mean(w*x)", "in.csv", "-w", "2", "--by", "id"]
    lines = circuit(*words, "--json", cwd=folder).stdout
    found = json.loads(circuit(*words, "--to", "json", cwd=folder).stdout)
    assert found == [*map(json.loads, lines.splitlines())] and len(found) == 3
    assert circuit(*words, "--out", "groups.json", cwd=folder).stdout == ""
    assert json.loads((folder / "groups.json").read_text()) == found


def test_groups_of_fits_in_one_array(folder: Path) -> None:
    words = ["descend", "sum((x - k)^2)", "in.csv", "-k", "1", "--by", "id"]
    lines = circuit(*words, "--json", cwd=folder).stdout
    found = json.loads(circuit(*words, "--to", "json", cwd=folder).stdout)
    assert found == [*map(json.loads, lines.splitlines())] and len(found) == 3


def test_one_answer_has_one_json(folder: Path) -> None:
    for words in (["grad", "x^2", "-x", "3"], ["eval", "sum(x)", "in.csv"], ["derive", "x^2"]):
        one, other = (circuit(*words, *more, cwd=folder).stdout for more in (["--json"], ["--to", "json"]))
        assert isinstance(json.loads(one), dict) and one == other


def test_the_last_of_two_options_counts(folder: Path) -> None:
    words = ["eval", "r = 2*x", "in.csv", "--columns", "r"]
    assert circuit(*words, "--json", "--to", "csv", cwd=folder).stdout == "r\n6.0\n12.0\n0.2\n"
    assert circuit(*words, "--to", "csv", "--json", cwd=folder).stdout == '{"r":6.0}\n{"r":12.0}\n{"r":0.2}\n'
