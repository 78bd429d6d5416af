"""`--prove` with `--subject-to`: held to optima that follow by hand, and to points that meet the constraints."""

from __future__ import annotations

import json
import math
from pathlib import Path
from random import Random
from typing import Any

import pytest

from circuitcli.api import Circuit
from tests.support import circuit

LAMBERT = 0.56714329040978387  # the root of x*exp(x) = 1


def proved(command: str, text: str, constraints: str, bounds: str, *words: str) -> tuple[int, dict[str, Any]]:
    """The status and the record."""
    within = ["--subject-to", constraints, f"--bounds={bounds}"]
    done = circuit(command, f"({text})" if text[0] == "-" else text, *within, "--prove", "--json", *words)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


# Problems of our own: a text, its constraints, bounds, the least value, and the points where it is taken.
KNOWN = [
    ("x^2 + y^2", "x + y >= 1", "x=-5:5,y=-5:5", 0.5, [(0.5, 0.5)]),
    ("x^2 + y^2", "x + y = 1", "x=-5:5,y=-5:5", 0.5, [(0.5, 0.5)]),
    ("-x*y", "x^2 + y^2 = 1", "x=-5:5,y=-5:5", -0.5, [(math.sqrt(0.5), math.sqrt(0.5))]),
    ("-3*x - 5*y", "x <= 4; 2*y <= 12; 3*x + 2*y <= 18", "x=0:9,y=0:9", -36.0, [(2.0, 6.0)]),  # at a corner
    ("(x - 2)^2 + (y - 1)^2", "x^2 + y^2 <= 1", "x=-3:3,y=-3:3", 6.0 - 2.0 * math.sqrt(5.0), []),
    ("-x^2 - y^2", "x + 2*y <= 2", "x=0:3,y=0:3", -4.0, [(2.0, 0.0)]),  # bends downwards
    ("x + y", "x*y >= 1", "x=0.1:10,y=0.1:10", 2.0, [(1.0, 1.0)]),
    ("x", "sin(x) >= 0.5", "x=0:10", math.pi / 6.0, [(math.pi / 6.0,)]),
    ("abs(x) + abs(y)", "x + 2*y = 3", "x=-5:5,y=-5:5", 1.5, [(0.0, 1.5)]),  # at a kink
    ("x", "(x^2 - 1)*(x^2 - 4) <= 0", "x=-5:5", -2.0, [(-2.0,)]),  # two islands
    ("-y", "y <= exp(-x); y <= x", "x=0:3,y=0:3", -LAMBERT, [(LAMBERT, LAMBERT)]),
    ("(x - 0.2)^2 + y^2", "x^2 + y^2 >= 1", "x=-3:3,y=-3:3", 0.64, [(1.0, 0.0)]),  # around a hole
    ("(x - 1)^2 + (y + 2)^2", "x + y <= 100", "x=-5:5,y=-5:5", 0.0, [(1.0, -2.0)]),  # nothing holds it
    ("(x - 1)^2 + (y - 1)^2", "x^2 + y^2 <= 2", "x=-2:2,y=-2:2", 0.0, [(1.0, 1.0)]),  # at no price
    ("p*log(p) + q*log(q) + r*log(r)", "p + q + r = 1", "p=0.01:1,q=0.01:1,r=0.01:1", -math.log(3.0), [(1 / 3,) * 3]),
    ("-a*b*c", "2*(a*b + b*c + c*a) = 6", "a=0.2:3,b=0.2:3,c=0.2:3", -1.0, [(1.0, 1.0, 1.0)]),
]


@pytest.mark.parametrize(("text", "limits", "bounds", "value", "points"), KNOWN, ids=[f"{r[0]}: {r[1]}" for r in KNOWN])
def test_known_optima(text: str, limits: str, bounds: str, value: float, points: list[tuple[float, ...]]) -> None:
    status, record = proved("descend", text, limits, bounds)
    low, high = record["proof"]["value"]
    assert (status, record["success"], record["proof"]["proven"]) == (0, True, True)
    assert low <= value + 1e-14 * abs(value) and value <= high + 1e-14 * abs(value)
    assert high - low <= 1e-8 * max(1.0, abs(value))
    names = list(record["inputs"])
    for point in points:
        there = dict(zip([part.partition("=")[0] for part in bounds.split(",")], point, strict=True))
        boxes = [dict(zip(names, box, strict=True)) for box in record["proof"]["inputs"]]
        assert any(all(a - 1e-14 <= there[n] <= b + 1e-14 for n, (a, b) in box.items()) for box in boxes)
    mirrored, other = proved("ascend", f"-({text})", limits, bounds)
    assert mirrored == 0 and other["proof"]["value"] == pytest.approx([-high, -low], abs=1e-8)


@pytest.mark.parametrize("unit", [1e-9, 1e-3, 1e3, 1e9])
def test_units_do_not_matter(unit: float) -> None:
    for text, limits, bounds, value, _ in KNOWN[:7]:
        parts = [part.partition("=")[::2] for part in bounds.split(",")]
        ends = {name: [float(end) * unit for end in both.split(":")] for name, both in parts}
        for name in ends:
            text, limits = (words.replace(name, f"({name}/{unit!r})") for words in (text, limits))
        wide = ",".join(f"{name}={low!r}:{high!r}" for name, (low, high) in ends.items())
        status, record = proved("descend", f"{unit!r}*({text})", limits, wide)
        low, high = record["proof"]["value"]
        assert status == 0
        assert low / unit <= value + 1e-12 and value - 1e-12 <= high / unit


TERMS = ["x^2", "-y^2", "x*y", "sin(2*x)", "exp(-y)", "abs(x - y)", "x", "-3*y", "max(x, y^2)", "1/(x + 4)", "x^3"]
SIGNS = [">=", "<="]


@pytest.mark.parametrize("seed", range(16))
def test_no_point_within_the_constraints_is_below_a_proven_minimum(seed: int) -> None:
    random = Random(seed)
    text, *sides = (" + ".join(["x*y/9", *random.sample(TERMS, 3)]) for _ in range(3))
    limits = [f"{side} {random.choice(SIGNS)} {random.uniform(-2, 2):.2f}" for side in sides]
    status, record = proved("descend", text, "; ".join(limits), "x=-2:2,y=-2:2", "--boxes", "3000")
    low, high = (float(end) for end in record["proof"]["value"])
    value, conditions = Circuit(text), [Circuit(limit) for limit in limits]
    places = [dict(zip(record["inputs"], box, strict=True)) for box in record["proof"]["inputs"]]
    for _ in range(3_000):
        point = {"x": random.uniform(-2, 2), "y": random.uniform(-2, 2)}
        if all(condition(**point) for condition in conditions):
            found = value(**point)
            assert found >= low
            if status == 0 and found <= high:
                assert any(all(a <= point[n] <= b for n, (a, b) in box.items()) for box in places)


def test_a_price_bounds_no_more_than_the_room_of_its_constraint() -> None:
    """A better optimum is at the other end of an input, where the best one so far is tight."""
    limits = "x + y^2 >= 0; x^2 + y >= 0; x^2 + y^2 >= 1"
    text = "100*(y - x^2)^2 + (1 - x)^2"
    best = 100.0 * (math.sqrt(0.75) - 0.25) ** 2 + 0.25
    for low in (-1.0, -0.1339745962155613):
        status, record = proved("descend", text, limits, f"x=-0.5:0.5,y={low!r}:2", "-x=-0.5", "-y=1")
        assert status == 0
        assert record["proof"]["value"] == pytest.approx([best, best], rel=1e-11)


@pytest.mark.parametrize("limits", ["x >= 2; x <= 1", "x + y = 30", "x^2 + y^2 = 1; x + y >= 2"])
@pytest.mark.parametrize("command", ["ascend", "descend"])
def test_that_no_point_meets_the_constraints_is_proven(command: str, limits: str) -> None:
    done = circuit(command, "x + y", "--subject-to", limits, "--bounds", "x=-5:5,y=-5:5", "--prove")
    assert done.returncode == 1
    assert "proven  no point within the bounds meets the constraints, after" in done.stdout
    assert "no proof" not in done.stdout + done.stderr


def test_what_only_touches_cannot_be_shown() -> None:
    words = ["--subject-to", "(x - y)^2 = 0", "--bounds", "x=-5:5,y=-5:5", "--prove", "--boxes", "200"]
    done = circuit("descend", "x^2 + y", *words)
    assert done.returncode == 1
    assert "no proof  the minimum is within [" in done.stdout and "inf], after" in done.stdout
    assert "no point is known that certainly meets the constraints" in done.stderr


def test_redundant_constraints() -> None:
    status, record = proved("descend", "x^2 + y^2", "x + y >= 1; 2*x + 2*y >= 2; y >= 1 - x", "x=-5:5,y=-5:5")
    assert status == 0 and record["proof"]["value"] == pytest.approx([0.5, 0.5], rel=1e-9)


def test_a_point_on_an_equality_certainly_is_there() -> None:
    """The upper end is the value of a point that exists, and no rounding below it."""
    status, record = proved("descend", "x", "x^2 = 2", "x=0:5")
    low, high = record["proof"]["value"]
    assert status == 0 and low < high
    assert low**2 <= 2.0 <= high**2  # squares of floats, and the root of 2 is none
    assert high - low <= 4.0 * math.ulp(math.sqrt(2.0))


def test_named_results_and_starts() -> None:
    text = "area = a*b; around = 2*(a + b); area"
    status, record = proved("ascend", text, "around <= 8", "a=0:9,b=0:9", "--starts", "3")
    assert status == 0 and record["proof"]["value"] == pytest.approx([4.0, 4.0], rel=1e-9)


def test_boxes_are_a_limit() -> None:
    words = ["--boxes", "5"]
    status, record = proved("descend", "sin(3*x)*cos(2*y) + x*y/9", "x^2 + y^2 >= 4", "x=-5:5,y=-5:5", *words)
    low, high = record["proof"]["value"]
    assert (status, record["success"]) == (1, False)
    assert low < high and record["proof"]["boxes"] <= 6


def test_the_height_of_a_jump_in_a_constraint_is_no_rounding() -> None:
    status, record = proved("descend", "x", "floor(x) >= 1", "x=0.3:5")
    low, high = record["proof"]["value"]
    assert status == 0 and low <= 1.0 <= high and high - low <= 1e-8


ROWS = "t,y\n0,1\n1,2.9\n2,5.1\n3,7.2\n"


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        ("a <= 0.5", 72.06 - 31.7**2 / 14.0),  # sums of squares by hand
        ("a + b = 2.5; max(a + b*t) <= 6", 2.385),
    ],
)
def test_over_rows(tmp_path: Path, limits: str, value: float) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(ROWS)
    words = ["-a", "0", "-b", "0"]
    done = circuit(
        "descend", "sum((y - (a + b*t))^2)", str(rows), *words, "--subject-to", limits, "--bounds", "a=-9:9,b=-9:9",
        "--prove", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    low, high = json.loads(done.stdout)["proof"]["value"]
    assert low <= value + 1e-12 and value - 1e-12 <= high and high - low <= 1e-8
