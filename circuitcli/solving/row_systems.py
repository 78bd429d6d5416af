"""Equations over rows, one row at a time: the way to the roots that Newton's steps over all rows do not find."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Vector, dot
from circuitcli.rows.plan import Plan
from circuitcli.solving.natural_newton import newton
from circuitcli.solving.root_search import Limits, Search
from circuitcli.solving.scaled_elimination import eliminated
from circuitcli.solving.system import Place, System

NEWTON, STEPS = 60, 850  # of a row: by Newton's way alone, and by all ways
FRUITLESS = 100  # rows of a batch in succession that were looked at in vain: the others are not, for it takes long


class Sought(NamedTuple):
    """The unknowns, each with the column of its root; the bounds of each; the derivatives and the uncertainties by the
    columns in which they go out; how often to begin where one start leads to no root, and until when."""

    unknowns: dict[str, str]
    low: Vector
    high: Vector
    slopes: dict[str, tuple[str, str]]
    spreads: dict[str, str]
    starts: int = 1
    seed: int = 0
    deadline: float = math.inf

    def by(self, plan: Plan) -> list[str]:
        """The inputs by which the unknowns are differentiated."""
        uncertain = plan.uncertain.names if self.spreads and plan.uncertain is not None else []
        return list(dict.fromkeys([*(name for _, name in self.slopes.values()), *uncertain]))

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.deadline


class RowSystems:
    """The system of each row, whose inputs are `plan.used`, and its derivatives `by` some inputs."""

    def __init__(self, plan: Plan, equations: Sequence[int], sought: Sought, by: Sequence[str]) -> None:
        self._sought, self._names = sought, [*sought.unknowns]
        self._used = [name for name in plan.used if name not in sought.unknowns]
        numbers = [name for name in by if name not in self._used]
        self._numbers, self._square = [plan.scalars[name] for name in numbers], len(equations) == len(self._names)
        moving = [*self._names, *self._used, *numbers]
        self._by = [moving.index(name) for name in by]
        given = {**dict.fromkeys(plan.graph.inputs, 0.0), **plan.scalars}
        self._objectives = [PointObjective(plan.graph.ending(k), given, moving) for k in equations]

    def nearest(self, row: Mapping[str, float], start: Vector) -> Vector | None:
        """The root to which Newton's steps lead; None where they lead to none."""
        system = self._of(row)
        search = Search(system, Limits(), _unseen)
        place = system.at(system.inside(start))
        if not self._square or not place.finite:
            return None
        end = search.settled(newton(system, place, NEWTON, lambda place: None).place)
        return end.x if search.is_root(end) else None

    def fill(self, rows: Iterable[int], at: Callable[[int], tuple[Mapping[str, float], Vector]], found: Any) -> None:
        """Put the roots of some rows into what is found of all, looked for from the start of each and from the root of
        the row before."""
        vain = 0
        for i in rows:
            if vain >= FRUITLESS or self._sought.over:
                break
            row, start = at(i)
            starts = [start]
            if i and all(map(math.isfinite, found[i - 1])):
                starts.append([*map(float, found[i - 1])])
            root = self._searched(self._of(row), starts)
            vain = vain + 1 if root is None else 0
            if root is not None:
                found[i] = root

    def _searched(self, system: System, starts: list[Vector]) -> Vector | None:
        for x in sorted(starts, key=lambda x: _off(system, x)):
            search = Search(system, Limits(STEPS, self._sought.deadline), _unseen)
            end = search.run(x, self._sought.starts, self._sought.seed, around=0)
            if end.found:
                return end.place.x
        return None

    def slopes(self, row: Mapping[str, float], root: Vector) -> list[Vector]:
        """The derivatives of the unknowns at a root, by each input in turn; nan where they have none there."""
        fixed = self._fixed(row)
        both = [objective.both([*root, *fixed])[1] for objective in self._objectives]
        count = len(root)
        found = []
        for j in self._by:
            way = eliminated([slope[:count] for slope in both], [-slope[j] for slope in both]) if self._square else None
            found.append([math.nan] * count if way is None else [u + 0.0 for u in way])
        return found

    def _fixed(self, row: Mapping[str, float]) -> Vector:
        return [*(row[name] for name in self._used), *self._numbers]

    def _of(self, row: Mapping[str, float]) -> System:
        fixed = self._fixed(row)
        equations = [_InRow(objective, fixed) for objective in self._objectives]
        return System(equations, self._sought.low, self._sought.high)


class _InRow:
    """An equation in one row, as a function of the unknowns."""

    def __init__(self, objective: PointObjective, fixed: Vector) -> None:
        self._objective, self._fixed = objective, fixed

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The difference, and its slopes."""
        value, slopes = self._objective.both([*x, *self._fixed])
        return value, slopes[: len(x)]

    def noise(self, x: Vector) -> float:
        """By how much rounding may have moved it."""
        return self._objective.noise([*x, *self._fixed])


def _unseen(steps: int, place: Place) -> None:
    pass


def _off(system: System, x: Vector) -> float:
    apart = system.at(x).apart
    off = dot(apart, apart)
    return off if math.isfinite(off) else math.inf
