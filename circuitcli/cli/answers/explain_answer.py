"""The answer of `grad --explain`: the backward pass as a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.explain import EdgeStep, PathSum, lesson
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.point_answer import point_record, written_nodes
from circuitcli.cli.answers.point_outcome import told_with
from circuitcli.cli.options import Output
from circuitcli.notation import SHORT, expressions, operands

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

LONGEST = 48  # characters of a formula that stands before its number
TOGETHER = 2  # parts of a sum in one line
Told = Sequence[EdgeStep | PathSum]


def explain_answer(text: str, point: Point, output: Output) -> Answer:
    """The answer at a point, told step by step; the bare lesson is the table in plain text."""
    told = lesson(point)
    return Answer(
        lambda: point_record(text, point, {"backward": [_step_record(point, step) for step in told]}),
        lambda: _rows(point, told),
        lambda: [_table(point, told, output)],
        lambda: _plain(_table(point, told, output)),
        lambda: told_with("--explain", point, output),
    )


def _step_record(point: Point, step: EdgeStep | PathSum) -> Record:
    """A step of the pass, or a sum where paths meet."""
    plain = point.m.plain
    if isinstance(step, PathSum):
        return {"node": step.k, "sum": [plain(x) for x in step.parts], "gradient": plain(step.gradient)}
    local, gives = _flowing(point, step)
    derivative = {"expression": step.symbol, "value": local}
    return {"node": step.k, "upstream": plain(step.upstream), "local": derivative, "gives": gives, "to": step.to}


def _rows(point: Point, told: Told) -> list[Record]:
    """A row a step; what goes to one node adds up to its gradient."""
    gates, shorts, rows = written_nodes(point.graph), operands(point.graph, SHORT), list[Record]()
    for step in told:
        if isinstance(step, EdgeStep):
            local, gives = _flowing(point, step)
            numbers = {"upstream": point.m.plain(step.upstream), "formula": step.symbol, "local": local, "gives": gives}
            there = {"to": step.to, "to_node": shorts[step.to]}
            rows.append({"node": step.k, "gate": gates[step.k], **numbers, **there})
    return rows


def _flowing(point: Point, step: EdgeStep) -> tuple[object, object]:
    """The local derivative of a step and the gradient that it hands on; None where there is no edge."""
    local, gives = (None if x is None else point.m.plain(x) for x in (step.local, step.gives))
    return local, gives


def _plain(table: PrintedTable) -> list[str]:
    from circuitcli.render.text_table import plain_text

    return [plain_text(table)]


def _table(point: Point, told: Told, output: Output) -> PrintedTable:
    from circuitcli.render.text_table import Column, PrintedTable

    def shown(x: float) -> str:
        return str(point.m.text(x, output.digits))

    def signed(x: float) -> str:
        return f"- {shown(-x)}" if x < 0 else f"+ {shown(x)}"

    def number_of(k: int, head: str) -> str:
        return str(k) if numbered and head else ""

    texts, called = expressions(point.graph, SHORT), point.graph.called()
    shorts, gates = operands(point.graph, SHORT), written_nodes(point.graph)
    numbered = any("#" in gate for gate in gates)
    rows, before = [], -1
    for step in told:
        head = gates[step.k] if step.k != before else ""
        before = step.k
        if isinstance(step, PathSum):
            head, total = f"sum at {called[step.k] or texts[step.k]}", shown(step.gradient)
            parts = [shown(x) if not i else signed(x) for i, x in enumerate(step.parts)]
            lines = [" ".join(parts)] if len(parts) <= TOGETHER else parts
            for line in lines:
                rows.append(["", head, "", line, total if line is lines[-1] else "", ""])
                head = ""
            before = -1
        elif step.local is None or step.gives is None:
            rows.append([number_of(step.k, head), head, shown(step.upstream), "no edge", "", shorts[step.to]])
        else:
            number = shown(step.local)
            local = number if step.symbol == number or len(step.symbol) > LONGEST else f"{step.symbol} = {number}"
            gives, to = shown(step.gives), shorts[step.to]
            rows.append([number_of(step.k, head), head, shown(step.upstream), local, gives, to])
    columns = [Column("#" if numbered else "", style="dim"), Column("gate", False, "bold")]
    columns += [Column("upstream"), Column("local", False)]
    return PrintedTable([*columns, Column("gives", style="cyan"), Column("to", False)], rows)
