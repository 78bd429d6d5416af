"""Every option of every command over every gate, at points that are easy and at those that are not: an answer or a
mistake that is told, and never a word that is not ours."""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from circuitcli.ascent import names
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.exit_status import STATUSES
from circuitcli.gates import GATES
from tests.support import circuit

POINTS = {  # values of the arguments x, y, z
    "easy": ("0.5", "0.75", "2"),
    "edge": ("0", "-0.0", "1"),
    "vast": ("1e308", "-1e308", "1e308"),
    "tiny": ("1e-320", "5e-324", "-1e-320"),
    "no number": ("inf", "nan", "-inf"),
}
PARTS = 4  # of the gates, for as many processes
TURNS = 4  # a command has one in so many pairs of a gate and an option, or of two options, each command others
OURS = ("circuit: ", "note: ", "  ")  # the beginnings of our lines on standard error

# Values of options by their names, where their types do not tell.
WORDS: dict[str, tuple[str, ...]] = {
    "--method": (*names(), "adam:b1=0.5"),
    "--wrt": ("x",),
    "--of": ("f", "value"),
    "--along": ("x=1", "x=0.5,y=-2"),
    "--step": ("0.01", "0", "1e308", "1e-320", "inf", "nan", "0.1*0.9^step", "0.1 - step", "x", "1/0"),
    "--bounds": ("x=-1:1", "x=:1e308"),
    "--range": ("x=-1:1", "x=1e307:1.1e308", "x=0:5e-324", "x=inf:inf"),
    "--claim": ("x = 1", "grad_x = x"),
    "--inputs": ("inputs.json",),
    "--file": ("f.circuit",),
    "--out": ("out", "-"),
    "--path": ("way.jsonl",),
    "--trace": ("trace.jsonl", "-"),
    "--state": ("state.json",),
    "--columns": ("x",),
    "--rename": ("a=b",),
    "--vector": ("x=a,b",),
    "--names": ("a,b",),
    "--delimiter": (";", "tab"),
    "--comment": ("#",),
    "--thousands": (",", "'"),
    "--na": ("NA,-",),
    "--by": ("x",),
    "--cluster": (),  # a process of its own
    "--set": (),  # -x VALUE
}


BINARY = {"arrow", "excel", "parquet", "pdf", "png"}  # that are no text on standard output


def expression(name: str) -> str:
    """A gate of as many arguments as it takes, with as many inputs."""
    row = GATES[name]
    return f"{name}({', '.join('xyz'[: len(row.rules) if not row.many else 3])})"


def uses(text: str) -> list[str]:
    return [name for name in "xyz" if name in text.partition("(")[2]]


def options(command: click.Command) -> Iterator[list[str]]:
    """Each option of a command, with each kind of value, and no option."""
    yield []
    for param in command.params:
        if not isinstance(param, click.Option) or "--help" in param.opts:
            continue
        if param.hidden and "--format" in param.opts:  # --to by another name
            continue
        name = param.opts[0]
        if param.is_flag:
            values: tuple[str | None, ...] = (None,)
        elif name in WORDS:
            values = WORDS[name]
        elif isinstance(param.type, click.Choice):
            values = tuple(map(str, param.type.choices))
        elif isinstance(param.type, click.types.IntParamType):
            values = ("0", "1", "2", "17", "-1")
        elif isinstance(param.type, click.types.FloatParamType):
            values = ("0.01", "0", "1e308", "1e-320", "inf", "nan")
        else:
            values = ("x",)
        for value in values:
            chosen = [name] if value is None else [name, value]
            yield chosen if value not in BINARY else [*chosen, "--out", "out"]


def ours(words: list[str], cwd: Path) -> None:
    """Run a command line and see that its end, and all that it says, is ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = circuit(*words, cwd=cwd)
    assert done.returncode in STATUSES, words
    foreign = [line for line in done.stderr.splitlines() if not line.startswith(OURS)]
    assert not foreign, (words, foreign)
    assert "Error(" not in done.stderr and "Traceback" not in done.stderr, (words, done.stderr)
    assert done.returncode != 2 or done.stderr, words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder but for files that options name."""
    (tmp_path / "inputs.json").write_text('{"x": 0.5}')
    (tmp_path / "f.circuit").write_text("f = x^2\n")
    (tmp_path / "way.jsonl").write_text('{"step": 0, "x": 1.0, "value": 1.0}\n{"step": 1, "x": 0.5, "value": 0.25}\n')
    return tmp_path


def lines(command: str, name: str, point: str) -> Iterator[list[str]]:
    """The command lines of a command over a gate."""
    text = expression(name)
    inputs = [word for pair in zip((f"-{name}" for name in uses(text)), POINTS[point], strict=False) for word in pair]
    short = ["--max-steps", "30"] if command in ("ascend", "descend") else []
    for chosen in options(COMMANDS[command].load()):
        limit = [] if set(chosen) & {"--max-steps", "--steps"} else short
        yield [command, f"f = {text}", *inputs, *chosen, *limit]


COMMANDS_OF_EXPRESSIONS = [name for name, row in COMMANDS.items() if row.expression]


@pytest.mark.parametrize("name", ["count", "sum", "mean", "min", "std", "logsumexp"])
@pytest.mark.parametrize("command", ["eval", "grad", "descend", "derive"])
def test_an_aggregate_at_a_point(command: str, name: str, folder: Path) -> None:
    for words in lines(command, name, "easy"):
        if "--method" not in words:
            ours(words, folder)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("command", COMMANDS_OF_EXPRESSIONS)
def test_every_option_over_every_gate(command: str, part: int, folder: Path) -> None:
    """Every option of a command with each fourth gate, at one of the points by turns."""
    turn = COMMANDS_OF_EXPRESSIONS.index(command)
    for i, name in list(enumerate(GATES))[part::PARTS]:
        everywhere = zip(*(lines(command, name, point) for point in POINTS), strict=True)
        for k, there in enumerate(everywhere):
            if (i // PARTS + k + turn) % TURNS:
                continue
            words = there[(i + k) % len(POINTS)]
            ours(words, folder)
            for left in ("state.json", "trace.jsonl", "out"):
                (folder / left).unlink(missing_ok=True)


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - set(COMMANDS_OF_EXPRESSIONS)))
def test_every_option_of_other_commands(command: str, folder: Path) -> None:
    for chosen in options(COMMANDS[command].load()):
        ours([command, *chosen], folder)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS_OF_EXPRESSIONS)
def test_two_options_at_once(command: str, folder: Path) -> None:
    """Each fourth pair of options, over a gate with a kink."""
    turn = COMMANDS_OF_EXPRESSIONS.index(command)
    every = list(options(COMMANDS[command].load()))
    firsts = {chosen[0]: chosen for chosen in reversed(every) if chosen}
    for (i, one), (k, two) in itertools.combinations(enumerate(firsts.values()), 2):
        if (i + k + turn) % TURNS:
            continue
        short = ["--max-steps", "30"] if command.endswith("scend") and "--max-steps" not in one + two else []
        ours([command, "f = abs(x)*count()", "-x", "0.5", *one, *two, *short], folder)
        for left in set(os.listdir(folder)) - {"inputs.json", "f.circuit", "way.jsonl"}:
            (folder / left).unlink()
