"""A point without a slope: a maximum, a minimum, a saddle, a plateau or a kink."""

from __future__ import annotations

import math
from collections.abc import Iterator

from circuitcli.ascent.problem import Position, Problem, Vector, dot

NEAR = (4e-15, 4e-12)  # relative to the inputs, on the other side of a crease
ZERO = 1e-12  # times the largest eigenvalue: rounding
FEW = 10  # inputs at most, if all pairs are to be probed
PROBES = (1e-4, 1e-2)
RADII = (1e-6, 1e-4, 1e-2, 1.0)  # relative to the inputs, at which a flat place is probed


def stationary(problem: Problem, start: Position) -> tuple[str, str]:
    """The status and the message for a start where the slope is 0: by the second derivatives, or where these do not
    tell, by values around."""
    bounds = " within the bounds" if problem.bounded else ""
    kind = _by_curvature(problem, start) or _by_values(problem, start)
    if kind == "maximum":
        summit = "maximum" if problem.sign > 0 else "minimum"
        return "maximum", f"the start is already a {summit}{bounds}"
    names = {"minimum": "a minimum" if problem.sign > 0 else "a maximum", "saddle": "a saddle", "plateau": "a plateau"}
    return "stationary_start", f"the slope is 0 at the start, which is {names[kind]}{bounds}: start elsewhere"


def _by_curvature(problem: Problem, start: Position) -> str:
    """The kind of a point by the signs of the Hessian's eigenvalues; empty where one is 0 and the others agree."""
    if problem.bounded or problem.objective.kinked(start.x):
        return ""
    matrix = [[problem.sign * h for h in row] for row in problem.objective.curvature(start.x)]
    if not all(math.isfinite(h) for row in matrix for h in row):
        return ""
    from circuitcli.engine.symmetric_matrices import eigenvalues

    values = eigenvalues(matrix)
    size = max(map(abs, values), default=0.0)
    signs = {math.copysign(1.0, v) for v in values if abs(v) > ZERO * size}
    if len(signs) == 2:
        return "saddle"
    if not signs or any(abs(v) <= ZERO * size for v in values):
        return ""
    return "maximum" if signs == {-1.0} else "minimum"


def _by_values(problem: Problem, start: Position) -> str:
    """The kind of a point by values around, at several distances along the axes and the diagonals."""
    higher = lower = False
    noise = problem.objective.noise(start.x)
    for radius in RADII:
        for x in _around(problem, start.x, radius):
            value = problem.value(x)
            higher, lower = higher or value > start.value + noise, lower or value < start.value - noise
        if higher or lower:
            break
    if radius == RADII[-1] and higher:  # flat so far around that a rise beyond does not count
        return "plateau"
    return "saddle" if higher and lower else "minimum" if higher else "maximum" if lower else "plateau"


def flat(problem: Problem, here: Position) -> bool:
    """Whether rounding hides all differences to the values around."""
    return len(here.x) <= FEW and _by_values(problem, here) == "plateau"


def rises(problem: Problem, here: Position) -> bool:
    """Whether there is a better point along an input whose slope is exactly 0, as on a saddle."""
    if len(here.x) <= FEW and not any(problem.uphill(here)):
        return _by_values(problem, here) in ("saddle", "minimum")
    noise = None
    for i, g in enumerate(here.gradient):
        for radius in PROBES if g == 0.0 else ():
            for sign in (1.0, -1.0):
                x = list(here.x)
                x[i] += sign * radius * max(1.0, abs(x[i]))
                gain = problem.value(problem.inside(x)) - here.value
                if gain > 0.0:
                    noise = problem.objective.noise(here.x) if noise is None else noise
                    if gain > 10.0 * noise:
                        return True
    return False


def _around(problem: Problem, x: Vector, radius: float) -> Iterator[Vector]:
    """The points at a distance along the axes and the diagonals."""
    steps = [radius * max(1.0, abs(u)) for u in x]
    for i, step in enumerate(steps):
        for sign in (1.0, -1.0):
            yield problem.inside([u + sign * step if i == j else u for j, u in enumerate(x)])
            for k in range(i):
                for other in (1.0, -1.0):
                    yield problem.inside(
                        [u + sign * step if j == i else u + other * steps[k] if j == k else u for j, u in enumerate(x)]
                    )


def falls_on_both_sides(problem: Problem, here: Position) -> bool:
    """Whether the value has a crease here: close by, uphill, the slope points back already, and a thousand times as far
    away it is no steeper, as it would be where the slope only bends."""
    uphill = problem.uphill(here)
    size = max(map(abs, uphill))
    if not 0.0 < size < math.inf:
        return False
    along = [g / size for g in uphill]
    slopes = []
    for relative in NEAR:
        step = relative * max(1.0, *map(abs, here.x))
        there = problem.at(problem.inside([u + step * d for u, d in zip(here.x, along, strict=True)]))
        slopes.append(dot(there.gradient, along) if there.finite else math.nan)
    return slopes[0] < 0.0 and 2.0 * slopes[0] < slopes[1] < 0.0
