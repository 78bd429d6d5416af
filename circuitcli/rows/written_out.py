"""A circuit over few rows, written out as a circuit of one point: the largest of all rows is the largest of so many
arguments, and the choices among these are choices as others are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.analysis.forks import Fork
from circuitcli.analysis.point_forks import PointForks
from circuitcli.gate_facts import EXTREME, SUMS
from circuitcli.gates import over_rows
from circuitcli.graph import CONSTANT, INPUT, Builder, Graph
from circuitcli.notation import in_words
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray

FEW = 1_000  # rows at most
SMALL = 50_000  # nodes at most, of all rows together


class FewRows(NamedTuple):
    """A number of rows, and their columns in order, as these were asked for, unless they are too many."""

    rows: int
    columns: FloatArray | None

    @classmethod
    def of(cls, columns: Columns, names: Sequence[str], count: int) -> FewRows:
        """Those of a block."""
        few = np.array([columns[name] for name in names]).reshape(len(names), count) if count <= FEW else None
        return cls(count, few)

    def join(self, other: FewRows) -> FewRows:
        rows = self.rows + other.rows
        if rows > FEW or self.columns is None or other.columns is None:
            return FewRows(rows, None)
        return FewRows(rows, np.concatenate([self.columns, other.columns], axis=1))


class WrittenOut(PointForks):
    """The choices of a circuit over few rows."""

    def __init__(
        self, parts: Varying, columns: Mapping[str, Sequence[float]], names: Sequence[str], given: Mapping[str, float]
    ) -> None:
        graph, self._origins = _written_out(parts, columns)
        self._rows = parts.graph
        super().__init__(graph, names, given)

    def text(self, fork: Fork) -> str:
        """The expression of a choice, and its row."""
        k, row = self._origins[self.circuit.nodes[int(fork.key)]]
        text = in_words(self._rows)[k]
        return text if row is None else f"{text} in row {row + 1}"


def can_be_written(parts: Varying, rows: int) -> bool:
    """Whether the rows are few, and their aggregates sums, means, largest or smallest numbers."""
    facts = [over_rows(node.gate, len(node.args)) for node in (parts.graph.nodes[k] for k in parts.aggregates)]
    known = all(fact is not None and fact.gathers in (SUMS, EXTREME) for fact in facts)
    return known and 0 < rows <= FEW and rows * sum(parts.varies) <= SMALL


def _written_out(
    parts: Varying, columns: Mapping[str, Sequence[float]]
) -> tuple[Graph, dict[int, tuple[int, int | None]]]:
    """The circuit, and of each of its nodes the one that it is made from, with its row where it has one."""
    b, count = Builder(), len(next(iter(columns.values())))
    made: list[list[int]] = []  # of each node: one for all rows, or one for each
    origins: dict[int, tuple[int, int | None]] = {}
    for k, (gate, args, text) in enumerate(parts.graph.nodes):
        facts = over_rows(gate, len(args))
        if not parts.reached[k]:
            nodes = []
        elif gate == INPUT:
            nodes = [_number(b, u) for u in columns[text]] if parts.varies[k] else [b.input(text)]
        elif gate == CONSTANT:
            nodes = [b.constant(text)]
        elif facts is not None:
            nodes = [_gathered(b, made[args[0]], facts.gathers, facts.average, facts.sign)]
        else:
            rows = range(count) if parts.varies[k] else (0,)
            nodes = [b.add(gate, tuple([made[a][i if parts.varies[a] else 0] for a in args])) for i in rows]
        made.append(nodes)
        for i, node in enumerate(nodes):
            origins.setdefault(node, (k, i if parts.varies[k] else None))
    return b.graph(made[parts.graph.output][0], {}, parts.graph.defaults), origins


def _number(b: Builder, u: float) -> int:
    k = b.constant(repr(abs(float(u))))
    return b.add("neg", (k,)) if math.copysign(1.0, u) < 0.0 else k


def _gathered(b: Builder, nodes: Sequence[int], gathers: str, average: bool, sign: float) -> int:
    """The node of a sum, a mean, or the largest or smallest number."""
    if gathers == EXTREME:
        return b.add("max" if sign > 0.0 else "min", tuple(nodes)) if len(nodes) > 1 else nodes[0]
    total = nodes[0]
    for node in nodes[1:]:
        total = b.add("add", (total, node))
    return b.add("div", (total, b.constant(str(len(nodes))))) if average else total
