"""Bounds over random boxes of random circuits of all gates hold what is exact there to 60 digits: the value, the
gradient and the second derivatives, in every way in which the program finds some."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from mpmath import mp

from circuitcli.analysis.box_hessian import BoxHessian
from circuitcli.analysis.box_point import BoxPoint
from circuitcli.engine.interval import Interval
from circuitcli.engine.interval_source import over_boxes
from circuitcli.language import graph_of, parse
from circuitcli.proofs.jets import Jets
from tests.drawn_boxes import Draw, check, extreme, over_a_row, plain
from tests.random_circuits import grown

DRAWS = {"plain": plain, "extreme": extreme}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@pytest.mark.parametrize(("most", "boxes", "count"), [(1, 1, 150), (5, 1, 150), (4, 6, 60)])
def test_nothing_exact_is_outside(draw: Draw, most: int, boxes: int, count: int) -> None:
    checks, faults = check(most, count, draw, most, boxes)
    assert faults == [] and checks > 5 * count


@pytest.mark.slow
@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@pytest.mark.parametrize(("most", "boxes", "count"), [(1, 1, 1_000), (5, 1, 1_000), (8, 1, 300), (4, 6, 150)])
def test_nothing_exact_is_outside_many_boxes(draw: Draw, most: int, boxes: int, count: int) -> None:
    """A million such checks are tests/bench/boxes.py."""
    checks, faults = check(10, count, draw, most, boxes)
    assert faults == [] and checks > 5 * count


def test_second_derivatives_hold_differences() -> None:
    """Those of functions that mpmath has on its own, by differences of 300 digits."""
    chance, h, checks = random.Random(1), mp.mpf(10) ** -60, 0
    for _ in range(60):
        text, f = grown(chance, chance.randint(1, 3), ["x", "y"])
        graph = graph_of(parse(text))
        box = {name: Interval(x, x + 0.25) for name in graph.inputs if (x := chance.uniform(0.5, 2.0))}
        if sorted(box) != ["x", "y"]:
            continue
        found = BoxHessian(graph, ["x", "y"]).over(BoxPoint(graph, box, ["x", "y"]), 4)
        with mp.workdps(300):
            x, y = (mp.mpf(chance.uniform(one.lo, one.hi)) for one in (box["x"], box["y"]))
            try:
                steps = {(i, j): f(x=x + i * h, y=y + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
            except (OverflowError, ZeroDivisionError):
                continue
            if not all(abs(value) < 10**6 for value in steps.values()):
                continue
            exact = {
                ("x", "x"): (steps[1, 0] - 2 * steps[0, 0] + steps[-1, 0]) / h**2,
                ("y", "y"): (steps[0, 1] - 2 * steps[0, 0] + steps[0, -1]) / h**2,
                ("x", "y"): (steps[1, 1] - steps[1, -1] - steps[-1, 1] + steps[-1, -1]) / (4 * h**2),
            }
            for pair, number in exact.items():
                off = mp.mpf(10) ** -50 * (1 + abs(number))
                assert found[pair].lo - off <= number <= found[pair].hi + off, (text, box, pair)
                checks += 1
    assert checks > 30


# ── faults that such checks have found ──────────────────────────────────────────────────────────────────────


ODD = -0.9988774232920118


SIDES = [
    ("x > 0 ? 2*x : -3*x", (-3.0, 2.0)),  # two conditions that are not known need not be one
    ("where(x, x + 1, x - 1)", (1.0, 1.0)),
    ("max(x, -x, -3*x)", (-3.0, 1.0)),
    ("copysign(x, 0)", (-1.0, 1.0)),  # 0 has no sign
]
BORDERS: list[tuple[str, dict[str, tuple[float, float]], float | int]] = [
    ("x // y", {"x": (ODD, ODD), "y": (1e-160, 1e-160)}, math.floor(Fraction(ODD) / Fraction(1e-160))),
    ("x // 3", {"x": (1e30, 1e30)}, int(1e30) // 3),  # a whole number that is no float
    ("sqrt(y)^x", {"x": (-1.0, 2.0), "y": (-0.75, -0.5)}, 1.0),  # the power of 0 is 1, of whatever there is
    ("sqrt(y)^0", {"y": (-0.75, -0.5)}, 1.0),
    ("x^sqrt(y)", {"x": (0.5, 2.0), "y": (-0.75, -0.5)}, 1.0),
    ("atan2(fmod(x, x), x)", {"x": (-3.0, -3.0)}, math.pi),
    ("10 < 2/x", {"x": (-4.0, 0.0)}, 1.0),  # 2/0 is infinite
    ("10 < exp(1/x)", {"x": (-4.0, 0.0)}, 1.0),
    ("1/x == exp(1/x)", {"x": (-4.0, 0.0)}, 1.0),
    ("where(x, 2, x)", {"x": (0.0, 1.0)}, 0.0),
]


def point(text: str, **box: tuple[float, float]) -> BoxPoint:
    return BoxPoint(graph_of(parse(text)), {name: Interval(*ends) for name, ends in box.items()}, [*box])


@pytest.mark.parametrize(("text", "slopes"), SIDES)
def test_slopes_of_all_sides(text: str, slopes: tuple[float, float]) -> None:
    _, (row,) = over_a_row(graph_of(parse(text)), {"x": Interval(-1.0, 1.0)})
    for found in (point(text, x=(-1.0, 1.0)).gradient["x"], row):
        assert found.lo <= slopes[0] and slopes[1] <= found.hi


@pytest.mark.parametrize(("text", "box", "value"), BORDERS, ids=[text for text, *_ in BORDERS])
def test_values_at_the_borders(text: str, box: dict[str, tuple[float, float]], value: float | int) -> None:
    row, _ = over_a_row(graph_of(parse(text)), {name: Interval(*ends) for name, ends in box.items()})
    for found in (point(text, **box).value, row):
        assert found.lo <= value <= found.hi


@pytest.mark.parametrize("text", ["max(x, 0)", "min(x, 9, x + 20)", "clip(x, 0, 5)", "max(min(x, 5), 0)"])
def test_a_slope_is_one_where_a_choice_is_known(text: str) -> None:
    """In a wide box, too, in which its bounds are those of the result."""
    _, (row,) = over_a_row(graph_of(parse(text)), {"x": Interval(1.0, 4.0)})
    assert point(text, x=(1.0, 4.0)).gradient["x"] == row == Interval(1.0, 1.0)


@pytest.mark.parametrize("text", ["log(x) < 1 ? 5 : 3", "(x*(1e999 - 1e999) < 1) + 2", "max(x*1e999*0, 0)"])
def test_compiled_bounds_hold_those_of_the_pass(text: str) -> None:
    """Of a comparison with no number, too."""
    graph, box = graph_of(parse(text)), {"x": Interval(-1.0, 2.0)}
    found, right = Jets(graph, ["x"], {}).value(box), BoxPoint(graph, box).value
    assert found.lo <= right.lo and right.hi <= found.hi
    compiled = over_boxes(graph, ["x"], {}, [graph.output])(-1.0, 2.0)
    assert compiled is None or (compiled[0].lo <= right.lo and right.hi <= compiled[0].hi)


@pytest.mark.parametrize("ends", [(5e-324, 5e-324), (1.5e-323, 1.5e-323), (5e-324, 1e-323), (-math.inf, math.inf)])
def test_a_middle_is_inside(ends: tuple[float, float]) -> None:
    assert Interval(*ends).holds(Interval(*ends).middle)
