"""An ascent among constraints: attempts of the interior method, until one comes to the conditions of an optimum."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from circuitcli.ascent.climb import Ascent
from circuitcli.ascent.constrained.endless import running
from circuitcli.ascent.constrained.flat_start import off_flat
from circuitcli.ascent.constrained.interior import DONE, Interior, Memory
from circuitcli.ascent.constrained.kkt import (
    RESIDUAL,
    VIOLATION,
    Conditions,
    conditions,
)
from circuitcli.ascent.constrained.last_digits import onto_walls, to_the_last_digits
from circuitcli.ascent.constrained.program import Program, Units
from circuitcli.ascent.constrained.under_way import End, OverError, UnderWay, Watch
from circuitcli.ascent.ends import INFEASIBLE, INTERRUPTED, KKT
from circuitcli.ascent.ends import NONFINITE as NOT_FINITE
from circuitcli.ascent.methods import IPOPT, Choice
from circuitcli.ascent.model import model_of
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import HIGH, Position, Problem, Vector
from circuitcli.ascent.stationary import is_plateau
from circuitcli.ascent.stopping import PLATEAU, Limits, Measures, counted, short
from circuitcli.ascent.summit import better
from circuitcli.visible_text import some_of

ATTEMPTS = ((0.1, 1e9), (1.0, 2.0), (1e-3, 0.5))  # mu at the start, and how far a step may reach, in sizes
TURNS = 4  # of an attempt, each in the units of the end of the last
LATER = 1e-6  # mu of the later ones
PATIENCE = 200  # steps of an attempt
ACROSS_KINKS = "among constraints no method goes along kinks: for abs(x) write t, with t >= x; t >= -x"


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
    under_way = UnderWay(problem, limits, state, watch, deadline)
    over: OverError | None = None
    try:
        if limits.steps == 0:
            over = OverError("steps_done", "0 steps, as asked", asked=True)
        else:
            if memory is None and state.start.finite:
                under_way.ended(program, state.start.x)
            if choice.name == IPOPT:
                from circuitcli.ascent.constrained.ipopt import attempts

                attempts(program, under_way, beside)
            else:
                _attempts(program, under_way, memory, 1 if beside else len(ATTEMPTS))
    except OverError as end:
        over = end
    except KeyboardInterrupt:
        steps = counted(under_way.state.steps)
        over = OverError(INTERRUPTED, f"stopped by hand after {steps}: the point where it stood is kept", asked=True)
    if over is not None or under_way.best is None:
        under_way.ended(program, under_way.state.here.x)
    best = under_way.best
    assert best is not None
    found = problem.at(best.x)
    runs: tuple[str, ...] = ()
    if over is None and best.found.feasible and not best.found.residual <= RESIDUAL:
        runs = running(program, under_way.state.start.x, best.x, best.found.rows)
    status, message = _told(problem, best, found, under_way.state.steps, over, runs)
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


def _attempts(program: Program, under_way: UnderWay, memory: Memory | None, most: int) -> None:
    """Make the attempts, at most so many, until one meets the conditions; the first may go on from a memory."""
    start = off_flat(program, under_way.state.start.x) or under_way.state.start.x
    for attempt in range(memory.attempt if memory is not None else 0, most):
        mu, reach = ATTEMPTS[attempt]
        x = program.origin = start
        anew = True
        for turn in range(memory.turn if memory is not None else 0, TURNS):
            if memory is not None:
                method = _resumed(program, under_way.state.here.x, memory, reach)
                memory = None
            else:
                program.measure(x)
                method = Interior(program, program.moved(x), reach)
                method.begin(mu if anew else LATER)
            if not method.here.finite:
                break
            why = ""
            for _ in range(PATIENCE):
                if why := method.step():
                    break
                under_way.visit(program, method.x, method.here, method.memory(attempt, turn))
            there, units = program.whole(method.x), program.units
            x = to_the_last_digits(program, there) if why == DONE else there
            found = under_way.ended(program, x).found
            if why == DONE and not found.met:
                program.units = units  # those of the method, which tell what touches
                walls = onto_walls(program, there, *method.touching)
                found = under_way.ended(program, to_the_last_digits(program, walls)).found
            if found.met:
                return
            if why != DONE and found.beyond is None:
                break
            anew = found.beyond is not None
            program.origin = x = found.beyond or x


def _resumed(program: Program, x: Vector, memory: Memory, reach: float) -> Interior:
    inputs, value, constraints = memory.units
    program.units = Units([*inputs], value, [*constraints])
    method = Interior(program, program.moved(x), reach)
    method.go_on(memory)
    return method


def _told(
    problem: Problem, best: End, found: Position, steps: int, over: OverError | None, runs: Sequence[str]
) -> tuple[str, str]:
    """The status, and what is told of it."""
    conditions = best.found
    if not found.finite and over is None:
        return NOT_FINITE, f"not finite after {counted(steps)}"
    if over is not None and (over.asked or not conditions.met):
        return over.status, over.message
    if runs:
        which = f"{some_of(runs)} run{'s' * (len(runs) == 1)} away"
        return "unbounded", f"still better within the constraints as {which}: there may be no end"
    if conditions.feasible and not conditions.met and found.value > HIGH:
        return "unbounded", f"still better after {counted(steps)}: there may be no end"
    if conditions.met and not any(found.gradient):
        if problem.objective.jumps and is_plateau(problem, found):
            return PLATEAU
        if _better_beside(problem, found):
            return "stationary", "the slope is 0 there, but there are better points beside: start elsewhere"
    if conditions.met:
        return KKT, f"no change of the inputs gains anything within the constraints after {counted(steps)}"
    if not conditions.feasible:
        worst = conditions.worst
        off = f"{worst.text} is off by {short(abs(worst.apart))} there"
        return INFEASIBLE, f"no point was found that meets the constraints; of the nearest one, {off}"
    if conditions.level:
        return "line_search", f"no slope is left after {counted(steps)}, but this is a saddle: start elsewhere"
    left = f"no better point found, though a slope of {short(conditions.residual)} is left"
    return "line_search", f"{left}; {ACROSS_KINKS}" if problem.objective.rough else left


def _better_beside(problem: Problem, here: Position) -> bool:
    """Whether there is a point around, where no slope leads, that is better and meets the constraints."""
    there = better(problem, here, here, problem.objective.noise(here.x), model_of(problem, here))
    if there is None:
        return False
    return conditions(Program(problem, problem.constraints, here), there.x).feasible


def _measures(found: Conditions) -> Measures:
    """The violation and the slope that is left, beside their limits."""
    return {
        "violation": {"value": found.violation, "limit": VIOLATION},
        "kkt": {"value": found.residual if math.isfinite(found.residual) else math.inf, "limit": RESIDUAL},
    }
