"""The lesson of a backward pass as a table: a line a path, which starts with its gate."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.analysis.explain import LONGEST, EdgeStep, PathSum, local_formulas
from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS
from circuitcli.notation import HIDDEN, SHORT, operands, written_nodes
from circuitcli.render.palette import GRADIENT_ON_SCREEN
from circuitcli.render.text_table import Column, PrintedTable, width

LONGEST_PAIR = 64  # characters of a formula and its number
SHORTEST = 12  # of the same, and of an expression, where a terminal has hardly room for numbers
LENGTHS = (24, 18, 12)  # of an expression, at terminals ever more narrow
FEWER_DIGITS = (8, 6, 5, 4)
TOGETHER = 2  # parts of a sum in one line
Told = Sequence[EdgeStep | PathSum]


def lesson_table(point: Point, told: Told, digits: int) -> PrintedTable:
    """The steps of a lesson at a point. A terminal that is too narrow has a line for each gate, too, fewer letters, and
    at last fewer digits of numbers that are not whole."""

    def narrow(room: int) -> PrintedTable:
        tries = [(digits, n, 2 * n) for n in LENGTHS]
        tries += [(fewer, SHORTEST, SHORTEST) for fewer in (digits, *FEWER_DIGITS) if point.m is FLOATS]
        tries.append((tries[-1][0], SHORTEST // 2, SHORTEST))
        table = _gates_above(Lines(point, told, digits, SHORT, LONGEST_PAIR))
        for size in tries:
            if width(table) > room:
                table = _gates_above(Lines(point, told, *size))
        return table

    return _gates_beside(Lines(point, told, digits, SHORT, LONGEST_PAIR))._replace(narrow=narrow)


class Lines:
    """The texts of a lesson, to so many digits and about so many characters an expression; no formula of a local
    derivative makes its text longer than the `longest`."""

    def __init__(self, point: Point, told: Told, digits: int, length: int, longest: int) -> None:
        self.point, self.told, self._digits = point, told, digits
        self._numbered = {step.k for step in told if isinstance(step, EdgeStep)}
        self.gates = written_nodes(point.graph, length, self._numbered)
        self.operands = operands(point.graph, length, self._numbered)
        self.called = point.graph.called()
        self._formulas = local_formulas(point, told, min(length, LONGEST))
        self._longest = longest

    def number(self, x: float) -> str:
        return str(self.point.m.text(x, self._digits))

    def local(self, i: int, step: EdgeStep) -> str:
        """The local derivative of a step: its formula, where that says more and is short, and its number."""
        if step.local is None:
            return "no edge"
        formula, number = self._formulas[i], self.number(step.local)
        both = f"{formula} = {number}"
        return number if formula == number or len(both) > self._longest or HIDDEN in formula else both

    def gives(self, step: EdgeStep) -> str:
        return "" if step.gives is None else self.number(step.gives)

    def sum_at(self, step: PathSum) -> str:
        return f"sum at {self.called[step.k] or self.operands[step.k]}"

    def parts(self, step: PathSum, together: int = TOGETHER) -> list[str]:
        """The parts of a sum, so many in one line, or one a line."""
        first, *others = step.parts
        signed = [f"- {self.number(-x)}" if x < 0 else f"+ {self.number(x)}" for x in others]
        parts = [self.number(first), *signed]
        return [" ".join(parts)] if len(parts) <= together else parts

    def to(self, k: int) -> str:
        """The node that a path leads to, by its name or its number."""
        return self.called[k] or (f"#{k}" if k in self._numbered else self.operands[k])


def _gates_beside(lines: Lines) -> PrintedTable:
    rows, before = list[list[str]](), -1
    for i, step in enumerate(lines.told):
        if isinstance(step, PathSum):
            parts = [["", "", "", part, "", ""] for part in lines.parts(step)]
            parts[0][1], parts[-1][4] = lines.sum_at(step), lines.number(step.gradient)
            rows += parts
            before = -1
            continue
        head = ["", ""] if step.k == before else [str(step.k), lines.gates[step.k]]
        before = step.k
        path = [lines.number(step.upstream), lines.local(i, step), lines.gives(step), lines.operands[step.to]]
        rows.append([*head, *path])
    numbered = any("#" in cell for row in rows for cell in row)
    columns = [Column("#" if numbered else "", style="dim"), Column("gate", False, "bold")]
    columns += [Column("upstream", style=GRADIENT_ON_SCREEN), Column("local", False)]
    columns += [Column("gives", style=GRADIENT_ON_SCREEN), Column("to", False)]
    return PrintedTable(columns, [row if numbered else ["", *row[1:]] for row in rows])


def _gates_above(lines: Lines) -> PrintedTable:
    """The lesson with a line for each gate and the gradient that comes to it, and below it a line a path."""
    rows, heads, before = list[list[str]](), dict[int, int](), -1
    for i, step in enumerate(lines.told):
        if isinstance(step, PathSum):
            heads[len(rows)] = -1
            rows.append([lines.sum_at(step), lines.number(step.gradient), ""])
            rows += [[f"  {part}", "", ""] for part in lines.parts(step, 1)]
            before = -1
            continue
        if step.k != before:
            heads[len(rows)] = before = step.k
            rows.append([lines.gates[step.k], lines.number(step.upstream), ""])
        rows.append([f"  {lines.local(i, step)}", lines.gives(step), lines.to(step.to)])
    numbers = {int(number) for row in rows for cell in row for number in re.findall(r"#(\d+)", cell)}
    for i, k in heads.items():
        rows[i][0] = f"#{k}  {rows[i][0]}" if k in numbers else rows[i][0]
    columns = [Column("gate, local", False), Column("upstream", style=GRADIENT_ON_SCREEN), Column("to", False)]
    return PrintedTable(columns, rows, main=heads)
