"""A sentence has no number of a node: in it a long operand is written …, and what it says to type is whole."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.support import circuit

NAMES = "abcd"
AT = ["-a", "0.5", "-b", "-1.5", "-c", "2", "-d", "3"]
NUMBER_OF_A_NODE = re.compile(r"#\d")
ROWS = "a,b,c,d\n0.5,-1.5,2,3\n4,5,6,7\n0,0,1,1\n"


def long_expression(chance: random.Random, depth: int = 5) -> str:
    """A generated expression of many operands."""
    if not depth:
        return chance.choice(NAMES)
    left, right = (long_expression(chance, depth - chance.randint(1, 2) if depth > 1 else 0) for _ in "12")
    return chance.choice([f"({left} + {right})", f"{left} * {right}", f"sin({left})*{right}", f"({left} - {right})"])


def faulty(seed: int) -> list[str]:
    """Long expressions that are not finite, at a kink, or hang on rounding."""
    chance = random.Random(seed)
    u, v = f"({long_expression(chance)} + a*b*c*d)", long_expression(chance)
    return [
        f"log({u} - ({u})^2 - 1e9)",
        f"max({u}, {u} + 0*({v}))",
        f"abs({u} - ({u}) + 0*({v}))",
        f"1/({u} - ({u}))*({v})",
        f"log(1 + exp(1000*({u})^2 + 1000)) + {v}",
        f"sqrt(({u})^2 - ({u})^2)*({v}) > {v}",
        f"exp(-1e4*(({u})^2 + 1)) / exp(-1e4*(({u})^2 + 1))",
        f"floor(({u})*3/3 - ({u}))",
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "more", [[], ["--check"], ["--rounding"], ["--hessian"], ["--quiet"], ["--json"], ["--digits", "30"]], ids=str
)
def test_at_a_point(seed: int, more: list[str]) -> None:
    for text in faulty(seed):
        done = circuit("grad", text, *AT, *more)
        assert not NUMBER_OF_A_NODE.search(done.stderr), text


@pytest.mark.parametrize("seed", range(3))
def test_with_uncertainties(seed: int) -> None:
    for text in faulty(seed):
        done = circuit("eval", text, "-a", "0.5±0.1", *AT[2:])
        assert not NUMBER_OF_A_NODE.search(done.stderr), text


@pytest.mark.parametrize("seed", range(3))
def test_over_rows(seed: int, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    for text in faulty(seed):
        u = long_expression(random.Random(seed))
        for words in (
            ["grad", text, str(file)],
            ["grad", f"mean({text})", str(file)],
            ["eval", f"{u} - mean({u})", str(file)],
            ["eval", f"quantile(a, {u})", str(file)],
            ["eval", "a", str(file), "--where", f"a > mean({u})"],
            ["descend", f"mean(k*({text}))", str(file), "-k", "1"],
            ["descend", f"k^2 + max(mean(({u})^2), k)", str(file), "-k", "1"],
        ):
            assert not NUMBER_OF_A_NODE.search(circuit(*words).stderr), words


@pytest.mark.parametrize("seed", range(3))
def test_of_a_search(seed: int) -> None:
    for text in faulty(seed):
        done = circuit("descend", text, *AT, "--steps", "20")
        assert not NUMBER_OF_A_NODE.search(done.stdout.partition("stopped")[2] + done.stderr), text


def test_the_first_pass_of_a_condition_is_whole(tmp_path: Path) -> None:
    file, u = tmp_path / "rows.csv", long_expression(random.Random(7))
    file.write_text(ROWS)
    hint = circuit("eval", "a", str(file), "--where", f"q = {u}; a > mean(q)").stderr.splitlines()[1]
    command = re.search(r'circuit eval "(.+?)" ', hint)
    assert command is not None
    assert circuit("eval", command[1], str(file), "--quiet").returncode == 0


def test_a_kink_between_long_operands() -> None:
    text = "max(a*exp(-b)*sin(c) + b*c*cos(a), a*exp(-b)*sin(c) + b*c*cos(a) + 0*d)"
    assert "max(…, … + 0 * d) is at a kink: " in circuit("grad", text, *AT).stderr


def test_a_stable_form_of_a_long_operand() -> None:
    text = "log(1 + exp(a*exp(c)*sin(c)*b*d*cos(a)*sin(b)*1000))"
    assert "for log(1 + exp(u)) write softplus(u)" in circuit("eval", text, "-a", "5", *AT[2:]).stderr
