"""Equations as texts: which statements are equations, and which name what these use."""

from __future__ import annotations

import json
from math import cos, isclose

import pytest

from circuitcli.equations import Equations
from circuitcli.errors import CircuitError
from tests.support import circuit


def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
    """The status of a line, its output and its notes."""
    done = circuit(*words, stdin=stdin)
    return done.returncode, done.stdout, done.stderr


# A text with the ranges of its unknowns, and all roots, in order.
FORMS = [
    ("x^2 = 2", "-x 0..3", [{"x": 2**0.5}]),
    ("2 = x^2", "-x 0..3", [{"x": 2**0.5}]),
    ("x^2 == 2", "-x 0..3", [{"x": 2**0.5}]),
    ("x^2 - 2", "-x 0..3", [{"x": 2**0.5}]),
    ("x = 2", "-x 0..3", [{"x": 2.0}]),
    ("2*x + 1 = x^2 - 2", "-x -3..4", [{"x": -1.0}, {"x": 3.0}]),
    ("sin(x) = 0.5", "-x 0..1", [{"x": 0.5235987755982989}]),
    ("x = cos(x)", "-x 0..1", [{"x": 0.7390851332151607}]),
    ("x + y = 3; x - y = 1", "-x -9..9 -y -9..9", [{"x": 2.0, "y": 1.0}]),
    ("x + y = 3\nx - y = 1", "-x -9..9 -y -9..9", [{"x": 2.0, "y": 1.0}]),
    ("x = 3; x + y = 1", "-x -9..9 -y -9..9", [{"x": 3.0, "y": -2.0}]),
    ("x + y; y = 1/2", "-x -9..9 -y -9..9", [{"x": -0.5, "y": 0.5}]),
    # names between
    ("q = x^2; q = 9", "-x 0..5", [{"x": 3.0}]),
    ("q = x^2; q - 9", "-x 0..5", [{"x": 3.0}]),
    ("c = 9; x^2 = c", "-x 0..5", [{"x": 3.0}]),
    ("c = 4; x^2 = c", "-x 0..5 -c 9", [{"x": 3.0}]),
    ("f(t) = t^2; f(x) = 9", "-x 0..5", [{"x": 3.0}]),
    ("f(t) = t^2; f(x - 1) = 9", "-x 0..5", [{"x": 4.0}]),
    ("# half\na*x = 2  # of it", "-x 0..5 -a 4", [{"x": 0.5}]),
    # constants that have a value are names
    ("e^2 = 9", "-e 0..5", [{"e": 3.0}]),
    ("pi + 1 = 3", "-pi 0..5", [{"pi": 2.0}]),
    # families
    ("x[1] = x[2]^2; x[2] = 2", "-x 0..5", [{"x[1]": 4.0, "x[2]": 2.0}]),
    ("x[1]*4 = 2", "-x[1] 0..5", [{"x[1]": 0.5}]),
    ("sum(x[i] for i in 1:2) = 3; x[1] - x[2] = 1", "-x 0..5", [{"x[1]": 2.0, "x[2]": 1.0}]),
    # more equations than unknowns
    ("x^2 = 1; x^3 = 1", "-x -3..3", [{"x": 1.0}]),
    # a single point
    ("x^2 = 4", "-x 2..2", [{"x": 2.0}]),
]


@pytest.mark.parametrize(("text", "ranges", "roots"), FORMS, ids=[text for text, _, _ in FORMS])
def test_the_roots_of_a_text(text: str, ranges: str, roots: list[dict[str, float]]) -> None:
    status, out, _ = run("solve", text, *ranges.split(), "--to", "jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and len(found) == len(roots)
    for root, expected in zip(found, roots, strict=True):
        ends = {name: (root[f"{name}_lo"], root[f"{name}_hi"]) for name in expected}
        assert all(isclose(ends[name][0], x, abs_tol=1e-12) for name, x in expected.items())
        assert all(low <= high for low, high in ends.values())
        assert all(low - 1e-15 <= expected[name] <= high + 1e-15 for name, (low, high) in ends.items())


REFUSED = {
    "y = x^2": "there is no equation",
    "x^2 < 2": "x^2 < 2 is a condition, and no equation",
    "x^2 == 4 and x == 2": "is a condition",
    "x^2 = 4 and x > 1": "is a condition",
    "x[i]^2 = i for i in 1:3": "an equation is one, and a loop behind it makes many",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_equation(text: str) -> None:
    with pytest.raises(CircuitError) as found:
        equations = Equations(text, ["x"])
        equations.differences(equations.bind({"x": 0.0}, {})[0])
    assert REFUSED[text] in found.value.message and found.value.hint


def test_an_equation_is_a_difference() -> None:
    equations = Equations("x = cos(x)", ["x"])
    _, [equation] = equations.differences(equations.bind({"x": 1.0}, {})[0])
    assert equation.text == "x = cos(x)"
    status, out, _ = run("solve", "x = cos(x)", "-x", "-9..9", "--json")
    [[low, high]] = [root["inputs"]["x"] for root in json.loads(out)["roots"]]
    assert status == 0 and low - cos(low) <= 0.0 <= high - cos(high)


def test_the_text_of_a_program_of_values_stays_one() -> None:
    status, _, err = run("eval", "x^2 = 2", "-x", "1")
    assert status == 2 and "can stand left of =" in err
