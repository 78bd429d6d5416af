"""Whether the end of an ascent is a summit: by the model of second order, and where that does not tell, by values
around. Every distance is measured by the input's own size, way or curvature."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, permutations, product
from typing import NamedTuple

from circuitcli.ascent.model import FEW, Model, model_of
from circuitcli.ascent.move import VANISHING
from circuitcli.ascent.own_scales import as_long_as, own_scales, sizes
from circuitcli.ascent.problem import Position, Problem, Vector, dot
from circuitcli.ascent.runaway import running
from circuitcli.ascent.vectors import vectors_for
from circuitcli.engine.floats import EPSILON

SHARE = 1e-6  # of what the way has gained: curvature along an input that explains less is that of a flat place
STILL = 1e-4  # of an input's size or way: a step of the model that leads on
STEEP = 1e-3  # of the slope at the start, likewise
SETTLED = 1e-7  # of an input's size or way
PAIRED = 10  # inputs at most, if all pairs are to be probed
RADII = tuple(10.0**-k for k in range(1, 9))  # of an input's own scale: flat as x^4 is, one of them gains a third
NEAR = 1e-3  # of an input's own scale: a better point there is no other summit
SCATTERED, SPREAD = 100, (-8.0, -3.0)  # points, and powers of ten of an input's own scale
LONG, CLOSE = (1e-1, 1e-2, 1e-4), (1e-6, 1e-8, 1e-12)  # of two inputs' own scales
HALVES = 5  # of a way to a better point, on which nothing may be worse
BEYOND = 10.0  # times the noise: surely better


Way = tuple[Vector, tuple[float, ...], float]  # a way, how much of it to go, and how far that is in own scales


class Judgement(NamedTuple):
    """A point, judged: the gain that the model of second order still promises, infinite where it rises; the rounding of
    the value, and the size of the numbers that it is made of; the gain that counts as none; a better point to which a
    way leads that is nowhere worse; and the inputs that run away."""

    promise: float
    noise: float
    untold: float
    better: Position | None = None
    running: tuple[str, ...] = ()

    @property
    def size(self) -> float:
        return self.noise / EPSILON

    @property
    def measure(self) -> float:
        """The largest change of an input that would gain what is promised, in its own scale."""
        if not 0.0 < self.promise < math.inf or not self.size:
            return self.promise
        return math.sqrt(2.0 * self.promise / self.size)


def judged(
    problem: Problem,
    start: Position,
    here: Position,
    promise: float,
    gtol: float = 0.0,
    last: float = math.inf,
    enough: float = 0.0,
) -> Judgement:
    """Judge the end of an ascent; `promise` is what its method has for it where there are too many inputs for second
    derivatives. `gtol`: of a method that comes no nearer, the part of an input's size or way that is to count as
    none. `last` is the gain of the last step: where all of the curvature vanishes with the value, as that of x^2*y^2
    does, the model always rises somewhere, and only such gains and values around tell that nothing is left. A point
    that gains no more than `enough` is no better one."""
    objective = problem.objective
    noise, untold = objective.noise(here.x), 0.0
    model = model_of(problem, here)
    if model is not None:
        promise = model.promise if model.free else 0.0
        gained = here.value - start.value
        nothing = VANISHING * gained
        little = max(nothing, 0.5 * gtol * gtol * gained) if model.sharp else nothing
        untold = max(model.untold, little if is_settled(model, start, here, gtol) else 0.0)
        if promise == math.inf and last <= nothing > 0.0:
            promise, untold = last, nothing
    uneven = objective.jumps or objective.edged(here.x)
    if model is not None and not uneven and _is_plain(model, start, here):
        return Judgement(promise, noise, untold)
    if runs := running(problem, start, here, noise + untold, model):
        return Judgement(promise, noise, untold, running=runs)
    return Judgement(promise, noise, untold, better(problem, start, here, noise, model, max(untold, enough)))


def is_settled(model: Model, start: Position, here: Position, gtol: float = 0.0) -> bool:
    """Whether no input would go a part of its size or way that counts: rounding, or where rounding is all that is left
    of the curvature along a mixture of them, a little more. Then what the way has gained says how much is little."""
    objective = model.problem.objective
    if model.highest is None or (objective.rough and not model.sharp) or objective.edged(here.x):
        return False  # at a kink there is no curvature
    part = max(gtol, EPSILON) if model.sharp else SETTLED
    return _stays(model, start, here, part)


def _stays(model: Model, start: Position, here: Position, part: float) -> bool:
    """Whether no input would go on by more than a part of its size or way."""
    return all(abs(p) <= part * size for p, size in zip(model.onward(), sizes(start, here), strict=True))


def _is_plain(model: Model, start: Position, here: Position) -> bool:
    """Whether the function bends along every input, and so much that this explains a part of the gain since the start,
    or of the slope there."""
    if not model.sharp or not _stays(model, start, here, STILL):
        return False  # where it fades, as exp(-x) does, a step is as long as ever, though it gains next to nothing
    gained = SHARE * (here.value - start.value)
    way = [(here.x[i] - start.x[i]) * model.measures[i] for i in model.free]
    for k, i in enumerate(model.free):
        explained = abs(dot(model.bend[k], way)) * model.measures[i]
        if way[k] and not (model.bend[k][k] * way[k] * way[k] > gained or explained > STEEP * abs(start.gradient[i])):
            return False
    return True


def better(
    problem: Problem, start: Position, here: Position, noise: float, model: Model | None, untold: float = 0.0
) -> Position | None:
    """The best of the points around that are better by more than counts as none, and near, or a way leads there that is
    nowhere worse; of the first kind that has some."""
    for points in around(problem, start, here, noise + untold, model):
        best, least = None, here.value + BEYOND * noise + untold
        for x, radius in points:
            value = problem.value(x)
            if value > least and (radius <= NEAR or _leads(problem, here, x, noise + untold)):
                best, least = x, value
        if best is not None:
            there = problem.at(best)
            return there if there.finite else None
    return None


def _leads(problem: Problem, here: Position, x: Vector, noise: float) -> bool:
    """Whether the straight way to a point is nowhere worse."""
    for k in range(1, HALVES):
        between = [u + 0.5**k * (v - u) for u, v in zip(here.x, x, strict=True)]
        if not problem.value(between) >= here.value - noise:
            return False
    return True


def around(
    problem: Problem, start: Position, here: Position, noise: float, model: Model | None
) -> Iterator[Iterator[tuple[Vector, float]]]:
    """Points around, within the bounds, and how far they are in the inputs' own scales; by their kinds."""
    units = own_scales(problem, start, here, noise, model)
    is_sharp = model is not None and model.sharp and not problem.objective.rough
    kinds = [_straight(units, model, problem.objective.rough)]
    kinds += [_scattered(units)] if len(units) > 1 and not is_sharp else []
    kinds += [_slanted(units)] if problem.objective.rough else []
    v = vectors_for(len(units))
    for ways in kinds:
        places = (
            (problem.inside(v.numbers(v.moved(v.of(here.x), length, v.of(way)))), far)
            for way, lengths, far in ways
            for length in lengths
        )
        yield ((x, radius) for x, radius in places if x != here.x)


def _straight(units: Vector, model: Model | None, rough: bool) -> Iterator[Way]:
    """Ways along the axes, the diagonals, and where the model rises or is flat."""
    radii = RADII if len(units) <= FEW else RADII[1::3]  # where there are many inputs, each probe takes longer, too
    for direction in _directions(len(units), model, units, rough):
        for radius in radii:
            yield direction, (radius, -radius), radius


def _scattered(units: Vector) -> Iterator[Way]:
    """Ways to distances of its own for each input, to what is better along a curve alone."""
    import random

    draw = random.Random(0)
    for _ in range(SCATTERED):
        yield [draw.choice((-1.0, 1.0)) * 10.0 ** draw.uniform(*SPREAD) * unit for unit in units], (1.0,), NEAR


def _slanted(units: Vector) -> Iterator[Way]:
    """Ways along two inputs, much farther along one: where there are kinks or jumps."""
    count = len(units)
    for i, j in permutations(range(min(count, PAIRED)), 2):
        for far, near in product((*LONG, *[-r for r in LONG]), (*CLOSE, *[-r for r in CLOSE])):
            way = [far * units[i] if k == i else near * units[j] if k == j else 0.0 for k in range(count)]
            yield way, (1.0,), abs(far)


def _directions(count: int, model: Model | None, units: Vector, rough: bool) -> Iterator[Vector]:
    """Ways for probes: their longest part is the own scale of an input."""
    axes = [[units[i] if i == j else 0.0 for j in range(count)] for i in range(count)]
    yield from axes
    if model is not None and model.free:  # without kinks and jumps it knows how inputs go together
        from circuitcli.engine.symmetric_matrices import eigenvectors

        for vector in eigenvectors(model.bend):
            if (way := as_long_as(model.change(vector), units)) is not None:
                yield way
    for i, j in combinations(range(min(count, PAIRED)), 2) if rough or model is None else ():
        yield [u + v for u, v in zip(axes[i], axes[j], strict=True)]
        yield [u - v for u, v in zip(axes[i], axes[j], strict=True)]
