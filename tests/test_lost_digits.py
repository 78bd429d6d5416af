"""Values and gradients whose parts cancel: what float64 loses of them is found again or told, against mpmath."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp

from circuitcli.analysis.lost_digits import NODES
from tests.random_circuits import slopes
from tests.support import circuit


@pytest.mark.parametrize(
    ("expression", "xs", "f"),
    [
        ("x/x + x*x", {"x": 1e-149}, lambda x: 1 + x * x),
        ("(exp(x) - 1 - x)/x^2", {"x": 1e-7}, lambda x: (mp.exp(x) - 1 - x) / x**2),
        ("(1 - cos(x))/x^2", {"x": 1e-9}, lambda x: (1 - mp.cos(x)) / x**2),
        ("log(exp(tanh(x)))", {"x": 5e-222}, mp.tanh),
        ("(x + y)/(y - x)", {"x": 6e-174, "y": -2e-47}, lambda x, y: (x + y) / (y - x)),
        ("(x/z)/(x/y)", {"x": 7.2e-83, "y": 9.7e-228, "z": 2.7e-210}, lambda x, y, z: y / z),
        ("sqrt(x + 1) - sqrt(x)", {"x": 1e15}, lambda x: mp.sqrt(x + 1) - mp.sqrt(x)),
        ("relu(x*x)", {"x": -6e-182}, lambda x: x * x),
    ],
)
def test_a_gradient_has_the_digits_that_floats_lose(
    expression: str, xs: dict[str, float], f: Callable[..., Any]
) -> None:
    words = [f"-{name}={x!r}" for name, x in xs.items()]
    found = json.loads(circuit("grad", expression, *words, "--json").stdout)["gradient"]
    for name, slope in slopes(f, xs).items():
        assert found[name] == pytest.approx(float(slope), rel=1e-9, abs=0.0), name


def test_what_was_lost_is_told() -> None:
    done = circuit("grad", "x/x + x*x", "-x", "1e-149", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["gradient_digits_lost"] == ["x"]
    assert done.stderr == "note: float64 loses digits of the gradient by x on the way: computed in more digits\n"
    assert "all but 4 digits of the value" in circuit("eval", "exp(x) - 1", "-x", "1e-12").stderr
    assert "all digits of the value on the way: --digits 30 has" in circuit("eval", "1 + x - 1", "-x", "1e-20").stderr
    assert "all digits of the value" in circuit("eval", "x*3 - x*2 - x + 1e-310*x", "-x", "0.1").stderr  # it is 1e-311
    assert circuit("eval", "1 + x - 1", "-x", "1e-20", "--digits", "30").stdout.endswith("1e-20\n")
    assert circuit("grad", "x/x + x*x", "-x", "1e-149", "--explain").stderr.endswith("leave out --explain for more\n")
    session = circuit("repl", stdin="x = 1e-20\n1 + x - 1\n")
    assert (session.stdout, session.stderr.count("loses all digits of the value")) == ("0\n", 1)
    session = circuit("repl", stdin="x = 1e-400\nx*2\n")
    assert session.stderr == "note: x: 1e-400 is smaller than the numbers of float64 go\n"


def test_rounding_that_decides_is_told() -> None:
    note = "more digits decide relu(cos(7 * x)) otherwise: the value and the gradient hang on rounding"
    ends = set()
    for x in (1e22, 2e22, 2e40, 3e102, 5e180, 7e222, 8e300):
        with mp.workdps(500):
            otherwise = (math.cos(7.0 * x) > 0.0) != (mp.cos(7 * mp.mpf(x)) > 0)
        told = circuit("grad", "relu(cos(7*x))", f"-x={x!r}").stderr
        assert (note in told or "the value hangs on the rounding of inputs" in told) or not otherwise
        assert note not in told or otherwise
        ends.add(otherwise)
    assert ends == {False, True}
    assert "more digits decide 1 + x > 1 otherwise" in circuit("eval", "1 + x > 1", "-x", "1e-20").stderr


@pytest.mark.parametrize(
    ("expression", "words"),
    [("1/(x*10-3)", ["-x", "0.3"]), ("acos(x*10/3)", ["-x", "0.3"]), ("sqrt(3*x-y)", ["-x", "0.1", "-y", "0.3"])],
)
def test_a_number_that_hangs_on_the_rounding_of_inputs_is_told(expression: str, words: list[str]) -> None:
    told = circuit("grad", expression, *words).stderr
    assert "hangs on the rounding of inputs and constants" in told and "computed in more digits" not in told


@pytest.mark.parametrize(
    "words",
    [
        ["floor(log(x)) + y", "-x", "-1", "-y", "1e-7"],
        ["floor(x/y)", "-x", "1e300", "-y", "1e-300"],
        ["mod(x, 7) + exp(y) - 1", "-x", "1e17", "-y", "0.1"],
        ["round(x/3)", "-x", "1e200"],
        ["x/3*3 == x", "-x", "1.1"],
    ],
)
def test_nothing_is_decided_otherwise_where_nothing_is(words: list[str]) -> None:
    assert "otherwise" not in circuit("eval", *words).stderr


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(x + y)*z", ["-x", "-2", "-y", "5", "-z", "-4"]),
        ("(1 - x)^2 + 100*(y - x^2)^2", ["-x", "1", "-y", "1"]),  # whose gradient is 0
        ("(1 - x)^2 + 100*(y - x^2)^2", ["-x", "1.5", "-y", "2.25"]),
        ("x^2 - 4", ["-x", "2"]),
        ("exp(x) - 1", ["-x", "0.001"]),
        ("sin(pi)*x", ["-x", "3"]),
        ("sigmoid(a*x + b*y + c)", ["-a", "1", "-b", "2", "-c", "-3", "-x", "-1", "-y", "3"]),
        ("1 + exp(x)", ["-x", "-800", "--wrt", ""]),
        ("x*y", ["-x", "3e-320", "-y", "0.7"]),
    ],
)
def test_nothing_is_told_where_nothing_is_lost(expression: str, words: list[str]) -> None:
    assert "loses" not in circuit("grad", expression, *words).stderr


def test_an_uncertainty_has_the_digits_too() -> None:
    done = circuit("eval", "x/x + x*x", "-x", "1e-100±1e-101", "--json")
    assert json.loads(done.stdout)["uncertainty"]["value"] == pytest.approx(2e-201, rel=1e-9)


def test_large_circuits_are_not_searched() -> None:
    text = "; ".join(["y0 = x/x + x*x", *(f"y{i + 1} = y{i} + x" for i in range(NODES))])
    assert "loses" not in circuit("grad", text, "-x", "1e-149").stderr
    assert "loses" in circuit("grad", text.partition(";")[0], "-x", "1e-149").stderr


def test_every_view_has_the_digits_or_says_that_it_lacks_them() -> None:
    words = ["(1-cos(x))/x^2", "-x", "1e-7"]  # whose slope is -x/12
    assert "# -8.33333333" in circuit("derive", *words).stdout
    assert "-8.33333333" in circuit("draw", *words).stdout
    for option in (["--explain"], ["--rounding"], ["--difference", "forward"]):
        done = circuit("grad", *words, *option)
        assert done.stderr.endswith(f"of the gradient by x on the way: leave out {option[0]} for more\n")


def test_a_value_that_is_not_finite_for_lost_digits_alone() -> None:
    done = circuit("eval", "log((1-cos(x))/x^2)", "-x", "1e-8")  # log(0.5)
    assert done.returncode == 3
    assert done.stderr == (
        "note: float64 loses all digits on the way to the value, which is -0.6931471806: --digits 30 has more\n"
    )
    beside = circuit("grad", "(1-cos(x))/x^2 + sqrt(y)", "-x", "1e-8", "-y", "0").stderr
    assert "is infinite" in beside and "loses all digits of the value" in beside
    moved = circuit("grad", "where(x + y - z > 0, 5*x, 7*x)", "-x", "1e16", "-y", "1", "-z", "1e16").stderr
    assert moved.startswith("note: more digits decide x + y - z > 0 otherwise") and "kink" not in moved
