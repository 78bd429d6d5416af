"""Intervals over rows: bounds that hold for every gate in arrays, the columns of bounds, and what the commands say."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest

from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.interval_array import IntervalArray, between, interval_array
from circuitcli.engine.interval_arrays import INTERVAL_ARRAYS
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node
from tests.test_intervals import NAMES, box_of, outside, points

EXACT = Digits(60)

# ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────


def over_rows(boxes: Sequence[Sequence[Interval]]) -> dict[str, IntervalArray]:
    """The inputs x0, x1, ... of some boxes, in arrays."""
    columns = zip(*boxes, strict=True)
    return {
        f"x{i}": between(np.array([x.lo for x in column]), np.array([x.hi for x in column]))
        for i, column in enumerate(columns)
    }


def hardly_wider(found: Interval, known: Interval) -> bool:
    """Whether bounds are those of the arithmetic of one box, or a little wider; they may be tighter."""
    if known.empty or found.empty:
        return known.empty == found.empty
    room = 1e-13 * max(abs(x) for x in (known.lo, known.hi, 1e-290) if math.isfinite(x))
    return found.lo >= known.lo - room and found.hi <= known.hi + room


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
        given = {f"x{i}": x for i, x in enumerate(box)}
        one = forward(graph, INTERVALS, given, INTERVALS.gates)
        one_slopes = backward(graph, INTERVALS, one, every)
        value = values[size].at(row)
        if not hardly_wider(value, one[size]) or value.partial != one[size].partial:
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
    assert [fault for seed in range(2, 12) for fault in faults_of_gate(name, seed, 500)] == []
