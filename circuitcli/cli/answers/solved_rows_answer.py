"""The answer of `solve` over files of rows: a system of equations in each, and its root beside it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Outcome, conclude, file_of
from circuitcli.cli.answers.row_columns import columns_out
from circuitcli.cli.answers.solution_answer import Asked
from circuitcli.cli.conditions import telling_unquoted
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import (
    bad_rows,
    condition,
    names_of,
    opened,
    progressing,
    readable,
    refuse_missing_libraries,
)
from circuitcli.cli.sought_unknowns import bounds_of, unknowns_of
from circuitcli.equations import Equations
from circuitcli.errors import UsageError
from circuitcli.gates import over_rows
from circuitcli.rows.none_left import counted

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.told import Told
    from circuitcli.solving.solved_rows import Sought


def solve_rows(asked: Request, output: Output, data: Data, said: Asked, sensitivity: bool) -> int:
    """Solve the equations in every row, write the rows, and return the exit status."""
    assert isinstance(asked.circuit, Equations)
    data = data.but(out=file_of(data.out))
    _refuse_unfit(asked, data)
    refuse_missing_libraries("equations over rows need")
    from circuitcli.rows.local import LocalRunner
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.told import Options
    from circuitcli.solving.solved_rows import SolvedRows

    graph, equations = asked.circuit.differences(asked.graph)
    _refuse_aggregates(graph, asked.data)
    with opened(asked, output, data) as tables, progressing(tables, output) as progress:
        assert isinstance(tables, LocalRunner)
        columns = readable(tables)
        unknowns = unknowns_of(asked, equations, said.unknowns, columns)
        results = {equation.text: equation.node for equation in equations}
        with telling_unquoted([asked.text], columns, asked.given):
            plan = Plan(graph, columns, asked.given, None, False, tables.first.shown, "", results)
        sought = _sought(plan, unknowns, said)
        chosen = set(names_of(data.columns, "--columns"))
        wide = sensitivity or not chosen.isdisjoint(sought.slopes)
        roots = [*sought.unknowns.values()]
        out = columns_out(tables, output, data, [*roots, *(sought.slopes if wide else ())], plan.used)
        sought = sought._replace(slopes={c: pair for c, pair in sought.slopes.items() if c in out.results})
        where = condition(asked, data, tables)
        options = Options(data.policy, data.jobs or 0, data.engine, progress, data.head or 0, where)
        nodes = [equation.node for equation in equations]
        circuit = SolvedRows(plan, nodes, sought, tables.estimated_rows, data.engine)
        told = tables.written(circuit, plan, out, data.out, options)
        return conclude(_outcome(told, output, said), output)


def _refuse_unfit(asked: Request, data: Data) -> None:
    """Raise UsageError for options that equations over rows do not have."""
    if data.by is not None or data.cluster is not None:
        option = "--by" if data.by is not None else "--cluster"
        raise UsageError(f"{option} is not for equations, which each row has", f"leave out {option}")
    if data.sigma_of is not None:
        hint = "leave it out; --sensitivity has the derivatives that it would take"
        raise UsageError("--sigma-of is not for equations over rows", hint)
    asked.certain("over rows a root has none")


def _refuse_aggregates(graph: Graph, files: Sequence[str]) -> None:
    """Raise UsageError for an equation that gathers rows: each row is a system of its own."""
    from circuitcli.notation import in_words

    for k, node in enumerate(graph.nodes):
        if over_rows(node.gate, len(node.args)):
            text = in_words(graph)[k]
            words = shlex.join([text, *files])
            hint = f"find it before, and give it a name and a value: circuit eval {words}"
            raise UsageError(f"{text} gathers all rows, and each row is a system of its own", hint)


def _sought(plan: Plan, unknowns: Sequence[str], said: Asked) -> Sought:
    """The unknowns with the columns of their roots, and all derivatives by theirs."""
    from circuitcli.solving.solved_rows import Sought

    graph, ends = plan.graph, bounds_of(said.bounds, unknowns)
    free = [n for n in graph.inputs if n not in graph.defaults or n in plan.given or n in plan.used]
    columns = {name: f"root_{name}" if name in plan.columns else name for name in unknowns}
    slopes = {f"d{u}_d{name}": (u, name) for u in unknowns for name in free if name not in unknowns}
    low, high = [low for low, _ in ends], [high for _, high in ends]
    return Sought(columns, low, high, slopes, said.starts, said.seed)


def _outcome(told: Told, output: Output, said: Asked) -> Outcome:
    """The notes on rows, and the status that they deserve."""
    notes = []
    if told.came_in > told.kept:
        notes.append(f"{counted(told.came_in - told.kept)} came in infinite or not a number, and has no root")
    if told.nonfinite:
        more = "" if said.starts > 1 else "; --starts 20 looks from more places"
        notes.append(f"no root was found for {counted(told.nonfinite)} (first: {told.first_nonfinite}){more}")
    return Outcome(notes, output.nonfinite if told.nonfinite else DONE, bad_rows(told))
