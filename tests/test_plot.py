"""Plots: what is swept, the numbers beside NumPy's, the pictures, and the terminal."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mpmath
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circuitcli.errors import columns
from circuitcli.extras import installing
from circuitcli.pictures.ascent_runs import Run, Runs, runs_over_steps
from circuitcli.pictures.sampling import INTERVALS
from circuitcli.pictures.sweep import Arrows, Curve, Span, Sweep, Uncertain
from circuitcli.read_circuit import ReadCircuit
from circuitcli.render.scales import extent, fitting, headings, levels, scales, texts, ticks
from tests.support import circuit, some_slow
from tests.terminal import CTRL_C, Terminal
from tests.test_cli import at_a_terminal, plain

Array = Any  # numpy.ndarray
LESSON = "100-(x-y)^2"
VALLEY = "(1-x)^2 + 100*(y-x^2)^2"
SVG = "{http://www.w3.org/2000/svg}"


def sweep(text: str, *spans: tuple[str, float, float], **given: float) -> Sweep:
    graph, values = ReadCircuit(text).bind(None, given)
    return Sweep(graph, values, [Span(*span) for span in spans])


def curve(text: str, low: float, high: float, **given: float) -> Curve:
    return sweep(text, ("x", low, high), **given).curve()


def gaps(curve: Curve) -> list[float]:
    """The places of gaps in the value."""
    return [float(x) for x in curve.xs[np.isnan(curve.values)]]


# ── the numbers ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_curve_is_the_value_and_the_slope() -> None:
    found = curve("exp(-x^2/a)*sin(3*x)", -2, 2.5, a=2.0)
    xs = found.xs
    assert (xs[0], xs[-1], found.points, found.lost) == (-2.0, 2.5, INTERVALS + 1, 0)
    assert np.all(np.diff(xs) > 0)
    np.testing.assert_allclose(found.values, np.exp(-(xs**2) / 2) * np.sin(3 * xs), rtol=1e-13, atol=1e-15)
    slopes = np.exp(-(xs**2) / 2) * (3 * np.cos(3 * xs) - xs * np.sin(3 * xs))
    np.testing.assert_allclose(found.slopes, slopes, rtol=1e-12, atol=1e-14)


def test_a_grid_is_the_value_over_both() -> None:
    over = sweep("x^2*y - y^3", ("x", -1, 2), ("y", 0, 3))
    grid = over.grid()
    xs: Array
    ys: Array
    xs, ys = np.meshgrid(np.linspace(-1, 2, grid.values.shape[1]), np.linspace(0, 3, grid.values.shape[0]))
    np.testing.assert_allclose(grid.values, xs**2 * ys - ys**3, atol=1e-12)
    arrows = over.arrows(4, 3)
    assert arrows.xs.shape == (3, 4)
    np.testing.assert_allclose(arrows.xs[0], [-0.625, 0.125, 0.875, 1.625])
    np.testing.assert_allclose(arrows.ys[:, 0], [0.5, 1.5, 2.5])
    np.testing.assert_allclose(arrows.across, 2 * arrows.xs * arrows.ys)
    np.testing.assert_allclose(arrows.up, arrows.xs**2 - 3 * arrows.ys**2)


@pytest.mark.parametrize(
    ("text", "leaps"),
    [
        ("sin(x)/x", []),
        ("abs(x) - relu(x - 1)", []),
        ("exp(4*x)", []),
        ("sigmoid(10000*x)", []),
        ("cbrt(x)", []),
        ("1/x", [0.0]),
        ("tan(x)", [-math.pi / 2, math.pi / 2]),
        ("floor(x + 0.5)", [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]),
        ("sign(x)", [0.0]),
        ("where(x > 0.3, x^2, x)", [0.3]),
    ],
)
def test_a_leap_is_a_gap_and_nothing_else_is(text: str, leaps: list[float]) -> None:
    assert gaps(curve(text, -3, 3)) == pytest.approx(leaps, abs=1e-4)


def test_a_kink_parts_the_slope_and_not_the_value() -> None:
    found = curve("abs(x) - relu(x - 1)", -3, 3)
    parted = found.xs[np.isnan(found.slopes)]
    np.testing.assert_allclose(parted, [0.0, 1.0], atol=1e-4)
    assert set(found.slopes[np.isfinite(found.slopes)]) == {-1.0, 0.0, 1.0}


def test_a_curve_reaches_the_edge_of_its_domain() -> None:
    found = curve("sqrt(x - 1)", -3, 3)
    assert found.lost == np.count_nonzero(np.linspace(-3, 3, INTERVALS + 1) < 1.0)
    assert abs(found.xs[np.isfinite(found.values)].min() - 1.0) < 1e-4


def test_a_fast_wave_is_followed() -> None:
    found = curve("sin(200*x)", -3, 3)
    assert np.diff(found.xs).max() * 200 < 3  # not more than half a wave between two samples
    assert found.values.max() > 0.999


def test_a_spot_and_a_trail() -> None:
    over = sweep("x^2*y", ("x", -3, 3), ("y", -3, 3))
    spot = over.spot({"x": 2.0, "y": 3.0})
    assert spot is not None
    assert (spot.at, spot.value, spot.gradient) == ((2.0, 3.0), 12.0, (12.0, 4.0))
    assert over.spot({"x": 2.0, "y": 3.1}) is None
    assert over.spot({"x": 2.0}) is None
    trail = over.trail({"x": [1.0, 2.0], "y": [3.0, -1.0]})
    assert trail.values.tolist() == [3.0, -4.0]


def test_an_uncertain_input_has_a_band() -> None:
    graph, values = ReadCircuit("a*exp(-b*x)").bind(None, {"a": 2.0, "b": 0.5})
    spans, sigmas = [Span("x", 0.0, 5.0)], {"a": 0.2, "b": 0.1}
    for related in (0.0, 0.015, -0.02):
        uncertain = Uncertain(sigmas, {("a", "b"): related, ("b", "a"): related} if related else {})
        found = Sweep(graph, values, spans, uncertain).curve()
        by_a, by_b = np.exp(-0.5 * found.xs), -2.0 * found.xs * np.exp(-0.5 * found.xs)
        variance = (0.2 * by_a) ** 2 + (0.1 * by_b) ** 2 + 2 * related * by_a * by_b
        assert found.band is not None
        np.testing.assert_allclose(found.band[1] - found.values, np.sqrt(variance), rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(found.values - found.band[0], np.sqrt(variance), rtol=1e-7, atol=1e-7)
    assert Sweep(graph, values, spans).curve().band is None


# ── from numbers to places ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("x^2", 0, 9), ("exp(2*x)", 0, math.exp(6)), ("sigmoid(10000*x)", 0, 1), ("2*x", -6, 6)],
)
def test_a_curve_without_poles_is_seen_whole(text: str, low: float, high: float) -> None:
    found = curve(text, -3, 3)
    seen = extent(found.xs, found.values)
    assert seen == pytest.approx((low - 0.05 * (high - low), high + 0.05 * (high - low)), abs=1e-2 * (high - low))


@pytest.mark.parametrize("text", ["1/x", "tan(x)", "1/x^2", "gamma(x)", "1/(x - 1)"])
def test_of_a_pole_the_foot_is_seen(text: str) -> None:
    found = curve(text, -3, 3)
    low, high = extent(found.xs, found.values)
    assert np.nanmax(np.abs(found.values)) > 1000
    assert 1 < max(abs(low), abs(high)) < 60


def test_a_level_curve_has_room() -> None:
    xs = np.linspace(0, 1, 50)
    assert extent(xs, np.full(50, 3.0)) == pytest.approx((2.7, 3.3))
    assert extent(xs, np.zeros(50)) == (-1.0, 1.0)
    low, high = extent(xs, 1.0 + 1e-16 * np.sin(xs))  # rounding is not blown up
    assert high - low > 0.1


def test_two_scales_where_one_would_hide_a_curve() -> None:
    xs = np.linspace(-3, 3, 99)
    assert scales(xs, xs**2, 2 * xs)[1] is None
    assert scales(xs, 0.1 * xs, np.full(99, 0.1))[1] is None
    assert scales(xs, 1000 + xs, np.ones(99))[1] == pytest.approx((0.9, 1.1))
    assert scales(xs, xs**2 + 1000, 2 * xs)[1] == pytest.approx((-6.6, 6.6), abs=0.1)


def test_ticks_are_round_and_tell_themselves_apart() -> None:
    assert ticks(-3, 3, 7) == [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]
    assert texts(ticks(-0.6, 0.61, 8)) == ["-0.6", "-0.4", "-0.2", "0", "0.2", "0.4", "0.6"]
    assert texts([100000.0, 12500.0]) == ["100000", "12500"]
    assert texts([1.0000001, 1.0000002]) == ["1.0000001", "1.0000002"]


def test_levels_are_even_or_draw_closer_to_what_matters() -> None:
    grid = sweep(LESSON, ("x", -3, 3), ("y", -3, 3)).grid()
    assert levels(grid.values, 12) == [65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0, 100.0]
    valley = sweep(VALLEY, ("x", -2, 2), ("y", -1, 3)).grid()
    found = levels(valley.values, 10)
    assert found == sorted(found)
    assert found[0] < 0.1 and found[-1] >= 1000.0
    way = np.array([99.2, 99.5, 99.9])  # within one step of the even levels
    assert sum(1 for level in levels(grid.values, 12, [way]) if 99.0 < level < 100.0) >= 2
    assert levels(np.full((9, 9), 2.0), 10) == []


def test_arrows_look_as_a_step_along_the_gradient_does() -> None:
    spans = Span("x", 0, 1), Span("y", 0, 100)
    field = Arrows(np.zeros(4), np.zeros(4), np.array([1.0, 0.0, 0.0, np.nan]), np.array([0.0, 100.0, 0.0, 1.0]))
    across, up = headings(field, spans)
    assert (across[0], up[0]) == (1.0, 0.0)
    assert (across[1], up[1]) == (0.0, 1.0)  # as long in the picture
    assert np.isnan(across[2:]).all()


# ── what is swept ───────────────────────────────────────────────────────────────────────────────────────────


def svg(path: Path, *words: str, stdin: str = "") -> tuple[list[str], ElementTree.Element]:
    """The texts of a picture, and the picture."""
    out = path / "plot.svg"
    done = circuit("plot", *words, "--out", str(out), cwd=path, stdin=stdin)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    root = ElementTree.fromstring(out.read_text(encoding="utf-8"))
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")], root


@pytest.mark.parametrize(
    ("words", "names", "ends"),
    [
        (["sin(x)/x"], ["x"], ["-3", "3"]),
        (["a*x^2", "-a", "2"], ["x", "a = 2"], ["-3", "3"]),
        pytest.param(["x^2", "-x", "10"], ["x", "x = 10"], ["0", "20"], marks=pytest.mark.slow),
        (["x = 10; f = x^2"], ["x", "x = 10", "f"], ["0", "20"]),
        pytest.param(["x*y", "--range", "y=-pi:2*pi", "-x", "3"], ["y", "x = 3"], ["-2", "6"], marks=pytest.mark.slow),
        (["100 - x^2*y", "--range", "y=0:8"], ["y", "x"], ["0", "8", "-3", "3"]),
        pytest.param(["x*y", "--range", "x=0:1,y=5:6"], ["x", "y"], ["0", "1", "5", "6"], marks=pytest.mark.slow),
        pytest.param(["e*x", "-x", "2", "--range", "e=0:4"], ["e", "x = 2"], ["0", "4"], marks=pytest.mark.slow),
        (["θ^2*learning_rate", "-learning_rate", "3"], ["θ", "learning_rate = 3"], ["-3", "3"]),
        (["数 + 1"], ["数"], ["-3", "3"]),
    ],
)
def test_what_is_swept(words: list[str], names: list[str], ends: list[str], tmp_path: Path) -> None:
    found, _ = svg(tmp_path, *words)
    for text in (*names, *ends):
        assert text in found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["2 + 3"], "nothing to sweep"),
        (["x*y*z"], "give others a value: -z 1"),
        (["x*y*z", "-x", "1", "-y", "2", "-z", "3"], "name one or two: --range"),
        (["x*y*z", "--range", "x=0:1,y=0:1,z=0:1"], "name one or two: --range"),
        (["x", "--range", "x=1:0"], "write --range x=0:1"),
        (["x", "--range", "x=1:1"], "has no room"),
        (["x", "--range", "x=0:"], "two ends that are finite"),
        (["x", "--range", "x=0:inf"], "two ends that are finite"),
        (["x", "--range", "x=-1e308:1e308"], "the range of x from -1e+308 to 1e+308 is too wide"),
        (["x", "--range", "x=nan:1"], "nan is no end"),
        (["x", "--range", "x"], "no two ends"),
        (["x", "--range", "y=0:1"], "y is none of the inputs"),
        (["x", "--range", "x=0:1", "--range", "x=0:2"], "x has ranges twice"),
        (["x", "--range", "x=0:a"], "the upper end of x is no number"),
        (["mean(x)"], "mean(...) is over rows"),
        (["max(x)"], "max(...) is over rows"),
        (["x", "-x", "1±0.1"], "what is swept has none"),
        (["x*y*a", "-a", "1±0.1"], "a plot has the band of one curve alone"),
        (["f = a*x; g = x", "-a", "1±0.1", "--of", "f,g"], "a plot has the band of one curve alone"),
        (["x", "--json"], "there is no option --json"),
        (["x", "--digits", "5"], "there is no option --digits"),
        (["x*y", "--surface"], "add --out surface.svg"),
        (["x", "--surface", "--out", "a.svg"], "a surface needs two inputs"),
        (["x", "--out", "a.gif"], "add --format, or one of .svg, .png, .pdf, .json"),
        (["x", "--out", "png"], "the ending of png is unknown"),
        (["x", "--format", "pdf", "--out", "a.png"], "--format pdf does not fit the name a.png"),
        (["x", "--out", "nowhere/a.png"], "cannot write nowhere/a.png"),
        (["x", "--out", "a.svg", "--color", "always"], "--color is for the terminal"),
        (["--file", "model.svg", "--out", "model.svg"], "would write over what is read"),
        (["-", "--path", "-"], "only once"),
        (["f[i] = x^i for i in 1:9", "--of", "f"], "a plot has 8 curves at most, not 9"),
        (["f = x; g = x^2", "--of", "f,g", "--path", "trace.csv"], "--path is about one result"),
        (["f = x; g = x*y", "--of", "f,g"], "name one, --of g, or give y a value: -y 1"),
        (["f = x; g = x^2", "--of", "h"], "the named nodes are: f, g"),
        (["x", "--path", "nothing.csv"], "no such file: nothing.csv"),
    ],
)
def test_mistakes_are_said(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "model.svg").write_text("x^2")
    (tmp_path / "trace.csv").write_text("step,x,value\n0,1,1\n")
    done = circuit("plot", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"model.svg", "trace.csv"}


def test_nothing_finite_is_status_3_and_no_file(tmp_path: Path) -> None:
    done = circuit("plot", "log(-x^2 - 1)", "--out", "a.svg", cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (3, "", [])
    assert "no value is finite for x from -3 to 3; log(-x^2 - 1) at -x^2 - 1 = -1: outside its domain" in done.stderr
    assert circuit("plot", "log(-x^2 - 1)", "--allow-nonfinite").returncode == 0


def test_gaps_are_counted() -> None:
    done = circuit("plot", "sqrt(x)", "--range", "x=-1:1")
    assert done.returncode == 0
    assert "note: 255 of 510 points for x from -1 to 1 are not finite, and are left out" in done.stderr
    assert circuit("plot", "sqrt(x)", "--quiet").stderr == ""
    assert "is not marked" in circuit("plot", "x^2", "-x", "5", "--range", "x=0:1").stderr
    one = circuit("plot", "sqrt(x)", "--range", "x=-0.001:1").stderr
    assert one == "note: 1 of 510 points for x from -0.001 to 1 is not finite, and is left out\n"


def test_help_offers_what_plots_have() -> None:
    offered = set(re.findall("--[a-z-]+", circuit("plot", "--help").stdout.partition("\nInput:")[2]))
    rows = circuit("descend", "--help").stdout.partition("\nRows:")[2].partition("\nCluster:")[0]
    reading = {*re.findall("--[a-z-]+", rows)} - {"--by", "--batch", "--validate", "--seed"}
    shared = {"--file", "--inputs", "--quiet", "--color", "--allow-nonfinite", "--help"}
    assert (
        offered
        == shared
        | {
            "--range",
            "--path",
            "--trace",
            "--of",
            "--against",
            "--residuals",
            "--surface",
            "--to",
            "--format",
            "--out",
        }
        | reading
    )
    assert "--sigma-of" not in offered and "--cluster" not in offered
    owners = circuit("plot", "x", "--json").stderr.splitlines()[1]
    assert owners == "  did you mean --to json?"
    for name in ("plot", "draw"):
        assert 'need the extra "plot"' in " ".join(circuit(name, "--help").stdout.split())


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_picture_of_the_lesson_is_one_command(tmp_path: Path) -> None:
    found, root = svg(tmp_path, LESSON)
    assert {LESSON, "x", "y", "value", "gradient", "95", "100"} <= set(found)
    (arrows,) = (group for group in root.iter(f"{SVG}g") if group.get("id") == "gradient")
    assert (
        sum(bool(path.get("d")) for path in arrows.iter(f"{SVG}path")) == 15 * 15 - 15
    )  # none on the ridge, where it is 0


def test_a_curve_has_its_gradient(tmp_path: Path) -> None:
    found, root = svg(tmp_path, "x^3 - 2*x", "-x", "1")
    assert {"x^3 - 2*x", "value", "gradient", "tangent", "x = 1"} <= set(found)
    styles = [path.get("style", "") for path in root.iter(f"{SVG}path")]
    assert any("#004488" in style and "dasharray" not in style for style in styles)
    assert any("#bb5566" in style and "dasharray" in style for style in styles)


@pytest.mark.parametrize("words", [[], ["--surface"]])
def test_the_arrow_of_the_legend_is_white_as_those_in_the_picture(words: list[str], tmp_path: Path) -> None:
    _, root = svg(tmp_path, LESSON, *words)
    (legend,) = (group for group in root.iter(f"{SVG}g") if group.get("id") == "legend_1")
    (arrow,) = (use.get("style", "") for use in legend.iter(f"{SVG}use"))
    assert "fill: #ffffff" in arrow and "stroke: #333333" in arrow


def test_a_surface_says_what_goes_up(tmp_path: Path) -> None:
    found, _ = svg(tmp_path, "hill = x*y", "--surface")
    assert found.count("hill") == 2  # at the axis, and at the colours


def drawn(root: ElementTree.Element, name: str) -> Array:
    """The line of a name, as shares of the width and the height of the frame."""
    frame = next(root.iter(f"{SVG}clipPath"))[0]
    x, y, width, height = (float(frame.get(key, "")) for key in ("x", "y", "width", "height"))
    (group,) = (group for group in root.iter(f"{SVG}g") if group.get("id") == name)
    path = next(group.iter(f"{SVG}path")).get("d", "")
    places = np.array([[float(a), float(b)] for a, b in re.findall(r"[ML] (\S+) (\S+)", path)])
    return (places - [x, y + height]) / [width, -height]


def test_what_is_drawn_is_the_curve(tmp_path: Path) -> None:
    _, root = svg(tmp_path, "x^2", "--range", "x=0:2")
    xs, ys = drawn(root, "value").T
    low, high = extent(np.linspace(0, 2, 999), np.linspace(0, 2, 999) ** 2)  # the slope, 2*x, is as high
    np.testing.assert_allclose(low + ys * (high - low), (2 * xs) ** 2, atol=2e-3 * (high - low))
    xs, ys = drawn(root, "gradient").T
    np.testing.assert_allclose(low + ys * (high - low), 4 * xs, atol=2e-3 * (high - low))


@pytest.mark.slow
def test_several_results_have_a_curve_each(tmp_path: Path) -> None:
    found, root = svg(tmp_path, "f[i] = x^i for i in 1:3; g = sin(x)", "--of", "f,g", "--range", "x=-1:2")
    assert {"f[1]", "f[2]", "f[3]", "g"} <= {*found} and "gradient" not in found
    first = drawn(root, "value-1")
    for k, power in enumerate([lambda x: x, lambda x: x**2, lambda x: x**3, np.sin], 1):
        across, up = ((drawn(root, f"value-{k}") - first[0]) / (first[-1] - first[0]) * 3 - 1).T
        assert up == pytest.approx(power(across), abs=1e-3)
    shown = circuit("plot", "f[i] = x^i for i in 1:3; g = sin(x)", "--of", "f,g").stdout.splitlines()
    assert shown[1] == " ⠤⠤⠤ f[1]   ··· f[2]   +++ f[3]   xxx g"
    assert all(sign in "".join(shown[2:]) for sign in "·+x")


def test_the_last_of_several_results_is_told() -> None:
    done = circuit("plot", "f[i] = x^i for i in 1:3; g = sin(x)")
    assert done.stderr == "note: the last result alone is drawn: add --of f,g for all\n"
    assert "⠤ ⠤ gradient" in done.stdout
    assert circuit("plot", "f = x; g = sin(x)", "--of", "f").stderr == ""
    assert circuit("plot", "q = x^2; f = sin(q)").stderr == ""
    one = circuit("plot", "f = x^3; g = sin(x)", "--of", "f")
    assert one.stdout.splitlines()[1:] == circuit("plot", "f = x^3").stdout.splitlines()[1:]


@pytest.mark.parametrize("first", [1, 0])
def test_a_trace_of_a_family_is_a_way(first: int, tmp_path: Path) -> None:
    text = f"sum((x[i] - i)^2 for i in {first}:{first + 1})"
    for ending in ("jsonl", "csv"):
        circuit("descend", text, "-x", "5", "--trace", f"t.{ending}", cwd=tmp_path)
    pictures = [circuit("plot", text, "--path", f"t.{ending}", cwd=tmp_path) for ending in ("jsonl", "csv")]
    assert "○ start • 2 steps ● end" in pictures[0].stdout
    assert pictures[0].stdout == pictures[1].stdout and pictures[0].returncode == 0


def test_the_same_command_gives_the_same_file(tmp_path: Path) -> None:
    for ending in ("svg", "pdf"):
        for name in ("a", "b"):
            assert circuit("plot", LESSON, "--out", f"{name}.{ending}", cwd=tmp_path).returncode == 0
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


@pytest.mark.slow
def test_png_and_pdf(tmp_path: Path) -> None:
    assert circuit("plot", LESSON, "--surface", "--out", "a.PNG", cwd=tmp_path).returncode == 0
    content = (tmp_path / "a.PNG").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(content[k : k + 4], "big") for k in (16, 20))
    assert width > 800 and height > 600
    assert circuit("plot", "tan(x)", "--out", "a.pdf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_a_picture_down_a_pipe_is_the_file(form: str, tmp_path: Path) -> None:
    assert circuit("plot", LESSON, "--out", f"a.{form}", cwd=tmp_path).returncode == 0
    for words in ([], ["--out", "-"]):
        command = [sys.executable, "-m", "circuitcli", "plot", LESSON, "--format", form, *words]
        done = subprocess.run(command, capture_output=True, timeout=300)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout == (tmp_path / f"a.{form}").read_bytes()


def test_a_png_is_not_for_a_terminal() -> None:
    shown = plain(at_a_terminal("plot", "x", "--format", "png"))
    assert shown.splitlines() == ["circuit: a PNG is not for a terminal", "  add --out plot.png"]


EXTREMES = ["1/x", "1/(x*y)", "3 + 0*x", "0*x*y", "1e305*x^3", "1e-320*x", "x^1000", "x - x"]


@pytest.mark.parametrize("text", some_slow(EXTREMES, EXTREMES[2:]))
def test_extremes_are_drawn_without_a_word(text: str, tmp_path: Path) -> None:
    for words in ([], ["--out", "a.png"]):
        done = circuit("plot", text, *words, cwd=tmp_path)
        assert done.returncode == 0
        assert all(line.startswith("note: ") for line in done.stderr.splitlines())


def test_a_long_title_is_shortened_and_stays_in_the_picture(tmp_path: Path) -> None:
    text = " + ".join(f"sin({k}*x)/{k}" for k in range(1, 30))
    found, _ = svg(tmp_path, text)
    (title,) = [line for line in found if line.startswith("sin(")]
    assert title.endswith("…") and columns(title) <= 72


def test_the_user_s_own_settings_of_matplotlib_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nsvg.fonttype: path\n")
    found, _ = svg(tmp_path, "x^2")
    assert "x^2" in found


# ── the way of an ascent ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", ["jsonl", "csv", "tsv"])
def test_the_way_ends_where_the_trace_does(ending: str, tmp_path: Path) -> None:
    trace = tmp_path / f"run.{ending}"
    assert circuit("descend", VALLEY, "-x", "-1.2", "-y", "1", "--trace", str(trace)).returncode == 0
    last = trace.read_text().splitlines()[-1]
    step, x, y = list(json.loads(last).values())[:3] if ending == "jsonl" else re.split("[,\t]", last)[:3]
    found, root = svg(tmp_path, VALLEY, "--path", str(trace), "--range", "x=-2:2,y=-1:3")
    assert {f"{step} steps", "start", "end"} <= set(found)
    way = drawn(root, "way")
    np.testing.assert_allclose(way[0], [(-1.2 + 2) / 4, (1 + 1) / 4], atol=1e-3)
    np.testing.assert_allclose(way[-1], [(float(x) + 2) / 4, (float(y) + 1) / 4], atol=1e-3)


def test_the_range_is_that_of_the_way_where_none_is_given(tmp_path: Path) -> None:
    trace = circuit("ascend", LESSON, "-x", "3", "-y", "4", "--step", "0.001", "--trace", "-").stdout
    found, root = svg(tmp_path, LESSON, "--path", "-", stdin=trace)
    assert {"922 steps", "3", "3.4"} <= set(found)
    np.testing.assert_allclose(drawn(root, "way")[[0, -1]], [[1 / 6, 5 / 6], [5 / 6, 1 / 6]], atol=1e-3)


def test_of_one_input_the_way_is_on_the_curve(tmp_path: Path) -> None:
    trace = "step,x,value,grad_x\n0,2.0,0,0\n1,1.0,0,0\n2,nan,0,0\n"  # the values are the circuit's own
    found, root = svg(tmp_path, "x^2", "--path", "-", "--range", "x=0:2", stdin=trace)
    assert "1 step" in found
    way, line = drawn(root, "way"), drawn(root, "value")
    np.testing.assert_allclose(way[[0, 1], 0], [1.0, 0.5], atol=1e-6)
    np.testing.assert_allclose(way[:, 1], np.interp(way[:, 0], line[:, 0], line[:, 1]), atol=2e-3)


def test_arrows_point_the_way_that_the_path_goes(tmp_path: Path) -> None:
    up = circuit("plot", "x^2 + y^2", "--range", "x=-1:1,y=-1:1").stdout
    trace = "step,x,y,value\n0,1,1,2\n1,0.5,0.5,0.5\n"
    words = ("x^2 + y^2", "--path", "-", "--range", "x=-1:1,y=-1:1")
    down = circuit("plot", *words, stdin=trace).stdout
    assert "→ gradient" in up and "→ minus gradient" in down
    first = [re.search("[↗↑↖↙↓↘←→]", "".join(shown.splitlines()[3:])) for shown in (up, down)]
    assert [arrow[0] for arrow in first if arrow] == ["↖", "↘"]  # in the upper left corner, off and to the valley
    assert "minus gradient" in svg(tmp_path, *words, stdin=trace)[0]
    back = "step,x,y,value\n0,0.5,0.5,0.5\n1,1,1,2\n"
    assert "→ gradient" in circuit("plot", *words, stdin=back).stdout


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (["x^2 + y"], ""),
        (["x^2 + y", "-y", "3"], ""),
        (["x^2 + y", "-y", "2"], "at step 0 its value is 7, and here 6"),
        (["x^2 - y"], "at step 0 its value is 7, and here 1"),
        (["log(x - 3) + y"], "at step 0 its value is 7, and here nan"),
    ],
)
def test_the_trace_of_another_problem_is_noted(words: list[str], note: str) -> None:
    trace = "step,x,y,value\n0,2,3,7\n1,1,3,4.0000000001\n2,nan,3,nan\n3,0,0,inf\n"
    done = circuit("plot", *words, "--path", "-", "--range", "x=-4:4", stdin=trace)
    assert done.returncode == 0
    notes = [line for line in done.stderr.splitlines() if "another problem" in line]
    assert notes == ([f"note: the path is that of another problem: {note}"] if note else [])


def test_many_starts_are_many_ways(tmp_path: Path) -> None:
    words = ("x^4 - 3*x^2 + x", "-x", "0", "--starts", "3", "--trace", "-")
    trace = circuit("descend", *words).stdout
    _, root = svg(tmp_path, words[0], "--path", "-", stdin=trace)
    assert sum(group.get("id") == "way" for group in root.iter(f"{SVG}g")) == 3
    assert "3 ascents" in circuit("plot", words[0], "--path", "-", stdin=trace).stdout


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ("", "standard input has no step"),
        ("step,x\n", "standard input has no step"),
        ("step,x\n0,inf\n", "standard input has no step"),
        ('{"step": 0, "x": 1}\n{"step": 1\n', "standard input:2: no JSON object"),
        ('{"x": 1}\n', "standard input:1: no step of an ascent"),
        ('{"step": 0, "x": 1}\n{"step": 1, "y": 1}\n', "standard input:2: other columns than before: step, y"),
        ('{"step": 0, "x": "one"}\n', "standard input:1: x is no number: one"),
        ('{"step": 0, "x": null}\n', "standard input:1: x is no number"),
        ("step,x\n0,1,2\n", "standard input:2: 3 cells under 2 columns"),
        ("x,y\n0,1\n", "standard input:1: no trace: there is no column step"),
        ("step\ty\n0\t1\n", "the path has no x, which is swept: it has y"),
    ],
)
def test_a_broken_trace_is_named_by_its_line(trace: str, message: str) -> None:
    done = circuit("plot", "x^2", "--path", "-", stdin=trace)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


# ── the value over the steps ────────────────────────────────────────────────────────────────────────────────


def heights_of(values: list[float], *others: list[float]) -> Runs:
    named = [Run(str(k), np.arange(float(len(ys))), np.array(ys)) for k, ys in enumerate([values, *others])]
    return runs_over_steps("t", named)


def test_what_is_drawn_of_an_ascent() -> None:
    geometric = [10.0**-k for k in range(10)]
    falling = heights_of(geometric)
    assert (falling.label, falling.logarithmic) == ("value", True)
    np.testing.assert_array_equal(falling.heights[0], geometric)
    to_a_summit = heights_of([100.0 - y for y in geometric])
    assert (to_a_summit.label, to_a_summit.logarithmic) == ("best - value", True)
    assert to_a_summit.fixed == "best value 100"
    np.testing.assert_allclose(to_a_summit.heights[0][:-1], np.array(geometric[:-1]) - geometric[-1], rtol=1e-5)
    assert math.isnan(to_a_summit.heights[0][-1])  # a distance of 0 has no logarithm
    to_a_valley = heights_of([y - 3.0 for y in geometric])
    assert to_a_valley.label == "value - best"
    level = heights_of([5.0, 4.5, 4.2, 4.1, 4.05, 4.04])
    assert (level.label, level.logarithmic) == ("value", False)
    noise = np.random.default_rng(0).normal(size=300).cumsum() + 100.0
    assert not heights_of(noise.tolist()).logarithmic
    assert not heights_of([-1.0, 1e-9, 1.0, 2.0]).logarithmic
    assert heights_of([math.nan, math.inf]).empty
    assert heights_of([3.0, 1.0], [4.0, 0.5]).best == 1


def test_a_trace_over_its_steps(tmp_path: Path) -> None:
    words = ("descend", VALLEY, "-x", "-1.2", "-y", "1", "--quiet", "--trace", "run.jsonl")
    circuit(*words, cwd=tmp_path)
    told = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    _, root = svg(tmp_path, "--trace", "run.jsonl")
    line = drawn(root, "run-1")
    values = np.log10([row["value"] for row in told if row["value"] > 0.0])
    share = (values - values[0]) / (values[-1] - values[0])
    np.testing.assert_allclose((line[:, 1] - line[0, 1]) / (line[-1, 1] - line[0, 1]), share, atol=1e-4)
    lines = circuit("plot", "--trace", "run.jsonl", cwd=tmp_path).stdout.splitlines()
    assert lines[:3] == [" run.jsonl", " best value 0", " value"]
    assert len(lines) == 24 and max(map(columns, lines)) <= 80


def test_several_traces_are_over_each_other(tmp_path: Path) -> None:
    for name, start in (("a.csv", "2"), ("b.jsonl", "5")):
        words = ("-x", start, "--method", "momentum", "--step", "0.005", "--steps", "30", "--trace", name)
        assert circuit("descend", "x^4", *words, "--quiet", cwd=tmp_path).returncode == 0
    found, _ = svg(tmp_path, "--trace", "a.csv", "--trace", "b.jsonl")
    assert {"a.csv", "b.jsonl", "step", "value"} <= {*found}
    assert "⠤⠤⠤ a.csv   ··· b.jsonl" in circuit("plot", "--trace", "a.csv", "--trace", "b.jsonl", cwd=tmp_path).stdout
    for starts, legend in ((3, "⠤⠤⠤ start 0   ··· start 1   +++ start 2"), (12, "the best   ··· 11 others")):
        of_starts = ("descend", "x^4 - 3*x^2 + x", "-x", "0", "--starts", str(starts), "--trace", "-", "--quiet")
        trace = circuit(*of_starts).stdout
        assert legend in circuit("plot", "--trace", "-", stdin=trace).stdout
        _, root = svg(tmp_path, "--trace", "-", stdin=trace)
        assert sum(str(group.get("id")).startswith("run-") for group in root.iter(f"{SVG}g")) == starts


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x^2", "--trace", "t.csv"], "--path run.jsonl lays the way on the curve"),
        (["--trace", "t.csv", "-x", "1"], "no expression, file or input"),
        (["--trace", "t.csv", "--range", "x=0:1"], "--range is about an expression"),
        (["--trace", "t.csv", "--surface", "--out", "a.svg"], "--surface is about an expression"),
        (["--trace", "-", "--trace", "-"], "only once"),
        (["--trace", "nothing.csv"], "no such file: nothing.csv"),
        (["--trace", "bare.csv"], "bare.csv has no column value"),
        (["--trace", "words.csv"], "a step of the trace has no number: one"),
        (["--trace", "t.csv", "--out", "t.csv", "--format", "svg"], "would write over what is read"),
    ],
)
def test_mistakes_with_traces_are_said(words: list[str], message: str, tmp_path: Path) -> None:
    for name, text in (("t", "step,x,value\n0,1,1\n"), ("bare", "step,x\n0,1\n"), ("words", "step,x,value\none,1,1\n")):
        (tmp_path / f"{name}.csv").write_text(text)
    done = circuit("plot", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_trace_of_one_step_and_one_of_nothing_finite(tmp_path: Path) -> None:
    assert "•" in circuit("plot", "--trace", "-", stdin="step,x,value\n0,1,1\n").stdout
    done = circuit("plot", "--trace", "-", stdin="step,x,value\n0,1,inf\n")
    assert (done.returncode, done.stdout) == (3, "") and "no value of the trace is finite" in done.stderr


# ── points of data ──────────────────────────────────────────────────────────────────────────────────────────

POINTS = "x,y\n0,1.1\n1,2.9\n2,5.2\n3,6.8\n4,9.1\n"


def test_a_fit_with_its_points_its_band_and_its_residuals(tmp_path: Path) -> None:
    (tmp_path / "pts.csv").write_text(POINTS)
    fit = circuit("descend", "mean((y-(a*x+b))^2)", "pts.csv", "-a", "1", "-b", "0", "--json", cwd=tmp_path)
    (tmp_path / "fit.json").write_text(fit.stdout)
    words = ("a*x + b", "pts.csv", "--inputs", "fit.json", "--residuals")
    found, root = svg(tmp_path, *words)
    assert {"a*x + b", "value", "± standard uncertainty", "y, 5 points", "residual", "x", "y"} <= {*found}
    names = [group.get("id") for group in root.iter(f"{SVG}g")]
    assert all(name in names for name in ("value", "band", "points", "residuals"))
    lines = circuit("plot", *words, cwd=tmp_path).stdout.splitlines()
    assert lines[1] == " a = 1.99 ± 0.06, b = 1.04 ± 0.15"
    assert lines[2] == " ⠤⠤⠤ value   ░░░ ± standard uncertainty   • y"
    assert "".join(lines[3:]).count("•") == 10 and " residual" in lines
    frames = [line.index("└") for line in lines if "└" in line]
    assert len(frames) == 2 and frames[0] == frames[1]  # one above the other
    assert len(lines) == 24 and max(map(columns, lines)) <= 80


def test_the_band_of_a_fit_is_that_of_numpy() -> None:
    """The covariance of a straight line through points, by numpy.polyfit."""
    xs, ys = np.array([0.0, 1, 2, 3, 4]), np.array([1.1, 2.9, 5.2, 6.8, 9.1])
    (a, b), covariance = np.polyfit(xs, ys, 1, cov=True)
    graph, values = ReadCircuit("a*x + b").bind(None, {"a": float(a), "b": float(b)})
    sigmas = dict(zip("ab", np.sqrt(np.diag(covariance)).tolist(), strict=True))
    related = float(covariance[0, 1])
    uncertain = Uncertain(sigmas, {("a", "b"): related, ("b", "a"): related})
    found = Sweep(graph, values, [Span("x", -0.2, 4.2)], uncertain).curve()
    jacobian = np.stack([found.xs, np.ones_like(found.xs)])
    assert found.sigmas is not None
    np.testing.assert_allclose(
        found.sigmas, np.sqrt(np.einsum("ik,ij,jk->k", jacobian, covariance, jacobian)), rtol=1e-9
    )


def test_cells_with_an_uncertainty_have_error_bars(tmp_path: Path) -> None:
    (tmp_path / "decay.csv").write_text("t,y\n0,2.0±0.5\n1,1.3±0.4\n2,0.72±0.3\n3,0.5±0.2\n")
    words = ("a*exp(-b*t)", "decay.csv", "-a", "2", "-b", "0.5")
    done = circuit("plot", *words, cwd=tmp_path)
    (tmp_path / "exact.csv").write_text("t,y\n0,2.0\n1,1.3\n2,0.72\n3,0.5\n")
    exact = circuit("plot", words[0], "exact.csv", *words[2:], cwd=tmp_path)
    assert done.stdout.count("│") > exact.stdout.count("│") + 10 and done.stderr == ""
    _, root = svg(tmp_path, *words)
    assert sum(str(group.get("id")).startswith("LineCollection") for group in root.iter(f"{SVG}g")) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pts.csv", "site,day,when,x,y\nkiel,mon,2024-01-05,0,1\n,,,1,2.5\nulm,tue,,2,3\n"),
        (
            "pts.jsonl",
            '{"site": "kiel", "x": 0, "y": 1}\n{"site": null, "x": 1, "y": 2.5}\n{"site": "ulm", "x": 2, "y": 3}\n',
        ),
    ],
)
def test_columns_of_texts_are_not_drawn_and_residuals_are_numbers_too(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    done = circuit("plot", "a*x + 1", name, "-a", "1", "--residuals", "--to", "csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "x,y,value,residual\n0.0,1.0,1.0,0.0\n1.0,2.5,2.0,0.5\n2.0,3.0,3.0,0.0\n"


def test_columns_of_texts_in_parquet_are_not_drawn(tmp_path: Path) -> None:
    table = pa.table({"site": ["kiel", "ulm"], "x": [0.0, 1.0], "y": [1.0, 2.0]})
    pq.write_table(table, tmp_path / "pts.parquet")
    done = circuit("plot", "a*x", "pts.parquet", "-a", "1", "--residuals", "--to", "csv", cwd=tmp_path)
    assert done.stdout == "x,y,value,residual\n0.0,1.0,0.0,1.0\n1.0,2.0,1.0,1.0\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a*x"], "say which: --against s"),
        (["a*x", "--against", "w"], "pts.csv has no column w"),
        (["a*z", "--against", "y"], "the expression uses no column of pts.csv"),
        (["a*x*y"], "or give others a value: -y 1"),
        (["mean((y - a*x)^2)"], "write the model alone"),
        (["a*b*x", "--against", "y"], "b has no value, and is no column"),
        (["a*x", "--against", "y", "--range", "a=0:1"], "points are over x, and --range names a"),
        (["a*x", "--against", "y", "--of", "f"], "--of is for no data"),
    ],
)
def test_mistakes_with_points_are_said(words: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "pts.csv").write_text("x,y,s\n0,1,1\n1,2,1\n")
    done = circuit("plot", words[0], "pts.csv", *words[1:], "-a", "1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    bare = circuit("plot", "x^2", "--residuals")
    assert bare.returncode == 2 and "--residuals is for files of rows" in bare.stderr


def test_an_ascent_can_be_watched() -> None:
    words = ["descend", VALLEY, "-x", "-1.2", "-y", "1", "--watch"]
    screen = Terminal(*words, lines=60)
    assert screen.leave("") == 0
    lines = screen.lines
    top = lines.index(" best value 0")
    assert lines[top + 1] == " value" and any("┤" in line for line in lines)
    assert lines.index(" input   start   found   gradient") > top  # the answer is as ever, below
    assert not any("steps/s" in line for line in lines)
    piped = circuit(*words)
    assert piped.stdout == circuit(*words[:-1]).stdout
    assert piped.stderr == "note: --watch draws at a terminal, and standard error is none\n"
    done = circuit(*words, "--trace", "-")
    assert done.returncode == 2 and "name a file: --trace run.jsonl" in done.stderr


def test_a_watched_ascent_is_redrawn_and_ends_by_ctrl_c() -> None:
    words = ["--method", "adam", "--step", "1e-7", "--steps", "100000000", "--watch"]
    screen = Terminal("descend", VALLEY, "-x", "-1.2", "-y", "1", *words, lines=60)
    began = time.monotonic()
    screen.wait(lambda: screen.bytes.count(b"steps/s") > 5)
    assert screen.bytes.count(b"steps/s") <= 10 * (time.monotonic() - began) + 1
    assert sum("└" in line for line in screen.lines) == 1  # each frame in place of the last
    assert screen.leave(CTRL_C) == 130
    assert sum("└" in line for line in screen.lines) == 1
    assert any("interrupted" in line for line in screen.lines)


# ── the numbers for other programs ──────────────────────────────────────────────────────────────────────────


def table_of(text: str) -> dict[str, Array]:
    header, *rows = [line.split(",") for line in text.splitlines()]
    return {name: np.array(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


def test_the_numbers_of_a_curve_are_right() -> None:
    """Beside mpmath, with 30 digits."""
    done = circuit("plot", "exp(-x^2)*sin(3*x)", "--range", "x=-2:2", "--to", "csv")
    found = table_of(done.stdout)
    assert [*found] == ["x", "value", "gradient"] and done.stderr == ""
    with mpmath.workdps(30):
        for x, value, slope in zip(*(column.astype(float)[::37].tolist() for column in found.values()), strict=True):
            at = mpmath.mpf(x)
            wave, bell = mpmath.sin(3 * at), mpmath.exp(-(at**2))
            assert value == pytest.approx(float(bell * wave), rel=1e-13, abs=1e-16)
            assert slope == pytest.approx(float(bell * (3 * mpmath.cos(3 * at) - 2 * at * wave)), rel=1e-12, abs=1e-15)


def test_the_numbers_of_the_other_plots(tmp_path: Path) -> None:
    over = table_of(circuit("plot", "x^2*y", "--to", "csv").stdout)
    assert [*over] == ["x", "y", "value", "grad_x", "grad_y"]
    xs, ys, values, by_x, by_y = (column.astype(float) for column in over.values())
    assert len(xs) == 200 * 200
    np.testing.assert_allclose(values, xs**2 * ys, rtol=1e-14)
    np.testing.assert_allclose(by_x, 2 * xs * ys, rtol=1e-14)
    np.testing.assert_allclose(by_y, xs**2, rtol=1e-14)
    several = table_of(circuit("plot", "f = x^2; g = sin(x)", "--of", "f,g", "--to", "csv").stdout)
    assert [*several] == ["result", "x", "value"] and {*several["result"]} == {"f", "g"}
    at = several["x"].astype(float)
    np.testing.assert_allclose(
        several["value"].astype(float), np.where(several["result"] == "f", at**2, np.sin(at)), rtol=1e-13
    )
    band = table_of(circuit("plot", "f = a*x", "-a", "2±0.5", "--to", "csv").stdout)
    assert [*band] == ["x", "f", "gradient", "f_lo", "f_hi"]
    at, low, high = (band[name].astype(float) for name in ("x", "f_lo", "f_hi"))
    np.testing.assert_allclose(low, 2 * at - 0.5 * np.abs(at), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(high, 2 * at + 0.5 * np.abs(at), rtol=1e-12, atol=1e-12)
    trace = "step,x,value\n0,2,0.1\n1,1,0.30000000000000004\n"
    assert circuit("plot", "--trace", "-", "--to", "csv", stdin=trace).stdout == (
        "run,step,value\nvalue,0,0.1\nvalue,1,0.30000000000000004\n"
    )


def test_the_form_of_the_numbers(tmp_path: Path) -> None:
    words = ("plot", "x^2", "--range", "x=0:1")
    rows = table_of(circuit(*words, "--to", "csv").stdout)
    for ending in ("csv", "json", "jsonl", "tsv"):
        assert circuit(*words, "--out", f"p.{ending}", cwd=tmp_path).stdout == ""
        assert (tmp_path / f"p.{ending}").read_text() == circuit(*words, "--to", ending).stdout
    told = json.loads((tmp_path / "p.json").read_text())
    assert [row["value"] for row in told] == rows["value"].astype(float).tolist()
    assert json.loads((tmp_path / "p.jsonl").read_text().splitlines()[0]) == told[0]
    for wrong, message in (
        (("--to", "csv", "--format", "svg"), "leave one of them out"),
        (("--to", "csv", "--out", "a.svg"), "--to csv does not fit the name a.svg"),
        (("--to", "csv", "--surface"), "a surface is a picture"),
    ):
        done = circuit(*words, *wrong, cwd=tmp_path)
        assert done.returncode == 2 and message in done.stderr
    assert "two columns of the numbers are called value" in circuit("plot", "value^2", "--to", "csv").stderr


# ── the terminal ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pipe_gets_80_columns_and_no_colour(tmp_path: Path) -> None:
    trace = circuit("descend", VALLEY, "-x", "-1.2", "-y", "1", "--trace", "-").stdout
    for words in (["sin(x)/x"], ["1000 + x^2", "-x", "1"], [LESSON, "-x", "1", "-y", "2"], [VALLEY, "--path", "-"]):
        done = circuit("plot", *words, stdin=trace, COLUMNS="200")
        lines = done.stdout.splitlines()
        assert done.stderr == "" and "\x1b" not in done.stdout
        assert lines[0] == f" {words[0]}"
        assert max(map(columns, lines)) <= 80 and len(lines) == 24


@pytest.mark.parametrize("width", some_slow([24, 40, 57, 130], [40, 57, 130]))
def test_a_terminal_is_filled(width: int) -> None:
    seen = plain(at_a_terminal("plot", "+".join(f"sin({k}*x)" for k in range(1, 20)), columns=width)).splitlines()
    assert len(seen) == 23  # of 24, the prompt has the last
    assert width - 2 <= max(map(columns, seen)) <= width


@pytest.mark.slow
@pytest.mark.parametrize("width", some_slow([24, 31, 40, 50, 60], [31, 40, 50, 60]))
@pytest.mark.parametrize("text", some_slow(["sin(x)", "x*y"], ["sin(x)"]))
def test_rulers_of_a_narrow_terminal_show_the_range(text: str, width: int) -> None:
    lines = plain(at_a_terminal("plot", text, columns=width)).splitlines()
    across = lines[-2].split()
    assert max(map(columns, lines)) <= width
    assert across == (["-3", "-2", "0", "2", "3"] if width == 24 else [str(k) for k in range(-3, 4)])
    assert sum("┤" in line for line in lines) >= 3


@pytest.mark.slow
def test_a_terminal_that_is_too_narrow_is_said_in_a_sentence() -> None:
    lines = plain(at_a_terminal("plot", "sin(x)", columns=18)).splitlines()
    assert lines == ["circuit: a terminal of 18 columns is too narrow for this plot", "  add --out plot.svg"]


def test_the_ends_of_a_ruler_are_told_where_they_are_short() -> None:
    across = circuit("plot", "sin(x)", "--range", "x=0.3:13.7").stdout.splitlines()[-2].split()
    assert (across[0], across[-1]) == ("0.3", "13.7")
    across = circuit("plot", "sin(x)", "--range", "x=0.123456:9.87654").stdout.splitlines()[-2].split()
    assert across == [str(k) for k in (2, 4, 6, 8)]


def test_ticks_fit_or_are_the_ends() -> None:
    assert fitting(-3, 3, 7, 76, True) == [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]
    assert fitting(-3, 3, 2, 20, True) == [-2.0, 0.0, 2.0]
    assert fitting(0.123456, 0.123459, 7, 16, True) == [0.123456, 0.123459]
    assert fitting(0, 10, 7, 5, False) == [0.0, 5.0, 10.0]


def test_colour_where_it_is_asked_for() -> None:
    assert "\x1b[" in circuit("plot", "x^2", "--color", "always").stdout
    shown = plain(circuit("plot", "x^2", "--color", "always").stdout)
    assert [line.rstrip() for line in shown.splitlines()] == circuit("plot", "x^2").stdout.splitlines()


def test_a_curve_in_characters_is_the_curve() -> None:
    lines = circuit("plot", "x/2", "--range", "x=0:1").stdout.splitlines()
    assert lines[:2] == [" x/2", " ⠤⠤⠤ value   ⠤ ⠤ gradient"]
    assert max(map(len, lines)) <= 80 and len(lines) == 24
    starts = [re.search("[\u2801-\u28ff]", row) for row in lines[2:]]
    firsts = [found.start() for found in starts if found]
    assert len(firsts) > 12 and firsts[1:] == sorted(firsts[1:], reverse=True)  # it rises from left to right
    level = [row for row in lines[2:] if len(re.findall("[\u2801-\u28ff]", row)) > 40]
    assert len(level) == 1  # the slope is the same everywhere


def test_contours_say_their_values_and_arrows_point_uphill() -> None:
    lines = circuit("plot", LESSON).stdout.splitlines()
    picture = "\n".join(lines[3:])
    assert {"70", "80", "90", "95"} <= set(re.findall(r"\d\d", picture))
    assert set(picture) & set("→↗↑↖←↙↓↘") == {"↘", "↖"}
    upper, lower = picture[: len(picture) // 3], picture[-len(picture) // 3 :]
    assert upper.count("↘") > upper.count("↖") and lower.count("↖") > lower.count("↘")


def test_the_contour_through_the_point_that_is_given(tmp_path: Path) -> None:
    """Of a saddle it is two lines that cross there: x = y and x = -y."""
    words = ("x^2 - y^2 + 0.5", "-x", "0", "-y", "0", "--range", "x=-2:2,y=-2:2")
    assert "0.5" in circuit("plot", *words).stdout.partition(" y\n")[2]
    assert "value = 0.5" in svg(tmp_path, *words)[0]
    assert "value = 3.5" not in svg(tmp_path, *words[:2], "9", *words[3:])[0]  # nothing in the picture is so high


def test_levels_near_a_summit_are_short_numbers() -> None:
    near = 100.0 - np.linspace(0.0, 3.0, 200)[:, None] ** 2 * np.ones(200)
    found = levels(near, 12, [np.array([99.9993, 99.9993])])
    assert {97.0, 99.0, 99.7} <= {round(x, 9) for x in found}


def test_the_point_that_is_given_is_told() -> None:
    assert "◆ x = 1, y = 2: gradient 2, -2" in circuit("plot", LESSON, "-x", "1", "-y", "2").stdout
    assert "◆ x = 3: gradient 6" in circuit("plot", "x^2", "-x", "3").stdout


@pytest.mark.parametrize("size", ["1e6", "1e10", "-1e11"])
def test_a_small_change_of_a_large_number_is_seen(size: str) -> None:
    """A curve of one period is as high as the picture, wherever it is."""
    lines = circuit("plot", f"{size} + sin(x)", "--range", "x=-pi:pi").stdout.splitlines()[2:-3]
    rows = [re.search("[\u2801-\u28ff]", line) is not None for line in lines]
    assert sum(rows) >= 0.75 * len(rows)


@pytest.mark.parametrize(
    ("text", "span", "told", "status"),
    [
        ("1e308*x*10", "-3:3", "values are beyond 1e+300, and are not drawn", 3),
        ("x", "1e300:1e308", "510 of 510 values are beyond 1e+300", 3),
        ("x", "1e298:2e300", "values are beyond 1e+300", 0),
        ("log(-1 - x^2)", "-3:3", "there is nothing to draw", 3),
    ],
)
def test_what_is_too_large_to_draw_is_told(text: str, span: str, told: str, status: int) -> None:
    done = circuit("plot", text, "--range", f"x={span}")
    assert done.returncode == status and told in done.stderr and "Warning" not in done.stderr
    assert bool(done.stdout) == (status == 0)
    assert circuit("plot", "x", "--range", "x=1e300:1e308", "--to", "csv").stdout.count("\n") == 511


def test_one_point_is_seen_and_one_that_is_infinite_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("x,y\n1000,2000\n")
    lines = circuit("plot", "a*x", "one.csv", "-a", "2", cwd=tmp_path).stdout.splitlines()
    assert lines[-2].split() == ["0", "500", "1000", "1500", "2000"]
    assert sum(line.count("•") for line in lines[2:]) == 2  # the legend and the point
    (tmp_path / "three.csv").write_text("x,y\n1,2\n2,inf\n3,6\n")
    done = circuit("plot", "a*x", "three.csv", "-a", "2", cwd=tmp_path)
    assert done.stderr == "note: 1 of 3 rows is not finite, and is left out\n"


def test_a_band_is_filled(tmp_path: Path) -> None:
    words = ("a*x", "-a", "2±0.5", "--range", "x=0:4")
    lines = circuit("plot", *words).stdout.splitlines()
    assert lines[1:3] == [" a = 2 ± 0.5", " ⠤⠤⠤ value   ⠤ ⠤ gradient   ░░░ ± standard uncertainty"]
    filled = ["".join(row[column] for row in lines[3:-3] if column < len(row)).count("░") for column in (40, 70)]
    assert filled[1] > filled[0] > 0
    found, root = svg(tmp_path, *words)
    assert "± standard uncertainty" in found and "a = 2 ± 0.5" in found
    assert any(group.get("id") == "band" for group in root.iter(f"{SVG}g"))
    assert "░" not in circuit("plot", "a*x", "-a", "2").stdout
    assert circuit("plot", "tan(a*x)", "-a", "1±0.1").returncode == 0


def test_what_a_gap_parts_is_not_joined() -> None:
    lines = circuit("plot", "sign(x)").stdout.splitlines()[2:]
    drawn = [line.partition("┤")[0].strip() for line in lines if re.search("[\u2801-\u28ff]", line)]
    assert drawn == ["1", "0", "-1"]  # 0 is the slope's


# ── what must be there ──────────────────────────────────────────────────────────────────────────────────────


def test_plots_say_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    done = circuit("plot", "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"circuit: plots need plotext\n  install with: {installing('plot')}\n"


@pytest.mark.slow
def test_the_extra_alone_is_enough() -> None:
    code = """
import sys
for name in ("pyarrow", "orjson", "scipy", "llvmlite"):
    sys.modules[name] = None
from circuitcli.cli import run
print(run(["plot", "x*y", "--quiet"]))
print("matplotlib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[-2:] == ["0", "False"], done.stderr  # and a terminal does without Matplotlib


@pytest.mark.parametrize(
    "words",
    [
        ("1e308 + 0*x", "-x", "0"),
        ("x", "--range", "x=1e307:1.1e308"),
        ("x", "--range", "x=-8e307:8e307"),
        ("x", "-x", "-1e308"),
        ("x*0", "--range", "x=0:5e-324"),
        ("x*1e-320", "--range", "x=-1e-3:1e-3"),
        ("x", "--range", "x=1:1"),
        ("x", "--range", "x=inf:inf"),
        ("x*1e305*y", "-x", "0", "-y", "0"),
        ("max(x, y)*1.7e308", "-x", "0", "-y", "0"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["terminal", "svg"])
def test_the_ends_of_the_floats_bring_no_warning(words: tuple[str, ...], form: str, tmp_path: Path) -> None:
    """Warnings are errors here."""
    done = circuit("plot", *words, *(["--out", "p.svg"] if form == "svg" else []), cwd=tmp_path)
    assert done.returncode in (0, 2, 3)
    assert all(line.startswith(("circuit: ", "note: ", "  ")) for line in done.stderr.splitlines())
