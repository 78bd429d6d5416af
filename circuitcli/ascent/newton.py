"""Newton's method in a trust region whose shape follows the curvature, so that the units of the inputs do not matter.

Each input is measured by the root of its own second derivative: a step of 1 changes the value by about 1/2. Multiply an
input, or the value, by a constant, and every number here is multiplied with it, or stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector, dot
from circuitcli.ascent.trust_region import Matrix, Step, best_within, top

KEPT = 0.1  # of the last measure of an input, below which a new one does not fall: curvature may vanish on the way
POOR, GOOD = 0.25, 0.75  # parts of the promised gain at which the radius shrinks, and grows
ENOUGH = 1e-4  # of the promised gain
LEAST = 1e-16  # of the first radius: no step gains
NEAR = 1e-6  # of the value: a promise below which rounding may be all of it
UNFELT = 0.01  # of the noise: a promise with which it is over


class Region(NamedTuple):
    """The memory: the radius, the measure of each input, and whether the last step was judged by its slopes."""

    radius: float = 0.0
    measures: Sequence[float] = ()


class _Model:
    """The function around a position, to second order, in the measures of the inputs that no bound holds."""

    def __init__(self, problem: Problem, here: Position, before: Sequence[float]) -> None:
        assert problem.objective.hessian is not None
        self.problem, self.here = problem, here
        bend = [[-problem.sign * h for h in row] for row in problem.objective.hessian(here.x)]
        self.finite = all(math.isfinite(sum(row)) for row in bend)
        self.uphill = problem.uphill(here)
        self.free = [i for i, g in enumerate(self.uphill) if g != 0.0 or not problem.held(here.x, i)]
        self.measures = _measures(problem, here, bend, before) if self.finite else []
        if self.finite:
            m = self.measures
            self.bend: Matrix = [[bend[i][j] / m[i] / m[j] for j in self.free] for i in self.free]
            self.slope = [self.uphill[i] / m[i] for i in self.free]

    def moved(self, change: Vector) -> tuple[Vector, float]:
        """The point within the bounds to which a change of the free inputs leads, and the gain that the model has for
        it."""
        x = list(self.here.x)
        for i, p in zip(self.free, change, strict=True):
            x[i] += p / self.measures[i]
        x = self.problem.inside(x)
        inside = [(x[i] - self.here.x[i]) * self.measures[i] for i in self.free]
        return x, Step(self.bend, self.slope, inside, False).gain


def newton(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take the best steps of the model of second order within a radius that its successes tell; where the model has its
    top and promises no more than rounding, return that promise."""
    radius, measures = memory if isinstance(memory, Region) else Region()
    while True:
        model = _Model(problem, here, measures)
        if not model.finite:
            return math.inf
        if not model.free:
            return 0.0
        highest, measures = top(model.bend, model.slope), model.measures
        if highest is not None and _is_over(problem, here, highest.gain):
            return highest.gain
        radius = radius or _first(problem, model, highest)
        found = _accepted(model, radius)
        if found is None:
            return math.inf if highest is None else highest.gain
        there, radius = found
        here = visit(Move(there, Region(radius, tuple(measures)), highest.gain if highest else None))


def _is_over(problem: Problem, here: Position, promise: float) -> bool:
    """Whether a promised gain is one that rounding hides."""
    return promise <= NEAR * abs(here.value) and promise <= UNFELT * problem.objective.noise(here.x)


def _first(problem: Problem, model: _Model, highest: Step | None) -> float:
    """The first radius: to the top of the model, or as far as the slope tells."""
    change = model.slope if highest is None else highest.change
    length = math.sqrt(dot(change, change))
    return length or math.sqrt(problem.objective.noise(model.here.x)) or 1.0


def _accepted(model: _Model, radius: float) -> tuple[Position, float] | None:
    """The first step within ever smaller radii that gains about as much as the model has for it, and the radius to go
    on with; None where there is none."""
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
        if share < POOR:
            radius = POOR * min(radius, length)
        elif share > GOOD and not step.top:
            radius *= 2.0
        if share > ENOUGH:
            return there, radius
    return None


def _share(model: _Model, there: Position, promise: float) -> float:
    """The part of the promised gain that came true; where rounding hides the gain, that of the slopes."""
    gain = there.value - model.here.value
    if max(abs(gain), promise) <= NEAR * abs(there.value):
        noise = model.problem.objective.noise(there.x)
        if max(abs(gain), promise) <= 4.0 * noise:
            change = [v - u for u, v in zip(model.here.x, there.x, strict=True)]
            fell = dot(model.uphill, change) - abs(dot(model.problem.uphill(there), change))
            return 1.0 if fell > 0.0 else 0.0
    return gain / promise if promise > 0.0 else -1.0


def _measures(problem: Problem, here: Position, bend: Matrix, before: Sequence[float]) -> Vector:
    """The root of the curvature along each input; along one that is straight, what its product with another says, or
    else the size at which it changes the value by that of its own."""
    count = range(len(here.x))
    found = [math.sqrt(abs(bend[i][i])) for i in count]
    for i in count:
        if found[i] == 0.0:
            found[i] = max((abs(bend[i][j]) / found[j] for j in count if found[j] > 0.0), default=0.0)
    if 0.0 in found:
        root = math.sqrt(max(problem.objective.noise(here.x) * 2.0**52, abs(here.value)))
        for i in count:
            if found[i] == 0.0 and root > 0.0:
                found[i] = root / abs(here.x[i]) if here.x[i] else abs(here.gradient[i]) / root
    return [max(m, KEPT * before[i] if before else 0.0) or 1.0 for i, m in enumerate(found)]


NEWTON = Method("newton", "exact second derivatives, in a region where they can be trusted", newton, Region, certifies=True)
