"""An ascent among constraints on its way: all steps of all attempts, and the best end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from circuitcli.ascent.climb import Path
from circuitcli.ascent.constrained.interior import Memory
from circuitcli.ascent.constrained.kkt import Conditions, conditions
from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import Position, Problem, Vector
from circuitcli.ascent.stopping import Limits, counted
from circuitcli.wording import setting

Watch = Callable[[State], None]


class End(NamedTuple):
    """A point where an attempt ended, and how it stands."""

    x: Vector
    found: Conditions
    value: float

    @property
    def merit(self) -> tuple[bool, bool, float]:
        """The end that is better is larger: that of conditions, then the higher value, then what lacks less."""
        return self.found.met, self.found.feasible, self.value if self.found.feasible else -self.found.off


class OverError(Exception):
    """A limit is reached, or somebody `asked` for an end here."""

    def __init__(self, status: str, message: str, asked: bool = False) -> None:
        super().__init__(message)
        self.status, self.message, self.asked = status, message, asked


class UnderWay:
    """The steps of all attempts: counted, seen, and held to their limits."""

    def __init__(self, problem: Problem, limits: Limits, state: State, watch: Watch, deadline: float | None) -> None:
        self.problem, self.limits, self.watch, self.deadline = problem, limits, watch, deadline
        self.state, self.path = state, Path()
        self.best: End | None = None
        self._see(state)

    def _see(self, state: State) -> None:
        self.state = state
        self.path.add(state.here.value)
        self.watch(state)

    def visit(self, program: Program, place: Vector, seen: Here, memory: Memory | None) -> None:
        """Stand where a method stands, in the units of a program. Raises OverError where a limit is reached."""
        unit, x = program.units, program.whole(place)
        gradient = [0.0] * len(x)
        for i, g, size in zip(program.moving, seen.slope, unit.inputs, strict=True):
            gradient[i] = -g * unit.value / size
        here = Position(x, -seen.value * unit.value, gradient)
        state = self.state
        self._see(state._replace(steps=state.steps + 1, here=here, before=state.here.value, best=here, memory=memory))
        self._refuse_more()

    def _refuse_more(self) -> None:
        limits, steps = self.limits, self.state.steps
        if limits.steps is not None:
            if steps >= limits.steps:
                raise OverError("steps_done", f"{counted(steps)}, as asked", asked=True)
            return
        count = self.problem.evaluations["value"] + self.problem.evaluations["gradient"]
        if steps >= limits.max_steps:
            raise OverError("max_steps", f"{counted(steps)} were not enough; more with {setting('max_steps')}")
        if limits.max_evaluations is not None and count >= limits.max_evaluations:
            raise OverError(
                "max_evaluations", f"the limit of {limits.max_evaluations:,} evaluations came after {counted(steps)}"
            )
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise OverError("max_time", f"{limits.max_time:g} s were enough for {counted(steps)} only")

    def ended(self, program: Program, x: Vector) -> End:
        """The end of an attempt, which may be the best."""
        found = conditions(program, x)
        end = End(x, found, self.problem.value(x))
        if self.best is None or end.merit > self.best.merit:
            self.best = end
        return end
