"""The points of a data file that a plot lays on the curve of a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.asked_columns import sigma_of
from circuitcli.cli.notes import note
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import bad_rows, condition, opened, readable, refuse_missing_libraries, refuse_unused
from circuitcli.errors import InputError, UsageError
from circuitcli.gates import over_rows
from circuitcli.pictures.plot_frame import left_out
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.pictures.points import Points
    from circuitcli.rows.rows_runner import RowsRunner


def points_of(asked: Request, output: Output, said: Data, against: str) -> Points:
    """The rows as points: over the column that the expression uses, the one that it does not use, or the one that is
    named. Raises UsageError or InputError where more than one column could be meant, or none."""
    for node in asked.graph.nodes:
        if over_rows(node.gate, len(node.args)):
            hint = 'write the model alone: circuit plot "a*x + b" points.csv --inputs fit.json'
            raise UsageError(f"{node.gate}(...) is over rows, and points are laid on the curve of a model", hint)
    refuse_missing_libraries("points need")
    from numpy import isfinite

    from circuitcli.pictures.points import Points
    from circuitcli.rows.in_memory import loaded
    from circuitcli.rows.local import LocalRunner
    from circuitcli.rows.told import Options

    with opened(asked, output, said) as tables:
        refuse_unused(said, tables)
        across = _swept_column(asked, tables)
        up = _drawn_column(across, asked, tables, against)
        barred = [name for name in (across, up) if tables.first.is_uncertain(name)]
        used = [across, up, *map(sigma_of, barred)]
        assert isinstance(tables, LocalRunner)
        rows = loaded(tables, used, Options(said.policy, where=condition(asked, said, tables)))
        for text in bad_rows(rows.told):
            note(text)
        if not rows.rows:
            raise UsageError(f"{tables.first.shown} has no rows to draw")
        if lost := rows.rows - int((isfinite(rows.columns[across]) & isfinite(rows.columns[up])).sum()):
            note(f"{lost:,} of {rows.rows:,} rows {left_out(lost)}", output.quiet)
        bars = [rows.columns[sigma_of(name)] if name in barred else None for name in (across, up)]
        return Points(across, up, rows.columns[across], rows.columns[up], *bars)


def _swept_column(asked: Request, tables: RowsRunner) -> str:
    """The one input that is a column."""
    used = [name for name in asked.graph.inputs if name in readable(tables) and name not in asked.given]
    if len(used) == 1:
        return used[0]
    shown = tables.first.shown
    if not used:
        raise InputError(f"the expression uses no column of {shown}", _columns(tables.columns))
    hint = f"write the model over one column, or give others a value: -{used[-1]} 1"
    raise UsageError(f"points are over one column, and the expression uses {' and '.join(used)} of {shown}", hint)


def _drawn_column(across: str, asked: Request, tables: RowsRunner, against: str) -> str:
    """The column that goes up."""
    shown = tables.first.shown
    others = [name for name in tables.columns if name != across and name not in asked.graph.inputs]
    if against:
        if against not in tables.columns:
            raise InputError(f"{shown} has no column {against}", _columns(tables.columns))
        return against
    if len(others) > 1:
        first = tables.first
        others = [name for name in others if not (first.is_label(name) or first.is_time(name))] or others
    if len(others) == 1:
        return others[0]
    if not others:
        raise InputError(f"{shown} has no column beside {across}", "points have two: circuit plot takes y from it")
    hint = f"say which: --against {others[-1]}"
    raise UsageError(f"{shown} has several columns that could be drawn: {some_of(others)}", hint)


def _columns(columns: Sequence[str]) -> str:
    return f"its columns are: {some_of(columns)}"
