"""The verdict on a claimed derivative over a box, by proof: bounds of the difference hold at every point of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce
from math import inf, nextafter
from typing import NamedTuple

from circuitcli.analysis.apart import Apart
from circuitcli.analysis.box_point import Box, Part, cut, within
from circuitcli.analysis.taylor_form import TaylorForm
from circuitcli.check.verdict import AGREE, CANNOT_TELL, DISAGREE, GRAIN
from circuitcli.engine.interval import Interval, interval
from circuitcli.graph import Graph

NOTHING = Interval(0.0, 0.0)


class Proof(NamedTuple):
    """What is proven of a claim: `agree`, `disagree`, or `cannot_tell`.

    `gradient`, `claim` and `difference` are bounds over the box. In no part of the box is the difference more than
    `within` times the gradient somewhere in that part. `exact`: the formulas are one function. At `witness`, the values
    of inputs with a range, both are certainly apart by more than a millionth. `partial`: at some points there may be no
    value, and the verdict is on the others. The box was cut into `parts`.
    """

    verdict: str
    gradient: Interval
    claim: Interval
    difference: Interval
    within: float = inf
    exact: bool = False
    witness: Mapping[str, float] = {}
    partial: bool = False
    parts: int = 1

    @property
    def passed(self) -> bool:
        """Whether the claim is the gradient, all over the box."""
        return self.verdict == AGREE


def prove(circuit: Graph, name: str, claim: Graph, box: Box, ranges: Collection[str], boxes: int) -> Proof:
    """The verdict on a claimed derivative by an input, over a box that is cut into at most so many; the inputs in
    `ranges` have more than one value."""
    apart = Apart(circuit, name, claim)
    gradient, claimed, difference = apart.at(box)
    if apart.is_nothing():
        return Proof(AGREE, gradient, claimed, NOTHING, 0.0, True)
    whole = Part(apart.circuit, {name: x for name, x in box.items() if name in apart.circuit.inputs}, ())
    witness = _witness(apart, whole, box, ranges)
    if witness:
        return Proof(DISAGREE, gradient, claimed, difference, witness=witness)
    parts = cut(whole, boxes, [lambda part: -_ratio(part, abs(apart.among(part.values)[0]).hi)])
    parts = [part for part in parts if apart.has_value({**box, **part.given})] or parts
    series = TaylorForm(apart.circuit, whole.moving)
    for part in parts:
        if part.whole:
            part.bounds = reduce(within, series.bounds(part.given), part.bounds)
    parts.sort(key=lambda part: abs(part.bounds).hi, reverse=True)
    columns = zip(*[apart.among(part.values)[:2] for part in parts], strict=True)
    gradient, claimed = (reduce(Interval.hull, column) for column in columns)
    difference = reduce(Interval.hull, [part.bounds for part in parts])
    partial = gradient.partial or claimed.partial
    known = Proof(CANNOT_TELL, gradient, claimed, difference, partial=partial, parts=len(parts))
    for part in parts:
        if witness := _witness(apart, part, box, ranges):
            return known._replace(verdict=DISAGREE, witness=witness)
    most = max(_ratio(part, _size(apart, part, box, ranges)) for part in parts)
    return known._replace(verdict=AGREE if most <= GRAIN else CANNOT_TELL, within=most)


def _witness(apart: Apart, part: Part, box: Box, ranges: Collection[str]) -> dict[str, float]:
    """A point of a part at which both are certainly apart; empty where none was met."""
    points = [{name: x for name, x in point.items() if name in ranges} for point in part.points]
    return next((point for point in points if apart.is_certain(_there(box, point), GRAIN)), {})


def _there(box: Box, point: Mapping[str, float]) -> Box:
    return {**box, **{name: interval(x) for name, x in point.items()}}


def _size(apart: Apart, part: Part, box: Box, ranges: Collection[str]) -> float:
    """A gradient that is certainly met in a part, the largest of some."""
    points = [{name: x for name, x in point.items() if name in ranges} for point in part.points]
    sizes = [abs(apart.at(_there(box, point))[0]).lo for point in points]
    return max((size for size in sizes if size == size), default=0.0)


def _ratio(part: Part, size: float) -> float:
    """The largest difference in a part, in units of a size, rounded up."""
    most = abs(part.bounds).hi
    if most == 0.0 or most != most:
        return 0.0  # where there is no number, none is apart
    return nextafter(most / size, inf) if 0.0 < size < inf else inf
