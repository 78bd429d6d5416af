"""A root to as many decimal digits as are asked for, with its derivatives: Newton's steps in that many digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.engine.exact_digits import ExactDigits
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

GUARD = 15  # digits beyond those asked for, in the first attempt
ATTEMPTS = 4  # each with twice the digits of the one before
STEPS = 40  # of an attempt: each doubles the digits that are right
DOUBTED, FOLLOWED = 1000, 40  # digits, and steps, in which a root of floats is doubted
SAME = 0.2  # of the first step: steps that lead away shrink no further, those to a root of many folds do
HOLDS = 1e-30  # of what it left: more digits agree that an equation holds
STRAY = 1e-6  # of its size: so far from the float a root is another one


class PreciseRoot(NamedTuple):
    """A root, the differences that are left there, the derivatives of the unknowns by other inputs, and the arithmetic
    of all these numbers."""

    inputs: dict[str, Real]
    apart: list[Real]
    slopes: dict[str, dict[str, Real]]
    m: ExactDigits


def precise_root(
    graphs: Sequence[Graph],
    given: Mapping[str, Graph],
    near: Mapping[str, float],
    by: Sequence[str],
    sizes: Mapping[str, float],
    digits: int,
) -> PreciseRoot | None:
    """The root beside a float one; None where Newton's steps do not settle its digits, for it is not simple. The other
    inputs are constant circuits, evaluated anew with each attempt; digits count when two attempts agree (Ziv 1991)."""
    before: PreciseRoot | None = None
    for attempt in range(ATTEMPTS):
        m = ExactDigits((digits + GUARD) << attempt, digits)
        start = near if before is None else before.inputs
        here = _Attempt(graphs, given, [*near], by, m).root({name: m.number(start[name]) for name in near}, sizes)
        if here is not None and any(abs(here.inputs[name] - x) > STRAY * sizes[name] for name, x in near.items()):
            return None
        if before is not None and here is not None and _agree(before, here, sizes):
            return here
        before = here
    return None


def leads_away(
    graphs: Sequence[Graph],
    given: Mapping[str, Graph],
    near: Mapping[str, float],
    sizes: Mapping[str, float],
    limits: Sequence[float],
) -> bool:
    """Whether the equations hold at a point only because floats round: in more digits Newton's steps from there lead on
    and on. So it is with tanh(x) = 1 at 19.1."""
    m = ExactDigits(DOUBTED, DOUBTED)
    steps = _Attempt(graphs, given, [*near], (), m)
    return steps.lead_away({name: m.number(x) for name, x in near.items()}, sizes, limits)


class _Attempt:
    """Newton's steps in an arithmetic."""

    def __init__(
        self,
        graphs: Sequence[Graph],
        given: Mapping[str, Graph],
        unknowns: Sequence[str],
        by: Sequence[str],
        m: ExactDigits,
    ) -> None:
        self._graphs, self._unknowns, self._by, self._m = graphs, unknowns, by, m
        self._given = {name: forward(c, m, {})[c.output] for name, c in given.items() if name not in unknowns}

    def root(self, x: dict[str, Real], sizes: Mapping[str, float]) -> PreciseRoot | None:
        """The end of the steps from x, with its derivatives."""
        least = self._m.mp.mpf(10) ** (-2 - self._m.shown)
        for _ in range(STEPS):
            apart, slopes = self._at(x, self._unknowns)
            step = self._solved(slopes, [-c for c in apart])
            if step is None:
                return None
            x = {name: u + p for (name, u), p in zip(x.items(), step, strict=True)}
            if all(abs(p) <= least * max(abs(x[name]), sizes[name]) for name, p in zip(x, step, strict=True)):
                return self._found(x)
        return None

    def lead_away(self, x: dict[str, Real], sizes: Mapping[str, float], limits: Sequence[float]) -> bool:
        """Whether the steps from x neither shrink nor come to where the equations hold."""
        least = self._m.mp.mpf(10) ** (-self._m.shown // 2)
        first, last, tops = None, self._m.mp.zero, [least * self._m.number(limit) for limit in limits]
        for _ in range(FOLLOWED):
            apart, slopes = self._at(x, self._unknowns)
            step = self._solved(slopes, [-c for c in apart])
            if first is None:
                tops = [top + abs(c) for top, c in zip(tops, apart, strict=True)]
            if step is None or all(abs(c) <= HOLDS * top for c, top in zip(apart, tops, strict=True)):
                return False
            x = {name: u + p for (name, u), p in zip(x.items(), step, strict=True)}
            last = max(abs(p) / sizes[name] for name, p in zip(x, step, strict=True))
            first = last if first is None else first
        return first is not None and bool(last >= SAME * first)

    def _found(self, x: Mapping[str, Real]) -> PreciseRoot | None:
        apart, rows = self._at(x, [*self._unknowns, *self._by])
        count = len(self._unknowns)
        matrix = [row[:count] for row in rows]
        slopes: dict[str, dict[str, Real]] = {name: {} for name in self._unknowns}
        for j, name in enumerate(self._by, count):
            moved = self._solved(matrix, [-row[j] for row in rows])
            if moved is None:
                return None
            for unknown, slope in zip(self._unknowns, moved, strict=True):
                slopes[unknown][name] = slope
        return PreciseRoot({**self._given, **x}, apart, slopes, self._m)

    def _at(self, x: Mapping[str, Real], by: Sequence[str]) -> tuple[list[Real], list[list[Real]]]:
        m, apart, slopes = self._m, [], []
        for graph in self._graphs:
            point = Point(graph, {**self._given, **x}, by, m)
            gradient = point.gradient
            apart.append(m.number(point.value))
            slopes.append([m.number(gradient[name]) for name in by])
        return apart, slopes

    def _solved(self, rows: Sequence[Sequence[Real]], right: Sequence[Real]) -> list[Real] | None:
        mp = self._m.mp
        if not all(mp.isfinite(x) for row in (*rows, right) for x in row):
            return None
        try:
            found: Any = mp.lu_solve(mp.matrix([[*row] for row in rows]), mp.matrix([*right]))
            return [*found]
        except ZeroDivisionError:  # singular
            return None


def _agree(before: PreciseRoot, here: PreciseRoot, sizes: Mapping[str, float]) -> bool:
    """Whether two attempts have the same digits. What neither tells from 0, beside the sizes of the inputs, becomes
    0."""
    unit = here.m.mp.mpf(10) ** -here.m.shown
    pairs = [(before.inputs, here.inputs, name, size) for name, size in sizes.items()]
    for unknown, row in here.slopes.items():
        by = {name: sizes[unknown] / (abs(float(here.inputs[name])) or 1.0) for name in row}
        pairs += [(before.slopes[unknown], row, name, size) for name, size in by.items()]
    for last, now, name, size in pairs:
        if abs(last[name] - now[name]) > unit * abs(now[name]):
            if not max(abs(last[name]), abs(now[name])) <= unit * size:
                return False
            now[name] = here.m.mp.zero
    return True
