"""The answer of `grad --check` and `--claim` over rows: how many agree, and the first that does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.exit_status import DONE, NO
from circuitcli.cli.row_files import bad_rows
from circuitcli.errors import UsageError
from circuitcli.rows.none_left import counted, refuse_none_left

if TYPE_CHECKING:
    from circuitcli.check import Verdict
    from circuitcli.render.text_table import PrintedTable
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Options

Counts = Mapping[str, Mapping[str, int]]  # of each input, how many rows had which verdict


def row_check_answer(text: str, plan: Plan, tables: RowsRunner, claim: str | None, options: Options) -> Answer:
    """The verdicts on the gradient in every row, counted."""
    if not plan.by_row:
        raise UsageError(
            f"{'--check' if claim is None else '--claim'} goes row by row, and this is one answer from all rows",
            "check what stands inside the aggregate: mean((y - w*x)^2) is right where (y - w*x)^2 is",
        )
    tally, told = tables.judged(text, plan, claim, options)
    refuse_none_left(told)
    first, notes, status = "", [], DONE
    if tally.failed:
        why = "; ".join(_reason(name, verdict, claim is not None) for name, verdict in tally.wrong.items())
        first = f"{tally.file}:{tally.line} ({why})"
        notes = [f"{tally.failed:,} of {told.rows:,} rows do not agree, the first at {first}"]
        status = NO
    found: Record = {"method": "ladder", "rows": told.rows, "failed": tally.failed, "first": first or None}
    return Answer(
        lambda: {"check": {**found, "inputs": tally.counts}},
        lambda: [{"input": name, **row} for name, row in tally.counts.items()],
        lambda: [_table(tally.counts), f" {counted(told.rows)}"],
        lambda: [f"{told.rows - tally.failed} of {told.rows}"],
        lambda: Outcome(notes, status, loud=bad_rows(told)),
    )


def _reason(name: str, verdict: Verdict, claimed: bool) -> str:
    """Why a row does not pass."""
    from circuitcli.render.number_format import shown

    said = f"claimed {shown(verdict.claim)}" if claimed else f"gradient {shown(verdict.gradient)}"
    if verdict == "disagree":
        return f"{name}: {said}, slope {shown(verdict.numerical)}"
    return f"{name}: {said}, {verdict.replace('_', ' ')}"


def _table(counts: Counts) -> PrintedTable:
    """A row an input, a column a verdict that occurs."""
    from circuitcli.render.text_table import Column, PrintedTable

    words = [word for word in next(iter(counts.values()), {}) if any(row.get(word) for row in counts.values())]
    columns = [Column("input", False), *(Column(word.replace("_", " ")) for word in words)]
    return PrintedTable(columns, [[name, *(f"{row.get(word, 0):,}" for word in words)] for name, row in counts.items()])
