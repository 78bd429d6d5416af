"""A circuit as cells: named expressions, each of which reads earlier ones, for languages without statements.

Every gate is spelled out, for such languages have no functions of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.engine.passes import backward, forward
from circuitcli.export.code_body import written
from circuitcli.export.operation_forms import ATOM, SIGN, MissingFormError, Syntax
from circuitcli.graph import Graph, reached_from, times_used
from circuitcli.held_gates import HeldGate
from circuitcli.language.names import PREFIX
from circuitcli.notation import Text
from circuitcli.program_text import program as text_of

LONG = 160  # characters of an expression that is broken up


class Cell(NamedTuple):
    """A named expression. Its level is 1 more than the highest of those that it reads; inputs have 0."""

    name: str
    text: str
    level: int


class Cells:
    """Both passes of a circuit as `cells` in an order in which they can be computed.

    `name` makes a name of a word, for each of `columns`, the inputs that are not among `numbers`, and for each cell.
    The value and the gradient are expressions of these. The recorder `m` spells out what the language lacks.
    """

    def __init__(
        self,
        graph: Graph,
        wrt: Sequence[str],
        numbers: Mapping[str, float],
        syntax: Syntax,
        m: Any,
        name: Callable[[str], str],
    ) -> None:
        hint = "use what stands inside it, and add up the values and the gradients that it answers"
        refuse_rows(graph, "the code is of one row", hint)
        for node in graph.nodes:
            if isinstance(node.gate, HeldGate):
                raise MissingFormError(f"{node.gate.kind}({node.gate.bound}: ...)")
        self.statements = text_of(graph).replace("; ", "\n").split("\n")
        self.columns = {x: name(x) for x in graph.inputs if x not in numbers}
        self.output = next((name for name, k in graph.names.items() if k == graph.output), "")
        self._syntax = syntax
        values = forward(graph, m, {name: m.column(name) for name in self.columns} | dict(numbers))
        slopes = {name: find(graph, name) for name in wrt}
        found = backward(graph, m, values, graph.depends_on(slopes.values())) if wrt else {}
        outputs = [values[graph.output], *(found.get(k, 0.0) for k in slopes.values())]
        used = reached_from(graph.nodes, [graph.output])
        named = {name: k for name, k in graph.names.items() if used[k] and k != graph.output}
        self.program = m.program([*outputs, *(values[k] for k in named.values())])
        places = self.program.outputs
        self.results = places[: len(outputs)]
        self.cells: list[Cell] = []
        self._texts: list[Text] = []
        self._levels: list[int] = []
        words = dict(zip(places[len(outputs) :], named, strict=True))
        self._write(words, name)
        self.value, *texts = [self._texts[k].text for k in self.results]
        self.gradient = [(f"{PREFIX}{name}", text) for name, text in zip(slopes, texts, strict=True)]

    def _write(self, words: Mapping[int, str], name: Callable[[str], str]) -> None:
        """Make a cell of a line that has one of the `words`, is used more than once, or would be long."""
        lines = self.program.lines
        uses = times_used(lines)
        for k in self.results:
            uses[k] += 1
        often = self._read_often()
        unnamed = (f"v{i}" for i in count(1))
        for k, (op, args, _, leaf) in enumerate(lines):
            if not args:
                text = self.columns[str(leaf)] if op == "column" else self._syntax.number(float(leaf))
                self._texts.append(Text(text, SIGN if text.startswith("-") else ATOM))
                self._levels.append(0)
                continue
            text_of_line = written(self._syntax.form(op), [self._texts[a] for a in args])
            if op == "where" and self._syntax.lifted and all(lines[a].op == "constant" for a in args[1:]):
                text_of_line = Text(self._syntax.lifted.format(text_of_line.text))
            level = max([self._levels[a] for a in args])
            if uses[k] > 1 or k in words or k in often or len(text_of_line.text) > LONG:
                cell = Cell(name(words.get(k) or next(unnamed)), text_of_line.text, level + 1)
                self.cells.append(cell)
                self._texts.append(Text(cell.name))
                self._levels.append(cell.level)
            else:
                self._texts.append(text_of_line)
                self._levels.append(level)

    def _read_often(self) -> Collection[int]:
        """The lines that a form has more than once."""
        found = set[int]()
        for op, args, _, _ in self.program.lines:
            if args:
                form = self._syntax.form(op).text
                found |= {a for i, a in enumerate(args) if form.count(f"{{{i}}}") > 1}
        return found


def numbers_of(graph: Graph, given: Mapping[str, Graph]) -> dict[str, float]:
    """The inputs that have a value."""
    constants = {**graph.defaults, **given}
    return {name: Point(constants[name], {}).value for name in graph.inputs if name in constants}


def apart(taken: set[str], form: str) -> Callable[[str], str]:
    """A maker of names that differ in more than case from each other and from those `taken`."""

    def name(word: str) -> str:
        found = form.format(word)
        while found.casefold() in taken:
            found += "_"
        taken.add(found.casefold())
        return found

    return name
