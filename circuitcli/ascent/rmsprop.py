"""RMSProp (Hinton 2012): each input's step is its gradient over the root of its mean square."""

from __future__ import annotations

import math
from collections.abc import Mapping

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem


def rmsprop(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """x becomes x + step·g/√(v + eps), v being the running mean of g², which begins at `initial_scale`, as optax has
    it."""
    step, decay, eps = options["step"], options["decay"], options["eps"]
    square = memory.setdefault("square", [options["initial_scale"]] * len(here.x))
    while True:
        square[:] = [decay * v + (1.0 - decay) * g * g for v, g in zip(square, here.gradient, strict=True)]
        moved = []
        for u, g, v in zip(here.x, here.gradient, square, strict=True):
            size = math.sqrt(v + eps)
            moved.append(u + step * g / size if size > 0.0 else u)
        there = problem.at(problem.inside(moved))
        yield Move(there, here.value)
        here = there
