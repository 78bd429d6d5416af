"""Numbers with a standard uncertainty, in the spellings that people and this program use."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from circuitcli.cli.input_values import value
from circuitcli.errors import InputError
from circuitcli.render.number_format import plus_minus
from tests.support import circuit


@pytest.mark.parametrize(
    ("text", "number", "sigma"),
    [
        ("12±0.1", 12.0, 0.1),
        ("12 ± 0.1", 12.0, 0.1),
        ("12+/-0.1", 12.0, 0.1),
        ("12+-0.1", 12.0, 0.1),  # never 11.9
        ("12 +- 0.1", 12.0, 0.1),
        ("-12+-.5", -12.0, 0.5),
        ("23 +- 10%", 23.0, 2.3),
        ("-23±10 %", -23.0, 2.3),
        ("pi/4±1e-3", math.pi / 4, 1e-3),
        ("1±(0.1/3)", 1.0, 0.1 / 3),
        ("1±pi", 1.0, math.pi),
        # CODATA's form, of its 2018 and 2022 tables
        ("12.34(5)", 12.34, 0.05),
        ("6.67430(15)e-11", 6.67430e-11, 0.00015e-11),
        ("1.672 621 925 95(52)e-27".replace(" ", ""), 1.67262192595e-27, 0.00000000052e-27),
        ("-5(2)", -5.0, 2.0),
        ("12.3(1.5)", 12.3, 1.5),
        ("1.5(12)E3", 1500.0, 1200.0),
        # our own output
        ("(1.674 ± 0.021)e-27", 1.674e-27, 0.021e-27),
        ("-(1.674+/-0.021)e+5", -1.674e5, 0.021e5),
        ("(2±1%)e3", 2000.0, 20.0),
        ("-(1.5±0.2)", -1.5, 0.2),
    ],
)
def test_a_spelling(text: str, number: float, sigma: float) -> None:
    found = value("x", text)
    assert found.number == pytest.approx(number, rel=1e-15)
    assert found.sigma == pytest.approx(sigma, rel=1e-14)
    done = circuit("eval", "x*1", "--inputs", "-", "--json", stdin=json.dumps({"x": text}))
    record = json.loads(done.stdout)
    assert (record["value"], record["uncertainty"]["value"]) == pytest.approx((number, sigma), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("12±0.1/0.2", "two ways", 'write -x "12±(0.1/0.2)"'),
        ("12±2*3", "two ways", 'write -x "12±(2*3)"'),
        ("12±0.1±0.2", "2 uncertainties", 'write -x "12±((0.1^2+0.2^2)^0.5)"'),
        ("12±10ppm", "in ppm", "write -x 12±0.001%"),
        ("12±5‰", "in ‰", "write -x 12±0.5%"),
        ("10ppm", "has a unit", "write -x 1e-05"),
        ("12±-1", "must be 0 or more", "write -x 12±1"),
        ("5±-0.1%", "must be 0 or more", "write -x 5±0.1%"),
        ("12±inf", "must be finite", "write -x 12±0.1"),
        ("12±0.1e400", "must be finite", "write -x 12±0.1"),
        ("12 -+ 0.1", "two ways", 'write -x "12 ± 0.1", or "12 - 0.1" for the difference'),
        ("12.0(5)*2", "calculated with", 'write -x "12.0(5)", and calculate with x in the expression'),
        ("1.2e1(4)", "another notation", 'write -x "1.2(4)e1"'),
        ("1_2.5(3)e0", "another notation", 'write -x "12.5(3)e0"'),
        ("12.0 (5)", "another notation", 'write -x "12.0(5)"'),
        ("1200(5)%", "another notation", 'write -x "1200(5)e-2"'),
        ("12 ± 0,1", "another notation", 'write -x "12 ± 0.1"'),
        ("12±0.1 m/s^2", "another notation", "write -x 12±0.1"),
        ("[12±0.1]", "another notation", "write -x 12±0.1"),
        ("12 m ± 0.1 m", "another notation", 'write -x "12± 0.1"'),
        ("12±0.2 (k=2)", "another notation", 'write -x "12±(0.2/2)"'),
        ("12 ± 0.2 e-3", "another notation", 'write -x "12 ±0.2e-3"'),
        ("12±0.1%%", "another notation", "write -x 12±0.1%"),
        ("1 200.0(6)e-2", "another notation", 'write -x "1200.0(6)e-2"'),
        ("10^-3*(12±0.2)", "calculated with", "write -x 12±0.2, and calculate with x"),
        ("(12±0.1)±0.2", "calculated with", "write -x 12±0.1, and calculate with x"),
        ("12±1e-400", "would be none", "write -x 12±0.1, in other units"),
        ("12 ± 0.021e-27", "below the last digit", 'write -x "(12±0.021)e-27", or if so little is meant'),
    ],
)
def test_two_readings_are_refused_with_what_to_write(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        value("x", text)
    assert error.value.hint.startswith(hint)
    if "write -x " in hint and "0.1%" not in text:  # the hint is right
        words = error.value.hint.removeprefix("write -x ").partition(",")[0].partition(" or ")[0].strip('"')
        assert value("x", words).number == pytest.approx(12.0, rel=0.05) or "e-27" in text or text == "10ppm"


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9))
def test_what_is_shown_is_read_back(number: float, sigma: float) -> None:
    found = value("x", plus_minus(number, sigma))
    assert found.sigma == pytest.approx(sigma, rel=0.051)
    assert abs(found.number - number) <= 0.051 * sigma + 1e-15 * abs(number)
    digits = Decimal(f"{found.sigma:.6e}").normalize().as_tuple().digits
    assert len(digits) <= 2


def test_a_sigma_that_is_not_a_number_is_told_in_any_order() -> None:
    words = ["-a", "1±0.1", "-b", "1±0.1", "-c", "2±0.1", "-d", "2±0.1", "-e", "3±0.1"]
    for expression in ("sqrt((a-b)^2 + (c-d)^2) + e", "e + sqrt((d-c)^2 + (b-a)^2)"):
        done = circuit("eval", expression, *words, "--json")
        assert (done.returncode, json.loads(done.stdout)["uncertainty"]["value"]) == (3, "NaN")
        assert done.stderr.startswith("note: the uncertainty of the result is not finite, for its slope by ")
        assert "± nan" in circuit("eval", expression, *words).stdout


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (["x^2 + y", "-x", "0±0.1", "-y", "1±0.1"], "to first order the uncertainty of x does not reach the result"),
        (["floor(x) + y", "-x", "0.5±0.1", "-y", "1±0.1"], "the uncertainty of x does not reach the result"),
        (["max(x, y)", "-x", "1±0.1", "-y", "1±0.2"], "max(x, y) is at a kink"),
        (["x^2", "-x", "1±0.5"], "within the uncertainty of x the slope changes much"),  # 2nd order adds 12 % (GUM)
        (["exp(x)", "-x", "1±1"], "within the uncertainty of x the slope changes much"),
        (["log(x)", "-x", "1±1.5"], "within the uncertainty of x the slope changes much"),
    ],
)
def test_first_order_says_where_it_does_not_hold(words: list[str], note: str) -> None:
    assert note in circuit("eval", *words).stderr


@pytest.mark.parametrize(
    "words", [["x^2", "-x", "1±0.1"], ["x*y", "-x", "3±1", "-y", "2±1"], ["x + y^2", "-x", "1±1", "-y", "1±0.1"]]
)
def test_and_says_nothing_where_it_does(words: list[str]) -> None:
    assert circuit("eval", *words).stderr == ""


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0.01, 0.005], [0.004, 0.04]], "not symmetric"),
        ([[0.02, 0.0], [0.0, 0.04]], "is not the square of its uncertainty"),
        ([[0.01, 0.03], [0.03, 0.04]], "is more than the product"),
        ([[0.01, "Infinity"], ["Infinity", 0.04]], "of a and b is not finite"),
    ],
)
def test_a_covariance_that_is_none_is_refused(matrix: list[list[object]], message: str) -> None:
    fit = {"inputs": {"a": 1.0, "b": 2.0}, "uncertainty": {"stderr": {"a": 0.1, "b": 0.2}, "covariance": matrix}}
    done = circuit("eval", "a*b", "--inputs", "-", stdin=json.dumps(fit))
    assert done.returncode == 2 and message in done.stderr


def test_a_covariance_with_a_negative_variance_is_refused() -> None:
    matrix = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]
    names = {"a": 1.0, "b": 1.0, "c": 1.0}
    done = circuit(
        "eval",
        "a+b+c",
        "--inputs",
        "-",
        stdin=json.dumps({"inputs": names, "uncertainty": {"stderr": names, "covariance": matrix}}),
    )
    assert done.returncode == 2 and "negative variance" in done.stderr


@pytest.mark.parametrize("option", ["--check", "--hessian", "--explain", "--rounding"])
def test_an_answer_that_leaves_uncertainties_out_says_so(option: str) -> None:
    assert (
        f"{option} leaves the uncertainties of inputs out"
        in circuit("grad", "x*y", "-x", "1±0.1", "-y", "2", option).stderr
    )


def test_a_session_says_what_first_order_does_not_tell() -> None:
    done = circuit("repl", stdin="y = 0+-0.1\nabs(y)\ny^2\n2*y\n")
    assert done.stdout == "0\n0\n0.00 ± 0.20\n"  # nowhere an uncertainty of none
    assert "the uncertainty of y does not reach the result" in done.stderr
    assert "abs(y) is at a kink, and the uncertainty on its other side may be another" in done.stderr


@pytest.mark.parametrize(
    ("expression", "inputs", "sigma"),
    [
        ("log(1/(1+exp(x)))", ["-x=400±1"], 1.0),
        ("exp(-x)*1e300", ["-x=800±1"], float(mp.exp(-800) * mp.mpf(10) ** 300)),
        ("1/(1/b^2)", ["-b=3e150±1e149"], 6e299),
        ("1/(1/a+1/b)", ["-a=1e160±1e158", "-b=3e160±1e158"], math.hypot(0.5625, 0.0625) * 1e158),
        ("sqrt(x*y)", ["-x=1e-200±1e-201", "-y=1e-90"], 5e-147),
    ],
)
def test_an_uncertainty_is_not_lost_on_the_way(expression: str, inputs: list[str], sigma: float) -> None:
    found = json.loads(circuit("grad", expression, *inputs, "--json").stdout)["uncertainty"]
    assert found["value"] == pytest.approx(sigma, rel=1e-9, abs=0.0)


def test_an_uncertainty_below_the_floats_is_none_that_is_0() -> None:
    said = circuit("eval", "x^2", "-x", "1e-200±1e-201").stderr
    assert "the uncertainty by x is not 0, but smaller than the numbers of float64 go" in said
    assert "its slope is 0 here" in circuit("eval", "x^2", "-x", "0±0.1").stderr
    for text in ("1e-400±1e-401", "1e-323±1e-324", "0±5%"):
        done = circuit("eval", "x", f"-x={text}")
        assert (done.returncode, "the uncertainty of x would be none" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "text", ["(1.674 ± 0.021)*1e-27", "(1.674±0.021)×10^-27", "1.674(21)·10^-27", "((1.674±0.021)e-27)"]
)
def test_powers_of_ten_and_parentheses(text: str) -> None:
    assert circuit("eval", "x", f"-x={text}").stdout.splitlines()[-1].split(maxsplit=1)[1] == "(1.674 ± 0.021)e-27"


def test_a_covariance_goes_on_from_result_to_result() -> None:
    fit = {
        "inputs": {"a": 1.0, "b": 2.0},
        "uncertainty": {"stderr": {"a": 0.1, "b": 0.2}, "covariance": [[0.01, -0.018], [-0.018, 0.04]]},
    }
    first = circuit("eval", "a*b", "--inputs", "-", "--json", stdin=json.dumps(fit)).stdout
    second = circuit("eval", "a/b", "--inputs", "-", "--json", stdin=first).stdout
    third = json.loads(circuit("eval", "a + b", "--inputs", "-", "--json", stdin=second).stdout)
    assert third["uncertainty"]["value"] == pytest.approx(math.sqrt(0.01 + 0.04 - 2 * 0.018), rel=1e-12)


def test_a_covariance_of_large_uncertainties_goes_on() -> None:
    fit = {
        "inputs": {"a": 1.0, "b": 2.0},
        "uncertainty": {"stderr": {"a": 3e200, "b": 4e-200}, "covariance": [["Infinity", 0.6], [0.6, 1.6e-399]]},
    }
    for _ in range(2):
        text = json.dumps(fit)
        fit = json.loads(circuit("eval", "a*1e-200 + b*1e200", "--inputs", "-", "--json", stdin=text).stdout)
        want = math.sqrt(9.0 + 16.0 + 2 * 0.6)
        assert fit["uncertainty"]["value"] == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("4.7k±5%", "write -R 4.7e3±5%"),
        ("4.7k±0.1k", "write -R 4.7e3±0.1e3"),
        ("5.02V±2mV", "write -R 5.02±2e-3"),
        ("5.02±2mV", "write -R 5.02e-3±2e-3, or 5.02±2 where the expression is in mV"),  # the unit is that of both
        ("12.3±0.1 kg", "write -R 12.3±0.1"),
        ("3n±1p", "write -R 3e-9±1e-12"),
        ("1k", "write -R 1e3"),
        ("10M", "write -R 10e6"),
        ("1.5e3k", "write -R 1.5e6"),
        ("2.2µ", "write -R 2.2e-6"),
        ("5kg", "write -R 5, in the units of the expression"),
    ],
)
def test_prefixes_are_powers_of_ten(text: str, hint: str) -> None:
    done = circuit("eval", "2*R", f"-R={text}")
    assert done.returncode == 2 and done.stderr.splitlines()[-1].strip() == hint
