"""Derivatives as circuits: the backward pass run on symbols, once or twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.engine.passes import backward, forward
from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.graph import CONSTANT, INPUT, Graph, Node, reached_from
from circuitcli.language.claims import PREFIX
from circuitcli.notation import statements


class Derivatives:
    """A circuit and its derivatives by some inputs or nodes, in one graph that shares whatever is equal.

    `gradient` maps each name to its node; after `second()`, `hessian` maps pairs of names, in both orders.
    """

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        refuse_rows(
            graph,
            "its derivative is no expression of one row",
            "derive what stands inside it; circuit grad over a data file differentiates all",
        )
        self.source = graph
        self.names = list(names)
        self.hessian: dict[tuple[str, str], int] = {}
        self._symbols = Symbols(graph)
        self._wanted = [find(graph, name) for name in names]
        self._grown = Graph(self._symbols.builder.nodes, graph.output)  # which goes on growing
        self._needed: list[bool] = []  # whether a wanted node lies at or below
        slopes = self._backward(graph.output)
        self.gradient = {name: self._node(slopes, k) for name, k in zip(names, self._wanted, strict=True)}

    def second(self) -> Derivatives:
        """Add the derivatives of the gradient, row by row, each over the nodes of its own slope alone; return self.

        The order of two derivatives does not matter where both exist (Schwarz), so only one of each pair is built.
        """
        for i, a in enumerate(self.names):
            slopes = self._backward(self.gradient[a])
            for b, k in zip(self.names[i:], self._wanted[i:], strict=True):
                self.hessian[a, b] = self.hessian[b, a] = self._node(slopes, k)
        return self

    def graph(self, answers: Mapping[str, int]) -> Graph:
        """Return the circuit of some nodes under new names, the last being the output. Names of the source stay where
        they are still needed."""
        builder = self._symbols.builder
        reached = reached_from(builder.nodes, answers.values())
        names = {name: k for name, k in self.source.names.items() if reached[k]}
        defaults = {name: c for name, c in self.source.defaults.items() if reached[self.source.inputs[name]]}
        return builder.graph([*answers.values()][-1], {**names, **answers}, defaults)

    def statements(self, answers: Mapping[str, int]) -> list[str]:
        """Write some nodes as statements, after others that name whatever is shared or long."""
        graph = self.graph(answers)
        return statements(graph, [(name, graph.names[name]) for name in answers])

    def _node(self, slopes: dict[int, Symbol | float], k: int) -> int:
        return self._symbols.wire(slopes.get(k, 0.0)).k

    def _backward(self, output: int) -> dict[int, Symbol | float]:
        """Run the backward pass from one node, over the nodes between it and a wanted one."""
        nodes, needed = self._grown.nodes, self._needed
        for k in range(len(needed), len(nodes)):
            needed.append(k in self._wanted or any(needed[a] for a in nodes[k].args))
        reached, pending = {output}, [output]
        while pending:
            for a in nodes[pending.pop()].args:
                if needed[a] and a not in reached:
                    reached.add(a)
                    pending.append(a)
        wires = self._symbols.wires
        return backward(self._grown, self._symbols, wires, needed, output, sorted(reached, reverse=True))


def with_inputs_gone(graph: Graph) -> Graph:
    """The graph; of a gradient of nothing but numbers, as `grad_x = 2`, a constant beside the inputs that are gone."""
    names = dict.fromkeys([*graph.inputs, *graph.names])
    gone = [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]
    if graph.inputs.keys() - graph.defaults.keys() or len(gone) < len(names) or not graph.answer.startswith(PREFIX):
        return graph
    return Graph([*(Node(INPUT, (), name) for name in gone), Node(CONSTANT, (), "0")], len(gone))


class Hessian:
    """The second derivatives by pairs of names, built once and evaluated at any point."""

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        found = Derivatives(graph, names).second()
        pairs = list(dict.fromkeys(found.hessian.values()))
        self.names = found.names
        self.circuit = found.graph({f"#{k}": k for k in (graph.output, *pairs)})
        self._entries = {pair: self.circuit.names[f"#{k}"] for pair, k in found.hessian.items()}

    def at(self, point: Point) -> dict[tuple[str, str], float]:
        """Return the numbers at a point, by pairs of names in both orders; nan where the value is nan."""
        return self.read(forward(self.circuit, point.m, point.given), point.value)

    def read(self, values: Sequence[float], value: float) -> dict[tuple[str, str], float]:
        """Pick the numbers out of the values of the circuit's nodes; `value` is that of the output."""
        pairs = [(a, b) for a in self.names for b in self.names]
        return {pair: value if value != value else values[self._entries[pair]] for pair in pairs}
