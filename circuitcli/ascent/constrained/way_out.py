"""The way out of a saddle, or of a top where a bottom is wanted: along what holds the point, where the value bends the
wrong way."""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitcli.ascent.constrained.null_space import LIFT, STEEPER, Matrix
from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.problem import Vector, dot
from circuitcli.ascent.trust_region import cholesky, lifted, solved
from circuitcli.engine.turned_rows import Triangle, combined

LENGTHS = (0.3, 0.03, 3e-3, 3e-4)  # of a way, in the units of the inputs
TURNS = 8  # of inverse iteration: any direction that bends the wrong way will do
BACK = 3  # steps of Newton back to what holds the point
TOLD = 1e-9  # of the value, or of what it bends along the way: so much better is better
LACKING = 1e-9  # in the units of the constraints


def way_out(
    program: Program, x: Vector, here: Here, bend: Matrix, rows: Sequence[Vector], places: Sequence[int]
) -> Vector | None:
    """A point that meets the constraints and is better than one in the units of the program at which no slope is left;
    None where none was found. The rows are the slopes of what holds it firmly: first constraints, at these places, and
    then bounds."""
    triangle = Triangle(rows, len(x))
    way = wrong_way(bend, triangle.along)
    if way is None:
        return None
    fall = 0.5 * abs(dot(way, [dot(row, way) for row in bend]))
    for length in LENGTHS:
        for side in (length, -length):
            there = _within(program, [u + side * d for u, d in zip(x, way, strict=True)])
            for _ in range(BACK):
                apart = program.value(there)[1]
                change = triangle.reached([*(apart[k] for k in places), *[0.0] * (len(rows) - len(places))])
                there = _within(program, [u + p for u, p in zip(there, change, strict=True)])
            value, apart = program.value(there)
            lack = max([*map(abs, apart[: program.equal]), *(-c for c in apart[program.equal :])], default=0.0)
            if lack <= LACKING and value < here.value - TOLD * max(abs(here.value), fall * length * length):
                return program.problem.inside(program.whole(there))
    return None


def _within(program: Program, x: Vector) -> Vector:
    """The nearest point within the bounds."""
    return [min(max(u, low), high) for u, low, high in zip(x, program.low, program.high, strict=True)]


def wrong_way(bend: Matrix, along: Matrix) -> Vector | None:
    """A direction of length 1 among those along which the value bends the wrong way; None where there is none."""
    bent = [[dot(row, direction) for row in bend] for direction in along]
    inner = [[dot(direction, column) for column in bent] for direction in along]
    largest = max((abs(h) for row in inner for h in row), default=0.0)
    if not 0.0 < largest < math.inf or cholesky(lifted(inner, LIFT * largest)) is not None:
        return None
    lift = LIFT * largest
    while (factor := cholesky(lifted(inner, lift))) is None:
        lift *= STEEPER
    parts = [1.0 + 0.1 * i for i in range(len(along))]
    for _ in range(TURNS):
        parts = solved(factor, parts)
        length = math.sqrt(dot(parts, parts))
        parts = [part / length for part in parts]
    return combined(along, parts, len(bend))
