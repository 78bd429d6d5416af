"""The parts of a circuit's code in any language: variables, statements of both passes, functions, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.export.code_body import Body, filled, indented
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import Function, functions, passes
from circuitcli.export.operation_forms import Syntax
from circuitcli.graph import Graph, reached_from
from circuitcli.program_text import program as text_of


class CodeParts:
    """The two passes of a circuit as statements of a language.

    `inputs` has the variable of each input, `defaults` the numbers of inputs that have one, `gradient` the text of
    the derivative by each wanted name. `texts` has the expression of each traced result, by ("value", k),
    ("gradient", k) and ("kink", k) for node k.
    """

    def __init__(
        self,
        graph: Graph,
        wrt: Sequence[str],
        given: Mapping[str, Graph],
        syntax: Syntax,
        every_node: bool = False,
    ) -> None:
        refuse_rows(
            graph,
            "the code is of one row",
            "use what stands inside it, and add up the values and the gradients that it answers",
        )
        self._syntax = syntax
        self.statements = text_of(graph).replace("; ", "\n").split("\n")
        constants = {**graph.defaults, **given}
        self.defaults = {name: Point(constants[name], {}).value for name in graph.inputs if name in constants}
        slopes = {name: find(graph, name) for name in wrt}
        used = reached_from(graph.nodes, [graph.output])
        names = {name: k for name, k in graph.names.items() if used[k]}
        found = passes(graph, [graph.output, *names.values()], list(slopes.values()), every_node)
        program = self._program = found.program
        self.functions = functions(program)
        asked = {("value", name): name for name in (*graph.inputs, *names)} | {("value", ""): "value"}
        asked |= {("gradient", name): f"grad_{name}" for name in slopes}
        called = {f"{syntax.prefix}{function.name}" for function in self.functions}
        variables = identifiers(asked, syntax.reserved | called, syntax.ascii)
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
        body = Body(program, syntax, self.inputs, named)
        self.forward = [text for k, text in body.lines if ahead[k]]
        self.backward = [text for k, text in body.lines if not ahead[k]]
        self.texts = {asked: body.texts[place].text for asked, place in found.places.items()}
        self.value = self.texts["value", graph.output]
        self.gradient = {name: self.texts["gradient", k] for name, k in slopes.items()}
        self.output = next((name for name, k in graph.names.items() if k == graph.output), "")

    def _keep(self, named: dict[int, str], place: int, variable: str) -> None:
        """Name a line of the program, unless it has a variable, or is an input or a constant."""
        if self._program.lines[place].args:
            named.setdefault(place, variable)

    @property
    def ops(self) -> set[str]:
        """All operations of the program and of the kept functions."""
        return {line.op for program in (self._program, *(f.program for f in self.functions)) for line in program.lines}

    def body_of(self, function: Function) -> tuple[list[str], list[str], str]:
        """The variables of a kept function's arguments, its statements and its result."""
        variables = identifiers({name: name for name in function.arguments}, self._syntax.reserved, self._syntax.ascii)
        body = Body(function.program, self._syntax, variables, {})
        return [*variables.values()], [text for _, text in body.lines], body.texts[function.program.outputs[0]].text

    def both_passes(self) -> list[str]:
        """The statements of both passes, each under a comment."""
        comment = self._syntax.comment
        ahead = [f"{comment} forward pass", *self.forward] if self.forward else []
        return ahead + ([f"{comment} backward pass", *self.backward] if self.backward else [])

    def about(self, joined: str = ", and its derivatives by") -> list[str]:
        """The lines of the function's comment: its result, the program, and notes on the inputs."""
        by = f"{joined} {', '.join(self.gradient)}" if self.gradient else ""
        lines = filled(f"The value of {self.output or 'the circuit'}{by}.".split())
        lines += ["", *indented(self.statements), ""]
        lines.append("Inputs have no units, angles are in radians.")
        return lines + [f"{x} is the input {name}." for name, x in self.inputs.items() if x != name]

    def called(self) -> list[str]:
        """The names of the functions that the code calls without a prefix."""
        forms = (self._syntax.forms[op].text for op in self.ops if op in self._syntax.forms)
        return [match[1] for text in forms if (match := re.match(r"(\w+)\(", text))]


def title(parts: CodeParts) -> str:
    """The line that stands at the top of a file."""
    first, *others = parts.statements
    return f"Value and gradient of {first if not others else parts.output or 'a circuit'}. Written by circuit."
