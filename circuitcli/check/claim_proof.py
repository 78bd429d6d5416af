"""The verdict on a claimed derivative by proof: bounds of the difference that hold at every point of a box, or formulas
that are one function."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from functools import reduce
from math import inf, nextafter
from typing import NamedTuple

from circuitcli.analysis.apart import Apart
from circuitcli.analysis.box_point import Box, Part, cut, within
from circuitcli.analysis.taylor_form import TaylorForm
from circuitcli.check.verdict import AGREE, CANNOT_TELL, DISAGREE, GRAIN
from circuitcli.engine.interval import NOTHING, Interval, interval

POINTS, SEED = 200, 1  # at random, where there is no box


class Bounds(NamedTuple):
    """The bounds of a derivative, of the claim, and of their difference."""

    gradient: Interval
    claim: Interval
    difference: Interval


class Proof(NamedTuple):
    """The verdict on a claim, and all that is known of it: `agree`, `disagree`, or `cannot_tell`.

    `exact`: the formulas are one function. Else in no part of the box, or at none of so many random `points`, the
    difference is more than `within` times the derivative there. At `witness`, the values of inputs that have a choice,
    both are certainly apart by more than a millionth, and the bounds are those there. The box was cut into `parts`;
    `kink` is the node that may be at a kink in the one where least is known.
    """

    verdict: str
    bounds: Bounds | None = None
    exact: bool = False
    within: float = inf
    witness: Mapping[str, float] = {}
    parts: int = 1
    kink: str = ""
    points: int = 0

    @property
    def passed(self) -> bool:
        """Whether the claim is the derivative, as far as it was to be told."""
        return self.verdict == AGREE

    @property
    def partial(self) -> bool:
        """Whether there may be no value at some points of the box, so that the verdict is on the others."""
        return self.bounds is not None and self.bounds.difference.partial


def by_box(apart: Apart, box: Box, ranges: Collection[str], boxes: int) -> Proof:
    """The verdict all over a box, which is cut into at most so many; inputs in `ranges` have more than one value."""
    gradient, claim, difference = apart.at(box)
    if apart.is_nothing():
        return Proof(AGREE, Bounds(gradient, claim, Interval(0.0, 0.0, difference.partial)), True, 0.0)
    whole = Part(apart.circuit, {name: x for name, x in box.items() if name in apart.circuit.inputs}, ())
    if witness := _witness(apart, whole, box, ranges):
        return Proof(DISAGREE, Bounds(*apart.at(_there(box, witness))), witness=witness)
    parts = cut(whole, boxes, [lambda part: -_ratio(part, abs(apart.among(part.values)[0]).hi)])
    count = len(parts)
    parts = [part for part in parts if apart.has_value({**box, **part.given})]
    if not parts:
        return Proof(CANNOT_TELL, Bounds(NOTHING, NOTHING, NOTHING), parts=count)
    series = TaylorForm(apart.circuit, whole.moving)
    for part in parts:
        if part.whole and not any(part.kinks):
            part.bounds = reduce(within, series.bounds(part.given), part.bounds)
    columns = zip(*[(*apart.among(part.values)[:2], part.bounds) for part in parts], strict=True)
    bounds = Bounds(*(reduce(Interval.hull, column) for column in columns))
    for part in sorted(parts, key=lambda part: -abs(part.bounds).hi):
        if witness := _witness(apart, part, box, ranges):
            return Proof(DISAGREE, Bounds(*apart.at(_there(box, witness))), witness=witness, parts=count)
    ratios = [_ratio(part, _size(apart, part, box, ranges)) for part in parts]
    most = max(ratios)
    if most <= GRAIN:
        return Proof(AGREE, bounds, within=most, parts=count)
    kink = apart.kink({**box, **parts[ratios.index(most)].given})
    return Proof(CANNOT_TELL, bounds, within=most, parts=count, kink=kink)


def by_formula(apart: Apart) -> Proof:
    """The verdict by the formulas, else by the numbers at random points, which prove nothing unless they disagree."""
    if apart.is_nothing():
        return Proof(AGREE, exact=True, within=0.0)
    chance, most, points = random.Random(SEED), 0.0, 0
    for _ in range(POINTS):
        sizes = {name: 2.0 ** chance.randint(-2, 3) for name in apart.source.inputs}
        point = {name: round(chance.uniform(-size, size), 3) for name, size in sizes.items()}
        box = _there({}, point)
        if apart.is_certain(box, GRAIN):
            return Proof(DISAGREE, witness=point)
        gradient, _, difference = apart.at(box)
        if apart.has_value(box) and not difference.partial and abs(gradient).lo > 0.0:
            most, points = max(most, nextafter(abs(difference).hi / abs(gradient).lo, inf)), points + 1
    return Proof(AGREE if points and most <= GRAIN else CANNOT_TELL, within=most if points else inf, points=points)


def _witness(apart: Apart, part: Part, box: Box, ranges: Collection[str]) -> dict[str, float]:
    """A point of a part at which both are certainly apart; empty where none was met."""
    return next((point for point in _points(part, box, ranges) if apart.is_certain(_there(box, point), GRAIN)), {})


def _size(apart: Apart, part: Part, box: Box, ranges: Collection[str]) -> float:
    """A derivative that is certainly met in a part, the largest of some."""
    sizes = [abs(apart.at(_there(box, point))[0]).lo for point in _points(part, box, ranges)]
    return max((size for size in sizes if size == size), default=0.0)


def _points(part: Part, box: Box, ranges: Collection[str]) -> list[dict[str, float]]:
    """Some points of a part, by the inputs with a choice; others of the box stay at their lower end."""
    rest = {name: box[name].lo for name in ranges}
    return [rest | {name: x for name, x in point.items() if name in ranges} for point in part.points]


def _there(box: Box, point: Mapping[str, float]) -> Box:
    return {**box, **{name: interval(x) for name, x in point.items()}}


def _ratio(part: Part, size: float) -> float:
    """The largest difference in a part, in units of a size, rounded up."""
    most = abs(part.bounds).hi
    if most == 0.0 or most != most:
        return 0.0  # where there is no number, none is apart
    return nextafter(most / size, inf) if 0.0 < size < inf else inf
