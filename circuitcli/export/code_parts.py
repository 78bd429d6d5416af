"""What the code of a circuit is put together from, the same for every language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.export.code_body import Body, filled, indented
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import Function, functions, passes
from circuitcli.export.operation_forms import Language
from circuitcli.graph import Graph, reached_from
from circuitcli.notation import program as text_of


class Parts:
    """The two passes of a circuit as statements of a language.

    `inputs` has the variable of each input, `defaults` the values of those that have one of their own; `gradient` the
    text of the derivative by each wanted name; `texts` what is known of nodes, by ("value", k), ("gradient", k) and
    ("kink", k).
    """

    def __init__(
        self,
        graph: Graph,
        wrt: Sequence[str],
        given: Mapping[str, float],
        language: Language,
        every_node: bool = False,
    ) -> None:
        refuse_rows(
            graph,
            "the code is of one row",
            "use what stands inside it, and add up the values and the gradients that it answers",
        )
        self._language = language
        self.statements = text_of(graph).replace("; ", "\n").split("\n")
        defaults = {name: Point(circuit, {}).value for name, circuit in graph.defaults.items()} | dict(given)
        self.defaults = {name: defaults[name] for name in graph.inputs if name in defaults}
        slopes = {name: find(graph, name) for name in wrt}
        used = reached_from(graph.nodes, [graph.output])
        names = {name: k for name, k in graph.names.items() if used[k]}
        found = passes(graph, [graph.output, *names.values()], list(slopes.values()), every_node)
        program = self._program = found.program
        self.functions = functions(program)
        asked = {("value", name): name for name in (*graph.inputs, *names)} | {("value", ""): "value"}
        asked |= {("gradient", name): f"grad_{name}" for name in slopes}
        called = {f"{language.prefix}{function.name}" for function in self.functions}
        variables = identifiers(asked, language.reserved | called, language.ascii)
        self.inputs = {name: variables["value", name] for name in graph.inputs}
        named: dict[int, str] = {}
        for name, k in names.items():
            self._keep(named, found.places["value", k], variables["value", name])
        if graph.output not in names.values():
            self._keep(named, found.places["value", graph.output], variables["value", ""])
        ahead = reached_from(program.lines, [place for (kind, _), place in found.places.items() if kind == "value"])
        for name, k in slopes.items():
            if not ahead[found.places["gradient", k]]:
                self._keep(named, found.places["gradient", k], variables["gradient", name])
        body = Body(program, language, self.inputs, named)
        self.forward = [text for k, text in body.lines if ahead[k]]
        self.backward = [text for k, text in body.lines if not ahead[k]]
        self.texts = {asked: body.texts[place].text for asked, place in found.places.items()}
        self.value = self.texts["value", graph.output]
        self.gradient = {name: self.texts["gradient", k] for name, k in slopes.items()}
        self.output = next((name for name, k in graph.names.items() if k == graph.output), "")

    def _keep(self, named: dict[int, str], place: int, variable: str) -> None:
        """A variable for a line of the program that has none yet, and is more than an input or a constant."""
        if self._program.lines[place].args:
            named.setdefault(place, variable)

    @property
    def ops(self) -> set[str]:
        """All operations, those of the kept functions too."""
        return {line.op for program in (self._program, *(f.program for f in self.functions)) for line in program.lines}

    def body_of(self, function: Function) -> tuple[list[str], list[str], str]:
        """Of a kept function the variables of its arguments, its statements and its result."""
        variables = identifiers(
            {name: name for name in function.arguments}, self._language.reserved, self._language.ascii
        )
        body = Body(function.program, self._language, variables, {})
        return [*variables.values()], [text for _, text in body.lines], body.texts[function.program.outputs[0]].text

    def both_passes(self) -> list[str]:
        """The statements, the two passes told apart."""
        comment = self._language.comment
        ahead = [f"{comment} forward pass", *self.forward] if self.forward else []
        return ahead + ([f"{comment} backward pass", *self.backward] if self.backward else [])

    def about(self, joined: str = ", and its derivatives by") -> list[str]:
        """What the function answers, the program, and what is to be known of its inputs."""
        by = f"{joined} {', '.join(self.gradient)}" if self.gradient else ""
        lines = filled(f"The value of {self.output or 'the circuit'}{by}.".split())
        lines += ["", *indented(self.statements), ""]
        lines.append("Inputs have no units, angles are in radians.")
        return lines + [f"{x} is the input {name}." for name, x in self.inputs.items() if x != name]

    def called(self) -> list[str]:
        """The functions that the code calls by a name of their own, as the forms spell it."""
        forms = (self._language.forms[op].text for op in self.ops if op in self._language.forms)
        return [match[1] for text in forms if (match := re.match(r"(\w+)\(", text))]


def title(parts: Parts) -> str:
    """What a file is, in one line."""
    first, *others = parts.statements
    return f"Value and gradient of {first if not others else parts.output or 'a circuit'}. Written by circuit."
