"""Plots: what is swept, the numbers beside NumPy's, the pictures, and the terminal."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from circuitcli.errors import columns
from circuitcli.extras import installing
from circuitcli.pictures.sampling import INTERVALS
from circuitcli.pictures.sweep import Arrows, Curve, Span, Sweep
from circuitcli.read_circuit import ReadCircuit
from circuitcli.render.scales import extent, fitting, headings, levels, scales, texts, ticks
from tests.support import circuit, some_slow
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
        (["x", "-x", "1±0.1"], "a plot shows none"),
        (["x", "--json"], "there is no option --json"),
        (["x", "--digits", "5"], "there is no option --digits"),
        (["x*y", "--surface"], "add --out surface.svg"),
        (["x", "--surface", "--out", "a.svg"], "a surface needs two inputs"),
        (["x", "--out", "a.gif"], "add --format, or one of .svg, .png, .pdf"),
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
    shared = {"--file", "--inputs", "--quiet", "--color", "--allow-nonfinite", "--help"}
    assert offered == shared | {
        "--range",
        "--path",
        "--of",
        "--surface",
        "--format",
        "--out",
        "--trace",
    }  # what --trace wrote
    owners = circuit("plot", "x", "--json").stderr.splitlines()[1]
    assert "circuit eval, grad" in owners and "plot" not in owners
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
    assert "··· gradient" in done.stdout
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
    assert across == (["-2", "0", "2"] if width == 24 else [str(k) for k in range(-3, 4)])
    assert sum("┤" in line for line in lines) >= 3


@pytest.mark.slow
def test_a_terminal_that_is_too_narrow_is_said_in_a_sentence() -> None:
    lines = plain(at_a_terminal("plot", "sin(x)", columns=18)).splitlines()
    assert lines == ["circuit: a terminal of 18 columns is too narrow for this plot", "  add --out plot.svg"]


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
    assert lines[:2] == [" x/2", " ⠤⠤⠤ value   ··· gradient"]
    assert max(map(len, lines)) <= 80 and len(lines) == 24
    starts = [re.search("[\u2801-\u28ff]", row) for row in lines[2:]]
    firsts = [found.start() for found in starts if found]
    assert len(firsts) > 12 and firsts == sorted(firsts, reverse=True)  # it rises from left to right
    level = [row for row in lines[2:] if row.count("·") > 60]
    assert len(level) == 1  # the slope is the same everywhere


def test_contours_say_their_values_and_arrows_point_uphill() -> None:
    lines = circuit("plot", LESSON).stdout.splitlines()
    picture = "\n".join(lines[3:])
    assert {"70", "80", "90", "95"} <= set(re.findall(r"\d\d", picture))
    assert set(picture) & set("→↗↑↖←↙↓↘") == {"↘", "↖"}
    upper, lower = picture[: len(picture) // 3], picture[-len(picture) // 3 :]
    assert upper.count("↘") > upper.count("↖") and lower.count("↖") > lower.count("↘")


def test_the_point_that_is_given_is_told() -> None:
    assert "◆ x = 1, y = 2: gradient 2, -2" in circuit("plot", LESSON, "-x", "1", "-y", "2").stdout
    assert "◆ x = 3: gradient 6" in circuit("plot", "x^2", "-x", "3").stdout


def test_what_a_gap_parts_is_not_joined() -> None:
    lines = circuit("plot", "sign(x)").stdout.splitlines()[2:]
    drawn = [line.partition("┤")[0].strip() for line in lines if re.search("[\u2801-\u28ff]", line)]
    assert drawn == ["1", "-1"]


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
    assert done.returncode in (0, 2)
    assert all(line.startswith(("circuit: ", "note: ", "  ")) for line in done.stderr.splitlines())
