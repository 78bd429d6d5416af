"""The derivatives of rows in which something left the range of floats, computed twice: as they are, and with every
number that left the range nudged. Where that moves a gradient, the gradient hangs on what was lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.floats import HUGE, NUDGE, TINY
from circuitcli.engine.number_list import Totals
from circuitcli.engine.passes import backward
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.graph import Graph
from circuitcli.primitives import PRIMITIVES

SEEN = 1e-9  # relative: what moves by less has kept its digits


class Lost(NamedTuple):
    """Some rows: how many have lost something of a gradient, the first of them, and of each gradient the sum and the
    sum of its moves."""

    rows: int
    first: int
    slopes: Totals
    moves: Totals

    def join(self, other: Lost) -> Lost:
        return Lost(self.rows + other.rows, self.first, self.slopes + other.slopes, self.moves + other.moves)

    @property
    def in_sum(self) -> bool:
        """Whether also the sum of all rows has lost something."""
        return any(move > SEEN * abs(slope) for slope, move in zip(self.slopes, self.moves, strict=True))


def nudged(
    graph: Graph, columns: Sequence[str], asked: Sequence[tuple[int, Sequence[int]]]
) -> tuple[TracedProgram, TracedProgram]:
    """The programs of the derivatives of some nodes, each by nodes of its own: as they are, and nudged."""
    plain, moved = (m.program(_slopes(graph, columns, asked, m)) for m in (Recorder(), _NudgingRecorder()))
    return plain, moved


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
        if op not in PRIMITIVES or not PRIMITIVES[op].underflows:
            return found  # an integral that is 0 may cancel, and a root may be at 0
        size = self.abs(found)
        moved = self.where(self.lt(size, TINY), size + NUDGE, self.where(self.gt(size, HUGE), HUGE, size))
        inside = self.or_(self.lt(size, TINY), self.gt(size, HUGE))
        for x in xs:
            inside = self.and_(inside, self.and_(self.ne(x, 0.0), self.le(self.abs(x), HUGE)))
        return self.where(inside, self.copysign(moved, found), found)
