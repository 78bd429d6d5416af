"""A traced program as Python source: one function without a loop over nodes, to evaluate many points one at a time. It
agrees with `floats` to the bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.held_gates import HeldGate

# The primitives that Python's own operators compute as `floats` does; the others are calls of it.
WRITTEN = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{0} / {1} if {1} else div({0}, {1})",
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


class PythonSource:
    """The lines of a program as text. Its inputs `names` are local variables `x0`, `x1` and so on, in this order; other
    inputs are constants of the text."""

    def __init__(self, program: TracedProgram, names: Sequence[str], given: Mapping[str, float]) -> None:
        self.known: dict[str, object] = {}  # functions and constants, by their names in the text
        self.lines: list[str] = []
        self._texts: list[str] = []
        moving = {name: f"x{i}" for i, name in enumerate(names)}
        known = program.scalars(given)
        for k, (op, args, _, leaf) in enumerate(program.lines):
            if op == "column":
                self._texts.append(moving[str(leaf)])
            elif k in known:
                self._texts.append(self._constant(known[k]))
            else:
                self._texts.append(f"v{k}")
                self.lines.append(f"v{k} = {self._written(op, [self._texts[a] for a in args])}")
        self.outputs = [self._texts[k] for k in program.outputs]

    def _constant(self, x: float) -> str:
        if isinstance(x, bool) or math.isfinite(x):
            return repr(x) if isinstance(x, bool) or x > 0.0 else f"({x!r})"
        self.known[name := f"c{len(self.known)}"] = x
        return name

    def _written(self, op: str, args: list[str]) -> str:
        if isinstance(op, HeldGate):
            self.known[name := f"h{len(self.known)}"] = getattr(FLOATS, op)
            return f"{name}({', '.join(args)})"
        self.known[op] = getattr(FLOATS, op)
        return WRITTEN[op].format(*args) if op in WRITTEN else f"{op}({', '.join(args)})"


def function(head: str, lines: Sequence[str], known: Mapping[str, object]) -> Callable[..., Any]:
    """The function of a head such as `f(x0, x1)` and the lines of its body."""
    scope: dict[str, Any] = {"__builtins__": {"range": range}, **known}
    text = "\n    ".join([f"def {head}:", *lines])
    exec(compile(text, "<circuit>", "exec"), scope)
    found: Callable[..., Any] = scope[head.partition("(")[0]]
    return found
