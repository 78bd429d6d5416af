"""Functions within bounds, linear about: the part of a box in which all of them can be (Neumaier 1990, 5.2 and 5.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.turned_rows import Triangle
from circuitcli.proofs.boxes import Box, Point, distances
from circuitcli.proofs.interval_newton import newton_step

SWEEPS = 2


class Row(NamedTuple):
    """A function that is `here` at the middle of a box and has such slopes all over it, where it is `within` bounds."""

    here: Interval
    slopes: Sequence[Interval]
    within: Interval


def narrowed(box: Box, middle: Point, rows: Sequence[Row]) -> Box | None:
    """The part of a box in which all functions can be within their bounds; None where there is none."""
    found = distances(box, middle)
    for _ in range(SWEEPS):
        for row in rows:
            if not _by_each(row, found):
                return None
    square = _square(rows, box)
    if square:
        moving = [i for i, x in enumerate(box.values()) if x.lo < x.hi]
        slopes = [[row.slopes[i] for i in moving] for row in square]
        step = newton_step(slopes, [row.here - row.within for row in square], [found[i] for i in moving])
        if step.distances is None:
            return None
        for i, distance in zip(moving, step.distances, strict=True):
            found[i] = distance
    left = dict(box)
    for (name, x), distance in zip(box.items(), found, strict=True):
        there = x.meet(distance + interval(middle[name]))
        if there is None:
            return None
        left[name] = there
    return left


def _by_each(row: Row, found: list[Interval]) -> bool:
    """Narrow each distance by one row, as the others are; False where it can hold nowhere."""
    reach = [slope * distance for slope, distance in zip(row.slopes, found, strict=True)]
    total = row.here - row.within
    for i, slope in enumerate(row.slopes):
        if found[i].lo == found[i].hi or slope.holds(0.0):
            continue
        others = total
        for j, part in enumerate(reach):
            if j != i:
                others = others + part
        kept = found[i].meet(INTERVALS.div(-others, slope))
        if kept is None:
            return False
        found[i] = kept
        reach[i] = slope * kept
    return not (sum(reach, total).lo > 0.0 or sum(reach, total).hi < 0.0)


def _square(rows: Sequence[Row], box: Box) -> list[Row]:
    """As many functions with two bounds as inputs move, as far from each other as there are; none where there are
    fewer."""
    widths = [x.width for x in box.values()]
    moving = [i for i, width in enumerate(widths) if width > 0.0]
    both = [row for row in rows if math.isfinite(row.within.width)]
    if not moving or len(both) < len(moving):
        return []
    lines = [[row.slopes[i].middle * widths[i] for i in moving] for row in both]
    if not all(math.isfinite(x) for line in lines for x in line):
        return []
    sizes = [math.hypot(*line) or 1.0 for line in lines]
    triangle = Triangle([[x / size for x in line] for line, size in zip(lines, sizes, strict=True)], len(moving))
    return [both[k] for k in triangle.order[: len(moving)]] if triangle.rank == len(moving) else []
