"""Circuits in which max and min choose, mixed: each choice becomes a mean of its pieces, by weights that are inputs.

Where all weights are 0 or 1 the mixed circuit is one smooth piece of the circuit. As they run from 0 to 1 its gradient
runs through the hull of the gradients of the pieces; and the slope by a weight is how far its piece is from the others,
which is 0 at the kink. So an optimum at kinks is a stationary point of one smooth circuit (Clarke 1983).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from circuitcli.analysis.point import find
from circuitcli.engine.floats import FLOATS, LEAST, UNIT
from circuitcli.engine.passes import backward
from circuitcli.engine.symbols import Symbol, Symbolic, Symbols
from circuitcli.gates import GATES, over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph, down_from, reached_from
from circuitcli.notation import in_words

Vector = list[float]
Weights = Mapping[str, Sequence[float]]  # of the pieces of some forks, by key


class Fork(NamedTuple):
    """A choice at a point: of the largest of its pieces where `sign` is 1, of the smallest where it is -1.

    `slopes` are those of the pieces by the inputs that move, and `errors` the bounds of their rounding. `weight` is the
    slope of the output by the choice, and `mixed` the weights with which the pieces were mixed.
    """

    key: str
    sign: float
    weight: float
    mixed: Sequence[float]
    values: Sequence[float]
    slopes: Sequence[Vector]
    errors: Sequence[float]


class Forked(Protocol):
    """The choices in a function of some inputs."""

    @property
    def nested(self) -> bool:
        """Whether a choice may be a piece of another."""

    def at(self, x: Vector, weights: Weights, /) -> tuple[Vector, list[Fork]]:
        """The slopes of the mixed function at a point, and the choices that are next to it."""

    def values(self, x: Vector, keys: Iterable[str], /) -> dict[str, Sequence[float]]:
        """The values of the pieces of some choices at another point."""

    def above(self, key: str, /) -> Iterable[str]:
        """The keys of the choices among whose pieces one is."""

    def bend(self, x: Vector, weights: Weights, /) -> list[Vector]:
        """The second derivatives of the mixed function."""

    def text(self, fork: Fork, /) -> str:
        """The expression of a choice."""

    def others(self, x: Vector, /) -> str:
        """The expression of a node at a kink that is no choice of a largest or smallest number; empty where none is."""


class _Mixing(Symbols):
    """The arithmetic in which max and min are noted, and where they are `mixed` mix their arguments."""

    def __init__(self, mixed: bool) -> None:
        super().__init__(Graph([], 0))
        self._is_mixed = mixed
        self.forks: list[tuple[float, list[Symbol], list[Symbol], Symbol]] = []  # sign, pieces, weights, the mean

    def leaf(self, gate: str, text: str) -> Symbol:
        """The wire of an input or a constant."""
        return self._wire(gate, (), text)

    def max(self, *xs: Symbolic) -> Symbol:
        return self._noted("max", 1.0, xs)

    def min(self, *xs: Symbolic) -> Symbol:
        return self._noted("min", -1.0, xs)

    def _noted(self, gate: str, sign: float, xs: Sequence[Symbolic]) -> Symbol:
        """The choice among some wires, or their mean. A piece without weight does not take part: it may be nan."""
        pieces = [self.wire(x) for x in xs]
        if not self._is_mixed:
            self.forks.append((sign, pieces, [], self.gate(gate, *pieces)))
            return self.forks[-1][3]
        weights = [self._wire(INPUT, (), f"~{len(self.forks)}.{j}") for j in range(len(xs))]
        shares = [self.where(self.ne(w, 0.0), w * x, 0.0) for w, x in zip(weights, pieces, strict=True)]
        total = self.wire(shares[0])
        for share in shares[1:]:
            total = self.gate("add", total, share)
        self.forks.append((sign, pieces, weights, total))
        return total


class ForkedCircuit:
    """A circuit with its choices by the inputs `names` noted and, unless it is to stay as it is, mixed. `pieces` are
    the nodes of those of each fork, `weights` the names of their weights."""

    def __init__(self, graph: Graph, names: Sequence[str], mixed: bool = True) -> None:
        m = _Mixing(mixed)
        moves = graph.depends_on([find(graph, name) for name in names])
        self.nodes: list[int] = []  # in the circuit as it came, of each fork
        wires: list[Symbol] = []
        for k, reached in enumerate(reached_from(graph.nodes, [graph.output])):
            gate, args, text = graph.nodes[k]
            xs, row = [wires[a] for a in args], GATES.get(gate)
            if row is not None and row.choice is not None and moves[k] and reached and not over_rows(gate, len(args)):
                wires.append(m.wire(row.choice(m, *xs)))
                self.nodes += [k] * (len(m.forks) - len(self.nodes))
            elif gate in (INPUT, CONSTANT):
                wires.append(m.leaf(gate, text))
            else:
                wires.append(m.gate(gate, *xs))
        found = {f"~{i}": total.k for i, (_, _, _, total) in enumerate(m.forks)}
        found |= {f"~{i}:{j}": x.k for i, fork in enumerate(m.forks) for j, x in enumerate(fork[1])}
        kept = {name: wires[k].k for name, k in graph.inputs.items()}
        self.graph = m.builder.graph(wires[graph.output].k, {**found, **kept}, graph.defaults)
        self.names, self.source = list(names), graph
        self.signs = [sign for sign, _, _, _ in m.forks]
        self.weights = [[f"~{i}.{j}" for j in range(len(fork[2]))] for i, fork in enumerate(m.forks)]
        at = self.graph.names
        self.totals = [at[f"~{i}"] for i in range(len(m.forks))]
        self.pieces = [[at[f"~{i}:{j}"] for j in range(len(fork[1]))] for i, fork in enumerate(m.forks)]
        self._owner = {self.graph.inputs[w]: i for i, names in enumerate(self.weights) for w in names}
        self._wanted = [self.graph.inputs[name] for name in names]
        self.needed = self.graph.depends_on(self._wanted)
        self.above = self._above()  # for each fork those in whose pieces it is
        self.nested = any(self.above)

    def _above(self) -> list[list[int]]:
        own = dict.fromkeys(self.totals, 0)
        for i, total in enumerate(self.totals):
            own[total] |= 1 << i
        within: list[int] = []  # the forks at and below each node, as bits
        for k, node in enumerate(self.graph.nodes):
            bits = own.get(k, 0)
            for a in node.args:
                bits |= within[a]
            within.append(bits)
        found: list[list[int]] = [[] for _ in self.totals]
        for i, pieces in enumerate(self.pieces):
            bits = 0
            for k in pieces:
                bits |= within[k]
            for j in range(bits.bit_length()):
                if bits >> j & 1:
                    found[j].append(i)
        return found

    @property
    def mixing(self) -> list[str]:
        """The names of all weights."""
        return [name for names in self.weights for name in names]

    def text(self, i: int) -> str:
        """The expression of a fork."""
        return in_words(self.source)[self.nodes[i]]

    def at(self, given: Mapping[str, float], weights: Weights, prefix: str = "") -> tuple[Vector, list[Fork]]:
        """The slopes of the mixed circuit at a point where all inputs are `given`, and its forks. Those without weights
        have 1 for the piece that is chosen there."""
        values, mixed = self._forward(given, weights, prefix)
        plain = self._forward(given, {}, prefix)[0] if self.nested and weights else values
        slopes = backward(self.graph, FLOATS, values, self.needed)
        forks = []
        for i, pieces in enumerate(self.pieces):
            by = [self._by(values, k) for k in pieces]
            forks.append(
                Fork(
                    f"{prefix}{i}",
                    self.signs[i],
                    float(slopes.get(self.totals[i], 0.0)),
                    mixed[i],
                    [plain[k] for k in pieces],
                    [slope for slope, _ in by],
                    [error for _, error in by],
                )
            )
        return [float(slopes.get(k, 0.0)) for k in self._wanted], forks

    def mixture(self, given: Mapping[str, float], weights: Weights, prefix: str = "") -> dict[str, float]:
        """The weights of all forks, by the names that they have as inputs."""
        mixed = self._forward(given, weights, prefix)[1]
        return {name: w for names, found in zip(self.weights, mixed, strict=True) for name, w in zip(names, found)}  # noqa: B905

    def _forward(
        self, given: Mapping[str, float], weights: Weights, prefix: str
    ) -> tuple[list[float], list[Sequence[float]]]:
        """The value of every node, and the weights of every fork, chosen as soon as all of its pieces are known."""
        nodes, owner, known = self.graph.nodes, self._owner, dict(given)
        mixed: list[Sequence[float]] = [weights.get(f"{prefix}{i}", ()) for i in range(len(self.weights))]
        values: list[float] = []
        for gate, args, text in nodes:
            if args:
                for a in args:
                    if a in owner and values[a] != values[a]:
                        self._choose(owner[a], values, mixed)
                values.append(GATES[gate].forward(FLOATS, *[values[a] for a in args]))
            elif gate == CONSTANT:
                values.append(FLOATS.constant(text))
            else:
                values.append(known.get(text, math.nan) if gate == INPUT else GATES[gate].forward(FLOATS))
        return values, mixed

    def values(self, given: Mapping[str, float]) -> list[list[float]]:
        """The values of the pieces of every fork."""
        values = self._forward(given, {}, "")[0]
        return [[values[k] for k in pieces] for pieces in self.pieces]

    def _choose(self, i: int, values: list[float], mixed: list[Sequence[float]]) -> None:
        if not mixed[i]:
            found = [self.signs[i] * values[k] for k in self.pieces[i]]
            best = max(range(len(found)), key=lambda j: found[j] if found[j] == found[j] else -math.inf)
            mixed[i] = [float(j == best) for j in range(len(found))]
        for name, w in zip(self.weights[i], mixed[i], strict=True):
            values[self.graph.inputs[name]] = w

    def _by(self, values: Sequence[float], k: int) -> tuple[Vector, float]:
        """The slopes of a node, and the bound of its rounding."""
        if not self.needed[k]:
            return [0.0] * len(self._wanted), UNIT * abs(values[k])
        order = down_from(self.graph.nodes, k, self.needed)
        slopes = backward(self.graph, FLOATS, values, self.needed, k, order)
        error = 0.0
        for i, slope in slopes.items():
            gate, args, _ = self.graph.nodes[i]
            if args:
                error += abs(slope) * max(GATES[gate].units * UNIT * abs(values[i]), LEAST)
        return [float(slopes.get(i, 0.0)) for i in self._wanted], error
