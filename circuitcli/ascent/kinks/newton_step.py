"""Newton's step on the pieces that stay the largest together, by Lagrange's equations: the last digits, which an
interior point does not reach."""

from __future__ import annotations

import math

from circuitcli.ascent.kinks.interior_point import Facets, Least, Matrix, fall, is_least, within
from circuitcli.ascent.problem import Vector, dot

SHARES = 1e-7  # of all: the least weight of a piece that counts as mixed
NEAR = 1e-6  # of a step: a bound that it comes as near to holds it


def newton_step(bend: Matrix, facets: Facets, near: Least) -> Least | None:
    """The best point where the pieces that weigh something near the best point are equal; None where it falls less, or
    where one of them would weigh less than nothing. Where the search for that point did not come to its end, it is
    `sure` only by the slopes and pieces where it leads.

    The equations are H·p + c + sum of w·A = 0, and equal pieces in each group (Nocedal & Wright, 16.4)."""
    slope, groups, low, high, _ = facets
    rows: Matrix = []
    ends: Vector = []
    total, places = list(slope), list[tuple[int, int]]()
    best = [weights.index(max(weights)) for weights in near.weights]
    for k, (group, top) in enumerate(zip(groups, best, strict=True)):
        total = [u + a for u, a in zip(total, group.slopes[top], strict=True)]
        for j, weight in enumerate(near.weights[k]):
            if j != top and weight > SHARES:
                rows.append([a - b for a, b in zip(group.slopes[j], group.slopes[top], strict=True)])
                ends.append(group.values[top] - group.values[j])
                places.append((k, j))
    reach = NEAR * max(map(abs, near.change), default=0.0)
    for i, (least, p, most) in enumerate(zip(low, near.change, high, strict=True)):
        end = least if p - least < most - p else most
        if abs(p - end) <= reach:
            rows.append([float(i == j) for j in range(len(slope))])
            ends.append(end)
    solution = _solution(bend, total, rows, ends)
    if solution is None:
        return None
    change = within(solution[: len(slope)], low, high)
    weights = [[0.0] * len(group.values) for group in groups]
    for (k, j), force in zip(places, solution[len(slope) :]):  # noqa: B905  without those of bounds
        weights[k][j] = force
    for row, top in zip(weights, best, strict=True):
        row[top] = 1.0 - sum(row)
    gained = fall(bend, slope, groups, change)
    if not gained >= near.fall or min(map(min, weights), default=0.0) < 0.0:
        return None
    found = Least(change, weights, gained)
    return found._replace(sure=near.sure or is_least(bend, facets, found))


def _solution(bend: Matrix, slope: Vector, rows: Matrix, ends: Vector) -> Vector | None:
    """The point where a quadratic function has no slope but along some rows, and these have given products with it; and
    the force of each row. None where that is no one point."""
    sizes = [max(map(abs, row)) for row in rows]
    if 0.0 in sizes:
        return None
    shares = [[a / size for a in row] for row, size in zip(rows, sizes, strict=True)]
    matrix = [[*h, *(row[i] for row in shares)] for i, h in enumerate(bend)]
    matrix += [[*row, *([0.0] * len(rows))] for row in shares]
    right = [*(-u for u in slope), *(end / size for end, size in zip(ends, sizes, strict=True))]
    found = _eliminated(matrix, right)
    if found is None:
        return None
    count = len(slope)
    return [*found[:count], *(force / size for force, size in zip(found[count:], sizes, strict=True))]


def _eliminated(matrix: Matrix, right: Vector) -> Vector | None:
    """The solution of linear equations, by Gauss's elimination with the largest pivots; None where there is no one."""
    rows = [[*row, u] for row, u in zip(matrix, right, strict=True)]
    count = len(rows)
    for i in range(count):
        best = max(range(i, count), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        if not abs(rows[i][i]) > 0.0:
            return None
        for row in rows[i + 1 :]:
            factor = row[i] / rows[i][i]
            if factor:
                for j in range(i + 1, count + 1):
                    row[j] -= factor * rows[i][j]
    found = [0.0] * count
    for i in range(count - 1, -1, -1):
        found[i] = (rows[i][count] - dot(rows[i][i + 1 : count], found[i + 1 :])) / rows[i][i]
    return found if all(map(math.isfinite, found)) else None
