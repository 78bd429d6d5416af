"""The little Julia that exported code is written in, read as Python: there is no Julia in any registry that we have.

Functions of Julia's Base raise errors outside their domains, as its manual says of each; so do those here.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from typing import Any

import numpy as np

BLOCK = re.compile(r"(function|if|elseif|else|while|for)\b(.*)")
KEPT = {"if", "else", "while", "for", "in", "return"}  # words of both languages
PYTHONS = re.compile(rf"\b({'|'.join(sorted({*keyword.kwlist} - KEPT))})\b")
STEPS = (
    (re.compile(r"^return (.*) \? (.*) : (.*)$"), r"return (\2) if (\1) else (\3)"),
    (re.compile(r"&&"), "and"),
    (re.compile(r"\|\|"), "or"),
    (re.compile(r"!(?=[\w(])(?<!append!)"), "not "),
    (re.compile(r"append!"), "append"),
    (re.compile(r"\^"), "**"),
    (re.compile(r"\.\*"), "*"),
    (re.compile(r"\(1:(\w+)\)"), r"np.arange(1.0, \1 + 1)"),
    (re.compile(r"\[2:end\]"), "[1:]"),
    (re.compile(r" in (.+):-1:1$"), r" in range(\1, 0, -1)"),
    (re.compile(r" in (\d):(.+)$"), r" in range(\1, \2 + 1)"),
)


class DomainError(Exception):
    """As Julia's: a function has no value at an argument."""


def python_of(text: str) -> str:
    """The text of a file of Julia as Python; `circuit` returns the value and the list of the gradient."""
    lines, depth = [], 0
    for line in _whole_lines(PYTHONS.sub(r"\1__", text)):
        if line == "end" or line.startswith("else"):
            depth -= 1
        if line != "end":
            lines.append("    " * depth + _statement(line))
        if BLOCK.match(line):
            depth += 1
    assert depth == 0
    return "\n".join(lines)


def _whole_lines(text: str) -> list[str]:
    """The lines without comments, those in brackets as one."""
    text = re.sub(r'^"""$.*?^"""$', "", text, flags=re.MULTILINE | re.DOTALL)
    found: list[str] = []
    open_brackets = 0
    for line in text.split("\n"):
        line = re.sub(r"\s*#.*$|^\".*\"$", "", line).strip()
        if open_brackets:
            found[-1] += f" {line}"
        elif line:
            found.append(line)
        open_brackets += len(re.findall(r"[(\[]", line)) - len(re.findall(r"[)\]]", line))
    return found


def _statement(line: str) -> str:
    answer = re.fullmatch(r"return \(value = (.*), gradient = \((.*)\)\)", line)
    if answer is not None:
        slopes = re.sub(r'(^|, )(?:var"[^"]*"|\w+) = ', r"\1", answer[2].strip(" ;"))
        line = f"return {answer[1]}, [{slopes}]"
    for pattern, python in STEPS:
        line = pattern.sub(python, line)
    block = BLOCK.match(line)
    if block is None:
        return line
    word = {"function": "def", "elseif": "elif"}.get(block[1], block[1])
    return f"{word}{block[2].replace('; ', ', *, ') if word == 'def' else block[2]}:"


def _within(function: Callable[..., Any], outside: Callable[..., bool]) -> Callable[..., Any]:
    def checked(*xs: Any) -> Any:
        if outside(*xs):
            raise DomainError(function.__name__, xs)
        return function(*map(np.float64, xs))

    return checked


def _unit(x: float) -> bool:
    return abs(x) > 1.0


BASE: dict[str, Any] = {
    "np": np,
    "NaN": np.float64("nan"),
    "Inf": np.float64("inf"),
    "Float64": np.float64,
    "Int": int,
    "ifelse": lambda c, x, y: np.float64(x if c else y),
    "append": lambda terms, more: terms.extend(more),
    "reverse": lambda terms: terms[::-1],
    "vcat": lambda *parts: np.concatenate(parts),
    "atan": lambda *xs: np.arctan2(*xs) if len(xs) == 2 else np.arctan(*xs),
    "round": np.rint,
    "rem": np.fmod,
    **{name: getattr(np, name) for name in ("isnan", "isinf", "isfinite", "copysign", "hypot", "abs", "floor", "ceil")},
    **{name: getattr(np, name) for name in ("trunc", "cbrt", "exp", "exp2", "expm1", "sinh", "cosh", "tanh")},
    "asinh": np.arcsinh,
    **{name: _within(getattr(np, name), lambda x: x < 0.0) for name in ("sqrt", "log", "log2", "log10")},
    **{name: _within(getattr(np, name), np.isinf) for name in ("sin", "cos", "tan")},
    "log1p": _within(np.log1p, lambda x: x < -1.0),
    "asin": _within(np.arcsin, _unit),
    "acos": _within(np.arccos, _unit),
    "acosh": _within(np.arccosh, lambda x: x < 1.0),
    "atanh": _within(np.arctanh, _unit),
}


def circuit_of(text: str) -> Callable[..., tuple[float, list[float]]]:
    """The function `circuit` of a file of Julia."""
    names = dict(BASE)
    exec(compile(python_of(text), "<julia>", "exec"), names)
    circuit: Callable[..., tuple[float, list[float]]] = names["circuit"]
    return circuit
