"""Columns that the path of a file tells, for the writers that Arrow and NumPy have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from circuitcli.tables.cells import Cells
from circuitcli.tables.hive_paths import INTEGER, NUMBER, HiveCell

if TYPE_CHECKING:
    from numpy.typing import NDArray


def type_of(cell: HiveCell) -> pa.DataType:
    """The type of a column in files that have types."""
    return {INTEGER: pa.int64(), NUMBER: pa.float64()}.get(cell.kind, pa.string())


def numbers(number: float, size: int) -> NDArray[np.float64]:
    """A column of one number."""
    return np.full(size, number)


class HiveCells(Cells):
    """A column in which all rows have one value, or none."""

    def __init__(self, cell: HiveCell, size: int) -> None:
        super().__init__(cell.name, pa.array([cell.value] * size, type_of(cell)))
        self._cell = cell

    def as_text(self) -> pa.Array:
        return pa.array([self._cell.text or ""] * len(self.values), pa.string())

    def as_json(self, numbers: NDArray[np.float64] | None = None) -> pa.Array:
        return pa.array([self._cell.json] * len(self.values), pa.string())
