"""Roots from a start: against mpmath and closed forms, in as many digits as are asked for, and honest ends."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import mpmath
import pytest

from tests.support import circuit

KEPLER = ("solve", "E - e*sin(E) = M", "-E", "1", "-e", "0.1", "-M", "0.8")


def solved(*words: str, status: int = 0) -> dict[str, Any]:
    done = circuit("solve", *words, "--json")
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["success"] == (status == 0)
    return found


@pytest.mark.parametrize("digits", [50, 200])
def test_as_many_digits_as_mpmath_has(digits: int) -> None:
    done = circuit(*KEPLER, "--digits", str(digits), "--json")
    found = json.loads(done.stdout)
    with mpmath.workdps(digits + 20):
        e, anomaly = mpmath.mpf("0.1"), mpmath.mpf("0.8")
        root = mpmath.findroot(lambda x: x - e * mpmath.sin(x) - anomaly, 0.9)
        slope = 1 - e * mpmath.cos(root)
        least = mpmath.mpf(10) ** (1 - digits)
        assert abs(mpmath.mpf(found["inputs"]["E"]) - root) < least
        assert abs(mpmath.mpf(found["sensitivity"]["E"]["M"]) - 1 / slope) < 2 * least
        assert abs(mpmath.mpf(found["sensitivity"]["E"]["e"]) - mpmath.sin(root) / slope) < least


def test_digits_of_a_system_whose_differences_are_tiny() -> None:
    # y = 1/x, x^2 + y^2 = 4: x^2 = 2 + sqrt(3); in units in which the sides are below the range of float64.
    scale = "1e-200"
    words = (f"{scale}*(x^2 + y^2) = 4*{scale}; x*y = 1", "-x", "2", "-y", "0.3", "--digits", "60")
    found = json.loads(circuit("solve", *words, "--json").stdout)
    with mpmath.workdps(80):
        root = mpmath.sqrt(2 + mpmath.sqrt(3))
        assert abs(mpmath.mpf(found["inputs"]["x"]) - root) < mpmath.mpf(10) ** -58
        assert abs(mpmath.mpf(found["inputs"]["y"]) - 1 / root) < mpmath.mpf(10) ** -58


def test_digits_in_every_form() -> None:
    text = "1.4142135623730950488016887242096980785696718753769"
    words = ("solve", "x^2 = 2", "-x", "1", "--digits", "50")
    assert circuit(*words, "--quiet").stdout == f"x {text}\n"
    assert circuit(*words, "--to", "csv").stdout == f"x,status\n{text},root\n"
    assert text in circuit(*words).stdout


def test_an_uncertainty_by_the_implicit_function_theorem() -> None:
    found = solved("x^3 + a*x = b", "-x", "1", "-a", "2±0.1", "-b", "5±0.3")
    x = found["inputs"]["x"]
    slope = 3 * x * x + 2
    assert found["uncertainty"]["stderr"]["x"] == pytest.approx(math.hypot(x * 0.1, 0.3) / slope)


def test_a_family_of_unknowns() -> None:
    found = solved("x[1]^2 + x[2]^2 = 4; x[1] = x[2]", "-x", "1, 2")
    assert found["inputs"]["x"] == pytest.approx([math.sqrt(2)] * 2)
    assert [*found["residual"]] == ["x[1]^2 + x[2]^2 = 4", "x[1] = x[2]"]


def test_an_equation_keeps_its_brackets() -> None:
    found = solved("(x - 1) = 2; (y)*(x + 1) = (3 + x*(2))", "-x", "1", "-y", "1")
    assert [*found["residual"]] == ["(x - 1) = 2", "(y)*(x + 1) = (3 + x*(2))"]


def test_no_root_is_claimed_where_a_slope_is_endless() -> None:
    # The slope of a root at 0 has no bound, so a tiny step could be taken for none.
    assert solved("sqrt(x) = -1", "-x", "4", status=1)["proof"] == "none"
    assert solved("sqrt(x) + cbrt(x) = -1e-3", "-x", "4", status=1)["status"] == "no_root"


def test_a_proof_that_there_is_none() -> None:
    found = solved("x^2 + 1 = 0", "-x", "1", status=1)
    assert found["none_within"] == {"x": [-100.0, 100.0]}
    assert "proven, there is none for x from -100 to 100" in circuit("solve", "x^2 + 1 = 0", "-x", "1").stdout


@pytest.mark.parametrize(
    ("text", "start", "along", "status"),
    [
        ("x^2 = 0", {"x": 1}, ["x"], 0),
        ("x + y = 2; 2*x + 2*y = 4", {"x": 1, "y": 0}, ["x", "y"], 0),
        ("x + y = 2; 2*x + 2*y = 5", {"x": 1, "y": 0}, ["x", "y"], 1),
        ("x = 2 + 0*z; (z - 1)^2 = 0", {"x": 1, "z": 0}, ["z"], 0),
        ("x^2 = 2", {"x": 1}, [], 0),
    ],
)
def test_singular_slopes_name_the_unknowns(text: str, start: dict[str, int], along: list[str], status: int) -> None:
    words = [word for name, x in start.items() for word in (f"-{name}", str(x))]
    assert solved(text, *words, status=status)["singular"] == along


SMALL_BESIDE_LARGE = [
    ("x*y = 1e-20; x - y = 1", {"x": "1", "y": "0"}, {}, 1),
    ("x*y = 1e-18; x - y = 1", {"x": "1", "y": "0"}, {}, 1),
    ("x*y = 1e-12; x - y = 1", {"x": "1", "y": "0"}, {}, 1),
    ("x*y = K; x - y = C", {"x": "1e6", "y": "0"}, {"K": "1e-9", "C": "1e6"}, 1),
    ("x*y = K; x + y = C", {"y": "1", "x": "1e6"}, {"K": "1e-9", "C": "1e6"}, -1),
    ("x*y = K; x + y = C", {"y": "1", "x": "1"}, {"K": "1e-14", "C": "1"}, -1),
    ("x*y = K; x - y = C", {"x": "1e22", "y": "1e22"}, {"K": "2.25e20", "C": "1e17"}, 1),
    ("x*y = K; x - y = C", {"x": "1e17", "y": "1"}, {"K": "1e12", "C": "1e17"}, 1),
    ("x*y = K; x - y = C", {"x": "1e17", "y": "1"}, {"K": "2.25e20", "C": "1e14"}, 1),
    ("x*y = K; x - y = C", {"x": "1e-1", "y": "1e-18"}, {"K": "2.25e-16", "C": "1e-4"}, 1),
]


@pytest.mark.parametrize(("text", "start", "given", "sign"), SMALL_BESIDE_LARGE)
def test_a_small_unknown_beside_a_large_one(text: str, start: dict[str, str], given: dict[str, str], sign: int) -> None:
    words = [word for name, x in (start | given).items() for word in (f"-{name}", x)]
    found = solved(text, "--for", "x,y", *words)
    with mpmath.workdps(80):
        product, total = (mpmath.mpf(given.get(right, right)) for right in re.findall(r"= (\S+?)(?:;|$)", text))
        y = 2 * product / (total + mpmath.sqrt(total**2 + sign * 4 * product))
        x = product / y
        # K = x*y and C = x - sign*y, by the implicit function theorem.
        slope = 1 / (x + sign * y)
    small, large = sorted(("y", "x"), key=found["inputs"].get)  # of a sum, either may be the small one
    assert found["inputs"][large] == pytest.approx(float(x), rel=1e-15, abs=0)
    assert found["inputs"][small] == pytest.approx(float(y), rel=1e-15, abs=0)
    assert all(left["value"] <= left["limit"] for left in found["residual"].values())
    for name, (low, high) in found["bounds"].items():
        assert low <= found["inputs"][name] <= high
    if given:
        assert found["sensitivity"][small]["K"] == pytest.approx(float(slope), rel=1e-14, abs=0)
        assert found["sensitivity"][small]["C"] == pytest.approx(float(-y * slope), rel=1e-14, abs=0)


def test_a_double_root_at_0_is_0() -> None:
    found = solved("x^2 = 0", "-x", "1")
    assert found["inputs"]["x"] == 0.0
    assert found["residual"]["x^2 = 0"]["value"] == 0.0


@pytest.mark.parametrize(
    ("text", "start", "root"),
    [
        ("exp(-x) = 1e-12", "1", -mpmath.log("1e-12")),
        ("exp(-x) = 1e-9", "1", -mpmath.log("1e-9")),
        ("exp(-x) = 1e-9", "27", -mpmath.log("1e-9")),
        ("x^2 = 1e-18", "1", mpmath.mpf("1e-9")),
        ("x*exp(-x) = 1e-15", "5", -mpmath.lambertw(mpmath.mpf("-1e-15"), -1).real),
        ("1e-30*exp(-x/2) = 1e-55", "1", -2 * mpmath.log("1e-25")),
    ],
)
def test_a_flat_but_simple_root_is_proven(text: str, start: str, root: Any) -> None:
    found = solved(text, "-x", start)
    assert found["inputs"]["x"] == pytest.approx(float(root), rel=1e-15)
    assert (found["singular"], found["proof"]) == ([], "exactly one")


@pytest.mark.parametrize(("text", "start"), [("tanh(x) = 1", "1"), ("tanh(x) = 1", "18"), ("1 - exp(-x) = 1", "1")])
def test_sides_that_rounding_makes_equal_are_no_root(text: str, start: str) -> None:
    done = circuit("solve", text, "-x", start)
    assert done.returncode == 1
    assert "the sides are equal only as floats" in done.stdout


def test_a_root_of_many_folds_is_one() -> None:
    # Rounding blurs it to the fourth root of its unit; more digits lead closer.
    found = solved("x^4 - 4*x^3 + 6*x^2 - 4*x + 1 = 0", "-x", "3")
    assert found["inputs"]["x"] == pytest.approx(1.0, rel=1e-3)


def test_the_gate_that_is_nan_at_the_start() -> None:
    # More waves than a few intervals tell apart.
    done = circuit("solve", "sin(50*x)*cos(50*x) + 0.51 + 0*log(x) = 0", "-x", "-1")
    assert done.returncode == 1
    assert "at the start log(x)" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x^2 = 2", "-x", "nan"], "x begins at nan"),
        (["x^2 = 2", "-x", "1", "--bounds", "x=2:3"], "x begins at 1, outside its bounds\n  write for example -x 2"),
        (["x + y = 2", "-x", "1", "-y", "1", "--for", "x,y"], "1 equation for 2 unknowns, x, y"),
        (["x^2 = 2", "-x", "1", "--for", "z"], "z is no input of the equations"),
        (["(x - 1)^2*(x + 1) = 0", "-x", "3", "--digits", "50"], "leave out --digits"),
        (["x^2 = 2", "-x", "1", "--max-time", "-1"], "--max-time must be a number above 0"),
        (["x^2 = 2", "-x", "1", "--sensitivity"], "--sensitivity is for files of rows"),
        (["x^2 = a", "-x", "0..3", "-a", "2", "--for", "a"], "the unknowns are the inputs with a range, x"),
        (["x^2 = 2", "-x", "0..3", "--starts", "5"], "leave out --starts"),
        (["x^2 = 2", "-x", "0..3", "--bounds", "x=0:1"], "--bounds"),
    ],
)
def test_mistakes(words: list[str], message: str) -> None:
    done = circuit("solve", *words)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr


def test_time_that_is_over() -> None:
    done = circuit("solve", "x = cos(x)", "-x", "1", "--max-time", "1e-9")
    assert done.returncode == 1
    assert "stopped: the time is over" in done.stdout


def test_a_root_goes_on_through_a_pipe() -> None:
    root = circuit(*KEPLER, "--json").stdout
    x = json.loads(root)["inputs"]["E"]
    done = circuit("eval", "1 - e*cos(E)", "--inputs", "-", "--quiet", stdin=root)
    assert float(done.stdout) == pytest.approx(1 - 0.1 * math.cos(x))
    again = json.loads(circuit("solve", "E - e*sin(E) = M", "--inputs", "-", "-M", "0.9", "--json", stdin=root).stdout)
    there = again["inputs"]["E"]
    assert there - 0.1 * math.sin(there) == pytest.approx(0.9, abs=1e-15)


@pytest.mark.parametrize(
    "equations",
    [
        "1/(1+x^2) = -1e-3",
        "1/(1+exp(x)) = -2",
        "1/x^2 = -3",
        "1/(1+x^4) = -2",
        "1/(x^2+y^2) = -1; x = y",
        "atan(x) = 2",
    ],
)
def test_far_out_where_terms_are_infinite_there_is_no_root(equations: str) -> None:
    """None of them has a root: the left sides are positive, or below pi/2."""
    words = ["solve", equations, "-x", "1", *(["-y", "1"] if "y" in equations else [])]
    done = circuit(*words)
    assert done.returncode == 1 and "no root" in done.stdout and done.stderr.count("Traceback") == 0
