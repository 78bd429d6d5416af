"""Whether inputs run away among constraints: the value goes on rising, and all constraints hold, however far."""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitcli.ascent.constrained.kkt import conditions
from circuitcli.ascent.constrained.program import Program
from circuitcli.ascent.problem import Vector, dot
from circuitcli.engine.turned_rows import Triangle, combined

POWERS = range(0, 60, 3)  # of 2, times the way until here
RISE = 1e-9  # of the value, at the least: one that comes to an end rises by less, sooner or later
MOVED = 1e-3  # of the longest way: an input that goes less does not run


def running(program: Program, start: Vector, here: Vector, rows: Sequence[Vector]) -> tuple[str, ...]:
    """The inputs that run away as they came, but for steps across the `rows` of slopes of constraints that hold them;
    none where the value or a constraint has an end."""
    problem = program.problem
    way = _along([u - v for u, v in zip(here, start, strict=True)], rows)
    longest = max(map(abs, way), default=0.0)
    last = problem.value(here)
    if not 0.0 < longest < math.inf:
        return ()
    for k in POWERS:
        there = [u + math.ldexp(d, k) for u, d in zip(here, way, strict=True)]
        if not all(map(math.isfinite, there)) or problem.inside(there) != there:
            return ()
        value = problem.value(there)
        if not last + RISE * abs(last) < value < math.inf or not conditions(program, there).feasible:
            return ()
        last = value
    return tuple(name for name, d in zip(problem.names, way, strict=True) if abs(d) > MOVED * longest)


def _along(way: Vector, rows: Sequence[Vector]) -> Vector:
    """The part of a way that leaves the rows alone, each input in the unit of its way."""
    units = [abs(d) or 1.0 for d in way]
    scaled = [[g * unit for g, unit in zip(row, units, strict=True)] for row in rows]
    sound = [row for row in scaled if all(map(math.isfinite, row))]
    lengths = [max(map(abs, row), default=0.0) for row in sound]
    even = [[g / length for g in row] for row, length in zip(sound, lengths, strict=True) if length]
    straight = [d / unit for d, unit in zip(way, units, strict=True)]
    along = Triangle(even, len(way)).along
    found = combined(along, [dot(direction, straight) for direction in along], len(way))
    return [d * unit for d, unit in zip(found, units, strict=True)]
