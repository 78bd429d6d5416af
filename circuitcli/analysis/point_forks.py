"""The choices of a circuit at points, as the ascent along kinks asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from circuitcli.analysis.forks import Fork, ForkedCircuit, Weights
from circuitcli.analysis.point import Point
from circuitcli.analysis.second_derivatives import second_derivatives
from circuitcli.graph import Graph
from circuitcli.notation import in_words

Vector = list[float]


class PointForks:
    """The choices of a circuit at points."""

    def __init__(self, graph: Graph, names: Sequence[str], given: Mapping[str, float]) -> None:
        self.circuit, self._fixed = ForkedCircuit(graph, names), given
        self.nested = self.circuit.nested

    def at(self, x: Vector, weights: Weights) -> tuple[Vector, list[Fork]]:
        """The slopes of the mixed circuit, and its forks."""
        return self.circuit.at(self._given(x), weights)

    def _given(self, x: Vector) -> dict[str, float]:
        return {**self._fixed, **dict(zip(self.circuit.names, x, strict=True))}

    @cached_property
    def _bend(self) -> Callable[[Vector], list[Vector]]:
        circuit = self.circuit
        return second_derivatives(circuit.graph, circuit.names, self._fixed, circuit.mixing)

    def bend(self, x: Vector, weights: Weights) -> list[Vector]:
        """The second derivatives of the mixed circuit."""
        return self._bend([*x, *self.circuit.mixture(self._given(x), weights).values()])

    def values(self, x: Vector, keys: Iterable[str]) -> dict[str, Sequence[float]]:
        """The values of the pieces of some choices at another point."""
        found = self.circuit.values(self._given(x))
        return {key: found[int(key)] for key in keys}

    def above(self, key: str) -> Iterable[str]:
        """The keys of the choices among whose pieces one is."""
        return map(str, self.circuit.above[int(key)])

    def text(self, fork: Fork) -> str:
        """The expression of a fork."""
        return self.circuit.text(int(fork.key))

    def others(self, x: Vector) -> str:
        """The expression of a node at a kink that is no choice of a largest or smallest number; empty where none is."""
        graph = self.circuit.source
        kinks = Point(graph, self._given(x), self.circuit.names).kinks
        marks = (k for k, kink in enumerate(kinks) if kink and k not in self.circuit.nodes)
        return next((in_words(graph)[k] for k in marks), "")
