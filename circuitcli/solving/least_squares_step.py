"""The step that makes linear equations hold best, at most so long: by reflections, whatever the rank (Moré 1978)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitcli.ascent.problem import Vector, dot

TURNS = 40  # of the search for the damping
NEAR = 0.1  # of the length
SINGULAR = 1e-14  # of the largest entry of a triangle
LEAST = 1e-12  # of the squares of the rows: a damping that leaves nothing of what is singular


def solution(rows: Sequence[Vector], right: Vector) -> Vector | None:
    """The x for which rows·x is nearest to the right side; None where that is not one point."""
    matrix, target = [[*row] for row in rows], [*right]
    count = len(matrix[0])
    if len(matrix) < count:
        return None
    for k in range(count):
        mirror = [row[k] for row in matrix[k:]]
        length = math.sqrt(dot(mirror, mirror))
        if not 0.0 < length < math.inf:
            return None
        mirror[0] += math.copysign(length, mirror[0])
        size = dot(mirror, mirror)
        for j in range(k, count):
            share = 2.0 * sum(u * row[j] for u, row in zip(mirror, matrix[k:], strict=True)) / size
            for u, row in zip(mirror, matrix[k:], strict=True):
                row[j] -= share * u
        share = 2.0 * dot(mirror, target[k:]) / size
        target[k:] = [t - share * u for t, u in zip(target[k:], mirror, strict=True)]
    largest = max(abs(matrix[k][k]) for k in range(count))
    found = [0.0] * count
    for k in range(count - 1, -1, -1):
        if not abs(matrix[k][k]) > SINGULAR * largest:
            return None
        found[k] = (target[k] - dot(matrix[k][k + 1 :], found[k + 1 :])) / matrix[k][k]
    return found


def step_within(rows: Sequence[Vector], apart: Vector, sizes: Vector, radius: float) -> Vector | None:
    """The p for which rows·p + apart is smallest, where sizes times p is no longer than the radius."""
    scaled = [[g / size for g, size in zip(row, sizes, strict=True)] for row in rows]
    right = [-c for c in apart]
    full = solution(scaled, right)
    if full is not None and length_of(full) <= radius:
        return [p / size for p, size in zip(full, sizes, strict=True)]
    pull = [sum(row[j] * r for row, r in zip(scaled, right, strict=True)) for j in range(len(sizes))]
    low, high = 0.0, length_of(pull) / radius
    step = None
    for _ in range(TURNS):
        damping = math.sqrt(low * high) if low > 0.0 else 1e-3 * high
        step = _damped(scaled, right, damping)
        if step is None:
            return None
        length = length_of(step)
        if abs(length - radius) <= NEAR * radius:
            break
        if length > radius:
            low = damping
        else:
            high = damping
        if low == 0.0 and high <= LEAST:
            break
    return None if step is None else [p / size for p, size in zip(step, sizes, strict=True)]


def _damped(rows: Sequence[Vector], right: Vector, damping: float) -> Vector | None:
    root, count = math.sqrt(damping), len(rows[0])
    held = [[root * (i == j) for j in range(count)] for i in range(count)]
    return solution([*rows, *held], [*right, *([0.0] * count)])


def length_of(vector: Vector) -> float:
    """The Euclidean length."""
    return math.sqrt(dot(vector, vector))
