"""The Lagrangian of a value and the constraints that may hold it: where these are met it is nowhere above the value.

f - y*c is not, for any price y of an equality c = 0, and for y >= 0 of an inequality c >= 0. Neither is it with r/2*c^2
added, r > 0: for equalities, and for inequalities where r*c is not above y. With r it bends upwards around an optimum
and has its bottom there, even where the value bends downwards (Hestenes 1969; Rockafellar 1973).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.turned_rows import pushes
from circuitcli.proofs.boxes import Box, Point, at
from circuitcli.proofs.feasible import Active, Limit, scaled_slopes
from circuitcli.proofs.interval_newton import Matrix
from circuitcli.proofs.jets import Jet, Jets

STIFF = 4.0  # times the bends of the value, across a constraint
BELOW = 0.99  # of the price of an inequality: r*c


class Term(NamedTuple):
    """A constraint with its price y, and r; and the most that its difference is where the Lagrangian is asked for."""

    limit: Limit
    price: float
    most: float
    stiffness: float = 0.0


class Lagrangian:
    """A Lagrangian over boxes, as jets are."""

    def __init__(self, value: Jets, terms: Sequence[Term]) -> None:
        self._value, self.terms = value, terms

    def over(self, box: Box) -> Jet:
        """The value and the slopes."""
        own = self._value.over(box)
        value, slopes, whole, smooth = own
        for limit, price, _, stiffness in self.terms:
            jet = limit.difference.over(box)
            value = value + (interval(0.5 * stiffness) * jet.value - price) * jet.value
            factor = interval(stiffness) * jet.value - price
            slopes = [slope + factor * s for slope, s in zip(slopes, jet.slopes, strict=True)]
            whole, smooth = whole and jet.whole, smooth and jet.smooth
        return Jet(value, slopes, whole, smooth)

    def bends(self, box: Box, moving: Sequence[int]) -> list[list[Interval]]:
        """The second derivatives by the inputs at some places."""
        found = self._value.bends(box, moving)
        for limit, price, _, stiffness in self.terms:
            jet, own = limit.difference.over(box), limit.difference.bends(box, moving)
            factor = interval(stiffness) * jet.value - price
            slopes = [jet.slopes[i] for i in moving]
            for row, bend, s in zip(found, own, slopes, strict=True):
                for j, (b, other) in enumerate(zip(bend, slopes, strict=True)):
                    row[j] = row[j] + factor * b + interval(stiffness) * (s * other)
        return found

    def stiffened(self, box: Box, moving: Sequence[int], bends: Matrix) -> Lagrangian:
        """The Lagrangian that bends more across the constraints; without r it `bends` so over the box."""
        widths = [[*box.values()][i].width for i in moving]
        largest = max(
            (x.size * u * v for row, u in zip(bends, widths, strict=True) for x, v in zip(row, widths, strict=True)),
            default=0.0,
        )
        terms = []
        for term in self.terms:
            slopes = term.limit.difference.over(box).slopes
            steep = sum((slopes[i].middle * width) ** 2 for i, width in zip(moving, widths, strict=True))
            r = STIFF * largest / steep if steep > 0.0 else 0.0
            if term.limit.rises and r * term.most > BELOW * term.price:
                r = BELOW * term.price / term.most
            terms.append(term._replace(stiffness=r if math.isfinite(r) else 0.0))
        return Lagrangian(self._value, terms)


def priced(value: Jets, active: Sequence[Active], point: Point, box: Box, domain: Box) -> Lagrangian:
    """The Lagrangian of a box with the prices that hold a point there best."""
    here, names = at(point), [*box]
    scales = [domain[name].width for name in names]
    slope = scaled_slopes(value, here, scales)
    rows = [scaled_slopes(each.limit.difference, here, scales) for each in active]
    sizes = [math.hypot(*row) or 1.0 for row in rows]
    rows = [[x / size for x in row] for row, size in zip(rows, sizes, strict=True)]
    equal = [k for k, each in enumerate(active) if not each.limit.rises]
    for i, name in enumerate(names):
        sides = (1.0, box[name].lo == domain[name].lo), (-1.0, box[name].hi == domain[name].hi)
        rows += [[side * (j == i) for j in range(len(names))] for side, there in sides if there]
    prices = dict[int, float]()
    if all(math.isfinite(x) for row in (slope, *rows) for x in row):
        prices = pushes(rows, slope, equal)
    terms = [
        Term(each.limit, prices.get(k, 0.0) / sizes[k], each.value.hi)
        for k, each in enumerate(active)
        if each.jet.whole and (k in equal or prices.get(k, 0.0) > 0.0)
    ]
    return Lagrangian(value, [term for term in terms if math.isfinite(term.price)])
