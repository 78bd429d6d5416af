"""Command lines: every command with any of its options, and values that fit them or do not."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import click

from circuitcli.cli.command_table import COMMANDS
from tests.fuzz.case import HOSTILE, OUT, Case
from tests.fuzz.texts import damaged, values

APART = {  # options that reach out of the process
    "--cluster": "starts processes, or waits for an answer of the network",
    "--help": "is nothing to judge",
}
TEXTS = (
    "x*y",
    "(x+y)*z",
    "sum(x*y)",
    "mean((y-c*x-d)^2)",
    "max(x,y)-z",
    "f(a)=a^2; q=f(x); q+y",
    "m=mean(x); s=std(x)",
    "abs(x)+abs(y)",
    "100-(x-y)^2",
    "gamma(x)",
    "x",
    "3",
    "count()",
    "where(x>0,sqrt(x),0)",
    "x=1;y=2;x/y",
)
FILES = {
    "points.csv": b"x,y,id\n1,2,007\n3,4,a\n5,6,\n",
    "bad.csv": b'x,y\n1,2\nnine,4\n"5\n6",7\n8\n',
    "odd.csv": b"\xef\xbb\xbfx,$(touch owned)\r\n1,\x1b[2J\r\n",
    "empty.csv": b"",
    "plain.csv": b"1,2\n3,4\n",
    "points.tsv": b"x\ty\n1\t2\n",
    "points.jsonl": b'{"x": 1, "y": 2}\n{"x": "NaN", "y": 3, "u": [1, {"v": null}]}\n',
    "inputs.json": b'{"x": 1, "y": "2\xc2\xb10.1", "inputs": {"x": 3}}',
    "model.circuit": b"#!/usr/bin/env circuit\nf(a) = a^2\nx = 3\nf(x) + y\n",
    "no.text": b"\xff\xfe\x00x",
    "folder/inner.csv": b"x,y\n1,2\n",
}
COLUMNS = {ord("x"): "", ord("y"): ""}  # that most of the files have
NAMES = (
    *FILES,
    "folder",
    "none.csv",
    "-",
    "",
    f"{OUT}.csv",
    f"{OUT}.jsonl",
    f"{OUT}.parquet",
    f"{OUT}.svg",
    f"{OUT}.json",
)
NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "0.5",
    "1e-9",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "x",
    "",
    "7",
    "20",
    "1e-320",
    "0x10",
    "१",
)
WORDS = (
    "x",
    "y",
    "x,y",
    "q",
    "x=0:1",
    "x=:1",
    "x=1:0",
    "y=nan:2",
    "x=y",
    "x=-3..3",
    "x=0:1:5",
    ",",
    "=",
    "adam",
    "lbfgs:m=2",
)
LARGEST = 20  # where a number is the amount of work


def draw(chance: Random) -> Case:
    """A command line."""
    if chance.random() < 0.08:
        return _completion(chance)
    name = chance.choice([*COMMANDS])
    words = [name]
    command = _commands()[name]
    files = [chance.choice([*FILES]) for _ in range(chance.choice((0, 0, 0, 1, 1, 2)))]
    if COMMANDS[name].expression and chance.random() < 0.95:
        text = chance.choice(TEXTS)
        words.append(damaged(chance, text) if chance.random() < 0.1 else text)
        words += values(chance, text.translate(COLUMNS if files else {}))
    words += files
    options = [option for option in command.params if isinstance(option, click.Option) and option.opts[0] not in APART]
    for option in chance.sample(options, min(len(options), chance.choice((0, 0, 1, 1, 2, 4)))):
        if option.name != "sets":
            words += _worded(chance, option)
    if chance.random() < 0.1:
        words.insert(
            chance.randrange(len(words) + 1), chance.choice((*HOSTILE, *WORDS, *NUMBERS, "--", "-", "-x", "--nope"))
        )
    stdin = chance.choice((b"", b"x,y\n1,2\n", b"x*y", b'{"x": 1}', b"x = 3\nx^2\n:grad\n:draw y\n", b"\xff\0"))
    raw = words[0] == "export" or bool({"--format", "--state"} & {*words})  # whatever a file is called
    return Case(words, dict(FILES), stdin, stdout="bytes" if raw else "", facts={"passes": raw})


def _worded(chance: Random, option: click.Option) -> list[str]:
    """An option, with a value where it takes one."""
    if option.is_flag:
        return [option.opts[0]]
    return [option.opts[0], _value(chance, option.type)]


def _value(chance: Random, kind: click.ParamType[Any]) -> str:
    if chance.random() < 0.1:
        return chance.choice((*HOSTILE, *WORDS, *NUMBERS, *NAMES))
    if isinstance(kind, click.Choice):
        return str(chance.choice([*kind.choices]))
    if isinstance(kind, click.types.IntParamType):
        return str(chance.randrange(-1, LARGEST))
    if isinstance(kind, click.types.FloatParamType):
        return chance.choice(NUMBERS)
    return chance.choice(NAMES if isinstance(kind, click.Path) else (*WORDS, *NUMBERS, *TEXTS, *NAMES))


def _completion(chance: Random) -> Case:
    """A line on which somebody has pressed the key that completes it."""
    words = [
        "circuit",
        chance.choice([*COMMANDS, "gr", ""]),
        chance.choice((*TEXTS, *HOSTILE, "'x +", '"')),
        chance.choice(NAMES),
    ]
    words.append(chance.choice(("-", "--", "--to", "sig", "")))
    count = chance.randrange(1, len(words) + 1)
    env = {"_CIRCUIT_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words[:count]), "COMP_CWORD": str(count - 1)}
    return Case([], files=dict(FILES), env=env)


@cache
def _commands() -> dict[str, click.Command]:
    return {name: row.load() for name, row in COMMANDS.items()}
