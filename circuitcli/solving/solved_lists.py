"""Equations over rows in lists, without NumPy: the unknowns of each row, and what they depend on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from circuitcli.ascent.problem import Vector
from circuitcli.engine.python_rows import PythonKernel
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told
from circuitcli.solving.row_spreads import slope_column, spread_program
from circuitcli.solving.row_systems import RowSystems, Sought
from circuitcli.tables.batch import Batch


class PlainSolvedRows:
    """A system of equations in every row."""

    def __init__(self, plan: Plan, equations: Sequence[int], sought: Sought) -> None:
        self._plan, self._sought, self._names = plan, sought, [*sought.unknowns]
        self._by = sought.by(plan)
        self._systems = RowSystems(plan, equations, sought, self._by)

    def results(self, batch: Batch) -> tuple[Told, Mapping[str, Sequence[float]]]:
        """The notes on a batch, and its roots, derivatives and uncertainties by their columns."""
        columns, sought, count = batch.columns, self._sought, len(self._names)

        def at(i: int) -> tuple[Mapping[str, float], Vector]:
            row = {name: column[i] for name, column in columns.items()}
            return row, [row[name] if name in row else self._plan.scalars[name] for name in self._names]

        fine = [all(math.isfinite(column[i]) for column in columns.values()) for i in range(batch.size)]
        roots = [
            (self._systems.nearest(*at(i)) if fine[i] and not sought.over else None) or [math.nan] * count
            for i in range(batch.size)
        ]
        self._systems.fill([i for i, root in enumerate(roots) if fine[i] and not _known(root)], at, roots)
        missing = [i for i, root in enumerate(roots) if not _known(root)]
        ours = [i for i in missing if fine[i]]
        told = Told.of(batch)._replace(nonfinite=len(ours), came_in=len(missing) - len(ours))
        if ours:
            told = told._replace(first_nonfinite=batch.where(ours[0]))
        found = {column: [root[j] for root in roots] for j, column in enumerate(sought.unknowns.values())}
        if self._by:
            slopes = [self._systems.slopes(at(i)[0], root) for i, root in enumerate(roots)]
            found |= self._derived(batch, slopes)
        return told, found

    def _derived(self, batch: Batch, slopes: Sequence[Sequence[Vector]]) -> dict[str, list[float]]:
        """The derivatives and the uncertainties, from all derivatives of each row."""
        moved = {
            (unknown, name): [way[j][k] for way in slopes]
            for k, unknown in enumerate(self._names)
            for j, name in enumerate(self._by)
        }
        found = {column: moved[pair] for column, pair in self._sought.slopes.items()}
        if self._sought.spreads:
            columns = {**batch.columns, **{slope_column(*pair): way for pair, way in moved.items()}}
            outputs, _ = self._spreads.rows(columns, batch.size)
            found |= dict(zip(self._sought.spreads, outputs, strict=True))
        return found

    @cached_property
    def _spreads(self) -> PythonKernel:
        return PythonKernel(spread_program(self._plan, [*self._sought.spreads.values()]), self._plan.scalars)


def _known(root: Vector) -> bool:
    return all(map(math.isfinite, root))
