"""The columns of the rows that a command writes: those of the files, and its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.cli.answers.result_columns import with_bounds
from circuitcli.cli.options import TABLE, Data, Output
from circuitcli.cli.row_files import goes_out, names_of
from circuitcli.nested_names import spelled_out

if TYPE_CHECKING:
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.tables.output_columns import OutputColumns

_BARE = "circuitcli.render.bare_rows:BareWriter"
EVERY = "*"  # of --columns: all columns of the rows that are not named beside it


def columns_out(
    tables: RowsRunner,
    output: Output,
    said: Data,
    results: Sequence[str],
    used: Sequence[str],
    bounded: bool = False,
) -> OutputColumns:
    """The columns of the files and the results, or those that --columns chooses; with --quiet the results alone. What
    is `bounded` has two."""
    from circuitcli.tables.output_columns import OutputColumns, output_columns

    chosen = names_of(said.columns, "--columns") or None
    bare = output.quiet and chosen is None and said.out is None and output.row_format in ("", TABLE)
    if chosen is not None:
        chosen = spelled_out(chosen, [*tables.columns, *results])
        there = [name for name in tables.columns if name not in chosen]
        chosen = [name for word in chosen for name in (there if word == EVERY else [word])]
    form = goes_out("csv" if bare else output.row_format, said, tables)
    if bounded:
        results, chosen = with_bounds(results, chosen, form)
    if bare:
        if output.asked_digits is not None:
            form = form._replace(writer=_BARE, plain_writer=_BARE, rounds=True)
        return OutputColumns(form, [], [*results], [*results], False, False, used, False, output.digits)
    columns = output_columns(tables.first, form, results, chosen, used)
    return columns._replace(headed=not said.no_header, digits=output.digits, color=output.color)
