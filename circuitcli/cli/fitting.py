"""`circuit ascend` and `circuit descend` over files of rows: the inputs that are no column move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from circuitcli.ascent import Ascent, Choice, Limits, Problem, best
from circuitcli.asked_columns import column_of
from circuitcli.cli.answers.answer import Outcome, Record, conclude, give, stream, written
from circuitcli.cli.answers.ascent_answer import ascent_answer, found_row, outcome_of_runs
from circuitcli.cli.ascent_course import Course, starting
from circuitcli.cli.ascent_watch import climbed
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.fit_plan import planned, refuse_mistakes, tell_left_out
from circuitcli.cli.notes import note
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import (
    ROWS,
    bad_rows,
    condition,
    opened,
    progressing,
    readable,
    refuse_missing_libraries,
    refuse_unused,
)
from circuitcli.errors import InputError, UsageError
from circuitcli.extras import missing
from circuitcli.graph import Graph
from circuitcli.library.ascent_record import RowsClimbed, estimated, unmoved
from circuitcli.library.fit_method import fit_method, tells_errors
from circuitcli.rows.none_left import all_skipped, refuse_none_left
from circuitcli.tables.formats import WRITTEN
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Terms
    from circuitcli.rows.in_memory import InMemory, Loaded
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_objective import Ahead, RowsObjective, Source
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Options, Told


def fit(
    asked: Request,
    output: Output,
    said: Data,
    course: Course,
    auto: bool,
    wrt: str | None,
    terms: Terms | None,
    by: str,
    out: str | None,
) -> int:
    """Climb one number that the circuit gathers from the rows; `auto`: the method is ours to choose; `terms`
    are those of standard errors, where they are asked for; `by`: once for each group; `out` is the file that the
    result is written to."""
    if by and (course.trace or course.state or course.watch):
        raise UsageError("--trace, --state and --watch are of one ascent, and --by makes many", "leave out one of them")
    if by and course.validate:
        raise UsageError("--validate is of one ascent, and --by makes many", "leave out one of them")
    if course.batch and said.cluster is not None:
        what = "--batch takes rows from anywhere, and on a cluster they are in many places"
        raise UsageError(what, "leave out --cluster, or --batch")
    if course.validate and said.cluster is not None:
        raise UsageError("--validate reads rows on this machine, and --cluster on others", "leave one out")
    if course.validate == "-" and "-" in asked.data:
        raise UsageError("--validate - is standard input, and so are the rows", "name a file for one of them")
    if by and said.cluster is not None:
        raise UsageError("--by wants the rows of a group in one place, and a cluster has them in many", "leave one out")
    asked.certain("a fit takes none")
    if missing(ROWS):
        refuse_mistakes(asked, output, said, course, wrt, by)
    refuse_missing_libraries("a fit needs")
    from circuitcli.rows.in_memory import Loaded

    with opened(asked, output, said) as tables:
        tell_left_out(asked, tables, output)
        plan = planned(asked, tables, output, said, course, wrt, by)
        if course.boxes:
            _refuse_proof(said, course, plan, by)
        with _options(asked, output, said, tables) as options:
            rows = _rows(asked, tables, plan, options, by, course.boxes is not None)
        _tell_of_rows(rows.told, tables, output)
        fitter = _Fitter(asked, output, course, auto, plan, options, terms)
        if isinstance(rows, Loaded) and by:
            with written(out):
                return fitter.by_group(by, rows)
        graph, differences = None, list[Graph]()
        if isinstance(rows, Loaded):
            from circuitcli.library.relations import differences_over_rows
            from circuitcli.rows.in_memory import source_of
            from circuitcli.rows.unrolled import unrolled

            columns = {name: column.tolist() for name, column in rows.columns.items()}
            graph = unrolled(plan, columns)
            differences = differences_over_rows(asked.graph, course.relations, plan, columns)
            rows = source_of(plan, rows, options)
        validation = _validation(asked, output, said, course, plan)
        runs, objective, terms = fitter.runs(rows, validation=validation)
        proof = None
        if graph is not None and not runs[-1].interrupted:
            from circuitcli.cli.proof import proved

            runs, proof = proved(graph, asked, runs, course, output, differences)
        alone = said.cluster is not None and runs[-1].interrupted
        if alone:
            terms = None  # there may be nobody any more who could tell
        if course.trace == "-" and out is None:
            return conclude(outcome_of_runs(runs, output), output)
        climbed_rows = RowsClimbed(tables.shown, objective, not alone, validation)
        answer = ascent_answer(asked.text, runs, output, climbed_rows, terms)
        if proof is not None:
            from circuitcli.cli.answers.proof_answer import with_proof

            answer = with_proof(answer, proof, course.sign, output)
        return give(answer, output, out)


def _refuse_proof(said: Data, course: Course, plan: Plan, by: str) -> None:
    """Raise UsageError where there is no proof to be had of a fit."""
    from circuitcli.cli.proof import refuse_open

    options = {
        "--cluster": said.cluster is not None,
        "--by": by,
        "--batch": course.batch,
        "--validate": course.validate,
    }
    if option := next((name for name, there in options.items() if there), None):
        raise UsageError(
            f"--prove is about one fit to all rows, on this machine, and {option} is given", "leave out one"
        )
    names = plan.wrt or []
    refuse_open(course.bounds_of(names), names)


def _validation(asked: Request, output: Output, said: Data, course: Course, plan: Plan) -> RowsClimbed | None:
    """The rows by which the best point is kept, read as the data are; None where there are none."""
    if course.validate is None:
        return None
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_objective import RowsObjective

    with opened(asked, output, said, names=[course.validate]) as tables:
        refuse_unused(said, tables)
        columns = [name for name in readable(tables) if name in plan.columns]  # another one may be called as an input
        needed = list(dict.fromkeys(map(column_of, plan.used)))
        if missing := [name for name in needed if name not in columns]:
            hint = f"the rows of a validation have the columns of the data: {some_of(needed)}"
            raise InputError(f"{tables.first.shown} has no column {some_of(missing)}", hint)
        own = Plan(asked.graph, columns, asked.given, plan.wrt, True, tables.first.shown)
        with _options(asked, output, said, tables) as options:
            rows = tables.source(asked.text, own, options)
        _tell_of_rows(rows.told, tables, output, f"{tables.first.shown}: ")
        return RowsClimbed(tables.shown, RowsObjective(own, plan.wrt or [], course.sign, rows))


@contextmanager
def _options(asked: Request, output: Output, said: Data, tables: RowsRunner) -> Iterator[Options]:
    """The settings by which the rows are read, with progress meanwhile."""
    from circuitcli.rows.told import Options

    with progressing(tables, output) as progress:
        where = condition(asked, said, tables)
        yield Options(said.policy, said.jobs or 0, said.engine, progress, where=where)


def _tell_of_rows(told: Told, tables: RowsRunner, output: Output, of: str = "") -> None:
    """Tell of bad rows, in notes that begin with `of`. Raises UsageError where no rows are left."""
    conclude(Outcome(loud=[of + text for text in bad_rows(told)]), output)
    refuse_none_left(told, of)
    if not told.rows:
        raise UsageError(of + all_skipped(told) if told.failed else f"{tables.shown[0]} has no rows")


def _rows(asked: Request, tables: RowsRunner, plan: Plan, options: Options, by: str, plain: bool) -> Loaded | Source:
    """The rows as an ascent sees them; or where it is one for each group, or they are wanted `plain`, their numbers."""
    from circuitcli.rows.in_memory import loaded
    from circuitcli.rows.local import LocalRunner

    if not by and not plain:
        return tables.source(asked.text, plan, options)
    assert isinstance(tables, LocalRunner)
    return loaded(tables, plan.used, options, by)


class _Fitter:
    """A circuit that is fitted to rows, once or for each group."""

    def __init__(
        self,
        asked: Request,
        output: Output,
        course: Course,
        auto: bool,
        plan: Plan,
        options: Options,
        terms: Terms | None,
    ) -> None:
        self._asked, self._output, self._course, self._auto = asked, output, course, auto
        self._plan, self._options, self._terms = plan, options, terms
        self._noted = False

    def runs(
        self, source: Source, of: str = "", validation: RowsClimbed | None = None
    ) -> tuple[list[Ascent], RowsObjective, Terms | None]:
        """The ascents over some rows, what is climbed, and the terms of their standard errors; None where there are to
        be none. Notes begin with `of`."""
        from circuitcli.ascent.standard_errors import Terms
        from circuitcli.rows.rows_objective import RowsObjective

        course, names = self._course, self._plan.wrt or []
        objective = RowsObjective(self._plan, names, course.sign, source)
        value = validation.objective.value if validation is not None else None
        constraints = []
        if course.relations:
            from circuitcli.library.relations import constraints_over_rows

            constraints = constraints_over_rows(self._asked.graph, course.relations, self._plan, source, course.sign)
        problem = Problem(objective, course.sign, course.bounds_of(names), value, constraints)
        course = self._over_batches(course._replace(choice=self._choice(objective, of)), objective, source)
        course.refuse_no_length()
        start = starting(problem, self._output.quiet)
        checksum = [source.rows, source.checksum] if course.state else None
        if checksum and validation is not None:
            checksum += [validation.objective.rows, validation.objective.source.checksum]
        runs = climbed(problem, course, start, self._asked.text, checksum, self._output)
        told = tells_errors(objective, course.choice, self._auto)
        return runs, objective, self._terms or (Terms() if told else None)

    def _over_batches(self, course: Course, objective: RowsObjective, source: Source) -> Course:
        """The course with the steps that its epochs have, over batches of the rows where it takes some."""
        from circuitcli.rows.in_memory import InMemory

        chosen, limits = course.choice, course.limits
        batches = None
        if course.batch:
            from circuitcli.rows.batches import RowBatches

            assert isinstance(source, InMemory)
            batches = RowBatches(objective, source, course.batch, course.starts.seed)
        if chosen.epochs is not None:
            limits = limits._replace(steps=chosen.epochs * (batches.per_epoch if batches is not None else 1))
        if batches is not None:
            chosen = chosen.over(batches, limits.max_steps if limits.steps is None else limits.steps)
        return course._replace(choice=chosen, limits=limits)

    def _choice(self, objective: RowsObjective, of: str) -> Choice:
        """The method, with a note where it is no least squares: what a library would do is said once."""
        absolute = self._terms.absolute if self._terms else None
        chosen, none, lacking = fit_method(
            objective, self._course.choice, self._auto, bool(self._course.relations), absolute
        )
        if none:
            note(f"{of}{none}", self._output.quiet)
        if lacking and not self._noted:
            note(lacking, self._output.quiet)
        self._noted = self._noted or bool(lacking)
        return chosen

    def by_group(self, by: str, rows: Loaded) -> int:
        """Print one row of results for each group, as it is found, and return the worst status."""
        statuses: list[int] = [DONE]
        form = WRITTEN[self._output.row_format or "csv"]
        stream(self._each(by, rows, statuses), form, self._output)
        return max(statuses)

    def _each(self, by: str, rows: Loaded, statuses: list[int]) -> Iterator[Record]:
        """The row of each group; its status joins `statuses`. An interrupted one is the last."""
        from circuitcli.rows.in_memory import source_of

        source: InMemory | None = None
        groups = [*rows.by_group()]
        for (group, own), ahead in zip(groups, self._ahead([own for _, own in groups]), strict=True):
            of = f"{by} {group}: "
            source = source_of(self._plan, own, self._options, source, ahead)
            runs, objective, terms = self.runs(source, of)
            estimate, notes = estimated(best(runs), terms) if terms else (None, [])
            yield {
                by: group,
                "rows": own.rows,
                **found_row(best(runs), estimate, self._may_have_errors, objective.beside(best(runs).found.x)),
            }
            notes = [of + text for text in (*unmoved(best(runs)), *notes)]
            statuses.append(conclude(outcome_of_runs(runs, self._output, notes), self._output))
            if runs[-1].interrupted:
                return

    @cached_property
    def _may_have_errors(self) -> bool:
        """Whether standard errors may be told of some group: then the rows of all have a place for them."""
        squares = self._auto or self._course.choice.method.squares
        return self._terms is not None or (squares and self._plan.squares(self._plan.wanted) is not None)

    def _ahead(self, groups: Sequence[Loaded]) -> Iterator[Ahead | None]:
        """The fit of each group as a search of all at once knows it ahead; None where it does not."""
        from circuitcli.ascent.many_groups import ahead_of_each, can_be_searched

        course, chosen = self._course, self._course.choice
        alone = course.bounds or course.starts.number > 1 or not (self._auto or chosen.method.squares)
        if alone or course.limits != Limits() or not can_be_searched(self._plan):
            return iter([None] * len(groups))
        start = [self._plan.scalars[name] for name in self._plan.wrt or ()]
        return ahead_of_each(self._plan, groups, start, self._options.engine)
