"""An interior method with exact second derivatives: the walls of bounds and inequalities push off, ever less.

Newton's steps on the conditions of an optimum (Wächter & Biegler 2006): what is least of the value less mu times the
logarithms of the distances from all walls. A step has to bring the constraints nearer or the value down, and none may
be as bad as one that a filter remembers (Fletcher & Leyffer 2002).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from circuitcli.ascent.constrained.null_space import Matrix, Step, best_step
from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.method_row import Method
from circuitcli.ascent.problem import Vector, dot

DONE, STUCK, NONFINITE = "done", "stuck", "nonfinite"
TOL = 1e-9  # of the conditions, in units of their own
PUSHED = 1e-2  # of a size: so far from a wall it begins
NEAR = 10.0  # times mu: conditions that are so nearly met let mu fall
FALL, FASTER = 0.2, 1.5  # of mu, and to that power
EDGE = 0.99  # of the way to a wall
WORST = 100.0  # times the distance of the start from the constraints
BETTER = 1e-5  # of the distance: a step must gain so much
ARMIJO = 1e-4  # of what the slope promises
MUCH = 1e100  # that a step promises: more makes no difference, and powers of it may leave the range of floats
HALVINGS = 30
APART = 1e10  # times mu over its distance: how far a multiplier may be off
WIDE = 1e3  # a multiplier to begin with


class Memory(NamedTuple):
    """All that goes on from a step to the next: the units, the slacks, the multipliers of equalities and of walls, mu,
    the lift of the model, the filter, and which attempt and turn it is."""

    units: Sequence[Any] = ()
    slacks: Sequence[float] = ()
    equal: Sequence[float] = ()
    walls: Sequence[float] = ()
    mu: float = 0.0
    lift: float = 0.0
    filter: Sequence[Sequence[float]] = ()
    ends: Sequence[
        float
    ] = ()  # the worst distance that a step may lead to, one that is small, and how often it stalled
    attempt: int = 0
    turn: int = 0


class _Try(NamedTuple):
    """A point that a step leads to."""

    x: Vector
    slacks: Vector
    value: float
    apart: Vector


class Interior:
    """The method under way: `x` and the slacks of the inequalities, within their walls."""

    def __init__(self, program: Program, x: Vector, reach: float) -> None:
        self.program, self.reach, self.x = program, reach, x
        self._low = [(i, low) for i, low in enumerate(program.low) if low > -math.inf]
        self._high = [(i, high) for i, high in enumerate(program.high) if high < math.inf]
        self.lift, self.filter, self._stalls = 0.0, list[Sequence[float]](), 0

    def begin(self, mu: float) -> None:
        """Begin from some way within all bounds."""
        self.mu, self.x = mu, self._inside(self.x)
        self.here: Here = self.program.here(self.x)
        self.slacks = [max(c, PUSHED) for c in self.here.apart[self.program.equal :]]
        self.walls = [mu / distance for distance in self.distances(self.x, self.slacks)]
        self.equal = [0.0] * self.program.equal
        off = self.off(self.here.apart, self.slacks)
        self._worst, self._small = WORST * max(0.1, off), 1e-4 * max(1.0, off)
        if self.here.finite:
            self._estimate()

    def go_on(self, memory: Memory) -> None:
        """Go on with what was remembered."""
        self.slacks, self.equal, self.walls = [*memory.slacks], [*memory.equal], [*memory.walls]
        self.mu, self.lift, self.filter = memory.mu, memory.lift, [*memory.filter]
        self._worst, self._small, stalls = memory.ends
        self._stalls = int(stalls)
        self.here = self.program.here(self.x)

    def memory(self, attempt: int, turn: int) -> Memory:
        """All that the next steps depend on."""
        ends = self._worst, self._small, float(self._stalls)
        own = self.slacks, self.equal, self.walls, self.mu, self.lift, self.filter
        return Memory(self.program.units, *own, ends, attempt, turn)

    def _inside(self, x: Vector) -> Vector:
        """A point, some way from all bounds."""
        low, high, found = self.program.low, self.program.high, [*x]
        for i, u in enumerate(x):
            width = high[i] - low[i]
            least = low[i] + min(PUSHED * max(1.0, abs(low[i])), PUSHED * width) if low[i] > -math.inf else -math.inf
            most = high[i] - min(PUSHED * max(1.0, abs(high[i])), PUSHED * width) if high[i] < math.inf else math.inf
            found[i] = min(max(u, least), most)
        return found

    def distances(self, x: Vector, slacks: Vector) -> Vector:
        """The distances from all walls: of lower bounds, upper bounds, and inequalities."""
        return [*(x[i] - low for i, low in self._low), *(high - x[i] for i, high in self._high), *slacks]

    def off(self, apart: Vector, slacks: Vector) -> float:
        """The sum of what lacks in all constraints."""
        count = self.program.equal
        rest = zip(apart[count:], slacks, strict=True)
        return sum(map(abs, apart[:count])) + sum(abs(c - s) for c, s in rest)

    @property
    def multipliers(self) -> Vector:
        """The multipliers of all constraints."""
        return [*self.equal, *self.walls[len(self._low) + len(self._high) :]]

    @property
    def touching(self) -> tuple[list[int], dict[int, float]]:
        """The constraints that hold the point, and the ends of the inputs at a bound: where a wall pushes more than it
        is far, in units of their own."""
        near = [z > d for z, d in zip(self.walls, self.distances(self.x, self.slacks), strict=True)]
        bounds = [*self._low, *self._high]
        ends = {i: end for (i, end), is_near in zip(bounds, near, strict=False) if is_near}
        count = self.program.equal
        return [*range(count), *(count + k for k, is_near in enumerate(near[len(bounds) :]) if is_near)], ends

    def _estimate(self) -> None:
        """The multipliers of equalities that fit the slope, unless they are out of all size."""
        count = self.program.equal
        if not count:
            return
        even = [[float(i == j) for j in range(len(self.x))] for i in range(len(self.x))]
        step = best_step(even, self._slope([0.0] * count), self.here.rows[:count], [0.0] * count, 0.0)
        fits = step is not None and max(map(abs, step.multipliers)) < WIDE
        self.equal = step.multipliers if step is not None and fits else [0.0] * count

    def _slope(self, equal: Vector) -> Vector:
        """The slope of the value less all multipliers times their constraints and bounds."""
        found = [*self.here.slope]
        for y, row in zip([*equal, *self.multipliers[len(equal) :]], self.here.rows, strict=True):
            found = [g - y * r for g, r in zip(found, row, strict=True)]
        for (i, _), z in zip(self._low, self.walls, strict=False):
            found[i] -= z
        for (i, _), z in zip(self._high, self.walls[len(self._low) :], strict=False):
            found[i] += z
        return found

    def lack(self, mu: float = 0.0) -> float:
        """The most that a condition of an optimum is from being met."""
        pairs = [*zip(self.walls, self.distances(self.x, self.slacks), strict=True)]
        sizes = (sum(map(abs, self.equal)) + sum(self.walls)) / max(1, len(self.equal) + len(self.walls))
        large = max(100.0, sizes) / 100.0
        count = self.program.equal
        apart = [*self.here.apart[:count], *(c - s for c, s in zip(self.here.apart[count:], self.slacks, strict=True))]
        return max(
            max(map(abs, self._slope(self.equal))) / large,
            max((abs(z * d - mu) for z, d in pairs), default=0.0) / large,
            max(map(abs, apart), default=0.0),
        )

    def step(self) -> str:
        """Take a step; return why there is none, else nothing."""
        if self.lack() < TOL:
            return DONE
        while self.mu > TOL / 20.0 and self.lack(self.mu) < NEAR * self.mu:
            self.mu, self.filter = max(TOL / 20.0, min(FALL * self.mu, self.mu**FASTER)), []
        bend = self.program.bend(self.x, self.multipliers)
        if not all(math.isfinite(h) for row in bend for h in row):
            return NONFINITE
        self._add_walls(bend)
        apart = self.here.apart[self.program.equal :]
        step = self._newton(bend, self.here.apart[: self.program.equal], apart)
        if step is None:
            return STUCK
        self.lift = step.lift or self.lift / 3.0
        slacks = self._slack_change(step.change, apart)
        return self._searched(bend, step, slacks)

    def _add_walls(self, bend: Matrix) -> None:
        """Add what the walls bend."""
        stiff = [z / d for z, d in zip(self.walls, self.distances(self.x, self.slacks), strict=True)]
        for (i, _), k in zip([*self._low, *self._high], stiff, strict=False):
            bend[i][i] += k
        rows = self.here.rows[self.program.equal :]
        for row, k in zip(rows, stiff[len(self._low) + len(self._high) :], strict=True):
            for own, r in zip(bend, row, strict=True):
                if r:
                    own[:] = [h + k * r * u for h, u in zip(own, row, strict=True)]

    def _pull(self) -> Vector:
        """The slope of the value less mu times the logarithms of the distances from bounds."""
        found = [*self.here.slope]
        for i, low in self._low:
            found[i] -= self.mu / (self.x[i] - low)
        for i, high in self._high:
            found[i] += self.mu / (high - self.x[i])
        return found

    def _newton(self, bend: Matrix, equal: Vector, apart: Vector) -> Step | None:
        """The step of the conditions, with equalities and inequalities so far apart."""
        pull = self._pull()
        own = self.multipliers[self.program.equal :]
        rows = self.here.rows[self.program.equal :]
        for y, s, c, row in zip(own, self.slacks, apart, rows, strict=True):
            force = y + (self.mu - y * c) / s
            pull = [p - force * r for p, r in zip(pull, row, strict=True)]
        return best_step(bend, pull, self.here.rows[: self.program.equal], equal, self.lift / 3.0)

    def _slack_change(self, change: Vector, apart: Vector) -> Vector:
        rows = self.here.rows[self.program.equal :]
        return [dot(row, change) + c - s for row, c, s in zip(rows, apart, self.slacks, strict=True)]

    def _barrier(self, value: float, distances: Vector) -> float:
        return value - self.mu * sum(map(math.log, distances))

    def _room(self, change: Vector, slacks: Vector) -> float:
        """The part of a step that stays within all walls, and within reach."""
        longest, edge = max(map(abs, change)), max(EDGE, 1.0 - self.mu)
        room = min(1.0, self.reach * max(1.0, max(map(abs, self.x))) / longest) if longest else 1.0
        ways = self._way(change, slacks)
        for distance, way in zip(self.distances(self.x, self.slacks), ways, strict=True):
            if way < 0.0:
                room = min(room, -edge * distance / way)
        return room

    def _way(self, change: Vector, slacks: Vector) -> Vector:
        """The change of the distances from all walls."""
        return [*(change[i] for i, _ in self._low), *(-change[i] for i, _ in self._high), *slacks]

    def _searched(self, bend: Matrix, step: Step, slacks: Vector) -> str:
        """Go as far along a step as it is good."""
        length = self._room(step.change, slacks)
        distances = self.distances(self.x, self.slacks)
        off, before = self.off(self.here.apart, self.slacks), self._barrier(self.here.value, distances)
        promise = -dot(self._pull(), step.change) + self.mu * sum(
            w / s for w, s in zip(slacks, self.slacks, strict=True)
        )

        def judged(there: _Try | None, length: float) -> bool | None:
            """Whether a point is good because of its value alone; None where it is not good."""
            if there is None or (far := self.off(there.apart, there.slacks)) > self._worst:
                return None
            value = self._barrier(there.value, self.distances(there.x, there.slacks))
            if any(far >= a and value >= b for a, b in self.filter):
                return None
            told = 1e-13 * max(1.0, abs(before))
            if off <= self._small and promise > 0.0 and length * min(promise, MUCH) ** 2.3 > off**1.1:
                return True if value <= before - ARMIJO * length * promise + told else None
            return False if far <= (1.0 - BETTER) * off or value <= before - BETTER * off + told else None

        for turn in range(HALVINGS):
            there = self._there(step.change, slacks, length)
            if (why := judged(there, length)) is None and turn == 0 and there is not None:
                there = self._corrected(bend, there, length)
                why = judged(there, length)
            if why is not None and there is not None:
                if not why:
                    self.filter.append([(1.0 - BETTER) * off, before - BETTER * off])
                return self._arrive(there, step, slacks, length)
            length *= 0.5
        return self._anew(off, before)

    def _there(self, change: Vector, slacks: Vector, length: float) -> _Try | None:
        x = [u + length * p for u, p in zip(self.x, change, strict=True)]
        own = [s + length * p for s, p in zip(self.slacks, slacks, strict=True)]
        if not all(d > 0.0 for d in self.distances(x, own)):
            return None
        value, apart = self.program.value(x)
        return _Try(x, own, value, apart) if math.isfinite(value) and all(map(math.isfinite, apart)) else None

    def _corrected(self, bend: Matrix, there: _Try, length: float) -> _Try | None:
        """The step again, with what the constraints bend along it."""
        count = self.program.equal
        if not self.program.constraints or self.off(there.apart, there.slacks) < self.off(self.here.apart, self.slacks):
            return None
        apart = [length * c + d for c, d in zip(self.here.apart[:count], there.apart[:count], strict=True)]
        parts = zip(self.here.apart[count:], self.slacks, there.apart[count:], there.slacks, strict=True)
        rest = [length * (c - s) + d - t + s for c, s, d, t in parts]
        step = self._newton(bend, apart, rest)
        if step is None:
            return None
        slacks = self._slack_change(step.change, rest)
        return self._there(step.change, slacks, self._room(step.change, slacks))

    def _arrive(self, there: _Try, step: Step, slacks: Vector, length: float) -> str:
        before = self.distances(self.x, self.slacks)
        ways = self._way(step.change, slacks)
        turns = [self.mu / d - z - z / d * w for z, d, w in zip(self.walls, before, ways, strict=True)]
        edge, room = max(EDGE, 1.0 - self.mu), 1.0
        for z, turn in zip(self.walls, turns, strict=True):
            if turn < 0.0 < z:
                room = min(room, -edge * z / turn)
        self.equal = [y + length * (t - y) for y, t in zip(self.equal, step.multipliers, strict=True)]
        self.walls = [z + room * turn for z, turn in zip(self.walls, turns, strict=True)]
        self._stand(there.x, there.slacks)
        return "" if self.here.finite else NONFINITE

    def _stand(self, x: Vector, slacks: Vector) -> None:
        self.x, self.slacks = x, slacks
        even = [self.mu / d for d in self.distances(x, slacks)]
        self.walls = [max(min(z, APART * e), e / APART) for z, e in zip(self.walls, even, strict=True)]
        self.here = self.program.here(x)

    def _anew(self, off: float, before: float) -> str:
        """Where no length of the step is good: nearer to the constraints alone, and from there on."""
        from circuitcli.ascent.constrained.restoration import nearer

        x = nearer(self.program, self.x, self.here)
        if x is None:
            self._stalls += 1
            self.mu, self.filter = max(TOL / 20.0, 0.1 * self.mu), []
            return "" if self._stalls < 3 else STUCK
        self.filter.append([(1.0 - BETTER) * off, before - BETTER * off])
        self.x, self.here = x, self.program.here(x)
        self.slacks = [max(c, PUSHED * self.mu, 1e-8) for c in self.here.apart[self.program.equal :]]
        if not all(d > 0.0 for d in self.distances(self.x, self.slacks)):
            return STUCK
        self.walls = [min(max(self.mu / d, 1e-8), WIDE) for d in self.distances(self.x, self.slacks)]
        if not self.here.finite:
            return NONFINITE
        self._estimate()
        return ""


ABOUT = "within bounds and constraints, by exact second derivatives"
ROWS = (Method("interior", ABOUT, None, Memory, certifies=True, constrained=True),)
