"""Intervals in arrays: bounds that hold for every gate, for circuits over rows of boxes, and for aggregates."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from operator import mul
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.interval_array import IntervalArray, between, interval_array
from circuitcli.engine.interval_arrays import INTERVAL_ARRAYS
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node
from circuitcli.language import graph_of, parse
from circuitcli.rows.bounded_point import BoundedAggregates
from circuitcli.rows.bounded_rows import BoundedRows
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_boxes import RowBoxes
from circuitcli.tables.batch import Batch, Ends
from tests.drawn_boxes import NAMES, box_of, outside, plain
from tests.random_circuits import grown
from tests.test_intervals import JUMPS, points

EXACT = Digits(60)

# ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────


def over_rows(boxes: Sequence[Sequence[Interval]]) -> dict[str, IntervalArray]:
    """The inputs x0, x1, ... of some boxes, in arrays."""
    columns = zip(*boxes, strict=True)
    return {
        f"x{i}": between(np.array([x.lo for x in column]), np.array([x.hi for x in column]))
        for i, column in enumerate(columns)
    }


def hardly_wider(found: Interval, known: Interval, least: float = 1e-3, room: float = 1e-12) -> bool:
    """Whether bounds are those of the arithmetic of one box, or a little wider; they may be tighter."""
    if known.empty or found.empty:
        return known.empty == found.empty
    size = max(abs(x) for x in (known.lo, known.hi, least) if math.isfinite(x))  # of small sums digits may be lost
    if size > 1e100 or not math.isfinite(known.width):
        return True  # next to a pole ends may be anywhere
    return found.lo >= known.lo - room * size and found.hi <= known.hi + room * size


def faults_of_gate(name: str, seed: int, count: int) -> list[object]:
    """Rows whose value or slopes leave their bounds at points of 60 digits, or are wider than those of one box."""
    chance, faults = random.Random(f"{name} {seed}"), list[object]()
    size = chance.randint(2, 4) if GATES[name].many else len(GATES[name].rules)
    graph = Graph([*(Node(INPUT, (), f"x{i}") for i in range(size)), Node(name, tuple(range(size)))], size)
    boxes = [box_of(chance, name, size) for _ in range(count)]
    every = [True] * (size + 1)
    with np.errstate(all="ignore"):
        values = forward(graph, INTERVAL_ARRAYS, over_rows(boxes), INTERVAL_ARRAYS.gates)
        slopes = backward(graph, INTERVAL_ARRAYS, values, every)
    for row, box in enumerate(boxes):
        # Terms that nearly cancel leave as few digits here as there, of their own size.
        terms = [abs(x) for each in box for x in (each.lo, each.hi) if math.isfinite(x)]
        least = max(1e-3, *terms) if name in ("logaddexp", "logsumexp") else 1e-3
        given = {f"x{i}": x for i, x in enumerate(box)}
        one = forward(graph, INTERVALS, given, INTERVALS.gates)
        one_slopes = backward(graph, INTERVALS, one, every)
        value = values[size].at(row)
        if not hardly_wider(value, one[size], least) or value.partial != one[size].partial:
            faults.append((name, box, value, one[size]))
        found = {i: interval_array(slopes[i]).at(row) for i in range(size) if i in slopes}
        for i, slope in found.items():
            if not hardly_wider(slope, interval(one_slopes.get(i, 0.0))):
                faults.append((name, i, box, slope, one_slopes.get(i, 0.0)))
        for point in points(chance, box, 2):
            exact = forward(graph, EXACT, {f"x{i}": EXACT.number(x) for i, x in enumerate(point)})
            right = backward(graph, EXACT, exact, every)
            if outside(value, exact[size]):
                faults.append((name, box, point, exact[size], value))
            if value.partial and exact[size] != exact[size]:
                continue
            for i, vjp in enumerate(GATES[name].vjps(size)):
                if vjp and outside(found.get(i, Interval(0.0, 0.0)), right.get(i, 0.0)):
                    faults.append((name, i, box, point, right.get(i), found.get(i)))
    return faults


@pytest.mark.parametrize("name", NAMES)
def test_no_gate_leaves_its_bounds_over_rows(name: str) -> None:
    assert faults_of_gate(name, 1, 60) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_gate_leaves_its_bounds_over_many_rows(name: str) -> None:
    assert [fault for seed in range(2, 6) for fault in faults_of_gate(name, seed, 500)] == []


# ── circuits ────────────────────────────────────────────────────────────────────────────────────────────────

Boxes = Sequence[Mapping[str, Interval]]


def plan_of(text: str, names: Sequence[str], shared: Mapping[str, Interval], wrt: Sequence[str] = ()) -> Plan:
    """The plan of a circuit of which some inputs are ranges in each row."""
    columns = {name: Ends(f"{name}_lo", f"{name}_hi") for name in names}
    boxes = RowBoxes(columns, shared)
    given = {name: x.lo for name, x in shared.items()}
    return Plan(graph_of(parse(text)), boxes.sources, given, list(wrt), True, boxes=boxes)


def columns_of(boxes: Boxes) -> dict[str, np.ndarray]:
    """The columns of the ends of boxes."""
    lows = {f"{name}_lo": np.array([box[name].lo for box in boxes]) for name in boxes[0]}
    return lows | {f"{name}_hi": np.array([box[name].hi for box in boxes]) for name in boxes[0]}


def bounds_over(text: str, boxes: Boxes) -> tuple[Plan, list[Interval], list[dict[str, Interval]]]:
    """The plan, and the bounds of the value and of the gradient in each box."""
    plan = plan_of(text, [*boxes[0]], {}, [*boxes[0]])
    assert plan.boxes is not None
    rows, graph = BoundedRows(plan, plan.boxes), plan.graph
    with np.errstate(all="ignore"):
        inputs = rows.inputs(columns_of(boxes))
        found = rows.bounded(inputs, rows.values(inputs), graph.output, plan.wanted)
    slopes = [
        {name: found.slopes[k].at(i) for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
        for i in range(len(boxes))
    ]
    return plan, [found.value.at(i) for i in range(len(boxes))], slopes


def drawn(chance: random.Random, widths: Sequence[float]) -> Interval:
    """An interval with one of some widths."""
    low = plain(chance)
    return Interval(low, low + chance.choice(widths))


def faults_of_circuits(seed: int, count: int) -> list[object]:
    """Rows whose value or gradient leave their bounds, or are wider than those of one box that is not cut."""
    chance, faults = random.Random(seed), list[object]()
    for _ in range(count):
        text, _ = grown(chance, chance.randint(1, 4), ["x", "y", "z"][: chance.randint(1, 3)])
        graph = graph_of(parse(text))
        if not graph.inputs:
            continue
        boxes = [{name: drawn(chance, (0.0, 1e-6, 0.3, 2.0)) for name in graph.inputs} for _ in range(6)]
        _, values, slopes = bounds_over(text, boxes)
        for box, value, slope in zip(boxes, values, slopes, strict=True):
            one = BoxPoint(graph, box, [*graph.inputs])
            smooth = not any(GATES[node.gate].pieced for node in graph.nodes if node.args)
            if smooth and not hardly_wider(value, one.value, 1.0, 1e-4):
                faults.append((text, box, value, one.value))
            for point in points(chance, [*box.values()], 3):
                given = {name: EXACT.number(x) for name, x in zip(box, point, strict=True)}
                exact = forward(graph, EXACT, given)
                right = backward(graph, EXACT, exact, [True] * len(graph.nodes))
                if value.partial and any(abs(x) == math.inf for x in exact):
                    continue  # a pole, beyond which some functions have a number
                if outside(value, exact[graph.output]):
                    faults.append((text, box, point, exact[graph.output], value))
                if any(x != x for x in exact):
                    continue
                for name, x in slope.items():
                    if outside(x, right.get(graph.inputs[name], 0.0)):
                        faults.append((text, name, box, point, right.get(graph.inputs[name]), x))
    return faults


def test_no_circuit_leaves_its_bounds_over_rows() -> None:
    assert faults_of_circuits(1, 150) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 4))
def test_no_circuit_leaves_its_bounds_over_many_rows(seed: int) -> None:
    assert faults_of_circuits(seed, 1_500) == []


@pytest.mark.parametrize(("text", "ends", "range_"), JUMPS, ids=[text for text, *_ in JUMPS])
def test_no_jump_is_missed_over_rows(text: str, ends: tuple[float, float], range_: tuple[float, float]) -> None:
    _, (value, _), _ = bounds_over(text, [{"x": Interval(*ends)}, {"x": Interval(0.25, 0.25)}])
    assert value.lo <= range_[0] and range_[1] <= value.hi


def ends_of(x: Interval) -> str:
    """An interval in words, of a zero without its sign."""
    return repr((x.lo + 0.0, x.hi + 0.0, x.partial))


def test_the_bounds_of_a_row_hang_on_no_other() -> None:
    chance = random.Random(5)
    for text in ("relu((x - x)/relu(x))", "x^y", "max(x, y)*relu(y)", "x > y ? sin(x) : cosh(y)", "log(x)/y"):
        names = graph_of(parse(text)).inputs
        boxes = [{name: drawn(chance, (0.0, 0.5, 2.0)) for name in names} for _ in range(40)]
        _, values, slopes = bounds_over(text, boxes)
        for box, value, slope in zip(boxes, values, slopes, strict=True):
            _, (alone,), (alone_slope,) = bounds_over(text, [box])
            assert [*map(ends_of, (value, *slope.values()))] == [*map(ends_of, (alone, *alone_slope.values()))]


def test_an_input_that_stands_twice_has_tighter_bounds() -> None:
    _, (value, other), _ = bounds_over("x^2 - 2*x", [{"x": Interval(0.0, 3.0)}, {"x": Interval(2.0, 3.0)}])
    assert (value.lo, value.hi) == (-6.0, 5.25)
    assert (other.lo, other.hi) == (0.0, 3.0)  # where it rises, its ends


# ── aggregates ──────────────────────────────────────────────────────────────────────────────────────────────

AGGREGATES = [
    "sum(x*w)",
    "mean(sin(x) + w)",
    "max(x*w)",
    "min(x - w)",
    "logsumexp(w*x)",
    "count()*w",
    "sum(x > w)",
    "sum(x*(2*w))^2",
]


def batch_of(columns: Mapping[str, np.ndarray]) -> Batch:
    size = len(next(iter(columns.values())))
    return Batch("rows", columns, None, lambda i: i + 1, size)  # type: ignore[arg-type]  # whose rows nobody reads


@pytest.mark.parametrize("text", AGGREGATES)
def test_no_aggregate_leaves_its_bounds(text: str) -> None:
    chance = random.Random(text)
    for _ in range(20):
        boxes = [{"x": drawn(chance, (0.0, 0.5, 2.0))} for _ in range(9)]
        low = chance.uniform(-2, 2)
        w = Interval(low, low + chance.choice((0.0, 0.25)))
        plan = plan_of(text, ["x"] if "x" in text else [], {"w": w}, ["w"])
        assert plan.boxes is not None
        gathering = BoundedAggregates(plan, plan.boxes)
        parts = [columns_of(boxes[:4]), columns_of(boxes[4:])]
        gathering.gather((0, batch_of(part)) for part in parts)
        found = gathering.point()
        for _ in range(5):
            xs = [chance.choice((box["x"].lo, box["x"].hi, chance.uniform(box["x"].lo, box["x"].hi))) for box in boxes]
            at = chance.choice((w.lo, w.hi))
            value, slope = of_numbers(text, [mp.mpf(x) for x in xs], mp.mpf(at))
            assert found.value.lo <= value <= found.value.hi
            if slope is not None:
                assert found.gradient["w"].lo <= slope <= found.gradient["w"].hi


def of_numbers(text: str, xs: list[Any], w: Any) -> tuple[Any, Any]:
    """The value of an aggregate and its slope by w, by hand; None where it has a kink or a jump."""
    with mp.workdps(60):
        weights = [mp.exp(w * x) for x in xs]
        total = mp.fsum(weights)
        found: dict[str, Callable[[], tuple[Any, Any]]] = {
            "sum(x*w)": lambda: (mp.fsum(x * w for x in xs), mp.fsum(xs)),
            "mean(sin(x) + w)": lambda: (mp.fsum(mp.sin(x) + w for x in xs) / len(xs), mp.mpf(1)),
            "max(x*w)": lambda: (max(x * w for x in xs), max(xs, key=lambda x: x * w)),
            "min(x - w)": lambda: (min(x - w for x in xs), mp.mpf(-1)),
            "logsumexp(w*x)": lambda: (mp.log(total), mp.fsum(map(mul, weights, xs)) / total),
            "count()*w": lambda: (len(xs) * w, mp.mpf(len(xs))),
            "sum(x*(2*w))^2": lambda: ((2 * w * mp.fsum(xs)) ** 2, 8 * w * mp.fsum(xs) ** 2),
            "sum(x > w)": lambda: (sum(x > w for x in xs), None),
        }
        return found[text]()


def test_a_sum_of_whole_numbers_is_exact() -> None:
    plan = plan_of("sum(x)", ["x"], {})
    assert plan.boxes is not None
    gathering = BoundedAggregates(plan, plan.boxes)
    gathering.gather([(0, batch_of({"x_lo": np.array([1.0, 2.0, 2.0**53]), "x_hi": np.array([2.0, 3.0, 2.0**53])}))])
    found = gathering.point().value
    assert (found.lo, found.hi) == (2.0**53 + 2.0, 2.0**53 + 6.0)  # the exact ends are 3 and 5 above 2^53
