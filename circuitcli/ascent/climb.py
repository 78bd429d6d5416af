"""One ascent: the moves of a method until a rule ends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from circuitcli.ascent.line_search import HIGH
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.move import Memory, Move
from circuitcli.ascent.point_objective import Vector
from circuitcli.ascent.problem import Position, Problem
from circuitcli.ascent.stopping import FAR, SUCCESSES, Limits, Measures, Rules, Stop, counted
from circuitcli.errors import ClusterError

KEPT = 400  # values of the way
STRIDE = 1_000  # steps of one call, between which rules are looked at that no step breaks


class State(NamedTuple):
    """Where an ascent stands after a step: all that the next ones depend on."""

    steps: int
    start: Position
    here: Position
    before: float
    best: Position
    memory: Memory
    evaluations: dict[str, int]
    promise: float | None = None
    reach: float | None = None


class Ascent(NamedTuple):
    """How it went. Positions are of what was climbed: of minus the circuit where `sign` is -1."""

    problem: Problem
    choice: Choice
    limits: Limits
    status: str
    message: str
    start: Position
    found: Position
    steps: int
    evaluations: dict[str, int]
    seconds: float
    measures: Measures
    state: State | None = None  # where it stood at the end
    values: Sequence[float] = ()  # some on the way, to be drawn

    @property
    def success(self) -> bool:
        return self.status in SUCCESSES

    @property
    def sign(self) -> float:
        return self.problem.sign


Watch = Callable[[State], None]


class Path:
    """Values on the way, ever fewer of them the longer it is."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self._gap, self._seen = 1, 0

    def add(self, value: float) -> None:
        """One more."""
        if self._seen % self._gap == 0:
            self.values.append(value)
            if len(self.values) > KEPT:
                del self.values[1::2]
                self._gap *= 2
        self._seen += 1


def climb(
    problem: Problem,
    choice: Choice,
    limits: Limits,
    x: Vector,
    watch: Watch = lambda state: None,
    every: bool = False,
    state: State | None = None,
    deadline: float | None = None,
) -> Ascent:
    """Climb from a point, or from where a state stands, until one of the limits, or the deadline of the monotonic
    clock. `watch` sees every state, the start as step 0; without `every` it may miss some. Ctrl-C ends the run with
    the best point found."""
    began = time.perf_counter()
    stop: Stop | None
    rules: Rules | None = None
    path = Path()
    try:
        if state is None:
            start = problem.at(problem.inside(x))
            state = State(0, start, start, start.value, start, {}, problem.evaluations)
            path.add(start.value)
            watch(state)
        else:
            problem.evaluations.update(state.evaluations)
            state = state._replace(evaluations=problem.evaluations)
        rules = Rules(problem, choice, limits, state.start, deadline)
        if state.steps == 0:
            stop = rules.at_start(state.start)
        else:
            stop = rules.after(Move(state.here, state.before, state.promise, state.reach), state.steps, state.best)
        moves = choice.function(problem, state.here, state.memory, choice.options)
        strides = None if every or stop is not None else _strides(problem, choice, limits)
        while stop is None:
            if strides is not None and (further := strides(state)) is not None:
                state = further
                moves = choice.function(problem, state.here, state.memory, choice.options)
                path.add(state.here.value)
                watch(state)
            try:
                move = next(moves)
            except StopIteration as end:
                stop = rules.no_step(state.here, end.value, state.steps)
                break
            steps = state.steps + 1
            stop = rules.after(move, steps, state.best)
            if not move.there.finite:
                break
            best = move.there if move.there.value > state.best.value else state.best
            state = state._replace(
                steps=steps, here=move.there, before=move.before, best=best, promise=move.promise, reach=move.reach
            )
            path.add(state.here.value)
            watch(state)
    except (KeyboardInterrupt, ClusterError) as end:
        if state is None:
            raise
        why = end.message if isinstance(end, ClusterError) else "stopped by hand"
        stop = Stop("interrupted", f"{why} after {counted(state.steps)}: the best point is kept", here=False)
    assert stop is not None
    found = state.here if stop.here and not choice.wanders else state.best
    if problem.objective.method != "exact":
        value, gradient = problem.objective.exact(found.x)
        found = Position(found.x, problem.sign * value, [problem.sign * g for g in gradient])
    return Ascent(
        problem,
        choice,
        limits,
        stop.status,
        stop.message,
        state.start,
        found,
        state.steps,
        dict(problem.evaluations),
        time.perf_counter() - began,
        rules.measures if rules else {},
        state,
        path.values,
    )


def _strides(problem: Problem, choice: Choice, limits: Limits) -> Callable[[State], State | None] | None:
    """What takes many steps of the lesson's rule at once, where a circuit allows it, and ends before one that a rule
    may end."""
    if not choice.fixed or problem.bounded or problem.objective.method != "exact" or not problem.objective.strides:
        return None
    if limits.max_evaluations is not None:
        return None
    loop = problem.objective.strides(choice.options["step"], problem.sign)
    exactly = limits.steps is not None
    least = -float("inf") if exactly else limits.tol
    most = float("inf") if exactly else HIGH
    if limits.target is not None and not exactly:
        most = min(most, problem.sign * limits.target)
    end = limits.steps if limits.steps is not None else limits.max_steps

    def strides(state: State) -> State | None:
        count = min(STRIDE, 1 + state.steps // 8, end - state.steps - 1)  # few at first, of which each is drawn
        here = state.here
        if count < 2:
            return None
        taken, value, x, gradient = loop(count, least, most, here.value, *here.x, *here.gradient)
        if not taken or (not exactly and max(map(abs, x)) > FAR):
            return None
        problem.evaluations["gradient"] += taken
        there = Position(x, value, gradient)
        best = there if value > state.best.value else state.best
        return state._replace(steps=state.steps + taken, here=there, before=value, best=best)

    return strides
