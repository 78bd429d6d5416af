"""Fits of many groups at once: as SciPy and as a fit by itself find them; none depends on the groups beside it."""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import circuit

pytest.importorskip("scipy")
Groups = dict[str, tuple[np.ndarray, np.ndarray]]
SIZES = (1, 2, 3, 4, 7, 8, 9, 33, 50, 120)
ODD = ("noise", "exact", "nearly exact", "huge", "tiny", "one place", "nothing", "nan", "infinite")
MODELS: dict[str, Callable[..., np.ndarray] | None] = {
    "sum((y - a*exp(-b*x))^2)": lambda x, a, b: a * np.exp(-b * x),
    "mean(((y - a - b*x)/(1 + x))^2)": None,
    "sqrt(sum((y - a/(1 + b*b*x))^2))": lambda x, a, b: a / (1.0 + b * b * x),
    "sum((y - a*x^2 - exp(b))^2)/2": lambda x, a, b: a * x * x + np.exp(b),
}


def drawn(seed: int, count: int) -> Groups:
    """Groups of which some tell their parameters, and others tell little or nothing."""
    draw = np.random.default_rng(seed)
    found: Groups = {}
    for i in range(count):
        size, kind = int(draw.choice(SIZES)), ODD[i % len(ODD)]
        x, (a, b) = np.sort(draw.uniform(0.0, 5.0, size)), draw.uniform(0.5, 3.0, 2)
        noise = draw.normal(size=size) * {"exact": 0.0, "nearly exact": 1e-9}.get(kind, 0.05)
        x = np.full(size, x[0]) if kind == "one place" else x
        y = a * np.exp(-b * x) + noise
        y = {"huge": 1e8 * y, "tiny": 1e-8 * y, "nothing": draw.normal(size=size)}.get(kind, y)
        y[0] = {"nan": math.nan, "infinite": math.inf}.get(kind, y[0])
        found[f"{kind} {i}"] = x, y
    return found


def written(path: Path, groups: Groups) -> None:
    lines = [f"{g},{u!r},{v!r}" for g, (x, y) in groups.items() for u, v in zip(x.tolist(), y.tolist(), strict=True)]
    path.write_text("\n".join(["g,x,y", *lines]) + "\n")


def by_group(folder: Path, expression: str, *more: str) -> list[list[str]]:
    words = ["descend", expression, "g.csv", "-a", "1", "-b", "0.5", "--by", "g", "--to", "csv", *more]
    return list(csv.reader(circuit(*words, cwd=folder).stdout.splitlines()))[1:]


@pytest.mark.parametrize("expression", MODELS)
def test_a_group_is_fitted_as_by_itself(expression: str, tmp_path: Path) -> None:
    """Its status, and where the rows tell them its parameters and their errors, are those of a fit without groups."""
    groups = drawn(1, 54)
    written(tmp_path / "g.csv", groups)
    table = by_group(tmp_path, expression)
    assert [row[0] for row in table] == list(groups)
    for group, rows, *found, status in table:
        written(tmp_path / "one.csv", {group: groups[group]})
        done = circuit("descend", expression, "one.csv", "-a", "1", "-b", "0.5", "--json", cwd=tmp_path)
        alone: dict[str, Any] = json.loads(done.stdout)
        assert int(rows) == alone["rows"]["count"]
        borderline = {"gtol", "ftol"}  # where what is left is about as much as rounding
        assert status == alone["status"] or {status, alone["status"]} <= borderline, group
        errors = alone.get("uncertainty", {}).get("stderr")
        assert bool(errors) == bool(found[2]), group
        if errors and status == "gtol" == alone["status"]:
            wanted = [*alone["inputs"].values(), *errors.values(), alone["value"]]
            told = 1e-6 * max(
                1.0, *[e / abs(x) for e, x in zip(errors.values(), alone["inputs"].values(), strict=True)]
            )
            assert [float(x) for x in found] == pytest.approx(wanted, rel=told, abs=1e-12), group


@pytest.mark.parametrize("expression", [text for text, model in MODELS.items() if model])
def test_groups_are_fitted_as_scipy_fits_them(expression: str, tmp_path: Path) -> None:
    from scipy.optimize import curve_fit

    model, draw, groups = MODELS[expression], np.random.default_rng(2), Groups()
    assert model is not None
    for i in range(30):
        x = np.linspace(0.1, 4.0, int(draw.integers(6, 90)))
        truth = draw.uniform(0.5, 2.0, 2)
        groups[f"g{i}"] = x, model(x, *truth) + draw.normal(size=len(x)) * 0.02
    written(tmp_path / "g.csv", groups)
    for group, _, a, b, error_a, error_b, _, status in by_group(tmp_path, expression):
        found, spread = curve_fit(model, *groups[group], (1.0, 0.5), xtol=1e-14, ftol=1e-14)
        assert status == "gtol"
        assert [float(a), abs(float(b))] == pytest.approx([found[0], abs(found[1])], rel=1e-6)
        assert [float(error_a), float(error_b)] == pytest.approx(np.sqrt(np.diag(spread)), rel=1e-4)


def test_no_group_depends_on_the_others(tmp_path: Path) -> None:
    """Not a bit of its row changes where others come or go, or stand elsewhere."""
    expression, groups = "sum((y - a*exp(-b*x))^2)", drawn(3, 45)
    written(tmp_path / "g.csv", groups)
    known = {row[0]: row for row in by_group(tmp_path, expression)}
    names = list(groups)
    for seed in range(3):
        draw = random.Random(seed)
        some = draw.sample(names, draw.choice((1, 2, 20, 44)))
        written(tmp_path / "g.csv", {name: groups[name] for name in some})
        table = by_group(tmp_path, expression)
        assert [row[0] for row in table] == some
        assert all(row == known[row[0]] for row in table)


def test_what_only_one_fit_has_is_not_lost(tmp_path: Path) -> None:
    """Bounds, a target and a limit of steps hold in each group."""
    written(tmp_path / "g.csv", {name: rows for name, rows in drawn(4, 18).items() if name.startswith("noise")})
    text = "sum((y - a*exp(-b*x))^2)"
    assert {row[-1] for row in by_group(tmp_path, text, "--max-steps", "1")} == {"max_steps"}
    assert {row[-1] for row in by_group(tmp_path, text, "--target", "1e9")} == {"target"}
    assert all(float(row[3]) <= 0.25 for row in by_group(tmp_path, text, "--bounds", "b=0:0.25"))
