"""The way off a start at which constraints that are not met have no slope, as x*y = 1 at the origin: along what bends
them most, as far as they are met to second order."""

from __future__ import annotations

import math

from circuitcli.ascent.constrained.program import Program
from circuitcli.ascent.constrained.way_out import LACKING, wrong_way
from circuitcli.ascent.problem import Vector, dot


def off_flat(program: Program, x: Vector) -> Vector | None:
    """The point that lacks least of two, one to each side, or of equals the better one; None where no constraint is
    flat, or none bends to what it wants."""
    place = program.moved(x)
    here = program.here(place)
    wanted = [0.0] * len(here.apart)
    for k, (c, row) in enumerate(zip(here.apart, here.rows, strict=True)):
        if not any(row) and math.isfinite(c) and (c < 0.0 or (c > 0.0 and k < program.equal)):
            wanted[k] = -math.copysign(1.0, c)
    if not any(wanted):
        return None
    bend = program.bend(place, wanted, 0.0)
    even = [[float(i == k) for k in range(len(bend))] for i in range(len(bend))]
    way = wrong_way(bend, even)
    if way is None:
        return None
    rise = -dot(way, [dot(row, way) for row in bend])
    length = math.sqrt(2.0 * sum(abs(c) for c, sign in zip(here.apart, wanted, strict=True) if sign) / rise)
    sides = [[u + side * d for u, d in zip(place, way, strict=True)] for side in (length, -length)]
    points = [program.problem.inside(program.whole(side)) for side in sides]
    return min(points, key=lambda point: _lack_and_value(program, point))


def _lack_and_value(program: Program, point: Vector) -> tuple[float, float]:
    """The most that a constraint lacks, in units of its own, 0 for rounding; and the value."""
    value, apart = program.value(program.moved(point))
    lacks = [*map(abs, apart[: program.equal]), *(-c for c in apart[program.equal :])]
    most = max(lacks, default=0.0) if all(map(math.isfinite, lacks)) else math.inf
    return most if most > LACKING else 0.0, value
