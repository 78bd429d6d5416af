"""Boxes: an interval for each of some inputs; cut in two, and put together where they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from circuitcli.engine.interval import Interval, interval

Box = Mapping[str, Interval]
Point = dict[str, float]
MANY = 1_000  # boxes: to compare each with each would take long, and one is told that holds them all
OFF = 0.48764  # of the width, where a box is cut: a summit in the middle, where people have put it, is in one part


def middle_of(box: Box) -> dict[str, float]:
    """The point in the middle."""
    return {name: x.middle for name, x in box.items()}


def at(point: Mapping[str, float]) -> dict[str, Interval]:
    """The box of one point alone."""
    return {name: interval(x) for name, x in point.items()}


def simplest(x: Interval) -> float:
    """The number of an interval that has the fewest digits."""
    if x.holds(0.0):
        return 0.0
    written = (float(f"{x.middle:.{digits}g}") for digits in range(1, 17))
    return next((number for number in written if x.holds(number)), x.middle)


def distances(box: Box, point: Mapping[str, float]) -> list[Interval]:
    """The distances of a box from a point, by each input."""
    return [x - interval(point[name]) for name, x in box.items()]


def halves(box: Box, name: str) -> list[Box]:
    """The two parts across one input; none where floats have no number between its ends."""
    x = box[name]
    cut = x.lo + x.width * OFF
    if not x.lo < cut < x.hi:
        return []
    return [{**box, name: part} for part in (Interval(x.lo, cut), Interval(cut, x.hi))]


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes have a point in common."""
    return all(x.meet(other[name]) is not None for name, x in one.items())


def together(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, with those that touch as one that holds them."""
    if len(boxes) > MANY:
        return [{name: reduce(Interval.hull, [box[name] for box in boxes]) for name in boxes[0]}]
    found: list[Box] = []
    for box in boxes:
        whole = box
        while near := [other for other in found if touch(whole, other)]:
            for other in near:
                found.remove(other)
                whole = {name: x.hull(other[name]) for name, x in whole.items()}
        found.append(whole)
    return found
