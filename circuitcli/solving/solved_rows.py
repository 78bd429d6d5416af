"""Equations over rows in arrays: the unknowns of each row, and what they depend on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Vector, dot
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told
from circuitcli.solving.newton_rows import NewtonRows, RowEquations, solved
from circuitcli.solving.root_search import Limits, Search
from circuitcli.solving.system import System
from circuitcli.tables.batch import Batch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.engine.protocol import FloatArray

STEPS = 500  # of a row that is solved alone
FRUITLESS = 100  # rows of a batch in succession that were solved alone in vain: the others are not, for it takes long


class Sought(NamedTuple):
    """The unknowns, each with the column of its root; the bounds and starts of each; the derivatives by the columns in
    which they go out; and how often to begin where one start leads to no root."""

    unknowns: dict[str, str]
    low: Vector
    high: Vector
    slopes: dict[str, tuple[str, str]]
    starts: int = 1
    seed: int = 0


class SolvedRows:
    """A system of equations in every row. `rows` is about how many there will be."""

    def __init__(self, plan: Plan, equations: Sequence[int], sought: Sought, rows: float, engine: str = "") -> None:
        self._plan, self._equations, self._sought = plan, equations, sought
        self._by = list(dict.fromkeys(name for _, name in sought.slopes.values()))
        self._rows, self._engine = rows, engine
        self._names = [*sought.unknowns]
        self._newton: NewtonRows | None = None
        if len(equations) == len(self._names):
            low, high = np.array(sought.low), np.array(sought.high)
            self._newton = NewtonRows(self._written(self._names), self._names, plan.scalars, low, high)

    def _written(self, by: Sequence[str]) -> RowEquations:
        columns = [*self._plan.used, *self._names]
        return RowEquations(self._plan.graph, self._equations, columns, by, self._rows, self._engine)

    def results(self, batch: Batch) -> tuple[Told, dict[str, FloatArray]]:
        """The notes on a batch, and its roots and derivatives by their columns."""
        columns, sought = batch.columns, self._sought
        start = np.empty((len(self._names), batch.size))
        for row, name in zip(start, self._names, strict=True):
            row[:] = columns[name] if name in columns else self._plan.scalars[name]
        came: NDArray[np.bool_] = np.zeros(batch.size, bool)
        for column in columns.values():
            came |= ~np.isfinite(column)
        others = {name: column for name, column in columns.items() if name not in sought.unknowns}
        found = np.full(start.shape, np.nan) if self._newton is None else self._newton.roots(others, start)
        self._one_by_one(batch, start, found, came)
        missing = ~np.isfinite(found).all(axis=0)
        told = Told.of(batch)._replace(
            nonfinite=int(np.count_nonzero(missing & ~came)), came_in=int(np.count_nonzero(missing & came))
        )
        if (missing & ~came).any():
            told = told._replace(first_nonfinite=batch.where(int(np.argmax(missing & ~came))))
        results = dict(zip(sought.unknowns.values(), found, strict=True))
        return told, results | self._derivatives(batch, found)

    def _one_by_one(self, batch: Batch, start: FloatArray, found: FloatArray, came: FloatArray) -> None:
        """Look for the roots that Newton's steps did not find, from the start and from the root of the row before."""
        vain = 0
        for i in np.flatnonzero(~np.isfinite(found).all(axis=0) & ~came).tolist():
            system = self._of_row({name: float(batch.columns[name][i]) for name in self._plan.used})
            starts = [start[:, i].tolist()]
            if i and np.isfinite(found[:, i - 1]).all():
                starts.append(found[:, i - 1].tolist())
                starts.sort(key=lambda x: _off(system, x))
            for x in starts:
                search = Search(system, Limits(STEPS), lambda steps, place: None)
                solution = search.run(x, self._sought.starts, self._sought.seed, around=0)
                if solution.found:
                    found[:, i] = solution.place.x
                    break
            vain = 0 if np.isfinite(found[:, i]).all() else vain + 1
            if vain >= FRUITLESS:
                break

    @cached_property
    def _objectives(self) -> list[PointObjective]:
        plan = self._plan
        names = [*self._names, *(name for name in plan.used if name not in self._names)]
        given = {**dict.fromkeys(plan.graph.inputs, 0.0), **plan.scalars}
        return [PointObjective(plan.graph.ending(k), given, names) for k in self._equations]

    def _of_row(self, row: dict[str, float]) -> System:
        fixed = [x for name, x in row.items() if name not in self._names]
        equations = [_InRow(objective, fixed) for objective in self._objectives]
        return System(equations, self._sought.low, self._sought.high)

    def _derivatives(self, batch: Batch, found: FloatArray) -> dict[str, FloatArray]:
        """The derivatives of the unknowns, by the implicit function theorem."""
        if not self._by:
            return {}
        there = {**batch.columns, **dict(zip(self._names, np.ascontiguousarray(found), strict=True))}
        _, slopes = self._around.at(there, self._plan.scalars, batch.size)
        count = len(self._names)
        moved = solved(slopes[:, :count], -slopes[:, count:]) + 0.0
        unknowns = {name: k for k, name in enumerate(self._names)}
        return {
            column: np.ascontiguousarray(moved[unknowns[unknown], self._by.index(name)])
            for column, (unknown, name) in self._sought.slopes.items()
        }

    @cached_property
    def _around(self) -> RowEquations:
        return self._written([*self._names, *self._by])


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


def _off(system: System, x: Vector) -> float:
    apart = system.at(x).apart
    off = dot(apart, apart)
    return off if math.isfinite(off) else math.inf
