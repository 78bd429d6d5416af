"""The answer of `solve` over files of rows: a system of equations in each, and its root beside it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Outcome, conclude, file_of
from circuitcli.cli.answers.row_columns import columns_out
from circuitcli.cli.answers.solution_answer import Asked
from circuitcli.cli.conditions import telling_unquoted
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import (
    ALONE,
    bad_rows,
    condition,
    names_of,
    opened,
    progressing,
    readable,
    reader_of,
    refuse_missing_libraries,
    telling,
)
from circuitcli.cli.row_uncertainties import uncertainties
from circuitcli.cli.sought_unknowns import bounds_of, unknowns_of
from circuitcli.equations import Equations
from circuitcli.errors import UsageError
from circuitcli.gates import over_rows
from circuitcli.rows.none_left import counted
from circuitcli.tables.formats import NeedsLibraries

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.runs import CircuitOverRows
    from circuitcli.rows.told import Told
    from circuitcli.rows.uncertainties import Uncertainties
    from circuitcli.solving.row_systems import Sought


def solve_rows(asked: Request, output: Output, data: Data, said: Asked, sensitivity: bool) -> int:
    """Solve the equations in every row, write the rows, and return the exit status."""
    data = data.but(out=file_of(data.out))
    _refuse_unfit(data)
    reader = reader_of(asked, data, needs_libraries=True)
    try:
        return _solved(asked, output, data, said, sensitivity, reader)
    except NeedsLibraries as what:
        refuse_missing_libraries(str(what))
        raise


def _solved(asked: Request, output: Output, data: Data, said: Asked, sensitivity: bool, reader: str) -> int:
    from circuitcli.rows.local import LocalRunner
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.told import Options

    assert isinstance(asked.circuit, Equations)
    graph, equations = asked.circuit.differences(asked.graph)
    with opened(asked, output, data, reader) as tables, progressing(tables, output) as progress:
        assert isinstance(tables, LocalRunner)
        columns = readable(tables)
        unknowns = unknowns_of(asked, equations, said.unknowns, columns)
        _refuse_aggregates(graph, asked, unknowns, data.by)
        results = {equation.text: equation.node for equation in equations}
        uncertain = _without(uncertainties(asked, data, tables, columns), unknowns)
        with telling_unquoted([asked.text], columns, asked.given):
            plan = Plan(graph, columns, asked.given, None, False, tables.first.shown, "", results, uncertain)
        sought = _sought(plan, unknowns, said)
        chosen = set(names_of(data.columns, "--columns"))
        wide = sensitivity or not chosen.isdisjoint(sought.slopes)
        derived = [*(sought.slopes if wide else ()), *sought.spreads]
        out = columns_out(tables, output, data, [*sought.unknowns.values(), *derived], plan.used)
        sought = sought._replace(
            slopes={c: pair for c, pair in sought.slopes.items() if c in out.results},
            spreads={c: unknown for c, unknown in sought.spreads.items() if c in out.results},
        )
        where = condition(asked, data, tables)
        progress = telling(progress, output) if reader == ALONE else progress
        options = Options(data.policy, data.jobs or 0, data.engine, progress, data.head or 0, where)
        if reader == ALONE and data.engine:
            refuse_missing_libraries()
        nodes = [equation.node for equation in equations]
        circuit = _circuit(plan, nodes, sought, tables.estimated_rows, data.engine, reader)
        told = tables.written(circuit, plan, out, data.out, options)
        return conclude(_outcome(told, output, said, sought.over), output)


def _circuit(
    plan: Plan, nodes: Sequence[int], sought: Sought, rows: float, engine: str, reader: str
) -> CircuitOverRows:
    """The equations over rows that a reader reads."""
    if reader == ALONE:
        from circuitcli.solving.solved_lists import PlainSolvedRows

        return PlainSolvedRows(plan, nodes, sought)
    from circuitcli.solving.solved_rows import SolvedRows

    return SolvedRows(plan, nodes, sought, rows, engine)


def _without(uncertain: Uncertainties | None, unknowns: Sequence[str]) -> Uncertainties | None:
    """The uncertainties of the inputs that are no unknowns, whose starts have none."""
    if uncertain is None:
        return None
    columns = {name: spread for name, spread in uncertain.columns.items() if name not in unknowns}
    numbers = {name: sigma for name, sigma in uncertain.numbers.items() if name not in unknowns}
    return uncertain._replace(columns=columns, numbers=numbers) if columns or numbers else None


def _refuse_unfit(data: Data) -> None:
    """Raise UsageError for options that equations over rows do not have."""
    if data.cluster is not None:
        raise UsageError("--cluster is not for equations, which this machine solves", "leave out --cluster")


def _refuse_aggregates(graph: Graph, asked: Request, unknowns: Sequence[str], by: str | None) -> None:
    """Raise UsageError for an equation that gathers rows, and for groups of them: each row is a system of its own."""
    from circuitcli.notation import in_words

    moving = graph.depends_on([graph.inputs[name] for name in unknowns])
    groups = [] if by is None else ["--by", by]
    for k, node in enumerate(graph.nodes):
        if not over_rows(node.gate, len(node.args)):
            continue
        text = in_words(graph)[k]
        what = f"{text} gathers all rows, and each row is a system of its own"
        if not moving[k]:
            words = shlex.join([text, *asked.data, *groups])
            raise UsageError(what, f"find it before, and give it a name and a value: circuit eval {words}")
        values = [word for name in asked.given for word in (f"-{name}", repr(asked.given[name]))]
        squares = " + ".join(f"({in_words(graph)[end]})^2" for end in graph.results.values())
        words = shlex.join([squares, *asked.data, *values, "--wrt", ",".join(unknowns), *groups])
        hint = f"its root is where the squares of the differences are 0: circuit descend {words}"
        raise UsageError(what, hint)
    if by is not None:
        raise UsageError("--by is not for equations, which each row has", "leave out --by")


def _sought(plan: Plan, unknowns: Sequence[str], said: Asked) -> Sought:
    """The unknowns with the columns of their roots, and all derivatives by theirs."""
    from circuitcli.solving.row_systems import Sought

    graph, ends = plan.graph, bounds_of(said.bounds, unknowns)
    free = [n for n in graph.inputs if n not in graph.defaults or n in plan.given or n in plan.used]
    columns = {name: f"root_{name}" if name in plan.columns else name for name in unknowns}
    slopes = {f"d{u}_d{name}": (u, name) for u in unknowns for name in free if name not in unknowns}
    spreads = {f"sigma_{column}": name for name, column in columns.items() if plan.uncertain is not None}
    low, high = [low for low, _ in ends], [high for _, high in ends]
    deadline = inf if said.max_time is None else time.monotonic() + said.max_time
    return Sought(columns, low, high, slopes, spreads, said.starts, said.seed, deadline)


def _outcome(told: Told, output: Output, said: Asked, over: bool) -> Outcome:
    """The notes on rows, and the status that they deserve."""
    notes = []
    if told.came_in > told.kept:
        notes.append(f"{counted(told.came_in - told.kept)} came in infinite or not a number, and has no root")
    if told.nonfinite:
        more = "" if said.starts > 1 else "; --starts 20 looks from more places"
        more = ": the time is over" if over else more
        notes.append(f"no root was found for {counted(told.nonfinite)} (first: {told.first_nonfinite}){more}")
    return Outcome(notes, output.nonfinite if told.nonfinite else DONE, bad_rows(told))
