"""Texts of expressions: grown by the grammar, taken from the cases, and then damaged."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from circuitcli.constants import CONSTANTS
from circuitcli.gates import ALIASES, GATES
from tests.fuzz.case import HOSTILE, Case
from tests.support import HERE, rows

INPUTS = ("x", "y", "z")
NUMBERS = (
    "0",
    "1",
    "2",
    "-1",
    "0.5",
    "1e-3",
    "1e308",
    "1e-308",
    "5e-324",
    "1e400",
    "3",
    "10",
    "1_000",
    "0.1",
    ".5",
    "5.",
)
POINTS = ("0", "-0", "1", "-1", "2", "0.5", "1e-200", "1e200", "inf", "-inf", "nan", "pi/4", "12±0.1", "1e308", "-3.7")
SIGNS = ("+", "-", "*", "/", "^", "**", "//", "%", "<", "<=", ">", ">=", "==", "and", "or", "×", "÷", "−", "·")
ODD = (
    *"()=,;\n\t #\"'\\?:@$~`|&![]{}<>^%\0\x1b\u202e\u2028\u2029\ufeff\xa0²½πτ∞é́ﬂ𝑥数\U0001f600\ud800",
    *(
        "not ",
        "if(",
        "x!",
        "|x|",
        "2x",
        "1,000",
        "lambda",
        "9^9^9^9",
        "f(a)=a*a;",
        "x=1;",
        "±",
        "+/-",
        "1(2)",
        "0x1f",
        "1e",
    ),
    *HOSTILE,
)
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\w|\s*\()")
_DEFINED = re.compile(r"(?:^|[;\n])\s*(\w+)\s*=(?!=)")
DEEP = 400  # parentheses, of which a recursive parser would die
FORMS = {"--json": "json", "--to=jsonl": "jsonl", "--to=csv": "csv", "--to=tsv": "tsv", "--quiet": "", "--to=table": ""}
COMMANDS = (
    ("eval", ("--digits=30", "--test", "--allow-nonfinite")),
    ("grad", ("--check", "--explain", "--hessian", "--rounding", "--digits=30", "--difference=central")),
    ("derive", ("--quiet",)),
)


def draw(chance: Random) -> Case:
    """A command about a text."""
    text = damaged(chance, _grown(chance, chance.randint(0, 5)) if chance.random() < 0.7 else chance.choice(_known()))
    words = values(chance, text)
    kind = chance.random()
    if kind < 0.1:
        language, form = chance.choice(
            (("python", "python"), ("json", "json"), ("c", ""), ("javascript", ""), ("latex", ""))
        )
        return Case(["export", f"--to={language}", *words, "--", text], stdout=form)
    if kind < 0.15:
        form = chance.choice(("svg", "dot", "mermaid"))
        return Case(["draw", f"--format={form}", *words, "--", text], stdout=form)
    command, options = chance.choice(COMMANDS)
    form = chance.choice([*FORMS])
    more = [chance.choice(options)] if chance.random() < 0.3 else []
    return Case([command, form, *more, *words, "--", text], stdout=FORMS[form])


def values(chance: Random, text: str) -> list[str]:
    """Words that set most of the inputs that a text may have."""
    found = {*_NAME.findall(text)} - {*_DEFINED.findall(text), *CONSTANTS, "a", "b", "and", "or", "not"}
    return [f"-{name}={chance.choice(POINTS)}" for name in sorted(found) if chance.random() < 0.97]


def _grown(chance: Random, depth: int) -> str:
    """Statements, of which the last is an expression."""
    before = []
    if chance.random() < 0.3:
        before.append(f"f(a, b) = {_expression(chance, 2, ('a', 'b'))}")
    if chance.random() < 0.3:
        before.append(f"q = {_expression(chance, 2, INPUTS)}")
    last = _expression(chance, depth, (*INPUTS, "q") if before else INPUTS)
    return chance.choice(("; ", "\n")).join([*before, last])


def _expression(chance: Random, depth: int, names: tuple[str, ...]) -> str:
    if depth == 0:
        return chance.choice(
            (chance.choice(names), chance.choice(names), chance.choice(NUMBERS), chance.choice([*CONSTANTS]))
        )
    inner = [_expression(chance, depth - 1 if k == 0 else chance.randrange(depth), names) for k in range(3)]
    match chance.randrange(7):
        case 0 | 1:
            return f"{inner[0]} {chance.choice(SIGNS)} {inner[1]}"
        case 2:
            return f"({inner[0]})"
        case 3:
            return f"{chance.choice('-+')}{inner[0]}"
        case 4:
            return f"{inner[0]} ? {inner[1]} : {inner[2]}"
        case _:
            gate = chance.choice(_gates())
            arity = len(GATES[gate].rules) if gate in GATES and chance.random() < 0.9 else chance.randrange(4)
            return f"{gate}({', '.join(inner[:arity])})"


@cache
def _gates() -> list[str]:
    return [*GATES, *ALIASES]


@cache
def _known() -> list[str]:
    return [
        str(case["expr"])
        for path in sorted((HERE / "cases").glob("*.jsonl"))
        for case in rows(path.stem)
        if len(str(case.get("expr", "x" * 999))) < 300
    ]


def damaged(chance: Random, text: str) -> str:
    """A text in which some places are others."""
    if chance.random() < 0.02:
        return "(" * DEEP + text + ")" * DEEP
    for _ in range(chance.choice((0, 0, 0, 0, 1, 1, 2, 5))):
        at, length = chance.randrange(len(text) + 1), chance.randrange(1, 6)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(ODD) + text[at:]
            case 1:
                text = text[:at] + text[at + length :]
            case 2:
                text = text[:at] + chance.choice(ODD) + text[at + length :]
            case _:
                other = chance.randrange(len(text) + 1)
                text = text[:at] + text[other : other + length * 3] + text[at:]
    return text.replace("\0", "")  # which no word of a command line can have
