"""Random local search, the guide's first strategy: a tweak of all inputs, kept where it is better."""

from __future__ import annotations

import random
from collections.abc import Mapping

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem


def search(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """Try number t is x + step·(uniform in -1 to 1), drawn from the seed and t alone."""
    step, seed = options["step"], int(options["seed"])
    memory.setdefault("count", 0)
    while True:
        memory["count"] += 1
        draw = random.Random(f"{seed}/{memory['count']}")
        moved = problem.inside([u + step * (2.0 * draw.random() - 1.0) for u in here.x])
        there = problem.at(moved) if problem.value(moved) > here.value else here
        there = there if there.finite else here
        yield Move(there, here.value)
        here = there
