"""Whether inputs run away: the value goes on rising, however far they go on as they came."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from circuitcli.ascent.model import Model
from circuitcli.ascent.own_scales import REST, as_long_as, sizes
from circuitcli.ascent.problem import Position, Problem, Vector, dot

NEAR_POWERS, POWERS = range(60), range(60, 2_100, 20)  # of 2, times a way, at which it is looked, until floats end
FAR = 20  # powers, after which numbers that leave the range of floats do not matter any more
MOVED = 1e-3  # of its way: an input that a step moves by less does not run
ROUNDED = 2.0**-50  # of a value
ROUGHLY = 1e-3  # of a value: no rounding that may be asked about is more
ALONE = 50  # inputs at most that may run alone: those whose slope and way promise most
SATURATED = 12  # powers, until which a value that is no better is looked at
BACK = (-0.5, -0.9, -0.99, -0.999, -1.0)  # times the size of an input: the ways back that are looked at
FLAT_PART = 1e-12  # of the largest curvature: along a mixture that bends less it is flat
FLAT = 3  # powers, until which a function with kinks still has to rise: behind a kink it may be flat
NOISES = 4.0  # in which a value may seem to fall


class Ray(NamedTuple):
    """A way on without an end: the place after so many times the way until here, and the inputs that run along it."""

    place: Callable[[float], Vector]
    names: tuple[str, ...]


def running(
    problem: Problem, start: Position, here: Position, noise: float, model: Model | None, settled: bool = True
) -> tuple[str, ...]:
    """The inputs that run away; none where the ascent has an end, or where bounds hold them. Until it is `settled`, an
    input that changes nothing may yet come back."""
    if not math.isfinite(noise):
        return ()  # whatever happens may be rounding
    rays = (ray for ray in _rays(problem, start, here, model) if ray.names)
    if names := next((ray.names for ray in rays if _endless(problem, here, noise, ray)), ()):
        return names
    if problem.objective.rough or not settled:
        return ()
    saturated = (ray.names for ray in _single(problem, start, here, model) if _saturates(problem, here, noise, ray))
    return next(saturated, ())


def leaving(problem: Problem, here: Position, model: Model) -> str:
    """The fault at the place to which the model leads; empty where nothing is wrong there."""
    there = problem.inside([u + p for u, p in zip(here.x, model.onward(), strict=True)])
    return "" if math.isfinite(problem.value(there)) else problem.objective.fault(there)


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
        felt = {i: abs(way[i]) * model.measures[i] for i in model.free} if model is not None else {}
        least = REST * max(felt.values(), default=0.0)  # less is what rounding left of a way
        leading = [i for i in moved if here.gradient[i] * way[i] >= 0.0 and felt.get(i, math.inf) > least]
        leading.sort(key=lambda i: -here.gradient[i] * way[i])
        for i in sorted(leading[:ALONE]):
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
            return k > (0 if finite and not rough else FAR) and risen
        rounding = noise * min(1.0, abs(last) / abs(here.value)) if here.value else noise  # as large as the value is
        if value == -math.inf or value < last - NOISES * rounding - ROUNDED * abs(value):
            return False
        told = value > here.value + NOISES * noise and not rough
        if k <= (FLAT if rough else 0) and not (told or _rises(problem, here.x, there)):
            return False
        risen, last, x = True, max(last, value), there
    return True


def _rises(problem: Problem, here: Vector, there: Vector) -> bool:
    """Whether the slopes at both ends of a way lead on, in as many digits as they take."""
    way = [v - u for u, v in zip(here, there, strict=True)]
    longest = max(map(abs, way))
    way = [d / longest for d in way]  # so that not even the least slope vanishes
    return all(problem.sign * dot(problem.objective.told(x), way) > 0.0 for x in (here, there))


def _single(problem: Problem, start: Position, here: Position, model: Model | None) -> Iterator[Ray]:
    """The ways on of single inputs, and of mixtures along which the model is flat, each as long as an input is large or
    has come."""
    size = sizes(start, here)
    count = len(size)
    for i, (u, v) in enumerate(zip(here.x, start.x, strict=True)):
        if u != v:
            way = [math.copysign(size[i], u - v) if i == j else 0.0 for j in range(count)]
            yield Ray(_straight(here.x, way), (problem.names[i],))
    if model is None or model.sharp or len(model.free) < 2:
        return
    from circuitcli.engine.symmetric_matrices import null_directions

    ways = [model.onward()]
    for direction in null_directions(model.bend, FLAT_PART):
        way = model.change(direction)
        ways += [way, [-p for p in way]]
    for way in ways:
        if (long := as_long_as(way, size)) is not None:
            names = tuple(name for name, p, u in zip(problem.names, long, size, strict=True) if abs(p) > MOVED * u)
            yield Ray(_straight(here.x, long), names)


def _saturates(problem: Problem, here: Position, noise: float, ray: Ray) -> bool:
    """Whether the value stays as it is, up to rounding, however far one goes on, and is worse as far back."""
    for k in reversed(range(SATURATED)):
        there = ray.place(math.ldexp(1.0, k))
        value = problem.value(there) if problem.inside(there) == there else math.nan
        apart = abs(value - here.value)
        if not apart <= NOISES * noise and not (
            apart <= ROUGHLY * abs(value) and apart <= NOISES * problem.objective.noise(there)
        ):
            return False
    back = (x for x in map(ray.place, BACK) if problem.inside(x) == x)
    return any(problem.value(x) < here.value - NOISES * noise for x in back)
