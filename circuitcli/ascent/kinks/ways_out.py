"""Ways out of a point at which the model of the pieces is at its best, though the function is not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

from circuitcli.ascent.kinks.interior_point import solved
from circuitcli.ascent.kinks.piecewise_model import Choice, PieceModel
from circuitcli.ascent.problem import Position, Vector, dot
from circuitcli.ascent.trust_region import cholesky, lifted

SIDES = 64  # at most, of the choices that work the other way
SHIFTS = (1e-12, 1e-4, 1.0)
SIZES = (1e1, 1e4, 1e8)  # times the noise: by how much a probe would change the value
TURNS = 6


def escape(model: PieceModel) -> Position | None:
    """A point that is better by more than rounding; None where none is found."""
    for other in sides(model) or ():
        for shift in SHIFTS:
            found = other.best(shift)
            if found.fall <= other.noise:
                break
            if (there := _better(model, other.moved(found.change))) is not None:
                return there
    for change in _probes(model):
        if (there := _better(model, model.moved(change))) is not None:
            return there
    return None


def sides(model: PieceModel) -> Iterator[PieceModel] | None:
    """The models on each side of the kinks of choices that tie and work the other way, or both ways: what is at its
    best on every side is at its best. None where they are too many."""
    ways = _both_ways(model)
    ties = [choice for choice in model.meeting if choice in model.loose or choice.fork.key in ways]
    if not ties or _number(ties) > SIDES:
        return None if ties else iter(())
    fixed = [choice.fork.key for choice in ties]
    return (
        PieceModel(model.problem, model.here, {**model.given, **weights}, model.sizes, fixed)
        for weights in _picks(ties)
    )


def _both_ways(model: PieceModel) -> set[str]:
    """The choices whose sign changes with the pieces that others choose, as far as that is known."""
    forked = model.problem.objective.forked
    if forked is None or not forked.nested:
        return set()
    above: dict[frozenset[str], list[str]] = {}
    meeting = {choice.fork.key: choice for choice in model.meeting}
    for key in meeting:
        above.setdefault(frozenset(other for other in forked.above(key) if other in meeting), []).append(key)
    found: set[str] = set()
    for others, keys in above.items():
        choices = [meeting[key] for key in sorted(others)]
        if _number(choices) > SIDES:
            found |= {*keys}
            continue
        signs: dict[str, set[bool]] = {key: set() for key in keys}
        for weights in _picks(choices) if choices else ():
            for fork in forked.at(model.here.x, {**model.given, **weights})[1]:
                if fork.key in signs and fork.weight:
                    signs[fork.key].add(fork.weight > 0.0)
        found |= {key for key, seen in signs.items() if len(seen) > 1}
    return found


def _number(choices: Sequence[Choice]) -> int:
    """The number of ways to pick one of the tied pieces of each choice."""
    return math.prod(len(choice.tied) for choice in choices)


def _picks(choices: Sequence[Choice]) -> Iterator[dict[str, list[float]]]:
    """The weights of all these ways."""
    for picked in product(*([choice.pieces[i] for i in choice.tied] for choice in choices)):
        yield {
            choice.fork.key: [float(i == j) for i in range(len(choice.fork.values))]
            for choice, j in zip(choices, picked, strict=True)
        }


def _better(model: PieceModel, x: Vector) -> Position | None:
    if x == model.here.x or not model.problem.value(x) > model.here.value + model.noise:
        return None
    there = model.problem.at(x)
    return there if there.finite else None


def _probes(model: PieceModel) -> Iterator[Vector]:
    """Changes along the kinks, where the curvature falls there, and along each input."""
    count = len(model.measures)
    directions = [[float(i == j) for j in range(count)] for i in range(count)]
    if model.stiff is None and (falling := _falling(model)) is not None:
        directions.insert(0, falling)
    for direction in directions:
        for size in SIZES:
            length = math.sqrt(2.0 * size * model.noise)
            yield [length * u for u in direction]
            yield [-length * u for u in direction]


def _falling(model: PieceModel) -> Vector | None:
    """The direction along the kinks in which the curvature is least, by inverse iteration."""
    matrix = [
        [h + 1e6 * a for h, a in zip(*rows, strict=True)] for rows in zip(model.curved, model.across, strict=True)
    ]
    shift = 1e-6
    while not cholesky(lifted(matrix, shift)):
        shift *= 2.0
        if shift == math.inf:
            return None
    found = [1.0 + 0.1 * i for i in range(len(matrix))]
    for _ in range(TURNS):
        found = solved(lifted(matrix, shift), found)
        length = math.sqrt(dot(found, found))
        if not 0.0 < length < math.inf:
            return None
        found = [u / length for u in found]
    return found
