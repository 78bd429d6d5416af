"""A circuit over rows of boxes, with columns of bounds for every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.block_sums import LEAF
from circuitcli.engine.interval_array import IntervalArray
from circuitcli.engine.outward import rounded_down, rounded_up
from circuitcli.notation import in_words
from circuitcli.rows.bounded_rows import BoundedRows, partial_nodes
from circuitcli.rows.bounds_told import told_of_bounds
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_boxes import RowBoxes, bounds_of
from circuitcli.rows.told import Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray


class IntervalRows:
    """A circuit that gives each row the bounds that go out."""

    def __init__(self, plan: Plan, boxes: RowBoxes, columns: OutputColumns) -> None:
        self._plan, self._rows = plan, BoundedRows(plan, boxes)
        self._texts = in_words(plan.graph)
        wanted = {*columns.results}
        nested = columns.format.keyed
        self._digits = columns.digits if columns.format.rounds else None
        self._names = {
            name: ends
            for name in (*plan.results, *plan.slopes)
            if wanted & {*(ends := bounds_of(name, nested))}
        }  # fmt: skip
        self._by: dict[int, list[int]] = {}  # of a node, those by which its slopes are asked for
        for name in self._names:
            if name in plan.slopes:
                slope = plan.slopes[name]
                assert slope.by is not None
                self._by.setdefault(slope.output, []).append(slope.by)
            else:
                self._by.setdefault(plan.results[name], [])

    def results(self, batch: Batch) -> tuple[Told, dict[str, FloatArray]]:
        """The notes on a batch, and its bounds by the names of their columns."""
        found = {end: np.empty(batch.size) for ends in self._names.values() for end in ends}
        told = Told.of(batch)
        for first in range(0, batch.size, LEAF):
            last = min(first + LEAF, batch.size)
            columns = {name: column[first:last] for name, column in batch.columns.items()}
            with np.errstate(all="ignore"):
                bounds, notes = self._of_some(columns, batch, first, last - first)
            told = told.join(notes)
            for name, ends in self._names.items():
                for end, array in zip(ends, (bounds[name].lo, bounds[name].hi), strict=True):
                    found[end][first:last] = array + 0.0
        return told, found if self._digits is None else self._rounded(found, self._digits)

    def _rounded(self, found: Mapping[str, FloatArray], digits: int) -> dict[str, FloatArray]:
        """The bounds as a table shows them: rounded outward."""
        ways = [way for ends in self._names.values() for way in zip(ends, (rounded_down, rounded_up), strict=True)]
        return {end: np.array([outward(x, digits) for x in found[end].tolist()]) for end, outward in ways}

    def _of_some(
        self, columns: Mapping[str, FloatArray], batch: Batch, first: int, count: int
    ) -> tuple[dict[str, IntervalArray], Told]:
        plan = self._plan
        inputs = self._rows.inputs(columns)
        values = self._rows.values(inputs)
        known = {k: self._rows.bounded(inputs, values, k, by) for k, by in self._by.items()}
        bounds = {}
        for name in self._names:
            if name in plan.slopes:
                output, by = plan.slopes[name]
                assert by is not None
                bounds[name] = known[output].slopes[by]
            else:
                bounds[name] = known[plan.results[name]].value
        bounds = {name: x.first(count) for name, x in bounds.items()}
        partial = partial_nodes(plan.graph, values, [*self._by], count)
        return bounds, told_of_bounds(batch, columns, count, bounds.values(), partial, self._texts, first)
