"""The answer of `eval` and `grad` over rows of boxes: the notes on their bounds, and one answer from all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.box_answer import box_outcome
from circuitcli.cli.answers.point_answer import bare_answers, node_table, point_record, point_row, with_columns
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import bad_rows
from circuitcli.errors import UsageError
from circuitcli.rows.none_left import counted, refuse_none_left

if TYPE_CHECKING:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_boxes import RowBoxes
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Options, Told

WHY = "bounds over a range hold for all inputs in it"


def refuse_for_boxes(asked: Request, said: Data, wanted: Mapping[str, object]) -> None:
    """Raise UsageError for what rows of boxes do not have: options that are `wanted`, among others."""
    given = {
        **wanted,
        "--by": said.by,
        "--sigma-of": said.sigma_of,
        "--cluster": said.cluster,
        "--engine": said.engine,
    }
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} is not for rows in which inputs are ranges", f"leave out {option}")
    asked.certain(WHY)
    from circuitcli.cli.conditions import condition_of

    condition = condition_of(said.where)
    for name, x in asked.box.items():
        if condition is not None and name in condition.inputs and x.lo < x.hi:
            raise UsageError(f"--where has {name}, which is a range", f"give {name} one number, or leave it out there")


def refuse_uncertain_cells(asked: Request, tables: RowsRunner) -> None:
    """Raise UsageError for a column of cells with uncertainties."""
    for name in asked.graph.inputs:
        if name in tables.columns and tables.first.is_uncertain(name):
            raise UsageError(f"{name} has uncertainties in its cells, and {WHY}", "name columns of ends by --interval")


def bounds_outcome(told: Told, output: Output, notes: list[str] | None = None, wrong: bool = False) -> Outcome:
    """The notes on rows of boxes behind some others, and the status that they deserve."""
    notes = [] if notes is None else notes
    if told.came_in > told.kept:
        notes.append(f"{counted(told.came_in - told.kept)} came in infinite or not a number, and left so")
    if told.partial:
        notes.append(
            f"{told.partial_node} is outside its domain for some inputs of {counted(told.partial)}, or may be: "
            f"bounds are of the others (first: {told.first_partial})"
        )
    if told.nonfinite:
        notes.append(f"no finite bounds were found for {counted(told.nonfinite)} (first: {told.first_nonfinite})")
    return Outcome(notes, output.nonfinite if wrong or told.nonfinite else DONE, bad_rows(told))


def bounds_gathered(
    asked: Request, plan: Plan, boxes: RowBoxes, tables: RowsRunner, output: Output, options: Options
) -> Answer:
    """The bounds of one answer from all rows."""
    from circuitcli.gate_facts import EXTREME
    from circuitcli.gates import GATES
    from circuitcli.rows.bounded_point import BoundedAggregates
    from circuitcli.rows.local import LocalRunner
    from circuitcli.rows.runs import Batches

    if len(plan.outputs) > 1:
        first = next(iter(plan.outputs))
        raise UsageError("bounds from all rows are of one result, and --of names several", f"write --of {first}")
    assert isinstance(tables, LocalRunner)
    batches, gathering = Batches(plan, tables, options, options.threads), BoundedAggregates(plan, boxes)
    found = gathering.gather(batches)
    told = batches.told.join(found)
    refuse_none_left(told)
    gathers = [GATES[plan.graph.nodes[k].gate].over_rows for k in plan.parts.aggregates]
    if not told.rows and any(facts is not None and facts.gathers == EXTREME for facts in gathers):
        raise UsageError(f"{tables.first.shown} has no rows, and no rows have no largest or smallest value")
    point = gathering.point()
    counts = {"count": told.rows, "files": tables.shown, "skipped": told.skipped}
    counts |= {"nonfinite": told.nonfinite + told.came_in} | ({"left_out": told.failed} if told.failed else {})
    before: Record = {"file": " ".join(tables.shown), "rows": told.rows}

    def outcome() -> Outcome:
        own = box_outcome(point, output) if not told.partial else Outcome()
        return bounds_outcome(
            told,
            output,
            [*own.notes],
            not all(map(point.m.isfinite, (*point.results.values(), *point.gradient.values()))),
        )

    return Answer(
        lambda: point_record(asked.text, point, {"rows": counts}, True),
        lambda: [with_columns(before, point_row(point))],
        lambda: [node_table(point, output), f" {counted(told.rows)}"],
        lambda: bare_answers(point, output.asked_digits),
        outcome,
    )
