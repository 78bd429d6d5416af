"""In Python: drawings and plots with what the commands have, and circuits in notebooks."""

from __future__ import annotations

import base64
import copy
import math
import pickle
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuitcli import Circuit, CircuitError, InputError, UsageError
from tests.support import circuit

TEXT, POINT = "q = x + y; f = q*z", {"x": -2, "y": 5, "z": -4}
WORDS = ["-x", "-2", "-y", "5", "-z", "-4"]
ENDINGS = ["svg", "png", "pdf", "html", "gv", "mmd"]
NEEDED = {"png": "matplotlib", "pdf": "matplotlib"}

# ── drawings ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_that_of_the_command(tmp_path: Path) -> None:
    drawing = Circuit(TEXT).draw(POINT)
    assert str(drawing) == repr(drawing) == circuit("draw", TEXT, *WORDS).stdout.rstrip("\n")
    assert drawing.svg == drawing._repr_svg_() == circuit("draw", TEXT, *WORDS, "--format", "svg").stdout
    assert drawing.html == circuit("draw", TEXT, *WORDS, "--format", "html").stdout
    assert str(Circuit(TEXT).draw()) == circuit("draw", TEXT).stdout.rstrip("\n")
    assert Circuit(TEXT).draw().html == circuit("draw", TEXT, "--format", "html").stdout


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_saved_drawing_is_that_of_the_command(ending: str, tmp_path: Path) -> None:
    if ending in NEEDED:
        pytest.importorskip(NEEDED[ending])
    ours, theirs = tmp_path / f"ours.{ending}", tmp_path / f"theirs.{ending}"
    Circuit(TEXT).draw(POINT, wrt="x", digits=3).save(ours)
    assert circuit("draw", TEXT, *WORDS, "--wrt", "x", "--digits", "3", "--out", str(theirs)).returncode == 0
    assert ours.read_bytes() == theirs.read_bytes()


def test_what_python_hands_out_may_be_copied() -> None:
    circuit = Circuit("(x - 1)^2 * y")
    assert pickle.loads(pickle.dumps(circuit.draw(x=2, y=3))).svg == circuit.draw(x=2, y=3).svg
    assert str(copy.deepcopy(circuit.explain(x=2, y=3))) == str(circuit.explain(x=2, y=3))
    assert pickle.loads(pickle.dumps(circuit.objective(["x"], y=3)))([2.0]) == (3.0, [6.0])
    over_rows = pickle.loads(pickle.dumps(Circuit("sum(w*x)").objective(["w"], x=[1, 2])))
    assert over_rows([2.0]) == (6.0, [3.0])


def test_a_drawing_may_unfold() -> None:
    layer = Circuit("sum(W[i]*x[i] for i in 1:3)")
    folded, unfolded = layer.draw(W=1, x=[1, 2, 3]), layer.draw(W=1, x=[1, 2, 3], unfold=True)
    assert "x[3]" in str(unfolded) and "x[3]" not in str(folded)


def test_gates_that_a_drawing_leaves_out_are_told() -> None:
    text = "+".join(f"sin(x{i})" for i in range(300))
    told = circuit("draw", text, "--format", "svg").stderr
    assert told == f"note: {Circuit(text).draw().note}\n" and "gates are left out" in told
    assert Circuit(TEXT).draw().note == ""


def test_drawings_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"(?s)the ending of .*c\.jpg is unknown.*use one of \.svg, "):
        Circuit(TEXT).draw().save(tmp_path / "c.jpg")
    with pytest.raises(InputError, match="no value for y, z"):
        Circuit(TEXT).draw(x=1)
    with pytest.raises(UsageError, match="a page moves finite numbers, and x is none"):
        Circuit(TEXT).draw(x=math.inf, y=1, z=2).html  # noqa: B018
    with pytest.raises(CircuitError, match="cannot write"):
        Circuit(TEXT).draw().save(tmp_path / "nowhere" / "c.svg")


# ── circuits in notebooks ───────────────────────────────────────────────────────────────────────────────────


def test_a_circuit_in_a_notebook_is_its_program_and_its_drawing() -> None:
    c = Circuit("a < b ? x : y")
    shown = c._repr_html_()
    assert "a &lt; b" in shown and repr(c) == "Circuit('where(a < b, x, y)')"
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)
    assert found and base64.b64decode(found[1]).decode() == c._repr_svg_() == c.draw().svg
    assert c._repr_latex_() == c.latex(wrt=[]).split("\n", 1)[1].rstrip("\n")


def test_large_circuits_have_no_drawing_of_their_own() -> None:
    small = Circuit("+".join(f"sin(x{i})" for i in range(20)))  # with its inputs and the sums, 59 boxes
    large = Circuit("+".join(f"sin(x{i})" for i in range(21)))
    assert small._repr_svg_() and large._repr_svg_() is None and "<img" not in large._repr_html_()
    assert len(large._repr_html_()) < 1000 < len(large.draw().svg)
    huge = Circuit("+".join(f"sin(x{i})" for i in range(3000)))
    assert (huge._repr_svg_(), huge._repr_latex_()) == (None, None) and len(huge._repr_html_()) < 10_000


@pytest.mark.parametrize("text", ["where(site == 'kiel', x, -x)", "mean((y - w*x)^2)", "h[i] = 2*i for i in 1:3", "2"])
def test_no_circuit_breaks_a_notebook(text: str) -> None:
    c = Circuit(text)
    picture = c._repr_svg_()
    assert picture and ET.fromstring(picture).tag.endswith("svg")
    assert c._repr_html_() and (c._repr_latex_() or "\\begin{align*}").startswith("\\begin{align*}")


# ── plots ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plot_is_that_of_the_command(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    chart = Circuit("a*sin(x)").plot(x=(-3, 2), a=2)
    words = ["plot", "a*sin(x)", "--range", "x=-3:2", "-a", "2"]
    assert str(chart) == repr(chart) == circuit(*words).stdout.rstrip("\n")
    assert chart.svg == circuit(*words, "--format", "svg").stdout
    for ending in ("svg", "png", "pdf"):
        ours, theirs = tmp_path / f"ours.{ending}", tmp_path / f"theirs.{ending}"
        chart.save(ours)
        assert circuit(*words, "--out", str(theirs)).returncode == 0
        assert ours.read_bytes() == theirs.read_bytes()
    assert ET.fromstring(chart._repr_svg_()).tag.endswith("svg")


def test_the_numbers_of_a_curve() -> None:
    pytest.importorskip("matplotlib")
    numbers = Circuit("a*sin(x)").plot(x=(-3, 3), a=2).numbers
    assert [*numbers] == ["x", "value", "grad_x"] and (numbers["x"][0], numbers["x"][-1]) == (-3, 3)
    np.testing.assert_allclose(numbers["value"], 2 * np.sin(numbers["x"]), rtol=1e-14)
    np.testing.assert_allclose(numbers["grad_x"], 2 * np.cos(numbers["x"]), rtol=1e-14, atol=1e-16)


def test_the_numbers_of_several_results_and_of_two_inputs() -> None:
    pytest.importorskip("matplotlib")
    numbers = Circuit("f = x^2; g = sin(b*x)").plot(of="f,g", x=(0, 1), b=9).numbers
    assert [*numbers] == ["x", "f", "g"]
    np.testing.assert_allclose(numbers["f"], numbers["x"] ** 2, rtol=1e-15)
    np.testing.assert_allclose(numbers["g"], np.sin(9 * numbers["x"]), rtol=1e-14)
    grid = Circuit("r = x - y^2").plot(x=(0, 1), y=(-1, 2)).numbers
    assert [*grid] == ["x", "y", "r"]
    np.testing.assert_allclose(grid["r"], grid["x"][None, :] - grid["y"][:, None] ** 2, rtol=0, atol=1e-15)


def test_what_a_plot_sweeps() -> None:
    """Inputs with a range and without a value; where there are none those with a value, about that."""
    pytest.importorskip("matplotlib")
    assert Circuit("a*x").plot(a=2).numbers["x"][[0, -1]].tolist() == [-3, 3]
    assert Circuit("a*x").plot({"a": 2, "x": (1, 4), "unknown": (1, 2)}).numbers["x"][[0, -1]].tolist() == [1, 4]
    assert Circuit("x^2").plot(x=10).numbers["x"][[0, -1]].tolist() == [0, 20]
    assert [*Circuit("W[1]*x").plot(W=[2], x=(0, 1)).numbers] == ["x", "value", "grad_x"]


def test_points_that_a_plot_leaves_out_are_told() -> None:
    pytest.importorskip("matplotlib")
    assert "for x from -3 to 3 are not finite" in Circuit("log(x)").plot().note
    assert Circuit("x").plot().note == ""
    with pytest.raises(InputError, match="no value is finite for x from -3 to -1"):
        Circuit("log(x)").plot(x=(-3, -1))


# ── points of data, and fits ────────────────────────────────────────────────────────────────────────────────

ROWS = [{"t": float(t), "y": y, "site": "kiel"} for t, y in enumerate([2.0, 1.25, 0.72, 0.44, 0.27])]
MODEL, SQUARES = "a*exp(-b*t)", "sum((y - a*exp(-b*t))^2)"


def test_the_plot_of_a_fit_is_that_of_the_command(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("scipy")
    (tmp_path / "a.csv").write_text("t,y\n" + "".join(f"{row['t']},{row['y']}\n" for row in ROWS))
    told = circuit("descend", SQUARES, "a.csv", "-a", "1", "-b", "0.1", "--json", cwd=tmp_path).stdout
    (tmp_path / "fit.json").write_text(told)
    found = Circuit(SQUARES).fit(ROWS, {"a": 1, "b": 0.1})
    for ours, theirs in (({}, []), ({"residuals": True}, ["--residuals"]), ({"t": (0, 9)}, ["--range", "t=0:9"])):
        shown = circuit("plot", MODEL, "a.csv", "--inputs", "fit.json", *theirs, cwd=tmp_path).stdout
        assert str(Circuit(MODEL).plot(ROWS, fit=found, **ours)) == shown.rstrip("\n")
    given = circuit("plot", MODEL, "a.csv", "-a", "2", "-b", "0.5", "--against", "y", cwd=tmp_path).stdout
    assert str(Circuit(MODEL).plot(ROWS, against="y", a=2, b=0.5)) == given.rstrip("\n")
    Circuit(MODEL).plot(ROWS, fit=found).save(tmp_path / "ours.svg")
    circuit("plot", MODEL, "a.csv", "--inputs", "fit.json", "--out", "theirs.svg", cwd=tmp_path)
    assert (tmp_path / "ours.svg").read_bytes() == (tmp_path / "theirs.svg").read_bytes()


def test_the_band_is_that_of_the_covariance_of_scipy() -> None:
    pytest.importorskip("matplotlib")
    optimize = pytest.importorskip("scipy.optimize")
    t, y = (np.array([row[name] for row in ROWS], np.float64) for name in ("t", "y"))
    (a, b), covariance = optimize.curve_fit(lambda t, a, b: a * np.exp(-b * t), t, y, [1, 0.1])
    found = Circuit(SQUARES).fit(ROWS, {"a": 1, "b": 0.1})
    numbers = Circuit(MODEL).plot(found, t=(0, 9)).numbers
    slopes = np.stack([np.exp(-b * numbers["t"]), -a * numbers["t"] * np.exp(-b * numbers["t"])])
    sigma = np.sqrt(np.einsum("ik,ij,jk->k", slopes, covariance, slopes))
    np.testing.assert_allclose(numbers["value_hi"] - numbers["value"], sigma, rtol=1e-4)
    np.testing.assert_allclose(numbers["value"] - numbers["value_lo"], sigma, rtol=1e-4)
    left = Circuit(MODEL).plot(ROWS, fit=found, residuals=True).numbers
    np.testing.assert_allclose(left["residual"], y - a * np.exp(-b * t), atol=1e-6)
    alone = Circuit(MODEL).plot(found, a=2, t=(0, 9))  # a has another value, and no uncertainty
    assert "a = 2, b = 0.500849 ± 0.01" in str(alone)


def test_a_fit_of_families_and_of_inputs_that_stayed() -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("scipy")
    named = Circuit("sum((y - k*(v + w*t))^2)").fit(ROWS, {"v": 1, "w": 1}, k=2)
    whole = Circuit("sum((y - k*(w[2]*t + w[1] + 0*u))^2)").fit(ROWS, {"w": [1, 1]}, k=2, u=1)
    one, other = Circuit("k*(v + w*t)").plot(ROWS, fit=named), Circuit("k*(w[1] + w[2]*t)").plot(ROWS, fit=whole)
    for name, numbers in one.numbers.items():
        np.testing.assert_allclose(other.numbers[name], numbers, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("plot", "words"),
    [
        (
            lambda m, f: m.plot(ROWS),
            r"a, b have no value, and are no columns.*\n  .*fit=found, or a=1",
        ),
        (lambda m, f: m.plot(ROWS, fit=f, b=(0, 1)), "b is given a range\n  give it a value: b=1"),
        (
            lambda m, f: m.plot([{**row, "z": 1} for row in ROWS], fit=f),
            "could be drawn: y, z\n  say which: against='y'",
        ),
        (lambda m, f: m.plot(ROWS, fit=f, against="q"), "no column q in the rows\n  its columns are: t, y, site"),
        (lambda m, f: Circuit(SQUARES).plot(ROWS, fit=f), "write the model alone"),
        (lambda m, f: m.plot(f, t=(0, 1), residuals=True), r"rows come first: plot\(df, residuals=True\)"),
        (lambda m, f: m.plot(f, t=(0, 1), against="y"), r"rows come first: plot\(df, against='y'\)"),
        (lambda m, f: m.plot(ROWS, fit=f, of="value"), "leave out of="),
        (lambda m, f: m.plot([{"t": 1}], fit=f), "no column of the rows is left to go up"),
        (lambda m, f: m.plot([{"time": 1}], fit=f), "uses no column of the rows\n  its columns are: time"),
        (lambda m, f: m.plot(ROWS, fit={"a": 1}), r"a fit is no dict\n  give what fit\(data, start\) returned"),
        (lambda m, f: Circuit("a*t*y").plot(ROWS, fit=f), "the circuit uses t and y of the rows\n  .*: y=1"),
    ],
)
def test_points_that_are_none(plot: Callable[[Circuit, object], object], words: str) -> None:
    pytest.importorskip("matplotlib")
    found = Circuit(SQUARES).fit(ROWS, {"a": 1, "b": 0.1}, method="newton")
    with pytest.raises(CircuitError, match=words) as told:
        plot(Circuit(MODEL), found)
    assert "--" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "inputs", "words"),
    [
        ("x*y*z", {}, "sweeps one input or two, not 3"),
        ("x*y*z", {"x": (0, 1), "y": (0, 1), "z": (0, 1)}, "give others a value: z=1"),
        ("x*y*z", {"x": 1, "y": 2, "z": 3}, r"all have values: give one a range, z=\(-3, 3\)"),
        ("sum(x[i]^2 for i in 1:3)", {"x": [1, 2, 3]}, r'give one a range, \{"x\[3\]": \(-3, 3\)\}'),
        ("sum(x[i]^2 for i in 1:3)", {}, r'give others a value: \{"x\[3\]": 1\}'),
        ("x", {"x": (1, 2, 3)}, r"x has 3 values.*\n  give the two ends alone: x=\(1, 3\)"),
        ("x", {"x": np.linspace(0, 2, 50)}, r"give the two ends alone: x=\(0, 2\)"),
        ("x", {"x": (1, 1)}, "has no room"),
        ("x", {"x": (1, -2)}, r"from 1 down to -2\n  write x=\(-2, 1\)"),
        ("x", {"x": (0, math.inf)}, "needs two ends that are finite"),
        ("x", {"x": ("a", 1)}, "an end of x is no number"),
        ("x", {"q": (0, 1)}, "q is not an input"),
        ("2", {}, "nothing to sweep"),
        ("x", {"surface": True}, "a surface needs two inputs"),
        ("f = x*y; g = x", {"of": ["f", "g"]}, "curves over one input"),
        (";".join(f"f{i} = x" for i in range(9)), {"of": [f"f{i}" for i in range(9)]}, "8 curves at most"),
        ("mean(x)", {}, "over rows"),
    ],
)
def test_plots_that_are_none(text: str, inputs: dict[str, object], words: str) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(CircuitError, match=words):
        Circuit(text).plot(**inputs)  # type: ignore[arg-type]
