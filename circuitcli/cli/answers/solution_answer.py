"""The answer of `solve` from a start: the root, how well the equations hold, and what it depends on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.cli.answers.answer import Answer, Outcome, Record, give
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, Ended
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.cli.sought_unknowns import bounds_of, unknowns_of
from circuitcli.equations import Equations
from circuitcli.errors import UsageError
from circuitcli.graph import Graph
from circuitcli.library.solution_words import message
from circuitcli.library.solved_system import Solved, Sought, solution_record, solved
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN
from circuitcli.systems import on_request_to_end

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable


class Asked(NamedTuple):
    """The options of a search from a start."""

    unknowns: str | None
    bounds: Sequence[str]
    starts: int
    seed: int
    max_time: float | None


def solution_answer(asked: Request, output: Output, said: Asked) -> int:
    """Print the root, and return the status."""
    from circuitcli.solving.sensitivity import standard_errors

    assert isinstance(asked.circuit, Equations)
    graph, equations = asked.circuit.differences(asked.graph)
    unknowns = unknowns_of(asked, equations, said.unknowns)
    graphs = [graph.ending(equation.node) for equation in equations]
    fixed = {name: value.interval for name, value in asked.values.items() if name not in unknowns}
    bounds = bounds_of(said.bounds, unknowns)
    deadline = inf if said.max_time is None else time.monotonic() + said.max_time
    sought = Sought(asked.text, equations, graphs, asked.given, _typed(asked), fixed, unknowns, bounds)
    with asked.telling_of_missing(), working("looking for a root", output.quiet), on_request_to_end():
        found = solved(sought, said.starts, said.seed, deadline)
    if found.slopes and any(sigma for name, sigma in asked.sigmas.items() if name not in unknowns):
        found = found._replace(sigmas=standard_errors(found.slopes, asked.sigmas, asked.covariance))
    if output.digits > FLOAT_DIGITS and found.solution.found:
        found = _in_digits(found, asked, graphs, output.digits)
    return give(
        Answer(
            lambda: solution_record(found),
            lambda: [_row(found)],
            lambda: _table(found, output),
            lambda: _bare(found, output),
            lambda: _outcome(found),
        ),
        output,
    )


def _typed(asked: Request) -> dict[str, Graph]:
    """The inputs as they are typed, to be evaluated in any number of digits."""
    given = {name: graph for name, graph in asked.graph.defaults.items() if name not in asked.values}
    return given | {name: value.graph for name, value in asked.values.items()}


def _in_digits(found: Solved, asked: Request, graphs: Sequence[Graph], digits: int) -> Solved:
    """A root with so many digits. Raises UsageError where Newton's steps do not settle them."""
    from circuitcli.solving.precise_root import precise_root

    precise = None
    if len(found.equations) == len(found.unknowns):
        near = {name: found.inputs[name] for name in found.unknowns}
        others = [name for name in found.inputs if name not in near]
        precise = precise_root(graphs, _typed(asked), near, others, found.sizes, digits)
    if precise is None:
        what = "the root is not simple" if len(found.equations) == len(found.unknowns) else "there are more equations"
        hint = "leave out --digits, or give 17"
        raise UsageError(f"{what}, and Newton's steps do not settle {digits} digits of it", hint)
    m = precise.m
    return found._replace(
        inputs={name: precise.inputs[name] for name in found.inputs},
        slopes=precise.slopes,
        apart=[abs(c) for c in precise.apart],
        limits=[m.number(limit) * m.mp.mpf(10) ** (FLOAT_DIGITS - digits) for limit in found.limits],
        m=m,
    )


def _row(found: Solved) -> Record:
    """The root as one row."""
    stderr = {f"stderr_{name}": sigma for name, sigma in found.sigmas.items()}
    inputs = {name: found.m.plain(x) for name, x in found.inputs.items()}
    return {**inputs, **stderr, "status": found.status}


def _bare(found: Solved, output: Output) -> list[str]:
    from circuitcli.render.number_format import bare

    return [f"{name} {bare(found.m.plain(found.inputs[name]), output.asked_digits)}" for name in found.unknowns]


def _table(found: Solved, output: Output) -> Iterable[PrintedTable | str]:
    from circuitcli.render.number_format import rounded, shown
    from circuitcli.render.text_table import Column, PrintedTable

    digits, others = output.digits, [*next(iter(found.slopes.values()), {})]
    columns = [Column("unknown", number=False), Column("start"), Column("root", style=f"bold {VALUE_ON_SCREEN}")]
    columns += [Column("± std error")] * bool(found.sigmas)
    columns += [Column(f"d/d{name}", style=GRADIENT_ON_SCREEN) for name in others]
    rows, text = [], found.m.text
    for name in found.unknowns:
        row = [name, shown(found.start[name], digits), text(found.inputs[name], digits)]
        row += [rounded(found.sigmas[name])] if found.sigmas else []
        rows.append([*row, *(text(found.slopes[name][other], digits) for other in others if found.slopes)])
    yield PrintedTable(columns, rows)
    yield ""
    columns = [Column("equation", number=False), Column("left"), Column("limit")]
    rows = [
        [equation.text, rounded(float(c)), rounded(float(limit))]
        for equation, c, limit in zip(found.equations, found.apart, found.limits, strict=True)
    ]
    yield PrintedTable(columns, rows)
    yield f"\n {message(found.solution, found.flat, found.bounds is not None, found.nothing)}"


def _outcome(found: Solved) -> Outcome:
    solution, notes = found.solution, list[str]()
    root = {name: float(found.inputs[name]) for name in found.unknowns}
    if solution.found:
        return Outcome(notes, Ended(DONE, root, ""))
    if not (solution.over or found.nothing.box) and len(found.equations) == len(found.unknowns):
        ranges = " ".join(f"-{name} -10..10" for name in found.unknowns)
        notes.append(f"a range finds all roots in it, or proves that there is none: {ranges}")
    status = INTERRUPTED if solution.over == "stopped by hand" else NO
    return Outcome(notes, Ended(status, root, ""))
