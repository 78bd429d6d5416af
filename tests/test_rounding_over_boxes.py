"""The guaranteed bound of rounding: never below an error that occurs, hardly above the largest, and what is told."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from circuitcli.analysis.rounding_bound import RoundingBound
from circuitcli.engine.digits import Digits
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.gate_rounding import half_spacing
from circuitcli.engine.interval import Interval
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from tests.support import circuit

EXACT = Digits(400)
Ends = Mapping[str, tuple[float, float]]


def bound(text: str, box: Ends, boxes: int = 400) -> RoundingBound:
    return RoundingBound(graph_of(parse(text)), {}, {name: Interval(*ends) for name, ends in box.items()}, boxes)


def error(graph: Graph, point: Mapping[str, float]) -> float:
    """The distance of the value of floats from that of 400 digits; nan where there is none."""
    found = forward(graph, FLOATS, point)[graph.output]
    with mp.workdps(400):
        exact: Any = forward(graph, EXACT, {name: EXACT.number(x) for name, x in point.items()})[graph.output]
        if isinstance(exact, mp.mpc) or (exact != exact and found != found):
            return 0.0
        told = abs(exact) * mp.mpf(10) ** -390  # by 400 digits
        return float(max(abs(mp.mpf(found) - exact) - told, 0)) if abs(exact) < mp.inf else math.nan


def points(chance: random.Random, box: Ends, count: int) -> Iterator[dict[str, float]]:
    """Points all over a box, and as many next to its corners."""
    for k in range(count):
        near = 10.0 ** -chance.uniform(1, 6) if k % 2 else 1.0
        drawn = {}
        for name, (low, high) in box.items():
            x = low + (high - low) * near * chance.random()
            drawn[name] = min(max(x if k % 2 == 0 or chance.random() < 0.5 else high - (x - low), low), high)
        yield drawn


# ── the bound ───────────────────────────────────────────────────────────────────────────────────────────────

PROBLEMS: dict[str, tuple[str, Ends]] = {
    "lens": ("1/(1/f - 1/d)", {"f": (0.04, 0.06), "d": (0.5, 3.0)}),
    "pendulum": ("2*pi*sqrt(L/g)*(1 + a*a/16)", {"L": (0.2, 2.0), "g": (9.78, 9.83), "a": (0.0, 0.5)}),
    "gas": (
        "n*8.314*T/(V - n*b) - a*n*n/(V*V)",
        {"n": (1, 3), "T": (250, 400), "V": (2, 9), "b": (0.03, 0.05), "a": (0.1, 2)},
    ),
    "heron": ("s = (a + b + c)/2; sqrt(s*(s - a)*(s - b)*(s - c))", {"a": (6, 7), "b": (5, 6), "c": (4, 5)}),
    "damped": ("exp(-0.3*t)*cos(2*t + p)", {"t": (0, 4), "p": (-1, 1)}),
    "relativity": ("m*(1/sqrt(1 - v*v) - 1)", {"m": (1, 2), "v": (0.1, 0.9)}),
    "horner": ("((0.7*x - 1.3)*x + 0.1)*x - 2.9", {"x": (-2.5, 3)}),
    "newton": ("x - (x*x - a)/(2*x)", {"x": (1, 2), "a": (1, 4)}),
    "clipped": ("max(0.1*x - y, x*y, 0.3)", {"x": (-3, 3), "y": (0, 2)}),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_bound_is_above_all_errors_and_near_the_largest(name: str) -> None:
    text, box = PROBLEMS[name]
    found, graph = bound(text, box), graph_of(parse(text))
    largest = max(error(graph, point) for point in points(random.Random(name), box, 1_500))
    assert 0.0 < largest <= found.absolute <= 4.0 * largest, (largest, found.absolute)
    assert found.met <= found.absolute <= 1.5 * found.met
    assert math.fsum(found.nodes) == pytest.approx(found.absolute)


@pytest.mark.parametrize("scale", [2.0**-300, 2.0**-30, 2.0**40])
def test_the_bound_is_that_of_other_units(scale: float) -> None:
    """Lengths in other units are other floats with the same digits."""
    text, box = "s = (a + b + c)/2; s*(s - a)*(s - b)/c + 0.1*a*b", {"a": (6.0, 7.0), "b": (5.0, 6.0), "c": (4.0, 5.0)}
    scaled = {name: (low * scale, high * scale) for name, (low, high) in box.items()}
    assert bound(text, scaled).absolute == pytest.approx(bound(text, box).absolute * scale * scale)


def test_more_boxes_are_tighter() -> None:
    text, box = PROBLEMS["damped"]
    few, some, many = (bound(text, box, boxes).absolute for boxes in (1, 20, 400))
    assert few > some > many


def test_no_term_of_second_order_is_left_out() -> None:
    """The slope of a square at 0 is 0, and yet 0.3 was lost below it."""
    text, box = "((x + 1e16) - 1e16)^2", {"x": (0.3, 0.3)}
    assert bound(text, box).absolute >= error(graph_of(parse(text)), {"x": 0.3}) == pytest.approx(0.09)


EXACTLY = [  # sums and products whose results are floats whatever the inputs are
    ("2*x", {"x": (-1.0, 3.0)}),
    ("x/4 ", {"x": (0.1, 3.0)}),
    ("x - y", {"x": (1.0, 1.9), "y": (1.0, 1.9)}),
    ("max(-x, abs(y)) ", {"x": (1.0, 2.0), "y": (-1.0, 3.0)}),
    ("where(x > 0.5, x, -x)", {"x": (-1.0, 3.0)}),
    ("floor(x)", {"x": (-1.0, 3.0)}),
    ("x + y", {"x": (1e-320, 2e-320), "y": (-1e-310, 1e-310)}),
]


@pytest.mark.parametrize(("text", "box"), EXACTLY, ids=[text for text, _ in EXACTLY])
def test_what_is_exact_costs_nothing(text: str, box: Ends) -> None:
    found = bound(text, box)
    assert (found.absolute, found.relative, found.digits) == (0.0, 0.0, 17)


JUMPS = [  # how far apart both sides of a jump are, which rounding may confuse
    ("floor(0.1*x)", {"x": (5.0, 15.0)}, 1.0),
    ("where(0.1*x > 0.3, 5, 7)", {"x": (1.0, 4.0)}, 2.0),
    ("atan2(0.1*x - 0.3, -1)", {"x": (1.0, 4.0)}, 2 * math.pi),
    ("(0.1*x) % 1", {"x": (5.0, 15.0)}, 1.0),
]


@pytest.mark.parametrize(("text", "box", "jump"), JUMPS, ids=[text for text, *_ in JUMPS])
def test_a_jump_is_in_the_bound(text: str, box: Ends, jump: float) -> None:
    assert jump <= bound(text, box).absolute <= 1.001 * jump


def test_a_condition_on_exact_numbers_is_no_jump() -> None:
    assert bound("where(x > 1, 7 + x/3, x/3)", {"x": (0.0, 2.0)}).absolute < 2e-15


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("log(x)", {"x": (0.0, 1.0)}),
        ("1/(0.1*x - 0.3)", {"x": (1.0, 4.0)}),
        ("exp(x)", {"x": (700.0, 710.0)}),
        ("floor(sin(exp(x)))", {"x": (700.0, 710.0)}),
        ("acos(x*1.1)", {"x": (0.0, 1.0)}),
        ("relu(log(0.1*x - 0.3) - 99)", {"x": (2.0, 4.0)}),
    ],
)
def test_where_nothing_bounds_the_rounding_no_bound_is_claimed(text: str, box: Ends) -> None:
    found = bound(text, box, 50)
    assert (found.absolute, found.relative, found.digits) == (math.inf, math.inf, 0)
    assert math.inf in found.nodes


@given(st.fractions(0, 10**6), st.floats(1.0, 16.0))
def test_half_the_spacing_bounds_the_rounding_of_a_number(x: Fraction, more: float) -> None:
    assert abs(Fraction(float(x)) - x) <= Fraction(half_spacing(math.nextafter(float(x), math.inf) * more))
    assert half_spacing(1.0) == 2.0**-54 and half_spacing(math.nextafter(1.0, 2.0)) == 2.0**-53


# ── random circuits ─────────────────────────────────────────────────────────────────────────────────────────

SLOW = ("gamma", "lgamma", "digamma", "factorial")  # of which the oracle takes its time
ONE = [
    name
    for name, gate in GATES.items()
    if len(gate.rules) == 1 and not gate.many and gate.over_rows is None and name not in (*SLOW, "neg", "not")
]
TWO = ["({} + {})", "({} - {})", "({} * {})", "({} / {})", "({} % {})", "max({}, {})", "min({}, {})", "hypot({}, {})"]
TWO += [
    "atan2({}, {})",
    "copysign({}, {})",
    "({} // {})",
    "fmod({}, {})",
    "where({} < {}, 0.1, x)",
    "logaddexp({}, {})",
]
TWO += ["({})^2*{}", "({})^{}", "({})^0.5 - {}", "clip({}, {}, 0.7)", "direction({}, {})", "log({}, {})"]


def grown(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["x", "x", "y", "z", "0.1", "3", "pi"])
    if chance.random() < 0.3:
        return f"{chance.choice(ONE)}({grown(chance, depth - 1)})"
    form = chance.choice(TWO[:4] if chance.random() < 0.5 else TWO)
    return form.format(grown(chance, depth - 1), grown(chance, chance.randint(0, depth - 1)))


def below_the_error(seed: int, count: int) -> tuple[list[object], int]:
    """The circuits whose bound is smaller than an error, and how many have one."""
    chance, faults, bounded = random.Random(seed), list[object](), 0
    for _ in range(count):
        text = grown(chance, chance.randint(1, 4))
        graph, box = graph_of(parse(text)), dict[str, tuple[float, float]]()
        for name in graph.inputs:
            x = chance.choice((chance.uniform(-5, 5), chance.uniform(0.5, 3), float(chance.randint(-3, 3))))
            x *= chance.choice((1.0, 1.0, 1.0, 1e-150, 1e100))
            box[name] = x, x + abs(x) * chance.choice((0.0, 1e-15, 1e-6, 0.3, 2.0))
        found = bound(text, box, chance.choice((1, 4, 40)))
        if found.absolute < math.inf:
            bounded += 1
            off = {error(graph, point): point for point in points(chance, box, 12)}
            faults += [(text, off[worst], worst, found.absolute) for worst in off if not worst <= found.absolute]
    return faults, bounded


def test_no_error_is_above_the_bound() -> None:
    faults, bounded = below_the_error(1, 300)
    assert faults == [] and bounded > 150


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 4))
def test_no_error_is_above_the_bound_in_many_circuits(seed: int) -> None:
    assert below_the_error(seed, 4_000)[0] == []


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────

OVER = ("grad", "x*y + 0.1", "-x", "1..2", "-y", "3..4", "--rounding")


def test_the_answer_in_every_form() -> None:
    record = json.loads(circuit(*OVER, "--json").stdout)
    found = record["rounding"]
    assert record["value"][0] <= 3.1 and record["gradient"]["x"] == [3, 4]
    assert found["guaranteed"] is True and set(found["at"]) == {"x", "y"} and found["digits"] == 15
    assert found["absolute"] == pytest.approx(sum(found["nodes"])) and found["met"] <= found["absolute"]
    assert found["absolute"] / 8.1 <= found["relative"] <= found["absolute"] / 3
    rows = [*csv.DictReader(io.StringIO(circuit(*OVER, "--to", "csv").stdout))]
    assert [*rows[0]] == ["id", "node", "value_lo", "value_hi", "gradient_lo", "gradient_hi", "moves", "share"]
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1.0)
    absolute, relative, digits = circuit(*OVER, "--quiet").stdout.split()
    assert (float(absolute), float(relative), int(digits)) == (found["absolute"], found["relative"], 15)
    assert "15 digits good, guaranteed" in circuit(*OVER).stdout


def test_an_input_beside_the_ranges_is_the_number_that_was_typed() -> None:
    tenth, eighth = (
        json.loads(circuit("grad", "x + y", "-x", "1..2", "-y", y, "--rounding", "--json").stdout)["rounding"]
        for y in ("0.1", "0.125")
    )
    off = float(abs(Fraction(1, 10) - Fraction(0.1)))
    assert tenth["absolute"] == pytest.approx(2.0**-52 + off) or tenth["absolute"] == pytest.approx(2.0**-53 * 2 + off)
    assert eighth["absolute"] == 2.0**-52


def test_without_a_bound_the_status_says_so() -> None:
    done = circuit("grad", "log(x)", "-x", "0..1", "--rounding", "--json")
    assert done.returncode == 3 and json.loads(done.stdout)["rounding"]["guaranteed"] is False
    assert "nothing bounds the rounding of log(x)" in done.stderr
    assert circuit("grad", "log(x)", "-x", "0..1", "--rounding", "--allow-nonfinite").returncode == 0


@pytest.mark.parametrize("words", [("--check",), ("--rounding", "--along", "x=1"), ("--rounding", "--of", "a,b")])
def test_other_answers_are_of_a_point(words: tuple[str, ...]) -> None:
    assert circuit("grad", "a = x*y; b = x + y", "-x", "1..2", "-y", "3", *words).returncode == 2


def at_point(text: str, **inputs: str) -> dict[str, Any]:
    words = [word for name, x in inputs.items() for word in (f"-{name}", x)]
    done = circuit("grad", text, *words, "--rounding", "--json", "--allow-nonfinite")
    found: dict[str, Any] = json.loads(done.stdout)["rounding"]
    return found


def test_at_a_point_the_bound_is_guaranteed_too() -> None:
    assert at_point("x*y", x="0.1", y="0.5")["guaranteed"] is True
    squared = at_point("((x + 1e16) - 1e16)^2", x="0.3")
    assert squared["guaranteed"] is True and squared["absolute"] >= 0.09
    assert at_point("log(x - y)", x="1", y="1")["guaranteed"] is False
    assert at_point("sqrt(x*x - y)", x="0.1", y="0.01")["guaranteed"] is False  # a tenth squared, less a hundredth
