"""When an ascent ends, and its message: never a success that it does not have."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

from circuitcli.ascent.ends import NONFINITE
from circuitcli.ascent.line_search import HIGH
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.move import State
from circuitcli.ascent.problem import Position, Problem, of_squares

TOL = 5e-6  # the lesson's rule: stop when a fixed step gains less
GTOL = 1e-8
REACH = 0.01  # of an input: while a method's model wants to go so far, a small slope is no summit
EPSILON = 2.0**-52  # times the numbers that a value is made of: the least rounding of the value
STEEP = 1e-3  # times them: a larger slope, scaled to its input, is that of no summit
FAR = 1e20  # an input beyond which an ascent that still rises is called unbounded, as with a value beyond HIGH
PLATEAU = "the start is on a plateau, where all values around are equal: start elsewhere"
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
    """Why an ascent ends: a status of ENDS, and a message. `here`: with the last point, not the best one."""

    status: str
    message: str
    here: bool = True


class Rules:
    """The limits of one ascent, and each measure as it last stood beside its limit."""

    def __init__(
        self, problem: Problem, choice: Choice, limits: Limits, start: Position, deadline: float | None = None
    ) -> None:
        self.problem, self.choice, self.limits = problem, choice, limits
        self.measures: Measures = {}
        self._gtol = limits.gtol * min(1.0, problem.slope(start)) if start.finite else limits.gtol
        self._far_off = max(FAR, *(10.0 * abs(u) for u in start.x))
        self._deadline = deadline

    def after(self, state: State, best: Position) -> Stop | None:
        """Why the ascent ends with a step, if it does; `best` is the best point before it."""
        limits, there, steps = self.limits, state.here, state.steps
        if not there.finite:
            return self.not_finite(there, f"after {counted(steps)}", here=False)
        if limits.steps is not None:
            return Stop("steps_done", f"{counted(steps)}, as asked") if steps >= limits.steps else None
        # Where a method wanders, a flat place below the best point is no end.
        method = self.choice.method
        unseen = method.certifies or (there.value < best.value and method.wanders)
        small = None if unseen else self._small(state)
        return self._target(there, steps) or small or self._far(there, steps, best) or self._spent(steps)

    def at_start(self, start: Position) -> Stop | None:
        """Why it ends before the first step, if it does."""
        if not start.finite:
            return self.not_finite(start, "at the start", here=True)
        if self.limits.steps is not None:
            return Stop("steps_done", "0 steps, as asked") if self.limits.steps == 0 else None
        if stop := self._target(start, 0):
            return stop
        slope = self.problem.slope(start)
        if slope > EPSILON * abs(start.value):
            return None
        from circuitcli.ascent.stationary import flat, stationary

        if slope == 0.0:
            return self._perfect(start) or Stop(*stationary(self.problem, start))
        return Stop("stationary_start", PLATEAU) if flat(self.problem, start) else None

    def no_step(self, here: Position, promise: float, steps: int) -> Stop:
        """Why no step gains: the promised gain is rounding, or here is a kink, or the search has failed."""
        if stop := self._far(here, steps, here) or self._perfect(here):
            return stop
        noise = self.problem.objective.noise(here.x)
        if self.choice.method.certifies and (top := self._top(here, promise, noise, steps)):
            return top
        limit = max(noise, self.limits.ftol * abs(here.value))
        self.measures["ftol"] = {"value": promise, "limit": limit}
        kinked = self.problem.objective.kinked(here.x)
        from circuitcli.ascent.stationary import falls_on_both_sides

        if kinked or falls_on_both_sides(self.problem, here):
            what = "a maximum" if self.problem.sign > 0 else "a minimum"
            message = f"every direction tried from this kink{self._of_node(here)} is worse: it may be {what}"
            return Stop("kink", message)
        if promise <= limit and not self._steep(here, noise):
            return Stop("ftol", f"no better point can be found: a gain of {short(promise)} is below rounding")
        return Stop("line_search", f"no better point found, though the slope is {short(self.problem.slope(here))}")

    def _top(self, here: Position, promise: float, noise: float, steps: int) -> Stop | None:
        """The end at the top of the model of second order."""
        size = noise / EPSILON  # of the numbers that the value is made of
        measure = math.sqrt(2.0 * promise / size) if promise > 0.0 else 0.0
        self.measures["gtol"] = {"value": measure, "limit": self.limits.gtol}
        if promise > noise and measure > self.limits.gtol:
            return None
        if self.problem.objective.kinked(here.x):
            message = f"the slope is 0 by convention at a kink{self._of_node(here)} after {counted(steps)}"
            return Stop("kink", message)
        gain = f"gains more than {short(promise)}" if promise else "gains anything"
        return Stop("gtol", f"no change of the inputs {gain} after {counted(steps)}")

    def _of_node(self, there: Position) -> str:
        """The node whose kink it is, behind the word, where the circuit tells it."""
        node = self.problem.objective.kink(there.x)
        return f" of {node}" if node else ""

    def _steep(self, here: Position, noise: float) -> bool:
        """Whether the slope is large beside the numbers that the value is made of, to judge by its rounding."""
        return self.problem.slope(here) > max(self.limits.gtol, STEEP * noise / EPSILON)

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

    def _small(self, state: State) -> Stop | None:
        """The end where the gain or the slope is small enough."""
        if self.choice.method.fixed:
            return self._small_gain(state)
        there, steps, slope = state.here, state.steps, self.problem.slope(state.here)
        self.measures["gtol"] = {"value": slope, "limit": self._gtol}
        if slope > self._gtol:
            return None
        if state.reach is not None and slope > 0.0:
            self.measures["reach"] = {"value": state.reach, "limit": REACH}
            if state.reach > REACH:
                return None
        if self.problem.objective.kinked(there.x):
            message = f"the slope is 0 by convention at a kink{self._of_node(there)} after {counted(steps)}"
            return self._perfect(there) or Stop("kink", message)
        if 0.0 in there.gradient:
            from circuitcli.ascent.stationary import rises

            if rises(self.problem, there):
                return Stop(
                    "stationary", f"the slope is 0, but this is no maximum, after {counted(steps)}: start elsewhere"
                )
        return Stop("gtol", f"the slope {short(slope)} is within {short(self._gtol)} after {counted(steps)}")

    def _small_gain(self, state: State) -> Stop | None:
        """The lesson's rule."""
        there, steps, tol = state.here, state.steps, self.limits.tol
        gain = there.value - state.before
        self.measures["tol"] = {"value": abs(gain), "limit": tol}
        if gain == 0.0 and self._steep(there, self.problem.objective.noise(there.x)):
            return Stop("line_search", f"step {steps} changes nothing: try a longer --step", here=False)
        if abs(gain) < tol:
            return Stop("tol", f"the gain {short(gain)} is below {short(tol)} after {counted(steps)}")
        if gain <= -tol:
            advice = f"try --step {self.choice.options['step'] / 10:g}"
            return Stop("overshoot", f"step {steps} lost {short(-gain)}: the step is too long; {advice}", here=False)
        return None

    def _far(self, there: Position, steps: int, best: Position) -> Stop | None:
        """The end where it goes off without end: up, or astray by a step that is too long."""
        ends = zip(there.x, *self.problem.bounds, strict=True)
        away = max((abs(u) for u, low, high in ends if math.isinf(low if u < 0.0 else high)), default=0.0)
        if there.value <= HIGH and away <= self._far_off:
            return None
        if there.value < best.value:
            advice = f"try --step {self.choice.options.get('step', 1.0) / 10:g}"
            return Stop("overshoot", f"went astray within {counted(steps)}: the step is too long; {advice}", here=False)
        way = "rising" if self.problem.sign > 0 else "falling"
        return Stop("unbounded", f"still {way} after {counted(steps)}: there may be no end", here=False)

    def _spent(self, steps: int) -> Stop | None:
        """The end where a limit of steps, evaluations or time is reached."""
        limits, count = self.limits, self.problem.evaluations["value"] + self.problem.evaluations["gradient"]
        if steps >= limits.max_steps:
            return Stop("max_steps", f"{counted(steps)} {_were(steps)} not enough; more with --max-steps", here=False)
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
