"""Integrals inside a circuit: their values and slopes against mpmath, in every arithmetic."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.point import Point
from circuitcli.engine.digits import Digits
from circuitcli.engine.passes import forward
from circuitcli.export import json_description
from circuitcli.language import graph_of, parse
from circuitcli.program_text import program
from tests.support import circuit
from tests.test_root import near, point, quotient, refusal

K = "integral(t: 1/sqrt(1 - m*sin(t)^2), 0, pi/2)"
E = "integral(t: sqrt(1 - m*sin(t)^2), 0, pi/2)"
J0 = "integral(t: cos(x*sin(t)), 0, pi)/pi"
ERF = "2/sqrt(pi)*integral(t: exp(-t^2), 0, x)"
GAMMA = "integral(t: t^(z - 1)*exp(-t), 0, inf)"


@pytest.mark.parametrize("m", [-2.0, 0.1, 0.5, 0.9, 0.999])
def test_elliptic_integrals(m: float) -> None:
    first, second = point(K, {"m": m}), point(E, {"m": m})
    with mpmath.workdps(40):
        k, e = mpmath.ellipk(m), mpmath.ellipe(m)
        assert near(first.value, k) and near(second.value, e)
        assert near(first.gradient["m"], mpmath.diff(mpmath.ellipk, m))
        assert near(second.gradient["m"], (e - k) / (2 * m))


@pytest.mark.parametrize("x", [0.1, 1.0, 2.404825557695773, 10.0, 50.0])
def test_bessel(x: float) -> None:
    here = point(J0, {"x": x})
    with mpmath.workdps(40):
        assert abs(here.value - float(mpmath.besselj(0, x))) < 1e-13
        assert abs(here.gradient["x"] + float(mpmath.besselj(1, x))) < 1e-13


@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 1e-5, 0.7, 2.0, 30.0])
def test_erf(x: float) -> None:
    here = point(ERF, {"x": x})
    with mpmath.workdps(40):
        assert here.value == pytest.approx(float(mpmath.erf(x)), rel=1e-13)
        assert here.gradient["x"] == pytest.approx(
            float(2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-(mpmath.mpf(x) ** 2)))
        )


@pytest.mark.parametrize("z", [0.3, 0.5, 1.0, 2.5, 7.0, 20.0])
def test_gamma(z: float) -> None:
    here = point(GAMMA, {"z": z})
    with mpmath.workdps(40):
        assert here.value == pytest.approx(float(mpmath.gamma(z)), rel=1e-13)
        assert here.gradient["z"] == pytest.approx(float(mpmath.gamma(z) * mpmath.digamma(z)), rel=1e-12)


def drawn(count: int) -> list[tuple[str, dict[str, float]]]:
    """Random integrals of smooth circuits."""
    draw = random.Random(11)
    inside = ["a*t", "t^2", "b*t + a", "a - t", "t*b", "t/(1 + b^2)"]
    gates = ["sin", "cos", "exp", "tanh", "sigmoid", "softplus", "gauss", "atan", "asinh", "erf"]
    ends = [("0", "b"), ("a", "b"), ("0", "a^2 + 1"), ("-1", "1"), ("sin(a)", "2 + b"), ("b", "0")]
    found = []
    for _ in range(count):
        one, other = (f"{draw.choice(gates)}({draw.choice(inside)})" for _ in range(2))
        low, high = draw.choice(ends)
        text = f"integral(t: {one}*{other} + a*t, {low}, {high}) + 0*(a + b)"
        found.append((text, {"a": draw.uniform(-1.5, 1.5), "b": draw.uniform(-1.5, 1.5)}))
    return found


@pytest.mark.parametrize(
    ("expression", "given"), [*drawn(250)[:40], *(pytest.param(*x, marks=pytest.mark.slow) for x in drawn(250)[40:])]
)
def test_gradients_of_random_integrals(expression: str, given: dict[str, float]) -> None:
    here = Point(graph_of(parse(expression)), given, ["a", "b"])
    for name, slope in here.gradient.items():
        assert near(slope, quotient(expression, given, name), 1e-11)


@pytest.mark.parametrize(("expression", "given"), drawn(8))
def test_second_derivatives(expression: str, given: dict[str, float]) -> None:
    digits, graph = Digits(50), graph_of(parse(expression))
    found = Derivatives(graph, ["a", "b"]).second()
    for (one, other), k in found.hessian.items():
        slope = found.graph({"slope": found.gradient[one]})
        h = mpmath.mpf(10) ** -16
        ends = []
        for way in (1, -1):
            moved = {name: digits.number(x) + (way * h if name == other else 0) for name, x in given.items()}
            ends.append(forward(slope, digits, moved)[slope.output])
        assert near(Point(found.graph({"second": k}), given).value, (ends[0] - ends[1]) / (2 * h), 1e-10)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("integral(t: 1/sqrt(t), 0, 1)", 2.0),
        ("integral(t: log(t), 0, 1)", -1.0),
        ("integral(t: abs(t - 0.3), 0, 1)", 0.29),
        ("integral(t: t > 0.3, 0, 1)", 0.7),
        ("integral(t: floor(t), 0, 5.5)", 12.5),
        ("integral(t: exp(-t^2), -inf, inf)", math.sqrt(math.pi)),
        ("integral(t: exp(t), -inf, 1)", math.e),
        ("integral(t: 1/(1 + t^2), -inf, inf)", math.pi),
        ("integral(t: t^2, 2, 0)", -8 / 3),
        ("integral(t: t^2, 1, 1)", 0.0),
        ("integral(t: 1/(1e-4 + (t - 0.3)^2), 0, 1)", 100 * (math.atan(70) + math.atan(30))),
        ("integral(t: sin(100*t), 0, 1)", (1 - math.cos(100)) / 100),
        ("integral(t: 0*t, 0, 1)", 0.0),
    ],
)
def test_values(text: str, value: float) -> None:
    assert point(text, {}).value == pytest.approx(value, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "integral(t: 1/t, 0, 1)",
        "integral(t: 1/t, -1, 1)",
        "integral(t: sin(t)/t, 0, inf)",
        "integral(t: t, 0, inf)",
        "integral(t: 1/sqrt(1 - t), 0, 1)",
        "integral(t: log(t), -1, 1)",
    ],
)
def test_nan_where_sums_do_not_agree(text: str) -> None:
    assert math.isnan(point(text, {}).value)
    said = circuit("eval", text)
    assert "do not come to agree" in said.stdout + said.stderr


def test_a_jump_that_moves_has_no_slope_under_the_sign() -> None:
    assert math.isnan(point("integral(t: t < a, 0, 1)", {"a": 0.5}).gradient["a"])
    assert point("integral(t: min(t, a), 0, 1)", {"a": 0.5}).gradient["a"] == pytest.approx(0.5, rel=1e-12)
    assert point("integral(t: a*(t < 0.3), 0, 1)", {"a": 0.5}).gradient["a"] == pytest.approx(0.3, rel=1e-12)


def test_nested() -> None:
    assert point("integral(t: integral(s: s*t, 0, t), 0, 1)", {}).value == pytest.approx(0.125, rel=1e-14)
    here = point("integral(s: root(x: x^3 - a*s, 1), 0.1, 1)", {"a": 2.0})
    value = 0.75 * 2 ** (1 / 3) * (1 - 0.1 ** (4 / 3))
    assert here.value == pytest.approx(value, rel=1e-13)
    assert here.gradient["a"] == pytest.approx(value / 6, rel=1e-13)


PROGRAMS = [
    "integral(t: exp(-t^2), 0, x)",
    "integral(t: exp(-a*t^2)*b, 0, x^2)",
    "integral(t: a*t^2 + b, a, b)",
    "integral(u: u*exp(u) - (a + b)^2, 1, 2) + (a + b)^2",
    "integral(t: integral(s: exp(-a*s*t), 0, t), 0, 1)",
    "integral(s: root(x: x^3 - a*s, 1), 0.1, 1)",
    "sum(integral(t: t^k*a, 0, 1) for k in 1:3)",
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_is_written_reads_back(text: str) -> None:
    graph = graph_of(parse(text))
    assert program(graph_of(parse(program(graph)))) == program(graph)
    assert json_description.program_of(json_description.text(graph, [], {}), "it") == program(graph)
    given = dict.fromkeys(graph.inputs, 1.5)
    found = Derivatives(graph, [*given], folds=True)
    answers = {f"grad_{name}": k for name, k in found.gradient.items()}
    again = graph_of(parse("\n".join(found.statements(answers))))
    for name, slope in Point(graph, given, [*given]).gradient.items():
        known = Point(again, given).values[again.names[f"grad_{name}"]]
        assert known == pytest.approx(slope, rel=1e-11)


def test_digits() -> None:
    said = circuit("eval", "integral(t: exp(-t^2), 0, x)", "-x", "1", "--digits", "50", "--json").stdout
    with mpmath.workdps(60):
        right = mpmath.erf(1) * mpmath.sqrt(mpmath.pi) / 2
        assert abs(mpmath.mpf(json.loads(said)["value"]) - right) < mpmath.mpf(10) ** -50


def test_a_check_agrees() -> None:
    said = circuit("grad", "integral(t: exp(-a*t^2), 0, x)", "-a", "1.5", "-x", "2", "--check")
    assert said.returncode == 0 and said.stdout.count("agree") == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("integral(t: a, 0, 1)", "t is not used"),
        ("integral(t: t^2, 1)", "takes two ends"),
        ("integral(t: t^2, 0, t)", "bound in integral"),
        ("integral(t: integral(t: t, 0, 1)*t, 0, 1)", "means something else"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    assert message in refusal(text)


def test_latex_has_the_sign() -> None:
    found = circuit("export", "integral(t: exp(-t^2), 0, x)", "--to", "latex").stdout
    assert r"\int_{0}^{x} \exp\left(-t^{2}\right) \, dt" in found


@pytest.mark.parametrize("unit", [1e-9, 1.0, 37.0, 1e9])
@pytest.mark.parametrize("place", [0.0, 3.111, 31.11, -51.85, 134.81, 1e3])
def test_a_peak_anywhere_in_any_units(place: float, unit: float) -> None:
    """The integral of exp(-(t/u - c)^2) is u·sqrt(pi), wherever the peak is; its slope by c is 0. In that by u the
    rounding of t/u counts c times, and so does t/u itself."""
    here = point("integral(t: exp(-(t/u - c)^2), -inf, inf)", {"c": place, "u": unit})
    assert here.value == pytest.approx(unit * math.sqrt(math.pi), rel=1e-11)
    assert here.gradient["u"] == pytest.approx(math.sqrt(math.pi), rel=1e-15 * (1e4 + place**2))
    assert abs(here.gradient["c"]) < 1e-15 * (1e4 + place**2) * unit


PEAKS = (
    ("integral(t: exp(-((t - 0.3)*1e4)^2), 0, 1)", math.sqrt(math.pi) / 1e4),
    ("integral(t: exp(-(t - 1e4)^2) + exp(-(t + 1e3)^2), -inf, inf)", 2 * math.sqrt(math.pi)),
    ("integral(t: exp(-t/1e6), 0, inf)", 1e6),
    ("integral(t: exp(-abs(t)*1e15), -inf, inf)", 2e-15),
    ("integral(t: 1/(1 + (t/1e8)^2), -inf, inf)", 1e8 * math.pi),
    ("integral(t: exp(-t^2), 10, inf)", 1.8508739302041393e-45),  # sqrt(pi)/2·erfc(10)
    ("integral(t: exp(-t^2), 1e3, inf)", 0.0),
    ("integral(t: where(t > 2, 1, 0), 0, 1)", 0.0),
    ("integral(t: 1/sqrt(t), 0, 1)", 2.0),
    ("integral(t: log(t), 0, 1)", -1.0),
)


@pytest.mark.parametrize(("text", "value"), PEAKS)
def test_narrow_and_wide_integrands(text: str, value: float) -> None:
    assert point(text, {}).value == pytest.approx(value, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("text", ["1/t, 0, 1", "1/t, -1, 1", "1/t, 1, inf", "1/t^2, 0, 1", "sin(t), 0, inf"])
def test_integrals_that_do_not_exist_are_no_number(text: str) -> None:
    assert not math.isfinite(point(f"integral(t: {text})", {}).value)


def test_a_peak_far_away_in_digits() -> None:
    done = circuit("eval", "integral(t: exp(-(t - 1000)^2), -inf, inf)", "--digits", "30", "--quiet")
    with mpmath.workdps(40):
        assert done.stdout.strip() == mpmath.nstr(mpmath.sqrt(mpmath.pi), 30)


@pytest.mark.parametrize("a", [0.1, 0.3, 0.77])
@pytest.mark.parametrize(
    ("body", "value", "slope"),
    [
        ("abs(t - a)", lambda a: (a * a + (1 - a) ** 2) / 2, lambda a: 2 * a - 1),
        ("max(t, a)", lambda a: (1 + a * a) / 2, lambda a: a),
        ("relu(t - a)", lambda a: (1 - a) ** 2 / 2, lambda a: a - 1),
        ("min(t, a)", lambda a: a - a * a / 2, lambda a: 1 - a),
    ],
)
def test_kinks_that_move(body: str, value: Callable[[float], float], slope: Callable[[float], float], a: float) -> None:
    here = point(f"integral(t: {body}, 0, 1)", {"a": a})
    assert here.value == pytest.approx(value(a), rel=1e-12)
    assert here.gradient["a"] == pytest.approx(slope(a), rel=1e-12)


def test_a_jump_that_moves_says_what_to_write() -> None:
    """The gradient is none; the integral in two parts, as the note has it, has the right one: a + (a - 2a)."""
    done = circuit("grad", "integral(t: floor(3*a*t), 0, 1)", "-a", "0.3")
    assert "write an integral for each side of the jump" in done.stderr
    split = point("integral(t: t, 0, a) + integral(t: 2*t, a, 1)", {"a": 0.3})
    assert split.gradient["a"] == pytest.approx(-0.3, rel=1e-12)


@pytest.mark.parametrize(
    "text", ["int(t^2, t=0..1)", "integrate(t^2, t, 0, 1)", "integrate(t^2, (t, 0, 1))", "quad(t^2, 0, 1)"]
)
def test_integrals_elsewhere_say_what_to_write(text: str) -> None:
    assert "write integral(t: t^2, 0, 1)" in refusal(text)


@pytest.mark.parametrize(
    ("text", "name", "at", "slope"),
    [
        ("integral(s: exp(-k*s), 0, 1)", "k", 2.0, (3 * math.exp(-2) - 1) / 4),
        ("integral(s: s*k, 0, 1)", "k", 2.0, 0.5),
        ("integral(s: exp(-s), 0, t)", "t", 0.0, 1.0),
        ("log(1 + k)*integral(s: exp(-2*s), 0, 1)", "k", 0.0, (1 - math.exp(-2)) / 2),
        ("root(x: x^3 - k, 1)", "k", 8.0, 1 / 12),
    ],
)
def test_slopes_over_rows(text: str, name: str, at: float, slope: float, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(f"{name}\n{at}\n")
    done = circuit("grad", text, "rows.csv", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout.split(",")[-1]) == pytest.approx(slope, rel=1e-12)


def test_an_integral_that_cancels_has_lost_nothing(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("k\n0\n2\n")
    assert circuit("grad", "k^2*integral(s: s*k, -1, 1)", "rows.csv", cwd=tmp_path).stderr == ""


def test_an_integral_that_is_nothing_does_not_underflow() -> None:
    done = circuit("eval", "integral(s: s*k, -1, 1)", "-k", "2", "--quiet")
    assert (done.stdout, done.stderr) == ("0.0\n", "")
    assert "underflows" not in circuit("grad", "integral(s: s*k, -1, 1)", "-k", "2").stderr


@pytest.mark.parametrize(
    ("text", "inputs", "value", "slopes"),
    [
        ("integral(t: exp(-t^2), -inf, inf)", {}, math.sqrt(math.pi), {}),
        (
            "integral(t: exp(-((t - a)/b)^2), 0, 1)",
            {"a": 0.37, "b": 1e-5},
            1e-5 * math.sqrt(math.pi),
            {"b": 1.7724538509},
        ),
        ("integral(t: exp(-a*t)*sin(b*t), 0, inf)", {"a": 1.0, "b": 2.0}, 0.4, {"a": -0.16, "b": -0.12}),
    ],
)
def test_no_integral_takes_minutes(text: str, inputs: dict[str, float], value: float, slopes: dict[str, float]) -> None:
    """As it did where its digits were looked for in more and more digits."""
    words = [word for name, x in inputs.items() for word in (f"-{name}", repr(x))]
    found = json.loads(circuit("grad" if inputs else "eval", text, *words, "--json").stdout)
    assert found["value"] == pytest.approx(value, rel=1e-10)
    assert {name: found["gradient"][name] for name in slopes} == pytest.approx(slopes, rel=1e-9)
