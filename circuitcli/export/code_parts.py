"""The parts of a circuit's code in any language: variables, statements of both passes, functions, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.export.array_boxes import boxes
from circuitcli.export.code_body import Body, filled, indented
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import Function, functions, passes
from circuitcli.export.loop_body import LoopBody
from circuitcli.export.operation_forms import LoopSyntax, Syntax
from circuitcli.graph import Graph, reached_from
from circuitcli.language.names import PREFIX
from circuitcli.nested_names import indices_of, stem_of
from circuitcli.program_text import program as text_of
from circuitcli.rerolling.rerolled import Asked, named


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
        self.made: list[str] = []  # the statements that make the arrays of the gradient
        loops = None if every_node else syntax.loops
        self.boxes = boxes((*graph.inputs, *names)) if loops is not None else {}
        self.slope_boxes = boxes(slopes) if loops is not None else {}
        asked = {("value", self._owner(name)): self._owner(name) for name in (*graph.inputs, *names)}
        asked |= {("value", ""): "value"}
        asked |= {("gradient", owner): f"{PREFIX}{owner}" for owner in map(self._slope_owner, slopes)}
        called = {f"{syntax.prefix}{function.name}" for function in self.functions}
        variables = identifiers(asked, syntax.reserved | called, syntax.ascii)
        self.inputs = {owner: variables["value", owner] for owner in map(self._owner, graph.inputs)}
        self.slopes = {owner: variables["gradient", owner] for owner in map(self._slope_owner, slopes)}
        self.output = next((name for name, k in graph.names.items() if k == graph.output), "")
        places = found.places
        ahead = reached_from(program.lines, [place for (kind, _), place in places.items() if kind == "value"])
        if loops is not None and (self.boxes or self.slope_boxes):
            self._in_loops(graph, names, slopes, places, ahead, variables, loops)
            return
        named: dict[int, str] = {}
        for name, k in names.items():
            self._keep(named, places["value", k], variables["value", name])
        if graph.output not in names.values():
            self._keep(named, places["value", graph.output], variables["value", ""])
        for name, k in slopes.items():
            if not ahead[places["gradient", k]]:
                self._keep(named, places["gradient", k], variables["gradient", name])
        body = Body(program, syntax, self.inputs, named)
        self.forward = [text for k, text in body.lines if ahead[k]]
        self.backward = [text for k, text in body.lines if not ahead[k]]
        self.texts = {asked: body.texts[place].text for asked, place in places.items()}
        self.value = self.texts["value", graph.output]
        self.gradient = {name: self.texts["gradient", k] for name, k in slopes.items()}

    def _owner(self, name: str) -> str:
        """The family of an input or a node where that is an array, else the name itself."""
        return stem_of(name) if stem_of(name) in self.boxes else name

    def _slope_owner(self, name: str) -> str:
        return stem_of(name) if stem_of(name) in self.slope_boxes else name

    def _in_loops(
        self,
        graph: Graph,
        names: Mapping[str, int],
        slopes: Mapping[str, int],
        places: Mapping[tuple[str, int], int],
        ahead: Sequence[bool],
        variables: Mapping[tuple[str, str], str],
        loops: LoopSyntax,
    ) -> None:
        """Write both passes with arrays and loops."""
        program, syntax = self._program, self._syntax
        own = {self._owner(name): variables["value", self._owner(name)] for name in (*graph.inputs, *names)}
        # A slope goes by something that is no name, so that no node is called like it.
        own |= {f"#{owner}": variable for owner, variable in self.slopes.items()}
        boxes_of = {**self.boxes, **{f"#{stem}": box for stem, box in self.slope_boxes.items()}}

        def own_name(name: str) -> str:
            """The name of an element that is in no array is its variable."""
            if name.endswith("]") and stem_of(name) not in boxes_of:
                own[own[name]] = own[name]
                return own[name]
            return name

        asked = [
            Asked(own_name(name), places["value", k])
            for name, k in names.items()
            if program.lines[places["value", k]].args
        ]
        if graph.output not in names.values():
            own[""] = variables["value", ""]
            asked.append(Asked("", places["value", graph.output], False))
        asked += [Asked(own_name(f"#{name}"), places["gradient", k], False) for name, k in slopes.items()]
        taken = {*syntax.reserved, *own.values()}
        free = (name for name in (f"v{i}" for i in count(1)) if name not in taken)
        body = LoopBody(program, syntax, loops, own, boxes_of, asked, free)
        made = [
            loops.array(own[owner], box.shape, False) for owner, box in self.boxes.items() if owner not in self.inputs
        ]
        self.forward, self.backward = made, []
        for name, k, lines in body.lines:
            (self.forward if ahead[k] and not name.startswith("#") else self.backward).extend(lines)
        self.made = [loops.array(self.slopes[owner], box.shape, False) for owner, box in self.slope_boxes.items()]
        self.texts = {}
        self.value = own[""] if "" in own else body.text(named(own_name(self.output)))
        self.gradient = dict(self.slopes)

    def _keep(self, named: dict[int, str], place: int, variable: str) -> None:
        """Name a line of the program, unless it has a variable, or is an input or a constant."""
        if self._program.lines[place].args:
            named.setdefault(place, variable)

    def default(self, name: str) -> object:
        """The number that an input has, nested lists of those of a family, or None where there is none."""
        box = self.boxes.get(name)
        if box is None:
            return self.defaults.get(name)
        numbers = {indices_of(x): self.defaults[x] for x in self.defaults if stem_of(x) == name}
        return box.filled(numbers) if len(numbers) == box.size else None

    @property
    def ops(self) -> set[str]:
        """All operations of the program and of the kept functions."""
        return {line.op for program in (self._program, *(f.program for f in self.functions)) for line in program.lines}

    def body_of(self, function: Function) -> tuple[list[str], list[str], str]:
        """The variables of a kept function's arguments, its statements and its result."""
        variables = identifiers({name: name for name in function.arguments}, self._syntax.reserved, self._syntax.ascii)
        body = Body(function.program, self._syntax, variables, {})
        return [*variables.values()], [text for _, text in body.lines], body.texts[function.program.outputs[0]].text

    def both_passes(self, makes: bool = True) -> list[str]:
        """The statements of both passes, each under a comment; without those that make the arrays of the gradient where
        these are given."""
        comment = self._syntax.comment
        ahead = [f"{comment} forward pass", *self.forward] if self.forward else []
        back = [*(self.made if makes else []), *self.backward]
        return ahead + ([f"{comment} backward pass", *back] if back else [])

    def about(self, joined: str = ", and its derivatives by") -> list[str]:
        """The lines of the function's comment: its result, the program, and notes on the inputs."""
        by = f"{joined} {', '.join(self.gradient)}" if self.gradient else ""
        lines = filled(f"The value of {self.output or 'the circuit'}{by}.".split())
        lines += ["", *indented(self.statements), ""]
        lines.append("Inputs have no units, angles are in radians.")
        for name, x in self.inputs.items():
            if (box := self.boxes.get(name)) is not None:
                lines.append(f"{x} has {name}[{','.join(map(str, box.first))}] first.")
            elif x != name:
                lines.append(f"{x} is the input {name}.")
        return lines

    def called(self) -> list[str]:
        """The names of the functions that the code calls without a prefix."""
        forms = (self._syntax.forms[op].text for op in self.ops if op in self._syntax.forms)
        return [match[1] for text in forms if (match := re.match(r"(\w+)\(", text))]


def title(parts: CodeParts) -> str:
    """The line that stands at the top of a file."""
    first, *others = parts.statements
    return f"Value and gradient of {first if not others else parts.output or 'a circuit'}. Written by circuit."
