"""The methods of ascend: PyTorch's numbers step by step, certified optima, honest ends."""

from __future__ import annotations

import contextlib
import json
import math
import random
import re
import signal
import subprocess
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.ascent import (
    Ascent,
    Bounds,
    Limits,
    PointObjective,
    Problem,
    Progress,
    Starts,
    best,
    choice,
    climb,
    climb_from_many,
    names,
)
from circuitcli.ascent.ends import ENDS
from circuitcli.ascent.methods import METHODS, method
from circuitcli.ascent.state_file import StateFile
from circuitcli.engine.symmetric_matrices import eigenvalues, inverse
from tests.support import DOCS, circuit, ended, grown, rows, some_slow, until

ROSEN = "(1-x)^2 + 10*(y-x^2)^2"
PROBLEMS = {case["name"]: case for case in rows("ascent/testfunctions")}
EDGES = {case["name"]: case for case in rows("ascent/edgecases")}


def problem_of(case: dict[str, Any], sign: float = 1.0) -> Problem:
    names, bounds = list(case["start"]), case.get("bounds") or {}
    low, high = [], []
    for name in names:
        ends = bounds.get(name) or [None, None]
        low.append(-math.inf if ends[0] is None else ends[0])
        high.append(math.inf if ends[1] is None else ends[1])
    circuit = Circuit(case["expr"])
    graph, given = circuit._read.bind(case["start"], {})
    return Problem(PointObjective(graph, given, names), sign, Bounds(low, high))


def solved(case: dict[str, Any], starts: int = 1) -> Ascent:
    problem = problem_of(case)
    x = [float(u) for u in case["start"].values()]
    return best(climb_from_many(problem, choice("auto"), Limits(), x, Starts(starts)))


@pytest.mark.parametrize("case", rows("ascent/methods"), ids=lambda case: case["method"])
def test_steps_are_those_of_pytorch(case: dict[str, Any]) -> None:
    words = ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", case["method"], "--step", str(case["step"])]
    done = circuit(*words, "--steps", str(len(case["path"])), "--trace", "-")
    path = [json.loads(line) for line in done.stdout.splitlines()][1:]
    for step, (x, y) in zip(path, case["path"], strict=True):
        assert (step["x"], step["y"]) == pytest.approx((x, y), rel=1e-13)


def test_rmsprop_steps_are_those_of_its_formula() -> None:
    # optax.scale_by_rms: nu = decay*nu + (1 - decay)*g^2, and the step is g/sqrt(nu + eps)
    words = ["descend", "x^2", "-x", "3", "--method", "rmsprop:decay=0.5,eps=1e-3", "--step", "0.1", "--steps", "6"]
    done = circuit(*words, "--trace", "-")
    x, nu = 3.0, 0.0
    for line in done.stdout.splitlines()[1:]:
        g = 2 * x
        nu += 0.5 * (g * g - nu)
        x -= 0.1 * g * (nu + 1e-3) ** -0.5
        assert json.loads(line)["x"] == pytest.approx(x, rel=1e-13)


DEAR = ("osborne2", "watson9", "penalty2_10")
UNIMODAL = [name for name, case in PROBLEMS.items() if case["kind"] == "unimodal"]


@pytest.mark.parametrize("name", some_slow(UNIMODAL, DEAR))
def test_problems_with_one_optimum(name: str) -> None:
    case = PROBLEMS[name]
    run = solved(case)
    assert run.success, run.message
    assert run.found.value == pytest.approx(case["max_value"], rel=1e-6, abs=1e-6)
    again = climb(run.problem, choice("auto"), Limits(), run.found.x)
    assert again.success, again.message


@pytest.mark.slow
def test_evaluations_are_no_more_than_those_of_scipy() -> None:
    minimize = pytest.importorskip("scipy.optimize").minimize
    ours = theirs = 0
    for case in PROBLEMS.values():
        if case["kind"] != "unimodal" or case.get("bounds"):
            continue
        ours += solved(case).evaluations["gradient"]
        objective = problem_of(case).objective

        def minus(x: Any, both: Any = objective.both) -> tuple[float, list[float]]:
            value, gradient = both([float(u) for u in x])
            return -value, [-g for g in gradient]

        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = minimize(minus, list(case["start"].values()), jac=True, method="BFGS", options={"gtol": 1e-8})
        theirs += found.nfev
    assert ours <= theirs


@pytest.mark.slow
def test_many_starts_find_the_best_of_many_optima() -> None:
    cases = [case for case in PROBLEMS.values() if case["kind"] == "multimodal"]
    found = [
        solved(case, starts=20).found.value >= case["max_value"] - 1e-6 * max(1, abs(case["max_value"]))
        for case in cases
    ]
    assert sum(found) >= 0.9 * len(cases)


@pytest.mark.parametrize("name", [name for name, case in EDGES.items() if case["category"] != "usage-error"])
def test_edges_end_honestly(name: str) -> None:
    case = EDGES[name]
    run = solved(case)
    may = {
        "unbounded": {"unbounded"},
        "stationary-start": {"stationary_start"},
        "nonfinite-start": {"nonfinite"},
        "nonsmooth": {"kink_optimum", "gtol", "ftol"},
    }
    assert run.status in may.get(case["category"], {"gtol", "ftol", "unbounded"})
    low, high = run.problem.bounds
    assert all(a <= x <= b for a, x, b in zip(low, run.found.x, high, strict=True))
    if run.success:
        assert run.found.finite
    if "max_value" in case and case["category"] != "stationary-start":
        assert run.found.value == pytest.approx(case["max_value"], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "start", "status", "what"),
    [
        ("x^2 - y^2", {"x": 0.0, "y": 0.0}, "stationary_start", "a saddle"),
        ("x^3 - 3*x*y^2", {"x": 0.0, "y": 0.0}, "stationary_start", "a saddle"),
        ("x^2 + y^2", {"x": 0.0, "y": 0.0}, "stationary_start", "a minimum"),
        ("x^4 + y^2", {"x": 0.0, "y": 0.0}, "stationary_start", "a minimum"),
        ("exp(-x^2)", {"x": 30.0}, "stationary_start", "a plateau"),
        ("-x^2 - x*y - y^2", {"x": 0.0, "y": 0.0}, "maximum", "already a maximum"),
        ("-x^4", {"x": 0.0}, "maximum", "already a maximum"),
        ("log(x)", {"x": 1.0}, "unbounded", "still rising"),
        ("-1/x", {"x": 1.0}, "unbounded", "still rising"),
        ("-abs(x)", {"x": 3.0}, "kink_optimum", "a maximum at the kink of abs(x) after"),
        (
            "-max(x - 1, 2*(1 - x))",
            {"x": 3.0},
            "kink_optimum",
            "a maximum at the kink of max(x - 1, 2 * (1 - x)) after",
        ),
        ("y^2 - x^2", {"x": 1.0, "y": 0.0}, "unbounded", "still rising"),
        ("x*y", {"x": 1.0, "y": -1.0}, "unbounded", "still rising"),
        ("-tanh(x)", {"x": 30.0}, "unbounded", "still rising as x runs away"),
        ("x^2", {"x": 1e60}, "unbounded", "still rising"),
        ("sigmoid(x)", {"x": 36.0}, "unbounded", "still rising as x runs away"),
        ("tanh(x)", {"x": 30.0}, "unbounded", "still rising as x runs away"),
        ("-cosh(x)", {"x": 700.0}, "gtol", "no change of the inputs"),
        ("-x^2*(y^2 + 1)", {"x": 1.0, "y": 1.0}, "gtol", "no change of the inputs"),
        ("-x^2*y^2", {"x": 1.259, "y": -0.941}, "gtol", "no change of the inputs"),
        ("-where(x <= 3, (x - 4)^2, 10)", {"x": 0.0}, "stationary", "a plateau"),
    ],
)
def test_what_it_says(text: str, start: dict[str, float], status: str, what: str) -> None:
    run = solved({"expr": text, "start": start})
    assert (run.status, what in run.message) == (status, True), run.message


def test_eigenvalues() -> None:
    # of the second difference matrix: 2 - 2 cos(k pi/(n + 1))
    n = 7
    matrix = [[2.0 if i == j else -1.0 if abs(i - j) == 1 else 0.0 for j in range(n)] for i in range(n)]
    want = [2 - 2 * math.cos(k * math.pi / (n + 1)) for k in range(1, n + 1)]
    assert sorted(eigenvalues(matrix)) == pytest.approx(want, rel=1e-13)


def test_the_inverse_of_a_symmetric_matrix_in_any_units() -> None:
    # of the matrix min(i, j): the second differences, but for 1 in the last corner
    n, units = 6, [10.0**k for k in (-120, -9, 0, 3, 40, 150)]
    matrix = [[min(i, j) * units[i - 1] * units[j - 1] for j in range(1, n + 1)] for i in range(1, n + 1)]
    found = inverse(matrix)
    assert found is not None
    for i in range(n):
        for j in range(n):
            want = (1.0 if i == n - 1 else 2.0) if i == j else -1.0 if abs(i - j) == 1 else 0.0
            assert found[i][j] * units[i] * units[j] == pytest.approx(want, rel=1e-13, abs=1e-13)
    for bad in ([[1.0, 2.0], [2.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]], [[math.nan]]):
        assert inverse(bad) is None


def test_a_valley_below_the_rounding_of_the_value() -> None:
    run = solved({"expr": "1e12-(1-x)^2-100*(y-x^2)^2", "start": {"x": -1.2, "y": 1.0}})
    assert run.success
    assert run.found.x == pytest.approx([1.0, 1.0], abs=1e-6)


@pytest.mark.parametrize("name", [name for name in METHODS if not method(name).squares])
def test_every_method_stays_within_bounds(name: str) -> None:
    kink = " + 0.1*abs(x + 1)" if name == "kinks" else ""
    words = ["descend", f"(x-2)^2 + (y+1)^2 + x*y{kink}", "-x", "0.5", "-y", "0.5", "--method", name]
    done = circuit(*words, "--bounds", "x=0:1", "--bounds", "y=0:", "--max-steps", "3000", "--trace", "-")
    for line in done.stdout.splitlines():
        step = json.loads(line)
        assert 0.0 <= step["x"] <= 1.0 and step["y"] >= 0.0
    assert (step["x"], step["y"]) == pytest.approx((1.0, 0.0), abs=0.02)  # where the slopes are 2 down and 3 up


def test_a_step_that_is_too_long_goes_astray() -> None:
    words = ["descend", "(1-x)^2 + 100*(y-x^2)^2", "-x", "-1.2", "-y", "1", "--method", "momentum", "--json"]
    found = json.loads(circuit(*words).stdout)
    assert found["status"] == "overshoot"
    assert "try --step 0.001" in found["message"]
    assert found["value"] == pytest.approx(24.2)  # of the start, which is the best


def test_a_step_that_is_too_short_is_no_success() -> None:
    done = circuit("descend", "x^2", "-x", "1", "--step", "1e-30")
    assert done.returncode == 1 and "step 1 gains nothing" in done.stdout


def test_strides_are_the_steps_one_by_one(tmp_path: Path) -> None:
    words = ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001", "--json"]
    fast, slow = (json.loads(circuit(*words, *more).stdout) for more in ([], ["--trace", str(tmp_path / "t")]))
    fast.pop("seconds"), slow.pop("seconds")
    assert fast == slow
    assert len((tmp_path / "t").read_text().splitlines()) == slow["steps"] + 1


COMMANDS = [
    ["descend", ROSEN, "-x", "-1.2", "-y", "1"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", "gradient", "--max-steps", "200"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--step", "0.001", "--steps", "200"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", "adam", "--step", "0.05", "--steps", "150"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", "nesterov", "--step", "0.001", "--steps", "150"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", "rmsprop", "--steps", "150"],
    ["descend", ROSEN, "-x", "-1.2", "-y", "1", "--method", "random", "--seed", "3", "--steps", "150"],
    ["descend", "(x+10*y)^2 + (x-y)^4", "-x", "3", "-y", "-1"],  # flat at its end: values around are asked for
    ["ascend", "sin(x)*cos(y) - 0.01*(x^2+y^2)", "-x", "9", "-y", "8", "--starts", "6", "--seed", "2"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[6:]) or "lbfgs")
def test_a_run_that_goes_on_equals_one_that_was_never_stopped(words: list[str], tmp_path: Path) -> None:
    whole = json.loads(circuit(*words, "--json", "--trace", str(tmp_path / "whole")).stdout)
    parts = ["--json", "--state", str(tmp_path / "s"), "--trace", str(tmp_path / "parts")]
    if "--steps" not in words:
        for limit in (3, 7, 8, 15, 40, 60, 150):  # a limit is no part of what the state must agree with
            circuit(*words, *parts, "--max-evaluations", str(limit))
    again = json.loads(circuit(*words, *parts).stdout)
    for record in (whole, again):
        del record["seconds"]
    assert again == whole
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
    finished = (tmp_path / "s").read_bytes()
    repeated = json.loads(circuit(*words, *parts).stdout)
    del repeated["seconds"]
    assert repeated == whole
    assert (tmp_path / "s").read_bytes() == finished


def size(path: Path) -> int:
    """The size of a file in bytes; 0 while it is not there."""
    return path.stat().st_size if path.exists() else 0


def come(path: Path, goal: int, running: subprocess.Popen[bytes]) -> bool:
    """Whether a command has written so many bytes, or is through."""
    return size(path) >= goal or running.poll() is not None


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    words = [
        "descend",
        ROSEN,
        "-x",
        "-1.2",
        "-y",
        "1",
        "--method",
        "adam",
        "--step",
        "0.01",
        "--steps",
        "1500",
        "--json",
    ]
    whole = json.loads(circuit(*words).stdout)
    rng, killed = random.Random(4), 0
    trace = tmp_path / "t"
    parts = [*words, "--state", str(tmp_path / "s"), "--trace", str(trace)]
    for i in range(40):
        running = subprocess.Popen([sys.executable, "-m", "circuitcli", *parts], stdout=subprocess.PIPE)
        goal = size(trace) + rng.randint(1, 20_000)  # bytes; a step has some ninety
        with ended(running):
            until(partial(come, trace, goal, running))
            running.send_signal(signal.SIGKILL)
            out, _ = running.communicate()
        killed += running.returncode != 0
        if running.returncode == 0 or i == 19:
            break
    found = json.loads(out if running.returncode == 0 else circuit(*parts).stdout)
    assert killed >= 2
    del found["seconds"], whole["seconds"]
    assert found == whole
    path = [json.loads(line)["step"] for line in trace.read_text().splitlines()]
    assert path == list(range(1501))


@pytest.mark.parametrize("method", ["random", "adam", "lbfgs", "gradient"])
def test_many_starts_go_on_from_any_moment(method: str, tmp_path: Path) -> None:
    case = {"expr": "-(20 + x^2 + y^2 - 10*(cos(2*pi*x) + cos(2*pi*y)))", "start": {"x": 3.3, "y": 4.1}}
    limits, starts, x = Limits(max_steps=12), Starts(4), [3.3, 4.1]
    chosen = choice(method, seed=1)
    whole = climb_from_many(problem_of(case), chosen, limits, x, starts, every=True)
    for moment in range(1, 60, 3):
        file = StateFile(str(tmp_path / f"{moment}"), {})
        left = moment

        def watch(progress: Progress, file: StateFile = file) -> None:
            nonlocal left
            left -= 1
            file.write(progress, 0)
            if not left:
                raise SystemExit  # as a kill would

        with contextlib.suppress(SystemExit):
            climb_from_many(problem_of(case), chosen, limits, x, starts, watch, every=True)
        problem = problem_of(case)
        resumed = file.read(problem, chosen, limits)
        parts = climb_from_many(problem, chosen, limits, x, starts, every=True, resumed=resumed)
        assert [(run.start.x, run.found, run.status, run.steps) for run in parts] == [
            (run.start.x, run.found, run.status, run.steps) for run in whole
        ]
        assert parts[-1].evaluations == whole[-1].evaluations


def test_a_state_of_another_command_is_refused(tmp_path: Path) -> None:
    words = [
        "descend",
        "(x-3)^2",
        "-x",
        "1",
        "--state",
        str(tmp_path / "s"),
        "--max-steps",
        "1",
        "--method",
        "gradient",
    ]
    circuit(*words)
    for other, what in (
        (["descend", "(x-4)^2", *words[2:]], "another expression"),
        (["ascend", *words[1:]], "another sense"),
        ([*words, "--gtol", "1e-3"], "other options"),
        ([*words[:2], "-x", "2", *words[4:]], "other inputs"),
        ([*words, "--bounds", "x=0:"], "other bounds"),
    ):
        done = circuit(*other)
        assert (done.returncode, what in done.stderr) == (2, True), done.stderr
    (tmp_path / "s").write_text('{"kind": "circuit ascent 2", "key"')
    assert "is not the state of an ascent" in circuit(*words).stderr


def test_interrupts_keep_the_best_point(tmp_path: Path) -> None:
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        words = ["ascend", "-(x-1)^2", "-x", "0", "--method", "adam", "--step", "1e-9", "--max-steps", "100000000"]
        words += ["--json", "--trace", str(tmp_path / f"{sent}.jsonl")]
        running = subprocess.Popen([sys.executable, "-m", "circuitcli", *words], stdout=subprocess.PIPE)
        with ended(running):
            until(partial(grown, tmp_path, f".{sent}.jsonl*"))
            running.send_signal(sent)
            out, _ = running.communicate(timeout=300)
        found = json.loads(out)
        assert (running.returncode, found["status"]) == (130, "interrupted")
        assert 0.0 < found["inputs"]["x"] < 1.0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (["--target", "-1"], "target"),
        (["--max-evaluations", "3"], "max_evaluations"),
        (["--max-steps", "2"], "max_steps"),
        (["--method", "adam", "--step", "1e-9", "--max-time", "0.3", "--max-steps", "1000000000"], "max_time"),
    ],
)
def test_limits(more: list[str], status: str) -> None:
    done = circuit("ascend", "-(1-x)^2 - 100*(y-x^2)^2", "-x", "-1.2", "-y", "1", *more, "--json")
    found = json.loads(done.stdout)
    assert found["status"] == status
    assert done.returncode == (0 if status == "target" else 1)
    if status == "target":
        assert found["value"] >= -1.0 and found["measures"]["target"]["limit"] == -1.0


ADAGRAD = """
import contextlib, io, json, math, sys
from circuitcli.ascent import first_order
from circuitcli.ascent.first_order import EPS, SquaredSlopes, rule
from circuitcli.ascent.methods import METHODS
from circuitcli.cli import run

def adagrad(gradient, past, step, eps):
    "Duchi et al. (2011)."
    square = [v + g * g for g, v in zip(gradient, past.square)]
    return [step * g / math.sqrt(v + eps) for g, v in zip(gradient, square)], SquaredSlopes(square)

first_order.ROWS += (rule(adagrad, lambda n, o: SquaredSlopes([0.0] * n), EPS),)
METHODS["adagrad"] = "first_order"
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(words)
    print(json.dumps([int(status), out.getvalue(), err.getvalue()]))
"""


def test_a_method_is_a_row(tmp_path: Path) -> None:
    state, trace = ["--state", str(tmp_path / "s")], ["--trace", str(tmp_path / "t")]
    start = ["-x", "-1.2", "-y", "1", "--json"]
    words = [ROSEN, *start, "--method", "adagrad:eps=1e-6", "--step", "0.5"]
    short = ["--max-steps", "12"]
    commands = [
        ["descend", *words, "--trace", "-", "--steps", "2"],
        ["descend", *words, *short],
        ["descend", *words, *state, *trace, "--max-evaluations", "5"],
        ["descend", *words, *state, *trace, *short],
        ["ascend", f"-({ROSEN})", *words[1:], *short, "--starts", "3", "--bounds", "x=-2:0"],
        ["descend", "--help"],
        ["descend", ROSEN, *start, "--method", "adagrat"],
        ["descend", ROSEN, *start, "--method", "adagrad:b1=0"],
        ["descend", ROSEN, *start, "--method", "adagrad:eps=-1"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", ADAGRAD], input=json.dumps(commands), capture_output=True, text=True, timeout=60
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [status for status, _, _ in answers] == [0, 1, 1, 1, 1, 0, 2, 2, 2], done.stderr
    (_, steps, _), (_, whole, _), _, (_, resumed, _), (_, many, _), (_, usage, _), *wrong = answers
    for line, x in zip(steps.splitlines(), (-1.2, -1.2 + 0.5, None), strict=True):  # the first step is g/|g|
        assert x is None or json.loads(line)["x"] == pytest.approx(x, rel=1e-8)
    records = [json.loads(text) for text in (whole, resumed)]
    for record in records:
        del record["seconds"]
    assert records[0] == records[1]
    assert (records[0]["method"], records[0]["options"]["eps"], records[0]["steps"]) == ("adagrad", 1e-6, 12)
    assert [json.loads(line)["step"] for line in (tmp_path / "t").read_text().splitlines()] == list(range(13))
    assert list(json.loads((tmp_path / "s").read_text())["state"]["memory"]) == ["square"]
    assert len(json.loads(many)["starts"]) == 3
    assert "adagrad" in usage
    for (_, _, said), hint in zip(wrong, ("did you mean adagrad?", "it has: eps", "must be 0 or more"), strict=True):
        assert hint in said


def test_the_page_has_every_method_and_every_end() -> None:
    text = (DOCS / "ascent.md").read_text(encoding="utf-8")
    table = text.partition("| `--method` | |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
    assert named == set(names())
    told: dict[str, int] = {}
    for line in text.partition("| status | exit | |")[2].partition("\n\n")[0].splitlines()[2:]:
        _, statuses, code, *_ = line.split("|")
        told |= dict.fromkeys(re.findall(r"`([^`]+)`", statuses), int(code))
    assert told == {status: end.exit_status for status, end in ENDS.items()}
    assert all(method(name).about for name in METHODS)


def test_bad_words_say_what_to_type() -> None:
    words = ["descend", "(x-a)^2", "-x", "0", "-a", "3", "--wrt", "x"]
    for more, said in (
        (["--method", "adm"], "did you mean adam?"),
        (["--method", "adam:b3=1"], "it has: b1, b2, eps, eps_root"),
        (["--method", "adam:learning_rate=1"], "the step is an option of its own: --step"),
        (["--method", "adam:b1=1.5"], "must be 0 or more, and below 1"),
        (["--method", "lbfgs", "--step", "1"], "finds its own steps"),
        (["--bounds", "a=0:1"], "a is none of the inputs that move"),
        (["--bounds", "x=1:0"], "the lower end comes first"),
        (["--bounds", "x=3"], "--bounds x=0:1"),
        (["--bounds", "x=0:1,x=0:2"], "x has bounds twice"),
        (["--spread", "0"], "--spread must be a number above 0"),
        (["--method", "adam", "--tol", "1"], "for a fixed --step"),
        (["--target", "nan"], "--target must be a number"),
        (["--method", "adam:b1=0.5,b1=0.6"], "b1 stands twice"),
        (["--method", "lbfgs:m=3"], "it has none"),
        (["--bounds", "x=nan:1"], "nan is no end"),
    ):
        done = circuit(*words, *more)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_the_table_of_a_bounded_ascent_from_many_points() -> None:
    done = circuit("ascend", "x*y", "-x", "0.5", "-y", "9", "--bounds", "x=0:1,y=0:2", "--starts", "3")
    assert done.stdout.splitlines() == [
        " input   start   found   gradient",
        " x         0.5       1          2   at bound",
        " y           2       2          1   at bound",
        "",
        " value    1 → 2",
        " starts   3: 3 gtol",
        " stopped  gtol: no change of the inputs gains anything after 1 step",
    ]
    assert done.stderr == "note: y starts beyond its bounds, and is moved to the nearest\n"


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_eigenvectors(count: int) -> None:
    np = pytest.importorskip("numpy")
    from circuitcli.engine.symmetric_matrices import eigenvectors

    draw = np.random.default_rng(count)
    matrix = draw.normal(size=(count, count)) * 10.0 ** draw.uniform(-9.0, 9.0)
    matrix = matrix + matrix.T
    found = np.array(eigenvectors(matrix.tolist()))
    assert found @ found.T == pytest.approx(np.eye(count), abs=1e-13)
    inside = found @ matrix @ found.T
    assert np.sort(inside.diagonal()) == pytest.approx(np.linalg.eigvalsh(matrix), abs=1e-13 * abs(matrix).max())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gradient", *(name for name, home in METHODS.items() if home == "first_order")])
@pytest.mark.parametrize("text", ["1/x", "abs(x) + x^2/100"])
def test_many_starts_end(name: str, text: str) -> None:
    """All starts together have a limit, and it is told where it came first."""
    began = time.monotonic()
    done = circuit("descend", text, "-x", "3", "--starts", "100", "--method", name, "--max-steps", "2000", "--json")
    found = json.loads(done.stdout)
    assert time.monotonic() - began < 30.0
    assert done.returncode == (0 if found["success"] else 1)
    made, steps = len(found["starts"]), sum(run["steps"] for run in found["starts"])
    assert steps <= 3 * 2000 + 100 * 100
    assert (f"note: {made} of 100 starts were made" in done.stderr) == (made < 100)


def test_the_largest_floats_are_no_endless_step() -> None:
    for words in (
        ("x + y", "-x", "1e308", "-y=-1e308", "--method", "gradient"),
        ("x - y", "-x", "1e308", "-y=-1e308", "--bounds", "x=-1:1"),
        ("x^2 + y", "-x", "1", "-y", "1", "--gtol", "1e308"),
    ):
        done = circuit("descend", *words, "--max-steps", "30")
        assert (done.returncode in (0, 1, 3), "stopped" in done.stdout) == (True, True)


@pytest.mark.parametrize(("step", "advice"), [("1", "a shorter --step"), ("1e-30", "a longer --step")])
def test_a_step_that_gains_nothing_says_which_way(step: str, advice: str) -> None:
    """One that is twice too long ends as far beyond the bottom: the value is the same."""
    assert advice in circuit("descend", "(x-3)^2", "-x", "1", "--step", step).stdout
