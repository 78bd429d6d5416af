"""When an ascent ends, and its message: never a success that it does not have."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from circuitcli.ascent.ends import KINK, KINK_OPTIMUM, NO_STEP, NONFINITE, PUT_OFF
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.model import model_of
from circuitcli.ascent.move import VANISHING, State
from circuitcli.ascent.problem import HIGH, Position, Problem, of_squares
from circuitcli.engine.floats import EPSILON
from circuitcli.visible_text import some_of
from circuitcli.wording import setting

TOL = 5e-6  # the lesson's rule: stop when a fixed step gains less
GTOL = 1e-8
NEAR = 1e-6  # of what was gained: a promise below which rounding may be all of it
FELT = 1e3  # times the noise of a value that was no smaller: a promise which rounding need not be asked about
UNFELT = 1e-8  # of the noise: a promise with which it is over
GROWN, POLE = 2.0, 1e-3  # times the value at the start, and of what was gained: no promise as large is rounding
ASTRAY = 1e20  # times the best value, that is lost: a step is too long
PLATEAU_AT_START = "stationary_start", "the start is on a plateau, where all values around are equal: start elsewhere"
PLATEAU = "stationary", "it led onto a plateau, where all values around are equal: start elsewhere"
MOST_STEPS = 10**12  # exactly: weeks of the smallest circuit, with progress and Ctrl-C; more never ends
TENTHS = 12  # that a shorter step is sought among, as powers of ten
MANY = 32  # steps, from which on it is asked whether there is an end
PATIENCE = 64  # steps, from which on an ascent beside others may be put off
AHEAD = 10.0  # times the gain of the last half of its steps, with which it has to come up to the best
SLOW = 1e-3  # of all that it gained: a gain of that half which is put off where there is no better one yet
Measures = dict[str, dict[str, float]]


class Limits(NamedTuple):
    """Where to stop. `steps` asks for exactly so many, and then no other rule counts."""

    tol: float = TOL
    gtol: float = GTOL
    ftol: float = 0.0
    target: float | None = None
    steps: int | None = None
    max_steps: int = 10_000
    max_evaluations: int | None = None
    max_time: float | None = None


class Stop(NamedTuple):
    """Why an ascent ends: a status of ENDS, and a message. `here`: with the last point, not the best one.
    `kinks` are those at which it is certified to be an optimum."""

    status: str
    message: str
    here: bool = True
    kinks: Sequence[Mapping[str, Any]] = ()


class Rules:
    """The limits of one ascent, and each measure as it last stood beside its limit."""

    def __init__(
        self,
        problem: Problem,
        choice: Choice,
        limits: Limits,
        deadline: float | None = None,
        rival: float | None = None,
    ) -> None:
        self.problem, self.choice, self.limits = problem, choice, limits
        self.measures: Measures = {}
        self._deadline, self._rival = deadline, rival
        self._told = 0.0, 0.0  # the size of a value, and its noise, which takes as long as many steps to tell

    def after(self, state: State, best: Position) -> Stop | Position | None:
        """Why the ascent ends with a step, if it does, or a better point to go on from; `best` is the best point before
        the step."""
        limits, there, steps = self.limits, state.here, state.steps
        if not there.finite:
            return self.not_finite(there, f"after {counted(steps)}", here=False)
        if limits.steps is not None:
            if steps < limits.steps:
                return self._no_step(steps)
            return Stop("steps_done", f"{self.choice.epochs_of(steps)}{counted(steps)}, as asked")
        small = self._small_gain(state) if self.choice.method.fixed else None
        if stop := self._target(there, steps) or small or self._far(state, best):
            return stop
        end = self.end(state) if self._quiet(state, best) else None
        return (
            end if isinstance(end, Stop) else self._crawls(state) or self._spent(steps) or self._no_step(steps) or end
        )

    def at_start(self, start: Position) -> Stop | None:
        """Why it ends before the first step, if it does."""
        if not start.finite or not all(map(math.isfinite, start.x)):
            return self.not_finite(start, "at the start", here=True)
        if self.limits.steps is not None:
            return Stop("steps_done", "0 steps, as asked") if self.limits.steps == 0 else None
        if stop := self._target(start, 0):
            return stop
        if any(self.problem.uphill(start)):
            return None
        if self.problem.objective.forked is not None and self.problem.objective.kinked(start.x):
            return None  # where a slope of 0 is a convention
        from circuitcli.ascent.stationary import stationary

        return self._perfect(start) or Stop(*stationary(self.problem, start))

    def _quiet(self, state: State, best: Position) -> bool:
        """Whether so little seems to be left to gain that the end is to be judged."""
        there, method = state.here, self.choice.method
        if self.limits.steps is not None or method.fixed or (method.wanders and there.value < best.value):
            return False
        gained = max(abs(there.value), there.value - state.start.value)
        promise = state.promise if state.promise is not None else abs(there.value - state.before)
        if promise == math.inf and there.value - state.before <= VANISHING * gained:
            model = model_of(self.problem, there)
            return model is not None and model.highest is None
        if 0.0 <= promise <= self.limits.ftol * abs(there.value):
            return True
        if promise > max(NEAR, self._tolerance(1.0)) * gained:
            return False
        gtol = 0.0 if method.certifies else self.limits.gtol
        little = max(VANISHING, 0.5 * gtol * gtol) * gained
        size, noise = self._told
        felt = abs(there.value) > 2.0 * size or promise <= FELT * max(noise, self._tolerance(noise / EPSILON))
        if not felt and promise > FELT * little:
            return False
        tolerance = -math.inf
        if felt:
            noise = self.problem.objective.noise(there.x)
            self._told = abs(there.value), noise
            tolerance = self._tolerance(noise / EPSILON)
            if tolerance <= noise:  # where rounding hides the gain, a method that knows itself goes on by slopes alone
                tolerance = -math.inf if method.certifies else UNFELT * noise
        if promise <= tolerance or state.at_kinks:
            return promise <= tolerance
        from circuitcli.ascent.summit import is_settled

        model = model_of(self.problem, there) if promise <= little else None
        return model is not None and is_settled(model, state.start, there, gtol)

    def _tolerance(self, size: float) -> float:
        """The gain that counts as none, of a value that is made of numbers of a size."""
        return 0.5 * self.limits.gtol * self.limits.gtol * size  # inf where ** would raise

    def at_kinks(self, state: State) -> Stop | Position | None:
        """The end of an ascent along kinks where pieces meet, an optimum or not, or a better point to go on from; None
        where no pieces meet."""
        if not state.at_kinks:
            return None
        from circuitcli.ascent.kinks.certificate import certificate
        from circuitcli.ascent.summit import judged

        problem = self.problem
        found = certificate(problem, state.here, state.memory)
        if found is None:
            return None
        self.measures["gain"] = {"value": found.promise, "limit": found.noise}
        if found.refused or problem.objective.jumps:
            better = judged(problem, state.start, state.here, found.promise).better
            if better is not None or found.refused:
                return better or Stop(KINK, found.refused)
        summit = "maximum" if problem.sign > 0 else "minimum"
        message = f"a {summit} at the {found.what} after {counted(state.steps)}: {found.why}"
        return Stop(KINK_OPTIMUM, message, kinks=found.kinks)

    def over(self, state: State, promise: float) -> Stop | Position:
        """The end where a method finds no further step, or a better point to go on from. `promise` is the gain that the
        method still expects."""
        if (found := self.end(state, promise)) is not None:
            return found
        if (promise == math.inf or state.steps == 0) and self._on_plateau(state.here):
            return Stop(*PLATEAU_AT_START if state.steps == 0 else PLATEAU)
        if runs := self._running_on(state):
            return self._unbounded(runs, state.steps)
        beyond = self._leaving(state.here)
        further = f"; further on, {beyond}" if beyond else ""
        return Stop("line_search", f"no better point found, though a gain of {short(promise)} is promised{further}")

    def end(self, state: State, promise: float | None = None) -> Stop | Position | None:
        """The end at a point where little seems to be left to gain, or a better point to go on from; None where it is
        none. `promise`: of a method that finds no further step."""
        here, steps = state.here, state.steps
        if stop := self._perfect(here):
            runs = self._running(state)
            return self._unbounded(runs, steps) if runs else stop
        from circuitcli.ascent.summit import judged

        problem, spent = self.problem, promise is not None
        expected = promise if promise is not None else state.promise if state.promise is not None else math.inf
        gtol = self.limits.gtol if spent or not self.choice.method.certifies else 0.0
        enough = self.limits.ftol * abs(here.value)
        found = judged(problem, state.start, here, expected, gtol, here.value - state.before, enough)
        if found.running:
            return self._unbounded(found.running, steps)
        if found.better is not None:
            return found.better
        if runs := self._running_on(state):
            return self._unbounded(runs, steps)
        self.measures["gtol"] = {"value": found.measure, "limit": self.limits.gtol}
        self.measures["gain"] = {"value": found.promise, "limit": max(self._tolerance(found.size), found.untold)}
        if problem.objective.jumps and not any(here.gradient) and self._on_plateau(here):
            return Stop(*PLATEAU)
        free = len(problem.at_bound(here.x)) < len(here.x)
        if free and (spent or problem.objective.forked is not None) and problem.objective.kinked(here.x):
            what = "a maximum" if problem.sign > 0 else "a minimum"
            message = f"every direction tried from this kink{self._of_node(here)} is worse: it may be {what}"
            return Stop("kink", message)
        gained = here.value - state.start.value
        up_a_pole = abs(here.value) > GROWN * abs(state.start.value) and found.promise > POLE * abs(gained) > 0.0
        if found.promise <= max(self._tolerance(found.size), found.untold) < math.inf and not up_a_pole:
            gain = f"gains more than {short(found.promise)}" if found.promise else "gains anything"
            return Stop("gtol", f"no change of the inputs {gain} after {counted(steps)}")
        limit = max(found.noise, self.limits.ftol * abs(here.value))
        self.measures["ftol"] = {"value": found.promise, "limit": limit}
        if found.promise <= limit < math.inf and not up_a_pole:
            if limit == found.noise:
                left = f"no better point can be found: a gain of {short(found.promise)} is below rounding"
            else:
                left = f"a gain of {short(found.promise)} is all that is left, below {setting('ftol')} of the value"
            return Stop("ftol", left)
        return None

    def _on_plateau(self, here: Position) -> bool:
        from circuitcli.ascent.stationary import is_plateau

        return is_plateau(self.problem, here)

    def _of_node(self, there: Position) -> str:
        """The node whose kink it is, behind the word, where the circuit tells it."""
        node = self.problem.objective.kink(there.x)
        return f" of {node}" if node else ""

    def not_finite(self, position: Position, when: str, here: bool) -> Stop:
        """The end at a value or a slope that is infinite or nan."""
        fault = self.problem.objective.fault(position.x) or "an input is not finite"
        return Stop(NONFINITE, f"not finite {when}: {fault}", here)

    def _perfect(self, here: Position) -> Stop | None:
        """The end where a sum of squares is 0 up to rounding."""
        objective = self.problem.objective
        if not of_squares(objective) or not objective.perfect(here.x):
            return None
        return Stop("perfect", "all residuals are 0 up to rounding")

    def _target(self, there: Position, steps: int) -> Stop | None:
        """The end where the target is reached."""
        target = self.limits.target
        if target is None:
            return None
        value = self.problem.sign * there.value
        self.measures["target"] = {"value": value, "limit": target}
        if there.value < self.problem.sign * target:
            return None
        return Stop("target", f"the value {short(value)} is at the target {short(target)} after {counted(steps)}")

    def _small_gain(self, state: State) -> Stop | None:
        """The lesson's rule."""
        there, steps, tol = state.here, state.steps, self.limits.tol
        gain, step = there.value - state.before, self.choice.step_at(steps - 1)
        self.measures["tol"] = {"value": abs(gain), "limit": tol}
        if gain == 0.0 and self._promising(there):
            # To first order the step has a gain: where rounding does not hide it, it went as far beyond the top.
            first = step * sum(g * g for g in there.gradient)
            seen = first > self.problem.objective.noise(there.x)
            advice = (
                f"shorter {setting('step')}, {self._shorter(step, state.start):g}"
                if seen
                else f"longer {setting('step')}"
            )
            return Stop("line_search", f"step {steps} gains nothing: try a {advice}", here=False)
        if abs(gain) < tol:
            return Stop("tol", f"the gain {short(gain)} is below {short(tol)} after {counted(steps)}")
        if gain <= -tol:
            advice = f"try {setting('step', f'{self._shorter(step, state.start):g}')}"
            return Stop("overshoot", f"step {steps} lost {short(-gain)}: the step is too long; {advice}", here=False)
        return None

    def _shorter(self, step: float, start: Position) -> float:
        """The first of the tenths, hundredths and so on of a step that has a gain at the start."""
        problem, uphill = self.problem, self.problem.uphill(start)
        for power in range(1, TENTHS):
            shorter = step / 10.0**power
            there = problem.inside([u + shorter * g for u, g in zip(start.x, uphill, strict=True)])
            if problem.sign * problem.objective.value(there) > start.value:
                return shorter
        return step / 10.0

    def _promising(self, here: Position) -> bool:
        """Whether the model of second order has a gain for a point that is more than rounding."""
        model = model_of(self.problem, here)
        return model is not None and model.promise > self.problem.objective.noise(here.x)

    def _far(self, state: State, best: Position) -> Stop | None:
        """The end where it goes off without end: up, or astray by a step that is too long. It is looked for when the
        steps have doubled."""
        there, start, steps = state.here, state.start, state.steps
        if there.value < best.value - ASTRAY * max(abs(best.value), abs(start.value)):
            advice = f"try {setting('step', f'{self._shorter(self.choice.step_at(steps - 1), state.start):g}')}"
            return Stop("overshoot", f"went astray within {counted(steps)}: the step is too long; {advice}", here=False)
        if there.value > HIGH:
            return self._unbounded((), steps)
        if steps < MANY or not state.doubled:
            return None
        runs = self._running(state, settled=False)
        return self._unbounded(runs, steps) if runs else None

    def _running(self, state: State, settled: bool = True) -> tuple[str, ...]:
        from circuitcli.ascent.runaway import running

        problem, here = self.problem, state.here
        noise = problem.objective.noise(here.x)
        return running(problem, state.start, here, noise, model_of(problem, here), settled)

    def _running_on(self, state: State) -> tuple[str, ...]:
        """The inputs that run away where stable gates take the place of those that leave the range of floats."""
        from circuitcli.ascent.runaway import running

        if (stable := self.problem.objective.stable) is None:
            return ()
        problem = Problem(stable, self.problem.sign, self.problem.bounds)
        start, here = problem.at(state.start.x), problem.at(state.here.x)
        return running(problem, start, here, stable.noise(here.x), model_of(problem, here))

    def _leaving(self, here: Position) -> str:
        """The fault at the place where the model of second order leads."""
        from circuitcli.ascent.runaway import leaving

        model = model_of(self.problem, here)
        return leaving(self.problem, here, model) if model is not None else ""

    def _unbounded(self, names: Sequence[str], steps: int) -> Stop:
        way = "rising" if self.problem.sign > 0 else "falling"
        which = f" as {some_of(names)} run{'s' * (len(names) == 1)} away" if names else ""
        return Stop("unbounded", f"still {way}{which} after {counted(steps)}: there may be no end", here=False)

    def _crawls(self, state: State) -> Stop | None:
        """The end of an ascent beside others where its last steps gain too little to come up to the best of them."""
        rival, here, steps = self._rival, state.here.value, state.steps
        if rival is None or steps < PATIENCE or not state.doubled:
            return None
        gain = here - state.earlier
        if here + AHEAD * gain >= rival and gain >= SLOW * (here - state.start.value):
            return None
        return Stop(PUT_OFF, f"put off after {counted(steps)}, of which the last {steps // 2:,} gained {short(gain)}")

    def _no_step(self, steps: int) -> Stop | None:
        """The end where a schedule has no length for the next step."""
        fault = self.choice.fault(steps)
        return Stop(NO_STEP, f"{fault}, and a step is a number above 0", here=False) if fault else None

    def _spent(self, steps: int) -> Stop | None:
        """The end where a limit of steps, evaluations or time is reached."""
        limits, count = self.limits, self.problem.evaluations["value"] + self.problem.evaluations["gradient"]
        if steps >= limits.max_steps:
            return Stop(
                "max_steps", f"{counted(steps)} {_were(steps)} not enough; more with {setting('max_steps')}", here=False
            )
        if limits.max_evaluations is not None and count >= limits.max_evaluations:
            return Stop(
                "max_evaluations",
                f"the limit of {limits.max_evaluations:,} evaluations came after {counted(steps)}",
                here=False,
            )
        if self._deadline is not None and time.monotonic() >= self._deadline:
            return Stop("max_time", f"{limits.max_time:g} s were enough for {counted(steps)} only", here=False)
        return None


def counted(steps: int) -> str:
    """A number of steps in words."""
    return f"{steps:,} step{'' if steps == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def short(number: float) -> str:
    """A number as a message shows it."""
    return f"{number:.3g}" if math.isfinite(number) else str(number)
