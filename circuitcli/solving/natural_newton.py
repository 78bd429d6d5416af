"""Newton's steps as they are, shortened where the next would not be smaller (Deuflhard 2004, 3.3).

What is small is told by the unknowns, and not by the differences of the sides, which may be of any size.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from circuitcli.ascent.problem import Vector
from circuitcli.solving.region import Walk
from circuitcli.solving.scaled_elimination import eliminated
from circuitcli.solving.system import Place, System

SHORTEST = 1e-6  # of a step


def newton(system: System, start: Place, most: int, watch: Callable[[Place], None]) -> Walk:
    """Walk by Newton's steps, at most so many, as far as each is shorter than the last."""
    place = start
    for steps in range(most):
        step = _step(place)
        if step is None or not any(place.apart):
            return Walk(place, steps)
        sizes = [max(abs(u), abs(p)) or 1.0 for u, p in zip(place.x, step, strict=True)]
        before, length = _length(step, sizes), 1.0
        while True:
            x = system.inside([u + length * p for u, p in zip(place.x, step, strict=True)])
            there = system.at(x)
            following = _step(there) if there.finite else None
            if following is not None and _length(following, sizes) <= (1.0 - 0.25 * length) * before:
                break
            if x == place.x or length < SHORTEST:
                return Walk(place, steps)
            length *= 0.5
        place = there
        watch(place)
    return Walk(place, most)


def full_newton(system: System, start: Place, most: int, watch: Callable[[Place], None]) -> Walk:
    """Walk by full steps: far from a root, they may be the shorter way where sizes are very different."""
    place = start
    for steps in range(most):
        step = _step(place)
        x = step and system.inside([u + p for u, p in zip(place.x, step, strict=True)])
        there = system.at(x) if x is not None and x != place.x else None
        if there is None or not there.finite:
            return Walk(place, steps)
        place = there
        watch(place)
    return Walk(place, most)


def _step(place: Place) -> Vector | None:
    return eliminated(place.rows, [-c for c in place.apart])


def _length(step: Vector, sizes: Vector) -> float:
    return math.sqrt(sum((p / size) ** 2 for p, size in zip(step, sizes, strict=True)))
