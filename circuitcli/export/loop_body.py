"""A recorded program as the statements of a language, with arrays for families, and loops.

What has a name, or is used more than once, gets a variable or an element of an array. Statements of equal form, and
sums, are loops: a sum starts with -0.0, to which a float adds as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from circuitcli.engine.traced_program import TracedProgram
from circuitcli.export.array_boxes import Box, box_round
from circuitcli.export.code_body import indented, use
from circuitcli.export.kept_functions import kept
from circuitcli.export.operation_forms import ATOM, SIGN, LoopSyntax, Syntax
from circuitcli.graph import times_used
from circuitcli.loop_text import form_text, loop_names
from circuitcli.nested_names import stem_of
from circuitcli.notation import Text
from circuitcli.rerolling.forest import Rules
from circuitcli.rerolling.order import Statement
from circuitcli.rerolling.rerolled import Asked, named, statements
from circuitcli.rerolling.trees import Chain, Element, Form, Gathered, Leaf, Range, Tree, Use, Whole, number, turns

NOTHING = {"add": -0.0, "mul": 1.0, "max": -math.inf, "min": math.inf}  # what changes nothing, before the first turn
RULES = Rules([op for op in NOTHING if not kept(op)], [op for op in NOTHING if not kept(op)], anywhere=True)


class LoopBody:
    """The statements that compute what is `asked` of a program. `arrays` has the variable and the shape of each family
    that is an array, `variables` the variable of every other name. Columns go by their names, all others by those
    that are asked for."""

    def __init__(
        self,
        program: TracedProgram,
        syntax: Syntax,
        loops: LoopSyntax,
        variables: Mapping[str, str],
        arrays: Mapping[str, tuple[str, Box]],
        asked: Sequence[Asked],
        free: Iterator[str],
    ) -> None:
        self._program, self._syntax, self._form, self._free = program, syntax, loops, free
        self._variables, self._arrays = dict(variables), dict(arrays)
        taken = {*variables.values(), *(variable for variable, _ in arrays.values()), *syntax.reserved}
        self._loops = loop_names(taken)
        uses = times_used(program.lines)
        for _, k, _ in asked:
            uses[k] += 1
        self._leaves = {k: self._leaf(line.op, line.leaf) for k, line in enumerate(program.lines) if not line.args}
        parts = {k for k, count in enumerate(uses) if count > 1 and k not in self._leaves}
        found = statements(program.lines, lambda k: program.lines[k].op, self._leaves, asked, parts, RULES, free)
        self._variables |= {each.name: each.name for each in found if each.part}
        self._own = _own_boxes(found)
        self._arrays |= {name: (name, box) for name, box in self._own.items()}
        self._made: set[str] = set()  # the arrays
        self.lines = [(each, self._statement(each)) for each in found]

    def _leaf(self, op: str, leaf: str | float) -> Tree:
        """A column by its name; a whole number; any other behind a sign that no name has."""
        if op == "column":
            return named(str(leaf)) if stem_of(str(leaf)) in self._arrays else Leaf(str(leaf))
        x = float(leaf)
        whole = x.is_integer() and 0.0 <= x < 1e9 and math.copysign(1.0, x) > 0.0 and not isinstance(leaf, bool)
        return Whole(Form(int(x))) if whole else Leaf(f"={self._syntax.number(x)}")

    def text(self, name: str, k: int) -> str:
        """The text of a line: its name, or of one without operation the column or the number."""
        return self._text(self._leaves.get(k) or named(name), {}, []).text

    def _statement(self, statement: Statement) -> list[str]:
        """The lines of a statement, after those that make its array, where it is the first of that."""
        name, indices, loops, tree, *_ = statement
        truth = self._program.is_condition(statement.nodes[0])
        lines = []
        if name in self._own and name not in self._made:
            self._made.add(name)
            lines.append(self._form.array(name, self._own[name].shape, truth))

        def inside(names: Mapping[int, str]) -> list[str]:
            before: list[str] = []
            text = self._text(tree, names, before).text
            if indices:
                return [*before, self._form.stored.format(self._element(name, indices, names), text)]
            return [*before, self._syntax.assigned(self._variables[name], text, truth)]

        return lines + self._looped(loops, {}, inside)

    def _looped(
        self, loops: Sequence[Range], names: Mapping[int, str], inside: Callable[[Mapping[int, str]], list[str]]
    ) -> list[str]:
        """The lines of nested loops round those `inside` them, which get the names of all loops."""
        if not loops:
            return inside(names)
        (loop, first, last, step), *others = loops
        name = self._loops[len(names)]
        head = self._form.opening(name, form_text(first, names), form_text(last, names), step)
        return [head, *indented(self._looped(others, {**names, loop: name}, inside)), *self._form.closing]

    def _text(self, tree: Tree, names: Mapping[int, str], before: list[str]) -> Text:
        """An expression; the lines of the sums in it, which go before its own, are added to `before`."""
        match tree:
            case Leaf(text) if text.startswith("="):
                return Text(text[1:], SIGN if text.startswith("=-") else ATOM)
            case Leaf(text):
                return Text(self._variables[text])
            case Whole(form):
                if form.terms:
                    return Text(self._form.whole.format(form_text(form, names)), SIGN)
                return Text(self._syntax.number(float(form.const)))
            case Element(stem, indices):
                return Text(self._element(stem, indices, names))
            case Use(op, parts):
                args = [self._text(part, names, before) for part in parts]
                return use(self._syntax, op, args, [_is_number(part) for part in parts])
            case Chain(op, terms):
                first, *others = terms
                written, number = self._text(first, names, before), _is_number(first)
                for term in others:
                    args = [written, self._text(term, names, before)]
                    written, number = use(self._syntax, op, args, [number, _is_number(term)]), False
                return written
            case Gathered(op, loops, body, start):
                return Text(self._gathered(op, loops, body, start, names, before))
        raise TypeError(tree)

    def _gathered(
        self,
        op: str,
        loops: Sequence[Range],
        body: Tree,
        start: Tree | None,
        names: Mapping[int, str],
        before: list[str],
    ) -> str:
        """The variable in which loops gather; their lines are added to `before`."""
        first = self._text(start if start is not None else Leaf(f"={self._syntax.number(NOTHING[op])}"), names, before)
        if self._syntax.lifted and (start is None or _is_number(start)):
            first = Text(self._syntax.lifted.format(first.text))
        variable = next(self._free)
        before.append(self._form.started.format(variable, first.text))

        def inside(names: Mapping[int, str]) -> list[str]:
            lines: list[str] = []
            term = self._text(body, names, lines)
            text = use(self._syntax, op, [Text(variable), term], [False, _is_number(body)]).text
            return [*lines, self._form.stored.format(variable, text)]

        before += self._looped(loops, names, inside)
        return variable

    def _element(self, stem: str, indices: Sequence[Form], names: Mapping[int, str]) -> str:
        variable, box = self._arrays[stem]
        return variable + "".join([f"[{form_text(form, names)}]" for form in box.place(indices)])


def _is_number(tree: Tree) -> bool:
    return isinstance(tree, Whole) or (isinstance(tree, Leaf) and tree.text.startswith("="))


def _own_boxes(found: Sequence[Statement]) -> dict[str, Box]:
    """The arrays of the parts, with a place for each turn of their loops."""
    places: dict[str, list[tuple[int, ...]]] = {}
    for each in found:
        if each.part and each.indices:
            here = [tuple([number(form, at) for form in each.indices]) for at in turns(each.loops)]
            places.setdefault(each.name, []).extend(here)
    return {name: box_round(indices) for name, indices in places.items()}
