"""Inputs that begin at random numbers, columns as a family, and the few rows of a family at a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from scipy import stats

from tests.support import circuit
from tests.terminal import Terminal

BOWL = "sum((W[i] - i)^2 for i in 1:9)"


def starts(*words: str) -> list[float]:
    done = circuit("descend", BOWL, *words, "--steps", "0", "--json")
    found: list[float] = json.loads(done.stdout)["start"]["inputs"]["W"]
    return found


def test_a_start_goes_by_the_seed_and_the_name_alone() -> None:
    drawn = starts("--init", "W=normal(0, 0.5)")
    assert drawn == starts("--init", "W=normal(0, 0.5)", "--seed", "0")
    assert not {*drawn} & {*starts("--init", "W=normal(0, 0.5)", "--seed", "1")}
    words = ["--init", "b=uniform(0,1), W=normal(0,0.5)", "--steps", "0", "--json"]
    done = circuit("descend", "(W[3] - 1)^2 + b^2", *words)
    assert json.loads(done.stdout)["start"]["inputs"]["W"] == {"3": drawn[2]}


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ("normal(1, 1/sqrt(4))", stats.norm(1, 0.5)),
        ("uniform(-2, 3)", stats.uniform(-2, 5)),
        ("normal(-1e-9, 1e-12)", stats.norm(-1e-9, 1e-12)),
    ],
)
def test_numbers_are_drawn_from_what_is_written(written: str, law: stats.rv_continuous) -> None:
    """By the test of Kolmogorov and Smirnov, whose level a wrong deviation of 10 % would miss by far."""
    done = circuit("descend", "sum(W[i]^2 for i in 1:4000)", "--init", f"W={written}", "--steps", "0", "--json")
    drawn = json.loads(done.stdout)["start"]["inputs"]["W"]
    assert len({*drawn}) == 4000
    assert stats.kstest(drawn, law.cdf).pvalue > 0.001


def test_a_value_stays_and_the_draw_is_told() -> None:
    done = circuit("descend", BOWL, "-W[2]", "5", "--init", "W=uniform(-1, 1)", "--steps", "0", "--json")
    inputs = json.loads(done.stdout)["start"]["inputs"]["W"]
    assert inputs[1] == 5.0 and all(-1 <= x < 1 for x in (inputs[0], *inputs[2:]))
    assert "W[1] to W[9] begin at numbers drawn from uniform(-1, 1), --seed 0" in done.stderr
    assert circuit("descend", BOWL).returncode == 2  # nothing is drawn that nobody asked for


MISTAKES = [
    ("W=gauss(0, 2)", 'write --init "W=normal(0, 2)"'),
    ("W=rand()", 'write --init "W=uniform(-1, 1)"'),
    ("W=uniform(1, 0)", 'write --init "W=uniform(0, 1)"'),
    ("W=normal(0, -2)", 'write --init "W=normal(0, 2)"'),
    ("W=normal(0, 0)", 'write --init "W=normal(0, 1)"'),
    ("W", 'write --init "W=normal(0, 1)"'),
    ("W=0.5", 'write --init "W=normal(0, 1)"'),
    ("w=normal(0, 1)", "did you mean --init 'W=normal(0, 1)'?"),
]


@pytest.mark.parametrize(("word", "hint"), MISTAKES)
def test_a_mistake_gets_the_option_to_type(word: str, hint: str) -> None:
    done = circuit("descend", BOWL, "--init", word)
    assert done.returncode == 2 and hint in done.stderr
    meant = re.search(r"""--init ["']([^"']+)["']""", done.stderr)
    assert meant is not None
    assert circuit("descend", BOWL, "--init", meant[1]).returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--init", "V=normal(0,1)"], "no input is called V"),
        (["-W", "0", "--init", "W=normal(0,1)"], "W has a value"),
        (["--init", "W=normal(0,x)"], "x is no number"),
        (["--init", "W=normal(0,1"], "is no distribution"),
        (["--init", "W=normal(0,2+)"], "ends too early"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(words: list[str], message: str) -> None:
    done = circuit("descend", BOWL, *words)
    assert done.returncode == 2 and message in done.stderr


# ── columns as a family ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("vector", ["x=x1..x3", "x=x1..3", "x=x1,x2..x3", "x = x1 , x2, x3"])
@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
def test_columns_are_a_family(vector: str, engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x1,x2,x3,y\n1,2,3,6\n4,5,6,15\n")
    text = "sum(x[i]*i for i in 1:3)"
    done = circuit("eval", text, "a.csv", "--vector", vector, "--quiet", *engine, cwd=tmp_path)
    assert done.stdout == "14.0\n32.0\n"


def test_zeros_before_a_number_stay(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x08,x09,x10\n1,2,3\n")
    done = circuit("eval", "x[1] + 10*x[2] + 100*x[3]", "a.csv", "--vector", "x=x08..x10", "--quiet", cwd=tmp_path)
    assert done.stdout == "321.0\n"


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        ("x", "names no family"),
        ("x=", "has an empty name"),
        ("x=x3..x1", "is no range of columns"),
        ("x=x1..y3", "is no range of columns"),
        ("x=x1..x9999999", "is no range of columns"),
        ("x=x1..x9", "has no column x4 to rename"),
        ("2=x1..x3", "names no family"),
    ],
)
def test_mistakes_of_vectors(vector: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x1,x2,x3\n1,2,3\n")
    done = circuit("eval", "x[1]", "a.csv", "--vector", vector, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr


# ── few rows at a terminal ──────────────────────────────────────────────────────────────────────────────────

NET = (
    "h[j] = relu(sum(w1[j,i]*x[i] for i in 1:2) + b1[j]) for j in 1:16;"
    "g[j] = relu(sum(w2[j,i]*h[i] for i in 1:16) + b2[j]) for j in 1:16;"
    "score = sum(w3[j]*g[j] for j in 1:16) + b3"
)
SET = ["-x", "0.5,-1", "-w1", "0.1", "-w2", "0.2", "-w3", "0.3", "-b1", "1", "-b2", "0", "-b3", "0"]


def screen(*words: str) -> list[str]:
    """The lines that a person sees."""
    terminal = Terminal(*words, "--color", "never")
    terminal.leave("")
    return terminal.lines


@pytest.mark.parametrize("words", [["grad", NET, *SET], ["descend", f"{NET}; score^2", *SET, "--steps", "2"]])
def test_a_net_has_a_legible_table(words: list[str]) -> None:
    """Of 337 parameters and 1,200 gates, in at most 40 lines of 80 columns."""
    lines = [line for line in screen(*words) if line.strip()]
    assert len(lines) <= 40
    (row,) = [line for line in lines if line.startswith(" w2 (16 × 16)")]
    assert "norm 3.2 " in row  # 256 numbers of 0.2: 16 * 0.2
    assert re.search(r"in a pipe, and with --json, (each has its own|every node is)", "".join(lines))


def test_small_matrices_are_matrices() -> None:
    text = "sum(sum(A[i,j]*y[j] for j in 1:3)^2 for i in 1:2) + sum(z[i]^2 for i in 1:50)"
    set_to = ["-A", "1,2,3; 4,5,6", "-y", "1", "-z", "0", "--wrt", "A,y,z"]
    shown = "\n".join(screen("descend", text, *set_to, "--steps", "0"))
    assert re.search(r"A\[1,:\] +1  2  3 ", shown) and re.search(r"A\[2,:\] +4  5  6 ", shown)
    assert re.search(r"z \(50\) +norm 0 ", shown)
