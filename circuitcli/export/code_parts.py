"""The parts of a circuit's code in any language: variables, statements of both passes, functions, comments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point, find, refuse_rows
from circuitcli.export.array_boxes import Box, boxes, whole_boxes
from circuitcli.export.code_body import Body, filled, free_variables, function_body, indented
from circuitcli.export.held_functions import HeldBody, HeldFunction, held_body, held_functions, names_called, with_held
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import Function, functions, passes
from circuitcli.export.loop_body import LoopBody
from circuitcli.export.operation_forms import LoopSyntax, Syntax
from circuitcli.graph import Graph, reached_from
from circuitcli.language.names import PREFIX
from circuitcli.nested_names import families, indices_of, stem_of
from circuitcli.program_text import program as text_of
from circuitcli.rerolling.rerolled import Asked


class CodeParts:
    """The two passes of a circuit as statements of a language.

    `inputs` has the variable of each input, `defaults` the numbers of inputs that have one, `gradient` the text of
    the derivative by each wanted name. `texts` has the expression of each traced result, by its place, and `edges` are
    those of the local derivatives among them (`TracedPasses`).
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
        self.statements = text_of(graph).replace("; ", "\n").split("\n")
        constants = {**graph.defaults, **given}
        self.defaults = {name: Point(constants[name], {}).value for name in graph.inputs if name in constants}
        slopes = {name: find(graph, name) for name in wrt}
        used = reached_from(graph.nodes, [graph.output])
        names = {name: k for name, k in graph.names.items() if used[k]}
        found = passes(graph, [graph.output, *names.values()], list(slopes.values()), every_node)
        program = self._program = found.program
        self.edges = found.edges
        self.held = held_functions(program)
        self._syntax = syntax = with_held(syntax, self.held, f"{syntax.prefix}{syntax.one_by_one}")
        inside = [] if syntax.one_by_one else [each.program for each in self.held]
        self.functions = functions(program, *inside)
        self._programs = [program, *inside, *(function.program for function in self.functions)]
        self.made: list[str] = []  # the statements that make the arrays of the gradient
        loops = None if every_node else syntax.loops
        written = {name: k for name, k in names.items() if program.lines[found.places["value", k]].args}
        inputs_of = {} if loops is None else boxes(graph.inputs)
        members, given_of = families(graph.inputs), families(self.defaults)
        self.boxes = {
            stem: box for stem, box in inputs_of.items() if len(given_of.get(stem, ())) in (0, len(members[stem]))
        }
        self.slope_boxes = {} if loops is None else whole_boxes(slopes, [*graph.inputs, *written])
        node_boxes = {} if loops is None else boxes(written)
        asked = {("value", name): name for name in map(self._owner, graph.inputs)}
        asked |= {("node", name): name for name in (stem_of(x) if stem_of(x) in node_boxes else x for x in names)}
        asked |= {("value", ""): "value"}
        asked |= {("gradient", owner): f"{PREFIX}{owner}" for owner in map(self._slope_owner, slopes)}
        called = {f"{syntax.prefix}{function.name}" for function in self.functions}
        variables = identifiers(asked, syntax.reserved | called, syntax.ascii, syntax.one_case)
        self.inputs = {owner: variables["value", owner] for owner in map(self._owner, graph.inputs)}
        self.slopes = {owner: variables["gradient", owner] for owner in map(self._slope_owner, slopes)}
        self.output = next((name for name, k in graph.names.items() if k == graph.output), "")
        places = found.places
        ahead = reached_from(program.lines, [place for (kind, _), place in places.items() if kind == "value"])
        if loops is not None and (self.boxes or self.slope_boxes or node_boxes):
            self._in_loops(graph, written, slopes, places, ahead, variables, node_boxes, loops)
        else:
            self._plain(graph, names, slopes, places, ahead, variables)

    def _owner(self, name: str) -> str:
        """The family of an input where that is an array, else the name itself."""
        return stem_of(name) if stem_of(name) in self.boxes else name

    def _slope_owner(self, name: str) -> str:
        return stem_of(name) if stem_of(name) in self.slope_boxes else name

    def _plain(
        self,
        graph: Graph,
        names: Mapping[str, int],
        slopes: Mapping[str, int],
        places: Mapping[tuple[str, int], int],
        ahead: Sequence[bool],
        variables: Mapping[tuple[str, str], str],
    ) -> None:
        """Write both passes line by line."""
        program, named_lines = self._program, dict[int, str]()
        for name, k in names.items():
            self._keep(named_lines, places["value", k], variables["node", name])
        if graph.output not in names.values():
            self._keep(named_lines, places["value", graph.output], variables["value", ""])
        for name, k in slopes.items():
            if not ahead[places["gradient", k]]:
                self._keep(named_lines, places["gradient", k], variables["gradient", name])
        body = Body(program, self._syntax, self.inputs, named_lines)
        self.forward = [text for k, text in body.lines if ahead[k]]
        self.backward = [text for k, text in body.lines if not ahead[k]]
        self.texts = {asked: body.texts[place].text for asked, place in places.items()}
        self.value = self.texts["value", graph.output]
        self.gradient = {name: self.texts["gradient", k] for name, k in slopes.items()}

    def _in_loops(
        self,
        graph: Graph,
        written: Mapping[str, int],
        slopes: Mapping[str, int],
        places: Mapping[tuple[str, int], int],
        ahead: Sequence[bool],
        variables: Mapping[tuple[str, str], str],
        node_boxes: Mapping[str, Box],
        loops: LoopSyntax,
    ) -> None:
        """Write both passes with arrays and loops. Nodes and slopes go by names with a sign before them, so that no
        input is called like one."""
        own = {name: x for name, x in self.inputs.items() if name not in self.boxes}
        arrays = {stem: (self.inputs[stem], box) for stem, box in self.boxes.items()}
        own |= {_alone("@", name): x for (kind, name), x in variables.items() if kind == "node"}
        arrays |= {f"@{stem}": (variables["node", stem], box) for stem, box in node_boxes.items()}
        own |= {_alone("#", name): x for name, x in self.slopes.items()}
        arrays |= {f"#{stem}": (self.slopes[stem], box) for stem, box in self.slope_boxes.items()}

        def called(sign: str, name: str) -> str:
            return f"{sign}{name}" if stem_of(f"{sign}{name}") in arrays else _alone(sign, name)

        asked = [Asked(called("@", name), places["value", k]) for name, k in written.items()]
        output = next((called("@", name) for name, k in written.items() if k == graph.output), "")
        if not output:
            own[""] = variables["value", ""]
            asked.append(Asked("", places["value", graph.output], False))
        asked += [Asked(called("#", name), places["gradient", k], False) for name, k in slopes.items()]
        free = free_variables({*self._syntax.reserved, *variables.values()})
        body = LoopBody(self._program, self._syntax, loops, own, arrays, asked, free)
        self.forward = [loops.array(variables["node", stem], box.shape, False) for stem, box in node_boxes.items()]
        self.backward = []
        ahead = self._needed_ahead(body, ahead)
        for run, lines in body.lines:
            is_first = not run[0].name.startswith("#") and any(ahead[k] for each in run for k in each.nodes)
            (self.forward if is_first else self.backward).extend(lines)
        self.made = [loops.array(self.slopes[stem], box.shape, False) for stem, box in self.slope_boxes.items()]
        self.texts = {}
        self.value = body.text(output, places["value", graph.output]) if output else own[""]
        self.gradient = dict(self.slopes)

    def _needed_ahead(self, body: LoopBody, ahead: Sequence[bool]) -> Sequence[bool]:
        """The lines of the program that the forward pass has: those `ahead`, and what stands in loops with them or is
        needed there."""
        nodes = [[k for each in run for k in each.nodes] for run, _ in body.lines if not run[0].name.startswith("#")]
        while True:
            wanted = [k for some in nodes if any(ahead[k] for k in some) for k in some]
            more = reached_from(self._program.lines, [k for k, is_ahead in enumerate(ahead) if is_ahead] + wanted)
            if more == ahead:
                return ahead
            ahead = more

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
        return box.filled(defaultdict(float, numbers)) if numbers else None

    @property
    def ops(self) -> set[str]:
        """All operations of the program, of the circuits inside of gates and of the kept functions."""
        return {line.op for program in self._programs for line in program.lines}

    def body_of(self, function: Function) -> tuple[list[str], list[str], str]:
        """The variables of a kept function's arguments, its statements and its result."""
        return function_body(function, self._syntax)

    def held_bodies(self, taken: str = "") -> list[tuple[HeldFunction, HeldBody]]:
        """The gates that hold a circuit, each with the statements of the circuit inside."""
        return [(each, held_body(each, self._syntax, taken)) for each in self.held]

    def both_passes(self, makes: bool = True) -> list[str]:
        """The statements of both passes, each under a comment; without those that make the arrays of the gradient where
        these are given."""
        comment = self._syntax.comment
        ahead = [f"{comment} forward pass", *self.forward] if self.forward else []
        back = [*(self.made if makes else []), *self.backward]
        return ahead + ([f"{comment} backward pass", *back] if back else [])

    def about(self, of_gradient: str = "") -> list[str]:
        """The lines of the function's comment: its result, with what is said `of_gradient`, the program, and notes on
        the inputs."""
        by = f", and its derivatives by {', '.join(self.gradient)}" if self.gradient else ""
        by = f"; {of_gradient}" if of_gradient and self.gradient else by
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
        return names_called(self._programs, self._syntax)


def _alone(sign: str, name: str) -> str:
    """The name of a node or a slope that has a variable of its own, without the brackets of an element."""
    return f"{sign}{name.replace('[', '(').replace(']', ')')}"


def title(parts: CodeParts) -> str:
    """The line that stands at the top of a file."""
    first, *others = parts.statements
    return f"Value and gradient of {first if not others else parts.output or 'a circuit'}. Written by circuit."
