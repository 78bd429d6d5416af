"""Weighted squares in every spelling, their standard errors beside SciPy's and published ones, and perfect fits."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli.gates import GATES
from tests.support import circuit

Floats = np.ndarray[Any, np.dtype[np.float64]]

X = np.linspace(0.0, 5.0, 20)
S = np.random.default_rng(1).uniform(0.1, 0.5, 20)
Y = 1.0 + 0.7 * X + np.random.default_rng(2).normal(0.0, 1.0, 20) * S


def written(folder: Path, **columns: Floats) -> None:
    """Write columns to the file data.csv."""
    rows = zip(*[column.tolist() for column in columns.values()], strict=True)
    text = "".join(",".join(map(repr, row)) + "\n" for row in rows)
    (folder / "data.csv").write_text(f"{','.join(columns)}\n{text}")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    written(tmp_path, x=X, y=Y, s=S, w=1.0 / S**2)
    return tmp_path


def fit(folder: Path, text: str, *words: str, command: str = "descend", start: str = "-a 0 -b 0") -> dict[str, Any]:
    done = circuit(command, text, "data.csv", *start.split(), "--json", *words, cwd=folder)
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "notes": done.stderr, "exit": done.returncode}


def errors(found: dict[str, Any]) -> Floats:
    stderr: Floats = np.array(list(found["uncertainty"]["stderr"].values()))
    return stderr


@pytest.mark.parametrize(
    "text",
    [
        "sum(r^2/s^2)",
        "sum((r/s)^2)",
        "sum(r^2/(s*s))",
        "sum(r^2/square(s))",
        "sum(r^2*s^-2)",
        "sum(w*r^2)",
        "sum(r*w*r)",
        "sum((r*sqrt(w))^2)",
        "sum(r^2*w/2)",
        "sum(r^2/(2*s^2))",
        "sum(0.5*(-r/s)^2)",
        "sum(r/s*r/s)",
        "sum(exp(-2*log(s))*r^2)",
        "sum((y/s - (a + b*x)/s)^2)",
        "u = r^2; sum(u*w)",
        "sum(w*r^2)/sum(w)",
        "mean((r/s)^2)/2",
        "-3*sum(-(r/s)^2)/(count() - 2)",
        "sqrt(mean((r/s)^2))",
        "mean(r^2/s^2)^(1/2)",
        "sqrt(sum(w*r^2)/sum(w))",
    ],
)
def test_every_spelling_of_weights_has_the_errors_of_scipy(data: Path, text: str) -> None:
    curve_fit = pytest.importorskip("scipy.optimize").curve_fit
    for sigma in ("scaled", "absolute"):
        found = fit(data, f"r = y - a - b*x; {text}", "--sigma", sigma)
        at, covariance = curve_fit(lambda x, a, b: a + b * x, X, Y, sigma=S, absolute_sigma=sigma == "absolute")
        assert (found["method"], found["success"]) == ("least-squares", True), found["message"]
        assert list(found["inputs"].values()) == pytest.approx(at, rel=1e-6)
        assert errors(found) == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
        spread = found["uncertainty"]
        assert spread["correlation"][0] == pytest.approx(
            [1.0, covariance[0][1] / math.prod(covariance.diagonal()) ** 0.5]
        )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sum(r^2) + sum(w*r^2)", "two sums"),
        ("sum(r^4)", "a fourth power"),
        ("sum(r*abs(r) + 20*r^2)", "no product"),
        ("sum(abs(r)^1.5)", "no square"),
        ("1/sum(1/(1 + r^2))", "the sum is below the bar"),
        ("sum(r*sqrt(r^2))", "the root of a square has no sign"),
        ("sum((a^2 + 1)*r^2)", "the weight moves"),
        ("sum(r^2/exp(a + b*x))", "the weight moves"),
    ],
)
def test_what_is_no_weighted_square_is_climbed_as_it_is(data: Path, text: str, why: str) -> None:
    found = fit(data, f"r = y - a - b*x; {text}", start="-a 0.9 -b 0.6")
    method = "kinks" if "abs(" in text else "newton"
    assert (found["method"], "uncertainty" in found) == (method, False), why


MODELS: list[tuple[str, str, Callable[..., Floats], dict[str, float]]] = [
    ("a*exp(-b*x)", "sum(w*(y - F)^2)", lambda x, a, b: a * np.exp(-b * x), {"a": 3.0, "b": 0.7}),
    ("a*x/(b + x)", "sqrt(mean(((y - F)/s)^2))", lambda x, a, b: a * x / (b + x), {"a": 4.0, "b": 1.5}),
    (
        "a*exp(-((x - b)/c)^2/2)",
        "mean((F - y)^2/(s*s))",
        lambda x, a, b, c: a * np.exp(-(((x - b) / c) ** 2) / 2),
        {"a": 5.0, "b": 2.5, "c": 0.8},
    ),
    (
        "a/(1 + exp(-b*(x - c)))",
        "sum((y - F)^2/s^2)/sum(w)",
        lambda x, a, b, c: a / (1 + np.exp(-b * (x - c))),
        {"a": 5.0, "b": 2.0, "c": 2.0},
    ),
    ("a*sin(b*x + c)", "sum(w*(y - F)^2)/2", lambda x, a, b, c: a * np.sin(b * x + c), {"a": 2.0, "b": 1.5, "c": 0.3}),
    (
        "(a + b*x)/(1 + c*x)",
        "sum(((y - F)/s)^2)",
        lambda x, a, b, c: (a + b * x) / (1 + c * x),
        {"a": 1, "b": 2, "c": 0.4},
    ),
]


@pytest.mark.parametrize(("model", "text", "function", "true"), MODELS, ids=[model for model, *_ in MODELS])
def test_curves_have_the_errors_and_intervals_of_scipy(
    tmp_path: Path, model: str, text: str, function: Callable[..., Floats], true: dict[str, float]
) -> None:
    curve_fit, student = pytest.importorskip("scipy.optimize").curve_fit, pytest.importorskip("scipy.stats").t
    y = function(X, **true) + 1.7 * S * np.random.default_rng(3).normal(size=20)
    written(tmp_path, x=X, y=y, s=S, w=1.0 / S**2)
    start = " ".join(f"-{name} {0.9 * x}" for name, x in true.items())
    tight = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    for absolute, words in ((False, ["--level", "0.9"]), (True, ["--level", "0.9", "--sigma", "absolute"])):
        found = fit(tmp_path, text.replace("F", f"({model})"), *words, start=start)
        at, covariance = curve_fit(function, X, y, list(true.values()), sigma=S, absolute_sigma=absolute, **tight)
        stderr = np.sqrt(np.diag(covariance))
        assert errors(found) == pytest.approx(stderr, rel=1e-6)  # SciPy's Jacobian is one of differences
        quantile = 1.6448536269514722 if absolute else student.ppf(0.95, 20 - len(true))  # of the normal distribution
        low, high = zip(*found["uncertainty"]["interval"].values(), strict=True)
        assert low == pytest.approx(at - quantile * stderr, rel=1e-6)
        assert high == pytest.approx(at + quantile * stderr, rel=1e-6)


def test_r_squared_is_that_of_weighted_distances(data: Path) -> None:
    w, design = 1.0 / S**2, np.vander(X, 2)
    residuals = Y - design @ np.linalg.lstsq(design / S[:, None], Y / S, rcond=None)[0]
    total = float((w * (Y - np.average(Y, weights=w)) ** 2).sum())
    found = fit(data, "sum(w*(y - a - b*x)^2)")["uncertainty"]
    assert found["r_squared"] == pytest.approx(1.0 - float((w * residuals**2).sum()) / total, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "found", "residual_sum"),
    [
        ("sum((y - f)^2)", {"V": 212.68357970, "K": 0.06412103}, 1195.449),
        ("sum(c*(y - f)^2)", {"V": 218.15162032, "K": 0.07471006}, 137.4447),
    ],
)
def test_puromycin_as_r_has_it(tmp_path: Path, text: str, found: dict[str, float], residual_sum: float) -> None:
    """Fits by nls, weighted and not: D. Bates, "Weights in Nonlinear Least Squares", R-help, 26 September 2000."""
    rate = [76, 47, 97, 107, 123, 139, 159, 152, 191, 201, 207, 200]
    conc = [0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.1, 1.1]
    written(tmp_path, c=np.array(conc), y=np.array(rate, float))
    got = fit(tmp_path, f"f = V*c/(K + c); {text}", start="-V 200 -K 0.05")
    assert got["inputs"] == pytest.approx(found, rel=1e-5)  # where nls stops
    assert (got["uncertainty"]["residual_sum"], got["uncertainty"]["dof"]) == (
        pytest.approx(residual_sum, rel=1e-6),
        10,
    )


def test_dobsons_counts_as_r_has_them(tmp_path: Path) -> None:
    """The Poisson regression of the examples of ?glm in R."""
    counts = np.array([18, 17, 15, 20, 10, 20, 25, 13, 12], float)
    outcome: Floats = np.arange(9.0) % 3
    treatment: Floats = np.arange(9.0) // 3
    columns = {"p": outcome == 1, "q": outcome == 2, "t": treatment == 1, "u": treatment == 2}
    written(tmp_path, y=counts, **{name: column.astype(float) for name, column in columns.items()})
    text = "m = a + b*p + c*q + d*t + g*u; sum(y*m - exp(m))"
    found = fit(tmp_path, text, "--uncertainty", command="ascend", start="-a 2 -b 0 -c 0 -d 0 -g 0")
    assert errors(found) == pytest.approx([0.1709, 0.2022, 0.1927, 0.2, 0.2], abs=5e-5)
    assert found["uncertainty"]["assumed"] == "what was climbed is a log-likelihood"
    assert "assume that what was climbed is a log-likelihood\n" in found["notes"]


def test_a_robust_loss_is_a_likelihood_only_on_demand(tmp_path: Path) -> None:
    """Errors of Student's t with 4 degrees, by mpmath with 40 digits; statsmodels 0.15.0, TLinearModel(y, [1, x],
    fix_df=4), has 0.10064904, 0.01534471, 0.05088118."""
    x: Floats = np.linspace(0.0, 11.0, 12)
    y = np.array([1.1, 2.9, 5.2, 6.8, 9.1, 11.0, 22.0, 15.2, 16.9, 19.0, 20.8, 23.1])
    written(tmp_path, x=x, y=y)
    text = "t = (y - a - b*x)/s; sum(log(s) + 2.5*log1p(t^2/4))"
    start = "-a 0 -b 1 -s 1"
    assert "uncertainty" not in fit(tmp_path, text, start=start)
    found = fit(tmp_path, text, "--uncertainty", start=start)
    assert errors(found) == pytest.approx([0.1006487354, 0.0153444545954, 0.0508811771239], rel=1e-7)
    assert found["uncertainty"]["from"] == "likelihood"
    assert "what was descended is minus a log-likelihood; a chi-square is twice that: halve it" in found["notes"]


def test_rows_without_weight_are_no_degrees_of_freedom(data: Path, tmp_path: Path) -> None:
    """R's lm and nls leave them out."""
    whole = fit(data, "sum(w*(y - a - b*x)^2)")
    far: Floats = np.append(Y, [100.0, -50.0])
    written(tmp_path, x=np.append(X, [1.0, 2.0]), y=far, w=np.append(1.0 / S**2, [0.0, 0.0]))
    more = fit(tmp_path, "sum(w*(y - a - b*x)^2)")
    assert more["uncertainty"]["dof"] == whole["uncertainty"]["dof"] == 18
    assert errors(more) == pytest.approx(errors(whole), rel=1e-9)


def test_a_negative_weight_makes_no_square(data: Path) -> None:
    text = "sum((x - 0.1)*(y - a - b*x)^2)"  # its least is where the weighted normal equations say, for it still rises
    found = fit(data, text)
    assert found["notes"] == "note: no least squares: the weight x - 0.1 is negative in row 1; newton does it\n"
    assert (found["method"], found["exit"]) == ("newton", 0)
    design, w = np.vander(X, 2), X - 0.1
    b, a = np.linalg.solve(design.T @ (design * w[:, None]), design.T @ (Y * w))
    assert found["inputs"] == pytest.approx({"a": a, "b": b}, rel=1e-6)
    for words in (["--method", "least-squares"], ["--sigma", "absolute"]):
        done = circuit("descend", text, "data.csv", "-a", "0", "-b", "0", *words, cwd=data)
        assert (done.returncode, "the weight x - 0.1 is negative in row 1" in done.stderr) == (2, True)


def test_weights_do_not_leave_the_range_of_floats(tmp_path: Path) -> None:
    """A weight of 1e400 has a root."""
    written(tmp_path, x=X, y=Y * 1e-200, s=S * 1e-200)
    found = fit(tmp_path, "sum(((y - 1e-200*(a + b*x))/s)^2)")
    design = np.vander(X, 2)[:, ::-1] / S[:, None]
    at, (total,), *_ = np.linalg.lstsq(design, Y / S, rcond=None)
    stderr = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * total / 18)
    assert list(found["inputs"].values()) == pytest.approx(at, rel=1e-9)
    assert errors(found) == pytest.approx(stderr, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("sum((y - a - b - c*x)^2)", "-a 0 -b 1 -c 1", "the rows do not tell a from b"),
        ("sum(w*(y - a*b - c*x - d*x)^2)", "-a 1 -b 1 -c 1 -d 1", "the rows do not tell a from b, nor c from d"),
        ("sum((y - a - b*x + 0*c)^2)", "-a 0 -b 1 -c 1", "the rows do not tell anything of c"),
    ],
)
def test_inputs_that_the_rows_do_not_tell_apart_are_named(data: Path, text: str, start: str, said: str) -> None:
    found = fit(data, text, start=start)
    assert f"no standard errors: {said}\n" in found["notes"]
    assert "uncertainty" not in found
    assert ("note: c did not move: still where it started" in found["notes"]) == ("0*c" in text)


def test_a_likelihood_names_them_too(data: Path) -> None:
    text = "m = a + b + c*x; sum(exp(m) - y*m)"
    notes = fit(data, text, "--uncertainty", start="-a 0 -b 0 -c 0")["notes"]
    assert "does not fall in all directions from here: it does not tell a from b" in notes
    done = circuit("ascend", "-(x-y)^2 - z^2", "-x", "0", "-y", "1", "-z", "1", "--uncertainty")
    assert "does not fall in all directions from here: it does not tell x from y" in done.stderr


@pytest.mark.parametrize("text", ["sum(r^2)", "mean(r^2)/3", "sqrt(mean(r^2))", "sum(x*r^2)"])
@pytest.mark.parametrize("model", ["a + b*x", "a*exp(-b*x)", "a*x/(b + x)", "1e9 + a*b*x"])
@pytest.mark.parametrize("words", [[], ["--method", "lbfgs", "--uncertainty"]], ids=["least-squares", "lbfgs"])
def test_a_perfect_fit_is_a_success(tmp_path: Path, text: str, model: str, words: list[str]) -> None:
    xs = [0.5 * i + 0.1 for i in range(12)]
    (tmp_path / "x.csv").write_text("x\n" + "".join(f"{x!r}\n" for x in xs))
    values = circuit("eval", f"y = {model}", "x.csv", "-a", "1.7", "-b", "0.3", "--to", "csv", cwd=tmp_path).stdout
    (tmp_path / "data.csv").write_text(values)
    found = fit(tmp_path, f"r = y - ({model}); {text}", *words, start="-a 1 -b 0.5")
    assert (found["exit"], found["success"]) == (0, True), found["message"]
    if "a*b" not in model and "least" in found["method"]:
        assert found["inputs"] == pytest.approx({"a": 1.7, "b": 0.3}, rel=1e-12)
        assert found["uncertainty"]["residual_sum"] == 0.0
        assert errors(found).tolist() == [0.0, 0.0]


def test_perfect_fits_by_group(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("g,x,y\np,0,0.1\np,1,1.3\np,2,2.5\np,3,3.7\nq,0,1\nq,1,2\n")
    done = circuit(
        "descend", "sum((y - a - b*x)^2)", "g.csv", "-a", "1", "-b", "0.5", "--by", "g", "--to", "jsonl", cwd=tmp_path
    )
    p, _ = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert (p["stderr_a"], p["stderr_b"]) == (0.0, 0.0)
    assert "note: g q: no standard errors: 2 rows leave no degrees of freedom to 2 inputs" in done.stderr


def test_a_fit_that_is_not_perfect_is_none(tmp_path: Path) -> None:
    """One number in twelve is off by 1e-12 of it."""
    y = 1.0 + 2.0 * X
    y[7] *= 1.0 + 1e-12
    written(tmp_path, x=X, y=y)
    found = fit(tmp_path, "sum((y - a - b*x)^2)")
    assert found["status"] != "perfect" and found["success"]
    assert found["uncertainty"]["residual_sum"] > 0.0


def test_absolute_errors_need_no_degrees_of_freedom(tmp_path: Path) -> None:
    written(tmp_path, x=np.array([0.0, 1.0]), y=np.array([1.0, 2.0]), s=np.array([0.1, 0.2]))
    found = fit(tmp_path, "sum(((y - a - b*x)/s)^2)", "--sigma", "absolute")
    assert errors(found) == pytest.approx([0.1, math.hypot(0.1, 0.2)], rel=1e-12)


def test_options_of_errors_that_say_nothing_are_refused(data: Path) -> None:
    for words, said in (
        (["descend", "(x - 1)^2", "-x", "0", "--sigma", "absolute"], "--sigma is about weights of rows"),
        (["descend", "sum(abs(y - a)^3)", "data.csv", "-a", "0", "--sigma", "scaled"], "this is no sum of squares"),
        (
            ["descend", "sum((y - a)^2)", "data.csv", "-a", "0", "--level", "95"],
            "--level must be a number between 0 and 1",
        ),
    ):
        done = circuit(*words, cwd=data)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("gate", [row for row in GATES.values() if row.powers], ids=lambda row: row.name)
def test_a_gate_with_powers_is_their_product(gate: Any) -> None:
    from circuitcli.engine.floats import FLOATS

    one = gate.forward(FLOATS, *[1.0] * len(gate.powers))
    xs = [1.7, 0.3][: len(gate.powers)]
    product = one * math.prod(x**power for x, power in zip(xs, gate.powers, strict=True))
    assert gate.forward(FLOATS, *xs) == pytest.approx(product, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "of", "source"),
    [
        ("sum((r/s)^2) + l*a^2", 1.0, "chi-square"),
        ("mean(r^2/s^2) + l*a^2/20", 1.0, "chi-square"),
        ("3 - (-sum(w*r*r) - l*a^2)", 1.0, "chi-square"),
        ("sum((r/s)^2)/2 + l*a^2/2", 1.0, "likelihood"),
        ("mean(r^2/(2*s^2)) + l*a^2/40", 1.0, "likelihood"),
        ("5 + sum(0.5*w*r^2)", 0.0, "likelihood"),
        ("5 + sum(w*r^2)", 0.0, "chi-square"),
    ],
)
def test_a_chi_square_with_more_is_no_log_likelihood(data: Path, text: str, of: float, source: str) -> None:
    """Errors by the normal equations of a prior around 0 for a, of width 1/sqrt(l)."""
    found = fit(data, f"r = y - a - b*x; l = 7; {text}", "--uncertainty")
    design = np.vander(X, 2)[:, ::-1] / S[:, None]
    stderr = np.sqrt(np.diag(np.linalg.inv(design.T @ design + np.diag([7.0 * of, 0.0]))))
    assert errors(found) == pytest.approx(stderr, rel=1e-8)
    assert found["uncertainty"]["from"] == source
    assert ("is a chi-square, with 1 over the squared error of a row as its weight" in found["notes"]) == (
        source == "chi-square"
    )
    assert ("halve it" in found["notes"]) == (source == "likelihood")
