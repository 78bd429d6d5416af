"""Intervals in many digits: bounds that hold for every gate and for circuits, how tight they are, and the commands."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.engine.digit_intervals import DigitIntervals
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.outward import ends
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node
from circuitcli.language import graph_of, parse
from tests.drawn_boxes import NAMES, faults_of_gates, outside, plain
from tests.random_circuits import grown
from tests.support import circuit

EXACT = Digits(100)


def points(chance: random.Random, box: Sequence[Interval], count: int) -> list[list[Any]]:
    """Points of a box, with all digits that a number between its ends may have."""
    found = list[list[Any]]()
    for _ in range(count):
        drawn = [chance.choice((x.lo, x.hi, x.lo + (x.hi - x.lo) * chance.random())) for x in box]
        found.append([min(max(x, b.lo), b.hi) for x, b in zip(drawn, box, strict=True)])
    return found


def outside_of_gates(m: DigitIntervals, seed: int, count: int) -> list[object]:
    def ends(x: Interval) -> Interval:
        return m.made(m.mp.mpf(x.lo), m.mp.mpf(x.hi))

    return faults_of_gates(m, EXACT, ends, lambda chance, box: points(chance, box, 3), seed, count)


@pytest.mark.parametrize("digits", [20, 50])
def test_no_gate_leaves_its_bounds(digits: int) -> None:
    assert outside_of_gates(DigitIntervals(digits), digits, 1_500) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_gate_leaves_its_bounds_in_many_boxes(seed: int) -> None:
    assert outside_of_gates(DigitIntervals(50), seed, 8_000) == []


@pytest.mark.parametrize("boxes", [1, 7])
def test_no_circuit_leaves_its_bounds(boxes: int) -> None:
    chance, m = random.Random(boxes), DigitIntervals(50)
    for _ in range(80):
        text, _ = grown(chance, chance.randint(1, 3), ["x", "y"])
        graph = graph_of(parse(text))
        lows = {name: m.mp.mpf(plain(chance)) for name in graph.inputs}
        box = {name: m.made(x, x + m.mp.mpf(chance.choice((0.0, 1e-6, 0.3)))) for name, x in lows.items()}
        if not box:
            continue
        found = BoxPoint(graph, box, [*box], boxes, m)
        for point in points(chance, [*box.values()], 3):
            given = {name: EXACT.number(x) for name, x in zip(box, point, strict=True)}
            exact = forward(graph, EXACT, given)
            if any(x != x or abs(x) == mp.inf for x in exact):
                continue
            right = backward(graph, EXACT, exact, [True] * len(graph.nodes))
            assert not outside(found.value, exact[graph.output]), (text, box, point)
            for name, slope in found.gradient.items():
                assert not outside(slope, right.get(graph.inputs[name], 0.0)), (text, name, box, point)


TIGHT = sorted({*NAMES} - {"polygamma", "mod", "floordiv", "fmod"})


@pytest.mark.parametrize("name", TIGHT)
def test_bounds_at_a_point_have_the_digits(name: str) -> None:
    m, size = DigitIntervals(50), 2 if GATES[name].many else len(GATES[name].rules)
    graph = Graph([*(Node(INPUT, (), f"x{i}") for i in range(size)), Node(name, tuple(range(size)))], size)
    found = forward(graph, m, {f"x{i}": m.constant(f"0.{37 + 11 * i}") for i in range(size)}, m.gates)[size]
    if not found.partial:
        assert found.hi - found.lo <= 1e-50 * (1 + abs(found.hi))


def test_whole_numbers_and_decimals() -> None:
    m = DigitIntervals(40)
    tenth = m.constant("0.1")
    assert ends(tenth, 20) == ["0.099999999999999999999", "0.10000000000000000001"]
    ranges = {"x^2 - 1": [3, 8], "x^3": [8, 27], "sqrt(x^2)": [2, 3], "x % 2": [0, 1], "x // 2": [1, 1]}
    for text, range_ in ranges.items():
        value = BoxPoint(graph_of(parse(text)), {"x": m.made(m.mp.mpf(2), m.mp.mpf(3))}, None, 1, m).value
        assert [value.lo, value.hi] == range_
    long = m.made(m.mp.mpf(10) ** 30 + 1, m.mp.mpf(10) ** 30 + 1)
    assert ends(long, 40) == ["1000000000000000000000000000001"] * 2
    assert ends(long, 5) == ["1e+30", "1.0001e+30"]


LOWEST: dict[str, tuple[float, Callable[[Any], Any]]] = {
    "gelu(x)": (-0.7517915246935645, lambda x: x * mp.ncdf(x)),
    "silu(x)": (-1.2784645427610738, lambda x: x / (1 + mp.exp(-x))),
    "gamma(x)": (1.4616321449683622, mp.gamma),
}


@pytest.mark.parametrize("text", LOWEST)
def test_functions_turn_in_all_digits(text: str) -> None:
    (turn, function), m, graph = LOWEST[text], DigitIntervals(50), graph_of(parse(text))
    box = {"x": m.made(m.mp.mpf(turn) - 0.5, m.mp.mpf(turn) + 0.5)}
    low = forward(graph, m, box, m.gates)[graph.output].lo
    with mp.workdps(120):
        exact = function(mp.findroot(lambda x: mp.diff(function, x), (turn, turn + 1e-9), tol=1e-80))
    assert low <= exact and exact - low <= 1e-50


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


def test_bounds_of_a_command() -> None:
    done = circuit("grad", "x^2*y", "-x", "0..3", "-y", "0.1", "--json", "--digits", "30")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["inputs"]["x"] == ["0", "3"] and found["gradient"]["y"] == ["0", "9"]
    low, high = map(Fraction, found["value"])
    assert low == 0 and Fraction("0.9") <= high < Fraction("0.9") + Fraction(1, 10**28)
    again = circuit("grad", "x^2*y", "--inputs", "-", "--json", "--digits", "30", stdin=json.dumps(found))
    assert json.loads(again.stdout)["gradient"]["y"] == ["0", "9"]
    wide = json.loads(circuit("eval", "exp(x)", "-x", "1e10..1e20", "--digits", "20", "--json").stdout)
    assert wide["value"] == ["1.0777506079585649102e+4342944819", "Infinity"]
    done = circuit("eval", "exp(x)", "-x", "1..1", "--digits", "40", "--to", "csv")
    assert done.stdout.splitlines()[0] == "x_lo,x_hi,value_lo,value_hi"
    with mp.workdps(60):
        low, high = map(mp.mpf, done.stdout.splitlines()[1].split(",")[2:])
        assert low < mp.e < high and high - low < mp.mpf(10) ** -38
    with mp.workdps(120):
        lost = circuit("eval", "(1 - cos(x))/x^2", "-x", "1e-20..1e-20", "--digits", "30", "--quiet").stdout
        low, high = map(mp.mpf, lost.strip()[1:-1].split(", "))
        x = mp.mpf("1e-20")
        assert low <= (1 - mp.cos(x)) / x**2 <= high and high - low < mp.mpf(10) ** -29


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["eval", "x^2 > 0", "-x", "-1..3", "--test", "--digits", "30"], 1, "it is 0 at x = 0.0"),
        (["eval", "x^2 + 1e-30 > 0", "-x", "-1..3", "--test", "--digits", "40"], 0, ""),
        (["eval", "sqrt(x)", "-x", "-1..4", "--digits", "20", "--quiet"], 0, "[0, 2]"),
        (["eval", "1/x", "-x", "-1..4", "--digits", "20"], 3, "no finite bound"),
        (["grad", "abs(x)", "-x", "-1..4", "--digits", "20"], 0, "may be at a kink"),
        (["derive", "x^2", "-x", "1..2", "--digits", "20"], 0, "grad_x = 2 * x  # [2, 4]"),
        (["eval", "exp(x)", "-x", "1e10..1e20", "--digits", "20"], 3, "e+4342944819, inf]"),
    ],
)
def test_digits_over_boxes(words: list[str], status: int, said: str) -> None:
    done = circuit(*words)
    assert done.returncode == status and said in done.stdout + done.stderr
