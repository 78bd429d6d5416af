"""The conditions of an optimum among constraints (Karush 1939; Kuhn & Tucker 1951), as they stand at a point."""

from __future__ import annotations

import math
from typing import NamedTuple

from circuitcli.ascent.constrained.null_space import best_step
from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.problem import Vector, dot
from circuitcli.engine.turned_rows import Triangle, pushes

NOTHING = 1e-30  # in its unit at the start: a constraint that flattens out where it holds
ROUNDED = 1e-15  # in the unit of the way: so little is rounding
DIGITS = 1e-14  # of the size of a constraint: so little is rounding of its terms
VIOLATION = 1e-8  # in the unit of a constraint: so little lacks nothing
RESIDUAL = 1e-7  # in the units of value and inputs: so little slope is left
WORTH = 1e-3  # of what was gained, by a step of a unit: so much slope is left, however large the unit of the value
PROMISE = 1e-15  # of what was gained: no gain
SETTLED = 1e-6  # of the size or the way of an input: a step of Newton so short leads nowhere
TOUCHING = 1e-6  # in its unit: an inequality, or a bound, that may hold the point


class Standing(NamedTuple):
    """A constraint at a point: the difference of its sides, whether it is active, and its price: by how much the value
    there changes when its right side grows by one."""

    text: str
    apart: float
    active: bool
    price: float
    violation: float


class Conditions(NamedTuple):
    """The constraints as they stand; the largest violation and what slope is left, in units of their own; and the gain
    that a model of second order promises along them, as a part of what was gained."""

    standings: list[Standing]
    violation: float
    residual: float
    promise: float
    rows: list[Vector]  # the slopes of those that are active, by all inputs
    off: float  # the most that a constraint lacks, in the unit that it has at the start
    beyond: Vector | None  # a better point, where what looks like an optimum is a saddle

    @property
    def feasible(self) -> bool:
        return self.violation <= VIOLATION

    @property
    def met(self) -> bool:
        """Whether the conditions hold, but for rounding."""
        return self.level and self.beyond is None

    @property
    def level(self) -> bool:
        """Whether no slope is left, but for rounding."""
        return self.feasible and (self.residual <= RESIDUAL or self.promise <= PROMISE)

    @property
    def worst(self) -> Standing:
        """The constraint that is violated most."""
        return max(self.standings, key=lambda standing: standing.violation)


class Held(NamedTuple):
    """The rows that hold a point, of constraints and bounds, with the place of each constraint, and how far they are
    apart; and the ends of the inputs at a bound."""

    rows: list[Vector]
    apart: Vector
    places: list[int]
    ends: dict[int, float]


def conditions(program: Program, x: Vector) -> Conditions:
    """The conditions at a point, of all inputs in their own units."""
    program.measure(x)
    place = program.moved(x)
    here = program.here(place)
    held = held_at(program, place, here)
    prices, residual, kept = multipliers_at(program, here, held)
    units = program.units
    standings, worst, sizes, reach = [], 0.0, program.sizes(place, here), program.reach(place, here)
    for k, constraint in enumerate(program.constraints):
        c = here.apart[k]
        off = math.inf if c != c else max(0.0, -c) if constraint.rises else abs(c)
        part = off * program.units.constraints[k] / program.first[k]
        gone = (off <= ROUNDED and part <= VIOLATION) or (off <= TOUCHING * reach[k] and part <= NOTHING)
        violation = 0.0 if gone else off / sizes[k] if off < math.inf else math.inf
        worst = max(worst, violation)
        price = prices[k] * units.value / units.constraints[k] * constraint.limit
        active = not constraint.rises or k in held.places
        own = c * units.constraints[k]
        standings.append(Standing(constraint.text, own, active, -program.problem.sign * price + 0.0, violation))
    loose = _loose(program, place, here, prices, sizes)
    gained = _gained(program, here)
    if gained and residual > WORTH * gained:
        residual /= gained
    promise, left = _promise(program, place, here, held, kept, prices)
    promise += loose
    residual = max(residual, loose, left)
    rows = [
        constraint.difference.both(x)[1]
        for constraint, each in zip(program.constraints, standings, strict=True)
        if each.active and (each.price or not constraint.rises)
    ]
    lacks = zip(program.constraints, standings, program.first, strict=True)
    off = max((max(0.0, -s.apart) if c.rises else abs(s.apart)) / unit for c, s, unit in lacks) if standings else 0.0
    beyond = _beyond(program, place, here, held, prices) if promise == math.inf and worst <= VIOLATION else None
    return Conditions(standings, worst, residual, promise, rows, off, beyond)


def _beyond(program: Program, x: Vector, here: Here, held: Held, prices: dict[int, float]) -> Vector | None:
    """A better point along what holds a point firmly, where the value bends the wrong way; None where there is none."""
    from circuitcli.ascent.constrained.way_out import way_out

    bend = program.bend(x, [prices[k] for k in range(len(program.constraints))])
    if not all(math.isfinite(h) for row in bend for h in row):
        return None
    firm = [j for j, k in enumerate(held.places) if k < program.equal or prices[k] > RESIDUAL]
    left = [*here.slope]
    for j in firm:
        left = [g - prices[held.places[j]] * r for g, r in zip(left, held.rows[j], strict=True)]
    bounds = [row for row in held.rows[len(held.places) :] if dot(row, left) > RESIDUAL]
    return way_out(program, x, here, bend, [*(held.rows[j] for j in firm), *bounds], [held.places[j] for j in firm])


def _promise(
    program: Program, x: Vector, here: Here, held: Held, rows: list[Vector], prices: dict[int, float]
) -> tuple[float, float]:
    """The gain along the rows that hold a point, as a part of what was gained, infinite where the value bends the wrong
    way; and the slope that is left and leads on, as a part of what it is made of."""
    bend = program.bend(x, [prices[k] for k in range(len(program.constraints))])
    if not all(math.isfinite(h) for row in bend for h in row):
        return math.inf, _unmade(here, rows, [math.inf] * len(x), [0.0] * len(x))
    step = best_step(bend, here.slope, rows, [0.0] * len(rows), 0.0)
    sizes = [max(abs(u), abs(u - v)) for u, v in zip(x, program.moved(program.start.x), strict=True)]
    if step is None or step.lift:
        return math.inf, _unmade(here, rows, [math.inf] * len(x), sizes)
    gained = _gained(program, here)
    promise = -0.5 * dot(here.slope, step.change) / gained if gained else 0.0
    return promise, _unmade(here, rows, step.change, sizes)


def _unmade(here: Here, rows: list[Vector], change: Vector, sizes: Vector) -> float:
    """The slope that the rows do not make, as a part of what it and they are made of, of inputs that a step of Newton
    moves by a part of their size or way: no unit of the value or of an input makes it small."""
    factors = Triangle(rows, len(here.slope)).multipliers(here.slope)
    most = 0.0
    for i, (g, p, size) in enumerate(zip(here.slope, change, sizes, strict=True)):
        parts = [y * row[i] for y, row in zip(factors, rows, strict=True)]
        largest = max(map(abs, (g, *parts)))
        if largest and not abs(p) <= SETTLED * size:
            most = max(most, abs(g - sum(parts)) / largest)
    return most


def _gained(program: Program, here: Here) -> float:
    """The size of the value, or of what was gained."""
    return max(abs(here.value), abs(here.value + program.start.value / program.units.value))


def _loose(program: Program, x: Vector, here: Here, prices: dict[int, float], sizes: Vector) -> float:
    """The gain or the loss up to the inequalities that are said to hold a point, and are some way off beside the way
    of the inputs from the start, as a part of what the value has gained on it: where inputs are large and go a little
    way, as seconds since 1970 do, their own size tells nothing."""
    ways = [abs(u - v) for u, v in zip(x, program.moved(program.start.x), strict=True)]
    gains = []
    for k, (c, row) in enumerate(zip(here.apart, here.rows, strict=True)):
        own = max((abs(g) * way for g, way in zip(row, ways, strict=True)), default=0.0)
        if k >= program.equal and prices[k] and abs(c) > max(VIOLATION * min(own, sizes[k]), DIGITS * sizes[k]):
            gains.append(abs(prices[k] * c))
    gained = abs(here.value + program.start.value / program.units.value) or _gained(program, here)
    return max(gains, default=0.0) / gained if gained else 0.0


def held_at(program: Program, x: Vector, here: Here) -> Held:
    """The constraints that are 0 at a point, or nearly, and the bounds there: all that may hold it."""
    count = len(x)
    places = [k for k, c in enumerate(here.apart) if k < program.equal or c <= TOUCHING]
    rows, apart = [here.rows[k] for k in places], [here.apart[k] for k in places]
    ends: dict[int, float] = {}
    for i, (u, low, high) in enumerate(zip(x, program.low, program.high, strict=True)):
        near = TOUCHING * max(1.0, abs(u))
        if u - low <= near or high - u <= near:
            end, side = (low, 1.0) if u - low <= high - u else (high, -1.0)
            ends[i] = end
            rows.append([side * (j == i) for j in range(count)])
            apart.append(side * (u - end))
    return Held(rows, apart, places, ends)


def multipliers_at(program: Program, here: Here, held: Held) -> tuple[dict[int, float], float, list[Vector]]:
    """The multipliers of the constraints by their places, the slope that is left, and the rows that hold the point:
    those of walls that would have to pull are let go, one after the other."""
    equal = [j for j, k in enumerate(held.places) if k < program.equal]
    found = pushes(held.rows, here.slope, equal)
    rows, left = [held.rows[j] for j in found], [*here.slope]
    for y, row in zip(found.values(), rows, strict=True):
        left = [g - y * r for g, r in zip(left, row, strict=True)]
    prices = dict.fromkeys(range(len(program.constraints)), 0.0)
    prices |= {held.places[j]: y for j, y in found.items() if j < len(held.places)}
    return prices, max(map(abs, left), default=0.0), rows
