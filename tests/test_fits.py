"""Ascents over files of rows: certified parameters and standard errors, and honest refusals."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli.extras import installing
from circuitcli.rows.rows_objective import RowsObjective
from tests.support import FILES, HERE, circuit, rows, some_slow

NIST = HERE / "cases" / "ascent"


def fitted(*words: str, cwd: Path = NIST) -> dict[str, Any]:
    done = circuit(*words, "--json", cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def digits(x: float, certified: float) -> float:
    return 11.0 if x == certified else -math.log10(abs(x - certified) / abs(certified))


@pytest.mark.parametrize("start", some_slow(["start1", "start2"], ["start1"]))
@pytest.mark.parametrize("case", rows("ascent/nist"), ids=lambda case: case["name"])
def test_certified_regressions(case: dict[str, Any], start: str) -> None:
    pytest.importorskip("scipy")
    given = [word for name, x in case[start].items() for word in (f"-{name}", repr(x))]
    found = fitted("ascend", f"sum({case['objective']})", case["csv"], *given)
    assert found["success"], found["message"]
    assert found["method"] == "least-squares"
    spread = found["uncertainty"]
    for name, (value, stderr) in case["certified"].items():
        assert digits(found["inputs"][name], value) >= 9
        assert digits(spread["stderr"][name], stderr) >= 9
    assert digits(spread["residual_sum"], case["rss"]) >= 9
    assert spread["dof"] == case["dof"]


@pytest.fixture
def line(tmp_path: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.uniform(0.0, 4.0, 60)
    y = 1.5 + 0.8 * x + rng.normal(0.0, 0.2, 60)
    text = "".join(f"{a!r},{b!r},{'uv'[i % 2]}\n" for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True)))
    (tmp_path / "line.csv").write_text("x,y,site\n" + text)
    return tmp_path, x, y


@pytest.mark.parametrize(
    ("command", "text", "method"),
    [
        ("descend", "sum((y - a - b*x)^2)", "least-squares"),
        ("descend", "mean((a + b*x - y)^2)", "least-squares"),
        ("ascend", "-sum((y - a - b*x)^2)/2", "least-squares"),
        ("ascend", "-0.5*mean(square(y - a - b*x))", "least-squares"),
        ("descend", "r = y - a - b*x; sum(r*r)/count()", "least-squares"),
        ("descend", "sum(3*(y - a - b*x)^2)", "least-squares"),
        ("descend", "sum((y - a - b*x)^2) + 0*a", "newton"),
        ("descend", "sum(x*(y - a - b*x)^2)", "least-squares"),
        ("descend", "sqrt(mean((y - a - b*x)^2))", "least-squares"),
    ],
)
def test_squares_are_told_by_the_circuit(
    command: str, text: str, method: str, line: tuple[Path, np.ndarray, np.ndarray]
) -> None:
    pytest.importorskip("scipy")
    folder, x, y = line
    found = fitted(command, text, "line.csv", "-a", "0", "-b", "0", cwd=folder)
    assert found["method"] == method
    assert found["success"]
    if "x*(y" not in text:
        slope, intercept = np.polyfit(x, y, 1)
        assert found["inputs"] == pytest.approx({"a": intercept, "b": slope}, rel=1e-6)


@pytest.mark.parametrize("words", [[], ["--method", "lbfgs", "--uncertainty"]], ids=["least-squares", "lbfgs"])
def test_a_straight_line_is_that_of_the_textbook(words: list[str], line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    stats = pytest.importorskip("scipy.stats")
    folder, x, y = line
    text = "mean((y - a - b*x)^2)"
    found = fitted("descend", text, "line.csv", "-a", "0", "-b", "0", *words, cwd=folder)
    want = stats.linregress(x, y)
    spread = found["uncertainty"]
    assert spread["stderr"]["b"] == pytest.approx(want.stderr, rel=1e-6)
    assert spread["stderr"]["a"] == pytest.approx(want.intercept_stderr, rel=1e-6)
    assert spread["covariance"][0][1] == pytest.approx(-(want.stderr**2) * x.mean(), rel=1e-6)
    assert spread["r_squared"] == pytest.approx(want.rvalue**2, rel=1e-9)
    assert (spread["dof"], spread["from"], found["rows"]["count"]) == (58, "squares", 60)


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
def test_a_likelihood_has_the_errors_of_theory(aggregate: str, line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, x, _ = line
    text = f"-{aggregate}(((x - m)/s)^2/2 + log(s))"
    found = fitted("ascend", text, "line.csv", "-m", "1", "-s", "1", "--uncertainty", cwd=folder)
    s = x.std()
    assert found["inputs"] == pytest.approx({"m": x.mean(), "s": s}, rel=1e-7)
    assert found["uncertainty"]["stderr"] == pytest.approx({"m": s / 60**0.5, "s": s / 120**0.5}, rel=1e-6)
    assert found["uncertainty"]["from"] == "likelihood"


def test_at_one_point_too() -> None:
    found = fitted("ascend", "-(x-1)^2/8 - (y-2)^2/18", "-x", "0", "-y", "0", "--uncertainty")
    assert found["uncertainty"]["stderr"] == pytest.approx({"x": 2.0, "y": 3.0}, rel=1e-9)


def test_errors_that_do_not_exist_are_refused(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    words = ["descend", "sum((y - a - b*x)^2)", "line.csv", "-a", "0", "-b", "0"]
    done = circuit(*words, "--bounds", "b=0:0.5", cwd=folder)
    assert "no standard errors: b is at a bound" in done.stderr
    done = circuit("descend", "sum((y - (a + b)*x)^2)", *words[2:], cwd=folder)
    assert "the rows do not tell a from b" in done.stderr
    done = circuit("ascend", "-(x-y)^2", "-x", "0", "-y", "1", "--uncertainty")
    assert "does not fall in all directions" in done.stderr


def test_the_note_on_standard_errors_stands_behind_the_answer() -> None:
    words = ["ascend", "-(x-y)^2", "-x", "0", "-y", "1", "--uncertainty"]
    done = subprocess.run(
        [sys.executable, "-m", "circuitcli", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    *answer, last = done.stdout.decode().splitlines()
    assert answer[-1].startswith(" stopped") and last.startswith("note: no standard errors: ")


def test_the_covariance_travels_into_predictions(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    fit = circuit("descend", "sum((y - a - b*x)^2)", "line.csv", "-a", "0", "-b", "0", "--json", cwd=folder).stdout
    (a, ab), (_, b) = json.loads(fit)["uncertainty"]["covariance"]
    done = circuit("eval", "a + 7*b", "--inputs", "-", "--json", stdin=fit)
    assert json.loads(done.stdout)["uncertainty"]["value"] == pytest.approx((a + 14 * ab + 49 * b) ** 0.5, rel=1e-9)


def test_groups_are_fits_of_their_own(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    words = ["descend", "sum((y - a - b*x)^2)", "-a", "0", "-b", "0"]
    done = circuit(*words[:2], "line.csv", *words[2:], "--by", "site", "--to", "jsonl", cwd=folder)
    found = [json.loads(text) for text in done.stdout.splitlines()]
    assert [(row["site"], row["rows"]) for row in found] == [("u", 30), ("v", 30)]
    text = (folder / "line.csv").read_text().splitlines()
    for row in found:
        (folder / "one.csv").write_text("\n".join([text[0], *(t for t in text if t.endswith(row["site"]))]))
        alone = fitted(*words[:2], "one.csv", *words[2:], cwd=folder)
        assert {n: row[n] for n in "ab"} == alone["inputs"]
        assert row["stderr_b"] == alone["uncertainty"]["stderr"]["b"]
    table = circuit(*words[:2], "line.csv", *words[2:], "--by", "site", "--to", "csv", cwd=folder).stdout.splitlines()
    assert table[0] == "site,rows,a,b,stderr_a,stderr_b,value,status"
    assert len(table) == 3


@pytest.mark.slow
def test_the_same_bytes_for_any_number_of_threads(tmp_path: Path) -> None:
    rng = random.Random(1)
    text = "".join(f"{rng.gauss(0, 1)!r},{rng.gauss(1, 2)!r}\n" for _ in range(150_000))
    (tmp_path / "a.csv").write_text("x,y\n" + text)
    words = ["descend", "mean(softplus(a*x + b) - x*y) + 0.1*a^2", "a.csv", "-a", "0", "-b", "0", "--quiet"]
    one, two = (circuit(*words, "--jobs", jobs, cwd=tmp_path).stdout for jobs in ("1", "2"))
    assert one == two and one.startswith("a ")


def test_bad_rows_and_bad_words(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    text = (folder / "line.csv").read_text()
    (folder / "bad.csv").write_text(text + "1,none,u\n")
    words = ["descend", "sum((y - a - b*x)^2)", "bad.csv", "-a", "0", "-b", "0"]
    assert "bad.csv:62: y is" in circuit(*words, cwd=folder).stderr
    done = circuit(*words, "--bad-rows", "skip", "--json", cwd=folder)
    assert json.loads(done.stdout)["rows"] == {"count": 60, "files": ["bad.csv"], "skipped": 1}
    assert "skipped 1 of 61 rows" in done.stderr
    (folder / "empty.csv").write_text("x,y\n")
    for more, said in (
        (["descend", "(y - a*x)^2", "line.csv", "-a", "0"], 'write "sum((y - a*x)^2)"'),
        (["descend", "sum((y - x)^2)", "line.csv"], "there is nothing to move"),
        (["descend", "sum((y - a*x)^2)", "line.csv"], "a is no column of line.csv and has no value"),
        (["descend", "sum((y - a*x)^2)", "line.csv", "-a", "0", "--wrt", "x"], "x varies by row"),
        (["descend", "sum((y - a*x)^2)", "line.csv", "-a", "0", "--by", "city"], "has no column city"),
        (["descend", "sum((y - a*x)^2)", "line.csv", "-a", "0", "--by", "site", "--trace", "-"], "--by"),
        (
            ["descend", "sum(abs(y - a*x))", "line.csv", "-a", "0", "--method", "least-squares"],
            "a sum or mean of squares",
        ),
        (["descend", "sum((y - a*x)^2)", "line.csv", "-a", "0", "--difference", "forward"], "--difference"),
        (["descend", "sum((y - a*x)^2)", "empty.csv", "-a", "0"], "empty.csv has no rows"),
        (["descend", "(a-1)^2", "-a", "0", "--by", "site"], "name one behind the expression"),
        (["descend", "(a-1)^2", "-a", "0", "--method", "least-squares"], "over rows of data"),
    ):
        done = circuit(*more, cwd=folder)
        assert (done.returncode, said in done.stderr) == (2, True), (more, done.stderr)
    done = circuit("descend", "sum(log(x - a))", "line.csv", "-a", "2", cwd=folder)
    assert done.returncode == 3 and "in row" in done.stdout and "log(x - a)" in done.stdout


def test_groups_have_all_columns_though_some_have_no_errors(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("g,x,y\nq,1,2\np,1,2\np,2,3\np,3,4.5\n")
    words = ["descend", "sum((y-a*x-b)^2)", "g.csv", "-a", "0", "-b", "0", "--by", "g"]
    lines = circuit(*words, cwd=tmp_path).stdout.splitlines()
    assert lines[0] == "g,rows,a,b,stderr_a,stderr_b,value,status"
    assert [line.count(",") for line in lines] == [7, 7, 7]
    assert [line.split(",")[4] == "" for line in lines[1:]] == [True, False]
    (tmp_path / "h.csv").write_text("g,x,y\na,1,2\na,2,3\na,3,4.5\nb,1,nan\nb,2,1\nb,3,4\n")
    done = circuit("descend", "sqrt(sum((y-a*x-b)^2))", "h.csv", "-a", "1", "-b", "0", "--by", "g", cwd=tmp_path)
    assert [line.count(",") for line in done.stdout.splitlines()] == [7, 7, 7]
    rows_of_json = map(json.loads, circuit(*words, "--to", "jsonl", cwd=tmp_path).stdout.splitlines())
    assert ["stderr_a" in row for row in rows_of_json] == [False, True]


def test_ctrl_c_ends_all_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The groups before the one that is interrupted stand, and none is climbed after it."""
    (tmp_path / "g.csv").write_text("g,y\np,1\nq,2\nq,2\nr,3\n")
    both, asked = RowsObjective.both, list[int]()

    def interrupted(objective: RowsObjective, x: list[float]) -> tuple[float, list[float]]:
        asked.append(objective.rows)
        if asked.count(2) == 2:
            raise KeyboardInterrupt
        return both(objective, x)

    monkeypatch.setattr(RowsObjective, "both", interrupted)
    words = ["descend", "sum((y - a)^4)", "g.csv", "-a", "0", "--by", "g", "--steps", "3", "--step", "0.01"]
    done = circuit(*words, "--to", "jsonl", cwd=tmp_path)
    ends = [(row["g"], row["status"]) for row in map(json.loads, done.stdout.splitlines())]
    assert (done.returncode, ends) == (130, [("p", "steps_done"), ("q", "interrupted")])
    assert asked[-1] == 2


def test_a_kink_is_told_by_its_node(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y\n1\n2\n4\n")
    found = circuit("descend", "q = mean(y) - a; max(q, -q)", "a.csv", "-a", "0", cwd=tmp_path).stdout
    assert " stopped  kink_optimum: a minimum at the kink of max(q, -q) after" in found


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("value", ["--to", "csv"]),
        ("status", ["--to", "jsonl"]),
        ("rows", ["--by", "site"]),
        ("stderr_a", ["--by", "site"]),
    ],
)
def test_no_answer_is_hidden_by_a_name(name: str, more: list[str], line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    words = ["descend", f"sum((y - a*x - {name})^2)", "line.csv", "-a", "0", f"-{name}", "0"]
    done = circuit(*words, *more, cwd=line[0])
    assert (done.returncode, f"has a column {name} of its own" in done.stderr) == (2, True)


def test_what_is_read_is_not_written_over(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    words = ["descend", "sum((y - a*x)^2)", "line.csv", "-a", "0"]
    before = (folder / "line.csv").read_bytes()
    for more in (["--trace", "./line.csv"], ["--state", "line.csv"], ["--trace", "t", "--state", "t"]):
        assert circuit(*words, *more, cwd=folder).returncode == 2
    assert (folder / "line.csv").read_bytes() == before


def test_a_fit_travels_over_rows_and_into_another_fit(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    words = ["descend", "sum((y - a - b*x)^2)", "line.csv"]
    (folder / "fit.json").write_text(circuit(*words, "-a", "0", "-b", "0", "--json", cwd=folder).stdout)
    done = circuit("eval", "p = a + b*x", "line.csv", "--inputs", "fit.json", cwd=folder)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 61
    assert done.stderr == "" and done.stdout.startswith("x,y,site,p,sigma\n")  # a band around it
    again = circuit(*words, "--inputs", "fit.json", "--json", cwd=folder)
    assert json.loads(again.stdout)["success"]


def test_no_errors_without_an_optimum(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    words = ["descend", "sum((y - a - b*x)^2)", "line.csv", "-a", "0", "-b", "0", "--max-steps", "1", "--json"]
    done = circuit(*words, cwd=line[0])
    assert "uncertainty" not in json.loads(done.stdout)
    assert "no standard errors: the ascent ended as max_steps" in done.stderr


def test_a_state_belongs_to_its_rows(line: tuple[Path, np.ndarray, np.ndarray]) -> None:
    folder, _, _ = line
    words = ["descend", "mean(abs(y - a - b*x))", "line.csv", "-a", "0", "-b", "0", "--method", "adam", "--json"]
    whole = json.loads(circuit(*words, "--steps", "60", cwd=folder).stdout)
    for limit in ("20", "47"):
        circuit(*words, "--state", "s", "--steps", "60", "--max-evaluations", limit, cwd=folder)
    parts = json.loads(circuit(*words, "--state", "s", "--steps", "60", cwd=folder).stdout)
    del whole["seconds"], parts["seconds"]
    assert parts == whole
    with (folder / "line.csv").open("a") as file:
        file.write("1,1,u\n")
    assert "other data" in circuit(*words, "--state", "s", "--steps", "60", cwd=folder).stderr


def test_without_scipy_lbfgs_does_it(
    line: tuple[Path, np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, x, y = line
    monkeypatch.setitem(sys.modules, "scipy", None)
    words = ("descend", "sum((y - a - b*x)^2)", "line.csv", "-a", "0", "-b", "0")
    quiet = circuit(*words, "--quiet", cwd=folder)
    a, b = quiet.stdout.splitlines()
    slope, intercept = np.polyfit(x, y, 1)
    assert (float(a[2:]), float(b[2:])) == pytest.approx((intercept, slope), rel=1e-6)
    refused = circuit(*words, "--method", "least-squares", cwd=folder)
    assert (quiet.returncode, refused.returncode) == (0, 2)
    assert f"install it with: {installing('fit')}" in refused.stderr
    assert "note: least squares would need scipy" in circuit(*words, cwd=folder).stderr
    found = json.loads(circuit(*words, "--json", cwd=folder).stdout)["uncertainty"]["stderr"]
    assert found == json.loads(circuit(*words, "--json", "--uncertainty", cwd=folder).stdout)["uncertainty"]["stderr"]
    design = np.stack([np.ones_like(x), x], axis=1)
    rest = y - design @ (intercept, slope)
    covariance = np.linalg.inv(design.T @ design) * (rest @ rest) / (len(x) - 2)
    assert [*found.values()] == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
    groups = ("descend", "sum((y - a*exp(-b*t))^2)", str(FILES / "decay.csv"), "-a=1", "-b=0.1", "--by=site")
    _, *rows = (line.split(",") for line in circuit(*groups).stdout.splitlines())
    assert len(rows) == 2 and all(float(row[4]) > 0.0 and float(row[5]) > 0.0 for row in rows)


def test_what_is_not_fitted_is_not_perfect(tmp_path: Path) -> None:
    """Where the rounding of the rows' own numbers is all that the model tells, as of a phase of 1e9 turns."""
    pytest.importorskip("scipy")
    lines = [f"{1.7e18 + 1e7 * i:.0f},{2.0 * math.sin(6e-9 * 1e7 * i + 0.3)!r}" for i in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(["t,y", *lines, ""]))
    words = ["-A", "1", "-w", "1", "-p", "0"]
    found = circuit("descend", "sum((y-A*sin(w*t+p))^2)", "a.csv", *words, "--json", cwd=tmp_path)
    assert json.loads(found.stdout)["status"] != "perfect"
    (tmp_path / "b.csv").write_text("w,y\n0,1\n0,2\n")
    found = circuit("descend", "sum(w*(y-a)^2)", "b.csv", "-a", "0", "--json", cwd=tmp_path)
    assert json.loads(found.stdout)["status"] == "stationary_start"


@pytest.mark.parametrize("unit", ["1", "1e3", "1e9", "1e-12"])
def test_a_fit_from_zeros_begins_alike_in_any_units(unit: str, tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    draw = random.Random(18)
    lines = [f"{t / 2},{5.0 * math.exp(-0.2 * t) + 1.0 + 0.1 * draw.gauss(0.0, 1.0)!r}" for t in range(25)]
    (tmp_path / "a.csv").write_text("\n".join(["t,y", *lines, ""]))
    words = ["-a", "0", "-k", "1", "-c", "0"]
    found = circuit("descend", f"sum(({unit}*y-a*exp(-k*t)-c)^2)", "a.csv", *words, "--json", cwd=tmp_path)
    record = json.loads(found.stdout)
    rate = 2.0 * 0.2
    assert record["success"] and abs(record["inputs"]["k"] - rate) < 5.0 * record["uncertainty"]["stderr"]["k"]
    assert record["steps"] < 20


def test_an_input_between_equal_bounds_stays(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    (tmp_path / "a.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    words = ["-a", "0", "-b", "0", "--bounds", "b=1:1", "--json"]
    found = json.loads(circuit("descend", "sum((y-a-b*x)^2)", "a.csv", *words, cwd=tmp_path).stdout)
    assert found["success"] and found["inputs"] == pytest.approx({"a": 4.0 / 3.0, "b": 1.0})
    again = circuit("descend", "(x-1)^2+(y-2)^2", "-x", "0", "-y", "0", "--bounds", "x=3:3", "--starts", "3", "--json")
    assert json.loads(again.stdout)["inputs"] == pytest.approx({"x": 3.0, "y": 2.0})


def test_r_squared_is_not_rounded_up_to_1(tmp_path: Path) -> None:
    rows = "".join(f"{x},{2 * x + 1 + 1e-4 * (-1) ** x}\n" for x in range(20))
    (tmp_path / "line.csv").write_text("x,y\n" + rows)
    done = circuit("descend", "sum((y - a*x - b)^2)", "line.csv", "-a", "1", "-b", "0", cwd=tmp_path)
    shown = done.stdout.split("R² ")[1].split()[0]
    x = np.arange(20.0)
    y = 2 * x + 1 + 1e-4 * (-1) ** x
    want = np.corrcoef(x, y)[0, 1] ** 2
    assert float(shown) < 1.0 and 1.0 - float(shown) == pytest.approx(1.0 - want, rel=0.6)


def test_out_writes_the_result_in_the_form_of_its_ending(tmp_path: Path) -> None:
    words = ["descend", "sum((y - a*exp(-b*t))^2)", str(FILES / "decay.csv"), "-a=1", "-b=0.1"]
    assert circuit(*words, "--out", "fit.json", cwd=tmp_path).stdout == ""
    found = json.loads((tmp_path / "fit.json").read_text())
    assert found["inputs"].keys() == {"a", "b"}
    assert circuit("eval", "a/b", "--inputs", "fit.json", cwd=tmp_path).returncode == 0
    assert circuit(*words, "--by", "site", "--out", "groups.csv", cwd=tmp_path).stdout == ""
    assert (tmp_path / "groups.csv").read_text() == circuit(*words, "--by", "site").stdout
    assert circuit(*words, "--out", "x.json", "--trace", "x.json", cwd=tmp_path).returncode == 2


def test_another_result_may_have_an_input_of_its_own() -> None:
    program = "high = max(q*x); loss = mean((y - a*x)^2); loss"
    with_it = fitted("descend", program, "-a", "0", "-q", "2", "pts.csv", cwd=FILES)
    alone = fitted("descend", "mean((y - a*x)^2)", "-a", "0", "pts.csv", cwd=FILES)
    assert with_it["inputs"] == alone["inputs"] | {"q": 2.0}
    done = circuit("descend", program, "-a", "0", "-q", "2", "--wrt", "a,q", "pts.csv", cwd=FILES)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "circuit: q moves nothing: loss does not use it")


def test_an_option_behind_the_dashes_is_no_file() -> None:
    done = circuit("descend", "mean((y - a*x)^2)", "-a", "0", "--", "pts.csv", "--quiet", cwd=FILES)
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        ["circuit: --quiet stands behind --, where the files are", "  put --quiet before the --"],
    )
