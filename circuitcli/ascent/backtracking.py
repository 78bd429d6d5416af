"""Steps along the gradient that find their own length."""

from __future__ import annotations

import math
from typing import NamedTuple

from circuitcli.ascent.first_order import LESSON
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, dot
from circuitcli.engine.floats import HUGE

ENOUGH = 1e-4  # of the gain that the slope predicts


class Pace(NamedTuple):
    """The length to try next, and the longest step so far, as multiples of the gradient."""

    step: float
    longest: float


def backtracking(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Take steps that gain: the trial length is that of Barzilai and Borwein (1988), halved until the gain is at least
    a ten-thousandth of what the slope predicts (Armijo 1966). Where no step gains, return the gain that the longest
    step so far would promise."""
    if isinstance(memory, Pace):
        step, longest = memory
    else:
        step = longest = _first(here)
    while True:
        uphill = problem.uphill(here)
        square = dot(uphill, uphill)
        if not step <= HUGE:  # sizes of the largest floats add up to inf, of which a half is no less
            step = HUGE
        while True:
            moved = problem.inside([u + step * g for u, g in zip(here.x, uphill, strict=True)])
            if moved == here.x or not math.isfinite(square):
                return 0.5 * longest * square
            gain = problem.value(moved) - here.value
            if gain > 0.0 and gain >= ENOUGH * dot(uphill, [v - u for u, v in zip(here.x, moved, strict=True)]):
                there = problem.at(moved)
                if there.finite:
                    break
            step *= 0.5
        longest = max(longest, step)
        dx = [v - u for u, v in zip(here.x, there.x, strict=True)]
        curvature = dot(dx, [a - b for a, b in zip(here.gradient, there.gradient, strict=True)])
        length = dot(dx, dx)
        step = min(length / curvature, 1e3 * step) if curvature > 0.0 and length > 0.0 else 2.0 * step
        here = visit(Move(there, Pace(step, longest)))


def _first(here: Position) -> float:
    """The first length to try: to where the value would change by its own size, or an input by its."""
    square = dot(here.gradient, here.gradient)
    size = abs(here.value) or sum(abs(u * g) for u, g in zip(here.x, here.gradient, strict=True)) or square
    return size / square if square > 0.0 else 1.0


ABOUT = "along the gradient, by a step that finds its length and always gains"
ROWS = (Method("gradient", ABOUT, backtracking, Pace, stepped=LESSON),)
