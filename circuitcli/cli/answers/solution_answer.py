"""The answer of `solve` from a start: the root, how well the equations hold, and what it depends on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.cli.answers.answer import Answer, Outcome, Record, give
from circuitcli.cli.answers.solution_words import NOTHING, Nothing, box_around, fault_at, flat_names, message
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, Ended
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.cli.sought_unknowns import bounds_of, refuse_start, unknowns_of
from circuitcli.engine.floats import FLOATS, Floats
from circuitcli.equations import Equation, Equations
from circuitcli.errors import UsageError
from circuitcli.graph import Graph
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN
from circuitcli.solving.root_search import Limits, Search, Solution
from circuitcli.solving.system import System
from circuitcli.solving.witness import Witness
from circuitcli.systems import on_request_to_end

if TYPE_CHECKING:
    from circuitcli.engine.digits import Digits
    from circuitcli.proofs.boxes import Box
    from circuitcli.render.text_table import PrintedTable


class Asked(NamedTuple):
    """The options of a search from a start."""

    unknowns: str | None
    bounds: Sequence[str]
    starts: int
    seed: int
    max_time: float | None


class _Found(NamedTuple):
    """All that was found of a root."""

    text: str
    equations: Sequence[Equation]
    unknowns: Sequence[str]
    start: Mapping[str, float]
    inputs: Mapping[str, Any]
    solution: Solution
    bounds: Box | None
    slopes: Mapping[str, Mapping[str, Any]]
    sigmas: Mapping[str, float]
    apart: Sequence[Any]
    limits: Sequence[Any]
    m: Floats | Digits = FLOATS  # the arithmetic of the numbers
    nothing: Nothing = NOTHING
    flat: Sequence[str] = ()  # the unknowns along which nothing changes to first order


def solution_answer(asked: Request, output: Output, said: Asked) -> int:
    """Print the root, and return the status."""
    from circuitcli.ascent import PointObjective
    from circuitcli.solving.near_root import none_within

    assert isinstance(asked.circuit, Equations)
    graph, equations = asked.circuit.differences(asked.graph)
    unknowns = unknowns_of(asked, equations, said.unknowns)
    graphs = [graph.ending(equation.node) for equation in equations]
    with asked.telling_of_missing():
        objectives = [PointObjective(own, asked.given, unknowns) for own in graphs]
    given = dict(objectives[0].given)
    bounds = bounds_of(said.bounds, unknowns)
    deadline = inf if said.max_time is None else time.monotonic() + said.max_time
    start = {name: given[name] for name in unknowns}
    refuse_start(start, bounds)
    low, high = [low for low, _ in bounds], [high for _, high in bounds]
    with working("looking for a root", output.quiet), on_request_to_end():
        system = System(objectives, low, high)
        fixed = {name: value.interval for name, value in asked.values.items() if name not in start}
        witness = Witness(graphs, _typed(asked), fixed, start)
        search = Search(system, Limits(deadline=deadline), lambda steps, place: None, witness.is_there)
        solution = search.run([*start.values()], said.starts, said.seed)
    inputs = given | dict(zip(unknowns, solution.place.x, strict=True))
    found = _told(asked, graphs, equations, start, inputs, solution, witness)
    steep = solution.place if found.bounds is not None else system.at([*start.values()])
    found = found._replace(flat=flat_names(solution, steep.rows, start))
    if not (solution.found or solution.over):
        box = box_around(start, low, high)
        nothing = none_within(graphs, fixed, box)
        fault = "" if nothing else fault_at(objectives, [*start.values()])
        found = found._replace(nothing=Nothing(box if nothing else {}, fault, witness.seeming))
    if output.digits > FLOAT_DIGITS and solution.found:
        found = _in_digits(found, asked, graphs, witness.sizes(inputs), output.digits)
    return give(
        Answer(
            lambda: _record(found),
            lambda: [_row(found)],
            lambda: _table(found, output),
            lambda: _bare(found, output),
            lambda: _outcome(found),
        ),
        output,
    )


def _told(
    asked: Request,
    graphs: Sequence[Graph],
    equations: Sequence[Equation],
    start: Mapping[str, float],
    inputs: Mapping[str, float],
    solution: Solution,
    witness: Witness,
) -> _Found:
    from circuitcli.solving.sensitivity import sensitivities, standard_errors

    unknowns, bounds, slopes, sigmas = [*start], None, {}, {}
    if solution.found and len(unknowns) == len(equations):
        others = [name for name in inputs if name not in start]
        bounds = witness.bounds
        slopes = sensitivities(graphs, inputs, unknowns, others)
        if any(sigma for name, sigma in asked.sigmas.items() if name not in start):
            sigmas = standard_errors(slopes, asked.sigmas, asked.covariance)
    apart = [abs(c) for c in solution.place.apart]
    return _Found(
        asked.text, equations, unknowns, start, inputs, solution, bounds, slopes, sigmas, apart, solution.limits
    )


def _typed(asked: Request) -> dict[str, Graph]:
    """The inputs as they are typed, to be evaluated in any number of digits."""
    given = {name: graph for name, graph in asked.graph.defaults.items() if name not in asked.values}
    return given | {name: value.graph for name, value in asked.values.items()}


def _in_digits(
    found: _Found, asked: Request, graphs: Sequence[Graph], sizes: Mapping[str, float], digits: int
) -> _Found:
    """A root with so many digits. Raises UsageError where Newton's steps do not settle them."""
    from circuitcli.solving.precise_root import precise_root

    precise = None
    if len(found.equations) == len(found.unknowns):
        near = {name: found.inputs[name] for name in found.unknowns}
        others = [name for name in found.inputs if name not in near]
        precise = precise_root(graphs, _typed(asked), near, others, sizes, digits)
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


def _status(found: _Found) -> str:
    return "root" if found.solution.found else "stopped" if found.solution.over else "no_root"


def _record(found: _Found) -> Record:
    solution, plain = found.solution, found.m.plain
    residual = {
        equation.text: {"value": plain(c), "limit": plain(limit)}
        for equation, c, limit in zip(found.equations, found.apart, found.limits, strict=True)
    }
    record: Record = {
        "expression": found.text,
        "unknowns": [*found.unknowns],
        "status": _status(found),
        "success": solution.found,
        "inputs": {name: plain(x) for name, x in found.inputs.items()},
        "residual": residual,
        "proof": "exactly one" if found.bounds is not None else "none" if found.nothing.box else None,
        "sensitivity": {u: {name: plain(x) for name, x in by.items()} for u, by in found.slopes.items()},
        "singular": [*found.flat],
        "start": {**found.start},
        "steps": solution.steps,
        "starts": solution.starts,
    }
    if found.nothing.box:
        record["none_within"] = {name: [x.lo, x.hi] for name, x in found.nothing.box.items()}
    if found.bounds is not None:
        record["bounds"] = {name: [x.lo + 0.0, x.hi + 0.0] for name, x in found.bounds.items()}
    if found.sigmas:
        record["uncertainty"] = {"stderr": {**found.sigmas}}
    return record


def _row(found: _Found) -> Record:
    """The root as one row."""
    stderr = {f"stderr_{name}": sigma for name, sigma in found.sigmas.items()}
    inputs = {name: found.m.plain(x) for name, x in found.inputs.items()}
    return {**inputs, **stderr, "status": _status(found)}


def _bare(found: _Found, output: Output) -> list[str]:
    from circuitcli.render.number_format import bare

    return [f"{name} {bare(found.m.plain(found.inputs[name]), output.asked_digits)}" for name in found.unknowns]


def _table(found: _Found, output: Output) -> Iterable[PrintedTable | str]:
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


def _outcome(found: _Found) -> Outcome:
    solution, notes = found.solution, list[str]()
    root = {name: float(found.inputs[name]) for name in found.unknowns}
    if solution.found:
        return Outcome(notes, Ended(DONE, root, ""))
    if not (solution.over or found.nothing.box) and len(found.equations) == len(found.unknowns):
        ranges = " ".join(f"-{name} -10..10" for name in found.unknowns)
        notes.append(f"a range finds all roots in it, or proves that there is none: {ranges}")
    status = INTERRUPTED if solution.over == "stopped by hand" else NO
    return Outcome(notes, Ended(status, root, ""))
