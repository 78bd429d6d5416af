"""Conventions of the passes: no edge is not zero gradient, kinks, and naming what went wrong."""

from __future__ import annotations

import math

import pytest

from circuitcli import Circuit
from circuitcli.analysis.nonfinite import beyond_range, fault
from circuitcli.analysis.point import Point
from circuitcli.read_circuit import ReadCircuit


@pytest.mark.parametrize(
    ("text", "x", "gradient"),
    [
        ("where(x > 0, sqrt(x), 0)", -1.0, 0.0),
        ("where(x > 0, sqrt(x), 0)", 0.0, 0.0),
        ("x > 0 ? log(x) : exp(x)", -1.0, math.exp(-1)),
        ("max(0, log(x))", 0.0, 0.0),
        ("max(x, 1/0)", 1.0, 0.0),
        ("relu(sqrt(x))", 0.0, 0.0),
        ("floor(1/x)", 0.5, 0.0),
        ("sqrt(x)*sqrt(x)", 0.0, math.nan),  # the slope is 1; 0 would be a lie
        ("abs(sqrt(x))", 0.0, math.nan),
        ("0*log(x)", 0.0, math.nan),
        ("x^0", 0.0, 0.0),
        ("x^1", 0.0, 1.0),
        ("x^3", -2.0, 12.0),
        ("x^0.5", 0.0, math.inf),
        ("sqrt(-x)", 0.0, -math.inf),
        ("hypot(x, 0*x)", 0.0, 0.0),
        ("log(x)", -1.0, math.nan),
        ("clip(x, 0, 1)", 1.0, 0.5),
        ("clip(x, 0, 1)", 1.5, 0.0),
        ("leaky_relu(x)", -3.0, 0.01),
        ("x - x", math.inf, 0.0),
    ],
)
def test_gradient(text: str, x: float, gradient: float) -> None:
    got = Circuit(text).gradient(x=x)["x"]
    assert got == pytest.approx(gradient, rel=1e-15, nan_ok=True)


def test_a_constant_costs_nothing_and_makes_no_nan() -> None:
    assert Circuit("x^(2/2)").gradient(x=-2) == {"x": 1.0}
    nodes = Circuit("x*(2*3)").evaluate(x=1)
    assert [(n.expression, n.gradient) for n in nodes] == [
        ("x", 6.0),
        ("2", None),
        ("3", None),
        ("2 * 3", None),
        ("x * (2 * 3)", 1.0),
    ]


def test_only_what_is_asked_for_is_differentiated() -> None:
    point = ReadCircuit("x*log(y)").at({"x": 1.0, "y": -1.0}, wrt=["x"])
    assert point.gradients[1] is None


def test_two_passes_do_not_add_up() -> None:
    circuit = Circuit("x*x")
    assert circuit.gradient(x=3) == circuit.gradient(x=3) == {"x": 6.0}


@pytest.mark.parametrize(
    ("text", "point", "kinks"),
    [
        ("abs(x)", {"x": 0}, ["abs(x)"]),
        ("max(x, y)", {"x": 2, "y": 2}, ["max(x, y)"]),
        ("max(x, y)", {"x": 2, "y": 1}, []),
        ("max(x, y, z)", {"x": 1, "y": 2, "z": 1}, []),
        ("x^2", {"x": 0}, []),
        ("x^1.5", {"x": 0}, ["x^1.5"]),
        ("sqrt(x) + cbrt(x)", {"x": 0}, ["sqrt(x)", "cbrt(x)"]),
        ("floor(x) + round(x)", {"x": 2.5}, ["round(x)"]),
        ("x > 1 ? x : 1", {"x": 1}, ["x > 1"]),
        ("relu(x) + floor(2)", {"x": 1}, []),
    ],
)
def test_kinks(text: str, point: dict[str, float], kinks: list[str]) -> None:
    assert [n.expression for n in Circuit(text).evaluate(point) if n.kink] == kinks


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("log(u)", {"u": -1}, "log(u) at u = -1: outside its domain"),
        ("1/(x - 1)", {"x": 1}, "1 / (x - 1) at x - 1 = 0: division by zero"),
        ("0/0", {}, "0 / 0: zero divided by zero"),
        ("exp(x) - exp(x)", {"x": 1000}, "exp(x) at x = 1000: overflows; exp does above 709.78"),
        ("(-8)^(1/3)", {}, "(-8)^(1 / 3): outside its domain"),
        ("log(0)*x", {"x": 1}, "log(0): a pole"),
        ("max(0, log(x)) + 1/x", {"x": 0}, "1 / x at x = 0: division by zero"),
        ("sqrt(u)", {"u": 0}, "the gradient of sqrt(u) at u = 0 is infinite"),
        ("sqrt(u)*sqrt(u)", {"u": 0}, "the gradient of sqrt(u) at u = 0 is not a number"),
        ("exp(x) + log(y)", {"x": 1000, "y": -1}, "exp(x) at x = 1000: overflows; exp does above 709.78"),
        ("gamma(x)", {"x": 172}, "gamma(x) at x = 172: overflows; gamma does above 171.62"),
        ("x + inf", {"x": 1}, "inf is written in the expression"),
        ("x + 1e400", {"x": 1}, "1e400 is beyond 1.8e308"),
        ("x + 1", {"x": math.nan}, ""),
        ("x*y", {"x": 1, "y": 2}, ""),
    ],
)
def test_the_first_fault_is_named(text: str, point: dict[str, float], expected: str) -> None:
    at: Point = ReadCircuit(text).at(point)
    assert fault(at) == expected


EXP = "overflows; exp does above 709.78"


@pytest.mark.parametrize(
    ("text", "point", "instead"),
    [
        ("1/(1 + exp(-x))", {"x": -1000}, "for 1 / (1 + exp(-x)) write sigmoid(x)"),
        ("1/(exp(w*x) + 1)", {"x": 1000, "w": 1}, "for 1 / (exp(w * x) + 1) write sigmoid(-(w * x))"),
        ("exp(x)/(1 + exp(x))", {"x": 1000}, "for exp(x) / (1 + exp(x)) write sigmoid(x)"),
        ("x/(1 + exp(-x))", {"x": -1000}, "for x / (1 + exp(-x)) write silu(x)"),
        ("log(1 + exp(x))", {"x": 1000}, "for log(1 + exp(x)) write softplus(x)"),
        ("log1p(exp(x))", {"x": 1000}, "for log1p(exp(x)) write softplus(x)"),
        ("log(exp(a) + exp(b))", {"a": 1000, "b": 1}, "for log(exp(a) + exp(b)) write logaddexp(a, b)"),
        ("log(exp(a)+exp(b)+exp(c))", {"a": 1000, "b": 1, "c": 2}, "write logsumexp(a, b, c)"),
        ("exp(a)/(exp(a) + exp(b))", {"a": 1000, "b": 1}, "write exp(a - logsumexp(a, b))"),
        ("sqrt(x^2 + y^2)", {"x": 1e200, "y": 1}, "for sqrt(x^2 + y^2) write hypot(x, y)"),
        ("sqrt(x*x + square(y))", {"x": 0, "y": 0}, "for sqrt(x * x + square(y)) write hypot(x, y)"),
        ("log(gamma(x))", {"x": 200}, "for log(gamma(x)) write lgamma(x)"),
    ],
)
def test_a_stable_gate_is_named(text: str, point: dict[str, float], instead: str) -> None:
    at: Point = ReadCircuit(text).at(point)
    assert (fault(at) or beyond_range(at)).endswith(instead)
    stable = Circuit(instead.rpartition("write ")[2]).value_and_gradient(point)
    assert math.isfinite(stable[0])  # what is recommended works there
    assert all(map(math.isfinite, stable[1].values()))


def test_a_value_that_came_back_from_an_overflow_is_traced_to_it() -> None:
    at: Point = ReadCircuit("1/(1 + exp(-x))").at({"x": -1000})
    assert at.value == 0.0
    assert beyond_range(at).startswith(
        f"exp(-x) at -x = 1000: {EXP}, so 1 / (1 + exp(-x)) is 0 instead of 5.075958898e-435; for"
    )
    assert at.gradient == {"x": 0.0} and 0 in at.underflowed
