"""Adam (Kingma & Ba 2015): each input's step is its mean gradient over the root of its mean square."""

from __future__ import annotations

import math
from collections.abc import Mapping

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem


def adam(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """x becomes x + step·m/(√(v + eps_root) + eps), m and v being the running means of g and g², each divided by
    1 - b^t, for they begin at 0."""
    step, b1, b2 = options["step"], options["b1"], options["b2"]
    first = memory.setdefault("mean", [0.0] * len(here.x))
    second = memory.setdefault("square", [0.0] * len(here.x))
    memory.setdefault("count", 0)
    while True:
        memory["count"] += 1
        first[:] = [b1 * m + (1.0 - b1) * g for m, g in zip(first, here.gradient, strict=True)]
        second[:] = [b2 * v + (1.0 - b2) * g * g for v, g in zip(second, here.gradient, strict=True)]
        unbiased, even = 1.0 - b1 ** memory["count"], 1.0 - b2 ** memory["count"]
        moved = []
        for u, m, v in zip(here.x, first, second, strict=True):
            size = math.sqrt(v / even + options["eps_root"]) + options["eps"]
            moved.append(u + step * (m / unbiased) / size if size > 0.0 else u)
        there = problem.at(problem.inside(moved))
        yield Move(there, here.value)
        here = there
