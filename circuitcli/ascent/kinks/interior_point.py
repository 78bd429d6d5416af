"""The least of a quadratic function plus largest numbers of linear ones, by an interior point method.

    least over p of    c·p + p·H·p/2 + sum over groups of max over j of (a_j + A_j·p),    low <= p <= high

The weights of the pieces in each group, which add up to 1, and the distances of the pieces below the largest are two
sides of one problem; their products fall to 0 together (Mehrotra 1992). No unit is in it, and no order of the pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.ascent.problem import Vector, dot
from circuitcli.engine.floats import EPSILON

Matrix = list[Vector]

TURNS = 60
SHORT = 0.995  # of the way to the next edge
EVEN = 1e-13  # of the slopes that cancel: what may be left of them
WHOLE, ROUGHLY = 1e-9, 1e-3  # of the weights of a group: what may lack, at the end and on the way
CLOSE = 1e-4  # of the fall, to which the products need only come
TOLD = 1e-3  # of the value: a rounding as large tells nothing
NEARLY = 1e6  # times what is enough, where rounding lets them come no nearer


class Group(NamedTuple):
    """Linear pieces: their values at 0, of which the largest is 0, and their slopes."""

    values: Vector
    slopes: Sequence[Vector]

    def at(self, p: Vector) -> float:
        """The largest piece."""
        return max(a + dot(slope, p) for a, slope in zip(self.values, self.slopes))  # noqa: B905


class Facets(NamedTuple):
    """All of a function but its curvature: a slope, groups of pieces of which the largest counts, bounds, and a fall
    that is `enough` to count as none."""

    slope: Vector
    groups: Sequence[Group]
    low: Vector
    high: Vector
    enough: float


class Least(NamedTuple):
    """The point of the least value, the weights of the pieces, and the fall to it; `sure` where it came to its end."""

    change: Vector
    weights: list[Vector]
    fall: float
    sure: bool = True


class _Pieces:
    """The pieces of a group under way: their weights, and the distances below the largest."""

    def __init__(self, group: Group, size: float) -> None:
        count = len(group.values)
        self.slopes, self.weights = group.slopes, [1.0 / count] * count
        self.below = [size - a for a in group.values]
        self.change: Vector = []
        self.further: Vector = []

    def condensed(self, matrix: Matrix, right: Vector, targets: Vector) -> None:
        """Add to the equations for p what is left of this group, so that each product goes to its target."""
        self.stiff = [w / s for w, s in zip(self.weights, self.below)]  # noqa: B905
        self.pull = [t / s for t, s in zip(targets, self.below)]  # noqa: B905
        total = sum(self.stiff)
        columns = [*zip(*self.slopes)]  # noqa: B905
        self.mean = [dot(self.stiff, column) / total for column in columns]
        self.shift = sum(self.pull) / total
        forces = [q - k * self.shift for q, k in zip(self.pull, self.stiff)]  # noqa: B905
        apart = [[u - v for u, v in zip(slope, self.mean)] for slope in self.slopes]  # noqa: B905
        for k, force, own, slope in zip(self.stiff, forces, apart, self.slopes):  # noqa: B905
            for i, u in enumerate(own):
                right[i] -= force * slope[i]
                if u:
                    row, ku = matrix[i], k * u
                    for j, v in enumerate(own):
                        row[j] += ku * v

    def follow(self, p: Vector) -> None:
        """Set the changes that belong to a change of p."""
        top = self.shift + dot(self.mean, p)
        self.further = [top - dot(slope, p) for slope in self.slopes]
        self.change = [q - k * d for q, k, d in zip(self.pull, self.stiff, self.further)]  # noqa: B905


class _Bound(_Pieces):
    """An input's distance from one of its bounds, and the force of that bound."""

    def __init__(self, place: int, side: float, end: float, size: float) -> None:
        self.place, self.side, self.end = place, side, side * end
        room = max(self.end, 0.1 * math.sqrt(size))
        self.weights, self.below, self.missing = [size / room], [room], self.end - room

    def condensed(self, matrix: Matrix, right: Vector, targets: Vector) -> None:
        self.stiff, self.pull = [self.weights[0] / self.below[0]], [targets[0] / self.below[0]]
        matrix[self.place][self.place] += self.stiff[0]
        right[self.place] -= self.side * (self.pull[0] - self.stiff[0] * self.missing)

    def follow(self, p: Vector) -> None:
        self.further = [self.missing - self.side * p[self.place]]
        self.change = [self.pull[0] - self.stiff[0] * self.further[0]]


def least(bend: Matrix, facets: Facets, for_weights: bool = False) -> Least:
    """Find it, or a point whose value is within `enough` of it. Values and inputs come in such units that a change of
    an input by 1 changes the value by about 1. Where rounding keeps it from its end, the lowest point that was seen; or
    `for_weights` that which came nearest to the end."""
    slope, groups, low, high, enough = facets
    count = len(slope)
    size = min(_size(bend, slope, groups), 1.0)
    pieces: list[_Pieces] = [_Pieces(group, size) for group in groups]
    ends = [(i, side, end) for side, row in ((-1.0, low), (1.0, high)) for i, end in enumerate(row)]
    bounds = [_Bound(i, side, end, size) for i, side, end in ends if math.isfinite(end)]
    pieces += bounds
    p = [0.0] * count
    least_lack = _least_lack(slope, groups)
    number = sum(len(piece.weights) for piece in pieces)
    best = Least(p, [list(piece.weights) for piece in pieces[: len(groups)]], 0.0)
    seen = list[tuple[float, Least]]()  # with the distance from the end
    for turn in range(TURNS):
        weights = [list(piece.weights) for piece in pieces[: len(groups)]]
        lack = _lack(bend, slope, groups, weights, p)
        for b in bounds:
            b.missing = b.end - b.side * p[b.place] - b.below[0]
            lack[b.place] += b.side * b.weights[0]
        product = sum(dot(piece.weights, piece.below) for piece in pieces)
        change = within(p, low, high)
        found = Least(change, weights, fall(bend, slope, groups, change))
        best = found if found.fall >= best.fall else best
        worst = dot([abs(u) for u in lack], [abs(u) for u in p])
        if _are_shares(weights, ROUGHLY):
            seen.append((product + worst, found))
        if number == 0 and turn:
            return found
        even = _are_shares(weights) and all(abs(r) <= most for r, most in zip(lack, least_lack))  # noqa: B905
        if number and even and product + worst <= max(CLOSE * CLOSE * found.fall, enough):
            return found if found.fall > 0.0 else best._replace(weights=found.weights)
        mean = product / number if number else 0.0
        predicted = _turn(bend, lack, pieces, [[-w * s for w, s in zip(q.weights, q.below)] for q in pieces])  # noqa: B905
        length = _length(pieces, 1.0)
        after = sum(
            (w + length * dw) * (s + length * ds)
            for q in pieces
            for w, s, dw, ds in zip(q.weights, q.below, q.change, q.further)  # noqa: B905
        )
        centre = mean * (after / product) ** 3 if number and product > 0.0 else 0.0
        targets = [
            [centre - w * s - dw * ds for w, s, dw, ds in zip(q.weights, q.below, q.change, q.further)]  # noqa: B905
            for q in pieces
        ]
        step = _turn(bend, lack, pieces, targets) if number else predicted
        length = _length(pieces, SHORT)
        p = [u + length * d for u, d in zip(p, step)]  # noqa: B905
        for q in pieces:
            q.weights = [w + length * d for w, d in zip(q.weights, q.change)]  # noqa: B905
            q.below = [s + length * d for s, d in zip(q.below, q.further)]  # noqa: B905
        if not all(map(math.isfinite, p)) or not all(u > 0.0 for q in pieces for u in (*q.weights, *q.below)):
            break
    near = [(far, found) for far, found in seen if for_weights or found.fall >= best.fall - enough]
    best = min(near, key=lambda other: other[0], default=(0.0, best))[1]
    return best._replace(sure=is_least(bend, facets, best))


def is_least(bend: Matrix, facets: Facets, found: Least) -> bool:
    """Whether surely nothing is lower than a point: by its weights the slopes cancel, but for what bounds hold, and the
    pieces that weigh something are the largest."""
    slope, groups, low, high, enough = facets
    if NEARLY * enough > TOLD:
        return False
    p = found.change
    lack, most = _lack(bend, slope, groups, found.weights, p), _least_lack(slope, groups)
    apart = sum(
        w * (group.at(p) - a - dot(own, p))
        for group, weights in zip(groups, found.weights)  # noqa: B905
        for w, a, own in zip(weights, group.values, group.slopes)  # noqa: B905
    )
    held = [(u <= a and r >= 0.0) or (u >= b and r <= 0.0) for u, a, b, r in zip(p, low, high, lack)]  # noqa: B905
    least = apart <= NEARLY * enough and _are_shares(found.weights)
    return least and all(h or abs(r) <= u for h, r, u in zip(held, lack, most))  # noqa: B905


def _are_shares(weights: Sequence[Vector], lack: float = WHOLE) -> bool:
    """Whether the weights of each group add up to 1: rounding may have broken that."""
    return all(abs(sum(row) - 1.0) <= lack for row in weights)


def _lack(bend: Matrix, slope: Vector, groups: Sequence[Group], weights: Sequence[Vector], p: Vector) -> Vector:
    """The slope at a point where the pieces are mixed by their weights, which is 0 at the best one."""
    lack = [c + dot(row, p) for c, row in zip(slope, bend)]  # noqa: B905
    for group, row in zip(groups, weights):  # noqa: B905
        for w, own in zip(row, group.slopes):  # noqa: B905
            lack = [r + w * a for r, a in zip(lack, own)]  # noqa: B905
    return lack


def _least_lack(slope: Vector, groups: Sequence[Group]) -> Vector:
    """As little of the slopes that cancel in such a sum as counts as nothing."""
    found = [abs(u) for u in slope]
    for group in groups:
        found = [u + max(map(abs, column)) for u, column in zip(found, zip(*group.slopes))]  # noqa: B905
    return [max(EVEN * u, EPSILON) for u in found]


def within(p: Sequence[float], low: Vector, high: Vector) -> Vector:
    """The nearest point within bounds."""
    return [min(max(u, a), b) for u, a, b in zip(p, low, high)]  # noqa: B905


def _turn(bend: Matrix, lack: Vector, pieces: Sequence[_Pieces], targets: Sequence[Vector]) -> Vector:
    """The change of p with which each product goes to its target, to first order."""
    matrix, right = [list(row) for row in bend], [-r for r in lack]
    for piece, target in zip(pieces, targets):  # noqa: B905
        piece.condensed(matrix, right, target)
    step = solved(matrix, right)
    for piece in pieces:
        piece.follow(step)
    return step


def _length(pieces: Sequence[_Pieces], part: float) -> float:
    """The part of a step that keeps every weight and distance above 0, and 1 at most."""
    edge = math.inf
    for q in pieces:
        for x, d in zip((*q.weights, *q.below), (*q.change, *q.further)):  # noqa: B905
            if d < 0.0:
                edge = min(edge, -x / d)
    return min(1.0, part * edge)


def _size(bend: Matrix, slope: Vector, groups: Sequence[Group]) -> float:
    """The size of the fall, as the slopes and the curvature tell it."""
    total = list(slope)
    for group in groups:
        for own in group.slopes:
            total = [u + a / len(group.slopes) for u, a in zip(total, own)]  # noqa: B905
    most = max((abs(u) for group in groups for own in group.slopes for u in own), default=0.0)
    stiff = max(max(row[i] for i, row in enumerate(bend)), 1e-300)
    return max(dot(total, total) / stiff * 1e-3, 1e-6 * most * most / stiff) or 1.0


def fall(bend: Matrix, slope: Vector, groups: Sequence[Group], change: Vector) -> float:
    """The fall of the function from 0 to a point."""
    value = dot(slope, change) + 0.5 * dot(change, [dot(row, change) for row in bend])
    return -value - sum(group.at(change) for group in groups)


def solved(matrix: Matrix, right: Vector) -> Vector:
    """The solution of equations whose matrix is positive, by Cholesky's factor; along what is flat up to rounding it is
    0."""
    factor: Matrix = []
    found: Vector = []
    for row, r in zip(matrix, right):  # noqa: B905
        below: Vector = []
        for j, other in enumerate(factor):
            below.append((row[j] - dot(below, other)) / other[j])
        rest = row[len(factor)] - dot(below, below)
        root = math.sqrt(rest) if rest > 1e-15 * abs(row[len(factor)]) else math.inf
        found.append((r - dot(below, found)) / root)
        factor.append([*below, root])
    for i in range(len(found) - 1, -1, -1):
        u = found[i] = found[i] / factor[i][i]
        for j in range(i):
            found[j] -= factor[i][j] * u
    return found
