"""The answers of `eval` and `grad` for groups of rows: a row for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Outcome, Record, conclude, stream, written
from circuitcli.cli.answers.gathered_answer import is_finite, slopes_of
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import bad_rows, goes_out, names_of, refuse_no_column
from circuitcli.cli.unknown_options import columns_behind
from circuitcli.errors import UsageError
from circuitcli.rows.none_left import all_skipped, refuse_none_left
from circuitcli.visible_text import shell_word

if TYPE_CHECKING:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_groups import Group
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Options


def grouped(
    asked: Request, plan: Plan, tables: RowsRunner, output: Output, said: Data, options: Options, test: bool
) -> int:
    """Print a row for each group of rows, and return the worst status."""
    by = said.by or ""
    refuse_no_column(tables, by)
    if plan.by_row:
        raise UsageError("this gives one value per row, and --by wants one per group", "wrap it in mean(...)")
    names = [by, "rows", *plan.results, *plan.spreads, *plan.slopes, *plan.contributions]
    if test or said.columns or said.head:
        raise UsageError("--by gives a row for each group, without --test, --columns and --head", _behind(said, names))
    if twice := [name for name in names if names.count(name) > 1]:
        raise UsageError(f"a group would have two columns {twice[0]}", "give the result another name")
    from circuitcli.render.machine_formats import separated
    from circuitcli.render.number_format import bare as shown_bare
    from circuitcli.tables.formats import FORMATS, form_named

    form = goes_out(output.row_format or form_named(said.out or "") or "csv", said, tables)
    if form.typed:
        raise UsageError(f"{form.name} is not written for groups", "write for example --to csv")
    groups, told = tables.grouped(asked.text, plan, by, options)
    refuse_none_left(told)
    if not groups:
        raise UsageError(all_skipped(told) or f"{tables.first.shown} has no rows")
    with written(said.out):
        if output.quiet:
            for group in groups:
                row = [*_results(group, plan).values()]
                if output.asked_digits is not None:
                    row = [shown_bare(x, output.asked_digits) if isinstance(x, float) else x for x in row]
                print(separated([row], form if form.separator else FORMATS["csv"]))
        else:
            stream(
                ({by: group.name, "rows": group.told.rows, **_results(group, plan)} for group in groups),
                form,
                output,
                not said.no_header,
            )
    bad = [group for group in groups if not is_finite(group.point, plan)]
    notes = [f"{by} {group.name}: the answer is infinite or not a number" for group in bad]
    wrong = any(not group.told.came_in for group in bad)
    return conclude(Outcome(notes, output.nonfinite if wrong else DONE, bad_rows(told)), output)


@contextmanager
def telling_of_groups(by: str | None) -> Iterator[None]:
    """Where a value of each row needs a number of all of them, and there are to be groups: lead to the number of
    each."""
    try:
        yield
    except UsageError as error:
        from circuitcli.rows.varying import TwoPassesError

        if by is None or not isinstance(error, TwoPassesError):
            raise
        hint = f"the number of each group: {error.gathering} --by {shell_word(by)}"
        raise UsageError("this gives one value per row, and --by wants one per group", hint) from None


def _behind(said: Data, names: Sequence[str]) -> str:
    """The hint to choose columns of the rows of groups, which have these `names`, behind them."""
    if not said.columns:
        return "leave it out"
    if not {*names_of(said.columns, "--columns")} <= {*names}:
        return f"leave it out: a row has {', '.join(names)}"
    return columns_behind(said.columns)


def _results(group: Group, plan: Plan) -> Record:
    """The results of a group, and the gradient, with their uncertainty."""
    point, found = group.point, group.point.uncertainty
    row: Record = {**point.results}
    row |= {name: found.sigmas[k] for name, k in plan.spreads.items()} if found is not None else {}
    row |= slopes_of(point, plan)
    row |= {name: found.inputs[of].contribution for name, of in plan.contributions.items()} if found is not None else {}
    return row
