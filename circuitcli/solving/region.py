"""Newton's steps in a region where the linear equations can be trusted, of a size that their success tells.

Levenberg's and Marquardt's way as Moré (1978) has it, with slopes of the unknowns as their sizes: a system with more
equations than unknowns ends where the sum of squares is least.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from circuitcli.ascent.problem import Vector, dot
from circuitcli.solving.least_squares_step import length_of, step_within
from circuitcli.solving.system import Place, System

FIRST = 100.0  # times the size of the start: the first radius
POOR, GOOD, ENOUGH = 0.25, 0.75, 1e-4  # parts of what was promised
STILL = 1e-15  # of the size of the unknowns: no step
FLAT = 1e-12  # cosine between the differences and what a step can change


class Walk(NamedTuple):
    """The end of a walk: the place, and the number of steps."""

    place: Place
    steps: int


def walk(system: System, start: Place, weights: Vector, most: int, watch: Callable[[Place], None]) -> Walk:
    """Walk from a start to where the weighted sum of squares is least, in at most so many steps."""
    place, steps, radius = start, 0, 0.0
    sizes = [0.0] * len(start.x)
    while steps < most:
        rows = [[w * g for g in row] for w, row in zip(weights, place.rows, strict=True)]
        apart = [w * c for w, c in zip(weights, place.apart, strict=True)]
        off = math.sqrt(dot(apart, apart))
        columns = [math.sqrt(sum(row[j] * row[j] for row in rows)) for j in range(len(sizes))]
        sizes = [max(size, column) or 1.0 for size, column in zip(sizes, columns, strict=True)]
        if not radius:
            radius = FIRST * (length_of([size * u for size, u in zip(sizes, place.x, strict=True)]) or off or 1.0)
        if off == 0.0 or _is_least(rows, apart, columns, off):
            break
        moved = False
        while radius > 0.0:
            step = step_within(rows, apart, sizes, radius)
            if step is None:
                break
            x = system.inside([u + p for u, p in zip(place.x, step, strict=True)])
            length = length_of([size * (v - u) for size, u, v in zip(sizes, place.x, x, strict=True)])
            if x == place.x or length <= STILL * length_of([s * u for s, u in zip(sizes, x, strict=True)]):
                break
            there = system.at(x)
            way = [v - u for u, v in zip(place.x, x, strict=True)]
            left = [c + dot(row, way) for c, row in zip(apart, rows, strict=True)]
            promise = off * off - dot(left, left)
            now = [w * c for w, c in zip(weights, there.apart, strict=True)]
            gain = off * off - dot(now, now) if there.finite else -math.inf
            share = gain / promise if promise > 0.0 else -1.0
            if share < POOR:
                radius = POOR * min(radius, length) if there.finite else 0.1 * min(radius, length)
            elif share > GOOD or length < 0.5 * radius:
                radius = max(radius, 2.0 * length)
            if share > ENOUGH:
                place, moved = there, True
                break
        if not moved:
            break
        steps += 1
        watch(place)
    return Walk(place, steps)


def _is_least(rows: list[Vector], apart: Vector, columns: Vector, off: float) -> bool:
    """Whether no step makes the differences smaller, to first order."""
    for j, column in enumerate(columns):
        if column > 0.0 and abs(sum(row[j] * c for row, c in zip(rows, apart, strict=True))) > FLAT * column * off:
            return False
    return True
