"""A circuit subject to constraints: relations between nodes of its own, each with the difference of its sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from circuitcli.api import Circuit
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.gate_facts import AND, COMPARE, Infix
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node, reached_from
from circuitcli.language import Program, parse
from circuitcli.language.names import canonical
from circuitcli.language.resolve import Meaning
from circuitcli.notation import in_words

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
        return parse(text, self._known, since=self._since)

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
            text = " ".join(program.text[start:end].split())
            for k in _joined(graph, graph.names[name]):
                sign = _sign(graph.nodes[k].gate, COMPARE)
                if not sign or sign[0] not in "<>=":
                    hint = "write for example x + y <= 1, or x^2 + y^2 = 2; several have ; between"
                    raise UsageError(f"{text} is no constraint", hint)
                left, right = graph.nodes[k].args
                larger = sign[0] in (LARGER, EQUALS)
                nodes.append(Node("sub", (left, right) if larger else (right, left)))
                own = text if k == graph.names[name] else in_words(graph)[k]
                found.append(Relation(own, len(nodes) - 1, sign[0] != EQUALS, 1.0 if larger else -1.0))
        names = {name: k for name, k in graph.names.items() if not name.startswith(_MARK)}
        return Graph(nodes, graph.output, names, graph.defaults), found


def _joined(graph: Graph, k: int) -> list[int]:
    """The nodes that `and` joins in one, from the left."""
    if not _sign(graph.nodes[k].gate, AND):
        return [k]
    return [node for a in graph.nodes[k].args for node in _joined(graph, a)]


def _sign(gate: str, strength: int) -> str:
    """The symbol of a gate that is written between its arguments, and holds them so strongly; empty for another one."""
    written = GATES[gate].written if gate in GATES else ""
    return written.symbol if isinstance(written, Infix) and written.strength == strength else ""


def part_of(graph: Graph, k: int, names: Collection[str]) -> Graph:
    """The circuit of what one node reaches, which has some inputs in any case."""
    reached = reached_from(graph.nodes, [k])
    kept = [i for i, node in enumerate(graph.nodes) if reached[i] or (node.gate == INPUT and node.text in names)]
    moved = {i: new for new, i in enumerate(kept)}
    nodes = [graph.nodes[i]._replace(args=tuple(moved[a] for a in graph.nodes[i].args)) for i in kept]
    defaults = {name: default for name, default in graph.defaults.items() if graph.inputs[name] in moved}
    return Graph(nodes, moved[k], {}, defaults)
