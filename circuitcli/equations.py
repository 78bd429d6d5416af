"""Equations as a circuit, in which the difference of each one's two sides is a node."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from circuitcli.api import Circuit
from circuitcli.errors import UsageError
from circuitcli.graph import Graph, Node
from circuitcli.language import Program, parse
from circuitcli.language.resolve import Meaning

_MARK = "equation "  # and its number: no name of the language has a space
_CONDITIONS = {"lt", "le", "gt", "ge", "ne", "and", "or", "not"}


class Equation(NamedTuple):
    """An equation as it is written, and the node that it wants to be 0."""

    text: str
    node: int


class _Unknowns(Collection[str]):
    """Names, and the elements of the families among them."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    def __contains__(self, name: object) -> bool:
        return name in self._names or str(name).partition("[")[0] in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Equations(Circuit):
    """A circuit of equations: `A = B`, `A == B`, or A alone, which is to be 0. Behind one of the `unknowns` an `=`
    makes an equation, too; behind any other name it names a node. Raises UsageError where there is no equation."""

    def __init__(self, text: str, unknowns: Collection[str], parts: bool = False) -> None:
        self._unknowns = _Unknowns(unknowns)
        super().__init__(text, parts=parts)

    def _read(self, text: str) -> Program:
        return parse(text, self._unknowns)

    def _resolved(self, bound: frozenset[str]) -> Graph:
        meaning = Meaning(self._program, bound, parts=self._parts)
        meaning.graph()
        if not meaning.nameless:
            raise UsageError("there is no equation, for = behind a name gives a name", "write for example x^2 = 2")
        names = {f"{_MARK}{i}": k for i, k in enumerate(meaning.nameless)}
        return meaning.builder.graph(meaning.nameless[-1], {**meaning.names, **names}, meaning.defaults)

    def differences(self, graph: Graph) -> tuple[Graph, list[Equation]]:
        """The circuit of these equations with the differences, and the equations. Raises UsageError for a condition
        that is none."""
        nodes, found = [*graph.nodes], []
        statements = [statement for statement in self._program.statements if statement.left is None]
        for i, statement in enumerate(statements):
            start, end = self._program.span(statement.first, statement.last)
            text, k = " ".join(_whole(self._program.text, start, end).split()), graph.names[f"{_MARK}{i}"]
            gate, args, _ = graph.nodes[k]
            if gate in _CONDITIONS:
                hint = "write each with = , and ; between" if gate == "and" else "an equation has ="
                raise UsageError(f"{text} is a condition, and no equation", hint)
            if gate == "eq":
                nodes.append(Node("sub", args))
                k = len(nodes) - 1
            found.append(Equation(text, k))
        names = {name: k for name, k in graph.names.items() if not name.startswith(_MARK)}
        return Graph(nodes, found[-1].node, names, graph.defaults), found


def _whole(text: str, start: int, end: int) -> str:
    """A part of a text with the brackets around its ends, which no node has."""
    while text[:start].rstrip().endswith("("):
        start = text.rindex("(", 0, start)
    while text[end:].lstrip().startswith(")"):
        end = text.index(")", end) + 1
    return text[start:end]
