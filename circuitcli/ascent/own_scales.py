"""The own scale of each input, by which distances around a point are measured: never a length that is assumed."""

from __future__ import annotations

import math

from circuitcli.ascent.model import Model
from circuitcli.ascent.problem import Position, Problem, Vector
from circuitcli.engine.floats import EPSILON

POWERS = range(-300, 301, 5)  # of ten, among which a scale is looked for where nothing tells one
REST = 1e-8  # of a scale: a size or a way that is but what rounding left
ROOM = 1e3  # times the least change that is felt


def sizes(start: Position, here: Position) -> Vector:
    """For each input the larger of its size and its way from the start."""
    return [max(abs(u), abs(u - v)) for u, v in zip(here.x, start.x, strict=True)]


def as_long_as(way: Vector, scales: Vector) -> Vector | None:
    """A way of which the longest part is the scale of its input; None where there is none."""
    longest = max((abs(p) / scale for p, scale in zip(way, scales, strict=True) if scale > 0.0), default=0.0)
    return [p / longest for p in way] if 0.0 < longest < math.inf else None


def own_scales(problem: Problem, start: Position, here: Position, noise: float, model: Model | None) -> Vector:
    """For each input the largest of its size and its way from the start; or else the change that its curvature makes as
    much of as of the others' scales; or else the change at which the value is another."""
    found = sizes(start, here)
    if model is not None:
        bends = {i: model.measures[i] for k, i in enumerate(model.free) if model.bend[k][k] != 0.0}
        size = max((bend * found[i] for i, bend in bends.items()), default=0.0)
        for i, bend in bends.items():
            felt = max(size, ROOM * math.sqrt(noise)) / bend
            found[i] = felt if found[i] <= REST * felt else found[i]
    still = [i for i, scale in enumerate(found) if not scale]
    noise = max(noise, EPSILON * abs(here.value - start.value))  # where the value is 0, rounding is that of the way
    for i in still:
        found[i] = _felt(problem, here, [i], noise)
    if together := [i for i in still if not found[i]]:
        scale = _felt(problem, here, together, noise)
        for i in together:
            found[i] = scale
    return found


def _felt(problem: Problem, here: Position, moved: list[int], noise: float) -> float:
    """A scale on which inputs that move together change the value; 0 where none does."""
    for power in POWERS:
        step = 10.0**power
        for sign in (step, -step):
            x = list(here.x)
            for i in moved:
                x[i] += sign
            if x != here.x and abs(problem.value(problem.inside(x)) - here.value) > noise:
                return ROOM * step
    return 0.0
