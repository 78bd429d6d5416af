"""Intervals: directed rounding, bounds that hold for every gate and for whole circuits, and what the commands say."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.engine import directed
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.outward import outward
from circuitcli.engine.passes import backward, forward
from circuitcli.graph import INPUT, Graph, Node
from circuitcli.language import graph_of, parse
from tests.drawn_boxes import faults_of_gates, outside, plain
from tests.random_circuits import grown
from tests.support import circuit

EXACT = Digits(60)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


# ── rounding ────────────────────────────────────────────────────────────────────────────────────────────────


def holds(found: float, exact: Fraction, steps: int) -> bool:
    """Whether a float is not below an exact number, and at most so many floats above the least such."""
    if found == math.inf:
        return exact > Fraction(directed.product_down(1.0, math.nextafter(math.inf, 0.0))) or steps > 0
    below = found
    for _ in range(steps + 1):
        below = math.nextafter(below, -math.inf)
    return Fraction(found) >= exact and (below == -math.inf or Fraction(below) < exact)


@given(FINITE, FINITE)
@example(1.0, 2.0**-60)
@example(-0.1, 0.3)
def test_sums_are_the_next_float_above(x: float, y: float) -> None:
    if abs(x) < 1e300 and abs(y) < 1e300:
        assert holds(directed.sum_up(x, y), Fraction(x) + Fraction(y), 0)
        assert holds(-directed.sum_down(x, y), -(Fraction(x) + Fraction(y)), 0)


@given(FINITE, FINITE)
@example(3.0, 7.0)
@example(1e-200, 1e-200)
@example(1e200, -1e200)
@example(0.1, 10.0)
def test_products_quotients_and_roots_are_rounded_outward(x: float, y: float) -> None:
    product = Fraction(x) * Fraction(y)
    for up, exact in ((directed.product_up(x, y), product), (-directed.product_down(x, y), -product)):
        assert up == math.inf or Fraction(up) >= exact
        assert not 1e-140 < abs(product) < 1e140 or holds(up, exact, 1)
    if y:
        quotient = Fraction(x) / Fraction(y)
        for up, exact in ((directed.quotient_up(x, y), quotient), (-directed.quotient_down(x, y), -quotient)):
            assert up == math.inf or Fraction(up) >= exact
    up, down = directed.root_up(abs(x)), directed.root_down(abs(x))
    assert Fraction(down) ** 2 <= Fraction(abs(x)) <= Fraction(up) ** 2
    assert up <= math.nextafter(math.nextafter(down, math.inf), math.inf)


@pytest.mark.parametrize("x", [(3.0, 4.0), (0.5, 0.25), (-6.0, 2.0), (144.0, 12.0)])
def test_whole_numbers_stay(x: tuple[float, float]) -> None:
    a, b = x
    assert directed.product_up(a, b) == directed.product_down(a, b) == a * b
    assert directed.sum_up(a, b) == directed.sum_down(a, b) == a + b
    assert directed.root_up(a * a) == directed.root_down(a * a) == abs(a)


@given(FINITE, st.integers(1, 17))
def test_text_is_rounded_outward(x: float, digits: int) -> None:
    low, high = outward(Interval(x, math.nextafter(x, math.inf)), digits)[1:-1].split(", ")
    assert Fraction(low) <= Fraction(x) and (math.isinf(float(high)) or Fraction(high) > Fraction(x))


# ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────


def points(chance: random.Random, box: list[Interval], count: int) -> list[list[float]]:
    drawn = [[chance.choice((x.lo, x.hi, chance.uniform(x.lo, x.hi))) for x in box] for _ in range(count)]
    return [[min(max(x, b.lo), b.hi) for x, b in zip(point, box, strict=True)] for point in drawn]


def outside_of_gates(seed: int, count: int) -> list[object]:
    return faults_of_gates(INTERVALS, EXACT, lambda x: x, lambda chance, box: points(chance, box, 4), seed, count)


def test_no_gate_leaves_its_bounds() -> None:
    assert outside_of_gates(1, 3_000) == []


def test_remainders_next_to_whole_quotients() -> None:
    """Where the quotient of two floats is not whole, but its nearest float is."""
    chance = random.Random(3)
    for _ in range(2_000):
        y = chance.uniform(0.5, 5.0) * chance.choice((1.0, -1.0))
        x = chance.choice((1.0, -1.0)) * chance.randint(1, 9) * y
        for _ in range(chance.randint(0, 3)):
            x = math.nextafter(x, 0.0)
        found = INTERVALS.fmod(Interval(x, x), Interval(y, y))
        assert found.lo <= math.fmod(x, y) <= found.hi
        whole = INTERVALS.floordiv(Interval(x, x), Interval(y, y))
        assert whole.lo == whole.hi == math.floor(Fraction(x) / Fraction(y))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 4))
def test_no_gate_leaves_its_bounds_in_many_boxes(seed: int) -> None:
    assert outside_of_gates(seed, 20_000) == []


@pytest.mark.parametrize(
    "name", sorted({"sin", "exp", "log", "sqrt", "tanh", "erf", "atan", "cbrt", "sigmoid", "gelu"})
)
def test_bounds_are_tight(name: str) -> None:
    """Of a monotone function hardly wider than its range."""
    node = Graph([Node(INPUT, (), "x"), Node(name, (0,))], 1)
    for low, high in ((0.5, 1.25), (0.3, 0.30001), (1.0, 1.5)):
        found = forward(node, INTERVALS, {"x": Interval(low, high)}, INTERVALS.gates)[1]
        ends = [forward(node, EXACT, {"x": EXACT.number(x)})[1] for x in (low, high)]
        assert found.lo <= ends[0] and ends[1] <= found.hi
        assert found.hi - found.lo <= (ends[1] - ends[0]) + 2e-14 * abs(ends[1])


# ── circuits ────────────────────────────────────────────────────────────────────────────────────────────────


def outside_of_circuits(seed: int, count: int, boxes: int) -> list[object]:
    chance, faults = random.Random(seed), list[object]()
    for _ in range(count):
        names = ["x", "y", "z"][: chance.randint(1, 3)]
        text, _ = grown(chance, chance.randint(1, 4), names)
        graph = graph_of(parse(text))
        box = {
            name: Interval(x, x + chance.choice((0.0, 1e-6, 0.3, 2.0)))
            for name in graph.inputs
            if (x := plain(chance)) or True
        }
        if not graph.inputs:
            continue
        wrt = [*graph.inputs]
        found = BoxPoint(graph, box, wrt, boxes)
        for point in points(chance, [*box.values()], 4):
            given = {name: EXACT.number(x) for name, x in zip(box, point, strict=True)}
            with mp.workdps(60):
                exact = forward(graph, EXACT, given)
                right = backward(graph, EXACT, exact, [True] * len(graph.nodes))
            if found.value.partial and any(abs(x) == math.inf for x in exact):
                continue  # a pole, beyond which some functions have a number
            if outside(found.value, exact[graph.output]):
                faults.append((text, box, point, exact[graph.output], found.value))
            if any(x != x for x in exact):
                continue
            for name, slope in found.gradient.items():
                if outside(slope, right.get(graph.inputs[name], 0.0)):
                    faults.append((text, name, box, point, right.get(graph.inputs[name]), slope))
    return faults


@pytest.mark.parametrize("boxes", [1, 9])
def test_no_circuit_leaves_its_bounds(boxes: int) -> None:
    assert outside_of_circuits(1, 250, boxes) == []


@pytest.mark.slow
@pytest.mark.parametrize("boxes", [1, 4, 30])
def test_no_circuit_leaves_its_bounds_in_many_boxes(boxes: int) -> None:
    assert outside_of_circuits(boxes, 1_500, boxes) == []


JUMPS = [  # of which no slope tells
    ("floor(x)", (0.5, 1.5), (0.0, 1.0)),
    ("where(x, 1, 2)", (-1.0, 2.0), (1.0, 2.0)),
    ("where(x > 1, x, -x)", (0.0, 2.0), (-1.0, 2.0)),
    ("atan2(x, -1)", (-1.0, 1.0), (-math.pi, math.pi)),
    ("x % 1", (0.5, 1.5), (0.0, 1.0)),
    ("copysign(1, x)", (-1.0, 3.0), (-1.0, 1.0)),
    ("x - round(x)", (0.0, 1.0), (-0.5, 0.5)),
]


@pytest.mark.parametrize(("text", "ends", "range_"), JUMPS, ids=[text for text, *_ in JUMPS])
@pytest.mark.parametrize("boxes", [1, 50])
def test_no_jump_is_missed(text: str, ends: tuple[float, float], range_: tuple[float, float], boxes: int) -> None:
    found = BoxPoint(graph_of(parse(text)), {"x": Interval(*ends)}, ["x"], boxes).value
    assert found.lo <= range_[0] and range_[1] <= found.hi


def test_pitfalls_of_others() -> None:
    """A slope that holds log 2 and no float next to it; choices without slack; the range of a sum of roots."""
    at_zero = BoxPoint(graph_of(parse("2^x")), {"x": Interval(0.0, 0.0)}, ["x"])
    with mp.workdps(40):
        assert at_zero.gradient["x"].lo < mp.log(2) < at_zero.gradient["x"].hi
    box = {"x": Interval(-1.0, 2.0)}
    for text, range_ in (("max(x, 0)", (0.0, 2.0)), ("min(x, 1)", (-1.0, 1.0)), ("clip(x, 0, 1)", (0.0, 1.0))):
        found = BoxPoint(graph_of(parse(text)), box, ["x"], 1).value
        assert (found.lo, found.hi) == range_
    roots = BoxPoint(graph_of(parse("sqrt(3-x)+sqrt(5*x-4)")), {"x": Interval(0.8, 3.0)}, None, 100).value
    assert abs(roots.lo - math.sqrt(2.2)) < 1e-9 and abs(roots.hi - (math.sqrt(11 / 30) + math.sqrt(55 / 6))) < 1e-9
    assert not roots.partial or roots.lo >= 0.0


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("(x - 3)^(x*1e999)", -math.inf, math.inf),  # an exponent that is infinite
        ("(x*1e300) // 1e-300", 2.0**1023, math.inf),  # a quotient beyond the range of floats
        ("x*1e-1000000000", 0.0, 1e-320),  # a fraction with a billion digits
        ("x/1e-1000000000", 2.0**1023, math.inf),
    ],
)
def test_numbers_beyond_the_range_of_floats(text: str, low: float, high: float) -> None:
    found = BoxPoint(graph_of(parse(text)), {"x": Interval(1.0, 2.0)}, None, 4).value
    assert found.hi == found.lo == math.inf or (low <= found.lo and found.hi <= high)


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


def test_bounds_of_a_command() -> None:
    done = circuit("grad", "x^2*y", "-x", "0..3", "-y", "0.1", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["inputs"]["x"] == [0, 3]
    low, high = found["inputs"]["y"]
    assert Fraction(low) < Fraction("0.1") <= Fraction(high)
    low, high = found["value"]
    assert low == 0 and Fraction("0.9") <= Fraction(high) < Fraction("0.9") + Fraction(1, 10**14)
    assert found["gradient"]["y"] == [0, 9]
    done = circuit("eval", "x^2 - 2*x", "-x", "0..3", "--to", "csv")
    low, high = map(float, done.stdout.splitlines()[1].split(",")[2:])
    assert done.stdout.startswith("x_lo,x_hi,value_lo,value_hi\n") and -1 - 1e-9 < low <= -1 and high == 3
    assert circuit("eval", "x^2", "-x", "1..2", "--quiet").stdout == "[1, 4]\n"
    again = circuit("grad", "x^2*y", "--inputs", "-", "--json", stdin=json.dumps(found))
    assert json.loads(again.stdout)["gradient"] == found["gradient"]
    assert circuit("eval", "x[1]*x[2]", "-x", "1..2, 3", "--quiet").stdout == "[3, 6]\n"


@pytest.mark.parametrize(
    ("text", "range_", "status", "said"),
    [
        ("x^2 >= 0", "-1..1", 0, ""),
        ("x^2 + 1 > 0", "-1000..1000", 0, ""),
        ("x^2 > 0", "-1..3", 1, "it is 0 at x = 0.0"),
        ("x^2 >= 0.5", "-1..1", 1, "it is 0 at x = "),
        ("sin(x)^2 + cos(x)^2 <= 1", "0..1", 3, "not decided"),
        ("log(x) < 100", "-1..1", 1, "it is 0 at x = -"),
        ("log(x) != log(x)", "-2..-1", 0, ""),
        # Sides that touch or come near: Bernoulli's inequality and its kin, which the bounds of each side do not show.
        ("exp(x) >= 1 + x", "-1..1", 0, ""),
        ("1 + x <= exp(x)", "-1..1", 0, ""),
        ("exp(x) > 1 + x", "-1..1", 1, "it is 0 at x = 0.0"),
        ("log(x) < x", "0.1..100", 0, ""),
        ("log(1 + x) <= x", "-0.75..0.75", 0, ""),
        ("log(x) >= x - 0.99", "0.1..10", 1, "it is 0 at x = "),
        ("sin(x) < x", "1e-3..3", 0, ""),
        ("sqrt(x) <= (1 + x)/2 + 1e-3", "0.01..100", 0, ""),
        ("1e9*exp(1e-6*x) >= 1e9*(1 + 1e-6*x)", "-1e6..1e6", 0, ""),
        ("sqrt(x) >= -1", "-1..4", 1, "it is 0 at x = -"),
    ],
)
def test_a_test_over_a_box(text: str, range_: str, status: int, said: str) -> None:
    done = circuit("eval", text, "-x", range_, "--test")
    assert done.returncode == status and done.stdout == "" and said in done.stderr


def test_what_is_said_of_boxes() -> None:
    done = circuit("eval", "sqrt(x)", "-x", "-1..4")
    assert done.returncode == 0 and "sqrt(x) is outside its domain for some inputs of the box" in done.stderr
    done = circuit("eval", "1/x", "-x", "-1..4")
    assert done.returncode == 3 and "no finite bound" in done.stderr
    done = circuit("grad", "abs(x)", "-x", "-1..4")
    assert done.returncode == 0 and "abs(x) may be at a kink" in done.stderr and "[-1, 1]" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grad", "x*y", "-x", "2..1", "-y", "3"], "the range of x is empty: 2..1\n  write -x 1..2"),
        (["grad", "x*y", "-x", "1..2", "-y", "3", "--check"], "--check is about one point"),
        (["grad", "x*y", "-x", "1..2", "-y", "3", "--explain"], "--explain is about one point"),
        (["eval", "x*y", "-x", "1..2", "-y", "3±1"], "y has an uncertainty"),
        (["eval", "x*y", "-x", "1..2", "-y", "3", "--boxes", "0"], "--boxes"),
        (["eval", "x*y", "-x", "1", "-y", "3", "--boxes", "5"], "--boxes is about ranges of inputs"),
        (["eval", "x*y", "-x", "1..1/0", "-y", "3"], "the range of x is not finite"),
        (["descend", "x*y", "-x", "1..2", "-y", "3"], "-x 1 --bounds x=1:2 --wrt x"),
        (["eval", "x*y", "-x", "1 to 2", "-y", "3"], "circuit eval has bounds all over it: -x 1..2"),
        (["eval", "x*y", "-x", "0.5:1.5", "-y", "3"], "circuit eval has bounds all over it: -x 0.5..1.5"),
        (["eval", "x*y", "-x", "1..2"], "no value for y"),
    ],
)
def test_mistakes_with_ranges(words: list[str], said: str) -> None:
    done = circuit(*words)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""
