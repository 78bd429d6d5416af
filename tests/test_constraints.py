"""Ascents subject to constraints: optima that are known by other ways, in any unit, and honest ends."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import circuit


def solved(*words: str, status: int = 0) -> dict[str, Any]:
    done = circuit(*words, "--json")
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["success"] == (status == 0)
    return found


def prices(found: dict[str, Any]) -> list[float]:
    return [each["price"] for each in found["constraints"]]


def active(found: dict[str, Any]) -> list[bool]:
    return [each["active"] for each in found["constraints"]]


def test_a_plan_of_production() -> None:
    # Wyndor Glass (Hillier & Lieberman, Introduction to Operations Research, 3.1): 36 at (2, 6), prices 0, 3/2, 1.
    limits = "x <= 4; 2*y <= 12; 3*x + 2*y <= 18; x >= 0; y >= 0"
    found = solved("ascend", "3*x + 5*y", "--subject-to", limits, "-x", "1", "-y", "1")
    assert found["status"] == "kkt"
    assert found["value"] == pytest.approx(36.0, rel=1e-14)
    assert found["inputs"] == pytest.approx({"x": 2.0, "y": 6.0}, rel=1e-13)
    assert prices(found) == pytest.approx([0.0, 1.5, 1.0, 0.0, 0.0], abs=1e-12)
    assert active(found) == [False, True, True, False, False]


def test_the_dice_of_jaynes() -> None:
    # The distribution of most entropy whose mean is 4.5 is geometric (Jaynes 1978): p_i ~ r^i.
    entropy = "-sum(p[i]*log(p[i]) for i in 1:6)"
    constraints = "sum(p[i] for i in 1:6) = 1; sum(i*p[i] for i in 1:6) = 4.5"
    found = solved("ascend", entropy, "--subject-to", constraints, "-p", "0.2")
    p = found["inputs"]["p"]
    ratios = [b / a for a, b in pairwise(p)]
    assert ratios == pytest.approx([ratios[0]] * 5, rel=1e-9)
    assert sum(p) == pytest.approx(1.0, rel=1e-14)
    assert sum(i * x for i, x in enumerate(p, 1)) == pytest.approx(4.5, rel=1e-14)
    assert p[0] == pytest.approx(0.05435, abs=5e-6)


@pytest.mark.parametrize(
    ("words", "inputs", "value", "price"),
    [
        # The nearest point of a line, and of a circle to a point without.
        (["descend", "x^2 + y^2", "--subject-to", "3*x + 4*y = 25"], {"x": 3.0, "y": 4.0}, 25.0, 2.0),
        (
            ["descend", "(x-3)^2 + (y-4)^2", "--subject-to", "x^2 + y^2 <= 4"],
            {"x": 1.2, "y": 1.6},
            9.0,
            -1.5,  # the distance is (5 - r)^2, by r^2
        ),
        # A node of the expression as a limit.
        (["descend", "q = x + y; q^2 + x^2", "--subject-to", "q >= 1"], {"x": 0.0, "y": 1.0}, 1.0, 2.0),
    ],
)
def test_optima_in_closed_form(words: list[str], inputs: dict[str, float], value: float, price: float) -> None:
    found = solved(*words, "-x", "1", "-y", "2")
    assert found["inputs"] == pytest.approx(inputs, abs=1e-12)
    assert found["value"] == pytest.approx(value, rel=1e-13)
    assert prices(found) == pytest.approx([price], rel=1e-9)


def test_a_price_is_the_derivative_of_the_optimum() -> None:
    def best(limit: float) -> dict[str, Any]:
        words = ["--subject-to", f"x^2 + 2*y^2 <= {limit!r}; x + y >= 0.2"]
        return solved("ascend", "x*exp(y) - y^2", *words, "-x", "0.5", "-y", "0.1")

    h = 1e-4
    difference = (best(2.0 + h)["value"] - best(2.0 - h)["value"]) / (2.0 * h)
    assert prices(best(2.0))[0] == pytest.approx(difference, rel=1e-6)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([1e-6, 1e-3, 1e2, 1e7]), st.sampled_from([1e-6, 1e-2, 1e5]), st.sampled_from([1e-9, 1e-3, 1e6]))
def test_units_do_not_matter(u: float, v: float, w: float) -> None:
    x, y = f"(x/{u!r})", f"(y/{v!r})"
    text = f"{w!r}*(100*({y} - {x}^2)^2 + (1 - {x})^2)"
    words = ["--subject-to", f"{x}*{y} >= 1; {x} + {y}^2 >= 0", "--bounds", f"x=:{0.5 * u!r}"]
    found = solved("descend", text, *words, "-x", repr(-2.0 * u), "-y", repr(v))
    # The valley of Rosenbrock, cut off: x = 1/2, y = 2, where 100*(7/4)^2 + 1/4 is left.
    assert found["inputs"]["x"] / u == pytest.approx(0.5, rel=1e-12)
    assert found["inputs"]["y"] / v == pytest.approx(2.0, rel=1e-12)
    assert found["value"] / w == pytest.approx(306.5, rel=1e-12)


def test_no_success_where_nothing_is_feasible() -> None:
    found = solved("descend", "x^2", "--subject-to", "x >= 2; x <= 1", "-x", "0", status=1)
    assert found["status"] == "infeasible"
    assert found["kkt"]["violation"]["value"] > found["kkt"]["violation"]["limit"]
    found = solved("descend", "x + y", "--subject-to", "x^2 + y^2 = -1", "-x", "1", "-y", "1", status=1)
    assert found["status"] == "infeasible"


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(
    ("words", "constraint"),
    [
        (["ascend", "x + y"], "x - y <= {}"),
        (["descend", "x"], "x + y = {}"),
        (["descend", "-y^3"], "x = {}; y >= x"),
    ],
)
def test_a_value_without_an_end_is_no_success(words: list[str], constraint: str, unit: float) -> None:
    found = solved(*words, "-x", "0", "-y", "0", "--subject-to", constraint.format(unit), status=1)
    assert found["status"] == "unbounded", found["message"]


@pytest.mark.parametrize("value", ["-y^3", "-y^9", "-exp(y)", "-1e300*y"])
def test_a_wall_that_does_not_hold_a_start_in_a_corner_is_no_end(value: str) -> None:
    done = circuit("descend", value, "-x", "1", "-y", "1", "--subject-to", "x = 1; y >= x", "--json")
    found = json.loads(done.stdout)
    assert done.returncode != 0 and not found["success"], found["message"]


@pytest.mark.parametrize("start", ["1", "20", "100", "300"])
def test_a_start_where_a_constraint_is_huge_tells_nothing_of_its_size_at_the_end(start: str) -> None:
    # By the slopes: exp(x) = 2 and y = 2. From far, no more is asked than that no other end is a success.
    done = circuit("descend", "y - 2*x", "-x", start, "-y", "0", "--subject-to", "y >= exp(x)", "--json")
    found = json.loads(done.stdout)
    if start in ("1", "20") or found["success"]:
        assert found["inputs"]["x"] == pytest.approx(math.log(2), rel=1e-6), found["message"]
        assert found["value"] == pytest.approx(2 - 2 * math.log(2), rel=1e-9)


def test_an_end_far_away_is_one() -> None:
    found = solved("ascend", "x + y", "-x", "0", "-y", "0", "--subject-to", "x - y <= 1; x + y <= 1e9")
    assert found["value"] == pytest.approx(1e9, rel=1e-12)


def test_an_interrupted_ascent_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    words = ["descend", "100*(y-x^2)^2 + (1-x)^2", "--subject-to", "x*y >= 1; x + y^2 >= 0", "-x", "-2", "-y", "1"]
    whole = solved(*words)
    state = ["--state", str(tmp_path / "state.json")]
    solved(*words, *state, "--max-steps", "4", status=1)
    again = solved(*words, *state)
    assert again["inputs"] == whole["inputs"]
    assert (again["value"], again["steps"]) == (whole["value"], whole["steps"])


def test_many_starts_find_the_better_of_two_optima() -> None:
    # Two optima on the circle: -1 - 0.1 and 1 - 0.1 by hand; the better one is on the other side.
    words = ["descend", "x^3 - 0.1*x", "--subject-to", "x^2 + y^2 = 1", "-x", "0.3", "-y", "0.9"]
    alone, many = solved(*words), solved(*words, "--starts", "10")
    assert many["value"] == pytest.approx(-0.9, rel=1e-12)
    assert many["value"] <= alone["value"]


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e6])
@pytest.mark.parametrize(
    ("value", "constraint", "wanted"),
    [
        ("x + y", "x*y = {0}^2; x >= {0}/100", 2.0),
        ("{0} - x", "x^2 <= 4*{0}^2; x^2 >= {0}^2", -1.0),
        ("x + 3*{0}", "x^2 >= {0}^2; x >= -{0}/2", 4.0),
        ("x - y", "x^2 + y^2 = 2*{0}^2", -2.0),
        ("z", "x^2 - y^2 + {0}*z = 0; z >= -{0}; x^2 >= {0}^2; y^2 <= {0}^2", -1.0),
    ],
)
def test_a_start_where_what_is_not_met_has_no_slope(value: str, constraint: str, wanted: float, unit: float) -> None:
    """Slopes of all constraints that are not met are 0 at the origin: x*y = 1."""
    inputs = [word for name in "xyz" if name in value + constraint for word in (f"-{name}", "0")]
    words = [text.format(f"{unit:g}") for text in (value, constraint)]
    found = json.loads(circuit("descend", words[0], *inputs, "--subject-to", words[1], "--json").stdout)
    assert found["success"] and found["value"] / unit == pytest.approx(wanted, rel=1e-6)


def test_further_starts_look_for_points_that_meet_the_constraints() -> None:
    words = ["descend", "x", "-x", "-0.1", "--subject-to", "x^2 >= 1; x >= -0.5", "--starts", "20", "--json"]
    found = json.loads(circuit(*words).stdout)
    assert found["success"] and found["value"] == pytest.approx(1.0, rel=1e-9)
    assert sum(start["status"] == "kkt" for start in found["starts"]) > 10


def test_a_fit_whose_parameters_sum_to_one(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    draw = numpy.random.default_rng(7)
    x = draw.normal(size=(40, 3))
    y = x @ [0.2, 0.3, 0.5] + 0.1 * draw.normal(size=40)
    lines = [",".join(map(repr, [*map(float, row), float(z)])) for row, z in zip(x, y, strict=True)]
    (tmp_path / "mix.csv").write_text("\n".join(["x1,x2,x3,y", *lines]) + "\n")
    words = ["descend", "sum((y - a*x1 - b*x2 - c*x3)^2)", str(tmp_path / "mix.csv"), "-a", "1", "-b", "1", "-c", "1"]
    found = solved(*words, "--subject-to", "a + b + c = 1", "--uncertainty")
    # By elimination of c: a line through differences of columns.
    reduced, target = x[:, :2] - x[:, 2:], y - x[:, 2]
    (a, b), (rest,), _, _ = numpy.linalg.lstsq(reduced, target, rcond=None)
    covariance = numpy.linalg.inv(reduced.T @ reduced) * rest / (40 - 2)
    errors = [math.sqrt(covariance[0, 0]), math.sqrt(covariance[1, 1]), math.sqrt(covariance.sum())]
    assert list(found["inputs"].values()) == pytest.approx([a, b, 1.0 - a - b], rel=1e-9)
    assert list(found["uncertainty"]["stderr"].values()) == pytest.approx(errors, rel=1e-9)
    assert found["uncertainty"]["dof"] == 38


def test_a_constraint_may_gather_the_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("t,y\n0,2.1\n1,1.1\n2,0.6\n3,0.2\n")
    words = ["descend", "sum((y - a*exp(-b*t))^2)", str(tmp_path / "t.csv"), "-a", "1", "-b", "1"]
    found = solved(*words, "--subject-to", "max(a*exp(-b*t)) <= 2")
    assert found["inputs"]["a"] == pytest.approx(2.0, rel=1e-12)  # the largest is that at t = 0
    done = circuit(*words, "--subject-to", "a*exp(-b*t) <= 2")
    assert done.returncode == 2
    assert "max(...) <= limit" in done.stderr


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("x + y", "is no constraint"),
        ("x != 2", "is no constraint"),
        ("z = x + y", "z is named, and no constraint uses it"),
        ("x + y >=", "circuit: "),
        ("x >= 2, max(x, y) <= 3, y >= 1", "between them: x >= 2; max(x, y) <= 3; y >= 1"),
        (" ", "--subject-to is empty"),
    ],
)
def test_what_is_no_constraint_is_told(constraint: str, said: str) -> None:
    done = circuit("descend", "x^2 + y^2", "-x", "1", "-y", "1", "--subject-to", constraint)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [["--method", "newton"], ["--step", "0.1"], ["--target", "3"], ["--difference", "central"]]
)
def test_options_that_do_not_go_with_constraints(words: list[str]) -> None:
    done = circuit("descend", "x^2", "-x", "1", "--subject-to", "x >= 2", *words)
    assert done.returncode == 2
    assert "leave out" in done.stderr


@pytest.mark.parametrize(
    "limit", ["x[i] <= 1 for i in 1:3", "max(x[i] for i in 1:3) <= 1", "1 >= max(x[1], x[2], x[3])"]
)
def test_a_limit_of_each_element(limit: str) -> None:
    found = solved("descend", "sum((x[i]-i)^2 for i in 1:3)", "-x", "0", "--subject-to", limit)
    assert found["inputs"]["x"] == pytest.approx([1.0, 1.0, 1.0], abs=1e-9)
    assert [each["constraint"].replace(" ", "") for each in found["constraints"]] in (
        [f"x[{i}]<=1" for i in (1, 2, 3)],
        [f"1>=x[{i}]" for i in (1, 2, 3)],
    )


ELSEWHERE = pytest.mark.skipif(find_spec("casadi") is None, reason="Ipopt comes with the extra ipopt")


@ELSEWHERE
@pytest.mark.parametrize(
    ("words", "inputs", "value"),
    [
        (["ascend", "3*x + 5*y", "--subject-to", "x <= 4; 2*y <= 12; 3*x + 2*y <= 18"], {"x": 2, "y": 6}, 36),
        (["descend", "x^2 + y^2", "--subject-to", "x + y = 1"], {"x": 0.5, "y": 0.5}, 0.5),
        (["descend", "(x-3)^2 + y^2", "--bounds", "x=-1:2"], {"x": 2, "y": 0}, 1),
    ],
)
def test_ipopt_ends_where_ours_does(words: list[str], inputs: dict[str, float], value: float) -> None:
    found = solved(*words, "-x", "1", "-y", "1", "--method", "ipopt")
    assert (found["method"], found["status"]) == ("ipopt", "kkt")
    assert found["value"] == pytest.approx(value, rel=1e-12)
    assert found["inputs"] == pytest.approx(inputs, rel=1e-9, abs=1e-9)
    ours = solved(*words, "-x", "1", "-y", "1", "--method", "interior")
    assert prices(found) == pytest.approx(prices(ours), abs=1e-9)


@ELSEWHERE
@pytest.mark.parametrize(
    ("words", "status", "exit_status"),
    [
        (["descend", "x^2", "--subject-to", "x >= 2; x <= 1"], "infeasible", 1),
        (["descend", "x + 0*log(2-x)", "--subject-to", "x <= 1"], "unbounded", 1),
        (["descend", "(x-1)^4", "--subject-to", "x <= 9", "--max-steps", "2"], "max_steps", 1),
        (["descend", "(x-1)^4", "--subject-to", "x <= 9", "--steps", "2"], "steps_done", 0),
    ],
)
def test_the_word_of_ipopt_counts_for_nothing(words: list[str], status: str, exit_status: int) -> None:
    done = circuit(*words, "-x", "0", "--method", "ipopt", "--json")
    assert (done.returncode, done.stderr) == (exit_status, "")
    assert json.loads(done.stdout)["status"] == status


@pytest.mark.skipif(find_spec("casadi") is not None, reason="Ipopt is here")
def test_ipopt_tells_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("y\n1\n2\n")
    for words in (["-x^2", "--subject-to", "x >= 1"], ["-sum((y - x)^2)", "rows.csv", "--bounds", "x=0:9"]):
        done = circuit("ascend", *words, "-x", "1", "--method", "ipopt", cwd=tmp_path)
        assert done.returncode == 2
        assert "the method ipopt needs casadi" in done.stderr
        assert '"circuitcli[ipopt]"' in done.stderr


@pytest.mark.parametrize("method", ["interior", pytest.param("ipopt", marks=ELSEWHERE)])
@pytest.mark.parametrize(("unit", "limit"), [("1", "5"), ("1e-9", "5e-9")])
def test_a_way_into_a_corner_without_an_end_is_no_optimum(method: str, unit: str, limit: str) -> None:
    # Along x*y = 1 the value log(x) + x falls without end as x goes to 0.
    words = [f"log(x/{unit}) + 1/(y*{unit})", "--subject-to", f"x*y >= 1; x <= {limit}", "--method", method]
    done = circuit("descend", *words, "-x", f"2*{unit}", "-y", f"3/{unit}", "--json")
    assert done.returncode == 1
    assert not json.loads(done.stdout)["success"]


@pytest.mark.parametrize("method", ["interior", pytest.param("ipopt", marks=ELSEWHERE)])
@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["descend", "-x^2", "--subject-to", "x^2 <= 4", "-x", "0"], -4.0),
        (["descend", "-x^2", "--bounds", "x=0:3", "-x", "0"], -9.0),
        (["descend", "x*y", "--subject-to", "x^2 + y^2 = 2", "-x", "1", "-y", "1"], -1.0),
        (["descend", "1e9*x*y", "--subject-to", "x^2 + y^2 = 2e-12", "-x", "1e-6", "-y", "1e-6"], -1e-3),
        (["ascend", "x + y", "--subject-to", "x*y = 100; x <= 20; y <= 20", "-x", "10", "-y", "10"], 25.0),
        (["descend", "y + 0*x", "--subject-to", "y >= x^2; y >= 2 - x^2", "-x", "0", "-y", "5"], 1.0),
    ],
)
def test_an_optimum_of_the_other_kind_is_left(words: list[str], value: float, method: str) -> None:
    # At each start, or at the first point without a slope, the value bends the wrong way along the constraints.
    found = solved(*words, "--method", method)
    assert found["status"] == "kkt"
    assert found["value"] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("words", "constraint", "status"),
    [
        (["descend", "x^3", "-x", "0"], "x >= -2", "stationary"),
        (["descend", "floor(x)", "-x", "5"], "x >= 1.5", "stationary"),
        (["descend", "floor(x)", "-x", "5.5"], "x >= 1.5", "stationary"),
        (["descend", "1/x", "-x", "2"], "x >= 1", "unbounded"),
        (["descend", "x*y", "-x", "1", "-y", "1"], "x + y = 2", "unbounded"),
        (["ascend", "log(x)", "-x", "1"], "x <= 0", "line_search"),
    ],
)
def test_no_slope_is_not_yet_an_optimum(words: list[str], constraint: str, status: str) -> None:
    found = solved(*words, "--subject-to", constraint, status=1)
    assert found["status"] == status


def test_a_difference_may_stand_in_the_circuit_already() -> None:
    found = solved("descend", "y^2", "--subject-to", "x = 1; y >= x - 1; y - x >= 1", "-x", "3", "-y", "3")
    assert found["inputs"] == pytest.approx({"x": 1.0, "y": 2.0}, rel=1e-12)


def test_bounds_alone_have_no_table_of_constraints() -> None:
    done = circuit("descend", "(x-3)^2", "-x", "0", "--bounds", "x=-1:2", "--method", "interior")
    assert done.returncode == 0
    assert "constraint " not in done.stdout


@pytest.mark.parametrize(
    ("constraint", "a", "b", "value"),
    [  # by SciPy's SLSQP
        ("max(a*t) <= 2", 2 / 3, 1.55, 0.7388888888888889),
        ("mean(b*t) <= 0.5", 1.3214285714, 1 / 3, 0.658015873015873),
        ("mean(a*t^2) <= 3; mean(b*y) >= 2", 0.8571428571, 1.2642857143, 0.2091836734693877),
    ],
)
def test_a_constraint_over_rows_may_lack_a_parameter(
    tmp_path: Path, constraint: str, a: float, b: float, value: float
) -> None:
    (tmp_path / "line.csv").write_text("t,y\n0,1\n1,2.1\n2,2.9\n3,4.2\n")
    words = ["descend", "sum((y - a*t - b)^2)", str(tmp_path / "line.csv"), "-a", "1", "-b", "0"]
    found = solved(*words, "--subject-to", constraint)
    assert found["inputs"] == pytest.approx({"a": a, "b": b}, rel=1e-9)
    assert found["value"] == pytest.approx(value, rel=1e-12)
    refused = circuit(*words, "--subject-to", "max(t) <= 9")
    assert refused.returncode == 2
    assert "max(t) <= 9 is about the rows alone" in refused.stderr


PLANS = [  # of costs, and of limits as rows, which are at least so much
    ([2.0, 3.0, 1.5, 4.0], [[3.0, 2.0, 1.0, 4.0], [1.0, 5.0, 2.0, 1.0], [-1.0, -1.0, -1.0, -1.0]], [55.0, 30.0, -30.0]),
    ([0.6, 0.35], [[4.0, 2.0]], [15.0]),
    ([1.0, 2.0], [[1.0, 1.0]], [1.0]),
    ([-5.0, -4.0, -3.0], [[-2.0, -3.0, -1.0], [-4.0, -1.0, -2.0], [-3.0, -4.0, -2.0]], [-5.0, -11.0, -8.0]),
]


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e6, 1e12])
@pytest.mark.parametrize("start", [0.0, 0.1, 10.0])
@pytest.mark.parametrize(("costs", "rows", "least"), PLANS)
def test_prices_of_a_plan_that_starts_on_its_bounds(
    costs: list[float], rows: list[list[float]], least: list[float], start: float, unit: float
) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    names = "abcd"[: len(costs)]

    def terms(row: list[float]) -> str:
        return " + ".join(f"({g!r})*{name}" for g, name in zip(row, names, strict=True))

    limits = [f"{terms(row)} >= {b * unit!r}" for row, b in zip(rows, least, strict=True)]
    words = [word for name in names for word in (f"-{name}", repr(start * unit))]
    text = "; ".join([*limits, *(f"{name} >= 0" for name in names)])
    found = solved("descend", terms(costs), *words, "--subject-to", text)
    known = optimize.linprog(costs, [[-g for g in row] for row in rows], [-b for b in least], method="highs")
    assert found["value"] / unit == pytest.approx(known.fun, rel=1e-12)
    assert [x / unit for x in found["inputs"].values()] == pytest.approx(known.x.tolist(), rel=1e-12, abs=1e-12)
    dual = [*(-known.ineqlin.marginals), *known.lower.marginals]
    assert prices(found) == pytest.approx(dual, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("origin", [0.0, 1e3, 1e6, 1.7e9])
def test_a_large_input_that_goes_a_little_way_makes_no_false_optimum(origin: float) -> None:
    """The least of 2u + y with u*y >= 4 is 4*sqrt(2), wherever u begins to count, as seconds since 1970 do."""
    words = [f"(t - {origin:.0f})*2 + y", "--subject-to", f"(t - {origin:.0f})*y >= 4"]
    bounds = ["--bounds", f"t={origin:.0f}:,y=0:", "-t", f"{origin + 10:.0f}", "-y", "3"]
    found = json.loads(circuit("descend", *words, *bounds, "--json").stdout)
    assert found["success"] or origin == 1.7e9
    if found["success"]:
        assert found["value"] == pytest.approx(4 * math.sqrt(2), rel=1e-6)
        assert found["constraints"][0]["price"] == pytest.approx(math.sqrt(0.5), rel=1e-4)


@pytest.mark.parametrize("origin", ["0", "1000", "1e6"])
def test_an_active_constraint_has_no_room_left(origin: str) -> None:
    words = ["ascend", "x", "--subject-to", f"8*(x - {origin}) <= 2", "--bounds", f"x={origin}:{origin}+10"]
    found = json.loads(circuit(*words, "-x", f"{origin}+5", "--json").stdout)
    assert found["success"] and found["value"] - float(origin) == pytest.approx(0.25, abs=1e-9)


def test_kinks_among_constraints_are_written_in_another_way() -> None:
    """The least of abs(x) + abs(y) with x + 2y >= 3 is 1.5, at (0, 1.5)."""
    words = ["descend", "abs(x) + abs(y)", "--subject-to", "x + 2*y >= 3", "-x", "5", "-y", "5", "--json"]
    assert "for abs(x) write t, with t >= x; t >= -x" in json.loads(circuit(*words).stdout)["message"]
    sides = "x + 2*y >= 3; s >= x; s >= -x; t >= y; t >= -y"
    found = solved("descend", "s + t", "--subject-to", sides, "-x", "5", "-y", "5", "-s", "5", "-t", "5")
    assert found["value"] == pytest.approx(1.5, rel=1e-9)
