"""A function around a position, to second order, in measures of its inputs that follow the curvature.

Each input is measured by the root of its own second derivative: a step of 1 changes the value by about 1/2. Multiply an
input, or the value, by a constant, and every number here is multiplied with it, or stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitcli.ascent.problem import Position, Problem, Vector
from circuitcli.ascent.trust_region import Matrix, Step, top
from circuitcli.engine.floats import EPSILON

KEPT = 0.1  # of the last measure of an input, below which a new one does not fall: curvature may vanish on the way
FEW = 200  # inputs at most, whose second derivatives any method may ask for


class Model:
    """The function around a position, to second order, in the measures of the inputs that are `free`: no bound holds
    them, and they have an effect there; those that have none are `flat`.

    `bend` is minus the second derivatives and `slope` the first, both by measured inputs; `finite` tells whether they
    are numbers. `highest` is the step to the top, None where the model rises without end. `sharp`: it bends along every
    input, and along every mixture of them.
    """

    def __init__(self, problem: Problem, here: Position, second: list[Vector], before: Sequence[float] = ()) -> None:
        self.problem, self.here = problem, here
        bend = [[-problem.sign * h for h in row] for row in second]
        self.finite = all(math.isfinite(sum(row)) for row in bend)
        self.uphill = problem.uphill(here)
        self.free = [i for i, g in enumerate(self.uphill) if g != 0.0 or here.gradient[i] == 0.0]
        if not self.finite:
            return
        self.flat = [i for i in self.free if self.uphill[i] == 0.0 and not any(bend[i])]
        self.free = [i for i in self.free if i not in self.flat]
        self.measures = m = _measures(problem, here, bend, before)
        self.bend: Matrix = [[bend[i][j] / m[i] / m[j] for j in self.free] for i in self.free]
        self.slope = [self.uphill[i] / m[i] for i in self.free]
        self.highest, sharp = top(self.bend, self.slope)
        self.sharp = sharp and not self.flat
        if self.highest is not None and self.highest.gain < 0.0:  # rounding is all that this top is made of
            self.highest, self.sharp = None, False

    @property
    def promise(self) -> float:
        """The gain that it has to its top; infinite where it has none."""
        return math.inf if self.highest is None else self.highest.gain

    @property
    def untold(self) -> float:
        """The gain that a change of the inputs by their own rounding may have."""
        change = sum(self.measures[i] * abs(self.here.x[i]) * EPSILON for i in self.free)
        return 0.5 * change * change

    def onward(self) -> Vector:
        """The change of all inputs to its top, or where it has none, uphill."""
        return self.change(self.slope if self.highest is None else self.highest.change)

    def change(self, measured: Vector) -> Vector:
        """The change of all inputs that is a change of the measured ones."""
        found = [0.0] * len(self.here.x)
        for i, p in zip(self.free, measured, strict=True):
            found[i] = p / self.measures[i]
        return found

    def moved(self, change: Vector) -> tuple[Vector, float]:
        """The point within the bounds to which a change of the free inputs leads, and the gain that the model has for
        it."""
        x = list(self.here.x)
        for i, p in zip(self.free, change, strict=True):
            x[i] += p / self.measures[i]
        x = self.problem.inside(x)
        inside = [(x[i] - self.here.x[i]) * self.measures[i] for i in self.free]
        return x, Step(self.bend, self.slope, inside, False).gain


def model_of(problem: Problem, here: Position) -> Model | None:
    """The model of second order; None where it would be too large, or is not finite."""
    objective = problem.objective
    if len(here.x) > FEW or not objective.curved:
        return None
    model = Model(problem, here, (objective.hessian or objective.curvature)(here.x))
    return model if model.finite else None


def _measures(problem: Problem, here: Position, bend: Matrix, before: Sequence[float]) -> Vector:
    """The root of the curvature along each input; along one that is straight, what its product with another says, or
    else the size at which it changes the value by that of its own."""
    count = range(len(here.x))
    found = [math.sqrt(abs(bend[i][i])) for i in count]
    for i in count:
        if found[i] == 0.0:
            found[i] = max((abs(bend[i][j]) / found[j] for j in count if found[j] > 0.0), default=0.0)
    if 0.0 in found:
        root = math.sqrt(max(problem.objective.noise(here.x) / EPSILON, abs(here.value)))
        for i in count:
            if found[i] == 0.0 and root > 0.0:
                found[i] = root / abs(here.x[i]) if here.x[i] else abs(here.gradient[i]) / root
    return [max(m, KEPT * before[i] if before else 0.0) or 1.0 for i, m in enumerate(found)]
