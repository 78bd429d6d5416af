"""Rows whose gradient was lost where the range of floats ends. They are looked for only where the processor says that
something left the range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.arrays import ArrayKernel
from circuitcli.graph import Graph
from circuitcli.rows.nudged_rows import SEEN, Lost, nudged

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, Scalars


class LostRows:
    """The derivatives of some nodes, each by nodes of its own, and how far they move."""

    def __init__(self, graph: Graph, columns: Sequence[str], asked: Sequence[tuple[int, Sequence[int]]]) -> None:
        self._plain, self._nudged = map(ArrayKernel, nudged(graph, columns, asked))

    def among(self, columns: Columns, scalars: Scalars, count: int) -> Lost:
        """Look at so many rows."""
        slopes, moves = (np.zeros((len(self._plain.program.outputs), count)) for _ in range(2))
        self._plain.rows(columns, scalars, list(slopes))
        self._nudged.rows(columns, scalars, list(moves))
        with np.errstate(all="ignore"):
            moves = np.abs(moves - slopes)
            lost = ((moves > SEEN * np.abs(slopes)) & np.isfinite(slopes)).any(axis=0)  # what is not finite is told
            return Lost(int(np.count_nonzero(lost)), int(np.argmax(lost)), slopes.sum(axis=1), moves.sum(axis=1))
