"""Derivatives as circuits: the backward pass run on symbols, once or twice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.analysis.running_error import running_errors
from circuitcli.engine.floats import FLOATS, TINY
from circuitcli.engine.passes import backward, forward
from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.gates import GATES, Gate
from circuitcli.graph import CONSTANT, INPUT, Graph, Node, down_from, reached_from
from circuitcli.language.names import PREFIX
from circuitcli.notation import SIGNED
from circuitcli.program_text import statements
from circuitcli.wording import by_voice

KEPT = 1e-11  # relative: an error so small spoils no number


class Derivatives:
    """A circuit and its derivatives by some inputs or nodes, in one graph that shares whatever is equal.

    Nodes in `still` count as constants; `gates` have the rules, and with `folds` constants are
    folded, as is better to read. `gradient` maps each name to its node; after
    `second()`, `hessian` maps pairs of names, in both orders.
    """

    def __init__(
        self,
        graph: Graph,
        names: Sequence[str],
        still: Sequence[int] = (),
        gates: Mapping[str, Gate] = GATES,
        folds: bool = False,
    ) -> None:
        over_rows = by_voice("circuit grad over a data file", "gradient(rows)")
        hint = f"derive what stands inside it; {over_rows} differentiates all"
        refuse_rows(graph, "its derivative is no expression of one row", hint)
        self.source = graph
        self.names = list(names)
        self.hessian: dict[tuple[str, str], int] = {}
        self._symbols = Symbols(graph, folds)
        self._wanted = [find(graph, name) for name in names]
        self._still, self._gates = still, gates
        self._zero: int | None = None  # the node of a derivative that is 0, for nothing leads there
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
        return statements(graph, [(name, graph.names[name]) for name in answers], SIGNED)

    def _node(self, slopes: dict[int, Symbol | float], k: int) -> int:
        slope = slopes.get(k)
        if slope is not None:
            return self._symbols.folded(slope).k
        if self._zero is None:
            self._zero = self._symbols.wire(0.0).k
        return self._zero

    def _backward(self, output: int) -> dict[int, Symbol | float]:
        """Run the backward pass from one node, over the nodes between it and a wanted one."""
        nodes, needed = self._grown.nodes, self._needed
        for k in range(len(needed), len(nodes)):
            needed.append(k not in self._still and (k in self._wanted or any(needed[a] for a in nodes[k].args)))
        order = down_from(nodes, output, needed)
        return backward(self._grown, self._symbols, self._symbols.wires, needed, output, order, gates=self._gates)


def with_inputs_gone(graph: Graph) -> Graph:
    """The graph; of a gradient of nothing but numbers, as `grad_x = 2`, a constant beside the inputs that are gone."""
    names = dict.fromkeys([*graph.inputs, *graph.names])
    gone = [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]
    if graph.inputs.keys() - graph.defaults.keys() or len(gone) < len(names) or not graph.answer.startswith(PREFIX):
        return graph
    return Graph([*(Node(INPUT, (), name) for name in gone), Node(CONSTANT, (), "0")], len(gone))


class Second(NamedTuple):
    """Second derivatives by pairs of names in both orders, nan where the value is nan. Of the pairs in `lost` float64
    had lost the digits on the way; those in `underflowed` are not 0, but below the range of floats."""

    numbers: dict[tuple[str, str], Any]
    lost: Sequence[tuple[str, str]] = ()
    underflowed: Sequence[tuple[str, str]] = ()


class Hessian:
    """The second derivatives by pairs of names, built once and evaluated at any point."""

    def __init__(self, graph: Graph, names: Sequence[str], still: Sequence[int] = ()) -> None:
        found = Derivatives(graph, names, still).second()
        pairs = list(dict.fromkeys(found.hessian.values()))
        self.names = found.names
        self.circuit = found.graph({f"#{k}": k for k in (graph.output, *pairs)})
        self._entries = {pair: self.circuit.names[f"#{k}"] for pair, k in found.hessian.items()}
        self._places = set(self._entries.values())

    def at(self, point: Point) -> Second:
        """Evaluate at a point; on floats, where rounding or their range spoiled a number, again in more digits."""
        values = forward(self.circuit, point.m, point.given)
        if point.m is FLOATS and point.has_value and not point.came_in():
            return self._mended(point, values)
        return self.read(values, point.value)

    def read(self, values: Sequence[Any], value: Any) -> Second:
        """Pick the numbers out of the values of the circuit's nodes; `value` is that of the output."""
        pairs = [(a, b) for a in self.names for b in self.names]
        # Nobody asks a 0 for its sign, and -0.0 + 0.0 has none.
        return Second({pair: value if value != value else values[self._entries[pair]] + 0.0 for pair in pairs})

    def _mended(self, point: Point, values: list[float]) -> Second:
        errors = running_errors(self.circuit, values)
        suspects = {k for k in self._places if not errors[k] <= KEPT * abs(values[k]) < math.inf}
        if not suspects:
            return self.read(values, 0.0)
        from circuitcli.analysis.more_digits import in_more_digits

        exact = in_more_digits(self.circuit, point.inputs, suspects)
        wrong = {k: x for k, x in exact.items() if abs(x) < math.inf and not abs(values[k] - x) <= KEPT * abs(x)}
        for k, x in wrong.items():
            values[k] = float(x)
        numbers = self.read(values, 0.0).numbers
        pairs = [(a, b) for a, b in numbers if self._entries[a, b] in wrong and wrong[self._entries[a, b]] != 0]
        lost = [pair for pair in pairs if TINY <= abs(numbers[pair]) < math.inf]
        return Second(numbers, lost, [pair for pair in pairs if abs(numbers[pair]) < TINY])
