"""The answer of `grad --explain`: the backward pass as a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.explain import EdgeStep, PathSum, lesson
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.point_answer import point_record
from circuitcli.cli.answers.point_outcome import told_with
from circuitcli.cli.options import Output
from circuitcli.notation import SHORT, operands, written_nodes

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

Told = Sequence[EdgeStep | PathSum]


def explain_answer(text: str, point: Point, output: Output) -> Answer:
    """The answer at a point, told step by step; the bare lesson is the table in plain text."""
    told = lesson(point)
    return Answer(
        lambda: point_record(text, point, {"backward": [_step_record(point, step) for step in told]}),
        lambda: _rows(point, told),
        lambda: [_table(point, told, output)],
        lambda: [_plain(_table(point, told, output))],
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


def _table(point: Point, told: Told, output: Output) -> PrintedTable:
    from circuitcli.render.lesson_table import lesson_table

    return lesson_table(point, told, output.digits)


def _plain(table: PrintedTable) -> str:
    from circuitcli.render.text_table import plain_text

    return plain_text(table)
