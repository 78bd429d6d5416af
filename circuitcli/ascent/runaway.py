"""Whether inputs run away: the value goes on rising, or stays, however far they go on as they came."""

from __future__ import annotations

import math
from collections.abc import Callable

from circuitcli.ascent.model import Model
from circuitcli.ascent.problem import Position, Problem, Vector, dot

DOUBLINGS = 60  # of the way, as far as which it is looked
FAR = 20  # doublings, after which it counts as without an end
MOVED = 1e-3  # of its way: an input that a step moves by less does not run
ROUNDED = 2.0**-50  # of a value

Ray = Callable[[float], Vector]  # where the inputs are, so many times their way beyond here; 0 is here


def running(problem: Problem, start: Position, here: Position, noise: float, model: Model | None) -> tuple[str, ...]:
    """The inputs that run away; none where the ascent has an end, or where bounds hold them."""
    way = [u - v for u, v in zip(here.x, start.x, strict=True)]
    rays = [_straight(here.x, way), _growing(here.x, start.x)]
    names = [name for name, d in zip(problem.names, way, strict=True) if d]
    if model is not None and model.highest is not None:
        step = [0.0] * len(way)
        for i, p in zip(model.free, model.highest.change, strict=True):
            step[i] = p / model.measures[i]
        rays += [_straight(here.x, step), _growing([u + p for u, p in zip(here.x, step, strict=True)], here.x)]
        moved = [abs(p) > MOVED * abs(d) for p, d in zip(step, way, strict=True)]
        names = [name for name, far in zip(problem.names, moved, strict=True) if far]
    return tuple(names) if any(_endless(problem, here, noise, ray) for ray in rays) else ()


def _straight(here: Vector, way: Vector) -> Ray:
    return lambda t: [u + t * d for u, d in zip(here, way, strict=True)]


def _growing(here: Vector, start: Vector) -> Ray:
    """Each input goes on to grow, or to shrink, by the factor that it has; one that had none goes straight on."""

    def ray(t: float) -> Vector:
        found = []
        for u, v in zip(here, start, strict=True):
            factor = u / v if v else 0.0
            try:
                found.append(u * factor**t if factor > 0.0 else u + t * (u - v))
            except OverflowError:
                found.append(math.copysign(math.inf, u))
        return found

    return ray


def _endless(problem: Problem, here: Position, noise: float, ray: Ray) -> bool:
    """Whether the value never falls along a ray, and rises somewhere."""
    last, risen, x = here.value, False, here.x
    for k in range(DOUBLINGS):
        there = ray(2.0**k)
        if there == x or problem.inside(there) != there:
            return False
        value = problem.value(there) if all(map(math.isfinite, there)) else math.nan
        if math.isnan(value):
            return k > FAR and risen
        if value < last - 4.0 * noise - ROUNDED * abs(value):
            return False
        if not risen:
            slopes = problem.at(there).gradient
            risen = value > here.value + noise or dot(slopes, [v - u for u, v in zip(x, there, strict=True)]) > 0.0
        last, x = max(last, value), there
    return risen
