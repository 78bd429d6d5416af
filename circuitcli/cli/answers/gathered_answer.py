"""The answer of `eval` and `grad` from all rows: that of a point, and how many rows there were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from circuitcli.analysis.directional import directional
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.rows.none_left import counted

if TYPE_CHECKING:
    from circuitcli.cli.input_values import Value
    from circuitcli.render.text_table import PrintedTable
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Told


def slopes_of(point: GatheredPoint, plan: Plan) -> Record:
    """The derivatives of one answer from rows, by the names of their columns; 0 by what no result uses."""
    found: Record = {}
    gradients = {output: point.gradient_of(output) for output in plan.outputs.values()}
    names = dict(zip(plan.wanted, plan.wrt or (), strict=True))
    for column, (output, by) in plan.slopes.items():
        slopes = gradients[output]
        found[column] = directional(slopes, plan.direction) if by is None else slopes.get(names[by], 0.0)
    return found


def is_finite(point: GatheredPoint, plan: Plan) -> bool:
    """Whether all results of one answer from rows, and their derivatives, are finite."""
    return all(map(point.m.isfinite, (*point.results.values(), *slopes_of(point, plan).values())))


def gathered_answer(
    asked: Request,
    plan: Plan,
    point: GatheredPoint,
    tables: RowsRunner,
    told: Told,
    output: Output,
    direction: Mapping[str, Value],
    outcome: Callable[[], Outcome],
) -> Answer:
    """The answer from all rows; of several results, a gradient each."""
    from circuitcli.cli.answers.point_answer import point_answer, with_columns

    nonfinite = told.nonfinite + told.came_in
    counts = {"count": told.rows, "files": tables.shown, "skipped": told.skipped, "nonfinite": nonfinite}
    counts |= {"left_out": told.failed} if told.failed else {}
    if len(plan.outputs) > 1:
        from circuitcli.cli.answers.jacobian_answer import Each, jacobian_answer

        each = dict[str, Each]()
        for name, k in plan.outputs.items():
            own = point.ending(k)
            each[name] = Each(own, _with_along(_at_point(asked, own, {}, output), own, direction, output))
        here = point.without_gradient()
        plain = point_answer(asked.text, here, output)
        found = jacobian_answer(asked.text, here, plain, each, True, {"rows": counts})
    else:
        found = _with_along(_at_point(asked, point, {"rows": counts}, output), point, direction, output)
    before = {"file": " ".join(tables.shown), "rows": told.rows}
    return Answer(
        found.record,
        lambda: [with_columns(before, row) for row in found.rows()],
        lambda: [*found.table(), f" {counted(told.rows)}"],
        found.bare,
        outcome,
    )


def _at_point(asked: Request, point: GatheredPoint, more: Record, output: Output) -> Answer:
    """The answer from all rows as that of a point, with `more` keys of its record."""
    from circuitcli.cli.answers.point_answer import point_answer, point_record, point_row

    plain = point_answer(asked.text, point, output)
    table: Callable[[], Iterable[PrintedTable | str]] = plain.table
    row, record = partial(point_row, point), Record()
    if point.uncertainty is not None:
        from circuitcli.cli.answers.uncertain_answer import uncertain_record, uncertain_table, with_sigmas

        record = uncertain_record(point, point.uncertainty, {})
        row = partial(with_sigmas, point, point.uncertainty)
        table = partial(uncertain_table, point, point.uncertainty, output)
    names = len(point.graph.results) > 1 or bool(more)
    return Answer(
        lambda: point_record(asked.text, point, {**record, **more}, names), lambda: [row()], table, plain.bare
    )


def _with_along(answer: Answer, point: GatheredPoint, direction: Mapping[str, Value], output: Output) -> Answer:
    """An answer with the derivative along a direction, where one is asked for."""
    if not direction:
        return answer
    from circuitcli.cli.answers.along_answer import with_along

    return with_along(answer, point, direction, output)
