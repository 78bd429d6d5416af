"""Steps along the gradient: the lesson's rule with a fixed step, and one that finds its own."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

from circuitcli.ascent.problem import Position, Problem


def fixed(problem: Problem, start: Position, step: float) -> Iterator[Position]:
    """x + step·g, for ever."""
    here = start
    while True:
        here = problem.at(problem.moved(here, step))
        yield here


def backtracking(problem: Problem, start: Position) -> Generator[Position, None, float]:
    """Steps that gain: the trial length is that of Barzilai and Borwein (1988), halved until the gain is at least a
    ten-thousandth of what the slope predicts (Armijo 1966). Where no step along the gradient gains it ends, and
    answers the gain that the longest step it ever took would promise there."""
    here, step = start, 1.0 / max(1.0, start.norm)
    longest = step
    while True:
        square = sum(g * g for g in here.gradient.values())
        while True:
            moved = problem.moved(here, step)
            if moved == here.inputs or not math.isfinite(square):
                return 0.5 * longest * square
            gain = problem.sign * (problem.value(moved) - here.value)
            if gain > 0.0 and gain >= 1e-4 * step * square:
                there = problem.at(moved)
                if there.finite:
                    break
            step *= 0.5
        longest = max(longest, step)
        yield there
        dx = {n: there.inputs[n] - here.inputs[n] for n in moved}
        dg = {n: there.gradient[n] - here.gradient[n] for n in moved}
        curvature = -problem.sign * sum(dx[n] * dg[n] for n in moved)
        length = sum(d * d for d in dx.values())
        step = min(length / curvature, 1e3 * step) if curvature > 0.0 and length > 0.0 else 2.0 * step
        here = there
