"""Roots in Python: the search of `circuit solve`, from a start, or for all roots within ranges."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent import MOST_STARTS
from circuitcli.constants import CONSTANTS
from circuitcli.engine.interval import Interval
from circuitcli.equations import Equation, Equations
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import CONSTANT, Graph, Node
from circuitcli.language import canonical
from circuitcli.library.findings import Findings
from circuitcli.library.given_ranges import ends_shown
from circuitcli.library.option_numbers import refuse_count, refuse_seconds
from circuitcli.library.other_options import refuse_other_options
from circuitcli.library.ranges_of_inputs import named_inputs, ranges_of_inputs
from circuitcli.library.roots_in_ranges import (
    BOXES,
    ranges_shown,
    roots_in_ranges,
    roots_record,
    unfinished,
    without_roots,
)
from circuitcli.library.solution_words import message
from circuitcli.library.solved_system import Sought, refuse_more_unknowns, solution_record, solved
from circuitcli.proofs.roots import Claim
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array, number
from circuitcli.wording import value_of

if TYPE_CHECKING:
    from circuitcli.proofs.roots import Roots


class FoundRoot(Findings):
    """A root from a start, or the place where the search for one ended.

    `x` are the unknowns by name; `success`, `status` ("root", "no_root", "stopped") and `message` say what was found,
    `residual` by how much each equation fails and what rounding may leave of it. `sensitivity` has the derivative of
    each unknown by every other input (implicit function theorem). `proof` is "exactly one" where it is proven that
    there is one within `bounds`, "none" where none is within `none_within`, else None.
    """

    x: dict[str, float]
    success: bool
    status: str
    message: str
    residual: dict[str, dict[str, float]]
    sensitivity: dict[str, dict[str, float]]
    proof: str | None


class FoundRoots(Findings):
    """All roots within ranges: a list `roots`, each with `x`, the middle of its `bounds`, which certainly hold it, and
    with the `proof` of it. `complete` says that there is no other within the ranges, `success` that there are some and
    each is certain."""

    roots: list[Findings]
    complete: bool
    success: bool
    message: str


class AskedRoots(NamedTuple):
    """The options of a search for roots."""

    names: str | Sequence[str] | None = None
    bounds: Mapping[str, Sequence[float | None]] | None = None
    starts: int = 1
    seed: int = 0
    boxes: int | None = None
    max_time: float | None = None

    def refuse_mistakes(self) -> None:
        """Raise UsageError for an option that is no number of its kind."""
        refuse_count("starts", self.starts, MOST_STARTS)
        refuse_count("seed", self.seed, least=0)
        refuse_count("boxes", BOXES if self.boxes is None else self.boxes)
        refuse_seconds(self.max_time)

    @property
    def deadline(self) -> float:
        """The end of the monotonic clock."""
        return math.inf if self.max_time is None else time.monotonic() + self.max_time


OPTIONS = ("for_", *AskedRoots._fields[1:])


def sought_roots(
    circuit: ReadCircuit, asked: AskedRoots, start: Inputs | None, inputs: Inputs
) -> FoundRoot | FoundRoots:
    """The root of the equations of a circuit from a start; or all of them within ranges, where an input has one."""
    asked.refuse_mistakes()
    first, given = ({canonical(name): x for name, x in some.items()} for some in circuit.spread(start, inputs)[:2])
    everything = {**first, **given}
    ranges = {name: _range(name, x) for name, x in everything.items() if isinstance(x, tuple) and len(x) == 2}
    numbers = {name: x for name, x in everything.items() if name not in ranges}
    for name, x in numbers.items():
        if is_array(x) and name in circuit.inputs:
            hint = f"a range is a pair, {value_of(name, ends_shown(x))}; a start or a fixed input is one number"
            raise InputError(f"{name} is {'a list' if isinstance(x, list) else 'an array'} of {len(x)} numbers", hint)
    known = [*circuit.inputs, *(name for name in everything if name in CONSTANTS)]
    named = named_inputs(asked.names, known, "for_") if asked.names is not None else []
    unknowns = [*ranges] or named or [*first]
    system = Equations(circuit.program.text, unknowns, list(everything), circuit.parts)
    refuse_other_options(system, given, OPTIONS)
    if ranges:
        return _within(system, asked, ranges, numbers)
    graph, values = system.bind(None, numbers)
    graph, equations = system.differences(graph)
    if not unknowns:
        unknowns = [name for name in graph.inputs if name not in graph.defaults or name in values][: len(equations)]
    return _from_a_start(circuit, asked, graph, equations, values, unknowns)


def _range(name: str, ends: tuple[Any, Any]) -> Interval:
    low, high = (number(f"an end of {name}", end) for end in ends)
    if not low <= high:
        raise InputError(f"the lower end of {name} comes first", f"write {name}=({high}, {low})")
    return Interval(low, high)


def _from_a_start(
    circuit: ReadCircuit,
    asked: AskedRoots,
    graph: Graph,
    equations: Sequence[Equation],
    values: Mapping[str, float],
    unknowns: Sequence[str],
) -> FoundRoot:
    if not unknowns:
        raise UsageError("there is nothing to solve for: the equations have no inputs", 'Circuit("x^2 - 2").solve(x=1)')
    refuse_more_unknowns(unknowns, equations)
    ends = ranges_of_inputs(asked.bounds, unknowns, "the unknowns")
    pairs = [ends.get(name, (None, None)) for name in unknowns]
    bounds = [(-math.inf if low is None else low, math.inf if high is None else high) for low, high in pairs]
    fixed = {name: Interval(x, x) for name, x in values.items() if name not in unknowns}
    graphs = [graph.ending(equation.node) for equation in equations]
    typed = {**graph.defaults, **{name: Graph([Node(CONSTANT, (), repr(x))], 0) for name, x in values.items()}}
    sought = Sought(circuit.shown, equations, graphs, values, typed, fixed, unknowns, bounds)
    found = solved(sought, asked.starts, asked.seed, asked.deadline)
    if found.solution.over == "stopped by hand":
        raise KeyboardInterrupt
    record = solution_record(found)
    told = ("success", "status", "residual", "sensitivity", "proof", "bounds", "none_within", "singular")
    root = FoundRoot(x={name: record["inputs"][name] for name in unknowns})
    root |= {name: record[name] for name in told if name in record}
    root["message"] = message(found.solution, found.flat, found.bounds is not None, found.nothing)
    root |= {"nit": record["steps"], "starts": record["starts"]}
    return root


def _within(
    system: Equations, asked: AskedRoots, ranges: Mapping[str, Interval], numbers: Mapping[str, Any]
) -> FoundRoots:
    if asked.bounds is not None or asked.starts > 1:
        what = "bounds" if asked.bounds is not None else "starts"
        raise UsageError(f"{what}= is for a start: within ranges all roots are found", f"leave out {what}=...")
    graph, values = system.bind(dict.fromkeys(ranges, 0.0), numbers)
    graph, equations = system.differences(graph)
    missing = [name for name in graph.inputs if name not in values and name not in graph.defaults]
    if missing:
        raise UsageError(
            f"{missing[0]} has no value", f"an unknown has a range, {missing[0]}=(-10, 10); others a number"
        )
    fixed = {name: Interval(x, x) for name, x in values.items() if name not in ranges}
    most = asked.boxes or BOXES
    roots = roots_in_ranges(graph, equations, ranges, fixed, most, asked.deadline)
    if roots.interrupted:
        raise KeyboardInterrupt
    record = roots_record("", [equation.text for equation in equations], ranges, fixed, roots)
    each = [_root(entry) for entry in record["roots"]]
    found = FoundRoots(roots=each, success=record["success"], complete=record["complete"])
    return FoundRoots(found, message=_message(roots, ranges, most), boxes=record["boxes"])


def _root(entry: Mapping[str, Any]) -> Findings:
    """A root with the middle of its bounds."""
    middle = {name: low if low == high else low + 0.5 * (high - low) for name, (low, high) in entry["inputs"].items()}
    doubt = {"doubt": entry["doubt"]} if "doubt" in entry else {}
    return Findings(x=middle, bounds=entry["inputs"], proof=entry["proof"], **doubt)


def _message(roots: Roots, ranges: Mapping[str, Interval], most: int) -> str:
    if not roots.whole:
        return unfinished(roots, most)
    if not roots.found:
        return without_roots(ranges)
    regions = [f"every point of {ranges_shown(root.box)}" for root in roots.found if root.claim is Claim.ALL]
    count = len(roots.found) - len(regions)
    found = f"{count} root{'s' * (count > 1)}" if count else ""
    if regions:
        every = " and ".join(regions)
        found = f"{found}, and {every} is one" if count else f"{every} is a root"
    return f"{found}: proven, there is no other within these ranges"
