"""Ascents that end at kinks: published problems, fits without squares, and what is no optimum."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.bench.nonsmooth import PROBLEMS
from tests.support import FILES, circuit

CALLS = [4.4, 4.7, 4.7, 5.9, 6.6, 7.3, 8.1, 8.8, 10.6, 12.0, 13.5, 14.9]
CALLS += [16.1, 21.2, 119.0, 124.0, 142.0, 159.0, 182.0, 212.0, 43.0, 24.0, 27.0, 29.0]
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


@pytest.mark.parametrize("start", [{"x": 2.0, "y": 3.0}, {"x": -0.28, "y": 0.66}])
@pytest.mark.parametrize("text", ["abs(x+y) + 0.05*(x^2+y^2)", "max(x+y, -x-y) + (x-y)^2", "abs(x^2-y) + x^2"])
def test_little_curvature_along_a_kink_is_followed_to_its_end(text: str, start: dict[str, float]) -> None:
    found = descended(text, start)
    assert (found["status"], found["value"] < 1e-28) == ("kink_optimum", True), found["message"]
    assert found["evaluations"]["gradient"] < 30


def least_absolute(x: np.ndarray, y: np.ndarray, share: float = 0.5) -> float:
    """Twice the least sum of absolute deviations, the upper ones counted by a share, as a linear program."""
    rows, count = x.shape
    costs = np.r_[np.zeros(count), np.full(rows, 2.0 * share), np.full(rows, 2.0 - 2.0 * share)]
    equations = np.hstack([x, np.eye(rows), -np.eye(rows)])
    limits = [(None, None)] * count + [(0, None)] * (2 * rows)
    return float(linprog(costs, A_eq=equations, b_eq=y, bounds=limits).fun)


def test_phones_by_absolute_deviations(tmp_path: Path) -> None:
    years = range(50, 74)
    table = "\n".join(f"{year},{calls}" for year, calls in zip(years, CALLS, strict=True))
    (tmp_path / "phones.csv").write_text(f"year,calls\n{table}\n")
    found = descended("sum(abs(calls - a - b*year))", {"a": 0.0, "b": 0.0}, "phones.csv", cwd=tmp_path)
    x = np.array([[1.0, year] for year in years])
    assert found["success"] and found["value"] == pytest.approx(least_absolute(x, np.array(CALLS)), rel=1e-9)


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
