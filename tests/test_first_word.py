"""The front door: a line that begins with an expression, with a command of another program, or with a slip."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from circuitcli import __version__
from circuitcli.cli import run
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.other_names import OTHER_NAMES
from tests.support import FILES, circuit


class Typed:
    """Command lines over the files of the tests."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, line: str) -> tuple[int, str, str]:
        status = run(shlex.split(line)[1:])
        return (status, *self._capsys.readouterr())

    def hint(self, line: str) -> str:
        """The last line of a message."""
        status, out, err = self(line)
        assert (status, out) == (2, "")
        return err.splitlines()[-1].strip()


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(FILES)
    return Typed(capsys)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ('"2+3*4"', 14.0),
        ('"x^2" -x 3', 9.0),
        ("x^2 -x=3", 9.0),
        ('-x 3 "x^2"', 9.0),
        ('"-x^2" -x 3', -9.0),
        ("x -x 3", 3.0),
        ("evla -evla 3", 3.0),
        ("minimize -minimize 3", 3.0),
        ("V/2 -V 3", 1.5),
        ("-V 3 V/2", 1.5),
        ("version -version 2", 2.0),
        ("e", 2.718281828459045),
        ("π", 3.141592653589793),
        ('"q = 2; q*3"', 6.0),
        ('"f(a) = a^2; f(3)"', 9.0),
        ("grad-x -grad 3 -x 1", 2.0),
    ],
)
def test_an_expression_is_evaluated(typed: Typed, words: str, value: float) -> None:
    status, out, err = typed(f"circuit {words} --json")
    assert (status, err) == (0, "")
    assert json.loads(out)["value"] == value


def test_a_column_may_be_called_like_a_command(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("rooms,root,grade\n2,4,3\n")
    for column, number in (("rooms", "2.0"), ("root", "4.0"), ("grade", "3.0")):
        done = circuit(column, str(path), "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{number}\n", "")
    assert typed.hint(f"circuit evla {path}") == "did you mean circuit eval?"


@pytest.mark.parametrize("words", ["2x", "2 + 3", "x + 1", "sigmod(1)", "x*y -x 1", "x^2 -x 3 --check", "-x"])
def test_a_mistake_in_it_is_told_as_eval_tells_it(typed: Typed, words: str) -> None:
    assert typed(f"circuit {words}") == typed(f"circuit eval {words}")
    assert typed(f"circuit {words}")[0] == 2


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('circuit evla "x"', "did you mean circuit eval?"),
        ("circuit Grad x -x 2", "did you mean circuit grad?"),
        ("circuit foo", "circuit --help lists the commands; the value of an input: circuit foo -foo 3"),
        ('circuit foo "x^2" -x 3', "circuit --help lists the commands"),
        ("circuit sqrt 2", 'write circuit "sqrt(2)"'),
        ("circuit atan2 1 -2.5", 'write circuit "atan2(1, -2.5)"'),
        ("circuit max 1 2", 'write circuit "max(1, 2)"'),
        ("circuit sigmoid", "circuit gates sigmoid tells of it"),
        ("circuit pts.csv x", 'the expression comes first: circuit eval "x" pts.csv'),
        ("circuit pts.csv 'w*x' -w 2", 'the expression comes first: circuit eval "w*x" pts.csv -w 2'),
        ("circuit pts.csv", 'the expression comes first: circuit eval "count()" pts.csv'),
        ("circuit nowhere.csv", "an expression comes first, in quotes; circuit --help shows how"),
        (
            "circuit pendulum.circuit -T 2 -L 1",
            "to read the expression from it: circuit eval --file pendulum.circuit -T 2 -L 1",
        ),
        ("circuit 'grad x^2' -x 3", 'write circuit grad "x^2" -x 3'),
        ("circuit 'grad \"x + y\" -x 3 -y 2'", 'write circuit grad "x + y" -x 3 -y 2'),
        ("circuit 'diff x^2'", 'write circuit derive "x^2"'),
    ],
)
def test_what_is_no_expression(typed: Typed, line: str, hint: str) -> None:
    assert typed.hint(line) == hint


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ('minimize "x^2" -x 1', 'descend "x^2" -x 1'),
        ('minimize "x^2 + y^2" -y 2', 'descend "x^2 + y^2" -y 2 -x 1'),
        ('maximize "-(x-1)^2" -x=3', 'ascend "-(x-1)^2" -x=3'),
        ('optimize --method adam --step 0.1 "x^2" -x 1', 'descend --method adam --step 0.1 "x^2" -x 1'),
        ('fit "a*exp(-b*t)" decay.csv', 'descend "mean((y - (a*exp(-b*t)))^2)" decay.csv -a 1 -b 1'),
        ('fit "y = w*x" pts.csv -w 2', 'descend "mean((y - (w*x))^2)" pts.csv -w 2'),
        ('fit "y ~ w*x" pts.csv', 'descend "mean((y - (w*x))^2)" pts.csv -w 1'),
        ('fit "w*y" pts.csv', 'descend "mean((x - (w*y))^2)" pts.csv -w 1'),
        ('fit "mean((y - w*x)^2)" pts.csv -w 2', 'descend "mean((y - w*x)^2)" pts.csv -w 2'),
        ('fit "(a-3)^2" -a 1', 'descend "(a-3)^2" -a 1'),
        ('diff "x^2*y"', 'derive "x^2*y"'),
        ('differentiate "x^2*y" x', 'derive "x^2*y" --wrt x'),
        ("derivative x x", 'derive "x" --wrt x'),
        ('diff "x^2*y" x -y 2', 'derive "x^2*y" -y 2 --wrt x -x 1'),
        ('gradient "x*y" -x 1 -y 2 --json', 'grad "x*y" -x 1 -y 2 --json'),
        ('check "x^2" -x 2', 'grad "x^2" -x 2 --check'),
        ('hessian "x^2" -x 2', 'grad "x^2" -x 2 --hessian'),
        ('fsolve "x^2 = 2" -x 1', 'solve "x^2 = 2" -x 1'),
        ('nsolve "x^2 = 2" 1', 'solve "x^2 = 2" -x 1'),
        ('roots "x^2 == x + 1"', 'solve "x^2 == x + 1" -x -10..10'),
        ('nsolve "x + y = 3; x - y = 1"', 'solve "x + y = 3; x - y = 1" -x -10..10 -y -10..10'),
        ('brentq "cos(x) - x" 0 2', 'solve "cos(x) - x" -x 0..2'),
        ('uniroot "x^2 = a" --interval "[0, 3]" -a 2', 'solve "x^2 = a" -x 0..3 -a 2'),
        ('calc "2+3"', 'eval "2+3"'),
        ("compute 2+3", 'eval "2+3"'),
        ('graph "x*y"', 'draw "x*y"'),
        ('code "x^2"', 'export "x^2" --to python'),
        ('compile "x^2" --to c', 'export "x^2" --to c'),
        ("functions", "gates"),
        ("minimize", "descend --help"),
        ("check", "grad --help"),
    ],
)
def test_a_command_of_another_program(typed: Typed, words: str, meant: str) -> None:
    status, out, err = typed(f"circuit {words}")
    assert (status, out) == (2, "")
    assert err == f"circuit: there is no command {words.split()[0]}\n  write circuit {meant}\n"
    status, out, err = typed(f"circuit {meant}")
    assert status == 0 and out


def test_a_session_has_other_names_too(typed: Typed) -> None:
    assert {typed.hint(f"circuit {name}") for name in ("shell", "session")} == {"write circuit repl"}
    assert typed.hint('circuit chart "x^2"') == 'write circuit plot "x^2"'


def test_what_the_shell_would_read_is_quoted(typed: Typed) -> None:
    hint = typed.hint("circuit evaluate 'x$y' --columns 'a b'")
    assert hint.removeprefix("write ") == "circuit eval 'x$y' --columns 'a b'"


def test_other_names_hide_no_command() -> None:
    assert not OTHER_NAMES.keys() & COMMANDS.keys()
    assert {command for command, _ in OTHER_NAMES.values()} <= COMMANDS.keys()


@pytest.mark.parametrize(
    "line", ["version", "-V", "--version", *(f"{name} {v}" for name in COMMANDS for v in ("--version", "-V"))]
)
def test_the_version_is_told_everywhere(typed: Typed, line: str) -> None:
    assert typed(f"circuit {line}") == (0, f"circuit {__version__}\n", "")


def test_the_version_behind_an_expression(typed: Typed) -> None:
    assert typed('circuit grad "x^2" --version')[:2] == (0, f"circuit {__version__}\n")
    assert typed('circuit eval "V/R" -V')[0] == 2  # an input without a value
    assert re.match(r"circuit .*\nrows ", typed("circuit version --verbose")[1])


OPTIONS = {name: {option for param in row.load().params for option in param.opts} for name, row in COMMANDS.items()}
WITH_TO = [name for name, options in OPTIONS.items() if "--to" in options and "--format" not in options]


@pytest.mark.parametrize("name", WITH_TO)
def test_a_form_may_be_asked_for_as_a_format(typed: Typed, name: str) -> None:
    words = "sin" if name == "gates" else "x^2 -x 1..3" if name == "solve" else "x^2 -x 3"
    to, out, _ = typed(f"circuit {name} {words} --to json")
    same, other, _ = typed(f"circuit {name} {words} --format json")
    assert (to, json.loads(out).keys()) == (same, json.loads(other).keys())
    assert typed(f"circuit {name} {words} --format nothing")[0] == 2
    assert "--format" not in typed(f"circuit {name} --help")[1]
