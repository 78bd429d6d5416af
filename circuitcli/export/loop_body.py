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
from circuitcli.rerolling.groups import Statement
from circuitcli.rerolling.rerolled import Asked, named, statements
from circuitcli.rerolling.trees import Chain, Element, Form, Gathered, Leaf, Range, Tree, Use, Whole, number, turns

NOTHING = {"add": -0.0, "mul": 1.0, "max": -math.inf, "min": math.inf}  # what changes nothing, before the first turn
RULES = Rules([op for op in NOTHING if not kept(op)], [op for op in NOTHING if not kept(op)], anywhere=True, steps=True)


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
        self.lines = [(run, self._statements(run)) for run in _runs(found)]

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

    def _statements(self, run: Sequence[Statement]) -> list[str]:
        """The lines of statements that share loops, after those that make the arrays first needed there."""
        lines = []
        for each in run:
            if each.name in self._own and each.name not in self._made:
                self._made.add(each.name)
                truth = self._program.is_condition(each.nodes[0])
                lines.append(self._form.array(each.name, self._own[each.name].shape, truth))
        shared = min(len(run[0].loops), *(each.shared for each in run[1:])) if len(run) > 1 else 0

        def inside(names: Mapping[int, str]) -> list[str]:
            return [line for each in run for line in self._statement(each, each.loops[shared:], names)]

        return lines + self._looped(run[0].loops[:shared], {}, inside)

    def _statement(self, statement: Statement, loops: Sequence[Range], outer: Mapping[int, str]) -> list[str]:
        """The lines of a statement in those of its loops that are not outer ones."""
        name, indices, _, tree, *_ = statement

        def inside(names: Mapping[int, str]) -> list[str]:
            before: list[str] = []
            text = self._text(tree, names, before).text
            if indices:
                return [*before, self._form.stored.format(self._element(name, indices, names), text)]
            truth = self._program.is_condition(statement.nodes[0])
            return [*before, self._syntax.assigned(self._variables[name], text, truth)]

        return self._looped(loops, outer, inside)

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
            for term in body.terms if isinstance(body, Chain) and not body.op else [body]:
                args = [Text(variable), self._text(term, names, lines)]
                lines.append(
                    self._form.stored.format(variable, use(self._syntax, op, args, [False, _is_number(term)]).text)
                )
            return lines

        before += self._looped(loops, names, inside)
        return variable

    def _element(self, stem: str, indices: Sequence[Form], names: Mapping[int, str]) -> str:
        variable, box = self._arrays[stem]
        return variable + "".join([f"[{form_text(form, names)}]" for form in box.place(indices)])


def _runs(found: Sequence[Statement]) -> list[list[Statement]]:
    """Statements together that share loops."""
    runs: list[list[Statement]] = []
    for each in found:
        if each.shared:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


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
