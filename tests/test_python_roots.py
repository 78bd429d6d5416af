"""Roots in Python: the numbers of `circuit solve`, of SciPy and of mpmath."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import pytest
from scipy.optimize import root

from circuitcli import Circuit, CircuitError
from tests.support import circuit

KEPLER = "E - e*sin(E) == M"


def of_the_command(*words: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(circuit("solve", *words, "--json").stdout)
    return record


@pytest.mark.parametrize(
    ("words", "search"),
    [
        (
            [KEPLER, "-E", "1", "-e", "0.25", "-M", "0.75", "--for", "E"],
            lambda: Circuit(KEPLER).solve({"E": 1}, e=0.25, M=0.75),
        ),
        (
            [KEPLER, "-E", "1", "-e", "0.25", "-M", "0.75", "--for", "e"],
            lambda: Circuit(KEPLER).solve(for_="e", E=1, e=0.25, M=0.75),
        ),
        (
            ["x^2 + y^2 == 4; x*y == 1", "-x", "2", "-y", "0.25"],
            lambda: Circuit("x^2 + y^2 == 4; x*y == 1").solve({"x": 2, "y": 0.25}),
        ),
        (["x^2 + 1", "-x", "2"], lambda: Circuit("x^2 + 1").solve({"x": 2})),
        (
            ["x^3 - x", "-x", "3", "--bounds", "x=-2:-0.5", "--starts", "3", "--seed", "1", "-x", "-0.75"],
            lambda: Circuit("x^3 - x").solve({"x": -0.75}, bounds={"x": (-2, -0.5)}, starts=3, seed=1),
        ),
    ],
    ids=["Kepler", "for another", "a system", "none", "bounds"],
)
def test_the_numbers_of_the_command(words: Sequence[str], search: Callable[[], Any]) -> None:
    if words.count("-x") > 1:
        words = [*words[:1], *words[3:]]
    wanted, found = of_the_command(*words), search()
    assert found.x == {name: wanted["inputs"][name] for name in wanted["unknowns"]}
    for name in ("success", "status", "residual", "sensitivity", "proof", "singular", "starts"):
        assert found[name] == wanted[name], name
    assert found.get("bounds") == wanted.get("bounds") and found.nit == wanted["steps"]


@pytest.mark.parametrize("text", ["sin(10*x) == x/2", "x^2 - 2*x + 1", "exp(x) + 1"])
def test_all_roots_are_those_of_the_command(text: str) -> None:
    wanted, found = of_the_command(text, "-x", "-3..3"), Circuit(text).solve(x=(-3, 3))
    assert [{"inputs": each.bounds, "proof": each.proof} for each in found.roots] == [
        {name: each[name] for name in ("inputs", "proof")} for each in wanted["roots"]
    ]
    assert (found.success, found.complete, found.boxes) == tuple(wanted[n] for n in ("success", "complete", "boxes"))


def test_roots_of_mpmath() -> None:
    with mpmath.workdps(30):
        wanted = mpmath.findroot(lambda x: mpmath.cos(x) - x, 0.7)
    found = Circuit("cos(x) - x").solve(x=(-5, 5))
    [only] = found.roots
    assert only.bounds["x"][0] <= wanted <= only.bounds["x"][1] and only.proof == "exactly one"
    assert found.message == "1 root: proven, there is no other within these ranges"
    assert Circuit("cos(x) == x").solve({"x": 1}).x["x"] == pytest.approx(float(wanted), rel=1e-15)


def test_a_system_of_scipy() -> None:
    theirs = root(lambda v: [v[0] ** 2 + v[1] ** 2 - 4, v[1] - math.exp(v[0]) + 1], [1, 1]).x
    ours = Circuit("x^2 + y^2 - 4; y - exp(x) + 1").solve({"x": 1, "y": 1})
    assert [*ours.x.values()] == pytest.approx(theirs.tolist(), rel=1e-9)
    assert (ours.status, ours.proof) == ("root", "exactly one")


def test_the_sensitivity_is_that_of_differences() -> None:
    """Of Kepler's equation dE/dM = 1/(1 - e cos E), dE/de = sin E/(1 - e cos E)."""
    found = Circuit(KEPLER).solve({"E": 1}, e=0.1, M=0.8)
    angle = found.x["E"]
    assert found.sensitivity["E"] == pytest.approx(
        {"M": 1 / (1 - 0.1 * math.cos(angle)), "e": math.sin(angle) / (1 - 0.1 * math.cos(angle))}
    )


@pytest.mark.parametrize(
    ("search", "message"),
    [
        (lambda: Circuit("f = x^2").solve({"x": 1}), r'write Circuit\("x\^2 == 0"\)'),
        (lambda: Circuit("x^2 - y").solve({"x": 1, "y": 2}), r"write for_=\['x'\]"),
        (lambda: Circuit("x^2 - y").solve(x=(-1, 1)), r"y has no value\n  an unknown has a range, y=\(-10, 10\)"),
        (lambda: Circuit("x^2 - y").solve(x=(-1, 1), y=(0, 1)), "give y a number, y=0.5"),
        (lambda: Circuit("x^2 - y").solve({"x": 1}), r"no value for y\n  add y=\.\.\."),
        (lambda: Circuit("x^2 - y").solve([1]), "inputs are no list"),  # type: ignore[call-overload]
        (lambda: Circuit("x^2 - y").solve({"x": 1}, y=2, z=3), "z is not an input"),
        (lambda: Circuit("x^2 - y").solve({"x": math.inf}, y=2), "write for example x=1"),
        (lambda: Circuit("x^2 - y").solve({"x": 1}, y=2, bounds={"x": (2, 3)}), "outside its bounds"),
        (lambda: Circuit("x^2 - y").solve(x=(0, 2), y=2, bounds={"x": (2, 3)}), "bounds= is for a start"),
        (lambda: Circuit("x^2 - y").solve(x=(0, 2), y=2, starts=3), "starts= is for a start"),
        (lambda: Circuit("x < 2").solve({"x": 1}), "write x == 2, the edge of it"),
        (lambda: Circuit("x - 2").solve(for_="w", x=1), "for_: w is no input"),
        (lambda: Circuit("x - 2").solve(x=(2, 1)), "the lower end of x comes first"),
        (lambda: Circuit("3").solve(), "nothing to solve for"),
        (lambda: Circuit("x - 2").solve(x=[0, 3]), r"x is a list of 2 numbers\n  a range is a pair, x=\(0, 3\)"),
        (lambda: Circuit("x - 2").solve(x=(0, 3), boxes="a"), "boxes must be a whole number"),
        (lambda: Circuit("x - 2").solve({"x": 1}, starts=0), "write for example starts=20"),
        (lambda: Circuit("x - 2").solve({"x": 1}, max_time="a"), "write for example max_time=60"),
    ],
)
def test_mistakes(search: Callable[[], object], message: str) -> None:
    with pytest.raises(CircuitError, match=message) as caught:
        search()
    assert "--" not in str(caught.value) and " VALUE" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x == x", "every point of x from -1 to 1 is a root: proven, there is no other within these ranges"),
        ("x - x", "every point of x from -1 to 1 is a root: proven, there is no other within these ranges"),
        ("x == 0", "1 root: proven, there is no other within these ranges"),
        ("max(x, 0) == 0", "1 root, and every point of x from -1 to -"),
    ],
)
def test_regions_of_roots_are_told(text: str, message: str) -> None:
    assert Circuit(text).solve(x=(-1, 1)).message.startswith(message)
