"""Arbitrary digits: inputs as decimal text, every digit right, and the same conventions as on floats."""

from __future__ import annotations

import itertools
import json
import math
import time
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli.engine.digits import Digits
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.read_circuit import ReadCircuit
from tests.support import circuit

SPECIAL = [0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -2.5, 3.0, 1e-300, 1e300, -1e300, math.inf, -math.inf, math.nan, 700.0, 1e-8]


@pytest.mark.parametrize("name", [name for name in GATES if name != "polygamma"])  # whose order is bounded by floats
def test_a_gate_agrees_with_floats_where_it_is_special(name: str) -> None:
    gate, m = GATES[name], Digits(40)
    count = 2 if gate.many else len(gate.rules)
    for xs in itertools.product(SPECIAL if count < 3 else SPECIAL[:6], repeat=count):
        on_floats = gate.forward(FLOATS, *xs)
        on_digits = float(gate.forward(m, *map(m.number, xs)))
        if math.isnan(on_floats) or math.isinf(on_floats):
            assert on_digits == on_floats or math.isnan(on_digits) == math.isnan(on_floats), xs
        else:
            assert on_digits == pytest.approx(on_floats, rel=1e-12, abs=1e-300), xs


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        # an independent evaluation with far more digits, the inputs being decimal
        (["x^y + exp(1)", "-x", "0.1", "-y", "1/3"], lambda mp: mp.mpf("0.1") ** (mp.mpf(1) / 3) + mp.e),
        (["(1 - cos(x))/x^2", "-x", "1e-8"], lambda mp: (1 - mp.cos(mp.mpf("1e-8"))) / mp.mpf("1e-16")),
        (["0.1 + 0.2"], lambda mp: mp.mpf("0.3")),
        (["gelu(x)", "-x", "-10"], lambda mp: -5 * mp.erfc(10 / mp.sqrt(2))),
        (["leaky_relu(-1)"], lambda mp: mp.mpf("-0.01")),
        (["gauss(50)"], lambda mp: mp.exp(-2500)),
        (["exp(x) - exp(x - y)", "-x", "1", "-y", "1e-60"], lambda mp: mp.e * -mp.expm1(mp.mpf("-1e-60"))),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_every_digit_is_right(words: list[str], exact: Any) -> None:
    mp = mpmath.mp.clone()
    mp.dps = 300
    done = circuit("eval", *words, "--digits", "50", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == mp.nstr(exact(mp), 50, min_fixed=-5, max_fixed=50).removesuffix(".0")


def test_json_has_the_digits_as_strings() -> None:
    words = ["grad", "x*sin(y)", "-x", "0.1", "-y", "1", "--digits", "30", "--json"]
    record = json.loads(circuit(*words).stdout)
    assert record["inputs"] == {"x": "0.1", "y": "1"}
    assert record["gradient"]["x"] == "0.841470984807896506652502321630"[:32].rstrip("0")
    assert record["nodes"][-1]["value"] == record["value"] == mpmath.nstr(record_value(), 30)
    again = circuit("eval", "x*sin(y)", "--inputs", "-", "--digits", "30", "--quiet", stdin=json.dumps(record))
    assert again.stdout.strip() == record["value"]


def record_value() -> Any:
    mp = mpmath.mp.clone()
    mp.dps = 60
    return mp.sin(1) / 10


def test_json_inputs_are_read_as_decimal_text() -> None:
    text = '{"x": 0.12345678901234567890123456789}'
    done = circuit("eval", "x*1", "--inputs", "-", "--digits", "29", "--quiet", stdin=text)
    assert done.stdout.strip() == "0.12345678901234567890123456789"


def test_digits_that_do_not_settle_are_told() -> None:
    done = circuit("eval", "sin(pi)", "--digits", "20", "--quiet")
    assert "not settled" in done.stderr
    assert abs(mpmath.mpf(done.stdout)) < mpmath.mpf(10) ** -100


def test_what_is_outside_a_domain_is_told() -> None:
    done = circuit("grad", "log(u)", "-u", "-1", "--digits", "30")
    assert done.returncode == 3
    assert "log(u) at u = -1: outside its domain" in done.stderr


def test_a_tower_of_powers_is_infinite_at_once() -> None:
    assert circuit("eval", "9^9^9^9", "--digits", "50", "--quiet", "--allow-nonfinite").stdout == "inf\n"
    assert circuit("eval", "sin(1e300^1000)", "--digits", "50", "--quiet", "--allow-nonfinite").stdout == "nan\n"


def test_seventeen_digits_are_the_float() -> None:
    done = circuit("eval", "x/3", "-x", "0.1", "--digits", "17")
    assert float(done.stdout.split()[-1]) == 0.1 / 3


FORMS = ["x*y + x", "sin(x)*exp(y/9)", "sigmoid(x*y)", "x/(2 + cos(y))", "max(x, y)^2", "log1p(x*x) - atan2(y, 3)"]


@settings(max_examples=50)
@given(st.sampled_from(FORMS), st.floats(-9, 9), st.floats(-9, 9))
def test_many_digits_agree_with_float64(text: str, x: float, y: float) -> None:
    graph = ReadCircuit(text).at({"x": x, "y": y}).graph
    needed = graph.depends_on(graph.inputs.values())
    m = Digits(60)
    few, many = forward(graph, FLOATS, {"x": x, "y": y}), forward(graph, m, {"x": m.number(x), "y": m.number(y)})
    for a, b in zip(few, many, strict=True):
        assert a == pytest.approx(float(b), rel=1e-14, abs=1e-14)
    on_floats, on_digits = backward(graph, FLOATS, few, needed), backward(graph, m, many, needed)
    assert on_floats.keys() == on_digits.keys()
    for k, g in on_floats.items():
        assert g == pytest.approx(float(on_digits[k]), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("digits", [210, 340, 700])
@pytest.mark.parametrize("x", ["0.1", "1.000000000001", "2", "2.5", "77.7", "-3.3", "-150.5", "1e-30", "5000"])
def test_the_gamma_family_in_hundreds_of_digits(x: str, digits: int) -> None:
    """Against mpmath with more digits, which does not shift so far."""
    m = Digits(digits)
    more = mpmath.MPContext()
    more.dps = digits + 40
    at = m.number(m.mp.mpf(x))
    for order in (0, 1, 4):
        want = more.polygamma(order, more.mpf(at))
        assert abs(m.polygamma(m.mp.mpf(order), at) - want) <= abs(want) * more.mpf(10) ** (1 - digits)
    want = more.re(more.loggamma(more.mpf(at)))
    assert abs(m.lgamma(at) - want) <= abs(want) * more.mpf(10) ** (1 - digits)


@pytest.mark.parametrize(
    "words",
    [
        ["grad", "digamma(z ? 0.1 : pi ? z*e : 0.1 ? lt(pi, y) // z * z : x)", "-x", "0", "-y", "0.8", "-z", "-1"],
        ["grad", "--check", "q = y ? z : nan; lgamma(-y*q ? q/q : -tau % 10)", "-y", "2", "-z", "-1"],
        ["grad", "--hessian", "factorial(z)^y", "-y", "1e200", "-z", "1"],
        [
            "grad",
            "mod(erfc(degrees(arctanh(.5))), (y - tau) ? x : sign(z))",
            "-x",
            "1e-200",
            "-y",
            "pi/4",
            "-z",
            "1e-200",
        ],
        ["derive", "pow(div(-nan, x), logsigmoid(z))", "-x", "1e-200", "-z", "1e200"],
    ],
)
def test_many_digits_are_not_endless(words: list[str]) -> None:
    began = time.process_time()
    done = circuit(*words)
    assert done.returncode in (0, 3) and "Traceback" not in done.stderr
    assert time.process_time() - began < 5.0


def test_a_bare_answer_has_the_digits_that_are_asked_for() -> None:
    assert circuit("eval", "1/x", "-x=3", "--quiet", "--digits", "5").stdout == "0.33333\n"
    assert circuit("grad", "1/x", "-x=3", "--quiet", "--digits", "5").stdout == "x -0.11111\n"
    assert circuit("descend", "(x-1/3)^2", "-x=1", "--quiet", "--digits", "5").stdout == "x 0.33333\n"
    assert circuit("eval", "1/x", "-x=3", "--quiet").stdout == "0.3333333333333333\n"


def test_a_note_tells_that_error_bars_end_digits() -> None:
    assert "--json has all digits" in circuit("eval", "1/x", "-x=3±0.1", "--digits", "30").stderr
    assert "--json" not in circuit("eval", "1/x", "-x=3±0.1").stderr
