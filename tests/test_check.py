"""Numerical gradients: honest about their error, about kinks, and about what is wrong."""

from __future__ import annotations

import math
import random

import pytest

from circuitcli import Circuit
from circuitcli.check import Verdict, check, difference, verdict_of


def verdict(text: str, **point: float) -> Verdict:
    found = check(Circuit(text).at(point))
    return found["x"]


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("x^2", 3.0),
        ("x^2", 0.0),
        ("sin(x)", 1e3),
        ("exp(x)", -70.0),
        ("log(x)", 1e-10),
        ("abs(x)", 1e-9),  # a kink next to the point
        ("x^100", 1.5),
        ("x*abs(x)", 0.0),  # a kink in a gate, and none in the circuit
        ("1e6*x", 1e-7),
        ("tanh(x)", 5.0),
    ],
)
def test_a_right_gradient_agrees(text: str, x: float) -> None:
    found = verdict(text, x=x)
    assert found.verdict == "agree"
    assert abs(found.numerical - found.gradient) <= 3 * found.error + 1e-6 * abs(found.gradient)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("abs(x)", (-1.0, 1.0)),
        ("relu(x)", (0.0, 1.0)),
        ("max(x, 2*x)", (1.0, 2.0)),
        ("floor(x)", (0.0, math.inf)),
        ("sqrt(abs(x))", (-math.inf, math.inf)),
    ],
)
def test_a_kink_has_an_interval_of_slopes(text: str, interval: tuple[float, float]) -> None:
    found = verdict(text, x=0.0)
    assert found.verdict == "not_differentiable"
    assert found.interval == pytest.approx(interval, abs=1e-6)


def test_a_wrong_convention_is_told() -> None:
    assert verdict("relu(x) - relu(-x)", x=0.0).verdict == "disagree"  # 0 by the rules, and the slope is 1
    assert verdict("log(x)", x=-1.0).verdict == "not_finite"
    assert verdict_of({}) == "agree"


def test_no_false_alarm_on_smooth_circuits_over_scales() -> None:
    rng = random.Random(1)
    forms = [
        "sin(a*x)*exp(-x/s)",
        "log(1 + square(x/s))",
        "x^3/s^2 + a*x",
        "sigmoid(x/s)*x",
        "sqrt(s^2 + x^2)",
        "atan(x/s) + a",
    ]
    for _ in range(300):
        text, scale = rng.choice(forms), 10 ** rng.uniform(-6, 6)
        point = {"x": rng.uniform(-2, 2) * scale, "a": rng.uniform(-2, 2) / scale, "s": scale}
        point = {k: v for k, v in point.items() if k in Circuit(text).inputs}
        for name, found in check(Circuit(text).at(point)).items():
            assert found.verdict in ("agree", "cannot_tell"), (text, point, name, found)


def test_the_difference_is_the_beginners_formula() -> None:
    graph = Circuit("x*y").at({"x": 3.0, "y": 4.0}).graph
    point = {"x": 3.0, "y": 4.0}
    h = 1e-4
    assert difference(graph, point, "x", "forward", h) == ((3.0 + h) * 4.0 - 12.0) / h
    assert difference(graph, point, "y", "central", h) == (3.0 * (4.0 + h) - 3.0 * (4.0 - h)) / (2 * h)
