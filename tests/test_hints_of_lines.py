"""A hint on a command line can be typed: what it says to write gives an answer."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.support import circuit
from tests.test_cli import at_a_terminal, plain

LINES = [  # a command, its hint or the beginning of it, and commands that follow it
    # units
    (
        "eval a -a 30deg",
        "write -a 30*pi/180, or 30 where the expression is in deg",
        ["eval a -a 30*pi/180", "eval a -a 30"],
    ),
    ("eval a -a '-30 degrees'", "write -a -30*pi/180, or -30 where", ["eval a -a -30*pi/180"]),
    ("eval a -a 1Meg", "write -a 1e6, or 1 where", ["eval a -a 1e6"]),
    ("eval a -a 1e3meg", "write -a 1e3*1e6, or 1e3 where", ["eval a -a 1e3*1e6"]),
    ("eval a -a 10K", "write -a 10e3, or 10 where", ["eval a -a 10e3"]),
    ("eval a -a 2m", "write -a 2e-3, or 2 where", ["eval a -a 2e-3"]),
    ("eval a -a 100cm", "write -a 100e-2, or 100 where", ["eval a -a 100e-2"]),
    ("eval a -a 5min", "write -a 5*60, or 5 where", ["eval a -a 5*60"]),
    ("eval a -a 72km/h", "write -a 72/3.6, or 72 where", ["eval a -a 72/3.6"]),
    ("eval a -a 5kg", "write -a 5, in the units of the expression", ["eval a -a 5"]),
    (
        "eval a -a '12.3 ± 0.1 mV'",
        'write -a 12.3e-3±0.1e-3, or "12.3 ± 0.1" where the expression is in mV',
        ["eval a -a 12.3e-3±0.1e-3", "eval a -a '12.3 ± 0.1'"],
    ),
    ("eval a -a 5mV±2%", "write -a 5e-3±2%, or 5±2% where", ["eval a -a 5e-3±2%", "eval a -a 5±2%"]),
    ("eval a -a '30±1 deg'", 'write -a "30*pi/180±(1*pi/180)", or 30±1', ["eval a -a '30*pi/180±(1*pi/180)'"]),
    # uncertainties and several numbers
    ("eval a -a 1,000±0,002", "write -a 1.000±0.002", ["eval a -a 1.000±0.002"]),
    ("eval a -a '12.3 +0.1/-0.2'", "write -a 12.3±0.15, with the mean of both; or", ["eval a -a 12.3±0.15"]),
    ("eval a -a '12.3 -0.2/+0.1'", "write -a 12.3±0.15, with the mean of both; or", ["eval a -a 12.3-0.2/0.1"]),
    (
        "eval a -a 1,2",
        'write -a 1.2: the sign of decimals is .; several are for a family: circuit eval "sum(a[i] for i in 1:2)"',
        ["eval a -a 1.2", "eval 'sum(a[i] for i in 1:2)' -a 1,2"],
    ),
    ("eval a -a '1 2 3'", "one number is wanted; several are", ["eval 'sum(a[i] for i in 1:3)' -a 1,2,3"]),
    ("eval a -a '[1, -2]'", "one number is wanted; several are", ["eval 'sum(a[i] for i in 1:2)' -a 1,-2"]),
    ("eval 'sum(a[i] for i in 1:2)' -a '1 2'", "commas are between", ["eval 'sum(a[i] for i in 1:2)' -a 1,2"]),
    # options and columns
    ("eval (12.3±0.1)*x -x 2", "an uncertainty belongs", ["eval y*x -x 2 -y 12.3±0.1"]),
    (
        "eval p=x*y pts.csv --columns -y,-when",
        "name those that stay: --columns id,x,p",
        ["eval p=x*y pts.csv --columns id,x,p"],
    ),
    ("descend a^2 -a 1 --optimizer sgd", "did you mean --method gradient?", ["descend a^2 -a 1 --method gradient"]),
    ("descend a^2 -a 1 --algo gradient_descent", "did you mean --method gradient?", []),
    ("descend a^2 -a 1 --method L-BFGS-B", "write --method lbfgs", ["descend a^2 -a 1 --method lbfgs"]),
    ("grad a^2 -a 3 --epsilon 1e-4", "did you mean --difference central --h 1e-4?", []),
    ("draw a^2 --to dot", "did you mean --format dot?", ["draw a^2 --format dot"]),
    ("eval x*y pts.csv --header", "leave it out", ["eval x*y pts.csv"]),
    ("eval x*y pts.csv --skip-header", "leave it out", ["eval x*y pts.csv"]),
    # commands
    ("guide", "circuit help guide shows", ["help guide"]),
    ("tutorial", "circuit help guide shows", ["help guide"]),
    ("micrograd", "circuit help micrograd shows", ["help micrograd"]),
    ("head pts.csv", "for its first rows write circuit eval", ['eval "x" pts.csv --head 5']),
    ("eval a*b a=3, b=4", "to set inputs write -a 3 -b 4", ["eval a*b -a 3 -b 4"]),
]
MENDED = {  # a command: the one that its hint writes
    # lists in several words, and ranges
    "eval p=x*y pts.csv --columns x p": 'eval "p=x*y" pts.csv --columns x,p',
    "eval p=x*y pts.csv --columns x, p": 'eval "p=x*y" pts.csv --columns x,p',
    "grad a*b -a 1 -b 2 --wrt a b": 'grad "a*b" -a 1 -b 2 --wrt a,b',
    "eval V*I pts.csv --rename x=V y=I": 'eval "V*I" pts.csv --rename x=V --rename y=I',
    "grad a*b -a 1 -b 2 --claim a=b b=a": "grad \"a*b\" -a 1 -b 2 --claim 'a=b; b=a'",
    "descend a^2+b^2 -a 1 -b 1 --bounds a=0:9 b=0:1": 'descend "a^2+b^2" -a 1 -b 1 --bounds a=0:9,b=0:1',
    "descend a^2 -a 1 --bounds a 0 9": 'descend "a^2" -a 1 --bounds a=0:9',
    "plot a^2 --range a -2 2": 'plot "a^2" --range a=-2:2',
    "plot a^2 --range a=-2:2:0.1": 'plot "a^2" --range a=-2:2',
    "plot a^2 --range a=-2:0.1:2": 'plot "a^2" --range a=-2:2',
    # names to differentiate by
    "derive a^2*b da": 'derive "a^2*b" --wrt a',
    "derive a^2*b --by a": 'derive "a^2*b" --wrt a',
    # options of other programs
    "descend a^2+b^2 --start a=1,b=0.1": 'descend "a^2+b^2" -a 1 -b 0.1',
    "eval a^2 --set a=3": 'eval "a^2" -a 3',
    "grad a^2 -a 3 -h 1e-4": 'grad "a^2" -a 3 --difference central --h 1e-4',
    "eval x*y pts.csv -d ,": 'eval "x*y" pts.csv --delimiter ,',
    "eval x*y pts.csv -F ,": 'eval "x*y" pts.csv --delimiter ,',
    # inputs
    "eval (a+b)*c -a -2 -b5 -c-4": 'eval "(a+b)*c" -a -2 -b 5 -c -4',
    "eval a*b -a=-2, -b=5": 'eval "a*b" -a=-2 -b=5',
    "eval a*b -a 1,-b 2": 'eval "a*b" -a 1 -b 2',
    "eval a*b -a 1, -b 2": 'eval "a*b" -a 1 -b 2',
    "eval a*b -a 1 , -b 2": 'eval "a*b" -a 1 -b 2',
    "eval a^2 at a=3": 'eval "a^2" -a 3',
    "eval a*b at a=3, b=4": 'eval "a*b" -a 3 -b 4',
}


@pytest.mark.parametrize(("mistake", "hint", "commands"), LINES, ids=[line[0] for line in LINES])
def test_of_a_line(mistake: str, hint: str, commands: list[str]) -> None:
    done = circuit(*shlex.split(mistake))
    assert done.returncode == 2, done
    assert done.stderr.strip().splitlines()[-1].strip().startswith(hint), done.stderr
    for command in commands:
        done = circuit(*shlex.split(command))
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("mistake", "right"), MENDED.items())
def test_the_line_is_mended(mistake: str, right: str) -> None:
    done = circuit(*shlex.split(mistake))
    assert done.returncode == 2, done
    assert done.stderr.strip().splitlines()[-1].strip() == f"write circuit {right}"
    done = circuit(*shlex.split(right))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "line",
    ["eval p=x*y pts.csv --columns p decay", "grad a*b -a 1 -b 2 --wrt a c", "eval x pts.csv --columns x nothing"],
)
def test_other_words_are_not_joined(line: str) -> None:
    assert "write circuit" not in circuit(*shlex.split(line)).stderr


@pytest.mark.parametrize("line", ["eval a -a 'max(1,2)'", "eval a -a '12.3 + 0.1 - 0.2'", "eval a -a 12+3/4"])
def test_what_was_right_stays_right(line: str) -> None:
    assert circuit(*shlex.split(line)).returncode == 0


def test_files_that_the_shell_put_for_a_star(tmp_path: Path) -> None:
    for name in ("a.csv", "b.txt"):
        (tmp_path / name).write_text("x\n1\n")
    done = circuit("eval", "2", "+", "y", "a.csv", "b.txt", "4", "-y", "4", cwd=tmp_path)
    assert done.stderr.endswith('in place of *: write circuit eval "2 + y * 4" -y=4\n')
    assert circuit("eval", "2 + y * 4", "-y=4").returncode == 0


@pytest.mark.parametrize("step", [10, 100, 5000])
def test_a_shorter_step_is_one_that_climbs(step: float) -> None:
    words = "descend", "(a-3)^2", "-a", "1"
    done = circuit(*words, "--step", str(step))
    assert done.returncode != 0
    shorter = (done.stdout + done.stderr).partition("--step")[2].lstrip(" ,").split()[0]
    assert circuit(*words, "--step", shorter).returncode == 0, shorter


def test_a_list_of_examples_says_that_nothing_is_written() -> None:
    """To people: a pipe gets the names alone."""
    assert "note: nothing is written; circuit example " in plain(at_a_terminal("example"))
    assert circuit("example").stderr == ""
