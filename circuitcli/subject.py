"""A circuit subject to constraints: relations between nodes of its own, each with the difference of its sides."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from circuitcli.errors import ExpressionError, UsageError
from circuitcli.gate_facts import AND, COMPARE, EXTREME
from circuitcli.gates import GATES, symbol_of
from circuitcli.graph import INPUT, Graph, Node, reached_from
from circuitcli.language import Program, parse
from circuitcli.language.names import canonical
from circuitcli.language.resolve import Meaning
from circuitcli.language.syntax import Statement
from circuitcli.nested_names import stem_of
from circuitcli.notation import LONG, expressions
from circuitcli.read_circuit import ReadCircuit

_MARK = "relation "  # and its text: no name of the language has a space
TURN = "constraint_"  # and its number: of one with a loop behind it
_LOOP = r"(\w+)\s+in\b"
_LOOPS = re.compile(rf"\bfor\s+{_LOOP}")
_NAMED = re.compile(r"\s*\w+\s*\[[^]]*\]\s*=(?!=)")
EQUALS, LARGER = "=", ">"  # the first character of a sign: of equations, and of what its left side may exceed


class Relation(NamedTuple):
    """A constraint as it is written, and the node of its difference, which is 0, or where it `rises` 0 or more. By
    `limit` the difference changes with the right side."""

    text: str
    node: int
    rises: bool
    limit: float


class Subject(ReadCircuit):
    """The circuit of a text whose inputs are subject to constraints, in texts that may name its nodes. Raises
    ExpressionError for a text that cannot be read, UsageError for one that is no relation."""

    def __init__(self, text: str, constraints: Sequence[str], unknowns: Collection[str], parts: bool = False) -> None:
        alone = ReadCircuit(text, parts=parts)
        self._answer = alone.graph.answer
        self._known = {*alone.graph.inputs, *alone.graph.names, *unknowns}
        self._since = len(text) + 1
        super().__init__("\n".join([text, *map(in_turns, constraints)]), parts=parts)

    def _read(self, text: str) -> Program:
        return parse(text, self._known, since=self._since)

    def _resolved(self, bound: frozenset[str]) -> Graph:
        program, meaning = self.program, Meaning(self.program, bound, parts=self.parts)
        meaning.graph()
        nameless = iter(meaning.nameless)
        output, found = meaning.names.get(self._answer, -1), dict[str, int]()
        for statement in program.statements:
            own = program.steps[statement.first].token.start_pos >= self._since
            if statement.left is None:
                k = next(nameless)
                if own:
                    found[program.text_of(statement)] = k
                elif self._answer not in meaning.names:
                    output = k
            elif own:
                found |= self._of_names(statement, meaning)
        marks = {f"{_MARK}{text}": k for text, k in found.items()}
        return meaning.builder.graph(output, {**meaning.names, **marks}, meaning.defaults)

    def _of_names(self, statement: Statement, meaning: Meaning) -> dict[str, int]:
        """The relations among what a statement of the constraints names, in each turn of a loop. Raises ExpressionError
        for a name of anything else that no constraint uses."""
        assert statement.left is not None
        left = self.program.steps[statement.left]
        word = canonical(str(left.token))
        names = [name for name in meaning.names if word in (name, stem_of(name))]
        if left.op == "call" or any(name in meaning.used for name in names):
            return {}
        nodes = {name: meaning.names[name] for name in names}
        if names and all(symbol_of(meaning.builder.nodes[k].gate, COMPARE) for k in nodes.values()):
            return nodes
        text, hint = self.program.text, f"to make it a constraint, write {word} == ..."
        raise ExpressionError(
            f"{word} is named, and no constraint uses it", text, left.token.start_pos, left.token.end_pos, hint
        )

    def relations(self, graph: Graph) -> tuple[Graph, list[Relation]]:
        """The circuit with the differences, and the constraints. Raises UsageError for what is no relation."""
        nodes, found = [*graph.nodes], list[Relation]()
        places = {node: k for k, node in enumerate(nodes)}  # a graph has no node twice
        marks = {name: k for name, k in graph.names.items() if name.startswith(_MARK)}
        texts = expressions(graph, LONG)
        for mark, node in marks.items():
            text = mark.removeprefix(_MARK)
            for k in _joined(graph, node):
                sign = symbol_of(graph.nodes[k].gate, COMPARE)
                if not sign or sign[0] not in "<>=":
                    hint = "write for example x + y <= 1, or x^2 + y^2 = 2; several have ; between"
                    raise UsageError(f"{text} is no constraint", hint)
                left, right = graph.nodes[k].args
                larger = sign[0] in (LARGER, EQUALS)
                own = texts[k] if k != node or text.startswith(TURN) else text
                above, below = (left, right) if larger else (right, left)
                sides = [(above, below)] if sign[0] == EQUALS else _sides(graph, above, below)
                for high, low in sides:
                    difference = Node("sub", (high, low))
                    if (place := places.setdefault(difference, len(nodes))) == len(nodes):
                        nodes.append(difference)
                    first, last = (high, low) if larger else (low, high)
                    shown = own if len(sides) == 1 else f"{texts[first]} {sign} {texts[last]}"
                    found.append(Relation(shown, place, sign[0] != EQUALS, 1.0 if larger else -1.0))
        names = {name: k for name, k in graph.names.items() if name not in marks}
        return Graph(nodes, graph.output, names, graph.defaults), found


def in_turns(text: str) -> str:
    """A constraint in which a statement with a loop behind it has a name, as the language wants one."""
    parts = _statements(text)
    for n, part in enumerate(parts):
        starts = [found.start() for found in _LOOPS.finditer(part)]
        behind = next((k for k in starts if part[:k].count("(") == part[:k].count(")")), None)
        if behind is not None and not _NAMED.match(part):
            parts[n] = f"{TURN}{n}[{','.join(re.findall(_LOOP, part[behind:]))}] = {part.strip()}"
    return "; ".join(parts)


def _statements(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in line.split(";") if part.strip()]


def _sides(graph: Graph, above: int, below: int) -> list[tuple[int, int]]:
    """The pairs of which each has to be in order: what is above the largest of some is above each of them, which has no
    kink."""
    return [(high, low) for high in _members(graph, above, -1.0) for low in _members(graph, below, 1.0)]


def _members(graph: Graph, k: int, sign: float) -> Sequence[int]:
    """The arguments of a node that is their largest, or with a sign of -1 their smallest; else the node itself."""
    gate, args, _ = graph.nodes[k]
    facts = GATES[gate].over_rows if gate in GATES and GATES[gate].many and len(args) > 1 else None
    return args if facts is not None and facts.gathers == EXTREME and facts.sign == sign else [k]


def _joined(graph: Graph, k: int) -> list[int]:
    """The nodes that `and` joins in one, from the left."""
    if not symbol_of(graph.nodes[k].gate, AND):
        return [k]
    return [node for a in graph.nodes[k].args for node in _joined(graph, a)]


def part_of(graph: Graph, k: int, names: Collection[str]) -> Graph:
    """The circuit of what one node reaches, which has some inputs in any case."""
    reached = reached_from(graph.nodes, [k])
    kept = [i for i, node in enumerate(graph.nodes) if reached[i] or (node.gate == INPUT and node.text in names)]
    moved = {i: new for new, i in enumerate(kept)}
    nodes = [graph.nodes[i]._replace(args=tuple(moved[a] for a in graph.nodes[i].args)) for i in kept]
    defaults = {name: default for name, default in graph.defaults.items() if graph.inputs[name] in moved}
    return Graph(nodes, moved[k], {}, defaults)
