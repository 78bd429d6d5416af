"""Named results: a name that no other statement uses is shown beside the answer, in every form and in one pass."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circuitcli import Circuit
from circuitcli.errors import UsageError
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.over_arrays import over_arrays
from tests.support import circuit, shell

# The eruptions of Old Faithful, first eight of R's `faithful`: minutes of an eruption, and until the next.
ERUPTIONS = [3.6, 1.8, 3.333, 2.283, 4.533, 2.883, 4.7, 3.6]
WAITING = [79.0, 54.0, 74.0, 62.0, 85.0, 55.0, 88.0, 85.0]
CSV = "x,y\n" + "".join(f"{x},{y}\n" for x, y in zip(ERUPTIONS, WAITING, strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "faithful.csv").write_text(CSV)
    return tmp_path


# ── which names are results ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("program", "results"),
    [
        ("q = x + y; f = q*2", ["f"]),
        ("x*y", ["value"]),
        ("m = 2*x; s = x^2", ["m", "s"]),
        ("m = 2*x; x^2", ["m", "value"]),
        ("a = x + 1; b = a*2; f = y", ["b", "f"]),  # a is used, b is not
        ("m = x*y; s = (x*y)^2", ["m", "s"]),  # one node, yet no statement uses the name
        ("c = x*y; d = x*y", ["c", "d"]),
        ("c = x*y; d = c", ["d"]),
        ("g = 9.81; k = 2; f = g*x", ["f"]),  # inputs with a default
        ("k = 2*x; f(a) = a*k; f(y)", ["value"]),  # a gate of one's own uses k
        ("q = x; f = 2*y", ["q", "f"]),
        ("max = max(x); min = min(x)", ["max", "min"]),
        ("x + 1; y", ["value"]),
        ("f = x*y; g = x/y; f", ["g", "f"]),
    ],
)
def test_a_name_that_no_statement_uses_is_a_result(program: str, results: list[str]) -> None:
    graph = ReadCircuit(program).graph
    assert list(graph.results) == results
    assert graph.results[results[-1]] == graph.output


@pytest.mark.parametrize(
    "program", ["m = x*y; s = (x*y)^2", "m = x; s = x*2", "a = x + 1; b = sin(a)*a; s = b/2; t = a", "c = x*y; d = x*y"]
)
def test_results_are_the_same_after_a_journey(program: str) -> None:
    at = ["-x", "0.3", "-y", "0.7"] if "y" in program else ["-x", "0.3"]
    wanted = circuit("eval", program, *at, "--quiet").stdout
    assert wanted.count("\n") == 2
    assert circuit("eval", str(Circuit(program)), *at, "--quiet").stdout == wanted
    described = circuit("export", program, "--to", "json").stdout
    assert circuit("eval", "-", *at, "--quiet", stdin=described).stdout == wanted


def test_a_description_may_have_no_results_or_strange_ones() -> None:
    described = json.loads(circuit("export", "m = 2*x; s = x^2", "--to", "json").stdout)
    assert described.pop("results") == ["m", "s"]
    assert circuit("eval", "-", "-x", "3", "--quiet", stdin=json.dumps(described)).stdout == "m 6.0\ns 9.0\n"
    for strange in ("m", [1], {"m": 1}):
        done = circuit("eval", "-", "-x", "3", stdin=json.dumps({**described, "results": strange}))
        assert (done.returncode, "results is no list of names" in done.stderr) == (2, True)


# ── one answer from all rows ────────────────────────────────────────────────────────────────────────────────


ALL = "n = count(); m = mean(x); s = std(x); r = mean(x*y) - mean(x)*mean(y)"
WANTED = {
    "n": 8.0,
    "m": statistics.fmean(ERUPTIONS),
    "s": statistics.stdev(ERUPTIONS),
    "r": statistics.covariance(ERUPTIONS, WAITING) * 7 / 8,
}


def test_a_key_for_each(folder: Path) -> None:
    found = json.loads(circuit("eval", ALL, "faithful.csv", "--json", cwd=folder).stdout)
    assert {name: found[name] for name in WANTED} == pytest.approx(WANTED, rel=1e-13)
    assert found["value"] == found["r"] and found["rows"]["count"] == 8
    helped = json.loads(
        circuit("eval", "n = count(); d = x - y; r = sum(d)/n", "faithful.csv", "--json", cwd=folder).stdout
    )
    assert (helped["n"], helped["r"], "d" in helped) == (
        8.0,
        pytest.approx(statistics.fmean(ERUPTIONS) - statistics.fmean(WAITING)),
        False,
    )
    row = json.loads(circuit("eval", ALL, "faithful.csv", "--to", "jsonl", cwd=folder).stdout)
    assert row == {"file": "faithful.csv", "rows": 8, **{name: found[name] for name in WANTED}}


def test_a_column_and_a_line_for_each(folder: Path) -> None:
    done = circuit("eval", ALL, "faithful.csv", "--out", "found.tsv", cwd=folder)
    header, line = (folder / "found.tsv").read_text().splitlines()
    assert (done.stdout, header) == ("", "file\trows\tn\tm\ts\tr")
    quiet = circuit("eval", ALL, "faithful.csv", "--quiet", cwd=folder).stdout
    assert quiet == "".join(f"{name} {x}\n" for name, x in zip("nmsr", line.split("\t")[2:], strict=True))
    table = circuit("eval", ALL, "faithful.csv", cwd=folder).stdout
    assert [line.split()[0] for line in table.splitlines() if " = " in line] == ["n", "m", "s", "r"]


def test_one_pass_reads_a_pipe_once() -> None:
    done = circuit("eval", "m = mean(x); s = std(x)", "-", "--quiet", stdin=CSV)
    assert [float(line.split()[1]) for line in done.stdout.splitlines()] == pytest.approx([WANTED["m"], WANTED["s"]])


@pytest.mark.parametrize("engine", ["arrays", "native"])
def test_the_bits_of_each_are_those_that_it_has_alone(engine: str) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 100_003))
    parts = {"m": "mean(x)", "s": "std(x*y)", "l": "logsumexp(y)", "t": "max(x) - min(x)", "v": "sum(x*y)/count()"}
    graph = ReadCircuit("; ".join(f"{name} = {text}" for name, text in parts.items())).graph
    given = {"x": x, "y": y}
    found = over_arrays(graph, given, [], False, engine=engine, results=graph.results).results
    for name, text in parts.items():
        used = {n: column for n, column in given.items() if n in Circuit(text).inputs}
        assert found[name] == over_arrays(ReadCircuit(text).graph, used, [], False, engine=engine).value


def test_the_gradient_is_that_of_the_last(folder: Path) -> None:
    words = ["faithful.csv", "-w", "2", "--json"]
    both = json.loads(circuit("grad", "m = mean(sqrt(w - x)); s = std(w*x)", *words, cwd=folder).stdout)
    assert both["gradient"] == json.loads(circuit("grad", "std(w*x)", *words, cwd=folder).stdout)["gradient"]
    # The slope of sqrt(w*x) at 0 is infinite; nobody asks for it, and the values are finite.
    (folder / "zero.csv").write_text("x\n0\n1\n")
    done = circuit("grad", "m = mean(sqrt(w*x)); s = mean(w*x)", "zero.csv", "-w", "4", "--quiet", cwd=folder)
    assert (done.stdout, done.stderr, done.returncode) == ("w 0.5\n", "", 0)


def test_each_of_them_may_be_infinite(folder: Path) -> None:
    done = circuit("eval", "m = mean(log(x - 1.8)); s = std(x)", "faithful.csv", "--quiet", cwd=folder)
    assert done.returncode == 3 and done.stdout.startswith("m -inf\n")
    loud = circuit("eval", "m = mean(log(x - 1.8)); s = std(x)", "faithful.csv", cwd=folder)
    assert "the result of 1 row is infinite or not a number" in loud.stderr


def test_a_test_is_of_the_last(folder: Path) -> None:
    assert circuit("eval", "m = mean(x); max(x) > 4", "faithful.csv", "--test", cwd=folder).returncode == 0
    assert circuit("eval", "r = 2*x; max(x) > 5", "faithful.csv", "--test", cwd=folder).returncode == 1
    assert circuit("eval", "m = log(x); x > -3", "-x", "-2", "--test").returncode == 0


def test_what_climbs_is_the_last(folder: Path) -> None:
    words = ["faithful.csv", "-a", "1", "-b", "1", "--json"]
    plain = circuit("descend", "sum((y - a - b*x)^2)", *words, cwd=folder).stdout
    named = circuit("descend", "m = mean(log(a - x)); r = 2*x; s = sum((y - a - b*x)^2)", *words, cwd=folder).stdout
    kept = ("inputs", "value", "status", "steps", "uncertainty")
    assert [json.loads(named)[key] for key in kept] == [json.loads(plain)[key] for key in kept]


# ── a result for each row ───────────────────────────────────────────────────────────────────────────────────


BY_ROW = "d = x - y; r = hypot(x, y); k = 2*a; t = atan2(d, x)"


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_a_column_for_each(form: str, folder: Path) -> None:
    done = circuit("eval", BY_ROW, "faithful.csv", "-a", "3", "--out", f"found.{form}", "--to", form, cwd=folder)
    assert done.returncode == 0, done.stderr
    if form == "parquet":
        found = pq.read_table(folder / "found.parquet").to_pydict()
    else:
        text = circuit("eval", "x", f"found.{form}", "--to", "jsonl", cwd=folder).stdout
        rows = [json.loads(line) for line in text.splitlines()]
        found = {name: [float(row[name]) for row in rows] for name in rows[0] if name != "value"}
    x, y = np.array(ERUPTIONS), np.array(WAITING)
    assert list(found) == ["x", "y", "r", "k", "t"]
    assert found["r"] == pytest.approx(np.hypot(x, y)) and found["t"] == pytest.approx(np.arctan2(x - y, x))
    assert found["k"] == [6.0] * 8


def test_the_slopes_are_those_of_the_last(folder: Path) -> None:
    done = circuit("grad", "r = x*y; t = x^2", "faithful.csv", "--wrt", "x,y", cwd=folder)
    rows = [line.split(",") for line in done.stdout.splitlines()]
    assert rows[0] == ["x", "y", "r", "t", "grad_x", "grad_y"]
    assert [(float(row[4]), float(row[5])) for row in rows[1:]] == [(2 * x, 0.0) for x in ERUPTIONS]


def test_columns_choose_among_results_and_helpers(folder: Path) -> None:
    done = circuit("eval", "q = 2*x; r = q + 1; t = y", "faithful.csv", "--columns", "t,q", cwd=folder)
    assert done.stdout.splitlines()[:2] == ["t,q", "79.0,7.2"]
    # One that is chosen leaves out what does not go with it.
    done = circuit("eval", "m = mean(x); r = 2*x", "faithful.csv", "--columns", "r", cwd=folder)
    assert done.stdout.splitlines()[:2] == ["r", "7.2"]
    done = circuit("eval", "r = 2*x; m = mean(x)", "faithful.csv", "--columns", "r", cwd=folder)
    assert done.stdout.splitlines()[:2] == ["r", "7.2"]
    done = circuit("eval", "m = mean(x); r = 2*x", "faithful.csv", "--columns", "r,m", cwd=folder)
    assert done.returncode == 2 and "two answers" in done.stderr


def test_the_node_that_went_wrong_is_that_of_any_result(folder: Path) -> None:
    done = circuit("eval", "r = log(x - 2); t = y", "faithful.csv", cwd=folder)
    assert done.returncode == 3
    assert "faithful.csv:3, log(x - 2) at x - 2 = -0.2: outside its domain" in done.stderr


def test_tables_of_python() -> None:
    table = pa.table({"x": [1.0, 2.0], "y": [3.0, 4.0]})
    mapped = Circuit("r = x*y; t = w*x").map(table, ["w"], w=5)
    assert mapped.to_pydict() == {"x": [1, 2], "y": [3, 4], "r": [3, 8], "t": [5, 10], "grad_w": [1, 2]}
    with pytest.raises(UsageError, match='already has a column "grad_x"'):
        Circuit("grad_x = 2*x; x^2").map(table, ["x"])
    assert Circuit("r = x*y; t = 2*x")(x=np.array([1.0, 2.0]), y=3.0).tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    "program", ["m = mean(x); k = 2; r = k*x", "r = 2*x; mean(x)", "m = mean(x); z = x - m; s = std(x)"]
)
@pytest.mark.slow
def test_two_answers_are_two_commands_that_run(program: str, folder: Path) -> None:
    done = circuit("eval", program, "faithful.csv", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    recipe = done.stderr.splitlines()[-1].replace("circuit eval", f"{sys.executable} -m circuitcli eval")
    run = subprocess.run(["bash", "-c", f"set -e; {recipe}"], cwd=folder, capture_output=True, text=True, check=True)
    rows, _, whole = run.stdout.partition(" node")
    assert len(rows.splitlines()) == 9 and whole.endswith(" 8 rows\n")


# ── at a point ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_form_at_a_point() -> None:
    words = ["m = 2*x; s = x^2", "-x", "3"]
    assert circuit("eval", *words, "--quiet").stdout == "m 6.0\ns 9.0\n"
    assert circuit("eval", *words, "--to", "csv").stdout == "x,m,s\n3.0,6.0,9.0\n"
    assert circuit("grad", *words, "--to", "jsonl").stdout == '{"x": 3.0, "m": 6.0, "s": 9.0, "grad_x": 6.0}\n'
    found = json.loads(circuit("eval", *words, "--json").stdout)
    assert (found["m"], found["s"], found["value"]) == (6.0, 9.0, 9.0)
    alone = json.loads(circuit("eval", "q = 2*x; f = q^2", "-x", "3", "--json").stdout)
    assert list(alone) == ["expression", "inputs", "value", "nodes"]
    assert circuit("eval", "m = x/3; s = x/7", "-x", "1", "--quiet", "--digits", "20").stdout == (
        "m 0.33333333333333333333\ns 0.14285714285714285714\n"
    )


def test_uncertain_results() -> None:
    words = ["a = 2*x; b = y^2", "-x", "3±0.1", "-y", "2±0.2"]
    assert circuit("eval", *words, "--to", "csv").stdout == "x,y,a,b,sigma_a,sigma\n3.0,2.0,6.0,4.0,0.2,0.8\n"
    assert circuit("eval", *words).stderr == ""  # that b does not hang on x is no news
    edge = circuit("eval", "a = sqrt(x); b = x", "-x", "0±0.1")
    assert (edge.returncode, "the uncertainty of a is not finite" in edge.stderr) == (3, True)


def test_notes_on_results_at_a_point() -> None:
    done = circuit("eval", "m = log(x); n = 1/(x + 3); s = x^2", "-x", "-3")
    assert done.returncode == 3
    assert "log(x) at x = -3: outside its domain" in done.stderr and "division by zero" in done.stderr
    small = circuit("eval", "m = x*y; s = x + y", "-x", "1e-200", "-y", "1e-200")
    assert "x * y at x = 1e-200, y = 1e-200 underflows" in small.stderr
    kink = circuit("grad", "m = abs(x); s = x^2", "-x", "0", "--hessian", "--json")  # of s, not of m
    assert kink.stderr == "" and "hessian_kink" not in json.loads(kink.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["eval", "value = x + 1; 2*x", "-x", "3"], "a result is called value, and so is the last one"),
        (["eval", "rows = count(); m = mean(x)", "pts.csv", "--json"], "JSON has a key rows of its own"),
        (["eval", "rows = count(); m = mean(x)", "pts.csv", "--to", "csv"], "two columns rows"),
        (["grad", "gradient = 2*x; f = x", "-x", "3", "--json"], "JSON has a key gradient of its own"),
        (["grad", "grad_x = 2*x; f = x^2", "-x", "3", "--to", "csv"], "two columns grad_x"),
        (["grad", "grad_x = 2*x; f = x^2", "pts.csv"], "two columns grad_x"),
        (["eval", "y = 2*x; f = x", "pts.csv"], 'already has a column "y"'),
        (["eval", "m = mean(x); s = std(x)", "pts.csv", "--columns", "m"], "this is one answer"),
    ],
)
def test_names_that_would_be_lost_are_refused(words: list[str], said: str) -> None:
    done = circuit(*words)
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr
    assert done.stderr.count("\n") == 2  # and what to type instead


def test_the_answer_may_have_the_name_of_a_key() -> None:
    found = json.loads(circuit("eval", "m = mean(x); rows = count()", "pts.csv", "--json").stdout)
    assert (found["m"], found["value"], found["rows"]["count"]) == (4.0, 2.0, 2)


@pytest.mark.slow
def test_derivatives_over_rows_are_columns(tmp_path: Path) -> None:
    done = shell(
        'circuit derive "sigmoid(w*x + b)" | circuit eval - pts.csv -w 2 -b 1 --columns grad_w,grad_b', tmp_path
    )
    rows = [line.split(",") for line in done.stdout.decode().splitlines()]
    slopes = [math.exp(-u) / (1 + math.exp(-u)) ** 2 for u in (7.0, 11.0)]
    assert rows[0] == ["grad_w", "grad_b"]
    assert [float(row[1]) for row in rows[1:]] == pytest.approx(slopes)
    assert [float(row[0]) for row in rows[1:]] == pytest.approx([3 * slopes[0], 5 * slopes[1]])
