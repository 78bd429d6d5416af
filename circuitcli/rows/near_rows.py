"""The rows in which pieces of choices, as of max, are closest to meeting: few, however many rows there are.

How far pieces are from meeting is measured by how far inputs would have to move, each as a part of its reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.analysis.forks import ForkedCircuit
from circuitcli.analysis.point import find
from circuitcli.engine.passes import backward
from circuitcli.engine.symbols import Symbols
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.graph import Graph
from circuitcli.rows.row_curvature import summed
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray

MOST = 400  # pairs of pieces, in as many rows as have that many, or in rows like them
WIDER = 4  # times as many rows, where too few of them differ
REACH = "#reach of "  # and the name of an input


class NearRows(NamedTuple):
    """A number of rows, and of the `most` nearest that differ, in order: how near they are, the number of the first of
    each, how many are like it, and their columns, as these were asked for."""

    rows: int
    most: int
    distances: FloatArray
    numbers: FloatArray
    counts: FloatArray
    columns: FloatArray

    @classmethod
    def of(cls, distances: FloatArray, columns: Columns, names: Sequence[str]) -> NearRows:
        """Those of a block; of several distances in a row the least counts, and those that are no numbers do not."""
        least = np.where(np.isfinite(distances), distances, np.inf).min(axis=0, initial=np.inf)
        rows = len(least)
        table = np.array([columns[name] for name in names]).reshape(len(names), rows)
        most = max(1, MOST // max(1, len(distances)))
        return cls(rows, most, least, np.arange(rows, dtype=float), np.ones(rows), table)._nearest()

    def join(self, other: NearRows) -> NearRows:
        return NearRows(
            self.rows + other.rows,
            self.most,
            np.concatenate([self.distances, other.distances]),
            np.concatenate([self.numbers, other.numbers + self.rows]),
            np.concatenate([self.counts, other.counts]),
            np.concatenate([self.columns, other.columns], axis=1),
        )._nearest()

    def _nearest(self) -> NearRows:
        """The nearest rows, each once: where many are alike, as counts and marks are, they are looked for further on.
        An order by distance and then by columns is one, whichever blocks the rows come in."""
        finite, taken = np.flatnonzero(np.isfinite(self.distances)), self.most
        away = self.distances[finite]
        while True:
            whole = taken >= len(away)
            some = finite if whole else finite[away <= np.partition(away, taken - 1)[taken - 1]]
            _, first, like = np.unique(self.columns[:, some], axis=1, return_index=True, return_inverse=True)
            if whole or len(first) >= self.most:
                break
            taken *= WIDER
        counts = np.bincount(like.reshape(-1), weights=self.counts[some], minlength=len(first))
        nearest = np.argsort(self.distances[some[first]], kind="stable")[: self.most]
        kept = some[first[nearest]]
        return NearRows(
            self.rows, self.most, self.distances[kept], self.numbers[kept], counts[nearest], self.columns[:, kept]
        )


def forked_rows(parts: Varying, names: Sequence[str], mixed: bool = True) -> dict[int, ForkedCircuit]:
    """For each sum over rows that moves, the circuit of a row."""
    sums = summed(parts, [find(parts.graph, name) for name in names]) or ()
    return {k: ForkedCircuit(row_circuit(parts, k), names, mixed) for k in sums}


def row_circuit(parts: Varying, k: int) -> Graph:
    """The circuit of a row of a sum, with all inputs."""
    m = Symbols(parts.graph)
    inputs = {name: m.wires[i].k for name, i in parts.graph.inputs.items()}
    return m.builder.graph(m.wires[parts.graph.nodes[k].args[0]].k, inputs, parts.graph.defaults)


def apart(parts: Varying, columns: Sequence[str], names: Sequence[str]) -> TracedProgram:
    """For each input the sum of sizes of the slopes by which pieces part."""
    m = Recorder()
    totals: list[Traced] = [0.0] * len(names)
    for _, slopes in _pairs(m, parts, columns, names):
        totals = [total + m.abs(slope) for total, slope in zip(totals, slopes, strict=True)]
    return m.program(totals)


def distances(parts: Varying, columns: Sequence[str], names: Sequence[str]) -> TracedProgram:
    """For each pair of pieces the part of the inputs' reaches at which they would meet."""
    m = Recorder()
    found: list[Traced] = []
    for gap, slopes in _pairs(m, parts, columns, names):
        reached: Traced = 0.0
        for name, slope in zip(names, slopes, strict=True):
            reached = reached + m.abs(slope) * m.scalar(REACH + name)
        found.append(m.div(gap, reached))
    return m.program(found)


def _pairs(
    m: Recorder, parts: Varying, columns: Sequence[str], names: Sequence[str]
) -> list[tuple[Traced, list[Traced]]]:
    """For each pair of pieces how far both are from being chosen, and the differences of their slopes."""
    found: list[tuple[Traced, list[Traced]]] = []
    for circuit in forked_rows(parts, names, mixed=False).values():
        values = recorded(circuit.graph, columns, m)
        inputs = [circuit.graph.inputs[name] for name in names]
        for pieces, total in zip(circuit.pieces, circuit.totals, strict=True):
            slopes = []
            for k in pieces:
                by = backward(circuit.graph, m, values, circuit.needed, k)
                slopes.append([by.get(i, 0.0) for i in inputs])
            for i, j in combinations(range(len(pieces)), 2):
                gap = m.abs(values[total] - values[pieces[i]]) + m.abs(values[total] - values[pieces[j]])
                found.append((gap, [u - v for u, v in zip(slopes[i], slopes[j], strict=True)]))
    return found
