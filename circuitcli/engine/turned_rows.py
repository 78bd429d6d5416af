"""Rows of linear equations, made a triangle by reflections, the longest first (Golub & Van Loan, 5.4)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from operator import mul

DEPENDENT = 1e-10  # of the longest row: what is left of one that the others make

Vector = list[float]


class Triangle:
    """The rows of equations turned: `across` are directions of length 1 that span them, `along` those that leave them
    alone. `columns[j]` has what row `order[j]` is made of."""

    def __init__(self, rows: Sequence[Vector], count: int) -> None:
        self.columns, self.order = [[*row] for row in rows], [*range(len(rows))]
        turned = [[float(i == j) for j in range(count)] for i in range(count)]
        longest = max((math.sqrt(_dot(row, row)) for row in rows), default=0.0)
        self.rank = 0
        for k in range(min(len(rows), count)):
            rest = [_dot(column[k:], column[k:]) for column in self.columns[k:]]
            best = k + rest.index(max(rest))
            for items in (self.columns, self.order):
                items[k], items[best] = items[best], items[k]
            length = math.sqrt(max(rest))
            if not length > DEPENDENT * longest:
                break
            mirror = self.columns[k][k:]
            mirror[0] += math.copysign(length, mirror[0])
            for vectors in (self.columns[k:], turned):
                for vector in vectors:
                    share = 2.0 * _dot(mirror, vector[k:]) / _dot(mirror, mirror)
                    vector[k:] = [x - share * u for x, u in zip(vector[k:], mirror, strict=True)]
            self.rank += 1
        directions = [list(column) for column in zip(*turned, strict=True)]
        self.across, self.along = directions[: self.rank], directions[self.rank :]

    def reached(self, apart: Vector) -> Vector:
        """The shortest change after which equations that are so far apart hold, as far as they go together."""
        parts: Vector = []
        for j in range(self.rank):
            column = self.columns[j]
            parts.append((-apart[self.order[j]] - _dot(column[:j], parts)) / column[j])
        return combined(self.across, parts, len(self.across[0]) if self.across else len(self.along))

    def multipliers(self, slope: Vector) -> Vector:
        """The factors with which the rows make a slope, as near as they can."""
        found = [0.0] * len(self.order)
        target = [_dot(direction, slope) for direction in self.across]
        for j in range(self.rank - 1, -1, -1):
            later = sum(self.columns[k][j] * found[self.order[k]] for k in range(j + 1, self.rank))
            found[self.order[j]] = (target[j] - later) / self.columns[j][j]
        return found


def pushes(rows: Sequence[Vector], slope: Vector, equal: Collection[int]) -> dict[int, float]:
    """The factors with which rows make a slope, as near as they can. Only those that are `equal` may pull: all others
    that would have to are let go, one after the other."""
    kept = [*range(len(rows))]
    while True:
        found = Triangle([rows[j] for j in kept], len(slope)).multipliers(slope)
        pulling = [(y, j) for y, j in zip(found, kept, strict=True) if y < 0.0 and j not in equal]
        if not pulling:
            return dict(zip(kept, found, strict=True))
        kept.remove(min(pulling)[1])


def combined(directions: Sequence[Vector], parts: Vector, count: int) -> Vector:
    """The sum of some directions, of each a part."""
    found = [0.0] * count
    for direction, part in zip(directions, parts, strict=True):
        found = [x + part * u for x, u in zip(found, direction, strict=True)]
    return found


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    products: Iterator[float] = map(mul, a, b)
    return sum(products)
