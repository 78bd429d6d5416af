"""A traced program: instructions in order, each computed from earlier ones, for any number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.held_gates import HeldGate
from circuitcli.primitives import CONDITIONS

CONSTANT, SCALAR, ROW = 0, 1, 2  # when a line is known: at once, before the rows, for each row


class Instruction(NamedTuple):
    """One line of a program: a primitive, the earlier lines that it takes, and how often it runs. A leaf is "column",
    "scalar" or "constant" instead, and has the name or the number that it stands for."""

    op: str
    args: tuple[int, ...] = ()
    rank: int = CONSTANT
    leaf: str | float = ""


class TracedProgram:
    """Instructions in order, and the numbers of those that are the outputs. `underflowed`: a number that was computed
    at once did."""

    def __init__(self, lines: Sequence[Instruction], outputs: Sequence[int], underflowed: bool = False) -> None:
        self.lines = lines
        self.underflowed = underflowed
        self.outputs = outputs
        self.columns = {str(line.leaf): k for k, line in enumerate(lines) if line.op == "column"}
        self.rows = [k for k, line in enumerate(lines) if line.rank == ROW and line.op != "column"]
        self._constants = {k: line.leaf for k, line in enumerate(lines) if not isinstance(line.leaf, str)}
        self._given = [(k, str(line.leaf)) for k, line in enumerate(lines) if line.op == "scalar"]
        self._before = [(k, line) for k, line in enumerate(lines) if line.rank != ROW and line.args]

    def once(self) -> tuple[TracedProgram, list[int]]:
        """The program with each output once, and the place of each output of this one among those."""
        different = list(dict.fromkeys(self.outputs))
        return TracedProgram(self.lines, different, self.underflowed), [different.index(k) for k in self.outputs]

    def scalars(self, given: Mapping[str, float]) -> dict[int, float]:
        """The lines that are known before the rows: constants, scalars, and the lines computed from them alone."""
        known = self._constants.copy()
        for k, leaf in self._given:
            known[k] = given[leaf]
        for k, (op, args, _, _) in self._before:
            known[k] = getattr(FLOATS, op)(*[known[a] for a in args])
        return known

    @cached_property
    def holds(self) -> bool:
        """Whether a line is a gate that holds a circuit, of which there is no machine code."""
        return any(isinstance(line.op, HeldGate) for line in self.lines)

    def is_condition(self, k: int) -> bool:
        """Whether a line is true or false, and no number."""
        return self.lines[k].op in CONDITIONS or isinstance(self.lines[k].leaf, bool)
