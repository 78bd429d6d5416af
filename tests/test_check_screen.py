"""The check of many rows at once says "agree" of no row of which the check of one says anything else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.analysis.point import Point
from circuitcli.check import AGREE, CANNOT_TELL, check
from circuitcli.gates import GATES
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.check_screen import CheckScreen
from circuitcli.rows.plan import Plan
from tests.support import some_slow
from tests.test_properties import ANY_GATE, EXPRESSIONS, NAMES, _written

DRAW = np.random.default_rng(0)
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-9, -1e-300, 1e6, 1e-3])


def screened(text: str, rows: dict[str, np.ndarray]) -> tuple[Plan, np.ndarray]:
    graph = ReadCircuit(text).graph
    plan = Plan(graph, [name for name in NAMES if name in graph.inputs], {}, differentiate=True)
    count = len(next(iter(rows.values())))
    return plan, CheckScreen(plan).agreed({name: rows[name] for name in plan.used}, count)


def assert_sound(text: str, rows: dict[str, np.ndarray], most: int = 10) -> int:
    """Check the first rows that are said to agree one by one; return how many are said to."""
    plan, agreed = screened(text, rows)
    for i in np.flatnonzero(agreed)[:most].tolist():
        point = Point(plan.graph, {name: float(rows[name][i]) for name in plan.used}, plan.wrt)
        verdicts = check(point)
        # A slope of 1 across a joint of two pieces agrees, though a row alone may not be able to tell.
        assert set(verdicts.values()) <= {AGREE, *([CANNOT_TELL] if "clip" in text else [])}, (text, point.inputs)
    return int(agreed.sum())


@settings(max_examples=60)
@given(EXPRESSIONS.filter(lambda text: any(name in Circuit(text).inputs for name in NAMES)), st.integers(0, 2**32))
def test_any_circuit(text: str, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = {name: np.concatenate([draw.normal(size=20), draw.choice(SPECIAL, 20)]) for name in NAMES}
    assert_sound(text, {name: draw.permutation(column) for name, column in rows.items()}, 4)


@pytest.mark.parametrize(
    "name", some_slow([name for name in ANY_GATE if any(GATES[name].rules)], ["max", "tanh", "pow"])
)
def test_every_gate_at_numbers_of_every_kind(name: str) -> None:
    count = 3 if GATES[name].many else len(GATES[name].rules)
    draw = np.random.default_rng(1)
    rows = {key: np.concatenate([draw.uniform(-3.0, 3.0, 30), draw.choice(SPECIAL, 30)]) for key in NAMES}
    assert_sound(_written(name, list(NAMES[:count])), rows, 60)


@pytest.mark.parametrize(
    ("text", "least"),
    [("(x+y)*z", 0.99), ("(sigmoid(x*y) - z)^2", 0.95), ("max(x, y)*z", 0.99), ("floor(x) + y", 0.99)],
)
def test_ordinary_rows_are_seldom_doubtful(text: str, least: float) -> None:
    rows = {name: DRAW.normal(size=1_000) for name in NAMES}
    assert assert_sound(text, rows) >= least * 1_000


def test_a_wrong_rule_agrees_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {name: DRAW.uniform(0.1, 3.0, 200) for name in NAMES}
    assert screened("tanh(x)*y", rows)[1].any()
    wrong = GATES["tanh"]._replace(rules=(lambda m, g, o, x: g * (1.0 - o * o * 1.001),))
    monkeypatch.setitem(GATES, "tanh", wrong)
    assert not screened("tanh(x)*y", rows)[1].any()


def test_infinite_inputs_are_looked_at_one_by_one() -> None:
    rows = {"x": np.array([np.nan, np.inf, 2.0]), "y": np.array([1.0, 1.0, 1.0])}
    assert screened("x < y", rows)[1].tolist() == [False, False, True]


def test_rows_at_a_kink_are_looked_at_one_by_one() -> None:
    rows = {"x": np.array([0.0, 1.0, 2.0]), "y": np.array([0.0, 1.0, 3.0])}
    assert screened("abs(x) + y", rows)[1].tolist() == [False, True, True]
    assert screened("max(x, y)", rows)[1].tolist() == [False, False, True]
