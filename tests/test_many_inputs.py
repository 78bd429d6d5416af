"""Ascents of many inputs: arrays stand for lists, and nothing takes time that grows with the square of their number."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.ascent import Limits, choice, climb
from circuitcli.ascent import curvature_pairs as pairs
from circuitcli.ascent.curvature_pairs import ArrayPairs, ListPairs
from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Problem, dot
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
        arrays.add(change, bend)
    gradient, room = bends[0], [0.5 if i % 9 else 0.0 for i in range(count)]
    for free in ([True] * count, [i % 3 > 0 for i in range(count)]):
        assert arrays.direction(gradient, free, room) == pytest.approx(lists.direction(gradient, free, room), rel=1e-11)
    assert arrays.learned(room) == pytest.approx(lists.learned(room), rel=1e-11)
    assert arrays.kept == lists.kept


def test_the_direction_is_newton_s_where_the_pairs_tell_all() -> None:
    """With as many pairs as inputs of a quadratic function the direction is the inverse of its Hessian (Nocedal &
    Wright, theorem 6.4, for BFGS with exact searches: conjugate changes)."""
    bend = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]])
    _, vectors = np.linalg.eigh(bend)
    changes = vectors.T.tolist()  # conjugate
    for kind in (ListPairs, ArrayPairs):
        found = kind([(change, (bend @ change).tolist()) for change in changes])
        gradient = [1.0, -2.0, 0.5]
        assert found.direction(gradient, [True] * 3, [1.0] * 3) == pytest.approx(np.linalg.solve(bend, gradient))


def rosenbrock(count: int) -> Problem:
    text = " + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(count - 1))
    start = {f"x{i}": -1.2 if i % 2 == 0 else 1.0 for i in range(count)}
    return Problem(PointObjective(Circuit(text)._graph, start, list(start)), -1.0)


@pytest.mark.parametrize("installed", [True, False])
def test_many_inputs_with_and_without_arrays(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not installed:
        monkeypatch.setattr(pairs, "MANY", 10**9)
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
