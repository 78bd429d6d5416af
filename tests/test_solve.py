"""`circuit solve`: all roots in a box, held to NumPy's, and to changes of sign on fine grids."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from circuitcli.api import Circuit
from tests.support import circuit


def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
    """The status of a line, its output and its notes."""
    done = circuit(*words, stdin=stdin)
    return done.returncode, done.stdout, done.stderr


def roots(text: str, *words: str) -> tuple[int, list[dict[str, object]], str]:
    """The status, the roots and the notes."""
    status, out, err = run("solve", text, *words, "--json")
    return status, json.loads(out)["roots"], err


def ends(root: dict[str, object], name: str = "x") -> tuple[float, float]:
    inputs = root["inputs"]
    assert isinstance(inputs, dict)
    low, high = inputs[name]
    return low, high


# ── against other sources ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(12))
def test_polynomials_have_the_roots_of_numpy(seed: int) -> None:
    random = Random(seed)
    coefficients = [1.0, *(float(random.randint(-6, 6)) for _ in range(random.randint(2, 5))), 7.0]
    text = " + ".join(f"{c}*x^{len(coefficients) - 1 - i}" for i, c in enumerate(coefficients))
    status, found, _ = roots(text, "-x", "-30..30")
    real = sorted(z.real for z in np.roots(coefficients) if abs(z.imag) < 1e-9)
    assert all(b - a > 1e-3 for a, b in pairwise(real))
    assert status == (0 if real else 1) and len(found) == len(real)
    for root, x in zip(found, real, strict=True):
        low, high = ends(root)
        assert root["proof"] == "exactly one" and low - 1e-9 <= x <= high + 1e-9 and high - low < 1e-9


def changes(value: Callable[[float], float], low: float, high: float, count: int) -> Iterator[float]:
    """The places where a continuous function changes its sign, on a grid."""
    grid = [low + (high - low) * i / count for i in range(count + 1)]
    for (a, b), (left, right) in zip(pairwise(grid), pairwise(map(value, grid)), strict=True):
        if left * right < 0.0:
            while (middle := 0.5 * (a + b)) not in (a, b):
                a, b = (middle, b) if (value(middle) < 0.0) == (left < 0.0) else (a, middle)
            yield a


ATOMS = ("x", "sin({})", "cos({})", "exp({}/3)", "({} + {})", "({} - {})", "({}*{})", "({})^2", "abs({})", "tanh({})")


def random_text(random: Random, depth: int) -> str:
    """A continuous function of x."""
    if depth == 0:
        return random.choice(["x", f"{random.uniform(-3.0, 3.0):.3f}", "x"])
    form = random.choice(ATOMS)
    return form.format(*(random_text(random, depth - 1) for _ in range(form.count("{}"))))


@pytest.mark.parametrize("scale", ["1", "1e-9", "1e9"])
@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_overlooked(seed: int, scale: str) -> None:
    random = Random(seed)
    text = random_text(random, 3).replace("x", "u").replace("eup", "exp")
    program = f"u = x/{scale}; {text} = {random.uniform(-1.0, 1.0):.3f}"
    if "u" not in text:
        program += " + u"
    left, right = program.partition("; ")[2].split(" = ")
    plain = Circuit(f"({left}) - ({right})")
    status, found, _ = roots(program, "-x", f"-3*{scale}..4*{scale}", "--boxes", "5000")
    places = [x * float(scale) for x in changes(lambda u: plain(u=u), -3.0, 4.0, 700)]
    for x in places:
        slack = 1e-12 * abs(x) + 1e-14 * float(scale)
        assert any(low - slack <= x <= high + slack for low, high in map(ends, found)), (program, x)
    ones = [ends(root) for root in found if root["proof"] == "exactly one"]
    assert all(a[1] < b[0] for a, b in pairwise(ones))
    for low, high in ones:  # there is one, and no second within: the sides change places at most once
        near = [plain(u=(low + (high - low) * i / 20) / float(scale)) for i in range(21)]
        assert sum(1 for a, b in pairwise(near) if a * b < 0.0) <= 1
    assert status in (0, 1, 3)


def test_a_wave_and_a_line() -> None:
    status, found, _ = roots("sin(10*x) = x/2", "-x", "-3..3")
    places = [*changes(lambda x: math.sin(10.0 * x) - 0.5 * x, -3.0, 3.0007, 60_000)]
    assert status == 0 and len(found) == len(places) == 11
    assert all(low - 1e-12 <= x <= high + 1e-12 for x, (low, high) in zip(places, map(ends, found), strict=True))


def test_a_system_has_the_roots_of_two_circles() -> None:
    status, found, _ = roots("x^2 + y^2 = 5; (x - 1)^2 + (y - 2)^2 = 4", "-x", "-9..9", "-y", "-9..9")
    assert status == 0 and len(found) == 2
    for root in found:
        (x, _), (y, _) = ends(root), ends(root, "y")
        assert x**2 + y**2 == pytest.approx(5) and (x - 1) ** 2 + (y - 2) ** 2 == pytest.approx(4)


# ── what is proven of each ──────────────────────────────────────────────────────────────────────────────────────

CLAIMS = [
    ("x^2 = 0", "-x -3..3", 0, ["exactly one"]),  # double, and a float
    ("(x - 0.3)^2 = 0", "-x -3..3", 3, ["perhaps"]),  # double, and none
    ("x^3 = 0", "-x -3..3", 3, ["at least one"]),
    ("abs(x) = 0", "-x -3..3", 3, ["at least one"]),
    ("1/x = 0", "-x -3..3", 1, []),  # a pole is no root
    ("1/x = 2", "-x -3..3", 0, ["exactly one"]),
    ("tan(x) = 1", "-x -3..3", 0, ["exactly one", "exactly one"]),
    ("1/x = 1/(x - 1) + 1", "-x -3..3", 1, []),
    ("sin(x)/x = 0", "-x -1..1", 3, ["perhaps"]),
    ("sqrt(x) = 0", "-x -3..3", 3, ["at least one"]),
    ("log(x) = 0", "-x -3..3", 0, ["exactly one"]),
    ("max(x, 0) = 0", "-x -3..3", 3, ["every point", "at least one"]),
    ("x - x = 0", "-x -3..3", 0, ["every point"]),
    ("exp(x) = 0", "-x -3..3", 1, []),
    ("x = 3", "-x -3..3", 0, ["exactly one"]),  # at the edge
    ("x = 3.5", "-x -3..3", 1, []),
    ("x^2 = 2; x^4 = 5", "-x -3..3", 1, []),
    ("x^2 = 2; x^4 = 4", "-x 0..3", 3, ["perhaps"]),
]


@pytest.mark.parametrize(("text", "range", "status", "claims"), CLAIMS, ids=[claim[0] for claim in CLAIMS])
def test_claims(text: str, range: str, status: int, claims: list[str]) -> None:
    found, listed, err = roots(text, *range.split())
    assert (found, [root["proof"] for root in listed]) == (status, claims)
    assert all(("doubt" in root) == (root["proof"] in ("perhaps", "at least one")) for root in listed)
    assert all(str(root["doubt"]) in err for root in listed if "doubt" in root)


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_form() -> None:
    words = ["solve", "x^2 = 2", "-x", "0..3"]
    low, high = 1.414213562373095, 1.4142135623730952
    assert run(*words, "--quiet")[1] == "[1.4142135623730949, 1.4142135623730952] exactly one\n"
    assert run(*words, "--to", "csv")[1] == f"x_lo,x_hi,proof\n{low},{high},exactly one\n"
    assert run(*words, "--to", "tsv")[1].split("\n")[1] == f"{low}\t{high}\texactly one"
    row = json.loads(run(*words, "--to", "jsonl")[1])
    assert row == {"x_lo": low, "x_hi": high, "proof": "exactly one"}
    record = json.loads(run(*words, "--json")[1])
    assert record["inputs"] == {"x": [low, high]} and record["complete"] and record["success"]
    assert "there is no other within these ranges" in run(*words)[1]
    assert "\x1b[" in run(*words, "--color", "always")[1]


def test_a_root_goes_on_in_a_pipe() -> None:
    _, out, _ = run("solve", "x^2 = a", "-x", "0..3", "-a", "4", "--json")
    status, out, _ = run("eval", "x*x + a", "--inputs", "-", "--quiet", stdin=out)
    assert (status, out) == (0, "8\n")


def test_several_roots_go_on_in_a_pipe() -> None:
    """Both ways that the message names have the squares of the roots of x^2 = 2."""
    words = ("solve", "x^2 = 2", "-x", "-3..3")
    status, _, err = run("eval", "x*x", "--inputs", "-", stdin=run(*words, "--json")[1])
    assert status == 2 and "has 2 roots, and inputs have one value each" in err
    assert "jq '.roots[0]'" in err and "- --interval x=x_lo:x_hi" in err
    first = json.dumps(json.loads(run(*words, "--json")[1])["roots"][0])
    assert json.loads(run("eval", "x*x", "--inputs", "-", "--json", stdin=first)[1])["value"] == pytest.approx([2, 2])
    rows = run("eval", "x*x", "-", "--interval", "x=x_lo:x_hi", "--to", "jsonl", stdin=run(*words, "--to", "jsonl")[1])
    assert len(rows[1].splitlines()) == 2, rows
    none = run(*words[:1], "x^2 = -1", *words[2:], "--json")[1]
    assert "has no root" in run("eval", "x*x", "--inputs", "-", stdin=none)[2]


def test_limits_are_told() -> None:
    status, found, err = roots("sin(1/x)", "-x", "-1..1", "--boxes", "300")
    assert status == 3 and "--boxes 3000 looks further" in err and found
    status, _, err = roots("sin(1/x)", "-x", "-1..1", "--max-time", "0.2")
    assert status == 3 and "--max-time" in err


def test_an_interrupt_keeps_what_was_found() -> None:
    words = [sys.executable, "-m", "circuitcli", "solve", "sin(1/x)", "-x", "-1..1", "--to", "csv"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        process.communicate(timeout=2.0)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130 and "exactly one" in out and "there may be roots beside these" in err


@pytest.mark.parametrize(
    ("line", "status", "out"),
    [
        (":solve x^2 = c -x 0..3", 0, "exactly one"),
        ("solve x^2 = c -x 0..3", 0, "exactly one"),
        ("solve q = 1 -t 0..3 --quiet", 0, "exactly one"),
        (':solve "g(x) = 0" -x 0..3', 0, "exactly one"),
        (":solve x = cos(x) -x 1", 0, "0.7390851332"),
        (':solve "x = -cos(x)" -x -1', 0, "-0.7390851332"),
        (":solve E - e*sin(E) = M -E 1 -e 0.1 -M 0.8", 0, "0.8768743613"),
        (":solve y = 2 -x; y = x^2 -x 1 -y 1", 0, "root: all equations hold"),
        (":solve x^2 = c", 2, ""),
    ],
)
def test_a_session_knows_the_names(line: str, status: int, out: str) -> None:
    found, printed, err = run("repl", stdin=f"c = 2\nq = t^2 - c\ng(a) = a^2 - c\n{line}\n")
    assert found == status and out in printed
    if status:
        assert "write :solve x^2 = c -x -10..10" in err


def test_every_point_of_what_is_printed_is_a_root() -> None:
    """At 3 the floor is 3, and the table must not say that it is 2."""
    for words in ([], ["--quiet"], ["--digits", "3"]):
        done = circuit("solve", "floor(x) = 2", "-x", "0..5", *words)
        (line,) = [line for line in done.stdout.splitlines() if "every point" in line]
        low, high = map(float, line[line.index("[") + 1 : line.index("]")].split(","))
        assert math.floor(low) == math.floor(high) == 2
