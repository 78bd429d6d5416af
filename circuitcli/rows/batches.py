"""Batches of rows in memory: all rows once in an epoch, in an order that the seed and its number tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.rows.in_memory import InMemory
from circuitcli.rows.rows_objective import RowsObjective, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray


def order_of(seed: int, epoch: int, rows: int) -> NDArray[np.intp]:
    """The order of the rows in an epoch. A generator of NumPy may draw otherwise in its next version; raw bits of
    PCG64 are promised to stay, and so is a stable sort of them."""
    bits = np.random.PCG64([seed, epoch]).random_raw(rows)
    return np.argsort(np.atleast_1d(bits), kind="stable")


class RowBatches:
    """The rows of each step: `size` of them, and of the last step of an epoch those that are left."""

    def __init__(self, objective: RowsObjective, source: InMemory, size: int, seed: int) -> None:
        self.size = min(size, source.rows)
        self.per_epoch = -(-source.rows // self.size)
        self.told: Callable[[int], None] = lambda steps: None
        self._objective, self._source, self._seed = objective, source, seed
        self._epoch = -1  # of the order
        self._order: NDArray[np.intp] = np.empty(0, np.intp)

    def gradient(self, x: Vector, step: int) -> Vector:
        """The derivatives over the rows of a step."""
        epoch, batch = divmod(step, self.per_epoch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, order_of(self._seed, epoch, self._source.rows)
        rows = self._order[batch * self.size : (batch + 1) * self.size]
        return self._objective.slopes_over(self._source.some("both", x, rows), x)
