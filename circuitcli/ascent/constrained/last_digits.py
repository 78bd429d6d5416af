"""From where a method ended to where constraints and bounds hold the point exactly, by Newton's steps."""

from __future__ import annotations

import math

from circuitcli.ascent.constrained.kkt import held_at, multipliers_at
from circuitcli.ascent.constrained.null_space import best_step
from circuitcli.ascent.constrained.program import Program
from circuitcli.ascent.problem import Vector
from circuitcli.engine.turned_rows import Triangle

TURNS = 6


def onto_walls(program: Program, x: Vector, places: list[int], ends: dict[int, float]) -> Vector:
    """The point where constraints and ends of inputs hold it exactly, by Newton's steps in the units as they are; the
    point itself where these lead away, or lack more."""
    place = [ends.get(i, u) for i, u in enumerate(program.moved(x))]
    firm = [[float(i == j) for j in range(len(place))] for i in ends]
    before = math.inf
    for _ in range(TURNS):
        here = program.here(place)
        if not here.finite:
            return x
        rows = [*(here.rows[k] for k in places), *firm]
        factors = Triangle(rows, len(place)).multipliers(here.slope)
        prices = dict(zip(places, factors, strict=False))
        bend = program.bend(place, [prices.get(k, 0.0) for k in range(len(program.constraints))])
        if not all(math.isfinite(h) for row in bend for h in row):
            return x
        step = best_step(bend, here.slope, rows, [*(here.apart[k] for k in places), *[0.0] * len(ends)], 0.0)
        if step is None or step.lift:
            return x
        far = max(map(abs, step.change), default=0.0)
        if not far < before:
            break
        before = far
        moved = [u + p for u, p in zip(place, step.change, strict=True)]
        place = [ends.get(i, u) for i, u in enumerate(moved)]
    there = program.problem.inside(program.whole(place))
    return there if all(map(math.isfinite, there)) else x


def to_the_last_digits(program: Program, x: Vector) -> Vector:
    """The point where what holds it holds exactly, by Newton's steps; the point itself where these lead no nearer."""
    before, best, lack = x, x, math.inf
    for _ in range(TURNS):
        program.measure(best)
        place = program.moved(best)
        here = program.here(place)
        held = held_at(program, place, here)
        prices, residual, _ = multipliers_at(program, here, held)
        pushing = [j for j, k in enumerate(held.places) if k < program.equal or prices[k] > 0.0]
        kept = [*pushing, *range(len(held.places), len(held.rows))]
        now = max(residual, max((abs(held.apart[j]) for j in kept), default=0.0))
        if not now < lack:
            return before
        before, lack = best, now
        bend = program.bend(place, [prices[k] for k in range(len(program.constraints))])
        rows, apart = [held.rows[j] for j in kept], [held.apart[j] for j in kept]
        step = best_step(bend, here.slope, rows, apart, 0.0)
        if step is None or step.lift or not lack:
            break
        moved = [u + p for u, p in zip(place, step.change, strict=True)]
        best = program.problem.inside(program.whole([held.ends.get(i, u) for i, u in enumerate(moved)]))
        if not all(map(math.isfinite, best)):
            break
    return before
