"""Ranges, roots and proofs that are asked for in another way: the hint has the whole line, which gives an answer."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.support import circuit

FAMILY = "circuit descend \"sum(x[i]^2 for i in 1:3)\" -x 1,2,3 --subject-to '{}'"
LINES = {  # what is typed, and the line of its hint
    'solve "x^2 = 2"': 'circuit solve "x^2 = 2" -x -10..10',
    'solve "x^2 = 2" -x -3:3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" -x "[-3, 3]"': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" -x "-3 to 3"': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" -x -3 3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" x=-3:3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" x -3 3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" "-3<x<3"': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" --bounds x=-3:3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" --range x=-3:3 --json': 'circuit solve "x^2 = 2" --json -x -3..3',
    'solve "x^2 = 2" --interval "[-3, 3]"': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" --x -3..3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = 2" --wrt x -x -3..3': 'circuit solve "x^2 = 2" -x -3..3',
    'solve "x^2 = a" -x -3..3': 'circuit solve "x^2 = a" -x -3..3 -a 1',
    'solve "x^2 = y; y = x + 1" -x -3..3': 'circuit solve "x^2 = y; y = x + 1" -x -3..3 -y -10..10',
    'solve "c = 2; x^2 = c" --bounds x=0:3': 'circuit solve "c = 2; x^2 = c" -x 0..3',
    'solve "x[1] = 1; x[2] = 2" -x 0:3': 'circuit solve "x[1] = 1; x[2] = 2" -x 0..3',
    'solve "E - e*sin(E) = M" -e 0.1 -M 0.8': 'circuit solve "E - e*sin(E) = M" -E -10..10 -M 0.8 -e 0.1',
    'findroot "x^2 = 2"': 'circuit solve "x^2 = 2" -x -10..10',
    'uniroot "x^2 = a" --interval "[0, 3]" -a 2': 'circuit solve "x^2 = a" -x 0..3 -a 2',
    'descend "x^2" -x 1..2 --prove': 'circuit descend "x^2" --prove --bounds x=1:2',
    'descend "x^2" -x 1..2': 'circuit descend "x^2" -x 1 --bounds x=1:2',
    'ascend "x + y" -x 1..2 -y 3 --prove': 'circuit ascend "x + y" -y 3 --prove --bounds x=1:2 --wrt x',
    'descend "x^2 + y" -x 1..2 -y 0:1 --prove': 'circuit descend "x^2 + y" --prove --bounds x=1:2,y=0:1',
    # equations side by side, and conditions among them
    'solve "x^2 + y^2 = 4" "x*y = 1" -x 1 -y 2': 'circuit solve "x^2 + y^2 = 4; x*y = 1" -x 1 -y 2',
    'solve "{x^2 + y^2 = 4, x*y = 1}" -x 1 -y 2': 'circuit solve "x^2 + y^2 = 4; x*y = 1" -x 1 -y 2',
    'solve "x^2 + y^2 = 4 and x*y = 1" -x 1 -y 2': 'circuit solve "x^2 + y^2 = 4; x*y = 1" -x 1 -y 2',
    'solve "[x + y = 4, x*y = 1]"': 'circuit solve "x + y = 4; x*y = 1" -x -10..10 -y -10..10',
    'solve "x^2 = 2, x > 0" -x 1': 'circuit solve "x^2 = 2" -x 1 --bounds x=0:',
    'solve "x^2 = 2; x > 0" -x -3..3': 'circuit solve "x^2 = 2" -x 0..3',
    'solve "x^2 = 2" "x > 0"': 'circuit solve "x^2 = 2" -x 0..10',
    'solve "x^2 = 2" -x 1 --subject-to "x >= 0"': 'circuit solve "x^2 = 2" -x 1 --bounds x=0:',
    'solve "x^2 = 2" --x0 1': 'circuit solve "x^2 = 2" -x 1',
    # constraints within the expression, and those of a family
    'descend "x^2 s.t. x >= 1" -x 3': "circuit descend \"x^2\" -x 3 --subject-to 'x >= 1'",
    'descend "x^2 subject to x >= 1" -x 3': "circuit descend \"x^2\" -x 3 --subject-to 'x >= 1'",
    'descend "minimize x^2 subject to x >= 1, x <= 5" -x 3': (
        "circuit descend \"x^2\" -x 3 --subject-to 'x >= 1; x <= 5'"
    ),
    'descend "maximize 4 - x^2 such that x >= 1" -x 3': "circuit ascend \"4 - x^2\" -x 3 --subject-to 'x >= 1'",
    'descend "sum(x[i]^2 for i in 1:3)" -x 1,2,3 --subject-to "x[i] >= 1"': FAMILY.format("x[i] >= 1 for i in 1:3"),
    'descend "sum(x[i]^2 for i in 1:3)" -x 1,2,3 --subject-to "x >= 1"': FAMILY.format("x[i] >= 1 for i in 1:3"),
    'descend "sum(x[i]^2 for i in 1:3)" -x 1,2,3 --subject-to "sum(x) = 1"': (
        FAMILY.format("sum(x[i] for i in 1:3) = 1")
    ),
    'descend "sum(x[i]^2 for i in 1:3)" -x 1,2,3 --subject-to "x[i] >= 1 for all i"': (
        FAMILY.format("x[i] >= 1 for i in 1:3")
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_the_whole_line(line: str) -> None:
    done = circuit(*shlex.split(line))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"  write {LINES[line]}"
    assert circuit(*shlex.split(LINES[line])[1:]).returncode == 0


PARTS = {  # what is typed, and the words of its hint that go behind
    'descend "x^2" --prove': "--bounds x=-10:10",
    'descend "x^2" --prove --bounds x=2:': "--bounds x=2:12",
    'descend "x^2 + y" --prove --bounds x=:1,y=0:1': "--bounds x=-10:1,y=0:1",
    'descend "x^2" --prove --bounds x=1:1': "--bounds x=0:2",
    'solve "x^2 = 2" -x 0..inf': "-x 0..1e6",
    'solve "x^2 = 2" -x -inf..5': "-x -1e6..5",
}


@pytest.mark.parametrize("line", PARTS)
def test_some_words(line: str) -> None:
    done = circuit(*shlex.split(line))
    assert done.returncode == 2
    assert re.fullmatch(r"  write (?:for example )?(.*)", done.stderr.splitlines()[-1])[1] == PARTS[line]  # type: ignore[index]
    command, expression, *rest = shlex.split(line)
    kept = [word for word in rest if word == "--prove"]
    assert circuit(command, expression, *kept, *PARTS[line].split()).returncode == 0


TEXTS = {  # equations that are written in another way, and how to write them
    "x^2 <= 2": "x^2 = 2",
    "x^2 == 2 and y == 1": "x^2 == 2; y == 1",
    "q = x^2*y": "x^2*y = 0",
}


@pytest.mark.parametrize("text", TEXTS)
def test_an_equation_in_its_place(text: str) -> None:
    names = [name for name in ("x", "y") if name in text]
    unknown = [word for name in names for word in (f"-{name}", "0..3" if ";" in TEXTS[text] or name == "x" else "2")]
    done = circuit("solve", text, *unknown)
    assert done.returncode == 2 and re.search(f"write .*{re.escape(TEXTS[text])}", done.stderr)
    assert circuit("solve", TEXTS[text], *unknown).returncode in (0, 3)
