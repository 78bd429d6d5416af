"""One ascent: the moves of a method until a rule ends it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent.ends import ENDS, INTERRUPTED, End
from circuitcli.ascent.methods import Choice, along_kinks
from circuitcli.ascent.move import Kept, Move, State
from circuitcli.ascent.problem import HIGH, Position, Problem, Vector
from circuitcli.ascent.stopping import Limits, Measures, Rules, Stop, counted
from circuitcli.errors import ClusterError, FileError

if TYPE_CHECKING:
    from circuitcli.ascent.constrained.kkt import Conditions

KEPT = 400  # values of the way
STRIDE = 1_000  # steps of one call, between which the rules are asked

Watch = Callable[[State], None]
Further = Callable[[State], State | None]


class Ascent(NamedTuple):
    """The result of an ascent. Positions are of what was climbed: of minus the circuit where `sign` is -1."""

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
    kinks: Sequence[Mapping[str, Any]] = ()  # at which it is certified that it ends
    kept: Kept | None = None  # the best point by validation, which then is what it found
    conditions: Conditions | None = None  # among constraints

    @property
    def end(self) -> End:
        """The row of its status."""
        return ENDS[self.status]

    @property
    def success(self) -> bool:
        return self.end.success

    @property
    def interrupted(self) -> bool:
        return self.status == INTERRUPTED

    @property
    def sign(self) -> float:
        return self.problem.sign

    @property
    def merit(self) -> float:
        """The value by which it is compared with others: of validation, where there is one; none at all where it does
        not meet the constraints."""
        if self.conditions is not None and not self.conditions.feasible:
            return -math.inf
        return self.found.value if self.kept is None else self.sign * self.kept.validation

    @property
    def ends_as_found(self) -> bool:
        """Whether what it found is where it stopped, and no earlier point by validation."""
        return self.kept is None or self.kept.steps == self.steps


class Path:
    """Values on the way, ever fewer of them the longer it is."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self._gap, self._seen = 1, 0

    def add(self, value: float) -> None:
        """Note one more value."""
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
    rival: float | None = None,
) -> Ascent:
    """Climb from a point, or from where a state stands, until one of the limits, or the deadline of the monotonic
    clock. `rival` is the best value of other ascents, -inf where there is none yet: one that crawls is put off.
    `watch` sees every state, the start as step 0; without `every` it may miss some. Ctrl-C ends the run with the best
    point found."""
    began = time.perf_counter()
    resumed = state is not None
    if state is None:
        start = problem.at(problem.inside(x))
        state = State(
            0, start, start, start.value, start, None, problem.evaluations, at_kinks=choice.method.along_kinks
        )
    else:
        problem.evaluations.update(state.evaluations)
        state = state._replace(evaluations=problem.evaluations)
    chosen = along_kinks() if state.at_kinks else choice
    rules = Rules(problem, chosen, limits, deadline, rival)
    under_way = _UnderWay(state, rules, watch, None if every else _strides(problem, choice, limits))
    try:
        if not resumed:
            under_way.arrive(state)
        try:
            before = dict(problem.evaluations)
            stop = rules.at_start(state.start) if state.steps == 0 else rules.after(state, state.best)
            if resumed:
                problem.evaluations.update(before)  # it was asked, and counted, when it stood here
            if not isinstance(stop, Stop):
                stop = under_way.climbed(stop)
        except _Over as end:
            stop = end.stop
        if under_way.may_go_on(stop):
            stop = under_way.climbed_along_kinks(stop)
    except (KeyboardInterrupt, ClusterError, FileError) as end:
        why = "stopped by hand" if isinstance(end, KeyboardInterrupt) else end.message
        steps = counted(under_way.state.steps)
        stop = Stop(INTERRUPTED, f"{why} after {steps}: the best point is kept", here=False)
    state = under_way.state
    found = state.here if stop.here and not choice.method.wanders else state.best
    message, kept = stop.message, state.kept
    if kept is not None:
        found = kept.there
        message += f"; step {kept.steps:,} is kept" * (kept.steps != state.steps)
    return Ascent(
        problem,
        choice,
        limits,
        stop.status,
        message,
        state.start,
        problem.exactly(found),
        state.steps,
        dict(problem.evaluations),
        time.perf_counter() - began,
        rules.measures,
        state,
        under_way.path.values,
        stop.kinks,
        kept,
    )


class _Over(Exception):  # noqa: N818
    """An ascent ends, within a step of its method."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.message)
        self.stop = stop


class _Anew(Exception):  # noqa: N818
    """A better point was seen, from which the method begins anew."""

    def __init__(self, there: Position) -> None:
        super().__init__()
        self.there = there


class _UnderWay:
    """An ascent under way: where it stands, and what follows each move of its method."""

    def __init__(self, state: State, rules: Rules, watch: Watch, strides: Further | None) -> None:
        self.state, self.path = state, Path()
        self._rules, self._watch, self._strides = rules, watch, strides

    def arrive(self, state: State) -> None:
        """Stand there, and let it be seen."""
        problem = self._rules.problem
        if problem.validation is not None:
            state = state.validated(problem.validation(state.here.x), problem.sign)
        self.state = state
        self.path.add(state.here.value)
        self._watch(state)

    def may_go_on(self, stop: Stop) -> bool:
        """Whether pieces may tell more: a method that finds its steps itself is stuck, perhaps at a kink."""
        rules = self._rules
        finds = not self.state.at_kinks and rules.limits.steps is None and "step" not in rules.choice.options
        return finds and ENDS[stop.status].stuck and rules.problem.objective.forked is not None

    def climbed_along_kinks(self, before: Stop) -> Stop:
        """Go on along kinks; the end of before stands where there is none at a kink, and nothing better."""
        stood = self.state.here
        self._rules.choice = along_kinks()
        self.state = self.state._replace(memory=None, at_kinks=True)
        try:
            stop = self.climbed(None)
        except _Over as end:
            return end.stop
        return before if self.state.here is stood and not ENDS[stop.status].at_kink else stop

    def climbed(self, better: Position | None) -> Stop:
        """Climb, first to a better point that was seen, until the end of the method stands."""
        rules = self._rules
        method, options = rules.choice.method, rules.choice.options
        while True:
            try:
                if better is not None:
                    there, better = better, None
                    self.visit(Move(there, method.begun(self.state.steps + 1)))
                assert method.run is not None  # of the others climb_within takes care
                promise = method.run(rules.problem, self.state.here, self.state.memory, options, self.visit)
                end = rules.at_kinks(self.state) or rules.over(self.state, promise)
                if isinstance(end, Stop):
                    return end
                better = end
            except _Anew as seen:
                better = seen.there

    def visit(self, move: Move) -> Position:
        """Make a move, and return the position to go on from. Raises _Over where a rule ends the ascent, and _Anew
        where the method is to begin anew."""
        state = self.state.after(move)
        end = self._rules.after(state, self.state.best)
        if move.there.finite:
            self.arrive(state)
        if isinstance(end, Stop):
            raise _Over(end)
        if end is not None:
            raise _Anew(end)
        if self._strides is not None and (further := self._strides(self.state)) is not None:
            self.arrive(further)
        return self.state.here


def _strides(problem: Problem, choice: Choice, limits: Limits) -> Further | None:
    """A function that takes many steps of the lesson's rule at once, and ends before one at which a rule may end the
    ascent; None where the circuit or a limit does not allow it."""
    if not choice.method.fixed or problem.bounded or problem.objective.method != "exact":
        return None
    if problem.objective.strides is None or limits.max_evaluations is not None or choice.schedule is not None:
        return None
    loop = problem.objective.strides(choice.options["step"], problem.sign)
    exactly = limits.steps is not None
    least = -float("inf") if exactly else limits.tol
    most = float("inf") if exactly else HIGH
    if limits.target is not None and not exactly:
        most = min(most, problem.sign * limits.target)
    end = limits.steps if limits.steps is not None else limits.max_steps

    def strides(state: State) -> State | None:
        asked = (1 << state.steps.bit_length()) - 1  # before the next step at which it is asked whether there is an end
        count = min(STRIDE, 1 + state.steps // 8, min(end - 1, asked) - state.steps)  # few at first: each is drawn
        here = state.here
        if count < 2:
            return None
        taken, value, x, gradient = loop(count, least, most, here.value, *here.x, *here.gradient)
        if not taken:
            return None
        problem.evaluations["gradient"] += taken
        return state.further(taken, Position(x, value, gradient))

    return strides
