"""The last steps to a root: Newton's as they are, until each equation holds to the digits of its own terms."""

from __future__ import annotations

import math
from collections.abc import Callable

from circuitcli.ascent.problem import Vector
from circuitcli.solving.scaled_elimination import eliminated
from circuitcli.solving.system import Place, System

STEPS = 80  # a double root takes one for each bit
TINY = 1e-12  # of the way that an unknown went: perhaps 0


def polished(system: System, place: Place, sizes: Vector, limits: Callable[[Place], Vector]) -> Place:
    """The place that leaves least of all equations, in their limits, among those to which full steps lead; `sizes` are
    those of the unknowns on their way."""
    best, least, worse = place, excess(place, limits(place)), 0
    for _ in range(STEPS):
        step = eliminated(place.rows, [-c for c in place.apart])
        x = step and system.inside([u + p for u, p in zip(place.x, step, strict=True)])
        if x is None or x == place.x:
            break
        place = system.at(x)
        left = excess(place, limits(place)) if place.finite else math.inf
        worse = 0 if left < least else worse + 1
        if left < least:
            best, least = place, left
        if worse > 1 or least == 0.0:
            break
    if least > 1.0:
        x = [0.0 if abs(u) <= TINY * size else u for u, size in zip(best.x, sizes, strict=True)]
        there = system.at(system.inside(x))
        if there.finite and excess(there, limits(there)) <= 1.0:
            return there
    return best


def excess(place: Place, limits: Vector) -> float:
    """The most that an equation leaves, in its limit; one that is infinite tells nothing."""
    pairs = zip(map(abs, place.apart), limits, strict=True)
    return max(0.0 if c == 0.0 else c / limit if 0.0 < limit < math.inf else math.inf for c, limit in pairs)
