"""One answer from all rows of boxes: both passes over the nodes that are one number, around bounds of aggregates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.analysis.point import Point
from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.interval import interval
from circuitcli.engine.interval_array import IntervalArray, interval_array
from circuitcli.engine.interval_arrays import INTERVAL_ARRAYS
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import backward, forward
from circuitcli.errors import UsageError
from circuitcli.notation import in_words
from circuitcli.rows.aggregate_parts import facts_of
from circuitcli.rows.bounded_aggregates import BOUNDED, Gathered, gathered, whole
from circuitcli.rows.bounded_rows import BoundedRows, Values, partial_nodes
from circuitcli.rows.bounds_told import told_of_bounds
from circuitcli.rows.told import Told

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_boxes import RowBoxes
    from circuitcli.tables.batch import Batch


class BoundedPoint(Point):
    """The point of a circuit over rows of boxes. Values and gradients of nodes that vary by row are None."""

    def __init__(self, plan: Plan, boxes: RowBoxes, parts: Mapping[int, Sequence[Gathered]], rows: int) -> None:
        self.graph, self.m, self.given, self.wrt, self.wanted = (
            plan.graph, INTERVALS, boxes.shared, plan.wrt, plan.wanted,
        )  # fmt: skip
        self.rows, self._parts = rows, plan.parts
        self.needed = plan.parts.above(plan.wanted)
        brought = {k: whole(facts_of(plan.graph.nodes[k].gate), parts.get(k, ()), rows) for k in plan.parts.aggregates}
        inputs = {**boxes.shared, **{f"#{k}": found.value for k, found in brought.items()}}
        outer = plan.parts.outer
        self._outer_values = values = forward(outer, INTERVALS, inputs, INTERVALS.gates)
        gradients: Mapping[int, Any] = {}
        if plan.wanted:
            slopes = {k: [*found.slopes.items()] for k, found in brought.items()}
            gradients = backward(outer, INTERVALS, values, self.needed, brought=slopes)
        known = plan.parts.known
        self.values = [x if here else None for x, here in zip(values, known, strict=True)]
        self.gradients = [
            interval(gradients.get(k, 0.0)) + 0.0 if plan.wanted and need and here else None
            for k, (need, here) in enumerate(zip(self.needed, known, strict=True))
        ]

    @cached_property
    def kinks(self) -> list[bool]:
        """Whether each node of one number that the output needs may stand at a kink."""
        marks = self._marks(self._parts.outer, self._outer_values)
        return self._below_output([bool(mark) and here for mark, here in zip(marks, self._parts.known, strict=True)])


class BoundedAggregates:
    """Rows of boxes, gathered. Raises UsageError for an aggregate that has no bounds."""

    def __init__(self, plan: Plan, boxes: RowBoxes) -> None:
        self._plan, self._boxes, self._rows = plan, boxes, BoundedRows(plan, boxes)
        self._parts: dict[int, list[Gathered]] = {}
        self._count = 0
        graph, texts = plan.graph, in_words(plan.graph)
        for k in plan.parts.aggregates:
            if facts_of(graph.nodes[k].gate).gathers not in BOUNDED:
                raise UsageError(
                    f"{texts[k]} has no bounds over ranges", "sum, mean, min, max, count and logsumexp have them"
                )
        self._needed = graph.depends_on(plan.wanted)
        self._arguments = [a for k in plan.parts.aggregates for a in graph.nodes[k].args]
        self._texts = texts

    def gather(self, batches: Iterable[tuple[object, Batch]]) -> Told:
        """Take the rows of batches, and return the notes on the bounds of what is gathered in them."""
        told = Told()
        for _, batch in batches:
            for first in range(0, batch.size, BLOCK):
                columns = {name: column[first : first + BLOCK] for name, column in batch.columns.items()}
                with np.errstate(all="ignore"):
                    told = told.join(self._take(batch, columns, first))
        return told

    def point(self) -> BoundedPoint:
        """The answer from all rows so far."""
        return BoundedPoint(self._plan, self._boxes, self._parts, self._count)

    def _take(self, batch: Batch, columns: Columns, first: int) -> Told:
        """Take a block of rows of a batch, from the `first` on."""
        plan, rows = self._plan, self._rows
        inputs = rows.inputs(columns)
        values = rows.values(inputs)
        count = min(BLOCK, batch.size - first)
        self._count += count
        bounds = []
        for k in plan.parts.aggregates:
            gate, args, _ = plan.graph.nodes[k]
            for argument in args:
                value = rows.bounded(inputs, values, argument, []).value.first(count)
                slopes = {i: slope.first(count) for i, slope in self._slopes(values, argument).items()}
                bounds.append(value)
                part = gathered(facts_of(gate), value, slopes, count)
                self._parts.setdefault(k, []).append(part)
        partial = partial_nodes(plan.graph, values, self._arguments, count)
        return told_of_bounds(batch, columns, count, bounds, partial, self._texts, first)

    def _slopes(self, values: Values, k: int) -> dict[int, IntervalArray]:
        """The slopes of a node in each row by the nodes next below it that are one number; from these on the chain rule
        goes on outside."""
        parts = self._plan.parts
        found = backward(self._plan.graph, INTERVAL_ARRAYS, values, self._needed, k, parts.below(k))
        return {i: interval_array(g) for i, g in found.items() if not parts.varies[i]}
