"""Ascents of many inputs: arrays stand for lists, and nothing takes time that grows with the square of their number."""

from __future__ import annotations

import json
import math
import random
import time
from pathlib import Path

import numpy as np
import pytest

from circuitcli.analysis.point import Point
from circuitcli.analysis.rounding import rounding
from circuitcli.ascent import Limits, choice, climb, point_objective, vectors
from circuitcli.ascent.curvature_pairs import ArrayPairs, ListPairs, pairs_of
from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Problem, dot
from circuitcli.read_circuit import ReadCircuit
from tests.support import circuit


def drawn(count: int, seed: int) -> tuple[list[list[float]], list[list[float]]]:
    draw = random.Random(seed)
    changes = [[draw.gauss(0.0, 1.0) for _ in range(count)] for _ in range(7)]
    return changes, [[(1.0 + i % 5) * u for i, u in enumerate(change)] for change in changes]


@pytest.mark.parametrize("seed", range(4))
def test_arrays_agree_with_lists(seed: int) -> None:
    count = 45
    changes, bends = drawn(count, seed)
    lists, arrays = ListPairs(()), ArrayPairs(())
    for change, bend in zip(changes, bends, strict=True):
        lists.add(change, bend)
        arrays.add(np.array(change), np.array(bend))
    gradient, room = bends[0], [0.5 if i % 9 else 0.0 for i in range(count)]
    for free in ([], [True] * count, [i % 3 > 0 for i in range(count)]):
        found = arrays.direction(np.array(gradient), free, np.array(room))
        assert found.tolist() == pytest.approx(lists.direction(gradient, free, room), rel=1e-11)
    assert arrays.learned(np.array(room)).tolist() == pytest.approx(lists.learned(room), rel=1e-11)
    assert arrays.kept == lists.kept


@pytest.mark.parametrize("seed", range(3))
def test_the_arithmetic_of_arrays_is_that_of_lists(seed: int) -> None:
    (a, b, *_), _ = drawn(37, seed)
    for v in (vectors.Lists(), vectors.Arrays()):
        u, w = v.of(a), v.of(b)
        assert v.numbers(v.moved(u, 0.3, w)) == [x + 0.3 * y for x, y in zip(a, b, strict=True)]
        assert v.numbers(v.less(u, w)) == [x - y for x, y in zip(a, b, strict=True)]
        assert v.numbers(v.times(u, w)) == [x * y for x, y in zip(a, b, strict=True)]
        assert v.dot(u, w) == pytest.approx(math.fsum(x * y for x, y in zip(a, b, strict=True)), rel=1e-12, abs=1e-12)
        assert v.size(u, w) == pytest.approx(math.fsum(abs(x * y) for x, y in zip(a, b, strict=True)))
        assert v.finite(u) and not v.finite(v.of([*a, math.inf])) and not v.finite(v.of([math.nan]))


def test_the_direction_is_newton_s_where_the_pairs_tell_all() -> None:
    """With as many pairs as inputs of a quadratic function the direction is the inverse of its Hessian (Nocedal &
    Wright, theorem 6.4, for BFGS with exact searches: conjugate changes)."""
    bend = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]])
    _, axes = np.linalg.eigh(bend)
    changes = axes.T.tolist()  # conjugate
    for v in (vectors.Lists(), vectors.Arrays()):
        found = pairs_of([(change, (bend @ change).tolist()) for change in changes], v)
        gradient = [1.0, -2.0, 0.5]
        direction = v.numbers(found.direction(v.of(gradient), [], v.of([1.0] * 3)))
        assert direction == pytest.approx(np.linalg.solve(bend, gradient))


def rosenbrock(count: int) -> Problem:
    text = " + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(count - 1))
    start = {f"x{i}": -1.2 if i % 2 == 0 else 1.0 for i in range(count)}
    return Problem(PointObjective(ReadCircuit(text).graph, start, list(start)), -1.0)


TEXTS = [
    "100*(y - x^2)^2 + (1 - x)^2 + exp(x*z)*sin(y)",
    "max(x, y, z)^3 - abs(x - y)*hypot(x, z) + erf(z)",
    "100*(x - 1)^2 + 100*(x - 3)^2 + (y - z)^4",  # at 2 slopes cancel
    "log(sigmoid(x)) + x^y/(1 + z^2)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_machine_code_tells_what_the_passes_tell(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Value, slopes and rounding of an objective to the bit, also where numbers leave the range of floats."""
    pytest.importorskip("llvmlite")
    draw = random.Random(text)
    points = [[draw.uniform(0.1, 4.0) for _ in range(3)] for _ in range(20)]
    points += [[2.0, 1.0, 1.0], [2.0, 0.0, 0.0], [1e-200, 1e-200, 3.0], [1e200, 2.0, 1e-320], [-1e3, 1.0, 0.0]]
    circuit = ReadCircuit(text).graph
    monkeypatch.setattr(point_objective, "LARGE", 0)
    quick = PointObjective(circuit, dict.fromkeys("xyz", 1.0), ["x", "y", "z"])
    assert quick._native is not None or "erf" in text
    for point in points:
        exact = Point(circuit, dict(zip("xyz", point, strict=True)), ["x", "y", "z"])
        value, slopes = quick.both(point)
        assert [value.hex(), *(u.hex() for u in slopes)] == [
            exact.value.hex(),
            *(u.hex() for u in exact.gradient.values()),
        ]
        assert quick.value(point).hex() == value.hex()
        assert quick.noise(point) == rounding(exact).absolute


@pytest.mark.parametrize("installed", [True, False])
def test_many_inputs_with_and_without_arrays(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not installed:
        monkeypatch.setattr(vectors, "MANY", 10**9)
    problem = rosenbrock(60)
    start = [problem.objective.given[name] for name in problem.names]
    run = climb(problem, choice("lbfgs", objective=problem.objective), Limits(), start)
    assert run.success and run.found.x == pytest.approx([1.0] * 60, abs=1e-8)


def test_a_run_of_many_inputs_goes_on_bit_for_bit(tmp_path: Path) -> None:
    problem = rosenbrock(40)
    (tmp_path / "start.json").write_text(json.dumps(problem.objective.given))
    (tmp_path / "f").write_text(" + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(39)))
    words = ["descend", "--file", "f", "--inputs", "start.json", "--method", "lbfgs", "--json"]
    whole = json.loads(circuit(*words, cwd=tmp_path).stdout)
    for limit in (5, 41, 90, 200):
        circuit(*words, "--state", "s", "--max-evaluations", str(limit), cwd=tmp_path)
    again = json.loads(circuit(*words, "--state", "s", cwd=tmp_path).stdout)
    del whole["seconds"], again["seconds"]
    assert again == whole and whole["success"]


@pytest.mark.slow
def test_the_time_of_a_step_grows_with_the_number_of_inputs() -> None:
    times = []
    for count in (250, 1_000):
        problem = rosenbrock(count)
        start = [problem.objective.given[name] for name in problem.names]
        began = time.process_time()
        run = climb(problem, choice("auto", objective=problem.objective), Limits(max_steps=400), start)
        assert run.steps == 400
        times.append(time.process_time() - began)
    assert times[1] < 10.0 * times[0]  # not 16 times


def test_a_product_of_vectors_adds_up_from_the_left() -> None:
    a, b = [1e16, 1.0, -1e16], [1.0, 1.0, 1.0]
    assert dot(a, b) == (1e16 + 1.0) - 1e16
