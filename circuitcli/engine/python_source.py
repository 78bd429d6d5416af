"""A recorded program as Python source: one function without a loop over nodes, for many evaluations of one point at a
time. It computes to the bit what `floats` computes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.traced_program import Program

# Where Python's own operators do what `floats` does.
_WRITTEN = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "neg": "-{}",
    "where": "{1} if {0} else {2}",
    "lt": "{} < {}",
    "le": "{} <= {}",
    "gt": "{} > {}",
    "ge": "{} >= {}",
    "eq": "{} == {}",
    "ne": "{} != {}",
    "truth": "{} != 0.0",
    "isnan": "{0} != {0}",
    "and_": "{} and {}",
    "or_": "{} or {}",
    "not_": "not {}",
}


class Source:
    """The lines of a program as text. `names` are its inputs, which are local variables of the same order: `x0`,
    `x1`; the others are constants of the text."""

    def __init__(self, program: Program, names: Sequence[str], given: Mapping[str, float]) -> None:
        self.known: dict[str, Any] = {}  # what the text calls by a name of ours
        self.lines: list[str] = []
        self._texts: list[str] = []
        moving = {name: f"x{i}" for i, name in enumerate(names)}
        known = program.scalars(given)
        for k, (op, args, _, leaf) in enumerate(program.lines):
            if op == "column":
                self._texts.append(moving[leaf])
            elif k in known:
                self._texts.append(self._constant(known[k]))
            else:
                self._texts.append(f"v{k}")
                self.lines.append(f"v{k} = {self._written(op, [self._texts[a] for a in args])}")
        self.outputs = [self._texts[k] for k in program.outputs]

    def _constant(self, x: Any) -> str:
        if isinstance(x, bool) or math.isfinite(x):
            return repr(x) if isinstance(x, bool) or x > 0.0 else f"({x!r})"
        self.known[name := f"c{len(self.known)}"] = x
        return name

    def _written(self, op: str, args: list[str]) -> str:
        if op in _WRITTEN:
            return _WRITTEN[op].format(*args)
        self.known[op] = getattr(FLOATS, op)
        if op == "div":
            return f"{args[0]} / {args[1]} if {args[1]} else div({args[0]}, {args[1]})"
        return f"{op}({', '.join(args)})"


def function(head: str, lines: Sequence[str], known: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of a head such as `f(x0, x1)` and the lines of its body."""
    scope: dict[str, Any] = {"__builtins__": {"range": range}, **known}
    text = "\n    ".join([f"def {head}:", *lines])
    exec(compile(text, "<circuit>", "exec"), scope)
    found: Callable[..., Any] = scope[head.partition("(")[0]]
    return found
