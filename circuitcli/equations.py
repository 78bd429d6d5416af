"""Equations as a circuit, in which the difference of each one's two sides is a node."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from circuitcli.errors import UsageError
from circuitcli.graph import Graph, Node
from circuitcli.language import Program, canonical, parse
from circuitcli.language.resolve import Meaning
from circuitcli.language.syntax import Statement, Step
from circuitcli.nested_names import stem_of
from circuitcli.read_circuit import ReadCircuit

_MARK = "equation "  # and its number: no name of the language has a space
MOST_TURNS = 20  # of a loop that a hint writes out
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


class Equations(ReadCircuit):
    """A circuit of equations: `A = B`, `A == B`, or A alone, which is to be 0. Behind one of the `unknowns` an `=`
    makes an equation, too; behind a new name it names a node, or is the default of one that is `known`. Raises
    UsageError where there is no equation."""

    def __init__(self, text: str, unknowns: Collection[str], known: Collection[str] = (), parts: bool = False) -> None:
        self._unknowns, self._known = _Unknowns(unknowns), known
        super().__init__(text, parts=parts)

    def _read(self, text: str) -> Program:
        program = parse(text, self._unknowns, self._known)
        for statement in program.statements:
            if statement.loops and statement.left is not None and self._is_side(program.steps[statement.left]):
                raise UsageError("an equation is one, and a loop behind it makes many", _in_turns(program, statement))
        return program

    def _is_side(self, left: Step) -> bool:
        """Whether what stands left of = is a side of an equation."""
        return left.op != "element" or stem_of(canonical(str(left.token))) in self._unknowns

    def _resolved(self, bound: frozenset[str]) -> Graph:
        meaning = Meaning(self.program, bound, parts=self.parts)
        meaning.graph()
        if not meaning.nameless:
            last = self.program.statements[-1]
            start, end = self.program.span(last.first if last.left is None else last.left + 1, last.last)
            hint = f"write {self.program.text[start:end]} = 0 for its roots; behind an unknown, = is an equation"
            raise UsageError("there is no equation, for = behind a name gives a name", hint)
        names = {f"{_MARK}{i}": k for i, k in enumerate(meaning.nameless)}
        return meaning.builder.graph(meaning.nameless[-1], {**meaning.names, **names}, meaning.defaults)

    def differences(self, graph: Graph) -> tuple[Graph, list[Equation]]:
        """The circuit of these equations with the differences, and the equations. Raises UsageError for a condition
        that is none."""
        nodes, found = [*graph.nodes], []
        statements = [statement for statement in self.program.statements if statement.left is None]
        for i, statement in enumerate(statements):
            text, k = self.program.text_of(statement), graph.names[f"{_MARK}{i}"]
            gate, args, _ = graph.nodes[k]
            sides = [nodes[a].gate for a in args] if gate == "eq" else []
            if gate in _CONDITIONS or not _CONDITIONS.isdisjoint(sides):
                raise UsageError(f"{text} is a condition, and no equation", _instead_of_condition(text))
            if gate == "eq":
                nodes.append(Node("sub", args))
                k = len(nodes) - 1
            found.append(Equation(text, k))
        names = {name: k for name, k in graph.names.items() if not name.startswith(_MARK)}
        return Graph(nodes, found[-1].node, names, graph.defaults), found


def _instead_of_condition(text: str) -> str:
    """The hint for a condition: the equation of its edge, or several with ; between."""
    parts = [re.sub(r"<=|>=|!=|<|>|≤|≥|≠", "=", part).strip() for part in re.split(r"\band\b", text)]
    if all(part.count("=") == 1 or "==" in part for part in parts) and not re.search(r"\b(or|not)\b", text):
        return f"write {'; '.join(parts)}" + (", the edge of it" if len(parts) == 1 else "")
    return "an equation has = , and several ; between; what an unknown may be, its range says"


def _in_turns(program: Program, statement: Statement) -> str:
    """The hint for an equation in a loop over numbers that are written out: the equations one by one."""
    text = program.text[slice(*program.span(statement.first, statement.last))]
    found = re.match(
        r"\s*for\s+(\w+)\s+in\s+(\d+):(\d+)\s*(?:;|\n|$)",
        program.text[program.span(statement.first, statement.last)[1] :],
    )
    numbers = range(int(found[2]), int(found[3]) + 1) if found else range(0)
    if found is None or not 0 < len(numbers) <= MOST_TURNS:
        return "write each equation, with ; between"
    return "write " + "; ".join(re.sub(rf"\b{found[1]}\b", str(i), text) for i in numbers)
