"""The direction along which a system does not change to first order, where its slopes are singular."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from circuitcli.ascent.problem import Vector

FLAT = 1e-7  # of the largest: a pivot that is none beside the digits of an end at a double root
MOVED = 1e-3  # of the largest part of a direction: an unknown that is not in it


def flat_direction(rows: Sequence[Vector], before: Sequence[Vector], sizes: Vector) -> list[int]:
    """The unknowns that move along such a direction; none where the slopes are not singular. By elimination with full
    pivots, of the slopes by each unknown in its size, beside those at a place `before`."""
    matrix = [[g * size for g, size in zip(row, sizes, strict=True)] for row in rows]
    steep = [[abs(g) * size for g, size in zip(row, sizes, strict=True) if isfinite(g)] for row in before]
    tops = [max([*map(abs, row), *then]) or 1.0 for row, then in zip(matrix, steep, strict=True)]
    matrix = [[g / top for g in row] for row, top in zip(matrix, tops, strict=True)]
    order = [*range(len(sizes))]  # the unknowns in the order of their pivots
    done: list[Vector] = []
    while matrix:
        _, i, j = max((abs(row[j]), i, j) for i, row in enumerate(matrix) for j in order[len(done) :])
        if abs(matrix[i][j]) <= FLAT:
            break
        pivot = matrix.pop(i)
        matrix = [[g - row[j] / pivot[j] * p for g, p in zip(row, pivot, strict=True)] for row in matrix]
        order.remove(j)
        order.insert(len(done), j)
        done.append(pivot)
        if len(done) == len(order):
            return []
    if len(done) == len(order):
        return []
    way = [0.0] * len(order)
    way[order[len(done)]] = 1.0
    for k in range(len(done) - 1, -1, -1):
        row, j = done[k], order[k]
        way[j] = -sum(g * u for i, (g, u) in enumerate(zip(row, way, strict=True)) if i != j) / row[j]
    largest = max(map(abs, way))
    return [i for i, u in enumerate(way) if abs(u) > MOVED * largest]
