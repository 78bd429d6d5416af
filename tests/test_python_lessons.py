"""In Python: the lesson, LaTeX, code and the check, with what the commands have."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import pytest

from circuitcli import Circuit, ExpressionError, InputError, UsageError
from circuitcli.analysis.explain import EdgeStep, PathSum
from tests.support import circuit

SIGMOID = "sigmoid(w*x + b)"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("q = x + y; f = q*z", {"x": -2, "y": 5, "z": -4}),
        ("max(x, y)*x", {"x": 2, "y": 2}),
        (SIGMOID, {"w": 2, "x": -1, "b": 3}),
    ],
)
def test_a_lesson_is_that_of_the_command(text: str, point: dict[str, float]) -> None:
    words = [word for name, x in point.items() for word in (f"-{name}", str(x))]
    assert str(Circuit(text).explain(point)) == circuit("grad", text, *words, "--explain").stdout.rstrip("\n")


def test_the_steps_of_a_lesson_multiply_and_add_up() -> None:
    told = Circuit("x*y + sin(x)").explain(x=0.5, y=3)
    edges = [step for step in told.steps if isinstance(step, EdgeStep)]
    assert all(step.gives == step.upstream * step.local for step in edges if step.local is not None and step.gives)
    (meeting,) = [step for step in told.steps if isinstance(step, PathSum)]
    assert sum(meeting.parts) == meeting.gradient == told.gradient["x"] == pytest.approx(3 + math.cos(0.5), rel=1e-15)
    assert told.value == pytest.approx(1.5 + math.sin(0.5), rel=1e-15)


def test_a_lesson_is_by_what_it_is_asked_for() -> None:
    layer = Circuit("sum(W[i]*x[i] for i in 1:2)")
    assert layer.explain(W=[1, 2], x=[3, 4], wrt="W").gradient == {"W[1]": 3.0, "W[2]": 4.0}
    assert layer.explain(W=[1, 2], x=[3, 4], wrt=["x[2]"]).gradient == {"x[2]": 2.0}
    with pytest.raises(InputError, match="did you mean W"):
        layer.explain(W=[1, 2], x=[3, 4], wrt="w[1]")


def test_a_lesson_in_a_notebook_has_the_cells_of_the_table() -> None:
    shown = Circuit("a < b ? x : y*y").explain(a=1, b=2, x=3, y=4)._repr_html_()
    assert shown.startswith("<table>") and "a &lt; b" in shown and "a < b" not in shown


@pytest.mark.parametrize("name", ["python", "py", "numpy", "jax", "torch", "c", "c++", "js", "latex", "json"])
def test_export_is_that_of_the_command(name: str) -> None:
    assert Circuit("w*x^2").export(name) == circuit("export", "w*x^2", "--to", name).stdout


def test_exported_values_are_defaults() -> None:
    text = Circuit(SIGMOID).export("python", w=-2.5, b=-math.inf, wrt="x")
    assert text == circuit("export", SIGMOID, "--to", "python", "-w", "-2.5", "-b=-inf", "--wrt", "x").stdout
    space: dict[str, object] = {}
    exec(text, space)
    found = space["circuit"]
    assert callable(found) and found(x=0.0) == (0.0, {"x": -0.0})  # sigmoid(-inf), and its slope


def test_latex_is_that_of_the_command() -> None:
    c = Circuit("q = x + y; f = q*z")
    assert c.latex() == circuit("export", "q = x + y; f = q*z", "--to", "latex").stdout
    assert "partial" in c.latex(wrt="z") and "partial" not in c.latex(wrt=[])


def test_no_language() -> None:
    with pytest.raises(UsageError, match="did you mean 'numpy'"):
        Circuit("x").export("nunpy")
    with pytest.raises(UsageError, match="wrt is for derivatives, and JSON describes"):
        Circuit("x").export("json", wrt="x")


def test_a_claim_may_be_formulas() -> None:
    c = Circuit("x^2 * y")
    assert c.check("x = 2*x*y; y = x^2", x=3, y=2) == {"x": "agree", "y": "agree"}
    found = c.check("y = 8", x=3, y=2)
    assert found == {"y": "disagree"} and (found["y"].claim, found["y"].gradient, found["y"].passed) == (8, 9, False)
    assert Circuit("x^3").check("3*x^2", x=7) == {"x": "agree"}
    kink = Circuit("abs(x)").check("x = 0.5", x=0)["x"]
    assert kink == "not_differentiable" and kink.passed and kink.interval == (-1.0, 1.0)


def test_a_check_is_by_what_it_is_asked_for() -> None:
    assert Circuit("x^2 * y").check(x=3, y=2, wrt="y") == {"y": "agree"}
    with pytest.raises(UsageError, match="leave out wrt, or the claim"):
        Circuit("x").check("x = 1", x=3, wrt="x")


def test_a_claim_that_cannot_be_read_is_shown_with_its_place() -> None:
    with pytest.raises(ExpressionError, match=r"(?s)the claim: .*\n  x = 2\*q\n +\^"):
        Circuit("x^2 * y").check("x = 2*q", x=3, y=2)
    with pytest.raises(UsageError, match="the claim is empty"):
        Circuit("x^2").check(" ", x=3)


def test_formulas_are_proven_over_ranges() -> None:
    c = Circuit("sqrt(x)*k")
    assert c.check("x = k/(2*sqrt(x))", x=(1, 2), k=3) == {"x": "agree"}
    wrong: Any = c.check("x = k/(3*sqrt(x))", {"k": 3, "x": [1, 2]})["x"]
    assert wrong == "disagree" and not wrong.passed and 1 <= wrong.proof.witness["x"] <= 2
    theirs = circuit("grad", "sqrt(x)*k", "-x", "1..2", "-k", "3", "--claim", "x = k/(3*sqrt(x))", "--json").stdout
    assert json.loads(theirs)["check"]["inputs"]["x"]["witness"] == {"x": wrong.proof.witness["x"]}


def test_formulas_are_compared_where_no_input_is_given() -> None:
    found: Any = Circuit("tanh(x)").check("1 - tanh(x)^2")["x"]
    assert (found, found.passed, found.proof.verdict) == ("agree", True, "agree")
    assert Circuit("x^2*y").check("x = 2*x*y; y = x^3") == {"x": "agree", "y": "disagree"}
    again = pickle.loads(pickle.dumps(found))
    assert (again, again.passed, again.proof) == (found, True, found.proof)


@pytest.mark.parametrize(
    ("claim", "inputs", "words"),
    [
        ("x = 1", {"x": (2, 1), "y": 1}, "the range of x from 2.0 to 1.0 is none"),
        ("x = 1", {"x": (0, math.inf), "y": 1}, "is none"),
        ("x = 1", {"x": (1, 2, 3)}, "x has 3 values"),
        ("x = y; y = x", {"x": (1, 2)}, "no value for y"),
        ({"x": 1}, {"x": (1, 2), "y": 1}, "numbers are checked at a point"),
        (None, {"x": (1, 2), "y": 1}, "numbers are checked at a point"),
    ],
)
def test_ranges_that_have_no_verdict(claim: Any, inputs: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Circuit("x*y").check(claim, **inputs)
