"""Newton's method in a trust region whose shape follows the curvature: the units of the inputs do not matter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.model import Model
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector, dot
from circuitcli.ascent.trust_region import Step, best_within
from circuitcli.engine.floats import EPSILON, HUGE

POOR, GOOD = 0.25, 0.75  # parts of the promised gain at which the radius shrinks, and grows
ENOUGH = 0.1  # of the promised gain
STEADY = 0.01  # change of that part from one full step to the next
SHORT = 1.1  # of the promised gain, from which on a full step seems too short
LONG = 2.0**8  # times a full step, which is not exceeded
LEAST = 1e-16  # of the first radius, or of one that changes the value by its own size: no step gains
NEAR = 1e-6  # of the value: a promise below which rounding may be all of it
NOISES = 4.0  # that rounding may be off by
FADING = 0.5  # of the promise of a step whose gain rounding hid: the next one is smaller, or there is none
UNFELT = 1e-8  # of the noise: a promise with which it is over


class Region(NamedTuple):
    """The memory: the radius, the measure of each input, the part of the promised gain that the last step had if it was
    a full one, else 0, and the promise of the last step if rounding hid its gain."""

    radius: float = 0.0
    measures: Sequence[float] = ()
    share: float = 0.0
    hidden: float = math.inf


class _Accepted(NamedTuple):
    """A step that gains: where it leads, the part of its promise that came true, the radius to go on with, and whether
    rounding hid the gain, so that the slopes alone tell of it."""

    step: Step
    there: Position
    share: float
    radius: float
    hidden: bool


def newton(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take the best steps of the model of second order within a radius that its successes tell; where the model has its
    top and promises no more than rounding, return that promise."""
    radius, measures, before, hidden = memory if isinstance(memory, Region) else Region()
    second = problem.objective.hessian or problem.objective.curvature
    while True:
        model = Model(problem, here, second(here.x), measures)
        if not model.finite:
            return math.inf
        if not model.free:
            return 0.0
        if model.highest is not None and (_is_over(model) or model.promise > FADING * hidden):
            return model.promise
        found = _accepted(model, radius * _grown(measures, model) or _first(model))
        if found is None:
            return model.promise
        there, share = found.there, found.share if found.step.top else 0.0
        if share > SHORT and abs(share - before) <= STEADY:
            there = _stretched(model, found.step.change, there)
        measures, before, hidden = model.measures, share, model.promise if found.hidden else math.inf
        radius = found.radius
        here = visit(Move(there, Region(radius, tuple(measures), before, hidden), model.promise))


def _is_over(model: Model) -> bool:
    """Whether a promised gain is one that rounding hides."""
    problem, here = model.problem, model.here
    return model.promise <= NEAR * abs(here.value) and model.promise <= UNFELT * problem.objective.noise(here.x)


def _first(model: Model) -> float:
    """The first radius: to the top of the model, or as far as the slope tells."""
    change = model.slope if model.highest is None else model.highest.change
    return _length(change) or math.sqrt(model.problem.objective.noise(model.here.x)) or 1.0


def _length(change: Sequence[float]) -> float:
    """The length of a change, also where its square leaves the range of floats."""
    square = dot(change, change)
    return math.sqrt(square) if 0.0 < square < math.inf else math.hypot(*change)


def _grown(before: Sequence[float], model: Model) -> float:
    """The factor by which the measures of all inputs have grown: a radius in those of before grows as they do."""
    return max(1.0, min((model.measures[i] / before[i] for i in model.free if before), default=1.0))


def _own(model: Model) -> float:
    """The radius in which the value changes by its own size."""
    return math.sqrt(model.problem.objective.noise(model.here.x) / EPSILON)


def _accepted(model: Model, radius: float) -> _Accepted | None:
    """The first step within ever smaller radii that gains about as much as the model has for it; None where there is
    none."""
    radius = min(radius, math.sqrt(HUGE))  # whose square is a float: a tenth of inf is no less
    problem, here, first = model.problem, model.here, radius
    while radius > LEAST * first or radius > LEAST * _own(model) > 0.0:
        step = best_within(model.bend, model.slope, radius)
        x, promise = model.moved(step.change)
        if x == here.x:
            return None
        there = problem.at(x)
        length = _length(step.change)
        if not there.finite:
            radius = 0.1 * min(radius, length)
            continue
        if _is_hidden(model, there, promise):
            change = [v - u for u, v in zip(here.x, x, strict=True)]
            fell = dot(model.uphill, change) - abs(dot(problem.uphill(there), change))
            return _Accepted(step, there, 1.0, radius, True) if fell > 0.0 else None
        share = (there.value - here.value) / promise if promise > 0.0 else -1.0
        onward = not model.sharp and _is_steep(model, there)  # where rounding is all of the curvature, it is no measure
        if share < POOR and not onward:
            radius = POOR * min(radius, length)
        elif (share > GOOD or onward) and not step.top:
            radius *= 2.0
        if share > ENOUGH or onward:
            return _Accepted(step, there, share, radius, False)
    return None


def _is_steep(model: Model, there: Position) -> bool:
    """Whether a step has gained, and the slope along it has not fallen to a half."""
    change = [v - u for u, v in zip(model.here.x, there.x, strict=True)]
    slope = dot(model.problem.uphill(there), change)
    return there.value > model.here.value and slope > 0.5 * dot(model.uphill, change) > 0.0


def _is_hidden(model: Model, there: Position, promise: float) -> bool:
    """Whether rounding hides what a step gains and should gain, that of the value or of the inputs."""
    gain = max(abs(there.value - model.here.value), promise)
    if gain <= NOISES * model.untold and model.highest is not None:  # else it may lead over a pole
        return True
    return gain <= NEAR * abs(there.value) and gain <= NOISES * model.problem.objective.noise(there.x)


def _stretched(model: Model, change: Vector, there: Position) -> Position:
    """The best of ever longer steps, each twice the last: where the curvature fades towards the top, a full step falls
    short. One that leads where there is no slope any more is too long."""
    best, length = there, 2.0
    while length < LONG:
        x, _ = model.moved([length * p for p in change])
        there = model.problem.at(x) if x != best.x else best
        if not (there.finite and there.value > best.value and any(there.gradient)):
            return best
        best, length = there, 2.0 * length
    return best


ABOUT = "exact second derivatives, in a region where they can be trusted"
ROWS = (Method("newton", ABOUT, newton, Region, certifies=True),)
