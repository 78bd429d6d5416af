"""An ascent among constraints: attempts of the interior method, until one comes to the conditions of an optimum."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent, Path
from circuitcli.ascent.constrained.endless import running
from circuitcli.ascent.constrained.interior import DONE, Interior, Memory
from circuitcli.ascent.constrained.kkt import (
    RESIDUAL,
    VIOLATION,
    Conditions,
    conditions,
    to_the_last_digits,
)
from circuitcli.ascent.constrained.program import Program, Units
from circuitcli.ascent.ends import INFEASIBLE, INTERRUPTED, KKT
from circuitcli.ascent.ends import NONFINITE as NOT_FINITE
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import Position, Problem, Vector
from circuitcli.ascent.stopping import Limits, Measures, counted, short
from circuitcli.visible_text import some_of
from circuitcli.wording import setting

ATTEMPTS = ((0.1, 1e9), (1.0, 2.0), (1e-3, 0.5))  # mu at the start, and how far a step may reach, in sizes
TURNS = 4  # of an attempt, each in the units of the end of the last
LATER = 1e-6  # mu of the later ones
PATIENCE = 200  # steps of an attempt
Watch = Callable[[State], None]


class _End(NamedTuple):
    """A point where an attempt ended, and how it stands."""

    x: Vector
    found: Conditions
    value: float

    @property
    def merit(self) -> tuple[bool, bool, float]:
        """The end that is better is larger: that of conditions, then the higher value, then what lacks less."""
        return self.found.met, self.found.feasible, self.value if self.found.feasible else -self.found.off


class _OverError(Exception):
    """A limit is reached, or somebody `asked` for an end here."""

    def __init__(self, status: str, message: str, asked: bool = False) -> None:
        super().__init__(message)
        self.status, self.message, self.asked = status, message, asked


class _UnderWay:
    """The steps of all attempts: counted, seen, and held to their limits."""

    def __init__(self, problem: Problem, limits: Limits, state: State, watch: Watch, deadline: float | None) -> None:
        self.problem, self.limits, self.watch, self.deadline = problem, limits, watch, deadline
        self.state, self.path = state, Path()
        self.best: _End | None = None
        self._see(state)

    def _see(self, state: State) -> None:
        self.state = state
        self.path.add(state.here.value)
        self.watch(state)

    def visit(self, program: Program, method: Interior, attempt: int, turn: int) -> None:
        """Stand where the method stands. Raises _OverError where a limit is reached."""
        unit, x = program.units, program.whole(method.x)
        gradient = [0.0] * len(x)
        for i, g, size in zip(program.moving, method.here.slope, unit.inputs, strict=True):
            gradient[i] = -g * unit.value / size
        here = Position(x, -method.here.value * unit.value, gradient)
        state, memory = self.state, method.memory(attempt, turn)
        self._see(state._replace(steps=state.steps + 1, here=here, before=state.here.value, best=here, memory=memory))
        self._refuse_more()

    def _refuse_more(self) -> None:
        limits, steps = self.limits, self.state.steps
        if limits.steps is not None:
            if steps >= limits.steps:
                raise _OverError("steps_done", f"{counted(steps)}, as asked", asked=True)
            return
        count = self.problem.evaluations["value"] + self.problem.evaluations["gradient"]
        if steps >= limits.max_steps:
            raise _OverError("max_steps", f"{counted(steps)} were not enough; more with {setting('max_steps')}")
        if limits.max_evaluations is not None and count >= limits.max_evaluations:
            raise _OverError(
                "max_evaluations", f"the limit of {limits.max_evaluations:,} evaluations came after {counted(steps)}"
            )
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise _OverError("max_time", f"{limits.max_time:g} s were enough for {counted(steps)} only")

    def ended(self, program: Program, x: Vector) -> _End:
        """The end of an attempt, which may be the best."""
        found = conditions(program, x)
        end = _End(x, found, self.problem.value(x))
        if self.best is None or end.merit > self.best.merit:
            self.best = end
        return end


def climb_within(
    problem: Problem,
    choice: Choice,
    limits: Limits,
    x: Vector,
    watch: Watch,
    state: State | None,
    deadline: float | None,
    beside: bool,
) -> Ascent:
    """Climb among the constraints of a problem, from a point or from where a state stands; `beside` others a start has
    one attempt. Ctrl-C ends the run with the point where it stands."""
    began = time.perf_counter()
    memory = state.memory if state is not None and isinstance(state.memory, Memory) else None
    if state is None:
        start = problem.at(problem.inside(x))
        state = State(0, start, start, start.value, start, None, problem.evaluations)
    else:
        problem.evaluations.update(state.evaluations)
    program = Program(problem, problem.constraints, state.start)
    under_way = _UnderWay(problem, limits, state, watch, deadline)
    over: _OverError | None = None
    try:
        if limits.steps == 0:
            over = _OverError("steps_done", "0 steps, as asked", asked=True)
        else:
            if memory is None and state.start.finite:
                under_way.ended(program, state.start.x)
            _attempts(program, under_way, memory, 1 if beside else len(ATTEMPTS))
    except _OverError as end:
        over = end
    except KeyboardInterrupt:
        steps = counted(under_way.state.steps)
        over = _OverError(INTERRUPTED, f"stopped by hand after {steps}: the point where it stood is kept", asked=True)
    if over is not None or under_way.best is None:
        under_way.ended(program, under_way.state.here.x)
    best = under_way.best
    assert best is not None
    found = problem.at(best.x)
    runs: tuple[str, ...] = ()
    if over is None and best.found.feasible and not best.found.met:
        runs = running(program, under_way.state.start.x, best.x, best.found.rows)
    status, message = _told(best, found, under_way.state.steps, over, runs)
    return Ascent(
        problem,
        choice,
        limits,
        status,
        message,
        under_way.state.start,
        problem.exactly(found),
        under_way.state.steps,
        dict(problem.evaluations),
        time.perf_counter() - began,
        _measures(best.found),
        under_way.state,
        under_way.path.values,
        conditions=best.found,
    )


def _attempts(program: Program, under_way: _UnderWay, memory: Memory | None, most: int) -> None:
    """Make the attempts, at most so many, until one meets the conditions; the first may go on from a memory."""
    for attempt in range(memory.attempt if memory is not None else 0, most):
        mu, reach = ATTEMPTS[attempt]
        x = program.origin = under_way.state.start.x
        for turn in range(memory.turn if memory is not None else 0, TURNS):
            if memory is not None:
                method = _resumed(program, under_way.state.here.x, memory, reach)
                memory = None
            else:
                program.measure(x)
                method = Interior(program, program.moved(x), reach)
                method.begin(LATER if turn else mu)
            if not method.here.finite:
                break
            why = ""
            for _ in range(PATIENCE):
                if why := method.step():
                    break
                under_way.visit(program, method, attempt, turn)
            x = program.whole(method.x)
            if why == DONE:
                x = to_the_last_digits(program, x)
            if under_way.ended(program, x).found.met:
                return
            if why != DONE:
                break
            program.origin = x


def _resumed(program: Program, x: Vector, memory: Memory, reach: float) -> Interior:
    inputs, value, constraints = memory.units
    program.units = Units([*inputs], value, [*constraints])
    method = Interior(program, program.moved(x), reach)
    method.go_on(memory)
    return method


def _told(best: _End, found: Position, steps: int, over: _OverError | None, runs: Sequence[str]) -> tuple[str, str]:
    """The status, and what is told of it."""
    conditions = best.found
    if not found.finite and over is None:
        return NOT_FINITE, f"not finite after {counted(steps)}"
    if over is not None and (over.asked or not conditions.met):
        return over.status, over.message
    if conditions.met:
        return KKT, f"no change of the inputs gains anything within the constraints after {counted(steps)}"
    if not conditions.feasible:
        worst = conditions.worst
        off = f"{worst.text} is off by {short(abs(worst.apart))} there"
        return INFEASIBLE, f"no point was found that meets the constraints; of the nearest one, {off}"
    if runs:
        which = f"{some_of(runs)} run{'s' * (len(runs) == 1)} away"
        return "unbounded", f"still better within the constraints as {which}: there may be no end"
    return "line_search", f"no better point found, though a slope of {short(conditions.residual)} is left"


def _measures(found: Conditions) -> Measures:
    """The violation and the slope that is left, beside their limits."""
    return {
        "violation": {"value": found.violation, "limit": VIOLATION},
        "kkt": {"value": found.residual if math.isfinite(found.residual) else math.inf, "limit": RESIDUAL},
    }
