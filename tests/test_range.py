"""Gradients and values whose parts leave the range of float64 on the way, against mpmath, which has no such range."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp

from circuitcli.engine.floats import TINY
from tests.random_circuits import case, slopes
from tests.support import circuit, some_slow


@pytest.mark.parametrize(
    ("expression", "xs", "f"),
    [
        ("log(1/(1+exp(x)))", {"x": 400.0}, lambda x: -mp.log(1 + mp.exp(x))),
        ("log(1/(1+exp(x)))", {"x": 700.0}, lambda x: -mp.log(1 + mp.exp(x))),
        ("-log(1/(1+exp(-z)))", {"z": -400.0}, lambda z: mp.log(1 + mp.exp(-z))),
        pytest.param("log(1/gamma(x))", {"x": 150.0}, lambda x: -mp.loggamma(x), marks=pytest.mark.slow),
        ("log(x^-3)", {"x": 1e80}, lambda x: -3 * mp.log(x)),
        ("log(x^-2.5)", {"x": 1e120}, lambda x: -2.5 * mp.log(x)),
        ("1/(1/a+1/b)", {"a": 1e160, "b": 2e160}, lambda a, b: 1 / (1 / a + 1 / b)),
        ("1/(1/a+1/b)", {"a": 1e-200, "b": 3e-200}, lambda a, b: 1 / (1 / a + 1 / b)),
        ("x^3/(exp(x)-1)", {"x": 600.0}, lambda x: x**3 / (mp.exp(x) - 1)),
        pytest.param(
            "log(exp(-m)*m^k/gamma(k+1))",
            {"m": 300.0, "k": 2.0},
            lambda m, k: -m + k * mp.log(m) - mp.loggamma(k + 1),
            marks=pytest.mark.slow,
        ),
        ("sqrt(x*y)", {"x": 1e-200, "y": 1e-90}, lambda x, y: mp.sqrt(x * y)),
    ],
)
def test_a_slope_is_not_lost_on_the_way(expression: str, xs: dict[str, float], f: Callable[..., Any]) -> None:
    words = [f"-{name}={x!r}" for name, x in xs.items()]
    done = circuit("grad", expression, *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)["gradient"]
    for name, slope in slopes(f, xs).items():
        assert found[name] == pytest.approx(float(slope), rel=1e-9, abs=0.0), name


def test_several_infinities_of_logsumexp() -> None:
    for expression in ("logsumexp(x, y, z)", "logaddexp(x, logaddexp(y, z))", "logaddexp(z, x) + 0*1"):
        words = [f"-{name}={x}" for name, x in (("x", "-inf"), ("y", "-inf"), ("z", "2")) if name in expression]
        done = circuit("grad", expression, *words, "--quiet")
        assert [float(line.split()[1]) for line in sorted(done.stdout.splitlines())] == [0.0] * (len(words) - 1) + [1.0]


def test_a_value_that_underflows_is_told() -> None:
    done = circuit("eval", "x*y*z", "-x", "1e-200", "-y", "1e-200", "-z", "1e300")
    assert done.stderr == (
        "note: x * y at x = 1e-200, y = 1e-200 underflows: it is 1e-400, smaller than the numbers of float64 go\n"
    )
    assert "underflows: it is 5.08e-435" in circuit("eval", "exp(x)", "-x", "-1000").stderr
    assert circuit("eval", "1 + exp(x)", "-x", "-1000").stderr == ""  # nothing is lost of 1
    assert circuit("eval", "0*exp(x) + x*0", "-x", "3").stderr == ""


def test_a_gradient_that_underflows_is_told() -> None:
    done = circuit("grad", "x*y", "-x", "1e-200", "-y", "1e-200", "--allow-nonfinite")
    assert "note: x * y at" in done.stderr
    done = circuit("grad", "exp(x)*1e-300 + y", "-x", "-100", "-y", "1")
    assert "note: the gradient by x is not 0, but smaller than the numbers of float64 go" in done.stderr


@pytest.mark.parametrize(
    "words", [["x*y", "-x", "0", "-y", "3"], ["x^2", "-x", "0"], ["relu(x)", "-x", "-1"], ["cos(x)", "-x", "0"]]
)
def test_a_plain_zero_is_nothing_to_tell(words: list[str]) -> None:
    assert "smaller" not in circuit("grad", *words).stderr


def compared(seed: int) -> str:
    """Compare the answer at a point of a random circuit over all scales with mpmath: the gradient is right, infinite
    and said to be so, or smaller than floats go and said to be so; and a value that is not right is said; else silent.
    Skipped where mpmath has no value."""
    one = case(seed)
    words = [f"-{name}={x!r}" for name, x in one.inputs.items()]
    done, exact = circuit("grad", one.text, *words, "--json"), one.exact()
    if exact is None or not mp.isfinite(exact[0]):
        return "skipped"
    value, slopes = exact
    found = json.loads(done.stdout)
    if not _is_right(found["value"], value) and not done.stderr:
        return "silent"
    for name, slope in slopes.items():
        got = found["gradient"][name]
        unseen = abs(mp.mpf(float(got)) * one.inputs[name]) < abs(value) * mp.mpf(10) ** -690  # by the differences
        if (unseen and slope == 0) or _is_right(got, slope):
            continue
        gone = isinstance(got, str) and done.returncode == 3
        tiny = got == 0.0 and abs(slope) < TINY and re.search(rf"the gradient by .*\b{name}\b.* is not 0", done.stderr)
        if not gone and not tiny and "otherwise: the value and the gradient hang on rounding" not in done.stderr:
            return "silent"
    return "right"


def _is_right(found: float | str, exact: Any) -> bool:
    return bool(abs(mp.mpf(float(found)) - exact) <= abs(exact) * 1e-9 + 2.0**-1074)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_random_circuits_over_all_scales_lose_nothing_silently(part: int) -> None:
    ends = [compared(seed) for seed in range(200 * part, 200 * (part + 1))]
    assert [200 * part + i for i, end in enumerate(ends) if end == "silent"] == []
    assert ends.count("right") > 80


def compared_over_rows(seed: int, engine: str) -> str:
    """Compare a random circuit over one row with mpmath: the gradient is right, or a note counts the row; skipped where
    digits, and not the range, are lost; else silent."""
    one = case(seed)
    rows = ",".join(one.inputs) + "\n" + ",".join(map(repr, one.inputs.values())) + "\n"
    done = circuit("grad", one.text, "-", "--engine", engine, stdin=rows)
    names, row = (line.split(",") for line in done.stdout.splitlines())
    found = dict(zip(names, map(float, row), strict=True))
    if not all(map(math.isfinite, found.values())):
        return "said" if "is infinite or not a number" in done.stderr else "silent"
    exact = one.exact()
    if exact is None:
        return "skipped"
    value, slopes = exact
    if abs(found["value"] - value) > 1e-9 * abs(value):
        return "skipped"  # of values that underflow nothing is said over rows
    if all(abs(found[f"grad_{name}"] - slope) <= 1e-9 * abs(slope) for name, slope in slopes.items()):
        counted = "underflows" in done.stderr and all(abs(slope) > TINY for slope in slopes.values())
        return "false alarm" if counted else "right"
    return "said" if "the gradient of 1 row underflows" in done.stderr else "skipped" if one.cancels else "silent"


@pytest.mark.parametrize("engine", ["arrays", "native"])
@pytest.mark.parametrize("part", some_slow(range(5), range(1, 5)))
def test_rows_whose_gradient_underflows_are_counted(part: int, engine: str) -> None:
    seeds = range(200 * part, 200 * part + (200 if part else 25))
    ends = {seed: compared_over_rows(seed, engine) for seed in seeds}
    assert [seed for seed, end in ends.items() if end in ("silent", "false alarm")] == []
    assert "right" in ends.values()


@pytest.mark.parametrize("engine", ["arrays", "native"])
def test_a_row_whose_gradient_is_lost_to_an_overflow_is_counted(engine: str) -> None:
    rows = "x,y,z\n4.4e51,1.4e174,-9.4e263\n1,2,3\n"  # where x*z is beyond the floats, and the slope by x is 7.5e-194
    done = circuit("grad", "exp(relu(y)/(x*z))", "-", "--engine", engine, stdin=rows)
    assert "the gradient of 1 row underflows" in done.stderr and "(first: <stdin>:2)" in done.stderr
    assert circuit("grad", "1/(1 + exp(-x))", "-", "--engine", engine, stdin="x\n30\n700\n").stderr == ""


def test_a_slope_of_zero_has_no_sign() -> None:
    for form in ([], ["--quiet"], ["--json"], ["--to", "csv"], ["--check"], ["--explain"], ["--hessian"]):
        assert "-0" not in circuit("grad", "cos(x)", "-x", "0", *form).stdout.replace("± error", "")
    for engine in ("arrays", "native"):
        rows = circuit("grad", "cos(x)", "-", "--engine", engine, stdin="x\n0\n").stdout
        assert rows == "x,value,grad_x\n0,1.0,0.0\n"
    assert circuit("eval", "x*0", "-x", "-1", "--quiet").stdout == "-0.0\n"  # the sign of a value is its own


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["log(exp(-x))", "-x", "800"], "exp(-x) at -x = -800 underflows: it is 3.67e-348, smaller than"),
        (["log(1/(1+exp(x)))", "-x", "800"], "exp(x) at x = 800: overflows; exp does above 709.78, so log"),
        (["1/x", "-x", "1e-200"], "the gradient of 1 / x by x at x = 1e-200 is beyond the numbers of float64"),
        (["sqrt(x)", "-x", "0"], "the gradient of sqrt(x) at x = 0 is infinite"),
        (["log(x)", "-x", "0"], "log(x) at x = 0: a pole"),
        (["x*1e-400*1e300", "-x", "1"], "1e-400 is smaller than the numbers of float64 go"),
    ],
)
def test_the_note_names_what_left_the_range(words: list[str], said: str) -> None:
    assert said in circuit("grad", *words).stderr


@pytest.mark.parametrize(
    ("expression", "xs", "f"),
    [
        ("sqrt(a*a + b*b)", {"a": 1e200, "b": 1e200}, lambda a, b: mp.sqrt(a * a + b * b)),
        ("a*b/(c*d)", {"a": 1e300, "b": 2e300, "c": 1e299, "d": 3e299}, lambda a, b, c, d: a * b / (c * d)),
        ("a/(b*c)", {"a": 1e100, "b": 1e200, "c": 2e200}, lambda a, b, c: a / (b * c)),
        ("log(1 + exp(x))", {"x": 800.0}, lambda x: mp.log(1 + mp.exp(x))),
        ("1/log(exp(x))", {"x": 1e8}, lambda x: 1 / x),
        ("log(exp(a) + exp(b))", {"a": 1.49999999e7, "b": 1.5e7}, lambda a, b: b + mp.log(1 + mp.exp(a - b))),
        ("log(x^n)", {"x": 3.0, "n": 1e7}, lambda x, n: n * mp.log(x)),
        ("log(normcdf(x))", {"x": -1e5}, lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)),
    ],
)
def test_a_gradient_is_right_where_the_value_left_the_range(
    expression: str, xs: dict[str, float], f: Callable[..., Any]
) -> None:
    found = json.loads(circuit("grad", expression, *[f"-{n}={x!r}" for n, x in xs.items()], "--json").stdout)
    for name, slope in slopes(f, xs).items():
        got = found["gradient"][name]
        assert got == pytest.approx(float(slope), rel=1e-9, abs=0.0 if abs(slope) > TINY else TINY), name


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (["x*1e300", "-x", "1e-400"], "x: 1e-400 is smaller than the numbers of float64 go"),
        (["x*1e300", "-x", "3e-324"], "x: 3e-324 is smaller"),
        (["x - 1", "-x", "9007199254740993"], "has more digits than float64: it becomes 9007199254740992"),
        (["3e-324*1e300"], "3e-324 is smaller than the numbers of float64 go"),
        (
            ["a/(b*c)", "-a=1e100", "-b=1e200", "-c=1e200"],
            "overflows, beyond 1.8e308, so a / (b * c) is 0 instead of 1e-300",
        ),
        (["exp(-x)", "-x=1e9"], "it is 1.25e-434294482, smaller"),
    ],
)
def test_a_number_that_float64_cannot_hold_is_told(words: list[str], note: str) -> None:
    assert note in circuit("eval", *words).stderr
    assert circuit("eval", "x", "-x", "9007199254740992").stderr == circuit("eval", "x", "-x", "0e-500").stderr == ""


def test_a_gradient_is_right_where_only_parts_of_the_value_overflowed() -> None:
    words = ["1/(1/a^2+1/b^2)", "-a=1e160", "-b=3e150"]
    found = json.loads(circuit("grad", *words, "--json").stdout)["gradient"]
    assert found == pytest.approx({"a": 1.62e122, "b": 6e150}, rel=1e-9)
    assert "overflows" in circuit("grad", "1/(1 + exp(-x))", "-x", "-1000").stderr  # of which the value is another
