"""Aggregates over rows: values and gradients by closed formulas, and the same bits whoever computes which part."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.errors import UsageError
from circuitcli.rows import aggregate_parts
from circuitcli.rows.over_arrays import over_arrays
from circuitcli.tables import pieces as text_pieces
from tests.support import circuit, some_slow

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=(2, 150_001))
W, K = 0.7, 1.3


def _mean(u: Any) -> float:
    return math.fsum(u) / len(u)


def _softmax(u: Any) -> Any:
    weights = np.exp(u - u.max())
    return weights / math.fsum(weights)


E = np.exp(W * X)
U, V = W * X**2, Y + W * X


def _slope_of_correlation() -> float:
    """By centred columns: r = <u, v>/(|u| |v|), and the rule of quotients."""
    u, v, du, dv = (column - column.mean() for column in (U, V, X**2, X))
    a, b = math.sqrt(math.fsum(u * u)), math.sqrt(math.fsum(v * v))
    r = math.fsum(u * v) / a / b
    return (math.fsum(du * v) + math.fsum(u * dv)) / a / b - r * (math.fsum(u * du) / a**2 + math.fsum(v * dv) / b**2)


def _between(share: float) -> tuple[float, dict[str, float]]:
    """A quantile of w*x + k*y, and its slopes: those of the row, or the rows next to it."""
    values = W * X + K * Y
    order = np.argsort(values)
    at = (len(values) - 1) * share
    low, high = order[int(at)], order[min(int(at) + 1, len(values) - 1)]
    part = at - int(at)
    value, by_w, by_k = (float(u[low] + part * (u[high] - u[low])) for u in (values, X, Y))
    return value, {"w": by_w, "k": by_k}


WANTED: list[tuple[str, float, dict[str, float]]] = [
    ("sum(w*x)", math.fsum(W * X), {"w": math.fsum(X)}),
    ("mean((y - w*x)^2)", _mean((Y - W * X) ** 2), {"w": -2 * _mean(X * (Y - W * X))}),
    ("mean(w*x) - 0.01*w^2", _mean(W * X) - 0.01 * W**2, {"w": _mean(X) - 0.02 * W}),
    ("sum(x > 0) / count()", float(np.count_nonzero(X > 0)) / len(X), {}),
    ("max(w*x + k)", float((W * X).max()) + K, {"w": float(X.max()), "k": 1.0}),
    ("min(k*y, 0.5) + min(k*y)", math.nan, {}),
    ("var(k*x)", K**2 * float(np.var(X, ddof=1)), {"k": 2 * K * float(np.var(X, ddof=1))}),
    ("std(exp(w*x))", float(np.std(E, ddof=1)), {"w": float(np.cov(E, X * E)[0, 1] / np.std(E, ddof=1))}),
    (
        "logsumexp(w*x) - log(count())",
        float((W * X).max() + math.log(math.fsum(np.exp(W * X - (W * X).max())))) - math.log(len(X)),
        {"w": math.fsum(_softmax(W * X) * X)},
    ),
    ("median(w*x + k*y)", float(np.median(W * X + K * Y)), _between(0.5)[1]),
    ("quantile(w*x + k*y, 0.37)", *_between(0.37)),
    ("corr(w*x^2, y + w*x)", float(np.corrcoef(U, V)[0, 1]), {"w": _slope_of_correlation()}),
    (
        "q = exp(w)*k; mean(q*x^2) * std(y) + q",
        math.exp(W) * K * (_mean(X**2) * float(np.std(Y, ddof=1)) + 1),
        {
            "w": math.exp(W) * K * (_mean(X**2) * float(np.std(Y, ddof=1)) + 1),
            "k": math.exp(W) * (_mean(X**2) * float(np.std(Y, ddof=1)) + 1),
        },
    ),
]


@pytest.mark.parametrize("engine", ["arrays", "native"])
@pytest.mark.parametrize(("expression", "value", "gradient"), WANTED, ids=lambda x: x if isinstance(x, str) else "")
def test_values_and_gradients(expression: str, value: float, gradient: dict[str, float], engine: str) -> None:
    c = Circuit(expression)
    if value != value:  # a value per row, beside an answer from all
        with pytest.raises(UsageError, match="two passes"):
            c(y=Y, k=K)
        return
    given = {"x": X, "y": Y, "w": W, "k": K}
    found = over_arrays(c._read.graph, {n: given[n] for n in c.inputs}, engine=engine)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.gradient == pytest.approx(gradient, rel=1e-11)


def test_at_a_single_point_there_is_one_row() -> None:
    assert Circuit("sum(x) + mean(x) + max(x) + min(x) + logsumexp(x) + count()")(x=3.0) == 16.0
    assert math.isnan(Circuit("var(x)")(x=3.0)) and math.isnan(Circuit("std(x)")(x=3.0))
    assert Circuit("mean(w*x)").gradient(x=3.0, w=2.0) == {"w": 3.0, "x": 2.0}


def test_extremes_share_the_slope_among_ties_and_a_nan_is_the_answer() -> None:
    c = Circuit("max(w*x)")
    assert c.gradient(x=np.array([1.0, 3.0, 3.0, 2.0]), w=2.0) == {"w": 3.0}
    assert Circuit("max(x*w + y)").gradient(x=np.array([1.0, 2.0]), y=np.array([1.0, 0.0]), w=1.0) == {"w": 1.5}
    for i in (0, 1, 2):
        x = np.array([1.0, 5.0, 3.0])
        x[i] = math.nan
        assert math.isnan(c(x=x, w=1.0))
        assert math.isnan(Circuit("min(x)")(x=x))


def test_a_variance_keeps_its_digits_far_from_zero() -> None:
    x = 1e9 + np.arange(100_000) % 7
    exact = float(np.var(np.arange(100_000) % 7, ddof=1))
    assert Circuit("var(x)")(x=x) == pytest.approx(exact, rel=1e-12)


def test_a_logsumexp_neither_overflows_nor_vanishes() -> None:
    assert Circuit("logsumexp(x)")(x=np.array([1000.0, 1000.0])) == pytest.approx(1000.0 + math.log(2.0), rel=1e-15)
    assert Circuit("logsumexp(x)")(x=np.array([-1e4, -1e4])) == pytest.approx(-1e4 + math.log(2.0), rel=1e-15)
    assert Circuit("logsumexp(x)")(x=np.array([-math.inf, -math.inf])) == -math.inf
    assert Circuit("logsumexp(x)")(x=np.array([math.inf, 1.0])) == math.inf


def test_quantiles_share_slopes_among_ties_and_know_their_ends() -> None:
    x, t = np.array([3.0, 1.0, 2.0, 2.0, 5.0]), np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    c = Circuit("quantile(x + w*t, p)")
    for p in (0.0, 0.1, 0.25, 0.5, 0.6, 1.0):
        assert c({"x": x, "t": t, "w": 0.0, "p": p}) == pytest.approx(float(np.quantile(x, p)), rel=1e-15)
    value, slopes = c.value_and_gradient(x=x, t=t, w=0.0, p=0.6)
    assert slopes["w"] == pytest.approx(0.6 * 6.0 + 0.4 * 1.0) and slopes["p"] == pytest.approx(4.0)
    assert value == pytest.approx(2.4)
    for p in (-0.1, 1.1, math.nan):
        assert math.isnan(c({"x": x, "t": t, "w": 0.0, "p": p}))
    assert math.isnan(Circuit("median(x)")({"x": np.array([1.0, math.nan, 3.0])}))
    assert Circuit("median(x)")({"x": np.array([math.inf, 1.0, 3.0])}) == 3.0
    with pytest.raises(UsageError, match="t varies by row, and quantile"):
        Circuit("quantile(x, t)")({"x": x, "t": t})
    with pytest.raises(UsageError, match="w does not vary by row"):
        Circuit("corr(x, w)")({"x": x, "w": 1.0})
    nested = Circuit("quantile(x, mean(t)/10)")
    assert nested({"x": x, "t": t / 2}) == pytest.approx(float(np.quantile(x, 0.31)), rel=1e-15)


@pytest.mark.parametrize("scale", [1e-140, 1e-9, 1.0, 1e12, 1e140])
def test_a_correlation_has_no_unit(scale: float) -> None:
    draw = np.random.default_rng(5)
    x = draw.normal(size=10_000)
    y = 0.3 * x + draw.normal(size=10_000)
    want = float(np.corrcoef(x, y)[0, 1])
    assert Circuit("corr(x, y)")({"x": scale * x + 3 * scale, "y": y / scale}) == pytest.approx(want, rel=1e-12)
    assert Circuit("corr(x, -2*x)")({"x": scale * x}) == pytest.approx(-1.0, rel=1e-15)
    assert math.isnan(Circuit("corr(x, y)")({"x": scale * np.ones(100), "y": y[:100]}))


def test_no_rows() -> None:
    none = np.array([])
    assert Circuit("sum(x) + count()")(x=none) == 0.0
    assert math.isnan(Circuit("mean(x)")(x=none))


def test_what_does_not_vary_by_row_is_not_gathered() -> None:
    for expression in ("sum(w)", "mean(mean(x))", "mean(x) + max(w)"):
        with pytest.raises(UsageError, match="does not vary by row"):
            Circuit(expression)({"x": X, "w": 1.0})


@pytest.mark.parametrize("engine", some_slow(["arrays", "native"], ["arrays"]))
def test_sums_do_not_depend_on_who_computes_them(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savetxt(tmp_path / "a.csv", np.column_stack([X, Y]), "%.17g", ",", header="x,y", comments="")
    words = ["grad", "mean(exp(w*x)*y) + std(w*x)", "a.csv", "-w", "0.7", "--quiet", "--engine", engine]
    one = circuit(*words, "--jobs", "1", cwd=tmp_path).stdout
    assert one.startswith("w ")
    for jobs in ("2", "5"):
        assert circuit(*words, "--jobs", jobs, cwd=tmp_path).stdout == one
    piped = circuit(*words[:2], "-", *words[3:], stdin=(tmp_path / "a.csv").read_bytes(), cwd=tmp_path)
    assert piped.stdout == one


def test_units_are_cut_alike_whatever_pieces_come() -> None:
    rows = b"".join(b"%d,%s\n" % (i, b"x" * (i % 50)) for i in range(20_000))
    before = text_pieces.UNIT
    text_pieces.UNIT = 100_000
    try:
        wanted = None
        for size in (1 << 20, 65_536, 4_096, 999):
            pieces = text_pieces.cut((rows[i : i + size] for i in range(0, len(rows), size)), "rows", quotes=True)
            units: dict[int, bytes] = {}
            for piece in pieces:
                units[piece.unit] = units.get(piece.unit, b"") + piece.data
            assert b"".join(units.values()) == rows
            wanted = wanted or units
            assert units == wanted
        assert wanted is not None and len(wanted) == -(-len(rows) // 100_000)
    finally:
        text_pieces.UNIT = before


def test_the_record_of_an_answer(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,oops\n3,4\n")
    done = circuit("grad", "mean((y - w*x)^2)", "a.csv", "-w", "2", "--json", "--bad-rows", "skip", cwd=tmp_path)
    record = json.loads(done.stdout)
    assert record["rows"] == {"count": 2, "files": ["a.csv"], "skipped": 1, "nonfinite": 0}
    assert (record["value"], record["gradient"]) == (2.0, {"w": 6.0})
    assert record["inputs"] == {"w": 2.0}
    values = {node["expression"]: node.get("value") for node in record["nodes"]}
    assert values["mean((y - w * x)^2)"] == 2.0 and values["w * x"] is None
    row = circuit("grad", "mean(w*x)", "a.csv", "-w", "2", "--to", "jsonl", cwd=tmp_path)
    assert json.loads(row.stdout) == {"file": "a.csv", "rows": 3, "w": 2.0, "value": 14 / 3, "grad_w": 7 / 3}
    table = circuit("grad", "mean(w*x)", "a.csv", "-w", "2", cwd=tmp_path).stdout.splitlines()
    assert table[-1] == " 3 rows" and table[1].split() == ["w", "2", "2.333333333"]


def test_an_answer_as_a_test_and_a_model_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (tmp_path / "model.circuit").write_text("w = 2   # a default\nloss = mean((y - w*x)^2)\n")
    assert circuit("eval", "max(x) > 2", "a.csv", "--test", cwd=tmp_path).returncode == 0
    assert circuit("eval", "max(x) > 3", "a.csv", "--test", cwd=tmp_path).returncode == 1
    done = circuit("grad", "--file", "model.circuit", "a.csv", "-w", "1", "--quiet", cwd=tmp_path)
    assert done.stdout == "w -4.0\n"
    assert circuit("eval", "--file", "model.circuit", "a.csv", "--quiet", cwd=tmp_path).stdout == "2.0\n"
    (tmp_path / "fit.json").write_text('{"w": 1, "unused": 3}')
    words = ["grad", "mean((y - w*x)^2)", "a.csv", "--inputs", "fit.json", "--quiet"]
    assert circuit(*words, cwd=tmp_path).stdout == "w -4.0\n"


def test_an_answer_that_is_not_finite(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n-1\nnan\n")
    done = circuit("eval", "mean(log(x))", "a.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "the result of 1 row is infinite or not a number" in done.stderr
    assert "1 row came in infinite or not a number" in done.stderr
    (tmp_path / "a.csv").write_text("x\n1\nnan\n")
    assert circuit("eval", "mean(x)", "a.csv", cwd=tmp_path).returncode == 0
    (tmp_path / "a.csv").write_text("x\n")
    assert circuit("eval", "mean(x)", "a.csv", cwd=tmp_path).returncode == 3


def test_quantiles_that_do_not_fit_are_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregate_parts, "memory", lambda: 2**20)
    x = np.random.default_rng(1).normal(size=2**21)
    assert Circuit("median(x)")({"x": x[: 2**15]}) == np.median(x[: 2**15])
    with pytest.raises(
        UsageError, match=r"need the numbers of all rows at a time, and .* do not fit into memory twice"
    ):
        Circuit("median(x)")({"x": x})


@pytest.mark.parametrize("far", [0.0, 1e6, 1.7e9, 1e12])
def test_a_spread_keeps_its_digits_over_many_blocks(far: float) -> None:
    draw = np.random.default_rng(17)
    x = far + np.round(draw.normal(size=200_000), 6)
    y = x - far + draw.normal(size=200_000)
    apart = x - far  # exact
    assert Circuit("std(x)")({"x": x}) == pytest.approx(float(np.std(apart, ddof=1)), rel=1e-12)
    assert Circuit("corr(x, y)")({"x": x, "y": y}) == pytest.approx(float(np.corrcoef(apart, y)[0, 1]), rel=1e-12)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("quantile(x, 90)", "quantile(x, 90): its level is a number from 0 to 1, as 0.9"),
        ("log(mean(x) - 7)", "log(mean(x) - 7) at mean(x) - 7 = -5: outside its domain"),
        ("corr(x, c)", "corr(x, c): the rows have no spread"),
        ("1/(mean(c) - 5)", "1 / (mean(c) - 5) at mean(c) - 5 = 0: division by zero"),
        ("std(x)*1e308*1e308", "overflows, beyond 1.8e308"),
    ],
)
def test_an_answer_that_is_none_names_its_gate(expression: str, why: str) -> None:
    done = circuit("eval", expression, "-", stdin="x,c\n1,5\n2,5\n3,5\n")
    assert "the answer is infinite or not a number: " in done.stderr and why in done.stderr
