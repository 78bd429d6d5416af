"""A straight program: instructions in order, each computed from earlier ones, for any number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from circuitcli.engine.floats import FLOATS

CONSTANT, SCALAR, ROW = 0, 1, 2  # what is known when: at once, before the rows, for each row

CONDITIONS = ("lt", "le", "gt", "ge", "eq", "ne", "truth", "isnan", "and_", "or_", "not_")
NUMBERS = (
    *("add", "sub", "mul", "div", "neg", "pow", "fmod", "where", "abs", "copysign", "max", "min"),
    *("floor", "ceil", "trunc", "round", "sqrt", "cbrt", "hypot", "exp", "exp2", "expm1"),
    *("log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("erf", "erfc", "gamma", "lgamma", "digamma", "polygamma"),
)


class Instruction(NamedTuple):
    """One line of a program: what to compute, from which earlier lines, and how often. A leaf has the `leaf` that it
    stands for: the name of a column or of a scalar, or a constant."""

    op: str
    args: tuple[int, ...] = ()
    rank: int = CONSTANT
    leaf: Any = None


class Program:
    """Instructions in order, and which of them are the outputs."""

    def __init__(self, lines: Sequence[Instruction], outputs: Sequence[int]) -> None:
        self.lines = lines
        self.outputs = outputs
        self.columns = {line.leaf: k for k, line in enumerate(lines) if line.op == "column"}
        self.rows = [k for k, line in enumerate(lines) if line.rank == ROW and line.op != "column"]
        self._constants = {k: line.leaf for k, line in enumerate(lines) if line.op == "constant"}
        self._given = [(k, line.leaf) for k, line in enumerate(lines) if line.op == "scalar"]
        self._before = [(k, line) for k, line in enumerate(lines) if line.rank != ROW and line.args]

    def once(self) -> tuple[Program, list[int]]:
        """The program with each output once, and where the outputs of this one are among those."""
        different = list(dict.fromkeys(self.outputs))
        return Program(self.lines, different), [different.index(k) for k in self.outputs]

    def scalars(self, given: Mapping[str, float]) -> dict[int, Any]:
        """What is known before the rows: the constants, the scalars, and what is computed from them alone."""
        known = self._constants.copy()
        for k, leaf in self._given:
            known[k] = given[leaf]
        for k, (op, args, _, _) in self._before:
            known[k] = getattr(FLOATS, op)(*[known[a] for a in args])
        return known

    def is_condition(self, k: int) -> bool:
        """Whether a line is true or false, and no number."""
        return self.lines[k].op in CONDITIONS or isinstance(self.lines[k].leaf, bool)
