"""Equations over rows in arrays: the unknowns of each row, and what they depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.rows.kernels import engine_for
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told
from circuitcli.solving.newton_rows import NewtonRows, RowEquations, solved
from circuitcli.solving.row_spreads import slope_column, spread_program
from circuitcli.solving.row_systems import RowSystems, Sought
from circuitcli.tables.batch import Batch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.ascent.problem import Vector
    from circuitcli.engine.protocol import FloatArray, Kernel


class SolvedRows:
    """A system of equations in every row. `rows` is about how many there will be."""

    def __init__(self, plan: Plan, equations: Sequence[int], sought: Sought, rows: float, engine: str = "") -> None:
        self._plan, self._equations, self._sought = plan, equations, sought
        self._by = sought.by(plan)
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
        """The notes on a batch, and its roots, derivatives and uncertainties by their columns."""
        columns, sought = batch.columns, self._sought
        start = np.empty((len(self._names), batch.size))
        for row, name in zip(start, self._names, strict=True):
            row[:] = columns[name] if name in columns else self._plan.scalars[name]
        came: NDArray[np.bool_] = np.zeros(batch.size, bool)
        for column in columns.values():
            came |= ~np.isfinite(column)
        others = {name: column for name, column in columns.items() if name not in sought.unknowns}
        found = np.full(start.shape, np.nan)
        if self._newton is not None and not sought.over:
            found = self._newton.roots(others, start)
        self._alone(batch, start, found, came)
        missing = ~np.isfinite(found).all(axis=0)
        told = Told.of(batch)._replace(
            nonfinite=int(np.count_nonzero(missing & ~came)), came_in=int(np.count_nonzero(missing & came))
        )
        if (missing & ~came).any():
            told = told._replace(first_nonfinite=batch.where(int(np.argmax(missing & ~came))))
        results = dict(zip(sought.unknowns.values(), found, strict=True))
        return told, results | self._derivatives(batch, found)

    def _alone(self, batch: Batch, start: FloatArray, found: FloatArray, came: FloatArray) -> None:
        """Look for the roots that Newton's steps did not find, row by row."""

        def at(i: int) -> tuple[Mapping[str, float], Vector]:
            return {name: float(batch.columns[name][i]) for name in self._plan.used}, start[:, i].tolist()

        missing = np.flatnonzero(~np.isfinite(found).all(axis=0) & ~came).tolist()
        if missing:
            self._systems.fill(missing, at, found.T)

    @cached_property
    def _systems(self) -> RowSystems:
        return RowSystems(self._plan, self._equations, self._sought, ())

    def _derivatives(self, batch: Batch, found: FloatArray) -> dict[str, FloatArray]:
        """The derivatives of the unknowns, by the implicit function theorem, and their uncertainties."""
        if not self._by:
            return {}
        there = {**batch.columns, **dict(zip(self._names, np.ascontiguousarray(found), strict=True))}
        _, slopes = self._around.at(there, self._plan.scalars, batch.size)
        count = len(self._names)
        moved = solved(slopes[:, :count], -slopes[:, count:]) + 0.0
        by = {
            (unknown, name): np.ascontiguousarray(moved[k, j])
            for k, unknown in enumerate(self._names)
            for j, name in enumerate(self._by)
        }
        derived = {column: by[pair] for column, pair in self._sought.slopes.items()}
        if self._sought.spreads:
            columns = {**batch.columns, **{slope_column(*pair): slope for pair, slope in by.items()}}
            outputs = [np.empty(batch.size) for _ in self._sought.spreads]
            self._spreads.rows(columns, self._plan.scalars, outputs)
            derived |= dict(zip(self._sought.spreads, outputs, strict=True))
        return derived

    @cached_property
    def _around(self) -> RowEquations:
        return self._written([*self._names, *self._by])

    @cached_property
    def _spreads(self) -> Kernel:
        program = spread_program(self._plan, [*self._sought.spreads.values()])
        return engine_for(program, self._rows, self._engine)
