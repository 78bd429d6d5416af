"""`circuit ascend` and `circuit descend` over files of rows: the inputs that are no column move."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from circuitcli.ascent import AUTO, Ascent, Choice, Objective, Problem, best, choice, of_squares
from circuitcli.cli.answers.ascent_answer import ended, estimated, found_row, refuse_taken, show
from circuitcli.cli.ascent_watch import Course, climbed
from circuitcli.cli.commands.ascend import bounds_of, starting
from circuitcli.cli.options import Data, Form, note
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import opened, progressing, refuse_missing_libraries, say_bad
from circuitcli.errors import InputError, UsageError

if TYPE_CHECKING:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_runner import RowsRunner


def fit(
    asked: Request,
    form: Form,
    said: Data,
    course: Course,
    auto: bool,
    wrt: str | None,
    uncertainty: bool,
    by: str | None,
) -> int:
    """Climb what the circuit gathers from the rows; `auto`: the method is ours to choose; `by`: once for each group."""
    refuse_missing_libraries()
    if by and (course.trace or course.state):
        raise UsageError("--trace and --state are of one ascent, and --by makes many", "leave out one of them")
    if by and said.cluster is not None:
        raise UsageError("--by wants the rows of a group in one place, and a cluster has them in many", "leave one out")
    from circuitcli.rows.row_by_row import Options

    with opened(asked, form, said) as tables:
        plan = _plan(asked, tables, wrt, by)
        refuse_taken([*plan.scalars], form, by, True)
        rows: Any
        with progressing(tables, form) as progress:
            options = Options(said.policy, said.jobs or 0, said.engine, progress)
            if by:
                from circuitcli.rows.in_memory import loaded
                from circuitcli.rows.local import LocalRunner

                assert isinstance(tables, LocalRunner)
                rows = loaded(tables, plan.used, options, by)
            else:
                rows = tables.source(asked.text, plan, course.sign, options)
        say_bad(rows.told)
        if not rows.rows:
            raise UsageError(f"{tables.shown[0]} has no rows")
        fitter = _Fitter(asked, form, course, auto, plan, options, uncertainty)
        if by:
            return fitter.groups(by, rows)
        counts = {"count": rows.rows, "files": tables.shown, "skipped": rows.told.skipped}
        runs, spread = fitter.runs(rows)
        if said.cluster is not None and runs[-1].interrupted:
            spread = False  # there may be nobody any more who could tell
        if course.trace != "-":
            show(asked.text, runs, form, counts, spread)
        return ended(runs, form)


def _plan(asked: Request, tables: RowsRunner, wrt: str | None, by: str | None) -> Plan:
    """The circuit over the columns, one number that inputs move. Raises UsageError or InputError where it is not."""
    from circuitcli.rows.plan import Plan

    if by and by not in tables.columns:
        raise UsageError(f"{tables.first.shown} has no column {by}", f"its columns are: {', '.join(tables.columns)}")
    plan = Plan(asked.graph, tables.columns, asked.given, asked.names(wrt), True, tables.first.shown)
    if not wrt and (moving := [name for name in plan.wrt or () if name not in asked.fixed]):
        plan = Plan(asked.graph, tables.columns, asked.given, moving, True, tables.first.shown)
    if plan.by_row:
        raise UsageError("this gives one value per row, and an ascent climbs one", "wrap it in mean(...) or sum(...)")
    if not plan.wrt:
        raise UsageError(
            "there is nothing to move: all inputs are columns", "name a parameter, and give it a start: -a 1"
        )
    for name in plan.wrt:
        if name not in plan.scalars:
            raise InputError(f"{name} is no input that can move", "--wrt names inputs that are no columns")
    return plan


class _Fitter:
    """A circuit that is fitted to rows, once or for each group."""

    def __init__(
        self, asked: Request, form: Form, course: Course, auto: bool, plan: Any, options: Any, uncertainty: bool
    ) -> None:
        self._asked, self._form, self._course, self._auto = asked, form, course, auto
        self._plan, self._options, self._uncertainty = plan, options, uncertainty
        self._noted = False

    def runs(self, source: Any) -> tuple[list[Ascent], bool]:
        """The ascents over some rows, and whether standard errors belong to them."""
        from circuitcli.rows.rows_objective import RowsObjective

        course, plan = self._course, self._plan
        objective = RowsObjective(plan, plan.wrt, course.sign, source)
        problem = Problem(objective, course.sign, bounds_of(course.bounds, plan.wrt))
        course = course._replace(choice=self._choice(objective))
        start = starting(problem, self._form)
        checksum = [source.rows, source.checksum] if course.state else None
        runs = climbed(problem, course, start, self._asked.text, checksum, self._form)
        return runs, self._uncertainty or course.choice.method.squares

    def _choice(self, objective: Objective) -> Choice:
        """The method: least squares where the circuit is a sum of squares and nothing else was asked for."""
        chosen = self._course.choice
        if chosen.method.squares and not of_squares(objective):
            raise UsageError(
                f"{chosen.name} wants minus a sum or mean of squares over the rows",
                'circuit descend "sum((y - f)^2)", or circuit ascend "-sum((y - f)^2)"',
            )
        library = chosen.method.library
        if library and find_spec(library) is None:
            hint = 'install it with: pip install "circuitcli[fit]"'
            raise UsageError(f"the method {chosen.name} needs {library}", hint)
        if not self._auto or not of_squares(objective):
            return chosen
        if find_spec("scipy") is None:
            if not self._noted:
                note('least squares would need scipy: pip install "circuitcli[fit]"; L-BFGS does it', self._form.quiet)
            self._noted = True
            return chosen
        return choice(AUTO, squares=True)

    def groups(self, by: str, data: Any) -> int:
        """One row of results for each group."""
        from circuitcli.render.machine_formats import rows_text

        status, form = 0, self._form
        to = {"table": "csv", "json": "jsonl"}.get(form.to, form.to)
        for i, (row, code) in enumerate(self._each(by, data)):
            text = rows_text([row], to)
            print(text if to == "jsonl" or i == 0 else text.partition("\n")[2], flush=True)
            status = max(status, code)
        return status

    def _each(self, by: str, data: Any) -> Iterator[tuple[dict[str, Any], int]]:
        from circuitcli.cli.answers.records import ascent_record
        from circuitcli.rows.in_memory import source_of

        for group, rows in data.by_group():
            runs, spread = self.runs(source_of(self._plan, self._course.sign, rows, self._options))
            estimate = estimated(best(runs), self._form, quiet=True) if spread else None
            record = ascent_record(self._asked.text, runs, {}, estimate)
            row = found_row(record, best(runs).problem.names if spread else ())
            yield {by: group, "rows": rows.rows, **row}, int(ended(runs, self._form))
