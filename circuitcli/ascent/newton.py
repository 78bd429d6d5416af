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

POOR, GOOD = 0.25, 0.75  # parts of the promised gain at which the radius shrinks, and grows
ENOUGH = 0.1  # of the promised gain
STEADY = 0.01  # change of that part from one full step to the next
SHORT = 1.1  # of the promised gain, from which on a full step seems too short
LONG = 2.0**8  # times a full step, which is not exceeded
LEAST = 1e-16  # of the first radius: no step gains
NEAR = 1e-6  # of the value: a promise below which rounding may be all of it
UNFELT = 1e-8  # of the noise: a promise with which it is over


class Region(NamedTuple):
    """The memory: the radius, the measure of each input, and the part of the promised gain that the last step had if it
    was a full one, else 0."""

    radius: float = 0.0
    measures: Sequence[float] = ()
    share: float = 0.0


def newton(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take the best steps of the model of second order within a radius that its successes tell; where the model has its
    top and promises no more than rounding, return that promise."""
    radius, measures, before = memory if isinstance(memory, Region) else Region()
    second = problem.objective.hessian or problem.objective.curvature
    while True:
        model = Model(problem, here, second(here.x), measures)
        if not model.finite:
            return math.inf
        if not model.free:
            return 0.0
        if model.highest is not None and _is_over(model):
            return model.promise
        radius = radius or _first(model)
        found = _accepted(model, radius)
        if found is None:
            return model.promise
        step, there, share, radius = found
        if step.top and share > SHORT and abs(share - before) <= STEADY:
            there = _stretched(model, step.change, there)
        measures, before = model.measures, share if step.top else 0.0
        here = visit(Move(there, Region(radius, tuple(measures), before), model.promise))


def _is_over(model: Model) -> bool:
    """Whether a promised gain is one that rounding hides, of the value or of the inputs."""
    if model.promise <= model.untold:
        return True
    problem, here = model.problem, model.here
    return model.promise <= NEAR * abs(here.value) and model.promise <= UNFELT * problem.objective.noise(here.x)


def _first(model: Model) -> float:
    """The first radius: to the top of the model, or as far as the slope tells."""
    change = model.slope if model.highest is None else model.highest.change
    length = math.sqrt(dot(change, change))
    return length or math.sqrt(model.problem.objective.noise(model.here.x)) or 1.0


def _accepted(model: Model, radius: float) -> tuple[Step, Position, float, float] | None:
    """The first step within ever smaller radii that gains about as much as the model has for it: with the place, the
    part of the gain, and the radius to go on with. None where there is none."""
    problem, here, least = model.problem, model.here, LEAST * radius
    while radius > least:
        step = best_within(model.bend, model.slope, radius)
        x, promise = model.moved(step.change)
        if x == here.x:
            return None
        there = problem.at(x)
        length = math.sqrt(dot(step.change, step.change))
        if not there.finite:
            radius = 0.1 * min(radius, length)
            continue
        share = _share(model, there, promise)
        if share is None:
            return None
        if share < POOR:
            radius = POOR * min(radius, length)
        elif share > GOOD and not step.top:
            radius *= 2.0
        if share > ENOUGH:
            return step, there, share, radius
    return None


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


def _share(model: Model, there: Position, promise: float) -> float | None:
    """The part of the promised gain that came true; where rounding hides the gain, 1 if the slopes tell of one, else
    None."""
    gain = there.value - model.here.value
    if max(abs(gain), promise) <= NEAR * abs(there.value):
        noise = model.problem.objective.noise(there.x)
        if max(abs(gain), promise) <= 4.0 * noise:
            change = [v - u for u, v in zip(model.here.x, there.x, strict=True)]
            fell = dot(model.uphill, change) - abs(dot(model.problem.uphill(there), change))
            return 1.0 if fell > 0.0 else None
    return gain / promise if promise > 0.0 else -1.0


ABOUT = "exact second derivatives, in a region where they can be trusted"
NEWTON = Method("newton", ABOUT, newton, Region, certifies=True)
