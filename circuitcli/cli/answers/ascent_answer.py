"""The answer of `ascend` and `descend`: the result of the best of some runs, and why it stopped."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.ascent import Ascent, best
from circuitcli.ascent.ends import NONFINITE
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.family_rows import family_rows
from circuitcli.cli.exit_status import DONE, Ended
from circuitcli.cli.options import JSON, TABLE, Output
from circuitcli.errors import UsageError
from circuitcli.library.ascent_record import (
    RowsClimbed,
    ascent_record,
    by_name,
    estimated,
    inputs_at,
    inputs_at_bound,
    unmoved,
)
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Estimate, Terms
    from circuitcli.render.text_table import PrintedTable


def ascent_answer(
    text: str, runs: Sequence[Ascent], output: Output, rows: RowsClimbed | None = None, terms: Terms | None = None
) -> Answer:
    """The answer of some runs; with standard errors where they are asked for on some terms and there are any."""
    run = best(runs)
    spread, notes = estimated(run, terms) if terms else (None, [])
    notes = [*unmoved(run), *notes] if rows else notes
    answer = Answer(
        lambda: ascent_record(text, runs, rows, spread),
        lambda: [found_row(run, spread, terms is not None, rows.beside(run.found) if rows else {})],
        lambda: _table(runs, output, rows, spread, terms is not None and terms.level is not None),
        lambda: _bare(run, output.asked_digits),
        lambda: outcome_of_runs(runs, output, notes),
    )
    if run.conditions is None:
        return answer
    from circuitcli.cli.answers.constraint_answer import with_constraints

    return with_constraints(answer, run.conditions, output)


def _bare(run: Ascent, digits: int | None) -> list[str]:
    """The inputs that moved, a line each."""
    from circuitcli.render.number_format import bare

    return [f"{name} {bare(x, digits)}" for name, x in by_name(run.problem, run.found.x).items()]


def outcome_of_runs(runs: Sequence[Ascent], output: Output, on_errors: Sequence[str] = ()) -> Outcome:
    """The notes on a value that is not finite and on standard errors, and the status, which carries the inputs of the
    best run."""
    run = best(runs)
    nonfinite = run.status == NONFINITE
    if runs[-1].interrupted:
        status = runs[-1].end.exit_status
    else:
        status = DONE if nonfinite and output.allow_nonfinite else run.end.exit_status
    notes = [run.message] if nonfinite and output.form != TABLE else []  # the table says it
    if run.end.flat:
        from circuitcli.cli.start_hints import apart

        notes += apart(by_name(run.problem, run.start.x))
    astray = run.status if run.end.astray else ""
    return Outcome([*notes, *on_errors], Ended(status, by_name(run.problem, run.found.x), astray))


def refuse_taken(names: Collection[str], output: Output, by: str, spread: bool, results: Collection[str] = ()) -> None:
    """Raise UsageError where an input, or one of the `results` beside the value, is called like another column of a row
    of results."""
    if output.form in (TABLE, JSON) and not by:
        return
    others = ["value", "status", *[by, "rows"] * bool(by), *[f"stderr_{n}" for n in names if spread]]
    for name in [*names, *results]:
        if name in others or (name in names and name in results):
            what = "input" if name in names else "result"
            raise UsageError(f"a row of results has a column {name} of its own", f"give the {what} another name")


def found_row(run: Ascent, spread: Estimate | None, uncertainty: bool, beside: Mapping[str, float]) -> Record:
    """The result of a run as one row; with `uncertainty` each input has a standard error, or None for it; `beside` are
    the named results beside the value."""
    known = spread.stderr if spread else {}
    stderr = {f"stderr_{name}": known.get(name) for name in run.problem.names if uncertainty}
    kept = {"validation": run.kept.validation} if run.kept is not None else {}
    value = run.sign * run.found.value
    return {**inputs_at(run, run.found), **stderr, **beside, **kept, "value": value, "status": run.status}


def _table(
    runs: Sequence[Ascent], output: Output, rows: RowsClimbed | None, spread: Estimate | None, intervals: bool
) -> Iterable[PrintedTable | str]:
    from circuitcli.render.number_format import shown

    run, digits = best(runs), output.digits
    yield _inputs_table(run, spread, spread.interval if spread and intervals else None, digits)
    start, found = (shown(run.sign * position.value, digits) for position in (run.start, run.found))
    lines = [("value", f"{start} → {found}{_of_rows(rows, spread)}")]
    if rows is not None:
        lines += [*_beside(rows, run, "", digits), *_validation_lines(rows, run, digits)]
    if len(runs) > 1:
        from collections import Counter

        ends = Counter(other.status for other in runs)
        lines += [("starts", f"{len(runs)}: {', '.join(f'{count} {status}' for status, count in ends.items())}")]
    if output.color == "always" or sys.stdout.isatty():
        from circuitcli.render.sparkline import sparkline

        if line := sparkline([run.sign * v for v in run.values]):
            lines += [("path", line)]
    lines += [("stopped", f"{run.status}: {run.message}")]
    width = max(len(label) for label, _ in lines)
    yield "\n" + "\n".join(f" {label:{width}}  {text}" for label, text in lines)


def _beside(rows: RowsClimbed, run: Ascent, indent: str, digits: int) -> Iterable[tuple[str, str]]:
    """The named results beside the value, at the start and where it was found."""
    from circuitcli.render.number_format import shown

    start = rows.beside(run.start)
    for name, x in rows.beside(run.found).items():
        yield f"{indent}{name}", f"{shown(start[name], digits)} → {shown(x, digits)}"


def _validation_lines(rows: RowsClimbed, run: Ascent, digits: int) -> Iterable[tuple[str, str]]:
    """The value over the rows of the validation, and the named results beside it."""
    from circuitcli.render.number_format import shown

    own, kept = rows.validation, run.kept
    if own is None or kept is None:
        return
    start = shown(own.objective.value(run.start.x), digits)
    yield "validation", f"{start} → {shown(kept.validation, digits)}{_of_rows(own, None)}, best at step {kept.steps:,}"
    yield from _beside(own, run, "  ", digits)


def _inputs_table(
    run: Ascent, spread: Estimate | None, intervals: Mapping[str, Sequence[float]] | None, digits: int
) -> PrintedTable:
    """The inputs that moved: where from, where to, and their standard errors or the slopes that are left."""
    from circuitcli.render.number_format import rounded, shown
    from circuitcli.render.text_table import Column, PrintedTable

    last = "± std error" if spread else "gradient"
    columns = [Column("input", False), Column("start"), Column("found", style=f"bold {VALUE_ON_SCREEN}")]
    columns += [Column(last, style=GRADIENT_ON_SCREEN)]
    columns += [Column(f"{100.0 * spread.level:g} % from"), Column("to")] if spread and intervals else []
    columns += [Column("", False)]
    at_bound, names, rows = inputs_at_bound(run), run.problem.names, []
    last_numbers = [spread.stderr[name] for name in names] if spread else [run.sign * g for g in run.found.gradient]
    numbers: list[Sequence[float]] = [run.start.x, run.found.x, last_numbers]
    texts = [[shown(x, digits) for x in column] for column in numbers]
    if spread:
        texts[-1] = [*map(rounded, last_numbers)]
    if spread and intervals:
        ends = [*zip(*(intervals[name] for name in names), strict=True)]
        numbers += ends
        texts += [[shown(x, digits) for x in column] for column in ends]
    for row in family_rows(names):
        held = [names[i] for i in row.places if names[i] in at_bound]
        mark = "at bound" if len(row.places) == 1 else f"{len(held)} at bound"
        cells = [row.text(column, single) for column, single in zip(numbers, texts, strict=True)]
        rows.append([row.label, *cells, mark if held else ""])
    note = f"{len(names)} inputs in {len(rows)} rows; in a pipe, and with --json, each has its own."
    return PrintedTable(columns, rows, note if len(rows) < len(names) else "")


def _of_rows(rows: RowsClimbed | None, spread: Estimate | None) -> str:
    """The number of rows, the degrees of freedom and R², as the end of a line."""
    if rows is None:
        return ""
    from circuitcli.rows.none_left import counted

    said = [counted(rows.number)]
    if spread and spread.dof is not None:
        said.append(f"{spread.dof:,} degree{'s' * (spread.dof != 1)} of freedom")
    if spread and spread.r_squared is not None:
        said.append(f"R² {_near_one(spread.r_squared)}")
    return "      " + ", ".join(said)


def _near_one(r: float) -> str:
    """R² in three digits, or as many as show what it lacks of 1."""
    return next((text for text in (f"{r:.{digits}g}" for digits in range(3, 18)) if float(text) < 1.0), "1")
