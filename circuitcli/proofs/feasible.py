"""The points that meet constraints, by bounds: what rules a box out, and where such a point certainly is.

No float can be shown to meet an equality. That a point next to it does is shown by Newton's interval step in as many
inputs as there are equalities, while all others are held (Hansen & Walster 2004, 12.4 and 16.5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.turned_rows import Triangle
from circuitcli.proofs.boxes import Box, Point, at, distances, middle_of
from circuitcli.proofs.interval_newton import inverse, newton_step
from circuitcli.proofs.jets import Jet, Jets

PUSHES = (0.0, 2.0, 16.0, 128.0)  # roundings by which an inequality that holds a point is to hold beside it
STEPS = 4  # of Newton's, to what holds
WIDER = (2.0, 16.0, 128.0, 1024.0)  # steps of Newton's, and of floats: the box in which a point is looked for


class Limit(NamedTuple):
    """A constraint: its difference, which is to be 0, or where it `rises` 0 or more."""

    difference: Jets
    rises: bool


class Active(NamedTuple):
    """A constraint that may hold a point of a box: the bounds of its difference there, at its middle, and its jet."""

    limit: Limit
    value: Interval
    here: Interval
    jet: Jet

    def lets(self, i: int, slope: Interval) -> bool:
        """Whether it holds beside each point of the box, too, where an input moves on against a slope."""
        own = self.jet.slopes[i]
        if not self.limit.difference.needs(i):
            return True
        return self.limit.rises and self.jet.whole and (own.hi < 0.0 if slope.lo > 0.0 else own.lo > 0.0)


class Place(NamedTuple):
    """A box, mostly of one point, in which a point certainly meets the constraints; `held` are those with no room
    there, from which it was pushed away by so many roundings."""

    box: Box
    held: list[Limit]
    push: float


class Feasible:
    """The points of a domain that meet some constraints."""

    def __init__(self, limits: Sequence[Limit], domain: Box) -> None:
        self._limits, self._domain = limits, domain
        self._equal = [limit for limit in limits if not limit.rises]

    def over(self, box: Box) -> list[Active] | None:
        """The constraints that may hold a point of a box; None where none of its points meets all."""
        found, middle = list[Active](), middle_of(box)
        for limit in self._limits:
            jet = limit.difference.over(box)
            value = jet.value
            if _fails(value, limit):
                return None
            if limit.rises and jet.whole and value.lo > 0.0:
                continue
            here = limit.difference.value(at(middle))
            if jet.whole:
                closer = value.meet(jet.from_a_point(here, distances(box, middle)))
                if closer is None or _fails(closer, limit):
                    return None
                value = closer
            if not (limit.rises and jet.whole and value.lo > 0.0):
                found.append(Active(limit, value, here, jet))
        return found

    def near(self, point: Point) -> Place | None:
        """A place at a point, or next to it; None where there is no telling."""
        for push in PUSHES:
            moved, held = self._moved(point, push)
            box = self._certain(moved, held)
            if box is not None:
                return Place(box, held, push)
            if not held:
                break
        return None

    def _moved(self, point: Point, push: float) -> tuple[Point, list[Limit]]:
        """A point at which equalities hold about, and inequalities by some roundings, and those that had to be seen to.
        An input moves the less, the nearer it is to an end of the domain."""
        held: list[Limit] = []
        for _ in range(STEPS):
            here = at(point)
            values = [limit.difference.value(here) for limit in self._limits]
            wanted = [
                push * value.width if limit.rises else 0.0 for limit, value in zip(self._limits, values, strict=True)
            ]
            short = [
                (limit, value.middle - more)
                for limit, value, more in zip(self._limits, values, wanted, strict=True)
                if not limit.rises or limit in held or not value.lo - 0.5 * more >= 0.0
            ]
            held = [limit for limit, _ in short]
            if not short or not all(math.isfinite(x) for _, x in short):
                break
            scales = self._room(point)
            rows = [scaled_slopes(limit.difference, here, scales) for limit in held]
            if not all(math.isfinite(x) for row in rows for x in row):
                break
            sizes = [math.hypot(*row) or 1.0 for row in rows]
            triangle = Triangle([[x / size for x in row] for row, size in zip(rows, sizes, strict=True)], len(point))
            change = triangle.reached([x / size for (_, x), size in zip(short, sizes, strict=True)])
            moved = {
                name: min(max(x + scale * step, self._domain[name].lo), self._domain[name].hi)
                for (name, x), scale, step in zip(point.items(), scales, change, strict=True)
            }
            if moved == point:
                break
            point = moved
        return point, held

    def _room(self, point: Point) -> list[float]:
        """The distance of each input from the nearest end of the domain."""
        return [min(x - self._domain[name].lo, self._domain[name].hi - x) for name, x in point.items()]

    def _certain(self, point: Point, held: Sequence[Limit]) -> Box | None:
        """A box around a point in which one certainly meets all constraints."""
        box: Box | None = at(point)
        if self._equal:
            box = self._root(point)
        if box is None:
            return None
        for limit in self._limits:
            if limit.rises and not ((value := limit.difference.exactly(box)).lo >= 0.0 and not value.partial):
                return None
        return box

    def _root(self, point: Point) -> Box | None:
        """A box around a point in which all equalities certainly hold somewhere."""
        here, scales, names = at(point), self._room(point), [*point]
        rows = [scaled_slopes(limit.difference, here, scales) for limit in self._equal]
        count = len(rows)
        if count > len(names) or not all(math.isfinite(x) for row in rows for x in row):
            return None
        sizes = [math.hypot(*row) or 1.0 for row in rows]
        columns = zip(*([x / size for x in row] for row, size in zip(rows, sizes, strict=True)), strict=True)
        triangle = Triangle([list(column) for column in columns], count)
        if triangle.rank < count:
            return None
        chosen = sorted(triangle.order[:count])
        turned = inverse([[row[i] / scales[i] for i in chosen] for row in rows])
        values = [limit.difference.exactly(here) for limit in self._equal]
        if turned is None or any(value.partial for value in values):
            return None
        steps = [sum(abs(b) * value.size for b, value in zip(row, values, strict=True)) for row in turned]
        for wider in WIDER:
            around = dict(here)
            for i, step in zip(chosen, steps, strict=True):
                x = point[names[i]]
                room = Interval(x, x) + Interval(-1.0, 1.0) * (wider * (step + math.ulp(x)))
                if not (self._domain[names[i]].lo <= room.lo and room.hi <= self._domain[names[i]].hi):
                    return None
                around[names[i]] = room
            jets = [limit.difference.over(around) for limit in self._equal]
            if not all(jet.whole for jet in jets):
                return None
            away = [around[names[i]] - interval(point[names[i]]) for i in chosen]
            step_of_all = newton_step([[jet.slopes[i] for i in chosen] for jet in jets], values, away)
            if step_of_all.once and step_of_all.distances is not None:
                for i, distance in zip(chosen, step_of_all.distances, strict=True):
                    name = names[i]
                    around[name] = around[name].meet(distance + interval(point[name])) or around[name]
                return around
        return None


def _fails(value: Interval, limit: Limit) -> bool:
    """Whether a constraint holds nowhere."""
    return value.empty or value.hi < 0.0 or (value.lo > 0.0 and not limit.rises)


def scaled_slopes(of: Jets, here: Box, scales: Sequence[float]) -> list[float]:
    """The slopes at a point, by inputs in some scales."""
    return [slope.middle * scale for slope, scale in zip(of.over(here).slopes, scales, strict=True)]
