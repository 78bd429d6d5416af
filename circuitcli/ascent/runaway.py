"""Whether inputs run away: the value goes on rising, however far they go on as they came."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from circuitcli.analysis.nonfinite import OUTSIDE
from circuitcli.ascent.model import Model
from circuitcli.ascent.own_scales import sizes
from circuitcli.ascent.problem import Position, Problem, Vector, dot

NEAR_POWERS, POWERS = range(60), range(60, 2_100, 20)  # of 2, times a way, at which it is looked, until floats end
FAR = 20  # powers, after which numbers that leave the range of floats do not matter any more
MOVED = 1e-3  # of its way: an input that a step moves by less does not run
ROUNDED = 2.0**-50  # of a value
FLAT = 3  # powers, until which a function with kinks still has to rise: behind a kink it may be flat
NOISES = 4.0  # in which a value may seem to fall


class Ray(NamedTuple):
    """A way on without an end: the place after so many times the way until here, and the inputs that run along it."""

    place: Callable[[float], Vector]
    names: tuple[str, ...]


def running(problem: Problem, start: Position, here: Position, noise: float, model: Model | None) -> tuple[str, ...]:
    """The inputs that run away; none where the ascent has an end, or where bounds hold them."""
    rays = (ray for ray in _rays(problem, start, here, model) if ray.names)
    return next((ray.names for ray in rays if _endless(problem, here, noise, ray)), ())


def leaving(problem: Problem, start: Position, here: Position, model: Model) -> tuple[tuple[str, ...], str]:
    """The fault at the place to which the model leads; empty where nothing is. Where that is no edge of a domain,
    but floats end there, as 0*log(1 - p) does once p rounds to 1, also the inputs that run away."""
    step = model.onward()
    there = problem.inside([u + p for u, p in zip(here.x, step, strict=True)])
    if math.isfinite(problem.value(there)):
        return (), ""
    fault = problem.objective.fault(there)
    runs = [abs(p) > MOVED * size for p, size in zip(step, sizes(start, here), strict=True)]
    names = tuple(name for name, run in zip(problem.names, runs, strict=True) if run)
    return () if not fault or OUTSIDE in fault else names, fault


def _rays(problem: Problem, start: Position, here: Position, model: Model | None) -> Iterator[Ray]:
    """The ways on: as the model of second order goes, as the inputs came, together or one that its slope leads on."""
    way = [u - v for u, v in zip(here.x, start.x, strict=True)]
    if model is not None:
        step = model.onward()
        names = tuple(name for name, p, d in zip(problem.names, step, way, strict=True) if abs(p) > MOVED * abs(d))
        yield Ray(_straight(here.x, step), names)
        yield Ray(_growing([u + p for u, p in zip(here.x, step, strict=True)], here.x), names)
    moved = [i for i, d in enumerate(way) if d]
    names = tuple(problem.names[i] for i in moved)
    yield Ray(_straight(here.x, way), names)
    yield Ray(_growing(here.x, start.x), names)
    if len(moved) > 1:
        for i in (i for i in moved if here.gradient[i] * way[i] >= 0.0):
            alone = [d if i == j else 0.0 for j, d in enumerate(way)]
            yield Ray(_straight(here.x, alone), (problem.names[i],))


def _straight(here: Vector, way: Vector) -> Callable[[float], Vector]:
    return lambda t: [u + t * d for u, d in zip(here, way, strict=True)]


def _growing(here: Vector, start: Vector) -> Callable[[float], Vector]:
    """Each input goes on to grow, or to shrink, by the factor that it has; one that has none goes straight on. Where
    none grows there is no way on."""
    factors = [u / v if v else 0.0 for u, v in zip(here, start, strict=True)]
    if not any(factor > 1.0 for factor in factors):
        return lambda t: here

    def place(t: float) -> Vector:
        found = []
        for u, v, factor in zip(here, start, factors, strict=True):
            try:
                found.append(u * factor**t if factor > 0.0 else u + t * (u - v))
            except OverflowError:
                found.append(math.copysign(math.inf, u))
        return found

    return place


def _endless(problem: Problem, here: Position, noise: float, ray: Ray) -> bool:
    """Whether the value never falls along a ray that ends nowhere, and rises at its beginning."""
    last, x, risen, rough = here.value, here.x, False, problem.objective.rough
    for k in (*NEAR_POWERS, *POWERS):
        there = ray.place(math.ldexp(1.0, k) if k < 1_024 else math.inf)
        finite = all(map(math.isfinite, there))
        if finite and (there == x or problem.inside(there) != there):
            return False
        value = problem.value(there) if finite else math.nan
        if math.isnan(value):
            return k > (FAR if rough else 0) and risen
        rounding = noise * min(1.0, abs(last) / abs(here.value)) if here.value else noise  # as large as the value is
        if value == -math.inf or value < last - NOISES * rounding - ROUNDED * abs(value):
            return False
        told = value > here.value + NOISES * noise and not rough
        if k <= (FLAT if rough else 0) and not (told or _rises(problem, here.x, there)):
            return False
        risen, last, x = True, max(last, value), there
    return True


def _rises(problem: Problem, here: Vector, there: Vector) -> bool:
    """Whether the slopes at both ends of a way lead on, in as many digits as they take. Where there are no kinks, one
    that vanishes at its end is too small for floats."""
    way = [v - u for u, v in zip(here, there, strict=True)]
    longest = max(map(abs, way))
    way = [d / longest for d in way]  # so that not even the least slope vanishes
    first, last = (problem.sign * dot(problem.objective.told(x), way) for x in (here, there))
    return first > 0.0 and (last >= 0.0 if not problem.objective.rough else last > 0.0)
