"""Rows with uncertain inputs: each row's uncertainty, and that of one answer from all, to first order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circuitcli.tables.uncertain_cells import uncertain_number
from tests.support import circuit

ENGINES: tuple[list[str], ...] = ([], ["--engine", "arrays"])


@pytest.mark.parametrize(
    ("cell", "value", "sigma"),
    [
        ("1.00±0.01", 1.0, 0.01),
        ("-1.00 ± 0.01", -1.0, 0.01),
        ("1.00+/-0.01", 1.0, 0.01),
        ("1+-2", 1.0, 2.0),
        ("1.00(1)", 1.0, 0.01),
        ("6.67430(15)e-11", 6.6743e-11, 1.5e-15),
        ("12(5)", 12.0, 5.0),
        ("-1.2(0.3)e-3", -0.0012, 0.0003),
        ("(1.67±0.02)e-27", 1.67e-27, 2e-29),
        ("-(1±.1)", -1.0, 0.1),
        ("-12±10%", -12.0, 1.2),
        ("1±0.1e-3", 1.0, 1e-4),
    ],
)
def test_cells(cell: str, value: float, sigma: float) -> None:
    found = uncertain_number(cell)
    assert found is not None and found.value == value and found.sigma == pytest.approx(sigma, rel=1e-15)


@pytest.mark.parametrize(
    "cell", ["1±", "(1±1", "1±1)", "1e5(3)", "abc(1)", "--1±2", "1±-2", "1±1e999", "1", "", "1(2)3"]
)
def test_what_is_no_uncertain_cell(cell: str) -> None:
    assert uncertain_number(cell) is None


def pendulums(scale: float) -> list[tuple[float, float, float, float]]:
    """Lengths and times with their uncertainties, in units of so many metres."""
    draw = np.random.default_rng(7)
    return [(float(x) * scale, float(x) * scale / 50, float(t), 0.01) for x, t in draw.uniform(0.5, 2.0, size=(20, 2))]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("scale", [1e-170, 1e-9, 1.0, 1e6, 1e170])
def test_each_row_has_its_uncertainty(scale: float, engine: list[str], tmp_path: Path) -> None:
    rows = pendulums(scale)
    (tmp_path / "a.csv").write_text("L,sL,T\n" + "".join(f"{x!r},{s!r},{t!r}±{u!r}\n" for x, s, t, u in rows))
    done = circuit("grad", "g = L/T^2", "a.csv", "--sigma-of", "L=sL", "--to", "jsonl", *engine, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for line, (x, s, t, u) in zip(done.stdout.splitlines(), rows, strict=True):
        row = json.loads(line)
        by_x, by_t = s / t**2, 2 * x / t**3 * u
        assert row["contribution_L"] == pytest.approx(by_x, rel=1e-14)
        assert row["contribution_T"] == pytest.approx(by_t, rel=1e-14)
        assert row["sigma"] == pytest.approx(math.hypot(by_x, by_t), rel=1e-14)


def by_rows(answer: Callable[[np.ndarray, np.ndarray], float], x: np.ndarray, y: np.ndarray, s: np.ndarray) -> float:
    """The uncertainty of an answer by moving one number at a time, both ways."""
    step, moves = 1e-6, []
    for column in (0, 1):
        for i in range(len(x)):
            sides = []
            for sign in (1.0, -1.0):
                moved = [x.copy(), y.copy()]
                moved[column][i] += sign * step
                sides.append(answer(*moved))
            moves.append((sides[0] - sides[1]) / (2.0 * step) * (s[i] if column == 0 else 0.02 * abs(y[i])))
    return math.hypot(*moves)


ANSWERS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "sum(x*y)": lambda x, y: float((x * y).sum()),
    "mean(exp(x)/y)": lambda x, y: float((np.exp(x) / y).mean()),
    "std(x*y)": lambda x, y: float(np.std(x * y, ddof=1)),
    "var(x + y)": lambda x, y: float(np.var(x + y, ddof=1)),
    "corr(x, y^2)": lambda x, y: float(np.corrcoef(x, y**2)[0, 1]),
    "logsumexp(x*y)": lambda x, y: float(np.log(np.exp(x * y).sum())),
    "max(x - y)": lambda x, y: float((x - y).max()),
    "median(x*y)": lambda x, y: float(np.median(x * y)),
    "quantile(x + y, 0.33)": lambda x, y: float(np.quantile(x + y, 0.33)),
    "mean(x)/mean(y) + std(y)": lambda x, y: float(x.mean() / y.mean() + np.std(y, ddof=1)),
    "mean(x)^2*sum(x*y)": lambda x, y: float(x.mean() ** 2 * (x * y).sum()),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("expression", ANSWERS)
def test_an_answer_from_all_rows_has_its_uncertainty(expression: str, engine: list[str], tmp_path: Path) -> None:
    draw = np.random.default_rng(11)
    x, y, s = draw.normal(size=40), draw.uniform(1, 2, size=40), draw.uniform(0.01, 0.1, size=40)
    lines = [f"{a!r},{b!r},{c!r}" for a, b, c in zip(x.tolist(), y.tolist(), s.tolist(), strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(["x,y,s", *lines]))
    words = ["a.csv", "--sigma-of", "x=s,y=2%", "--json", *engine]
    done = circuit("eval", expression, *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["value"] == pytest.approx(ANSWERS[expression](x, y), rel=1e-13)
    assert found["uncertainty"]["value"] == pytest.approx(by_rows(ANSWERS[expression], x, y, s), rel=1e-6)
    shares = [share["share"] for share in found["uncertainty"]["inputs"].values()]
    assert math.fsum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_groups_and_numbers_for_all_rows(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("g,x,s\na,1,0.1\nb,4,0.5\na,3,0.2\n")
    words = ["a.csv", "-w", "2±0.1", "--sigma-of", "x=s", *engine]
    done = circuit("grad", "mean(w*x)", *words, "--by", "g", "--to", "jsonl", cwd=tmp_path)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["sigma"] == pytest.approx(math.hypot(2 * 0.1, math.hypot(2 * 0.1, 2 * 0.2) / 2))
    assert second["sigma"] == pytest.approx(math.hypot(4 * 0.1, 2 * 0.5))
    assert first["contribution_w"] == pytest.approx(0.2) and second["contribution_x"] == pytest.approx(1.0)
    table = circuit("grad", "mean(w*x)", *words, cwd=tmp_path)
    assert "by row" in table.stdout
    assert "2.00 ± 0.10" in table.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fit_has_a_band(engine: list[str], tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    x = np.linspace(0.0, 4.0, 30)
    y = 2.5 * np.exp(-0.7 * x) + draw.normal(scale=0.05, size=30)
    rows = zip(x.tolist(), y.tolist(), strict=True)
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{a!r},{b!r}\n" for a, b in rows))
    fit = circuit("descend", "sum((y - a*exp(-b*x))^2)", "a.csv", "-a", "1", "-b", "1", "--json", cwd=tmp_path)
    (tmp_path / "fit.json").write_text(fit.stdout)
    (tmp_path / "b.csv").write_text("x\n0\n1.5\n10\n")
    words = ["a*exp(-b*x)", "b.csv", "--inputs", "fit.json", "--to", "jsonl", *engine]
    done = circuit("eval", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    from scipy.optimize import curve_fit

    (a, b), covariance = curve_fit(lambda x, a, b: a * np.exp(-b * x), x, y, p0=(1, 1), xtol=1e-14, ftol=1e-14)
    for line, at in zip(done.stdout.splitlines(), (0.0, 1.5, 10.0), strict=True):
        slope = np.array([math.exp(-b * at), -a * at * math.exp(-b * at)])
        want = math.sqrt(slope @ covariance @ slope)
        assert json.loads(line)["sigma"] == pytest.approx(want, rel=1e-5)
        assert json.loads(line)["value"] == pytest.approx(a * math.exp(-b * at), rel=1e-6)
    far = circuit("eval", "mean(a*exp(-b*x))", "b.csv", "--inputs", "fit.json", "--json", *engine, cwd=tmp_path)
    slope = np.mean([[math.exp(-b * at), -a * at * math.exp(-b * at)] for at in (0.0, 1.5, 10.0)], axis=0)
    want = math.sqrt(slope @ covariance @ slope)
    assert json.loads(far.stdout)["uncertainty"]["value"] == pytest.approx(want, rel=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_cells_of_json_and_of_other_decimals(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x": "1.0\\u00b10.1", "n": {"y": "2(1)"}}\n{"x": 2, "n": {"y": 3}}\n')
    done = circuit("eval", "v = x*n.y", "a.jsonl", "--columns", "v,sigma", "--to", "csv", *engine, cwd=tmp_path)
    assert done.stdout == f"v,sigma\n2.0,{math.hypot(0.2, 1.0)!r}\n6.0,0.0\n"
    (tmp_path / "b.csv").write_text("x;y\n1,5±0,5;2\n2,25(25);3\n", encoding="utf-8")
    done = circuit(
        "eval", "v = 2*x", "b.csv", "--columns", "v,sigma", "--to", "jsonl", "--quiet", *engine, cwd=tmp_path
    )
    assert done.stdout == '{"v":3.0,"sigma":1.0}\n{"v":4.5,"sigma":0.5}\n'


def test_errors_say_what_to_type(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,s,y\n1,0.1,1±1\n2,-0.2,2\n")
    wrong = {
        "s is an uncertainty, and -0.2 is below 0": ["2*x", "--sigma-of", "x=s"],
        "q is no column and no number of 0 or more": ["2*x", "--sigma-of", "x=q"],
        "z is not an input of the expression": ["2*x", "--sigma-of", "z=s"],
        "y has its uncertainties in its cells": ["2*y", "--sigma-of", "y=s"],
        "write -k 1±0.1": ["k*x", "-k", "1", "--sigma-of", "k=0.1"],
        "does not say whose uncertainty is meant": ["2*x", "--sigma-of", "s"],
        "leave out --cluster": ["2*x", "--sigma-of", "x=s", "--cluster", "local"],
        "k has an uncertainty, and this answer takes none": ["k*x", "-k", "1±1", "--test"],
    }
    for why, (expression, *words) in wrong.items():
        done = circuit("eval", expression, "a.csv", *words, cwd=tmp_path)
        assert done.returncode == 2 and why in done.stderr, done
        assert done.stdout == ""
    (tmp_path / "b.csv").write_text("x,sigma\n1,2\n")
    done = circuit("eval", "2*x", "b.csv", "--sigma-of", "x=sigma", cwd=tmp_path)
    assert done.returncode == 2 and "--rename sigma=s, and write s for it in --sigma-of" in done.stderr
    fit = circuit("descend", "sum((y - m)^2)", "a.csv", "-m", "1", cwd=tmp_path)
    assert "the uncertainties in y are left out" in fit.stderr and fit.returncode == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_every_result_feels_what_rows_share(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n2\n3\n")
    words = ["m = mean(k*x); s = sum(k*x)", "a.csv", "-k", "2±0.1", "--to", "jsonl", *engine]
    found = json.loads(circuit("eval", *words, cwd=tmp_path).stdout)
    assert (found["sigma_m"], found["sigma"]) == pytest.approx((0.2, 0.6))
    done = circuit("grad", *words, "--by", "x", "--sigma-of", "x=0.1", cwd=tmp_path)
    for x, row in zip((1, 2, 3), map(json.loads, done.stdout.splitlines()), strict=True):
        assert row["sigma_m"] == pytest.approx(math.hypot(0.1 * x, 0.2))


@pytest.mark.parametrize("engine", ENGINES)
def test_bars_that_come_late(engine: list[str], tmp_path: Path) -> None:
    """In a later file they are refused, and within the first 64 kB they are found; no cell loses its own."""
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    (tmp_path / "b.csv").write_text("x\n3±0.1\n4\n")
    refused = circuit("eval", "mean(x)", "a.csv", "b.csv", *engine, cwd=tmp_path)
    assert refused.returncode == 2 and "b.csv has error bars in x, and a.csv" in refused.stderr
    done = circuit("eval", "s = 2*x", "b.csv", "a.csv", "--columns", "sigma", "--to", "csv", *engine, cwd=tmp_path)
    assert done.stdout.split() == ["sigma", "0.2", "0.0", "0.0", "0.0"]
    (tmp_path / "c.csv").write_text("x\n" + "1\n" * 5000 + "1±0.5\n")
    found = json.loads(circuit("eval", "sum(x)", "c.csv", "--json", *engine, cwd=tmp_path).stdout)
    assert found["uncertainty"]["value"] == 0.5
    done = circuit("eval", "r = x", "b.csv", "--to", "jsonl", *engine, cwd=tmp_path)
    assert done.stdout.splitlines()[0] == '{"x":"3±0.1","r":3.0,"sigma":0.1}'
    done = circuit("eval", "r = x", "b.csv", "--out", "b.parquet", *engine, cwd=tmp_path)
    assert pq.read_table(tmp_path / "b.parquet")["x"].to_pylist() == ["3±0.1", "4"]
    (tmp_path / "p.jsonl").write_text('{"p": {"x": 2, "s": 0.5}}\n')
    done = circuit("eval", "r = p.x", "p.jsonl", "--sigma-of", "p.x=p.s", "--columns", "r,sigma", *engine, cwd=tmp_path)
    assert done.stdout == '{"r":2.0,"sigma":0.5}\n'


@pytest.mark.parametrize("form", ["parquet", "arrow", "stream"])
def test_error_bars_stand_in_texts_with_types(form: str, tmp_path: Path) -> None:
    table = pa.table(
        {
            "x": ["1.00±0.01", "2.00(2)", " 3 ", None],
            "d": pa.array(["5±1%", "5", "6", "7"]).dictionary_encode(),
            "s": [{"y": "1±0.5"}, {"y": "2"}, {"y": "4(1)"}, {"y": "1"}],
        }
    )
    file, numbers = (tmp_path / f"{name}.{form.replace('stream', 'arrow')}" for name in ("rows", "numbers"))
    plain = pa.table({"x": [1.5, 2.5], "d": ["1", "1"], "s": [{"y": "1"}, {"y": "1"}]})
    for path, rows in {file: table, numbers: plain}.items():
        if form == "parquet":
            pq.write_table(rows, path)
            continue
        with (pa.ipc.new_file if form == "arrow" else pa.ipc.new_stream)(path, rows.schema) as writer:
            writer.write_table(rows, max_chunksize=2)
    words = ["--bad-rows", "skip", "--columns", "sigma,contribution_x", "--to", "jsonl", "--quiet"]
    done = circuit("grad", "r = x*d + s.y", str(file), str(numbers), *words)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    bars = [(5 * 0.01, 1.0 * 0.05, 0.5), (5 * 0.02, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
    assert [row["sigma"] for row in found] == pytest.approx([math.hypot(*bar) for bar in bars])
    assert [row["contribution_x"] for row in found] == pytest.approx([bar[0] for bar in bars])
    refused = circuit("grad", "r = x*d + s.y", str(numbers), str(file), "--to", "jsonl")
    assert refused.returncode == 2 and "has error bars in" in refused.stderr
