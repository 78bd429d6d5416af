"""`ascend --prove` and `descend --prove`: an optimum between two bounds that certainly hold it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from enum import Enum
from math import inf, isfinite
from typing import NamedTuple

from circuitcli.ascent import Ascent, Bounds, Problem, Starts, best, climb_from_many
from circuitcli.cli.ascent_course import Course
from circuitcli.cli.options import Output
from circuitcli.cli.ranges import ranges_of
from circuitcli.cli.request import Request
from circuitcli.engine.interval import Interval
from circuitcli.errors import UsageError
from circuitcli.graph import Graph, Node
from circuitcli.proofs.boxes import Box, Point
from circuitcli.proofs.jets import Jets
from circuitcli.proofs.minimum import Minimum, Search
from circuitcli.systems import on_request_to_end
from circuitcli.visible_text import shell_word

PATIENCE = 0.2  # seconds between two lines of progress


class Left(Enum):
    """The things that leave a proof open."""

    BOXES = "boxes"
    TIME = "time"
    STUCK = "stuck"


class Proof(NamedTuple):
    """The bounds of the optimum, and the boxes that hold every point where it is taken; where there is no proof, what
    has `left` it open. `wanted` says what a point has to have, and `met` whether one is known that has."""

    value: Interval
    places: Sequence[Box]
    boxes: int
    proven: bool
    interrupted: bool
    left: Left
    wanted: str
    met: bool

    @property
    def nowhere(self) -> bool:
        """Whether it is proven that there is no point."""
        return self.value.lo == self.value.hi and not isfinite(self.value.lo)


def refuse_open(bounds: Bounds, names: Sequence[str]) -> None:
    """Raise UsageError where an input that moves has no two bounds."""
    ends = [*zip(names, *bounds, strict=True)]
    open_ends = [name for name, low, high in ends if not (isfinite(low) and isfinite(high) and low < high)]
    if open_ends:
        words = ",".join(_bounded(*each) for each in ends)
        raise UsageError(
            f"--prove looks all over a box, and {open_ends[0]} has no two ends", f"write --bounds {shell_word(words)}"
        )


def _bounded(name: str, low: float, high: float) -> str:
    """Bounds with two ends apart, of which one or both may be known."""
    if low == high:
        low, high = low - 1.0, high + 1.0
    low = low if isfinite(low) else min(-10.0, high - 10.0) if isfinite(high) else -10.0
    high = high if isfinite(high) else max(10.0, low + 10.0)
    return f"{name}={low:.10g}:{high:.10g}"


def start_in_the_middle(asked: Request, course: Course) -> None:
    """Give inputs without a value the middle of their bounds."""
    ranges = ranges_of("--bounds", course.bounds, [*asked.graph.inputs], "the inputs", open_ends=True)
    ends = {name: both for name, both in ranges.items() if name not in asked.given}
    asked.given |= {
        name: 0.5 * (low + high) for name, (low, high) in ends.items() if low is not None and high is not None
    }


def proved(
    graph: Graph,
    asked: Request,
    runs: Sequence[Ascent],
    course: Course,
    output: Output,
    differences: Sequence[Graph] = (),
) -> tuple[list[Ascent], Proof]:
    """The runs, with another one where the search met a better point, and the proof; `differences` are circuits of what
    the constraints are about, in their order."""
    assert course.boxes is not None
    found, run = list[Ascent](), best(runs)
    given = {name: value.interval for name, value in asked.values.items() if name not in run.problem.names}
    problem, names = run.problem, run.problem.names
    domain = {name: Interval(low, high) for name, low, high in zip(names, *problem.bounds, strict=True)}

    def descend(point: Point) -> Point:
        found.extend(climb_from_many(problem, run.choice, course.limits, [point[name] for name in names], Starts()))
        if found[-1].interrupted:
            raise KeyboardInterrupt
        return dict(zip(names, found[-1].found.x, strict=True))

    progress = _Progress(problem.sign, output.quiet)
    limit = course.limits.max_time
    deadline = inf if limit is None else time.monotonic() + limit
    downwards = graph if problem.sign < 0.0 else _minus(graph)
    jets = Jets(downwards, names, given)
    search = Search(jets, domain, descend, progress, deadline)
    if differences:
        from circuitcli.proofs.feasible import Feasible, Limit
        from circuitcli.proofs.minimum_within import SearchWithin

        of_each = [Jets(difference, names, given) for difference in differences]
        limits = [Limit(each, relation.rises) for each, relation in zip(of_each, course.relations, strict=True)]
        search = SearchWithin(jets, Feasible(limits, domain), domain, descend, progress, deadline)
    with on_request_to_end():
        minimum = search.run(dict(zip(names, run.found.x, strict=True)), course.boxes)
    progress.clear()
    left = Left.BOXES if minimum.boxes >= course.boxes else Left.TIME if time.monotonic() >= deadline else Left.STUCK
    lowest = best([*runs, *found])
    wanted = "has a value" if not differences else "meets the constraints"
    if differences and jets.exactly(domain).partial:
        wanted += " and has a value"
    return [*runs, *([] if lowest in runs else [lowest])], _proof(minimum, problem, left, wanted)


def _minus(graph: Graph) -> Graph:
    """The circuit of minus the output, whose smallest value is minus the largest."""
    return Graph([*graph.nodes, Node("neg", (graph.output,))], len(graph.nodes), graph.names, graph.defaults)


def _proof(minimum: Minimum, problem: Problem, left: Left, wanted: str) -> Proof:
    value = minimum.value if problem.sign < 0.0 else -minimum.value
    return Proof(
        value, minimum.places, minimum.boxes, minimum.proven, minimum.interrupted, left, wanted, bool(minimum.point)
    )


class _Progress:
    """A line at a terminal: the boxes so far, and the bounds."""

    def __init__(self, sign: float, quiet: bool) -> None:
        self._sign, self._line = sign, sys.stderr.isatty() and not quiet
        self._shown = time.monotonic()

    def __call__(self, boxes: int, value: Interval) -> None:
        if self._line and time.monotonic() - self._shown > PATIENCE:
            self._shown = time.monotonic()
            ends = value if self._sign < 0.0 else -value
            sys.stderr.write(f"\r\033[K{boxes:,} boxes  the optimum is between {ends.lo:.10g} and {ends.hi:.10g}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._line:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
