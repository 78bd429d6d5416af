"""The answers of `eval` and `grad` over files of rows: a row out for each row in, or one answer from all."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.cli.answers.answer import (
    Outcome,
    conclude,
    file_of,
    give,
    in_the_form_of,
)
from circuitcli.cli.answers.gathered_answer import gathered_answer, is_finite
from circuitcli.cli.answers.groups_answer import grouped, telling_of_groups
from circuitcli.cli.answers.result_columns import named_nodes, whose_bounds
from circuitcli.cli.answers.row_columns import columns_out
from circuitcli.cli.conditions import telling_unquoted
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.missing_ranges import telling_of_ends
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import (
    ALONE,
    LIBRARIES,
    bad_rows,
    condition,
    names_of,
    opened,
    progressing,
    readable,
    reader_of,
    refuse_missing_libraries,
    refuse_unused,
    telling,
)
from circuitcli.cli.row_uncertainties import uncertainties
from circuitcli.errors import UsageError
from circuitcli.gate_facts import EXTREME
from circuitcli.gates import GATES
from circuitcli.nested_names import spelled_out
from circuitcli.rows.none_left import all_skipped, counted, refuse_none_left
from circuitcli.tables.batch import SKIP
from circuitcli.tables.formats import NeedsLibraries

if TYPE_CHECKING:
    from circuitcli.cli.input_values import Value
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_boxes import RowBoxes
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Options, Told


class Question(NamedTuple):
    """The question put to the rows: for values, for gradients too, for a test of the value, a check of the gradient;
    for the gradients `of` some results, and for derivatives along a `direction`."""

    wrt: Sequence[str] | None = None
    differentiate: bool = False
    test: bool = False
    checked: bool = False
    claim: str | None = None
    of: Sequence[str] = ()
    direction: Mapping[str, Value] = {}

    @property
    def is_check(self) -> bool:
        """Whether the gradient is to be checked."""
        return self.checked or self.claim is not None

    @property
    def about_value(self) -> bool:
        """Whether it is about the value or the gradient themselves, and their uncertainty is no answer."""
        return self.test or self.is_check


def answer_rows(asked: Request, output: Output, said: Data, question: Question) -> int:
    """Run the circuit over the files, print what comes out, and return the exit status."""
    said = said.but(out=file_of(said.out))
    if _has_ranges(asked, said):
        from circuitcli.cli.answers.bounds_answer import refuse_for_boxes

        wanted = {"--test": question.test, "--claim": question.claim is not None, "--check": question.checked}
        refuse_for_boxes(asked, said, {**wanted, "--along": question.direction})
    reader = reader_of(asked, said, question.is_check or _has_ranges(asked, said))
    told: set[str] = set()
    try:
        return _answered(asked, output, said, question, reader, told)
    except NeedsLibraries as what:
        refuse_missing_libraries(str(what))
    return _answered(asked, output, said, question, LIBRARIES, told)


def _answered(asked: Request, output: Output, said: Data, question: Question, reader: str, told: set[str]) -> int:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.told import Options

    with opened(asked, output, said, reader, told) as tables, progressing(tables, output) as progress:
        place = [] if said.cluster is None else ["--cluster", said.cluster]
        place += [word for text in said.where for word in ("--where", text)]
        files = shlex.join([*asked.data, *place])
        wrt, differentiate = question.wrt, question.differentiate
        shown, results = tables.first.shown, _wanted(asked, said, question, tables.columns)
        boxes = _boxes(asked, said, tables)
        if question.about_value:
            asked.certain("this answer takes none")
        uncertain = (
            None if question.about_value or boxes is not None else uncertainties(asked, said, tables, readable(tables))
        )
        if uncertain is not None and len(question.of) > 1:
            hint = f"write --of {question.of[0]}; circuit eval has the uncertainty of each"
            raise UsageError("over rows the parts of inputs in an uncertainty are those of one result", hint)
        direction = {name: component.number for name, component in question.direction.items()}
        columns = readable(tables)
        with telling_of_groups(said.by), telling_of_ends(columns), telling_unquoted([asked.text], columns, asked.given):
            plan = Plan(
                asked.graph, columns, asked.given, wrt, differentiate, shown, files, results, uncertain,
                question.of, direction, boxes,
            )  # fmt: skip
        progress = telling(progress, output) if reader == ALONE else progress
        where = condition(asked, said, tables)
        options = Options(said.policy, said.jobs or 0, said.engine, progress, said.head or 0, where)
        if len(question.of) > 1 and question.is_check:
            raise UsageError(
                "over rows --check is of one result, and --of names several", f"write --of {question.of[0]}"
            )
        if said.head and (said.cluster or question.is_check):
            raise UsageError("--head ends a run of eval or grad on this machine", "leave it out")
        if reader == ALONE and (question.is_check or boxes is not None or said.engine or said.cluster is not None):
            refuse_missing_libraries()
        if question.is_check:
            from circuitcli.cli.answers.row_check_answer import row_check_answer

            refuse_unused(said, tables)
            output = _of_one_answer(output, said)
            return give(row_check_answer(asked.text, plan, tables, question.claim, options), output, said.out)
        if said.by is not None:
            return grouped(asked, plan, tables, output, said, options, question.test)
        if boxes is not None and not plan.by_row:
            from circuitcli.cli.answers.bounds_answer import bounds_gathered

            _refuse_no_slopes(plan)
            refuse_unused(said, tables)
            output = _of_one_answer(output, said)
            return give(bounds_gathered(asked, plan, boxes, tables, output, options), output, said.out)
        if not plan.by_row:
            return _gathered(asked, plan, tables, output, said, options, question)
        if question.test:
            raise UsageError("this gives one value per row, and --test wants one", "wrap it in mean(...) or max(...)")
        return _by_row(asked, plan, tables, output, said, options)


def _boxes(asked: Request, said: Data, tables: RowsRunner) -> RowBoxes | None:
    """The boxes of rows, where inputs are ranges."""
    if not _has_ranges(asked, said):
        return None
    from circuitcli.cli.answers.bounds_answer import refuse_uncertain_cells
    from circuitcli.cli.interval_columns import boxes_of

    refuse_uncertain_cells(asked, tables)
    return boxes_of(asked, said.intervals, tables, readable(tables))


def _has_ranges(asked: Request, said: Data) -> bool:
    """Whether inputs are ranges, in each row or on the command line."""
    return bool(said.intervals or asked.box)


def _wanted(asked: Request, said: Data, question: Question, columns: Sequence[str]) -> Mapping[str, int]:
    """The results that are wanted, by name: all; or the nodes that --columns names beside columns of the rows, with the
    last result, which `grad` differentiates; or the last alone, where the question is about one."""
    graph = asked.graph
    last = {graph.answer: graph.output}
    if question.about_value:
        return last
    if said.columns is None:
        return graph.results
    named = named_nodes(graph)
    known = [*columns, *named, *(f"sigma_{name}" for name in named)]
    chosen = {*spelled_out(names_of(said.columns, "--columns"), known)}
    if _has_ranges(asked, said):
        chosen |= whose_bounds(chosen, named)
    named = {name: k for name, k in named.items() if name in chosen or f"sigma_{name}" in chosen}
    return named if named and not question.differentiate else {**named, **last}


def _by_row(asked: Request, plan: Plan, tables: RowsRunner, output: Output, said: Data, options: Options) -> int:
    gradients = [*plan.spreads, *plan.slopes, *plan.contributions]
    results = [*(plan.results if said.columns is None else named_nodes(plan.graph)), *gradients]
    if twice := [name for name in gradients if results.count(name) > 1]:
        raise UsageError(f"a row would have two columns {twice[0]}", "give the result another name")
    columns = columns_out(tables, output, said, results, plan.used, plan.boxes is not None)
    told = tables.by_row(asked.text, plan, columns, said.out, options)
    if plan.boxes is not None:
        from circuitcli.cli.answers.bounds_answer import bounds_outcome

        return conclude(bounds_outcome(told, output), output)
    return conclude(_outcome(plan, told, options.policy, output), output)


def _gathered(
    asked: Request, plan: Plan, tables: RowsRunner, output: Output, said: Data, options: Options, question: Question
) -> int:
    if plan.uncertain is None:
        _refuse_no_slopes(plan)
    refuse_unused(said, tables)
    output = _of_one_answer(output, said)
    point, told = tables.gathered(asked.text, plan, options)
    refuse_none_left(told)
    gathers = [GATES[plan.graph.nodes[k].gate].over_rows for k in plan.parts.aggregates]
    if point.gathered.rows == 0 and any(facts is not None and facts.gathers == EXTREME for facts in gathers):
        none = all_skipped(told) or f"{tables.first.shown} has no rows"
        raise UsageError(f"{none}, and no rows have no largest or smallest value")
    if question.test:
        return conclude(_outcome(plan, told, options.policy, output, point), output) or int(point.value == 0.0)
    outcome = partial(_outcome, plan, told, options.policy, output, point)
    answer = gathered_answer(asked, plan, point, tables, told, output, question.direction, outcome)
    return give(answer, output, said.out)


def _refuse_no_slopes(plan: Plan) -> None:
    if plan.wrt is not None and not plan.wrt:
        raise UsageError(
            "there is nothing to differentiate by: all inputs are columns, and the answer is one number",
            "circuit eval has the value; an input that is set with -NAME VALUE has a gradient",
        )


def _of_one_answer(output: Output, said: Data) -> Output:
    """The look of one answer from all rows. Raises UsageError for options of rows alone."""
    if said.columns:
        raise UsageError("--columns chooses what a row has, and this is one answer", "leave it out")
    return in_the_form_of(output, said.out)


def _outcome(plan: Plan, told: Told, policy: str, output: Output, point: GatheredPoint | None = None) -> Outcome:
    """The notes on rows, and the status that they deserve."""
    notes, wrong = [], told.nonfinite > 0
    if told.came_in > told.kept:
        out = "" if policy == SKIP else "; --bad-rows skip leaves out those with nan"
        notes.append(f"{counted(told.came_in - told.kept)} came in infinite or not a number, and left so{out}")
    if told.nonfinite:
        first = f" (first: {told.first_nonfinite}{_cause(plan, told)})" if told.first_nonfinite else ""
        notes.append(f"the result of {counted(told.nonfinite)} is infinite or not a number{first}")
    if told.lost:
        first = f" (first: {told.first_lost})" if told.first_lost else ""
        notes.append(f"the gradient of {counted(told.lost)} underflows: parts are smaller than float64 goes{first}")
    if point is not None and not is_finite(point, plan) and not told.came_in:
        if not told.nonfinite:
            from circuitcli.analysis.nonfinite import fault

            faults = (fault(point if k == plan.graph.output else point.ending(k)) for k in plan.outputs.values())
            why = next(filter(None, faults), "") if told.rows else all_skipped(told) or "there are no rows"
            notes.append("the answer is infinite or not a number" + (f": {why}" if why else ""))
        wrong = True
    return Outcome(notes, output.nonfinite if wrong else DONE, bad_rows(told))


def _cause(plan: Plan, told: Told) -> str:
    """The gate that made a result infinite or nan, as the end of a note."""
    from circuitcli.analysis.nonfinite import fault, fault_of
    from circuitcli.analysis.point import Point

    given = {**plan.scalars, **told.first_values}
    point = Point(plan.graph, given, plan.wrt)
    why = next(filter(None, (fault_of(point, k) for k in plan.results.values())), "") or next(
        filter(None, (fault(Point(plan.graph.ending(k), given, plan.wrt)) for k in plan.outputs.values())), ""
    )
    return f", {why}" if why else ""
