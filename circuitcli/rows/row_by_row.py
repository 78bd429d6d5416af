"""A circuit over rows in arrays, with results for every row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.rows.kernels import engine_name, kernel_of
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_program import RowProgram
from circuitcli.rows.told import Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.rows.lost_rows import LostRows


class RowByRow:
    """A circuit that gives each row the results that go out. `rows` is about how many there will be."""

    def __init__(self, plan: Plan, columns: OutputColumns, rows: float, engine: str = "") -> None:
        self._plan = plan
        self._program, self._places, self._slopes = RowProgram.of(plan, columns)
        self.engine = engine_name(self._program, rows, engine)
        self._kernel = kernel_of(self._program, self.engine)

    def results(self, batch: Batch) -> tuple[Told, dict[str, NDArray[np.float64]]]:
        """The notes on a batch, and its results by their names."""
        results = np.empty((len(self._program.outputs), batch.size))
        columns = list(results)
        underflowed = self._kernel.rows(batch.columns, self._plan.scalars, columns)
        named = {name: columns[place] for name, place in self._places.items()}
        told = _told(batch, results)
        if underflowed and self._slopes:
            told = told.with_lost(batch, self._lost_rows.among(batch.columns, self._plan.scalars, batch.size))
        return told, named

    @cached_property
    def _lost_rows(self) -> LostRows:
        from circuitcli.rows.lost_rows import LostRows  # which few rows need

        return LostRows(self._plan.graph, self._plan.used, self._slopes)


def _told(batch: Batch, results: NDArray[np.float64]) -> Told:
    """The notes on a batch and its results."""
    told = Told.of(batch)
    fine = np.isfinite(results)
    if fine.all():
        return told
    bad = ~fine.all(axis=0)
    came: NDArray[np.bool_] = np.zeros(batch.size, bool)
    for column in batch.columns.values():
        came |= ~np.isfinite(column)
    ours = bad & ~came
    told = told._replace(nonfinite=int(np.count_nonzero(ours)), came_in=int(np.count_nonzero(bad & came)))
    if not ours.any():
        return told
    i = int(np.argmax(ours))
    values = {name: float(column[i]) for name, column in batch.columns.items()}
    return told._replace(first_nonfinite=batch.where(i), first_values=values)
