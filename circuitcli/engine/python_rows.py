"""Traced programs over rows in Python alone: slow, with nothing to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.engine import range_flags
from circuitcli.engine.block_sums import LEAF
from circuitcli.engine.number_list import NumberList
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.primitives import PRIMITIVES

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Scalars
    from circuitcli.engine.traced_program import TracedProgram

Lists = Mapping[str, Sequence[float]]


class PythonKernel:
    """A program as Python source: a loop over rows, without one over instructions."""

    def __init__(self, program: TracedProgram, scalars: Scalars) -> None:
        self.program = program
        columns = [*program.columns]
        source = PythonSource(program, columns, scalars)
        places = [f"column{i}" for i in range(len(columns))]
        appends = [f"append{j}" for j in range(len(source.outputs))]
        xs = ", ".join([f"x{i}" for i in range(len(columns))])
        head = f"for {xs}, in zip({', '.join(places)}):" if columns else "for _ in count:"
        lines = [*source.lines, *[f"{append}({text})" for append, text in zip(appends, source.outputs, strict=True)]]
        body = [head, *[f"    {line}" for line in lines or ["pass"]]]
        parameters = ", ".join([*places, *appends, "count"])
        self._run: Callable[..., None] = function(f"rows({parameters})", body, {**source.known, "zip": zip})

    def rows(self, columns: Lists, count: int) -> tuple[list[list[float]], bool]:
        """The outputs over so many rows, and whether numbers on the way may have underflowed."""
        found: list[list[float]] = [[] for _ in self.program.outputs]
        range_flags.clear()
        self._run(*[columns[name] for name in self.program.columns], *[out.append for out in found], range(count))
        return found, range_flags.raised() or self.program.underflowed


def leaf_sum(numbers: Sequence[float]) -> float:
    """The sum of a block, in the order of arrays: of its leaves first, then of neighbours."""
    parts = [NumberList(numbers[i : i + LEAF]).sum() for i in range(0, len(numbers), LEAF)]
    while len(parts) > 1:
        even = len(parts) // 2 * 2
        parts = [a + b for a, b in zip(parts[0:even:2], parts[1:even:2], strict=True)] + parts[even:]
    return parts[0]


def has_one_answer(program: TracedProgram) -> bool:
    """Whether every engine computes a program to the same bits: functions of the C library may differ in the last digit
    from those that vectors have."""
    ops = {program.lines[k].op for k in program.rows}
    return not any(PRIMITIVES[op].in_c for op in ops if op in PRIMITIVES)
