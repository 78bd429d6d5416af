"""A circuit subject to constraints: relations between nodes of its own, each with the difference of its sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from circuitcli.api import Circuit
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.gate_facts import COMPARE, Infix
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node, reached_from
from circuitcli.language import Program, parse
from circuitcli.language.names import canonical
from circuitcli.language.resolve import Meaning

_MARK = "relation "  # and its number: no name of the language has a space
EQUALS, LARGER = "=", ">"  # the first character of a sign: of equations, and of what its left side may exceed


class Relation(NamedTuple):
    """A constraint as it is written, and the node of its difference, which is 0, or where it `rises` 0 or more. By
    `limit` the difference changes with the right side."""

    text: str
    node: int
    rises: bool
    limit: float


class Subject(Circuit):
    """The circuit of a text whose inputs are subject to constraints, in texts that may name its nodes. Raises
    ExpressionError for a text that cannot be read, UsageError for one that is no relation."""

    def __init__(self, text: str, constraints: Sequence[str], unknowns: Collection[str], parts: bool = False) -> None:
        alone = Circuit(text, parts=parts)
        self._answer = alone._graph.answer
        self._known = {*alone._graph.inputs, *alone._graph.names, *unknowns}
        self._since = len(text) + 1
        super().__init__("\n".join([text, *constraints]), parts=parts)

    def _read(self, text: str) -> Program:
        return parse(text, self._known, self._since)

    def _resolved(self, bound: frozenset[str]) -> Graph:
        program, meaning = self._program, Meaning(self._program, bound, parts=self._parts)
        meaning.graph()
        alone = [s for s in program.statements if s.left is None]
        own = [program.steps[s.first].token.start_pos < self._since for s in alone]
        nodes = dict(zip(range(len(alone)), meaning.nameless, strict=True))
        output = meaning.names.get(self._answer, -1)
        if output < 0:
            output = nodes[own.index(False) - 1 if False in own else len(own) - 1]
        marks = {f"{_MARK}{i}": k for i, k in nodes.items() if not own[i]}
        self._refuse_idle(meaning)
        return meaning.builder.graph(output, {**meaning.names, **marks}, meaning.defaults)

    def _refuse_idle(self, meaning: Meaning) -> None:
        """Raise ExpressionError for a name that the constraints give and do not use."""
        for statement in self._program.statements:
            if statement.left is None or statement.equal is None or statement.equal.start_pos < self._since:
                continue
            left = self._program.steps[statement.left]
            word = canonical(str(left.token))
            if left.op == "name" and word not in meaning.used:
                text, hint = self._program.text, f"to make it a constraint, write {word} == ..."
                raise ExpressionError(
                    f"{word} is named, and no constraint uses it", text, left.token.start_pos, left.token.end_pos, hint
                )

    def relations(self, graph: Graph) -> tuple[Graph, list[Relation]]:
        """The circuit with the differences, and the constraints. Raises UsageError for what is no relation."""
        nodes, found = [*graph.nodes], []
        program = self._program
        for i, statement in enumerate(s for s in program.statements if s.left is None):
            name = f"{_MARK}{i}"
            if name not in graph.names:
                continue
            start, end = program.span(statement.first, statement.last)
            text, node = " ".join(program.text[start:end].split()), graph.nodes[graph.names[name]]
            sign = _sign(node.gate)
            if not sign:
                hint = "write for example x + y <= 1, or x^2 + y^2 = 2; several have ; between"
                raise UsageError(f"{text} is no constraint", hint)
            left, right = node.args
            larger = sign[0] in (LARGER, EQUALS)
            nodes.append(Node("sub", (left, right) if larger else (right, left)))
            found.append(Relation(text, len(nodes) - 1, sign[0] != EQUALS, 1.0 if larger else -1.0))
        names = {name: k for name, k in graph.names.items() if not name.startswith(_MARK)}
        return Graph(nodes, graph.output, names, graph.defaults), found


def _sign(gate: str) -> str:
    """The sign of a comparison that a constraint may be: of all but !=."""
    written = GATES[gate].written if gate in GATES else ""
    if not isinstance(written, Infix) or written.strength != COMPARE or written.symbol[0] not in "<>=":
        return ""
    return written.symbol


def part_of(graph: Graph, k: int, names: Collection[str]) -> Graph:
    """The circuit of what one node reaches, which has some inputs in any case."""
    reached = reached_from(graph.nodes, [k])
    kept = [i for i, node in enumerate(graph.nodes) if reached[i] or (node.gate == INPUT and node.text in names)]
    moved = {i: new for new, i in enumerate(kept)}
    nodes = [graph.nodes[i]._replace(args=tuple(moved[a] for a in graph.nodes[i].args)) for i in kept]
    defaults = {name: default for name, default in graph.defaults.items() if graph.inputs[name] in moved}
    return Graph(nodes, moved[k], {}, defaults)
