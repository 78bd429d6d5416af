"""`--prove`: nothing within the bounds is better, held to points all over them and to optima that are known."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from math import sin
from pathlib import Path
from random import Random
from typing import Any

import pytest

from circuitcli.api import Circuit
from tests.support import circuit
from tests.test_solve import random_text


def proved(command: str, text: str, bounds: str, *words: str) -> tuple[int, dict[str, Any]]:
    """The status and the record."""
    done = circuit(command, text, "--bounds", bounds, "--prove", "--json", *words)
    return done.returncode, json.loads(done.stdout)


# Problems of our own with optima that follow by hand: a text, its bounds, the least value, and where it is taken.
KNOWN = [
    ("(x - 1)^2 + (y + 2)^2", "x=-5:5,y=-5:5", 0.0, {"x": 1.0, "y": -2.0}),
    ("(x - 1)^2 + (y + 2)^2", "x=2:5,y=-5:5", 1.0, {"x": 2.0, "y": -2.0}),  # at an edge
    ("x - y", "x=-1:3,y=-2:7", -8.0, {"x": -1.0, "y": 7.0}),  # in a corner
    ("abs(x - 1/3) + abs(y)", "x=-5:5,y=-5:5", 0.0, {"x": 1 / 3, "y": 0.0}),  # at a kink
    ("max(x, -2*x) + 1", "x=-5:5", 1.0, {"x": 0.0}),
    ("cos(x) + x^2/1000", "x=-20:20", None, {}),
    ("floor(x)", "x=-1.5:4", -2.0, {}),  # flat, and jumps
    ("x < 1 ? (x + 1)^2 : x - 5", "x=-3:4", -4.0, {"x": 1.0}),  # at a jump
    ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "x=-5:5,y=-5:5", 0.0, {}),
    ("sqrt(x) + 1", "x=-1:4", 1.0, {"x": 0.0}),  # at the edge of its domain
    ("-x*exp(-x)", "x=0:10", -0.36787944117144233, {"x": 1.0}),
]


@pytest.mark.parametrize(("text", "bounds", "value", "where"), KNOWN, ids=[row[0] + row[1] for row in KNOWN])
def test_known_optima(text: str, bounds: str, value: float | None, where: dict[str, float]) -> None:
    status, record = proved("descend", text, bounds)
    low, high = record["proof"]["value"]
    assert status == 0 and record["proof"]["proven"] and record["success"]
    if value is not None:
        assert low <= value + 1e-12 and value - 1e-12 <= high and high - low <= 1e-8 * max(1.0, abs(value))
    names = list(record["inputs"])
    for name, x in where.items():
        boxes = [box[names.index(name)] for box in record["proof"]["inputs"]]
        assert any(a - 1e-9 <= x <= b + 1e-9 for a, b in boxes)
    mirrored, other = proved("ascend", f"-({text})", bounds)
    assert mirrored == 0 and other["proof"]["value"] == [-high, -low]


@pytest.mark.parametrize("scale", ["1", "1e-9", "1e9"])
@pytest.mark.parametrize("seed", range(8))
def test_no_value_is_below_a_proven_minimum(seed: int, scale: str) -> None:
    random = Random(seed)
    body = random_text(random, 3).replace("x", "u").replace("eup", "exp") + " + 0*u"
    factor = random.choice(["1e-12", "1", "1e12"])
    done = circuit(
        "descend", f"u = x/{scale}; {factor}*({body})", "--bounds", f"x=-3*{scale}:4*{scale}", "--prove", "--json",
        "--boxes", "3000",
    )  # fmt: skip
    record = json.loads(done.stdout)
    low, high = (float(end) for end in record["proof"]["value"])
    plain = Circuit(body)
    values = [float(factor) * plain(u=-3.0 + 7.0 * i / 2000) for i in range(2001)]
    slack = 1e-12 * max(map(abs, values))
    assert low - slack <= min(values) and high <= min(values) + slack + 1e-6 * abs(high)
    assert done.returncode == (0 if record["proof"]["proven"] else 1)


def test_units_do_not_matter() -> None:
    boxes = set()
    for scale in ("1e-9", "1", "1e9"):
        status, record = proved("descend", f"u = x/{scale}; u^2 + 10*sin(3*u)", f"x=-7*{scale}:8*{scale}")
        boxes.add(record["proof"]["boxes"])
        assert status == 0 and record["proof"]["value"][0] <= -9.731804794 <= record["proof"]["value"][1] + 1e-8
    assert max(boxes) <= 3 * min(boxes)


def test_a_flat_sum_of_cosines_in_three_dimensions() -> None:
    terms = " + ".join(f"{n}^2 - cos(2*pi*{n})" for n in "xyz")
    status, record = proved("descend", terms, "x=-2:3,y=-2:3,z=-2:3")
    assert status == 0 and record["proof"]["value"][0] == pytest.approx(-3.0)


# ── no proof ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_boxes_and_time_are_limits() -> None:
    text, bounds = "sin(50*x)*cos(49*y) + (x - y)^2", "x=-9:8,y=-9:8"
    done = circuit("descend", text, "--bounds", bounds, "--prove", "--boxes", "20")
    assert done.returncode == 1 and "no proof" in done.stdout and "looks closer" in done.stderr
    done = circuit("descend", text, "--bounds", bounds, "--prove", "--max-time", "0.3")
    assert done.returncode == 1 and "a longer --max-time looks closer" in done.stderr


@pytest.mark.parametrize("text", ["1/x", "log(x)"])
def test_no_end_is_no_proof(text: str) -> None:
    status, record = proved("descend", text, "x=0:1" if "log" in text else "x=-1:1")
    assert status == 1 and not record["success"] and record["proof"]["value"][0] == "-Infinity"


def test_nowhere_a_value() -> None:
    done = circuit("descend", "sqrt(x)", "--bounds", "x=-2:-1", "--prove")
    assert done.returncode == 1 and "no point within the bounds has a value" in done.stdout


def test_a_trace_has_the_status_of_the_proof() -> None:
    words = ("descend", "sin(50*x)*cos(49*y) + (x - y)^2", "--bounds", "x=-9:8,y=-9:8", "--prove", "--boxes", "20")
    done = circuit(*words, "--trace", "-")
    assert done.returncode == 1 and json.loads(done.stdout.splitlines()[0])["step"] == 0


def test_a_start_is_gone_on_from() -> None:
    status, record = proved("descend", "x^2 + 10*sin(3*x)", "x=-10:10", "-x", "5")
    x = record["inputs"]["x"]
    assert status == 0 and x**2 + 10.0 * sin(3.0 * x) == pytest.approx(-9.731804795)


def test_in_files_and_tables(tmp_path: Path) -> None:
    words = ("descend", "(x - 1)^2", "--bounds", "x=-3:3", "--prove")
    assert circuit(*words, "--to", "csv").stdout == "x,value,status,value_lo,value_hi\n1.0,0.0,gtol,0.0,0.0\n"
    file = tmp_path / "best.json"
    assert circuit(*words, "--out", str(file)).returncode == 0
    assert json.loads(file.read_text())["proof"]["proven"]
    assert "proven  the minimum is 0" in circuit(*words).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_tells_how_far_it_came(number: signal.Signals) -> None:
    text = " + ".join(f"sin(50*{n} + {k})*cos(49*{n}*x)" for k, n in enumerate("xyzuv"))
    words = [sys.executable, "-m", "circuitcli", "descend", text, "--prove", "--bounds"]
    bounds = ",".join(f"{n}=-9:8" for n in "xyzuv")
    process = subprocess.Popen([*words, bounds], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        process.communicate(timeout=3.0)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130 and "no proof  the minimum is within" in out


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("floor(x/0.1)", "x=-0.3:0.3"),
        ("(x/1e-9)^4*ceil(x/1e-9)", "x=-3e-9:3e-9"),
        ("u = x/1e-9; max((u > x/1e-9 ? 1 : u) + 2, u - asin(u))^2", "x=-3e-9:3e-9"),
        ("u = x/1e-9; 2*u^3 - min(u > x/1e-9 ? -2.43 : u, u)", "x=0:1e-9"),
    ],
)
def test_the_height_of_a_jump_is_no_rounding(text: str, bounds: str) -> None:
    status, record = proved("descend", text, bounds, "--boxes", "1000")
    low, high = record["proof"]["value"]
    assert status == 1 or high - low <= 1e-6 * abs(high)
