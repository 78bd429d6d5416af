"""What `circuit grad --check` and `--claim` print over rows: how many agree, and the first that does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from circuitcli.cli.options import Form, note
from circuitcli.cli.row_files import counted, say_bad
from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.check import Verdict
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_by_row import Options
    from circuitcli.rows.rows_runner import RowsRunner


def show_row_check(text: str, plan: Plan, tables: RowsRunner, claim: str | None, form: Form, options: Options) -> int:
    """Judge the gradient in every row and answer the exit status."""
    if not plan.by_row:
        raise UsageError(
            "--check goes row by row, and this is one answer from all rows",
            "check what stands inside the aggregate: mean((y - w*x)^2) is right where (y - w*x)^2 is",
        )
    tally, told = tables.judged(text, plan, claim, options)
    first = ""
    if tally.failed:
        why = "; ".join(_what(name, verdict, claim is not None) for name, verdict in tally.wrong.items())
        first = f"{tally.file}:{tally.line} ({why})"
    _show(tally.counts, told.rows, tally.failed, first, form)
    say_bad(told)
    if tally.failed:
        note(f"{tally.failed:,} of {told.rows:,} rows do not agree, the first at {first}", form.quiet)
    return 1 if tally.failed else 0


def _what(name: str, verdict: Verdict, claimed: bool) -> str:
    """Why a row does not pass."""
    said = f"claimed {verdict.claim:.10g}" if claimed else f"gradient {verdict.gradient:.10g}"
    if verdict == "disagree":
        return f"{name}: {said}, slope {verdict.numerical:.10g}"
    return f"{name}: {said}, {verdict.replace('_', ' ')}"


def _show(counts: Mapping[str, Mapping[str, int]], rows: int, failed: int, first: str, form: Form) -> None:
    from circuitcli.render.machine_formats import json_text, rows_text
    from circuitcli.render.text_table import Column, print_table

    if form.to == "json":
        record: dict[str, Any] = {"method": "ladder", "rows": rows, "failed": failed, "first": first or None}
        print(json_text({"check": {**record, "inputs": counts}}))
        return
    seen = {name: {word: n for word, n in row.items() if n} for name, row in counts.items()}
    if form.to != "table":
        print(rows_text([{"input": name, **row} for name, row in counts.items()], form.to))
    elif form.quiet:
        print(f"{rows - failed} of {rows}")
    else:
        words = [word for word in next(iter(counts.values()), {}) if any(word in row for row in seen.values())]
        columns = [Column("input", False), *(Column(word.replace("_", " ")) for word in words)]
        print_table(
            columns, [[name, *(f"{row.get(word, 0):,}" for word in words)] for name, row in seen.items()], form.color
        )
        print(f" {counted(rows)}")
