"""The answer of `grad --hessian`: the second derivatives, beside the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from circuitcli.analysis.derivatives import Hessian
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import point_answer, point_record, point_row, with_columns
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.render.number_format import bare

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

SQUARE = 6  # inputs whose square of second derivatives still fits a screen
Second = Mapping[tuple[str, str], float]


def hessian_answer(asked: Request, point: Point, output: Output) -> Answer:
    """The answer at a point, with its second derivatives."""
    plain, second = point_answer(asked.text, point, output), Hessian(point.graph, point.wrt or ())
    found = second.read(asked.point(None, output.digits, second.circuit).values, point.value)
    upper = {pair: point.m.plain(x) for pair, x in _upper(found).items()}
    return Answer(
        lambda: {**point_record(asked.text, point), **_record(point, found)},
        lambda: [with_columns(point_row(point), {f"hess_{a}_{b}": x for (a, b), x in upper.items()})],
        lambda: [*plain.table(), "", _table(point, found, output)],
        lambda: [*plain.bare(), *(f"{a},{b} {bare(x)}" for (a, b), x in upper.items())],
        lambda: _outcome(point, found, plain.outcome(), output),
    )


def _record(point: Point, found: Second) -> Record:
    """The `hessian`, a row a name, and whether the point is at a kink."""
    rows: dict[str, Record] = {}
    for (a, b), x in found.items():
        rows.setdefault(a, {})[b] = point.m.plain(x)
    return {"hessian": rows, **({"hessian_kink": True} if any(point.kinks) else {})}


def _upper(found: Second) -> Second:
    """One of the two orders of each pair."""
    names = list(dict.fromkeys(a for a, _ in found))
    return {(a, b): found[a, b] for i, a in enumerate(names) for b in names[i:]}


def _table(point: Point, found: Second, output: Output) -> PrintedTable:
    """A square of rows and columns, or of many inputs the pairs that are not 0."""
    from circuitcli.render.text_table import Column, PrintedTable

    def shown(x: float) -> str:
        return str(point.m.text(x, output.digits))

    names = list(point.wrt or ())
    if len(names) <= SQUARE:
        columns = [Column("hessian", False), *(Column(name, style="cyan") for name in names)]
        return PrintedTable(columns, [[a, *(shown(found[a, b]) for b in names)] for a in names])
    columns = [Column("by", False), Column("and", False), Column("second derivative", style="cyan")]
    return PrintedTable(columns, [[a, b, shown(x)] for (a, b), x in _upper(found).items() if x != 0.0])


def _outcome(point: Point, found: Second, plain: Outcome, output: Output) -> Outcome:
    """The outcome of the point, with notes on second derivatives at a kink, and on those that are not finite."""
    notes, status = list(plain.notes), plain.status
    if any(point.kinks):
        notes.append("the second derivatives are taken at a kink: they say nothing about the curvature there")
    bad = [pair for pair, x in found.items() if not point.m.isfinite(x)]
    if bad and not status and not point.came_in():
        notes.append(f"the second derivative by {' and '.join(bad[0])} is not finite")
        status = output.nonfinite
    return Outcome(notes, status)
