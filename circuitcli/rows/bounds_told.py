"""The notes on some rows of boxes: in which no finite bounds were found, and in which a gate leaves its domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.rows.told import Told

if TYPE_CHECKING:
    from circuitcli.engine.interval_array import BoolArray, IntervalArray
    from circuitcli.engine.protocol import Columns
    from circuitcli.tables.batch import Batch


def told_of_bounds(
    batch: Batch,
    columns: Columns,
    count: int,
    bounds: Iterable[IntervalArray],
    partial: Mapping[int, BoolArray],
    texts: Sequence[str],
    first: int = 0,
) -> Told:
    """The notes on so many rows of a batch, from the `first` on, whose numbers are `columns`. In the rows `partial` a
    node is outside its domain for some inputs, by node, and `texts` are the nodes in words. Rows with what is no finite
    number already are counted apart."""
    came: BoolArray = np.zeros(count, bool)
    for column in columns.values():
        came |= ~np.isfinite(column)
    bad: BoolArray = np.zeros(count, bool)
    for x in bounds:
        bad |= ~(np.isfinite(x.lo) & np.isfinite(x.hi))
    ours = bad & ~came
    told = Told(nonfinite=int(np.count_nonzero(ours)), came_in=int(np.count_nonzero(bad & came)))
    if ours.any():
        told = told._replace(first_nonfinite=batch.where(first + int(np.argmax(ours))))
    rows = {k: here for k, where in partial.items() if (here := where & ~came).any()}
    if not rows:
        return told
    i, k = min((int(np.argmax(here)), k) for k, here in rows.items())
    some = int(np.count_nonzero(np.logical_or.reduce([*rows.values()])))
    return told._replace(partial=some, first_partial=batch.where(first + i), partial_node=texts[k])
