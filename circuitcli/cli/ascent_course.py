"""The course of an ascent as the command line says it: from where, within which bounds, how, and for how long."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.ascent import Bounds, Choice, Limits, Problem, Starts
from circuitcli.cli.notes import note
from circuitcli.cli.ranges import ranges_of
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.errors import UsageError
from circuitcli.nested_names import in_short
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.subject import Relation


class Course(NamedTuple):
    """The way to climb that a command line chooses. `batch` is the number of rows of a step, where it is not all;
    `boxes` are those that a proof looks at, None where none is asked for."""

    sign: float
    choice: Choice
    limits: Limits
    starts: Starts
    bounds: Sequence[str]
    trace: str | None
    state: str | None
    batch: int | None
    validate: str | None
    boxes: int | None = None
    relations: Sequence[Relation] = ()  # constraints
    watch: bool = False  # a curve while it runs

    def refuse_overwriting(self, read: Iterable[str], out: str | None) -> None:
        """Raise UsageError where the trace or the state would be written over a file that is read, or two of them and
        `out`, the file of the result, over one another."""
        read = [*read]
        for option, name in (("--trace", self.trace), ("--state", self.state)):
            refuse_overwriting(option, name, read)
        files = {"--trace": self.trace, "--state": self.state, "--out": out}
        for (option, name), (other, another) in combinations(files.items(), 2):
            if name and another and os.path.realpath(name) == os.path.realpath(another):
                raise UsageError(f"{option} and {other} are one file", "name two")

    def refuse_no_length(self) -> None:
        """Raise UsageError where one of the steps that are asked for has no length by the schedule."""
        chosen, steps = self.choice, self.limits.steps
        if chosen.schedule is not None and steps is not None:
            from circuitcli.cli.step_lengths import refuse_no_length

            refuse_no_length(chosen.schedule, chosen.per_epoch, steps)

    def bounds_of(self, names: Sequence[str]) -> Bounds:
        """The bounds of the inputs that move, from words such as x=0:1 or x=0:1,y=:3."""
        bounds = Bounds.none(len(names))
        for name, ends in ranges_of("--bounds", self.bounds, names, "the inputs that move", open_ends=True).items():
            for side, end in zip(bounds, ends, strict=True):
                if end is not None:
                    side[names.index(name)] = end
        return bounds


def starting(problem: Problem, quiet: bool) -> list[float]:
    """The values of the inputs that move, within their bounds; a note names those that had to be moved there."""
    given = [problem.objective.given[name] for name in problem.names]
    start = problem.inside(given)
    moved = [name for name, u, v in zip(problem.names, given, start, strict=True) if u != v and u == u]
    if len(moved) == 1:
        note(f"{moved[0]} starts beyond its bounds, and is moved to the nearest", quiet)
    elif moved:
        names = some_of(in_short(moved))
        note(f"{names} start beyond their bounds, and are moved to the nearest", quiet)
    return start
