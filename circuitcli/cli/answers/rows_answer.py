"""`circuit eval` and `circuit grad` over files of rows: a row out for each row in, or one answer from all."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

from circuitcli.cli.options import Data, Form, note
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import counted, names_of, opened, progressing, refuse_missing_libraries, say_bad
from circuitcli.errors import UsageError
from circuitcli.gate_facts import EXTREME
from circuitcli.gates import GATES

if TYPE_CHECKING:
    from circuitcli.rows.gathered_point import Answer
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_by_row import Told
    from circuitcli.rows.rows_runner import RowsRunner


def refuse_answers(chosen: Sequence[str]) -> None:
    """What is said of one point is not said of each row."""
    for option in chosen:
        if option == "--check":
            continue
        raise UsageError(f"{option} is about one point, and there are rows", "leave out the data files, or the option")


def show_rows(
    asked: Request,
    form: Form,
    said: Data,
    wrt: Sequence[str] | None = None,
    differentiate: bool = False,
    test: bool = False,
    checked: bool = False,
    claim: str | None = None,
) -> int:
    """Run the circuit over the files and answer the exit status."""
    refuse_missing_libraries()
    if said.out == "":
        raise UsageError("--out names nothing", "name a file, or leave it out")
    if said.out == "-":  # standard output, as elsewhere
        said = said._replace(out=None)
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_by_row import Options

    with opened(asked, form, said) as tables, progressing(tables, form) as progress:
        place = [] if said.cluster is None else ["--cluster", said.cluster]
        files = shlex.join([*asked.data, *place])
        plan = Plan(asked.graph, tables.columns, asked.given, wrt, differentiate, tables.first.shown, files)
        options = Options(said.policy, said.jobs or 0, said.engine, progress)
        if checked or claim is not None:
            from circuitcli.cli.answers.row_check_answer import show_row_check

            form = _of_one_answer(form, said)
            with _written(said.out):
                return show_row_check(asked.text, plan, tables, claim, form, options)
        if not plan.by_row:
            return _gathered(asked, plan, tables, form, said, options, test)
        if test:
            raise UsageError("this gives one value per row, and --test wants one", "wrap it in mean(...) or max(...)")
        return _by_row(asked, plan, tables, form, said, options)


def _by_row(asked: Request, plan: Plan, tables: RowsRunner, form: Form, said: Data, options: Any) -> int:
    from circuitcli.tables.formats import format_to_write
    from circuitcli.tables.output_columns import output_columns

    chosen = names_of(said.columns, "--columns") or None
    gradients = [f"grad_{name}" for name in plan.wrt or ()]
    results = [plan.answer, *gradients] if chosen is None else [*plan.results(), *gradients]
    to = {"table": "", "json": "jsonl"}.get(form.to, form.to)
    goes_out = format_to_write(to, said.out, tables.first.format)
    columns = output_columns(tables.first, goes_out, list(dict.fromkeys(results)), chosen, plan.used)
    told = tables.by_row(asked.text, plan, columns, said.out, options)
    return _finish(plan, told, form)


def _gathered(asked: Request, plan: Plan, tables: RowsRunner, form: Form, said: Data, options: Any, test: bool) -> int:
    if plan.wrt is not None and not plan.wrt:
        raise UsageError(
            "there is nothing to differentiate by: all inputs are columns, and the answer is one number",
            "circuit eval has the value; an input that is set with -NAME VALUE has a gradient",
        )
    form = _of_one_answer(form, said)
    answer, told = tables.gathered(asked.text, plan, options)
    gathers = [GATES[plan.graph.nodes[k].gate].over_rows for k in plan.parts.aggregates]
    if answer.gathered.rows == 0 and any(facts is not None and facts.gathers == EXTREME for facts in gathers):
        raise UsageError(f"{tables.first.shown} has no rows, and of none there is no largest or smallest")
    if test:
        return _finish(plan, told, form, answer) or int(answer.value == 0.0)
    with _written(said.out):
        _show(asked, answer, tables, told, form)
    return _finish(plan, told, form, answer)


def _of_one_answer(form: Form, said: Data) -> Form:
    """The form of what all rows together say, which the ending of --out may tell. Raises UsageError for what is for
    rows alone."""
    from circuitcli.tables.formats import FORMATS, format_named
    from circuitcli.tables.storage import bare, is_folder

    if said.columns:
        raise UsageError("--columns chooses what a row has, and this is one answer", "leave it out")
    if said.out and is_folder(said.out):
        raise UsageError(f"{said.out} is a directory, and this is one answer", "name a file")
    if said.out and form.to == "table":
        named = format_named(said.out)
        to = "json" if bare(said.out).endswith(".json") else named.name if named else form.to
        form = form._replace(to=to)
    if form.to in FORMATS and FORMATS[form.to].typed:
        raise UsageError(f"{form.to} is for rows, and this is one answer", "write for example --json")
    return form


@contextmanager
def _written(out: str | None) -> Iterator[None]:
    """What is printed meanwhile goes into a file, where one is named, which appears when it is complete."""
    if out is None:
        yield
        return
    from circuitcli.atomic_files import as_text
    from circuitcli.tables.output_files import opened_file

    with opened_file(out) as file, as_text(file) as text, redirect_stdout(text):
        yield


def _show(asked: Request, answer: Answer, tables: RowsRunner, told: Told, form: Form) -> None:
    if form.to not in ("table", "json"):
        from circuitcli.cli.answers.records import point_row
        from circuitcli.render.machine_formats import row_text

        print(row_text({"file": " ".join(tables.shown), "rows": told.rows, **point_row(answer)}, form.to))
        return
    counts = {
        "count": told.rows,
        "files": tables.shown,
        "skipped": told.skipped,
        "nonfinite": told.nonfinite + told.came_in,
    }
    from circuitcli.cli.answers.point_answer import show_point

    show_point(asked.text, answer, {"rows": counts}, form)
    if form.to == "table" and not form.quiet:
        print(f" {counted(told.rows)}")


def _finish(plan: Plan, told: Told, form: Form, answer: Answer | None = None) -> int:
    """The notes on rows, and the exit status that they deserve."""
    say_bad(told)
    if told.came_in > told.kept:
        note(f"{counted(told.came_in - told.kept)} came in infinite or not a number, and left so", form.quiet)
    if told.nonfinite:
        first = f" (first: {told.first_nonfinite}{_cause(plan, told)})" if told.first_nonfinite else ""
        note(f"the result of {counted(told.nonfinite)} is infinite or not a number{first}", form.quiet)
    wrong = told.nonfinite > 0
    if answer is not None and not answer.finite and not told.came_in:
        if not told.nonfinite:
            note(
                "the answer is infinite or not a number" + (": there are no rows" if not told.rows else ""), form.quiet
            )
        wrong = True
    return 3 if wrong and not form.allow_nonfinite else 0


def _cause(plan: Plan, told: Told) -> str:
    """Which gate it was."""
    from circuitcli.analysis.nonfinite import fault
    from circuitcli.analysis.point import Point

    why = fault(Point(plan.graph, {**plan.scalars, **told.first_values}, plan.wrt))
    return f", {why}" if why else ""
