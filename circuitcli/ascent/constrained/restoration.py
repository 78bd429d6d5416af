"""Nearer to the constraints, whatever the value: least squares of what lacks, within the bounds (Levenberg 1944)."""

from __future__ import annotations

import math

from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.problem import Vector, dot
from circuitcli.ascent.trust_region import cholesky, solved

TURNS, TRIES = 60, 12
ENOUGH = 0.99  # of what lacked: less is progress
AT_WALL = 1e-9  # of a size
LEFT = 0.01  # of the distance from a wall


def nearer(program: Program, x: Vector, here: Here) -> Vector | None:
    """A point at which the constraints lack less; None where there is none around."""
    damping, first = 1e-3, dot(lacks := _lacks(program, here.apart), lacks)
    best = first
    for _ in range(TURNS):
        count = program.equal
        open_rows = [k for k, c in enumerate(here.apart) if k < count or c < 0.0]
        if not open_rows or best < 1e-22:
            break
        rows = [here.rows[k] for k in open_rows]
        slope = [sum(here.apart[k] * row[i] for k, row in zip(open_rows, rows, strict=True)) for i in range(len(x))]
        free = [i for i in range(len(x)) if not _is_held(program, x, i, slope[i])]
        if not free:
            break
        square = [[sum(row[i] * row[j] for row in rows) for j in free] for i in free]
        moved = None
        for _ in range(TRIES):
            own = [[h + damping * (1e-3 + h) * (i == j) for j, h in enumerate(row)] for i, row in enumerate(square)]
            factor = cholesky(own)
            if factor is not None:
                there = _within(program, x, free, solved(factor, [-slope[i] for i in free]))
                value, apart = program.value(there)
                lacks = _lacks(program, apart)
                if math.isfinite(value) and dot(lacks, lacks) < best * (1.0 - 1e-6):
                    moved, best, damping = there, dot(lacks, lacks), max(0.2 * damping, 1e-12)
                    break
            damping *= 5.0
        if moved is None:
            break
        x, here = moved, program.here(moved)
        if not here.finite:
            return None
    return x if best < ENOUGH * first else None


def _lacks(program: Program, apart: Vector) -> Vector:
    count = program.equal
    return [*apart[:count], *(min(0.0, c) for c in apart[count:])]


def _is_held(program: Program, x: Vector, i: int, slope: float) -> bool:
    """Whether a bound holds an input that would move on."""
    low, high = program.low[i], program.high[i]
    at_low = x[i] - low <= AT_WALL * max(1.0, abs(low)) if low > -math.inf else False
    at_high = high - x[i] <= AT_WALL * max(1.0, abs(high)) if high < math.inf else False
    return (at_low and slope > 0.0) or (at_high and slope < 0.0)


def _within(program: Program, x: Vector, free: list[int], change: Vector) -> Vector:
    """A point some way further, never all the way to a bound."""
    found = [*x]
    for i, p in zip(free, change, strict=True):
        low, high = program.low[i], program.high[i]
        least = low + LEFT * (x[i] - low) if low > -math.inf else -math.inf
        most = high - LEFT * (high - x[i]) if high < math.inf else math.inf
        found[i] = min(max(x[i] + p, least), most)
    return found
