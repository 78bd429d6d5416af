"""The backward pass told as a lesson: every product and every sum is the pass's own."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import assume, given, settings

from circuitcli.analysis.explain import EdgeStep, PathSum, lesson, local_formulas
from circuitcli.read_circuit import ReadCircuit
from tests.support import circuit
from tests.test_properties import EXPRESSIONS, POINT


def test_the_guides_circuit_line_by_line() -> None:
    done = circuit("grad", "q = x + y; f = q * z", "-x", "-2", "-y", "5", "-z", "-4", "--explain")
    assert done.stdout.splitlines() == [
        " gate        upstream   local    gives   to",
        " f = q * z          1   z = -4      -4   q",
        "                    1   q = 3        3   z",
        " q = x + y         -4   1           -4   x",
        "                   -4   1           -4   y",
    ]


def test_where_paths_meet_there_is_a_sum() -> None:
    done = circuit("grad", "f = x*x*y", "-x", "3", "-y", "2", "--explain")
    assert done.stdout.splitlines()[-1].split() == ["sum", "at", "x", "6", "+", "6", "12"]


def test_what_is_behind_in_a_max_has_no_edge() -> None:
    done = circuit("grad", "max(x, y)", "-x", "1", "-y", "3", "--explain", "--json")
    first, second = json.loads(done.stdout)["backward"]
    assert (first["local"]["value"], first["gives"]) == (None, None)
    assert (second["local"]["value"], second["gives"]) == (1.0, 1.0)


@settings(max_examples=40)
@given(EXPRESSIONS)
def test_the_parts_add_up_to_the_gradient(text: str) -> None:
    point = ReadCircuit(text).at(POINT)
    assume(point.wrt)
    arrived: dict[int, float] = {}
    for step in lesson(point):
        if isinstance(step, PathSum):
            total = sum(step.parts[1:], step.parts[0])
            assert total == step.gradient or (math.isnan(total) and math.isnan(step.gradient))
        elif step.local is not None:
            assert isinstance(step, EdgeStep) and step.gives is not None
            arrived[step.to] = arrived.get(step.to, 0.0) + step.gives
    for name, slope in point.gradient.items():
        found = arrived.get(point.graph.inputs[name], 1.0 if point.graph.output == point.graph.inputs[name] else 0.0)
        assert found == pytest.approx(slope, rel=1e-12, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "computed", "textbook"),
    [
        ("x^4", "4 * x^3", "4 * x^3"),
        ("sin(x)", "cos(x)", "cos(x)"),
        ("x/y", "1 / y", "1 / y"),
        ("tanh(x)", "4 * logisticpdf(2 * x)", "1 - tanh(x)^2"),
        ("sigmoid(x)", "logisticpdf(x)", "sigmoid(x) * (1 - sigmoid(x))"),
    ],
)
def test_the_local_derivative_in_symbols(text: str, computed: str, textbook: str) -> None:
    point = ReadCircuit(text).at({"x": 0.5, "y": 2.0})
    told = lesson(point)
    assert isinstance(told[0], EdgeStep)
    assert (told[0].symbol, local_formulas(point, told)[0]) == (computed, textbook)
    done = circuit("grad", text, "-x", "0.5", *(["-y", "2"] if "y" in text else []), "--explain")
    assert textbook in done.stdout


def test_the_lesson_in_many_digits() -> None:
    done = circuit("grad", "x/3", "-x", "1", "--explain", "--digits", "30")
    assert "0." + "3" * 30 in done.stdout
