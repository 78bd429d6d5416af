"""Classic problems in seven systems of units: the way, its length and its end do not depend on them."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import circuit, rows
from tests.test_fits import NIST, digits
from tests.unit_systems import OWN, SYSTEMS, Case, Units


def names(count: int) -> list[str]:
    return [f"x{i + 1}" for i in range(count)]


def squares(residuals: Sequence[str]) -> str:
    return " + ".join(f"({residual})^2" for residual in residuals)


def case(name: str, expression: str, start: Sequence[float], best: float, **bounds: tuple[Any, Any]) -> Case:
    keys = ("x", "y") if len(start) == 2 else names(len(start))
    return Case(name, expression, dict(zip(keys, start, strict=True)), best, bounds)


BARD = (0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39)
BELL = (0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989)
GULF = [i / 100 for i in range(1, 21)]
KOWALIK = (
    *((0.1957, 4.0), (0.1947, 2.0), (0.1735, 1.0), (0.16, 0.5), (0.0844, 0.25), (0.0627, 0.167)),
    *((0.0456, 0.125), (0.0342, 0.1), (0.0323, 0.0833), (0.0235, 0.0714), (0.0246, 0.0625)),
)

# Moré, Garbow & Hillstrom (1981), and Hock & Schittkowski (1981) those with bounds: starts and optima as printed.
CLASSICS = [
    case("Rosenbrock", "100*(y-x^2)^2 + (1-x)^2", (-1.2, 1.0), 0.0),
    case(
        "Freudenstein and Roth",
        "(-13 + x + ((5-y)*y - 2)*y)^2 + (-29 + x + ((y+1)*y - 14)*y)^2",
        (0.5, -2.0),
        48.98425367924,
    ),
    case("Powell, badly scaled", "(1e4*x*y - 1)^2 + (exp(-x) + exp(-y) - 1.0001)^2", (0.0, 1.0), 0.0),
    case("Brown, badly scaled", "(x-1e6)^2 + (y-2e-6)^2 + (x*y-2)^2", (1.0, 1.0), 0.0),
    case("Beale", squares([f"{c} - x*(1-y^{i})" for i, c in enumerate((1.5, 2.25, 2.625), 1)]), (1.0, 1.0), 0.0),
    case(
        "Jennrich and Sampson",
        squares([f"{2 + 2 * i} - exp({i}*x) - exp({i}*y)" for i in range(1, 11)]),
        (0.3, 0.4),
        124.36218235561,
    ),
    case(
        "helical valley",
        "100*((x3 - 10*(atan(x2/x1)/(2*pi) + where(x1 < 0, 0.5, 0)))^2 + (sqrt(x1^2+x2^2) - 1)^2) + x3^2",
        (-1.0, 0.0, 0.0),
        0.0,
    ),
    case(
        "Bard",
        squares([f"{y} - x1 - {i}/({16 - i}*x2 + {min(i, 16 - i)}*x3)" for i, y in enumerate(BARD, 1)]),
        (1.0, 1.0, 1.0),
        8.2148773065790e-3,
    ),
    case(
        "Gaussian",
        squares([f"x1*exp(-x2*({(8 - i) / 2}-x3)^2/2) - {BELL[min(i, 16 - i) - 1]}" for i in range(1, 16)]),
        (0.4, 1.0, 0.0),
        1.1279327696189e-8,
    ),
    case(
        "Box in three inputs",
        squares([f"exp(-{i / 10}*x1) - exp(-{i / 10}*x2) - x3*(exp(-{i / 10}) - exp(-{i}))" for i in range(1, 11)]),
        (0.0, 10.0, 20.0),
        0.0,
    ),
    case(
        "Gulf research and development",
        squares([f"exp(-abs({25 + (-50 * math.log(t)) ** (2 / 3)!r} - x2)^x3/x1) - {t}" for t in GULF]),
        (5.0, 2.5, 0.15),
        0.0,
    ),
    case(
        "Powell, singular",
        "(x1+10*x2)^2 + 5*(x3-x4)^2 + (x2-2*x3)^4 + 10*(x1-x4)^4",
        (3.0, -1.0, 0.0, 1.0),
        0.0,
    ),
    case(
        "Wood",
        "100*(x2-x1^2)^2 + (1-x1)^2 + 90*(x4-x3^2)^2 + (1-x3)^2 + 10*(x2+x4-2)^2 + (x2-x4)^2/10",
        (-3.0, -1.0, -3.0, -1.0),
        0.0,
    ),
    case(
        "Kowalik and Osborne",
        squares([f"{y} - x1*({u}^2 + {u}*x2)/({u}^2 + {u}*x3 + x4)" for y, u in KOWALIK]),
        (0.25, 0.39, 0.415, 0.39),
        3.0750560384924e-4,
    ),
    case(
        "Brown and Dennis",
        " + ".join(
            f"((x1 + {t}*x2 - exp({t}))^2 + (x3 + x4*sin({t}) - cos({t}))^2)^2" for t in (i / 5 for i in range(1, 21))
        ),
        (25.0, 5.0, -5.0, -1.0),
        85822.2016263563,
    ),
    case(
        "variably dimensioned",
        squares([*(f"{x} - 1" for x in names(6)), s := " + ".join(f"{i}*(x{i} - 1)" for i in range(1, 7)), f"({s})^2"]),
        [1 - i / 6 for i in range(1, 7)],
        0.0,
    ),
    case(
        "Rosenbrock, extended",
        " + ".join(f"100*(x{i + 1}-x{i}^2)^2 + (1-x{i})^2" for i in range(1, 11, 2)),
        [-1.2, 1.0] * 5,
        0.0,
    ),
    # The summit on this side of 0, where 400x^3 = 598x + 2; the one on the other side has 0.0504.
    case("Rosenbrock with a bound", "100*(y-x^2)^2 + (1-x)^2", (-2.0, 1.0), 4.941229317989, y=(1.5, None)),
    case("Asaadi with bounds", "(x+1)^3/3 + y", (1.125, 0.125), 8 / 3, x=(1.0, None), y=(0.0, None)),
    case(
        "McCormick",
        "sin(x+y) + (x-y)^2 - 1.5*x + 2.5*y + 1",
        (0.0, 0.0),
        -math.sqrt(3) / 2 - math.pi / 3,
        x=(-1.5, 4.0),
        y=(-3.0, 3.0),
    ),
    case(
        "a bound that is touched",
        "y + 1e-5*(y-x)^2",
        (10.0, 1.0),
        0.0,
        y=(0.0, None),
    ),
]


@pytest.mark.parametrize("case", CLASSICS, ids=lambda case: case.name)
def test_a_way_is_one_in_all_units(case: Case) -> None:
    own = case.run()
    count = own.evaluations["gradient"]
    assert own.success, own.message
    for units in SYSTEMS:
        run = case.run(units)
        assert run.status == own.status, (units, run.message)
        assert case.gap(run.found.value, units) <= 1e-9 * max(1.0, abs(case.best)), (units, run.message)
        assert abs(run.evaluations["gradient"] - count) <= 0.25 * count + 1, units


@pytest.mark.parametrize("case", CLASSICS[:4] + CLASSICS[-4:], ids=lambda case: case.name)
@pytest.mark.parametrize("units", [Units((6, -6)), Units((9, -9), -20)])
def test_so_says_the_command(case: Case, units: Units) -> None:
    def typed(units: Units) -> dict[str, Any]:
        words = [word for name, x in case.at(units).items() for word in (f"-{name}", repr(x))]
        for name, low, high in zip(case.start, *case.within(units), strict=True):
            ends = ["" if math.isinf(end) else repr(end) for end in (low, high)]
            words += ["--bounds", f"{name}={':'.join(ends)}"] if any(ends) else []
        done = circuit("descend", case.text(units), *words, "--json")
        found: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == 0, found["message"]
        return found

    found, own = typed(units), typed(OWN)
    assert found["status"] == own["status"]
    assert found["value"] / units.factor == pytest.approx(case.best, rel=1e-9, abs=1e-9)
    assert found["at_bound"] == own["at_bound"]


@pytest.mark.parametrize("method", ["auto", "lbfgs", "newton"])
@pytest.mark.parametrize("name", ["Rosenbrock", "Beale", "Wood", "Brown and Dennis", "McCormick"])
def test_so_do_the_methods_that_find_their_own_steps(name: str, method: str) -> None:
    case = next(case for case in CLASSICS if case.name == name)
    own = case.run(method=method)
    for units in SYSTEMS:
        run = case.run(units, method)
        assert run.success, (units, run.message)
        assert case.gap(run.found.value, units) <= 1e-9 * max(1.0, abs(case.best))
        assert abs(run.evaluations["gradient"] - own.evaluations["gradient"]) <= 0.25 * own.evaluations["gradient"] + 1


RNG = np.random.default_rng(16)
U, V = RNG.normal(1.0, 2.0, 80), RNG.normal(-1.0, 0.5, 80)
LINE = 0.4 + 0.7 * U - 1.1 * V
COLUMNS = {
    "u": U,
    "v": V,
    "bit": np.where(RNG.random(80) < 1 / (1 + np.exp(-LINE)), 1.0, 0.0),
    "count": 1.0 * RNG.poisson(np.exp(0.2 + 0.3 * U)),
    "y": LINE + RNG.normal(0.0, 0.3, 80),
}

# What is climbed over the rows, the start, and the power of (the units of u, of v, of y) that each parameter has.
MODELS: Mapping[str, tuple[str, dict[str, float], dict[str, tuple[int, int, int]]]] = {
    "logistic regression": (
        "z = a + b*u + c*v; sum(bit*logsigmoid(z) + (1-bit)*logsigmoid(-z))",
        {"a": 0.0, "b": 0.0, "c": 0.0},
        {"a": (0, 0, 0), "b": (-1, 0, 0), "c": (0, -1, 0)},
    ),
    "Poisson regression": (
        "z = a + b*u; sum(count*z - exp(z))",
        {"a": 0.0, "b": 0.0},
        {"a": (0, 0, 0), "b": (-1, 0, 0)},
    ),
    "Gaussian log-likelihood": (
        "sum(-log(s) - ((y - a - b*u)/s)^2/2)",
        {"a": 1.0, "b": 0.1, "s": 2.0},
        {"a": (0, 0, 1), "b": (-1, 0, 1), "s": (0, 0, 1)},
    ),
    "a mean of logs": (
        "-mean(log(1 + ((y - a - b*u - c*v)/s)^2))",
        {"a": 0.5, "b": 0.5, "c": -1.0},
        {"a": (0, 0, 1), "b": (-1, 0, 1), "c": (0, -1, 1)},
    ),
}


@pytest.mark.parametrize("model", MODELS)
def test_rows_in_other_units(model: str, tmp_path: Path) -> None:
    text, start, powers = MODELS[model]

    def fitted(units: tuple[float, float, float], scale: float) -> tuple[dict[str, Any], dict[str, float]]:
        factor = dict(zip(("u", "v", "y"), units, strict=True))
        columns = {name: column * factor.get(name, 1.0) for name, column in COLUMNS.items()}
        with (tmp_path / "rows.csv").open("w") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
        each = {name: math.prod(u**p for u, p in zip(units, powers[name], strict=True)) for name in start}
        words = [word for name, x in start.items() for word in (f"-{name}", repr(x * each[name]))]
        given = ["-s", repr(0.3 * units[2]), "--wrt", ",".join(start)] if "/s)" in text and "s" not in start else []
        *named, output = text.split("; ")
        done = circuit(
            "ascend", "; ".join([*named, f"{scale!r}*({output})"]), "rows.csv", *words, *given, "--json", cwd=tmp_path
        )
        found: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == 0, found["message"]
        return found, {name: found["inputs"][name] / each[name] for name in start}

    own, inputs = fitted((1.0, 1.0, 1.0), 1.0)
    for units in ((1e9, 1e-9, 1e9), (1e-9, 1e9, 1e-9), (1e9, 1e9, 1e-9), (1e3, 1e-6, 1.0)):
        for scale in (1.0, 1e-20):
            found, others = fitted(units, scale)
            assert found["status"] == own["status"]
            assert others == pytest.approx(inputs, rel=1e-7)
            count = own["evaluations"]["gradient"]
            assert abs(found["evaluations"]["gradient"] - count) <= 0.25 * count + 1


def shifted(name: str, powers: Mapping[str, int]) -> str:
    """A table of numbers, its columns multiplied by powers of ten, to the last digit."""
    with (NIST / name).open() as file:
        header, *lines = csv.reader(file)
    moved = [
        [str(Decimal(cell).scaleb(powers[name])) for name, cell in zip(header, line, strict=True)] for line in lines
    ]
    return "".join(",".join(line) + "\n" for line in [header, *moved])


@pytest.mark.slow
@pytest.mark.parametrize("powers", [(9, 9), (-9, -9), (9, -9), (-9, 9)], ids=str)
@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("case", rows("ascent/nist"), ids=lambda case: case["name"])
def test_certified_regressions_in_other_units(
    case: dict[str, Any], start: str, powers: tuple[int, int], tmp_path: Path
) -> None:
    """NIST's, with x, y and the parameters multiplied by powers of ten."""
    pytest.importorskip("scipy")
    columns = dict(zip("xy", powers, strict=True))
    (tmp_path / "rows.csv").write_text(shifted(case["csv"], columns))
    factors = Units((9, -9)).factors(case[start])
    residual = case["objective"].removeprefix("-(").removesuffix(")^2")
    there = ", ".join(
        [*(f"{name}/1e{power}" for name, power in columns.items()), *(f"{b}/{f}" for b, f in factors.items())]
    )
    text = f"own({', '.join([*columns, *factors])}) = {residual}; -sum((1e{columns['y']}*own({there}))^2)"
    words = [word for name, factor in factors.items() for word in (f"-{name}", repr(case[start][name] * factor))]
    done = circuit("ascend", text, "rows.csv", *words, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == 0, found["message"]
    for name, (value, error) in case["certified"].items():
        assert digits(found["inputs"][name] / factors[name], value) >= 8
        assert digits(found["uncertainty"]["stderr"][name] / factors[name], error) >= 8


@pytest.mark.parametrize("units", [Units((0,), 9), Units((0,), -20)])
def test_steps_along_the_gradient_do_not_hang_on_the_unit_of_the_value(units: Units) -> None:
    case = next(case for case in CLASSICS if case.name == "Beale")
    own, other = case.run(method="gradient"), case.run(units, "gradient")
    assert other.status == own.status == "gtol"
    assert abs(other.steps - own.steps) <= 0.25 * own.steps
