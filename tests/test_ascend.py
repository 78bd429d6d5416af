"""Ascents: where they get to, and what they say."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from circuitcli.render.sparkline import sparkline
from tests.support import circuit


def result(*words: str) -> tuple[dict[str, Any], int]:
    done = circuit(*words, "--json")
    return json.loads(done.stdout), done.returncode


@pytest.mark.parametrize(
    ("words", "status", "exit_status"),
    [
        (["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001"], "tol", 0),
        (["ascend", "100-(x-y)^2", "-x", "3", "-y", "4"], "gtol", 0),
        (["ascend", "x*y", "-x", "1", "-y", "1", "--steps", "3"], "steps_done", 0),
        (["ascend", "x*y", "-x", "1", "-y", "1", "--steps", "0"], "steps_done", 0),
        (["ascend", "-(x-1)^2", "-x", "0", "--step", "1e-3", "--max-steps", "5"], "max_steps", 1),
        (["descend", "x^2", "-x", "1", "--step", "1.5"], "overshoot", 1),
        (["ascend", "x*y", "-x", "-2", "-y", "3"], "unbounded", 1),
        (["ascend", "log(x)", "-x", "1"], "unbounded", 1),
        (["descend", "x^3", "-x", "-1"], "unbounded", 1),
        (["ascend", "x^2 - y^2", "-x", "0", "-y", "0"], "stationary_start", 1),
        (["ascend", "-(1/x-2)^2", "-x", "0"], "nonfinite", 3),
        (["ascend", "-exp(exp(x))", "-x", "10"], "nonfinite", 3),
        (["ascend", "log(x)", "-x", "0.1", "--step", "-1e-9+1e-9"], "", 2),
        (["ascend", "-log(x)", "-x", "0.1", "--step", "0.1"], "nonfinite", 3),
    ],
)
def test_statuses(words: list[str], status: str, exit_status: int) -> None:
    if not status:
        assert circuit(*words).returncode == exit_status
        return
    found, code = result(*words)
    assert (found["status"], code) == (status, exit_status)
    assert found["success"] == (code == 0)
    assert found["message"]


def test_a_success_is_stationary() -> None:
    # The optima are known in closed form.
    for text, start, optimum in [
        ("-(1-x)^2 - 100*(y-x^2)^2", {"x": -1.2, "y": 1.0}, {"x": 1.0, "y": 1.0}),
        ("log(x) - x", {"x": 0.01}, {"x": 1.0}),
        ("-x*log(x) - (1-x)*log(1-x)", {"x": 0.9}, {"x": 0.5}),
        ("sin(x)*exp(-y^2)", {"x": 1.0, "y": 0.5}, {"x": math.pi / 2, "y": 0.0}),
        ("1000000000-(x-3)^2", {"x": 0.0}, {"x": 3.0}),
    ]:
        words = [word for name, x in start.items() for word in (f"-{name}", repr(x))]
        found, code = result("ascend", text, *words)
        assert code == 0, found
        assert found["inputs"] == pytest.approx(optimum, abs=1e-6)


def test_a_valley_below_the_rounding_of_the_value_is_no_success() -> None:
    found, code = result("ascend", "1e12-(1-x)^2-100*(y-x^2)^2", "-x", "-1.2", "-y", "1")
    assert code == 0 or not found["success"]
    assert not found["success"] or found["inputs"] == pytest.approx({"x": 1.0, "y": 1.0}, abs=1e-3)


def test_descend_is_ascend_of_minus_to_the_last_bit() -> None:
    down, _ = result("descend", "(x-y)^2 + exp(x)", "-x", "1", "-y", "2", "--step", "0.01", "--steps", "50")
    up, _ = result("ascend", "-((x-y)^2 + exp(x))", "-x", "1", "-y", "2", "--step", "0.01", "--steps", "50")
    assert down["inputs"] == up["inputs"]
    assert down["value"] == -up["value"]
    assert (down["sense"], up["sense"]) == ("min", "max")


def test_only_the_wanted_inputs_move() -> None:
    found, _ = result("descend", "(x-a)^2 + 0*b", "-x", "0", "-a", "3", "-b", "1", "--wrt", "x")
    assert found["inputs"]["x"] == pytest.approx(3.0)
    assert found["fixed"] == {"a": 3.0, "b": 1.0}
    assert found["gradient"].keys() == {"x"}
    # a default of the program is a constant of the model
    found, _ = result("descend", "a = 3; (x-a)^2", "-x", "0")
    assert (found["inputs"], found["fixed"]) == ({"a": 3.0, "x": 3.0}, {"a": 3.0})
    # unless there is nothing else
    found, _ = result("descend", "x = 1; y = 2; (x-3)^2 + y^2")
    assert found["inputs"] == pytest.approx({"x": 3.0, "y": 0.0}, abs=1e-8)


def test_a_run_goes_on_from_an_earlier_one_with_the_same_inputs_fixed() -> None:
    words = ("descend", "c = 2; (x-a)^2 + (x-c)^4 + y^2")
    first = circuit(*words, "-x", "0", "-a", "3", "-y", "1", "--wrt", "x,y", "--json").stdout
    done = circuit(*words, "--inputs", "-", "--json", stdin=first)
    assert done.returncode == 0
    assert json.loads(done.stdout)["fixed"] == json.loads(first)["fixed"] == {"c": 2.0, "a": 3.0}
    typed = circuit(*words, "--inputs", "-", "-a", "4", "--json", stdin=first)
    assert "a" not in json.loads(typed.stdout)["fixed"]


def test_central_differences_climb_too() -> None:
    found, code = result("ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001", "--difference", "central")
    assert code == 0
    assert found["value"] == pytest.approx(99.99938, abs=1e-4)


def test_the_best_point_is_kept_where_a_step_goes_wrong() -> None:
    found, code = result("ascend", "sqrt(1 - x^2)", "-x", "0.5", "--step", "5")
    assert code == 3
    assert found["inputs"] == {"x": 0.5}
    assert found["value"] == math.sqrt(0.75)


def test_a_trace_in_csv_and_on_standard_output() -> None:
    done = circuit("descend", "x^2", "-x", "4", "--step", "0.25", "--steps", "2", "--trace", "-", "--to", "csv")
    assert done.stdout == "step,x,value,grad_x\n0,4.0,16.0,8.0\n1,2.0,4.0,4.0\n2,1.0,1.0,2.0\n"
    assert "step, value and validation of its own" in circuit("descend", "step^2", "-step", "4", "--trace", "-").stderr


def test_the_table() -> None:
    done = circuit("ascend", "x*y", "-x", "-2", "-y", "3", "--step", "0.01", "--steps", "1")
    assert done.stdout.splitlines() == [
        " input   start   found   gradient",
        " x          -2   -1.97       2.98",
        " y           3    2.98      -1.97",
        "",
        " value    -6 → -5.8706",
        " stopped  steps_done: 1 step, as asked",
    ]


def test_the_path_of_the_value_is_drawn_where_there_are_colours() -> None:
    words = ("descend", "x^2", "-x", "4", "--step", "0.25", "--steps", "3")
    assert " path     █▃▁▁" in circuit(*words, "--color", "always").stdout  # 16, 4, 1, 0.25
    assert "path" not in circuit(*words).stdout
    assert sparkline([0.0, 1.0, math.inf, 7.0]) == "▁▂█"
    assert sparkline([1.0, 1.0]) == ""
    assert len(sparkline([float(i) for i in range(1_000)])) == 40


def test_a_path_that_spans_decades_is_logarithmic() -> None:
    falling = [10.0**-k for k in range(8)]
    assert sparkline(falling) == "█▇▆▅▄▃▂▁"
    assert sparkline([-x for x in falling]) == "▁▂▃▄▅▆▇█"  # to a summit of 0
    assert sparkline([*falling, 0.0]) == "█▇▆▅▄▃▂▁▁"
    assert sparkline([1.0, 0.5, 0.011]) == "█▄▁"  # less than two decades
    assert sparkline([-1.0, 1e-6, 1.0]) == "▁▅█"  # on both sides of 0


def test_the_same_command_gives_the_same_digits() -> None:
    words = ("ascend", "-(1-x)^2 - 100*(y-x^2)^2", "-x", "-1.2", "-y", "1", "--quiet")
    assert circuit(*words).stdout == circuit(*words).stdout


@pytest.mark.parametrize("method", ["lbfgs", "gradient"])
@pytest.mark.parametrize(("limit", "status"), [(["--ftol", "1e-4"], "ftol"), (["--gtol", "1e-2"], "gtol")])
def test_limits_of_what_is_left_end_an_ascent_earlier(method: str, limit: list[str], status: str) -> None:
    words = ["descend", "5+(1-x)^2+100*(y-x^2)^2", "-x", "-1.2", "-y", "1", "--method", method, "--json"]
    whole, part = json.loads(circuit(*words).stdout), json.loads(circuit(*words, *limit).stdout)
    assert part["status"] == status and part["steps"] < whole["steps"]
    assert part["value"] - 5.0 < 5e-4
