"""A root of equations from a start: the search for it, how well the equations hold there, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent import PointObjective
from circuitcli.engine.floats import FLOATS, Floats
from circuitcli.equations import Equation
from circuitcli.errors import UsageError
from circuitcli.graph import Graph
from circuitcli.library.solution_words import NOTHING, Nothing, box_around, fault_at, flat_names
from circuitcli.nested_names import in_short
from circuitcli.solving.near_root import none_within
from circuitcli.solving.root_search import Limits, Search, Solution
from circuitcli.solving.sensitivity import sensitivities
from circuitcli.solving.system import System
from circuitcli.solving.witness import Witness
from circuitcli.visible_text import some_of
from circuitcli.wording import by_voice, value_of

if TYPE_CHECKING:
    from circuitcli.engine.digits import Digits
    from circuitcli.engine.interval import Interval
    from circuitcli.proofs.boxes import Box

Record = dict[str, Any]


class Solved(NamedTuple):
    """All that was found of a root."""

    text: str
    equations: Sequence[Equation]
    unknowns: Sequence[str]
    start: Mapping[str, float]
    inputs: Mapping[str, Any]
    solution: Solution
    bounds: Box | None
    slopes: dict[str, dict[str, Any]]
    apart: Sequence[Any]
    limits: Sequence[Any]
    sigmas: Mapping[str, float] = {}
    m: Floats | Digits = FLOATS  # the arithmetic of the numbers
    nothing: Nothing = NOTHING
    flat: Sequence[str] = ()  # the unknowns along which nothing changes to first order

    @property
    def status(self) -> str:
        return "root" if self.solution.found else "stopped" if self.solution.over else "no_root"

    @property
    def sizes(self) -> dict[str, float]:
        """The size of each unknown: its own, or the way that it went."""
        return {name: max(abs(self.inputs[name]), abs(self.inputs[name] - x)) or 1.0 for name, x in self.start.items()}


class Sought(NamedTuple):
    """The equations, of which each is a graph, the numbers of all inputs, the inputs as circuits of constants, to be
    had in any number of digits, and those that are fixed, as intervals; the unknowns, with their bounds."""

    text: str
    equations: Sequence[Equation]
    graphs: Sequence[Graph]
    given: Mapping[str, float]
    typed: Mapping[str, Graph]
    fixed: Mapping[str, Interval]
    unknowns: Sequence[str]
    bounds: Sequence[tuple[float, float]]


def solved(sought: Sought, starts: int, seed: int, deadline: float) -> Solved:
    """Look for a root from the numbers that are given. Raises UsageError for a start that is none."""
    graphs, unknowns = sought.graphs, sought.unknowns
    objectives = [PointObjective(own, sought.given, unknowns) for own in graphs]
    given = dict(objectives[0].given)
    start = {name: given[name] for name in unknowns}
    _refuse_start(start, sought.bounds)
    low, high = [low for low, _ in sought.bounds], [high for _, high in sought.bounds]
    system = System(objectives, low, high)
    witness = Witness(graphs, sought.typed, sought.fixed, start)
    search = Search(system, Limits(deadline=deadline), lambda steps, place: None, witness.is_there)
    solution = search.run([*start.values()], starts, seed)
    inputs = given | dict(zip(unknowns, solution.place.x, strict=True))
    apart = [abs(c) for c in solution.place.apart]
    found = Solved(sought.text, sought.equations, unknowns, start, inputs, solution, None, {}, apart, solution.limits)
    if solution.found and len(unknowns) == len(sought.equations):
        others = [name for name in inputs if name not in start]
        found = found._replace(bounds=witness.bounds, slopes=sensitivities(graphs, inputs, unknowns, others))
    steep = solution.place if found.bounds is not None else system.at([*start.values()])
    found = found._replace(flat=flat_names(solution, steep.rows, start))
    if not (solution.found or solution.over):
        box = box_around(start, low, high)
        nothing = none_within(graphs, sought.fixed, box)
        fault = "" if nothing else fault_at(objectives, [*start.values()])
        found = found._replace(nothing=Nothing(box if nothing else {}, fault, witness.seeming))
    return found


def _refuse_start(start: Mapping[str, float], bounds: Sequence[tuple[float, float]]) -> None:
    """Raise UsageError for a start that is no number, or outside the bounds."""
    for (name, x), (low, high) in zip(start.items(), bounds, strict=True):
        if not isfinite(x):
            what = f"{name} begins at {x:g}, from where no step leads anywhere"
            raise UsageError(what, f"write for example {value_of(name, '1')}")
        if not low <= x <= high:
            inside = value_of(name, f"{low if x < low else high:g}")
            raise UsageError(f"{name} begins at {x:g}, outside its bounds", f"write for example {inside}")


def refuse_more_unknowns(unknowns: Sequence[str], equations: Sequence[Equation]) -> None:
    """Raise UsageError where there are more unknowns than equations."""
    if len(unknowns) > len(equations):
        count = f"{len(equations)} equation{'s' * (len(equations) > 1)}"
        fewer = ",".join(unknowns[: len(equations)])
        what = f"{count} for {len(unknowns)} unknowns, {some_of(in_short(unknowns))}"
        raise UsageError(what, f"write {by_voice(f'--for {fewer}', f'for_={fewer.split(chr(44))}')}")


def solution_record(found: Solved) -> Record:
    """All that was found of a root, by name."""
    solution, plain = found.solution, found.m.plain
    residual = {
        equation.text: {"value": plain(c), "limit": plain(limit)}
        for equation, c, limit in zip(found.equations, found.apart, found.limits, strict=True)
    }
    record: Record = {
        "expression": found.text,
        "unknowns": [*found.unknowns],
        "status": found.status,
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
