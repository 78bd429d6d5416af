"""Steps along the gradient: the lesson's rule with a fixed step, and one that finds its own."""

from __future__ import annotations

import math
from collections.abc import Mapping

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem, dot


def fixed(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """x + step·g, for ever."""
    step = options["step"]
    while True:
        moved = [u + step * g for u, g in zip(here.x, here.gradient, strict=True)]
        there = problem.at(problem.inside(moved))
        yield Move(there, here.value)
        here = there


def backtracking(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """Steps that gain: the trial length is that of Barzilai and Borwein (1988), halved until the gain is at least a
    ten-thousandth of what the slope predicts (Armijo 1966). Where no step along the gradient gains it ends, and
    answers the gain that the longest step it ever took would promise there."""
    step: float = memory.setdefault("step", 1.0 / max(1.0, *map(abs, here.gradient)))
    longest: float = memory.setdefault("longest", step)
    while True:
        uphill = problem.uphill(here)
        square = dot(uphill, uphill)
        while True:
            moved = problem.inside([u + step * g for u, g in zip(here.x, uphill, strict=True)])
            if moved == here.x or not math.isfinite(square):
                return 0.5 * longest * square
            gain = problem.value(moved) - here.value
            if gain > 0.0 and gain >= 1e-4 * dot(uphill, [v - u for u, v in zip(here.x, moved, strict=True)]):
                there = problem.at(moved)
                if there.finite:
                    break
            step *= 0.5
        longest = max(longest, step)
        dx = [v - u for u, v in zip(here.x, there.x, strict=True)]
        curvature = dot(dx, [a - b for a, b in zip(here.gradient, there.gradient, strict=True)])
        length = dot(dx, dx)
        step = min(length / curvature, 1e3 * step) if curvature > 0.0 and length > 0.0 else 2.0 * step
        memory["step"], memory["longest"] = step, longest
        yield Move(there, here.value)
        here = there
