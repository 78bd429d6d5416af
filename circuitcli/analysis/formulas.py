"""Rules as formulas: a gate's own rules, run on symbols and written out, are its derivatives and its kink."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from circuitcli.engine.passes import contributions
from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.gates import GATES, Gate
from circuitcli.graph import INPUT, Builder, Graph, Node
from circuitcli.notation import HIDDEN, SIGNED, WHOLE, operands


class Formulas:
    """Formulas of one circuit: named nodes by their names, long operands as #number, or as … where `numbered` are some
    nodes of the circuit and they are others."""

    def __init__(
        self,
        graph: Graph,
        length: int = WHOLE,
        numbered: Collection[int] | None = None,
        gates: Mapping[str, Gate] = GATES,
    ) -> None:
        self._graph, self._length, self._gates = graph, length, gates
        self._numbered = range(len(graph.nodes)) if numbered is None else numbered
        self._symbols = Symbols(graph, folds=True)

    def written(self, wires: Sequence[Symbol | float]) -> list[str]:
        """Write wires as text, numbers as they are; what is too long with a number for each node of the circuit."""
        m = self._symbols
        nodes = [m.wire(x).k for x in wires]
        grown = Graph(m.builder.nodes, self._graph.output, self._graph.names)
        texts = operands(grown, self._length, self._numbered, SIGNED)
        if all(len(texts[k]) <= self._length and HIDDEN not in texts[k] for k in nodes):
            return [texts[k] for k in nodes]
        called = self._graph.called()
        own = [
            Node(INPUT, (), called[k] or (f"#{k}" if k in self._numbered else HIDDEN)) if node.args else node
            for k, node in enumerate(self._graph.nodes)
        ]
        short = operands(Graph([*own, *grown.nodes[len(own) :]], grown.output), WHOLE, None, SIGNED)
        return [
            short[k] if k >= len(own) and (len(texts[k]) > self._length or HIDDEN in texts[k]) else texts[k]
            for k in nodes
        ]

    def derivatives(self, k: int, needed: list[bool]) -> list[tuple[int, Symbol | float, Symbol | float]]:
        """List the edges to the needed arguments of a node: node, local derivative and condition of each."""
        return list(contributions(self._graph, self._symbols, self._symbols.wires, needed, k, 1.0, True, self._gates))

    def kink(self, k: int, needed: Sequence[bool]) -> str:
        """Say where the gate of a node has a kink by its needed arguments: x = 0; nothing where it has none, or only
        on constants."""
        node, m = self._graph.nodes[k], self._symbols
        rule = GATES[node.gate].kink_along([needed[a] for a in node.args]) if node.args else None
        if rule is None:
            return ""
        condition = rule(m, m.wires[k], *[m.wires[a] for a in node.args])
        return "" if isinstance(condition, bool) else self.written([condition])[0].replace("==", "=")


def alone(name: str) -> Graph:
    """Build the circuit of one gate, on the names that its arguments have in the table."""
    gate, builder = GATES[name], Builder()
    args = tuple(builder.input(x) for x in gate.names[: 2 if gate.many else len(gate.rules)])
    return builder.graph(builder.add(name, args))


def derivatives(name: str, gates: Mapping[str, Gate] = GATES) -> list[tuple[str, str]]:
    """List the arguments of a gate with the derivative by each, of which `gates` have the rules: "none" where there is
    no edge."""
    gate = GATES[name]
    if gate.only_over_rows:
        return [(argument, "over rows") for argument in gate.names[: len(gate.rules)]]
    graph = alone(name)
    formulas = Formulas(graph, gates=gates)
    edges = {i: (c, edge) for i, c, edge in formulas.derivatives(graph.output, [True] * len(graph.nodes))}
    found = []
    for argument, k in graph.inputs.items():
        if k not in edges:
            found.append((argument, "none"))
            continue
        slope, condition = edges[k]
        texts = formulas.written([slope] if condition is True else [slope, condition])
        found.append((argument, " where ".join(texts)))
    return found


def kink_at(name: str) -> str:
    """Say where a gate has a kink, in terms of its arguments; nothing where it has none."""
    graph = alone(name)
    return Formulas(graph).kink(graph.output, [True] * len(graph.nodes))
