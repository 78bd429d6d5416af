"""The numbers of Karpathy's "Hacker's guide to Neural Networks", to the last digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from circuitcli import Circuit
from tests.support import circuit

LESSON = ("100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001", "--difference", "forward", "--h", "1e-4")


def test_the_first_circuit() -> None:
    assert Circuit("x*y")(x=-2, y=3) == -6.0
    assert Circuit("max(2,3)")() == 3.0
    value, gradient = Circuit("(x+y)*z").value_and_gradient(x=-2, y=5, z=-4)
    assert (value, gradient) == (-12.0, {"x": -4.0, "y": -4.0, "z": 3.0})


def test_the_guides_own_program_needs_no_inputs() -> None:
    program = Circuit("x = -2; y = 5; z = -4; q = x + y; f = q * z")
    assert program.gradient() == {"x": -4.0, "y": -4.0, "z": 3.0}
    assert program(x=3) == -32.0


def test_the_numerical_gradient_shows_all_its_digits() -> None:
    done = circuit("grad", "x*y", "-x", "3", "-y", "4", "--difference", "forward", "--h", "1e-4")
    assert "4.000000000008441" in done.stdout
    assert "2.9999999999930083" in done.stdout
    assert done.returncode == 0


def test_one_step_of_the_ascent() -> None:
    done = circuit("ascend", *LESSON, "--steps", "1", "--json")
    assert json.loads(done.stdout)["value"] == 99.00798399999998


def test_the_whole_ascent(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    done = circuit("ascend", *LESSON, "--json", "--trace", str(trace))
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert result["status"] == "tol"
    assert result["steps"] == 922
    assert result["inputs"] == {"x": 3.487488988616036, "y": 3.512326611377091}
    assert result["value"] == 99.99938309249558
    steps = [json.loads(line) for line in trace.read_text().splitlines()]
    assert len(steps) == 923
    assert [step["value"] for step in steps[-2:]] == [99.99937812746526, 99.99938309249558]


@pytest.mark.parametrize(("step", "x", "y"), [("0.01", -1.97, 2.98)])  # x + 0.01*3, y + 0.01*(-2), as the guide has it
def test_the_guides_tweak(step: str, x: float, y: float) -> None:
    done = circuit("ascend", "x*y", "-x", "-2", "-y", "3", "--step", step, "--steps", "1", "--quiet")
    assert done.stdout == f"x {x}\ny {y}\n"


def test_the_neuron() -> None:
    # The guide prints the output 0.8808 and the gradients -0.105, 0.315, 0.105, 0.105, 0.210.
    value, gradient = Circuit("sigmoid(a*x+b*y+c)").value_and_gradient(a=1, b=2, c=-3, x=-1, y=3)
    assert value == pytest.approx(0.8808, abs=5e-5)
    assert [round(gradient[k], 3) for k in "abcxy"] == [-0.105, 0.315, 0.105, 0.105, 0.21]
