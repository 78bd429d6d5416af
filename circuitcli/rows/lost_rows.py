"""Rows whose gradient was lost where the range of floats ends: found by a second run of both passes, in which every
number that left the range is nudged. Where that moves a gradient, the gradient hangs on what was lost.

It is run only over rows in which the processor says that something left the range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.floats import HUGE, NUDGE, TINY
from circuitcli.engine.passes import backward
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.graph import Graph
from circuitcli.primitives import PRIMITIVES

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray, Scalars

SEEN = 1e-9  # relative: what moves by less has kept its digits


class Lost(NamedTuple):
    """Some rows: how many have lost something of a gradient, the first of them, and of each gradient the sum and the
    sum of its moves."""

    rows: int
    first: int
    slopes: FloatArray
    moves: FloatArray

    def join(self, other: Lost) -> Lost:
        return Lost(self.rows + other.rows, self.first, self.slopes + other.slopes, self.moves + other.moves)

    @property
    def in_sum(self) -> bool:
        """Whether also the sum of all rows has lost something."""
        return bool((self.moves > SEEN * np.abs(self.slopes)).any())


class LostRows:
    """The derivatives of some nodes, each by nodes of its own, and how far they move."""

    def __init__(self, graph: Graph, columns: Sequence[str], asked: Sequence[tuple[int, Sequence[int]]]) -> None:
        self._plain, self._nudged = (
            ArrayKernel(m.program(_slopes(graph, columns, asked, m))) for m in (Recorder(), _NudgingRecorder())
        )

    def among(self, columns: Columns, scalars: Scalars, count: int) -> Lost:
        """Look at so many rows."""
        slopes, moves = (np.zeros((len(self._plain.program.outputs), count)) for _ in range(2))
        self._plain.rows(columns, scalars, list(slopes))
        self._nudged.rows(columns, scalars, list(moves))
        with np.errstate(all="ignore"):
            moves = np.abs(moves - slopes)
            lost = ((moves > SEEN * np.abs(slopes)) & np.isfinite(slopes)).any(axis=0)  # what is not finite is told
            return Lost(int(np.count_nonzero(lost)), int(np.argmax(lost)), slopes.sum(axis=1), moves.sum(axis=1))


def _slopes(
    graph: Graph, columns: Sequence[str], asked: Sequence[tuple[int, Sequence[int]]], m: Recorder
) -> list[Traced]:
    values = recorded(graph, columns, m)
    found: list[Traced] = []
    for output, wrt in asked:
        slopes = backward(graph, m, values, graph.depends_on(wrt), output)
        found += [slopes.get(k, 0.0) for k in wrt]
    return found


class _NudgingRecorder(Recorder):
    """A recorder that writes behind every number: a little more where it fell below the range of floats, and the
    largest float where it went above. Next to an argument that is 0 it did neither."""

    def _record(self, op: str, xs: tuple[Traced, ...]) -> Traced:
        found = super()._record(op, xs)
        if not PRIMITIVES[op].underflows:
            return found
        size = self.abs(found)
        moved = self.where(self.lt(size, TINY), size + NUDGE, self.where(self.gt(size, HUGE), HUGE, size))
        inside = self.or_(self.lt(size, TINY), self.gt(size, HUGE))
        for x in xs:
            inside = self.and_(inside, self.and_(self.ne(x, 0.0), self.le(self.abs(x), HUGE)))
        return self.where(inside, self.copysign(moved, found), found)
