"""What an ascent found, printed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.ascent import Ascent, best
from circuitcli.ascent.ends import NONFINITE
from circuitcli.cli.answers.records import ascent_record
from circuitcli.cli.options import Form, note
from circuitcli.errors import InputError, UsageError

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Estimate


class Ended(int):
    """An exit status that carries the inputs that were found, by name, and the status of a run that went astray."""

    found: dict[str, float]
    astray: str


def ended(runs: Sequence[Ascent], form: Form) -> Ended:
    """The exit status of some runs, with what the best of them found."""
    run = best(runs)
    status = Ended(_status(runs, run, form))
    status.found = dict(zip(run.problem.names, run.found.x, strict=True))
    status.astray = run.status if run.end.astray else ""
    return status


def _status(runs: Sequence[Ascent], run: Ascent, form: Form) -> int:
    """The note on what is not finite, and the exit status."""
    if run.status == NONFINITE and form.to != "table":
        note(run.message, form.quiet)
    if runs[-1].interrupted:
        return runs[-1].end.exit_status
    return 0 if run.status == NONFINITE and form.allow_nonfinite else run.end.exit_status


def estimated(run: Ascent, form: Form, quiet: bool = False) -> Estimate | None:
    """The standard errors of what was found, or a note on why there are none."""
    form = form._replace(quiet=form.quiet or quiet)
    from circuitcli.ascent.standard_errors import estimate

    if not run.success:
        note(f"no standard errors: the ascent ended as {run.status}", form.quiet)
        return None
    try:
        found = estimate(run)
    except InputError as error:
        note(f"no standard errors: {error.message}", form.quiet)
        return None
    if found.source == "likelihood":
        note("the standard errors take what was climbed for a log-likelihood", form.quiet)
    return found


def show(
    text: str, runs: Sequence[Ascent], form: Form, rows: dict[str, Any] | None = None, uncertainty: bool = False
) -> None:
    """Print the best of some runs; `rows` is said of the data."""
    run = best(runs)
    spread = estimated(run, form) if uncertainty else None
    record = ascent_record(text, runs, rows, spread)
    if form.to == "json":
        from circuitcli.render.machine_formats import json_text

        print(json_text(record))
    elif form.to != "table":
        from circuitcli.render.machine_formats import row_text

        print(row_text(found_row(record, run.problem.names if uncertainty else ()), form.to))
    elif form.quiet:
        print("\n".join(f"{name} {record['inputs'][name]!r}" for name in run.problem.names))
    else:
        _show_table(record, run, runs, form)


def refuse_taken(names: Sequence[str], form: Form, by: str | None, spread: bool) -> None:
    """Raise UsageError where an input is called like another column of a row of results."""
    if form.to in ("table", "json") and by is None:
        return
    others = ["value", "status", *[by, "rows"] * (by is not None), *[f"stderr_{n}" for n in names if spread]]
    for name in names:
        if name in others:
            raise UsageError(f"a row of results has a column {name} of its own", "give the input another name")


def found_row(record: Mapping[str, Any], spread: Sequence[str] = ()) -> dict[str, Any]:
    """What was found, as one row; `spread` names the inputs that have a standard error, or a place for it."""
    known = record.get("uncertainty", {}).get("stderr", {})
    stderr = {f"stderr_{name}": known.get(name, "") for name in spread}
    return {**record["inputs"], **stderr, "value": record["value"], "status": record["status"]}


def _show_table(record: Mapping[str, Any], run: Ascent, runs: Sequence[Ascent], form: Form) -> None:
    from circuitcli.render.number_format import shown
    from circuitcli.render.text_table import Column, print_table

    digits, spread = form.digits, record.get("uncertainty")
    last = "± std error" if spread else "gradient"
    print_table(
        [
            Column("input", False),
            Column("start"),
            Column("found", style="bold"),
            Column(last, style="cyan"),
            Column("", False),
        ],
        [
            [
                name,
                shown(record["start"]["inputs"][name], digits),
                shown(record["inputs"][name], digits),
                shown(spread["stderr"][name], 2) if spread else shown(record["gradient"][name], digits),
                "at bound" if name in record["at_bound"] else "",
            ]
            for name in run.problem.names
        ],
        form.color,
    )
    print(f"\n value    {shown(record['start']['value'], digits)} → {shown(record['value'], digits)}{_of_rows(record)}")
    if len(runs) > 1:
        from collections import Counter

        ends = Counter(other.status for other in runs)
        print(f" starts   {len(runs)}: {', '.join(f'{count} {status}' for status, count in ends.items())}")
    if form.color == "always" or sys.stdout.isatty():
        from circuitcli.render.sparkline import sparkline

        if line := sparkline([run.sign * v for v in run.values]):
            print(f" path     {line}")
    print(f" stopped  {run.status}: {run.message}")


def _of_rows(record: Mapping[str, Any]) -> str:
    """How many rows there were, and how well they are met."""
    from circuitcli.cli.row_files import counted

    if "rows" not in record:
        return ""
    said, spread = [counted(record["rows"]["count"])], record.get("uncertainty", {})
    if "dof" in spread:
        said.append(f"{spread['dof']:,} degrees of freedom")
    if "r_squared" in spread:
        said.append(f"R² {spread['r_squared']:.3g}")
    return "      " + ", ".join(said)
