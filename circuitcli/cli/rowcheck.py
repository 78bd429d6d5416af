"""What `circuit grad --check` and `--claim` print over rows: how many agree, and the first that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circuitcli.cli.check import claim_of
from circuitcli.cli.options import Form, note
from circuitcli.cli.tables import counted, say_bad
from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.check import Verdict
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.run import Options
    from circuitcli.rows.tables import Tables


def show_row_check(plan: Plan, tables: Tables, claim: str | None, form: Form, options: Options) -> int:
    """Judge the gradient in every row and answer the exit status."""
    from circuitcli.check import AGREE, CANNOT_TELL, DISAGREE, NOT_DIFFERENTIABLE, NOT_FINITE
    from circuitcli.rows.judged import judged_rows
    from circuitcli.rows.run import Told

    if not plan.by_row:
        raise UsageError(
            "--check goes row by row, and this is one answer from all rows",
            "check what stands inside the aggregate: mean((y - w*x)^2) is right where (y - w*x)^2 is",
        )
    words = (AGREE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, NOT_FINITE)
    counts = {name: dict.fromkeys(words, 0) for name in plan.wrt or () if name in plan.graph.inputs and claim is None}
    failed, first = 0, ""
    told = Told()
    claimed = None if claim is None else claim_of(claim, plan.graph)
    for judged in judged_rows(plan, tables, claimed, options):
        if isinstance(judged, Told):
            told = judged
            break
        for name, verdict in judged.verdicts.items():
            counted = counts.setdefault(name, dict.fromkeys(words, 0))
            counted[verdict] += 1
        wrong = [(name, verdict) for name, verdict in judged.verdicts.items() if not verdict.passed]
        failed += bool(wrong)
        if wrong and not first:
            first = f"{judged.where} ({'; '.join(_what(name, v, claim is not None) for name, v in wrong)})"
    _show(counts, told.rows, failed, first, form)
    say_bad(told)
    if failed:
        note(f"{failed:,} of {told.rows:,} rows do not agree, the first at {first}", form.quiet)
    return 1 if failed else 0


def _what(name: str, verdict: Verdict, claimed: bool) -> str:
    """Why a row does not pass."""
    said = f"claimed {verdict.claim:.10g}" if claimed else f"gradient {verdict.gradient:.10g}"
    if verdict == "disagree":
        return f"{name}: {said}, slope {verdict.numerical:.10g}"
    return f"{name}: {said}, {verdict.replace('_', ' ')}"


def _show(counts: dict[str, dict[str, int]], rows: int, failed: int, first: str, form: Form) -> None:
    from circuitcli.render.machine import json_text, rows_text
    from circuitcli.render.table import Column, print_table

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
