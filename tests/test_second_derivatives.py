"""Second derivatives keep the digits that first ones keep, against differences of textbook slopes on mpmath."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest

from circuitcli.analysis import derivatives as hessians
from circuitcli.analysis.derivatives import Hessian
from circuitcli.analysis.formulas import alone
from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES
from circuitcli.read_circuit import ReadCircuit
from tests.oracle import ORACLE, SLOPES, STEP, derivative, mp
from tests.support import circuit, some_slow
from tests.test_accuracy import BOUNDED, DEAR, HUGE, NORMAL

CURVED = [name for name in SLOPES if any(GATES[name].rules) and not GATES[name].only_over_rows]


class Second(NamedTuple):
    """A second derivative at a point: by which arguments, as found, as it is, and whether more digits were needed."""

    names: list[str]
    xs: tuple[float, ...]
    by: tuple[str, str]
    found: float
    wanted: Any
    mended: bool

    @property
    def error(self) -> float:
        """Relative."""
        if not math.isfinite(self.found):
            return math.inf
        return float(abs(self.found - self.wanted) / abs(self.wanted)) if self.wanted else abs(self.found)


def places(name: str, exponents: Iterable[int], seed: int = 1) -> Iterator[tuple[float, ...]]:
    """Arguments of both signs: the first in each of some binades, the others beside it, far from it or near 1."""
    rng = random.Random(f"{name} {seed}")
    count = 2 if GATES[name].many else len(GATES[name].rules)
    for exponent in exponents:
        x = rng.choice((-1.0, 1.0)) * rng.uniform(1.0, 2.0) * 2.0**exponent
        others = [x * 2.0 ** rng.uniform(-30, 30), 2.0 ** rng.uniform(-1022, 1023), rng.uniform(0.1, 10.0)]
        xs = [x, *(rng.choice((-1.0, 1.0)) * rng.choice(others) for _ in range(count - 1))]
        if name == "polygamma":
            xs = [float(rng.randint(0, 5)), x]
        if GATES[name].divisor is not None and count == 2 and rng.random() < 0.5:
            xs = xs[::-1]
        if all(abs(each) <= BOUNDED.get(name, HUGE) for each in xs):
            yield tuple(xs)


def seconds(name: str, at: Iterable[tuple[float, ...]]) -> Iterator[Second]:
    """The second derivatives of a gate that float64 can hold, at places inside its domain."""
    graph = alone(name)
    names = list(graph.inputs)
    hessian = Hessian(graph, names)
    for xs in at:
        value = GATES[name].forward(FLOATS, *xs)
        jumps = name in ("mod", "fmod") and not abs(FLOATS.div(*xs)) < 2.0**53
        if not math.isfinite(value) or (name == "digamma" and xs[0] < -1e4) or jumps:
            continue
        point = Point(graph, dict(zip(names, xs, strict=True)), names)
        if any(point.kinks) or len(set(xs)) < len(xs):
            continue
        second = hessian.at(point)
        for i, a in enumerate(names):
            for j, b in enumerate(names[i:], i):
                if SLOPES[name][i] is None or GATES[name].vjps(len(names))[j] is None:
                    continue
                try:
                    wanted = derivative(SLOPES[name][i], xs, j)
                except (ValueError, ZeroDivisionError, OverflowError):
                    continue
                if isinstance(wanted, mp.mpc) or not mp.isfinite(wanted) or abs(wanted) > HUGE:
                    continue
                if wanted == 0 or abs(wanted) >= NORMAL:
                    yield Second(names, xs, (a, b), second.numbers[a, b], wanted, (a, b) in second.lost)


@pytest.mark.parametrize("name", some_slow(CURVED, DEAR))
def test_second_derivatives_of_gates(name: str) -> None:
    for second in seconds(name, places(name, [*range(-1022, 1023, 211), *range(-40, 11, 10), -2, -1, 0, 1, 2])):
        assert second.error <= 1e-12, second


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVED)
def test_second_derivatives_of_gates_over_all_binades(name: str) -> None:
    """By the rules alone, but where a product of two arguments leaves the range of floats on the way."""
    dear = name in DEAR
    found = list(
        seconds(name, places(name, [*range(-1022, 1023, 37 if dear else 7), *range(-60, 11, 3), *range(-6, 7)], 2))
    )
    assert max(second.error for second in found) <= 1e-11, max(found, key=lambda second: second.error)
    assert len(GATES[name].rules) > 1 or not any(second.mended for second in found)


# ── of compositions ─────────────────────────────────────────────────────────────────────────────────────────


def second_of(text: str, x: float) -> tuple[hessians.Second, Point]:
    point = ReadCircuit(text).at({"x": x}, wrt=["x"])
    return Hessian(point.graph, ["x"]).at(point), point


def exact_second(f: Any, x: float) -> Any:
    """The second derivative of a function, by second differences in so many digits that two agree."""
    before = mp.nan
    for digits in (240, 480, 960, 1920, 3840):
        with mp.workdps(digits):
            at = mp.mpf(x)
            step = min(abs(at), mp.one) * mp.mpf(10) ** STEP
            now = (f(at + step) - 2 * f(at) + f(at - step)) / step**2
        if now != 0 and abs(now - before) <= abs(now) * mp.mpf(10) ** -30:
            return now
        before = now
    return mp.zero


LOST: tuple[tuple[str, float, Any], ...] = (
    ("(1 - cos(x))/x^2", 1e-8, lambda x: (1 - mp.cos(x)) / x**2),
    ("sqrt(x^2 + 1)", 1e8, lambda x: mp.sqrt(x**2 + 1)),
    ("1/(1 + exp(-x))", 1e-20, lambda x: 1 / (1 + mp.exp(-x))),
    ("exp(x)/(1 + exp(x))", 30.0, lambda x: mp.exp(x) / (1 + mp.exp(x))),
    ("log(1/(1 + exp(x)))", 400.0, lambda x: mp.log(1 / (1 + mp.exp(x)))),
    ("x^x", 1e-300, lambda x: x**x),
    ("x/hypot(x, 1)", 1e6, lambda x: x / mp.hypot(x, 1)),
    ("sin(x)/x", 1e-9, lambda x: mp.sin(x) / x),
)


@pytest.mark.parametrize(("text", "x", "f"), LOST)
def test_lost_digits_are_found_again_and_told(text: str, x: float, f: Any) -> None:
    second, _ = second_of(text, x)
    assert second.numbers["x", "x"] == pytest.approx(float(exact_second(f, x)), rel=1e-12)
    done = circuit("grad", text, f"-x={x!r}", "--hessian", "--json")
    assert (json.loads(done.stdout).get("hessian_digits_lost") == [["x", "x"]]) == bool(second.lost)
    assert ("float64 loses the digits of the second derivative by x and x" in done.stderr) == bool(second.lost)
    assert second.lost


KEPT = (
    ("tanh(x)", 1e-20),
    ("hypot(x, 1)", 1e8),
    ("x^3 - 3*x", 0.0),
    ("sin(x)^2 + cos(x)^2", 2.0),
    ("(x - 3)^2*exp(-x)", 3.0),
    ("100*(x - 2^2)^2 + (1 - x)^2", 1.0),
    ("log(x) - x", 1.0),
    ("sigmoid(3*x + 1)", 0.25),
    ("x - x", 5.0),
    ("x^0.5", 1e-3),
    ("(x - sin(x))*1e30", 1e-11),
)


@pytest.mark.parametrize(("text", "x"), KEPT)
def test_there_is_no_note_where_no_digits_are_lost(text: str, x: float) -> None:
    done = circuit("grad", text, f"-x={x!r}", "--hessian", "--json")
    assert "second derivative" not in done.stderr and "hessian_digits_lost" not in json.loads(done.stdout)


def test_a_second_derivative_below_the_range_of_floats_is_told() -> None:
    done = circuit("grad", "gauss(x)", "-x", "30", "--hessian")
    assert "the second derivative by x and x is not 0, but smaller than the numbers of float64 go" in done.stderr


INNER = [name for name in CURVED if len(GATES[name].rules) == 1 and not GATES[name].many and GATES[name].piece is None]
INNER = [name for name in INNER if name not in (*DEAR, "degrees", "radians", "neg")]


def compositions(count: int, seed: int) -> Iterator[tuple[str, str, float]]:
    rng = random.Random(seed)
    for _ in range(count):
        exponent = rng.choice((rng.uniform(-300, 300), rng.uniform(-20, 3), rng.uniform(-2, 2)))
        yield rng.choice(INNER), rng.choice(INNER), rng.choice((-1.0, 1.0)) * 10.0**exponent


@pytest.mark.parametrize("count", [30, pytest.param(2_000, marks=pytest.mark.slow)])
def test_no_second_derivative_of_a_composition_is_wrong_in_silence(count: int) -> None:
    asked = 0
    for outer, inner, x in compositions(count, seed=count):
        second, point = second_of(f"{outer}({inner}(x))", x)
        found = second.numbers["x", "x"]
        if not (math.isfinite(found) and math.isfinite(point.value)) or any(point.kinks) or abs(point.values[1]) > 1e5:
            continue  # which is said
        wanted = exact_second(lambda x, f=ORACLE[outer], g=ORACLE[inner]: f(g(x)), x)
        if abs(wanted) < NORMAL:
            assert abs(found) <= NORMAL and (found != 0 or wanted == 0 or second.underflowed), (outer, inner, x)
        else:
            asked += 1
            assert abs(found - wanted) <= 1e-9 * abs(wanted), (outer, inner, x, found, float(wanted))
    assert asked > count // 10


# ── x^0 at 0 ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [["v^0", "-v", "0"], ["v^p", "-v", "0", "-p", "0", "--wrt", "v"], ["v^(p - p)", "-v", "0", "-p", "3"],
     ["v^(0*p)", "-v", "0", "-p", "3"], ["p = 0; v^p", "-v", "0", "--wrt", "v"]],
)  # fmt: skip
def test_a_power_of_zero_with_exponent_zero_is_smooth(words: list[str]) -> None:
    for option in ([], ["--hessian"], ["--check"]):
        done = circuit("grad", *words, *option, "--json")
        record = json.loads(done.stdout)
        assert done.returncode == 0 and done.stderr == "" and record["value"] == 1
        assert all(slope == 0 for slope in record["gradient"].values())
        assert not any(node.get("kink") for node in record["nodes"])
        if option == ["--hessian"]:
            assert all(second == 0 for row in record["hessian"].values() for second in row.values())
        if option == ["--check"]:
            assert record["check"]["verdict"] == "agree"


def test_an_exponent_that_moves_away_from_zero_is_a_kink() -> None:
    done = circuit("grad", "v^p", "-v", "0", "-p", "0")
    assert done.returncode == 3 and "v^p is at a kink" in done.stderr
    moved = circuit("grad", "v^(p*p)", "-v", "0", "-p", "0", "--json")
    assert math.isnan(float(json.loads(moved.stdout)["gradient"]["p"]))


@pytest.mark.parametrize(
    ("text", "x", "second"),
    [
        ("(1-cos(x))/x", 1e-100, -2.5e-101),
        ("(1-cos(x))/x", 1e-300, -2.5e-301),
        ("(1-cos(x))/x^2", 1e-150, -1 / 12),
        ("(exp(x)-1)/x", 1e-300, 1 / 3),
        ("1/x - 1/sin(x)", 1e-200, -7 / 60 * 1e-200),
    ],
)
def test_what_cancels_as_a_whole_is_computed_in_more_digits(text: str, x: float, second: float) -> None:
    """By the series at 0; in a few hundred digits the same noise may come twice."""
    assert second_of(text, x)[0].numbers["x", "x"] == pytest.approx(second, rel=1e-12, abs=0.0)
