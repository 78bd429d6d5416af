"""Digits in which decimals are exact: against Python's fractions, and jumps and ties as they fall on paper."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from circuitcli.engine.exact_digits import ExactDigits
from circuitcli.engine.exact_numbers import Exact
from tests.support import circuit

M = ExactDigits(30)
DECIMALS = st.decimals(-1000, 1000, places=3).map(str)


def fraction(x: Any) -> Fraction:
    assert isinstance(x, Exact)
    return Fraction(x.top, x.bottom)


@given(DECIMALS, DECIMALS)
def test_it_calculates_as_fractions_do(a: str, b: str) -> None:
    x, y, p, q = M.constant(a), M.constant(b), Fraction(a), Fraction(b)
    assert (fraction(x + y), fraction(x - y), fraction(x * y)) == (p + q, p - q, p * q)
    assert (x < y, x <= y, x == y, x > y) == (p < q, p <= q, p == q, p > q)
    assert [fraction(M.floor(x)), fraction(M.ceil(x)), fraction(M.trunc(x))] == [p // 1, -(-p // 1), int(p)]
    assert [fraction(M.round(x)), fraction(M.abs(x)), fraction(-x)] == [round(p), abs(p), -p]
    assert fraction(M.pow(x, M.constant("3"))) == p**3
    if q:
        rest = fraction(M.fmod(x, y))
        assert fraction(M.div(x, y)) == p / q
        assert (p - rest) % q == 0 and abs(rest) < abs(q) and rest * p >= 0
        assert fraction(M.pow(y, M.constant("-2"))) == 1 / q**2


@given(DECIMALS, st.floats(-1e6, 1e6))
def test_it_meets_floats_exactly(a: str, b: float) -> None:
    x, p, q = M.constant(a), Fraction(a), Fraction(b)
    assert (fraction(x + b), fraction(b - x), fraction(b * x)) == (p + q, q - p, q * p)
    assert (x < b, x == b) == (p < q, p == q)


def test_a_long_number_is_rounded() -> None:
    x = M.constant("1.1")
    for _ in range(12):
        x = x * x
    with mp.workdps(40):
        assert not isinstance(x, Exact) and abs(M.number(x) / mp.mpf("1.1") ** 4096 - 1) < 1e-27


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2 == 0.3", "1"),
        ("0.1 + 0.2 <= 0.3", "1"),
        ("3*0.1 > 0.3", "0"),
        ("1.1*1.1 == 1.21", "1"),
        ("2/3 + 1/6 == 5/6", "1"),
        ("1.1^3 == 1.331", "1"),
        ("0.6 // 0.2", "3"),
        ("-0.6 // 0.2", "-3"),
        ("0.6 % 0.2", "0"),
        ("mod(0.9, 0.3)", "0"),
        ("fmod(0.6, 0.2)", "0"),
        ("floor(0.1*30)", "3"),
        ("ceil(1.1*10)", "11"),
        ("round(0.1*25)", "2"),
        ("sign(0.3 - 0.1 - 0.2)", "0"),
        ("where(0.1 + 0.2 == 0.3, 7, 8)", "7"),
        ("max(0.1 + 0.2, 0.3) - 0.3", "0"),
        ("1e-400 + 1 == 1", "0"),
    ],
)
def test_a_tie_of_decimals_is_a_tie(expression: str, value: str) -> None:
    done = circuit("eval", expression, "--digits", "30", "--quiet")
    assert (done.stdout.strip(), done.stderr, done.returncode) == (value, "", 0)


def test_a_tie_of_inputs_is_at_a_kink() -> None:
    done = circuit("grad", "max(x + y, z)", "-x", "0.1", "-y", "0.2", "-z", "0.3", "--digits", "30", "--json")
    assert json.loads(done.stdout)["gradient"] == {"x": "0.5", "y": "0.5", "z": "0.5"}


@pytest.mark.parametrize(
    "expression",
    [
        "sqrt(2)*sqrt(2) <= 2",
        "floor(sqrt(2)*sqrt(2))",
        "sqrt(3)^2 == 3",
        "ceil(log2(8))",
        "sin(pi) // 1",
        "exp(log(3)) % 3",
    ],
)
def test_a_jump_that_no_digits_decide_is_told(expression: str) -> None:
    assert "digits are not settled" in circuit("eval", expression, "--digits", "30").stderr


@pytest.mark.parametrize(
    "expression", ["sqrt(2)*sqrt(2) <= 2.1", "floor(sqrt(2))", "exp(1) > 2", "abs(sin(3))", "pi % 3"]
)
def test_one_that_they_decide_is_not(expression: str) -> None:
    assert circuit("eval", expression, "--digits", "30").stderr == ""


def test_a_number_beyond_the_floats_is_infinite_as_one() -> None:
    assert float(M.constant("1e400")) == float("inf")
    done = circuit("eval", "x*1", "-x", "1e400±1", "--digits", "30")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
