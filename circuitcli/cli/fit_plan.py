"""The circuit that a fit climbs, over the columns of its rows; and the mistakes that are told before rows are read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from circuitcli.cli.answers.ascent_answer import refuse_taken
from circuitcli.cli.ascent_course import Course
from circuitcli.cli.conditions import telling_unquoted
from circuitcli.cli.notes import note
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import (
    ALONE,
    condition,
    opened,
    readable,
    refuse_no_column,
    refuse_unused,
)
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import reached_from
from circuitcli.tables.formats import NeedsLibraries

if TYPE_CHECKING:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_runner import RowsRunner


def refuse_mistakes(asked: Request, output: Output, said: Data, course: Course, wrt: str | None, by: str) -> None:
    """Raise the error of a command line that Python alone finds, as that of a column or of an option."""
    with suppress(NeedsLibraries), opened(asked, output.but(quiet=True), said.but(cluster=None), ALONE) as tables:
        plan = planned(asked, tables, output, said, course, wrt, by)
        condition(asked, said, tables)
        course.bounds_of(plan.wrt or [])


def planned(
    asked: Request, tables: RowsRunner, output: Output, said: Data, course: Course, wrt: str | None, by: str
) -> Plan:
    """The circuit over the columns, whose results have room in a row. Raises UsageError or InputError where they do not
    fit together."""
    refuse_unused(said, tables)
    plan = _plan(asked, tables, course.sign < 0.0, wrt, by)
    refuse_taken(plan.scalars, output, by, True, [*asked.graph.others, *["validation"] * bool(course.validate)])
    return plan


def tell_left_out(asked: Request, tables: RowsRunner, output: Output) -> None:
    """Tell of uncertainties in cells, which a fit takes as weights only where they stand in columns of their own."""
    names = [name for name in asked.graph.inputs if tables.first.is_uncertain(name)]
    if names:
        from circuitcli.nested_names import in_short
        from circuitcli.visible_text import some_of

        text = f"the uncertainties in {some_of(in_short(names))} are left out: weights are columns, sum(((y - f)/s)^2)"
        note(text, output.quiet)


def _plan(asked: Request, tables: RowsRunner, descends: bool, wrt: str | None, by: str) -> Plan:
    """The circuit over the columns: one number, which inputs move. Raises UsageError or InputError for another one."""
    from circuitcli.rows.plan import Plan

    if by:
        refuse_no_column(tables, by)
    columns = readable(tables)
    with telling_unquoted([asked.text], columns, asked.given):
        plan = Plan(asked.graph, columns, asked.given, asked.names(wrt), True, tables.first.shown)
    used = _used(plan)
    if not wrt and (moving := [name for name in plan.wrt or () if name in used and name not in asked.fixed]):
        plan = Plan(asked.graph, columns, asked.given, moving, True, tables.first.shown)
    if plan.by_row:
        from circuitcli.cli.fit_hints import of_one_per_row
        from circuitcli.rows.column_hints import numbers_among

        hint = of_one_per_row(asked.text, columns, numbers_among(columns, asked.data[0]), descends)
        raise UsageError("this gives one value per row, and an ascent climbs one", hint)
    if not plan.wrt:
        raise UsageError(
            "there is nothing to move: all inputs are columns", "name a parameter, and give it a start: -a 1"
        )
    for name in plan.wrt:
        if name not in plan.scalars:
            raise InputError(f"{name} is no input that can move", "--wrt names inputs that are no columns")
        if name not in used:
            raise InputError(f"{name} moves nothing: {plan.graph.answer} does not use it", "name an input that it uses")
    return plan


def _used(plan: Plan) -> set[str]:
    """The inputs that the number that is climbed uses: other results may have inputs of their own."""
    reached = reached_from(plan.graph.nodes, [plan.graph.output])
    return {name for name, k in plan.graph.inputs.items() if reached[k]}
