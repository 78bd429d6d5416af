"""Ascents that end at kinks: published problems, fits without squares, and what is no optimum."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli.ascent import Limits, choice, climb
from tests.bench.nonsmooth import PROBLEMS, NonSmooth, problem_of
from tests.fits_without_squares import FITS, Fit, least_absolute
from tests.support import FILES, circuit

QUICK = ("CB2", "CB3", "Dem", "QL", "LQ", "Mifflin 1", "Mifflin 2", "Wolfe", "Shor", "Crescent", "Wong 1")


def descended(text: str, start: dict[str, float], *more: str, cwd: Path = FILES) -> dict[str, Any]:
    words = [word for name, x in start.items() for word in (f"-{name}", repr(x))]
    done = circuit("descend", text, *more, *words, "--json", cwd=cwd)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["success"] == (done.returncode == 0)
    return found


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in QUICK else [pytest.mark.slow]) for n in PROBLEMS])
def test_published_problems(name: str) -> None:
    text, start, optimum = PROBLEMS[name]
    found = descended(text, dict(start))
    assert found["status"] == "kink_optimum"
    assert found["value"] == pytest.approx(optimum, rel=1e-6, abs=1e-9)
    for kink in found["kinks"]:
        weights = [piece["weight"] for piece in kink["pieces"]]
        assert sum(weights) == pytest.approx(1.0) and min(weights) >= 0.0


@pytest.mark.parametrize("power", [3, 9])
@pytest.mark.parametrize("factor", ["1", "1e-20", "1e9"])
@pytest.mark.parametrize("name", ["CB2", "Dem", "LQ", "Mifflin 2"])
def test_units_change_nothing(name: str, factor: str, power: int) -> None:
    text, start, optimum = PROBLEMS[name]
    powers = {x: power if i % 2 else -power for i, x in enumerate(start)}
    scaled = re.sub(r"\bx\d\b", lambda x: f"({x[0]}*1e{-powers[x[0]]})", text)
    found = descended(f"{factor}*({scaled})", {x: u * 10.0 ** powers[x] for x, u in start.items()})
    assert found["status"] == "kink_optimum"
    assert found["value"] / float(factor) == pytest.approx(optimum, rel=1e-6)


@pytest.mark.parametrize("text", ["abs(x-1) + 1e15*relu(x-10)", "abs(x-1) + 1e12*relu(x-10)", "1e160*abs(x-1)"])
@pytest.mark.parametrize("x", [3.0, 3.5])
def test_pieces_that_are_far_off_do_not_matter_however_steep(text: str, x: float) -> None:
    found = descended(text, {"x": x})
    assert (found["status"], found["value"]) == ("kink_optimum", 0.0), found["message"]


def test_steps_of_better_points_are_counted() -> None:
    words = ["--method", "gradient", "--gtol", "1e-4", "--max-steps", "200"]
    found = descended("5+(1-x)^2+100*abs(y-x^2)", {"x": -1.2, "y": 1.0}, *words)
    assert (found["status"], found["steps"]) == ("max_steps", 200)


@pytest.mark.parametrize("text", ["log(abs(x))", "-1/abs(x)", "log(abs(x-1))", "-abs(x)^(-0.1)"])
def test_a_pole_is_no_optimum(text: str) -> None:
    assert not descended(text, {"x": 3.0})["success"]


@pytest.mark.parametrize("start", [{"x": 2.0, "y": 3.0}, {"x": -0.28, "y": 0.66}])
@pytest.mark.parametrize("text", ["abs(x+y) + 0.05*(x^2+y^2)", "max(x+y, -x-y) + (x-y)^2", "abs(x^2-y) + x^2"])
def test_little_curvature_along_a_kink_is_followed_to_its_end(text: str, start: dict[str, float]) -> None:
    found = descended(text, start)
    assert (found["status"], found["value"] < 1e-28) == ("kink_optimum", True), found["message"]
    assert found["evaluations"]["gradient"] < 30


def written(fit: Fit, folder: Path) -> str:
    """The name of a table with the columns of a fit."""
    table = [",".join(fit.columns), *(",".join(map(repr, row)) for row in zip(*fit.columns.values(), strict=True))]
    (folder / "fit.csv").write_text("\n".join(table))
    return "fit.csv"


@pytest.mark.parametrize("name", FITS)
def test_fits_without_squares(name: str, tmp_path: Path) -> None:
    fit = FITS[name]()
    found = descended(fit.text, dict(fit.start), written(fit, tmp_path), cwd=tmp_path)
    assert found["success"] and found["value"] == pytest.approx(fit.optimum, rel=1e-7)


def test_the_order_of_columns_changes_nothing() -> None:
    fit = FITS["stackloss"]()
    ends = []
    for names in (list(fit.columns), sorted(fit.columns, reverse=True)):
        problem = problem_of(fit._replace(columns={name: fit.columns[name] for name in names}))
        run = climb(problem, choice("auto", objective=problem.objective), Limits(), list(fit.start.values()))
        ends.append((run.status, run.steps, run.found.value))
    assert ends[0] == ends[1] and ends[0][0] == "kink_optimum"


def test_a_quantile(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    x = draw.uniform(0.0, 10.0, 100)
    y = 2.0 + 0.5 * x + draw.normal(size=100) * (0.5 + 0.2 * x)
    table = "\n".join(f"{u!r},{v!r}" for u, v in zip(x.tolist(), y.tolist(), strict=True))
    (tmp_path / "q.csv").write_text(f"x,y\n{table}\n")
    found = descended("r = y-a-b*x; sum(max(0.9*r, -0.1*r))", {"a": 0.0, "b": 0.0}, "q.csv", cwd=tmp_path)
    least = 0.5 * least_absolute(np.column_stack([np.ones(100), x]), y, 0.9)
    assert found["status"] == "kink_optimum" and found["value"] == pytest.approx(least, rel=1e-9)


def test_an_l1_penalty(tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    x = draw.normal(size=(60, 4))
    y = x @ [3.0, 0.0, 0.0, 1.5] + 0.5 * draw.normal(size=60)
    np.savetxt(tmp_path / "l.csv", np.column_stack([x, y]), "%.17g", ",", header="x0,x1,x2,x3,y", comments="")
    model, penalty = " - ".join(f"w{i}*x{i}" for i in range(4)), " + ".join(f"abs(w{i})" for i in range(4))
    start = {f"w{i}": 0.1 for i in range(4)}
    found = descended(f"sum((y - {model})^2)/2 + 10*({penalty})", start, "l.csv", cwd=tmp_path)
    w = np.zeros(4)
    for _ in range(1_000):  # coordinate descent
        for i in range(4):
            slope = x[:, i] @ (y - x @ w + x[:, i] * w[i])
            w[i] = math.copysign(max(abs(slope) - 10.0, 0.0), slope) / (x[:, i] @ x[:, i])
    least = float(0.5 * ((y - x @ w) ** 2).sum() + 10.0 * abs(w).sum())
    assert found["status"] == "kink_optimum" and found["value"] == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("-abs(x)", {"x": 0.0}),  # a concave kink
        ("abs(x) - abs(y) + 0.1*y^2", {"x": 0.5, "y": 0.0}),
        ("abs(x) - x^2", {"x": 0.0}),
        ("max(x, y) - 2*max(y, x/2)", {"x": 1.0, "y": 0.3}),
    ],
)
def test_what_is_no_minimum_is_left(text: str, start: dict[str, float]) -> None:
    found = descended(text, start)
    assert found["status"] != "kink_optimum" or found["value"] < 0.0


def test_a_maximum_is_certified_in_words() -> None:
    done = circuit("ascend", "min(x, 2 - x)", "-x", "5")
    assert done.returncode == 0
    assert "kink_optimum: a maximum at the kink of min(x, 2 - x) after" in done.stdout
    assert "hold 0 between them, 0.5*(1) + 0.5*(-1)" in done.stdout


def test_a_resumed_ascent_is_bit_for_bit(tmp_path: Path) -> None:
    text, start, _ = PROBLEMS["Shor"]
    whole = descended(text, dict(start))
    state = str(tmp_path / "state.json")
    descended(text, dict(start), "--state", state, "--max-steps", "3")
    resumed = descended(text, dict(start), "--state", state)
    assert (resumed["value"], resumed["inputs"], resumed["steps"]) == (whole["value"], whole["inputs"], whole["steps"])


def net(hidden: int, rows: int, seed: int) -> tuple[Fit, NonSmooth]:
    """A net of one layer over rows, and the same as one expression at a point; by random rows and a random start."""
    draw = np.random.default_rng(seed)
    x = np.sort(draw.uniform(-2.0, 2.0, rows))
    y = np.abs(x) + 0.3 * np.sin(3.0 * x) + 0.1 * draw.normal(size=rows)
    start = {f"{name}{i}": round(float(draw.normal()), 3) for i in range(hidden) for name in "wbv"} | {"c": 0.1}
    value = "c" + "".join(f" + v{i}*relu(w{i}*x + b{i})" for i in range(hidden))
    weights = ", ".join(start)
    squares = " + ".join(f"({v!r} - net({u!r}, {weights}))^2" for u, v in zip(x.tolist(), y.tolist(), strict=True))
    at_point = f"net(x, {weights}) = {value}; ({squares})/{rows}"
    columns = {"x": x.tolist(), "y": y.tolist()}
    return Fit(f"mean((y - ({value}))^2)", columns, start, 0.0), NonSmooth(at_point, start, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", [3, 4])
def test_relu_nets_end_well(hidden: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    for case in net(hidden, 20, seed):
        problem = problem_of(case)
        run = climb(problem, choice("auto", objective=problem.objective), Limits(), list(case.start.values()))
        assert run.success, run.message
        x = np.array(run.found.x)
        rounding = 10.0 * problem.objective.noise(run.found.x) + 1e-14 * abs(run.found.value)
        for distance in (1e-8, 1e-6, 1e-4):
            near = x + distance * draw.normal(size=(500, len(x)))
            assert max(problem.value(point) for point in near.tolist()) <= run.found.value + rounding


TIES = {  # whole numbers, whose optimum is a whole edge or has more ties than inputs
    "a median of eight": ("sum(abs(y - a))", "y\n1\n0\n0\n1\n0\n0\n1\n1\n", {"a": 1.0}, 4.0),
    "from above": ("sum(abs(y - a))", "y\n1\n0\n0\n1\n0\n0\n1\n1\n", {"a": 3.0}, 4.0),
    "a quartile of four": ("r = y - a; sum(max(0.75*r, 0.75*r - r))", "y\n2\n0\n1\n0\n", {"a": 1.0}, 1.25),
    "a plane through marks": (
        "mean(abs(a + b*u + c*v - y))",
        "u,v,y\n1,1,0\n0,1,0\n1,0,0\n1,0,1\n1,1,1\n0,1,1\n1,1,0\n1,1,1\n",
        {"a": 0.0, "b": 1.0, "c": 0.5},
        0.5,
    ),
    "a plane through four": (
        "sum(abs(y - (a + b*u + c*v)))",
        "u,v,y\n0,5,2\n1,2,1\n5,0,0\n2,1,2\n",
        {"a": 1.0, "b": 1.0, "c": 1.0},
        1.4,
    ),
}


@pytest.mark.parametrize("name", TIES)
def test_ties_are_certified(name: str, tmp_path: Path) -> None:
    """Their optimum is that of the linear program."""
    text, rows, start, optimum = TIES[name]
    (tmp_path / "rows.csv").write_text(rows)
    found = descended(text, start, "rows.csv", cwd=tmp_path)
    assert found["status"] == "kink_optimum", found["message"]
    assert found["value"] == pytest.approx(optimum, rel=1e-12)
