"""The number of good digits: compared with the same circuit on many digits."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.analysis.point import Point
from circuitcli.analysis.rounding import exact, rounding
from circuitcli.check import check
from circuitcli.engine.digits import RoundedConstants
from circuitcli.read_circuit import ReadCircuit
from tests.bench import check as bench
from tests.support import circuit


def error(point: Point) -> float:
    """The distance of the value of floats from that without rounding."""
    m = RoundedConstants(200)
    there = Point(point.graph, {name: m.number(x) for name, x in point.inputs.items()}, None, m)
    return float(abs(there.value - point.value))


FORMS = [
    "(1 - cos(x))/x^2",
    "x*x*x - y*y + 3*x*y",
    "(x + 1e8) - 1e8",
    "exp(x) - exp(x - y/1e6)",
    "sqrt(x*x + 1) - x",
    "log(1 + x*x)/(y + 7)",
    "sin(x)*cos(y) + tanh(x*y)",
]


@pytest.mark.slow
@settings(max_examples=300)
@given(st.sampled_from(FORMS), st.floats(1e-6, 50), st.floats(-6, 6))
def test_the_bound_holds(text: str, x: float, y: float) -> None:
    point = ReadCircuit(text).at({"x": x, "y": y})
    found = rounding(point)
    # To first order: the constants of the text are floats here, and second order is left a little room.
    assert error(point) <= 1.01 * found.absolute + 1e-300


@pytest.mark.slow
def test_the_bound_is_no_wild_guess() -> None:
    """Over random circuits the error stays below the bound, and in half of them above a hundredth of it."""
    rng, ratios = random.Random(1), []
    for case in bench.cases(150, rng.randint(0, 99)):
        point = ReadCircuit(case.text).at(case.point)
        found = rounding(point)
        if found.absolute > 0.0 and found.digits > 2:
            ratios.append(error(point) / found.absolute)
    assert max(ratios) <= 1.01
    assert sorted(ratios)[len(ratios) // 2] > 0.01


def test_cancellation_costs_the_digits_that_it_costs() -> None:
    record = json.loads(circuit("grad", "(1 - cos(x))/x^2", "-x", "1e-5", "--rounding", "--json").stdout)
    found = record["rounding"]
    assert found["digits"] == 5
    true = float(circuit("eval", "(1 - cos(x))/x^2", "-x", "1e-5", "--digits", "30", "--quiet").stdout)
    assert abs(record["value"] - true) <= found["absolute"]
    assert max(range(len(found["nodes"])), key=found["nodes"].__getitem__) == 2  # cos(x)


def test_inputs_and_constants_that_are_no_floats_count() -> None:
    tenth = json.loads(circuit("grad", "x*y", "-x", "0.1", "-y", "0.5", "--rounding", "--json").stdout)["rounding"]
    half = json.loads(circuit("grad", "x*y", "-x", "0.25", "-y", "0.5", "--rounding", "--json").stdout)["rounding"]
    assert tenth["absolute"] == 2 * 0.05 * 2.0**-53
    assert half["absolute"] == 0.125 * 2.0**-53  # of the product alone
    assert "from constants that are no float64" in circuit("grad", "x*0.1", "-x", "1", "--rounding").stdout


@given(st.floats(allow_nan=False, allow_infinity=False), st.decimals(-100, 100, places=3))
def test_what_is_exactly_a_float(x: float, decimal: object) -> None:
    assert exact(f"{Fraction(x).numerator / Fraction(x).denominator!r}") == (Fraction(repr(x)) == Fraction(x))
    assert exact(str(decimal)) == (Fraction(str(decimal)) == Fraction(float(str(decimal))))


def test_a_result_without_rounding_has_all_digits() -> None:
    assert rounding(ReadCircuit("max(x, -y)").at({"x": 1.0, "y": 2.0})).digits == 17


def test_of_an_infinite_result_no_digit_is_good() -> None:
    found = rounding(ReadCircuit("log(x)*y").at({"x": 0.0, "y": 1.0}))
    assert (found.absolute, found.relative, found.digits) == (math.inf, math.inf, 0)


@pytest.mark.parametrize("words", [("--digits", "50"), ("--check",)])
def test_options_that_do_not_go_together(words: tuple[str, ...]) -> None:
    assert circuit("grad", "x*y", "-x", "1", "-y", "2", "--rounding", *words).returncode == 2


def test_a_gate_without_arguments_is_exact() -> None:
    """`count()` is 1 at a point, and the end of an ascent asks for the rounding, too."""
    done = circuit("grad", "count()*x", "-x", "2", "--rounding", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rounding"]["digits"] == 15
    assert circuit("ascend", "0 - count()*(x-1)^2", "-x", "0", "--quiet").stdout == "x 1.0\n"


# ── below the normal range ──────────────────────────────────────────────────────────────────────────────────

TINY_FORMS = {  # with the sizes of x and y, as powers of ten; z and k are of any size
    "exp(-x)*k": (2.84, 2.88),
    "log(exp(-x))": (2.84, 2.88),
    "log(1/(1 + exp(x)))": (2.5, 2.85),
    "sigmoid(-x)*k": (2.84, 2.88),
    "silu(-x)*k": (2.84, 2.88),
    "erfc(x)*k": (1.4, 1.44),
    "normpdf(x)*k": (1.57, 1.59),
    "normcdf(-x)*k": (1.57, 1.59),
    "factorial(x)^-1*k": (2.0, 2.23),
    "x*y*k": (-170, -140),
    "x*y/z": (-170, -140),
    "x^2*k": (-170, -140),
    "log(x*y)": (-170, -140),
    "1/(x*y*k)": (-170, -140),
    "x*y - x*z": (-170, -140),
    "(x*y + z*1e-320)*k": (-170, -140),
    "sin(x*y)*k": (-170, -140),
    "atan2(x*y, k)*k": (-170, -140),
    "0.1*x*y": (-170, -140),
    "x + y*1e-150": (-320, -290),
    "x/y*z": (-320, -290),
    "sqrt(x*y)*k": (-170, -140),
}


def tiny_points(count: int, seed: int) -> Iterator[Point]:
    """Points of circuits some of whose numbers are below the normal range, and whose value may not be."""
    rng = random.Random(seed)
    while count:
        text = rng.choice(list(TINY_FORMS))
        sizes = dict.fromkeys("xy", TINY_FORMS[text]) | {"z": (-200, 100), "k": (-20, 308)}
        circuit = Circuit(text)
        point = circuit._read.at({name: 10.0 ** rng.uniform(*sizes[name]) for name in circuit.inputs})
        if math.isfinite(point.value):
            count -= 1
            yield point


@pytest.mark.parametrize("count", [30, pytest.param(2_000, marks=pytest.mark.slow)])
def test_the_bound_holds_below_the_normal_range(count: int) -> None:
    below = 0
    for point in tiny_points(count, 4):
        found, off = rounding(point), error(point)
        below += bool(point.lost)
        assert off <= 1.01 * found.absolute, (point.graph.nodes, point.inputs, off, found)
        if found.digits > 0:
            assert off <= 1.01 * 10.0**-found.digits * abs(point.value), (point.graph.nodes, point.inputs, off, found)
    assert below > count / 3


@pytest.mark.slow
def test_a_check_below_the_normal_range_gives_no_false_alarm() -> None:
    for point in tiny_points(60, 5):
        point = Point(point.graph, point.given, list(point.graph.inputs))
        for name, found in check(point).items():
            assert found in ("agree", "cannot_tell"), (point.graph.nodes, point.inputs, name, found.numerical)


def test_a_subnormal_number_has_few_digits() -> None:
    assert 1 <= rounding(ReadCircuit("exp(-x)*1e300").at({"x": 740.0})).digits <= 2  # 85 times 2^-1074
    assert rounding(ReadCircuit("x*y*z").at({"x": 1e-200, "y": 1e-200, "z": 1e300})).digits == 0
    assert rounding(ReadCircuit("x*y").at({"x": 2.0**-511, "y": 2.0**-511 * 3})).digits == 15
    assert rounding(ReadCircuit("x - y").at({"x": 3e-310, "y": 1e-310})).digits == 17  # whole steps of 2^-1074
    assert (
        rounding(ReadCircuit("x + log(y)").at({"x": 1.0, "y": 1.0})).digits == 15
    )  # log(1) is 0, and has lost nothing
