"""Taylor series over a box: every gate's terms hold those at any point, against mpmath."""

from __future__ import annotations

import random

import mpmath
import pytest

from circuitcli.engine.digit_intervals import DigitIntervals
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS, Intervals
from circuitcli.engine.passes import forward
from circuitcli.engine.taylor_series import RoughError, TaylorSeries
from circuitcli.gates import GATES
from circuitcli.language import graph_of, parse

MOST = 8
EXACT = Digits(700)  # mpmath.taylor takes differences, which lose hundreds of them
BOXES = [(0.3, 0.301), (0.6, 0.7), (1.2, 1.3), (-2.3, -2.2)]
SMOOTH = [
    name for name, row in GATES.items() if row.accepts(max(1, len(row.rules))) and not row.over_rows and row.rules
]


def series(text: str, m: Intervals, low: float, high: float) -> list[Interval]:
    """The terms over a box of t."""
    graph, made = graph_of(parse(text)), TaylorSeries(m, MOST)
    found = forward(graph, made, {"t": made.moving(Interval(low, high))})[graph.output].terms
    return [*found, *[Interval(0.0, 0.0)] * (MOST + 1 - len(found))]


def outside(text: str, m: Intervals, low: float, high: float) -> list[object]:
    """The terms at a point of a box that are not within those of the box."""
    terms, graph = series(text, m, low, high), graph_of(parse(text))
    at = random.Random(text).uniform(low, high)
    with mpmath.workdps(40):
        right = mpmath.taylor(lambda t: forward(graph, EXACT, {"t": EXACT.number(t)})[graph.output], at, MOST)
        off = mpmath.mpf(10) ** -25  # of a difference
        return [
            (k, x, y) for k, (x, y) in enumerate(zip(terms, right, strict=True)) if not x.lo - off <= y <= x.hi + off
        ]


CALLS = {"polygamma": "polygamma(2, t)", "pow": "(t + 3)^t", "add": "t + t^3", "sub": "t - t^2", "mul": "t*t^3"}
CALLS |= {
    "div": "t/(t^2 + 1)",
    "neg": "-t",
    "mod": "t % 0.9 + t",
    "floordiv": "t//3*t",
    "and": "t and 1",
    "or": "t or 0",
}
CALLS |= {"not": "not t", "lt": "t < 5", "le": "t <= 5", "gt": "t > 5", "ge": "t >= 5", "eq": "t == 5", "ne": "t != 5"}


def call(name: str) -> str:
    """A use of a gate."""
    return CALLS.get(name, f"{name}({', '.join(['t', 't^2 + 1', 't + 3'][: len(GATES[name].rules)])})")


@pytest.mark.parametrize("name", SMOOTH)
def test_every_gate(name: str) -> None:
    known = 0
    for low, high in BOXES:
        try:
            assert outside(call(name), INTERVALS, low, high) == []
            known += 1
        except RoughError:
            continue
    assert known


@pytest.mark.parametrize(
    "text", ["t^-2", "t^1.5", "(t - 1)^5", "max(t, t^2, -t)", "logsumexp(t, t^2, 2*t)", "atan2(t, -1)"]
)
def test_forms(text: str) -> None:
    for low, high in BOXES[:3]:
        assert outside(text, INTERVALS, low, high) == []


HELD = {
    "root(x: x^3 - t, 1)": mpmath.cbrt,
    "root(w: w*exp(w) - t, t)": lambda t: mpmath.lambertw(t).real,
    "integral(s: exp(-s^2), 0, t)": lambda t: mpmath.erf(t) * mpmath.sqrt(mpmath.pi) / 2,
    "integral(s: cos(s), t^2, 2*t)": lambda t: mpmath.sin(2 * t) - mpmath.sin(t * t),
}


@pytest.mark.parametrize("text", HELD)
def test_gates_that_hold_a_circuit(text: str) -> None:
    with mpmath.workdps(60):
        right = mpmath.taylor(HELD[text], mpmath.mpf("0.6051"), MOST)
        for x, y in zip(series(text, INTERVALS, 0.6, 0.61), right, strict=True):
            assert x.lo <= y <= x.hi


def test_digits() -> None:
    assert outside("exp(sin(t))*sqrt(t)", DigitIntervals(30), 0.6, 0.60001) == []


@pytest.mark.parametrize(
    "text", ["abs(t)", "floor(t)", "max(t, 0)", "sqrt(t)", "1/t", "t < 0", "atan2(t, -1)", "log(t)"]
)
def test_there_is_none_where_a_gate_is_not_smooth(text: str) -> None:
    with pytest.raises(RoughError):
        series(text, INTERVALS, -0.1, 0.1)


def test_terms_of_a_point_are_tight() -> None:
    with mpmath.workdps(30):
        right = mpmath.taylor(lambda t: mpmath.exp(-t * t), 0.5, MOST)
    for x, y in zip(series("exp(-t^2)", INTERVALS, 0.5, 0.5), right, strict=True):
        assert x.holds(float(y)) and x.width < 1e-13
