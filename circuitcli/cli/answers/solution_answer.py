"""The answer of `solve` from a start: the root, how well the equations hold, and what it depends on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.cli.answers.answer import Answer, Outcome, Record, give
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, Ended
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.ranges import ranges_of
from circuitcli.cli.request import Request
from circuitcli.equations import Equation, Equations
from circuitcli.errors import UsageError
from circuitcli.graph import Graph
from circuitcli.name_lists import listed
from circuitcli.nested_names import in_short, spelled_out
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.solving.solve import Limits, Search, Solution
from circuitcli.solving.system import System
from circuitcli.systems import on_request_to_end
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.proofs.boxes import Box
    from circuitcli.render.text_table import PrintedTable
    from circuitcli.solving.sensitivity import Slopes


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
    inputs: Mapping[str, float]
    solution: Solution
    bounds: Box | None
    slopes: Slopes
    sigmas: Mapping[str, float]


def solution_answer(asked: Request, output: Output, said: Asked) -> int:
    """Print the root, and return the status."""
    from circuitcli.ascent import PointObjective

    assert isinstance(asked.circuit, Equations)
    if output.digits > FLOAT_DIGITS:
        raise UsageError("a root is found in float64, which has 17 digits", "leave out --digits, or give 17")
    graph, equations = asked.circuit.differences(asked.graph)
    unknowns = unknowns_of(asked, equations, said.unknowns)
    graphs = [graph.ending(equation.node) for equation in equations]
    with asked.telling_of_missing():
        objectives = [PointObjective(own, asked.given, unknowns) for own in graphs]
    given = dict(objectives[0].given)
    bounds = bounds_of(said.bounds, unknowns)
    deadline = inf if said.max_time is None else time.monotonic() + said.max_time
    start = {name: given[name] for name in unknowns}
    _refuse_start(start, bounds)
    low, high = [low for low, _ in bounds], [high for _, high in bounds]
    with working("looking for a root", output.quiet), on_request_to_end(_interrupt):
        search = Search(System(objectives, low, high), Limits(deadline=deadline), lambda steps, place: None)
        solution = search.run([*start.values()], said.starts, said.seed)
    inputs = given | dict(zip(unknowns, solution.place.x, strict=True))
    found = _told(asked, graphs, equations, start, inputs, solution)
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


def _interrupt() -> None:
    raise KeyboardInterrupt


def unknowns_of(
    asked: Request, equations: Sequence[Equation], named: str | None, columns: Sequence[str] = ()
) -> list[str]:
    """The inputs to solve for: those named, else as many as there are equations, of those that were typed and are no
    columns. Raises UsageError where they are more than the equations."""
    inputs = [*asked.graph.inputs]
    if named:
        found = spelled_out([name.strip() for name in listed(named)], inputs)
        if strange := [name for name in found if name not in inputs]:
            from circuitcli.cli.near_names import nearly

            hint = nearly("--for", named, inputs) or f"inputs are {some_of(in_short(inputs))}"
            raise UsageError(f"--for {named}: {strange[0]} is no input of the equations", hint)
    else:
        free = [name for name in inputs if name not in asked.graph.defaults or name in asked.given]
        found = [name for name in free if name not in columns][: len(equations)]
    if not found and columns and inputs:
        used = [name for name in inputs if name in columns]
        hint = f"write --for {used[0]}, whose column has the starts"
        raise UsageError("there is nothing to solve for: all inputs are columns", hint)
    if not found:
        raise UsageError("there is nothing to solve for: the equations have no inputs", "write for example x^2 = 2")
    if len(found) > len(equations):
        count = f"{len(equations)} equation{'s' * (len(equations) > 1)}"
        fewer = ",".join(found[: len(equations)])
        raise UsageError(f"{count} for {len(found)} unknowns, {some_of(in_short(found))}", f"write --for {fewer}")
    return found


def bounds_of(texts: Sequence[str], unknowns: Sequence[str]) -> list[tuple[float, float]]:
    """The bounds of each unknown by --bounds."""
    ends = ranges_of("--bounds", texts, unknowns, "the unknowns", open_ends=True)
    pairs = [ends.get(name, (None, None)) for name in unknowns]
    return [(-inf if low is None else low, inf if high is None else high) for low, high in pairs]


def _refuse_start(start: Mapping[str, float], bounds: Sequence[tuple[float, float]]) -> None:
    """Raise UsageError for a start that is no number, or outside the bounds."""
    for (name, x), (low, high) in zip(start.items(), bounds, strict=True):
        if not isfinite(x):
            raise UsageError(f"{name} begins at {x:g}, from where no step leads anywhere", f"write for example -{name} 1")
        if not low <= x <= high:
            inside = low if x < low else high
            raise UsageError(f"{name} begins at {x:g}, outside its bounds", f"write for example -{name} {inside:g}")


def _told(
    asked: Request,
    graphs: Sequence[Graph],
    equations: Sequence[Equation],
    start: Mapping[str, float],
    inputs: Mapping[str, float],
    solution: Solution,
) -> _Found:
    from circuitcli.solving.certificate import certified
    from circuitcli.solving.sensitivity import sensitivities, standard_errors

    unknowns, bounds, slopes, sigmas = [*start], None, {}, {}
    if solution.found and len(unknowns) == len(equations):
        others = [name for name in inputs if name not in start]
        sizes = {name: max(abs(inputs[name]), abs(inputs[name] - start[name])) or 1.0 for name in unknowns}
        fixed = {name: value.interval for name, value in asked.values.items() if name not in start}
        bounds = certified(graphs, fixed, {name: inputs[name] for name in unknowns}, sizes)
        slopes = sensitivities(graphs, inputs, unknowns, others)
        if any(sigma for name, sigma in asked.sigmas.items() if name not in start):
            sigmas = standard_errors(slopes, asked.sigmas, asked.covariance)
    return _Found(asked.text, equations, unknowns, start, inputs, solution, bounds, slopes, sigmas)


def _status(found: _Found) -> str:
    return "root" if found.solution.found else "stopped" if found.solution.over else "no_root"


def _record(found: _Found) -> Record:
    solution = found.solution
    residual = {
        equation.text: {"value": abs(c), "limit": limit}
        for equation, c, limit in zip(found.equations, solution.place.apart, solution.limits, strict=True)
    }
    record: Record = {
        "expression": found.text,
        "unknowns": [*found.unknowns],
        "status": _status(found),
        "success": solution.found,
        "inputs": {**found.inputs},
        "residual": residual,
        "proof": "exactly one" if found.bounds is not None else None,
        "sensitivity": found.slopes,
        "start": {**found.start},
        "steps": solution.steps,
        "starts": solution.starts,
    }
    if found.bounds is not None:
        record["bounds"] = {name: [x.lo + 0.0, x.hi + 0.0] for name, x in found.bounds.items()}
    if found.sigmas:
        record["uncertainty"] = {"stderr": {**found.sigmas}}
    return record


def _row(found: _Found) -> Record:
    """The root as one row."""
    stderr = {f"stderr_{name}": sigma for name, sigma in found.sigmas.items()}
    return {**found.inputs, **stderr, "status": _status(found)}


def _bare(found: _Found, output: Output) -> list[str]:
    from circuitcli.render.number_format import bare

    return [f"{name} {bare(found.inputs[name], output.asked_digits)}" for name in found.unknowns]


def _table(found: _Found, output: Output) -> Iterable[PrintedTable | str]:
    from circuitcli.render.number_format import rounded, shown
    from circuitcli.render.text_table import Column, PrintedTable

    digits, others = output.digits, [*next(iter(found.slopes.values()), {})]
    columns = [Column("unknown", number=False), Column("start"), Column("root", style="bold")]
    columns += [Column("± std error")] * bool(found.sigmas)
    columns += [Column(f"d/d{name}", style="cyan") for name in others]
    rows = []
    for name in found.unknowns:
        row = [name, shown(found.start[name], digits), shown(found.inputs[name], digits)]
        row += [rounded(found.sigmas[name])] if found.sigmas else []
        rows.append([*row, *(shown(found.slopes[name][other], digits) for other in others if found.slopes)])
    yield PrintedTable(columns, rows)
    yield ""
    place, solution = found.solution.place, found.solution
    columns = [Column("equation", number=False), Column("left"), Column("limit")]
    rows = [
        [equation.text, rounded(abs(c)), rounded(limit)]
        for equation, c, limit in zip(found.equations, place.apart, solution.limits, strict=True)
    ]
    yield PrintedTable(columns, rows)
    yield f"\n {_message(found)}"


def _message(found: _Found) -> str:
    solution = found.solution
    after = f"after {solution.steps:,} step{'s' * (solution.steps != 1)}"
    if solution.found:
        elsewhere = f", from the {solution.starts}. start" if solution.starts > 1 else ""
        proof = "proven: exactly one root close by" if found.bounds is not None else "not proven to be alone"
        many = len(found.equations) > len(found.unknowns)
        return f"root: all equations hold {after}{elsewhere}{'' if many else f'; {proof}'}"
    if solution.over:
        return f"stopped: {solution.over}"
    return f"no root: none was found from {solution.starts} starts {after}; the best is told"


def _outcome(found: _Found) -> Outcome:
    solution, notes = found.solution, list[str]()
    root = {name: found.inputs[name] for name in found.unknowns}
    if solution.found:
        return Outcome(notes, Ended(DONE, root, ""))
    if not solution.over and len(found.equations) == len(found.unknowns):
        ranges = " ".join(f"-{name} -10..10" for name in found.unknowns)
        notes.append(f"a range finds all roots in it, or proves that there is none: {ranges}")
    status = INTERRUPTED if solution.over == "stopped by hand" else NO
    return Outcome(notes, Ended(status, root, ""))
