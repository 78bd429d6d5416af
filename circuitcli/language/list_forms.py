"""Expressions of whole lists, W @ x and sum(x^2), as NumPy and MATLAB have them, written in loops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.gathering import gathers
from circuitcli.language.comprehensions import with_an_index
from circuitcli.language.excerpts import arguments_of
from circuitcli.language.free_indices import Shapes, free_letter, place_of, with_loops
from circuitcli.language.list_calls import as_calls
from circuitcli.language.loop_forms import of_a_loop
from circuitcli.language.loop_mends import LONGEST, Edit, edited, loop_text
from circuitcli.language.names import canonical
from circuitcli.language.range_readings import other_readings
from circuitcli.language.sum_signs import in_gates
from circuitcli.language.syntax import Program, Statement, is_readable, parse

_LETTERS = "ijklmnrstuv"  # of loops
_ALONE = r"[\w.]+(\[[^][]*\])?|sum\([^()]*\)|\([^()]*\)"  # what nothing around takes apart
Shape = tuple[int, ...]


class _UnclearError(Exception):
    """The lists of an expression do not fit together, or something else is done with them."""


def in_loops(text: str, shapes: Shapes, one: bool = False) -> Iterator[str]:
    """Yield texts that may be meant by one in which the names of `shapes` are whole lists, or have indices that no loop
    gives a number. Where `one` number is wanted, an answer of several becomes their sum."""
    if len(text) > LONGEST:
        return
    yield from (reading.text for reading in other_readings(text))
    text = with_an_index(in_gates(as_calls(text, shapes), length=""), lambda name: (*shapes.get(name, ()), 3)[0])
    if not is_readable(text):
        text = of_a_loop(text, 0, is_readable).removeprefix("write ")
        if not is_readable(text):
            return
    try:
        program = parse(text)
    except ExpressionError:  # a text without a statement
        return
    for looped in (*with_loops(program, shapes, one), text):
        try:
            yield _Writer(parse(looped), shapes).written(one)
        except (_UnclearError, ExpressionError):
            continue


class _Writer:
    """Writes a program of lists in loops."""

    def __init__(self, program: Program, shapes: Shapes) -> None:
        self._program, self._text = program, program.text
        self._shapes: dict[str, Shape] = dict(shapes)
        self._letters: list[str] = []

    def written(self, one: bool) -> str:
        """Return the text in loops; one without lists as it is. An answer of several numbers may be summed to `one`.
        Raises _UnclearError."""
        program, edits = self._program, list[Edit]()
        for statement in program.statements:
            left = None if statement.left is None else program.steps[statement.left]
            shape = self._shape(statement.last)
            if left is not None and (left.op != "name" or statement.loops):
                if shape:
                    raise _UnclearError
                self._shapes[canonical(str(left.token))] = self._turns(statement)
                continue
            start, end = place_of(program, statement)
            right = start if statement.equal is None else statement.equal.end_pos
            names = self._new(len(shape))
            body = self._region(right, end, [statement.last], names)
            if shape and one and left is None:
                body = f"sum({body.strip()} {_loops(names, shape)})"
            elif shape:
                name = free_letter(self._text) if left is None else str(left.token)
                self._shapes[canonical(name)] = shape
                body = f"{name}[{','.join(names)}] = {body.strip()} {_loops(names, shape)}"
                right = start
                if one and statement is program.statements[-1]:
                    body += f"; sum({name}[{','.join(names)}] {_loops(names, shape)})"
            edits.append((right, end, body))
            self._letters.clear()
        return edited(self._text, edits)

    def _turns(self, statement: Statement) -> Shape:
        """Return the lengths of the family that a statement names by loops from 1 on."""
        text = (loop_text(self._program, loop) for loop in statement.loops)
        found = [re.fullmatch(r"\w+ in 1:(\d+)", words) for words in text]
        return tuple(int(words[1]) for words in found if words) if all(found) else ()

    def _new(self, count: int) -> list[str]:
        """Return letters for loops that are used neither in the text nor around."""
        found = [c for c in _LETTERS if c not in self._letters and not re.search(rf"\b{c}\b", self._text)][:count]
        if len(found) < count:
            raise _UnclearError
        self._letters += found
        return found

    def _shape(self, k: int) -> Shape:
        """Return the lengths of the lists that a step is; () of a number."""
        step = self._program.steps[k]
        word = str(step.token)
        if step.op == "name":
            return self._shapes.get(canonical(word), ())
        shapes = [self._shape(arg) for arg in step.args]
        if step.op in ("element", "over") and any(shapes):
            raise _UnclearError
        if step.op == "call" and len(shapes) == 1 and shapes[0]:
            if gathers(word) or word == "norm":
                return ()
            if word == "transpose":
                return shapes[0][::-1]
            if (gate := GATES.get(ALIASES.get(word, word))) and gate.only_over_rows:
                raise _UnclearError
        if step.op == "call" and word == "matmul" and len(shapes) == 2:
            return _of_a_product(*shapes)
        lists = {shape for shape in shapes if shape}
        if len(lists) > 1:
            raise _UnclearError
        return next(iter(lists), ())

    def _region(self, start: int, end: int, steps: Sequence[int], indices: Sequence[str]) -> str:
        """Return a part of the text, in which some steps stand, at an element of its lists."""
        edits = [edit for k in steps for edit in self._edits(k, indices)]
        return edited(self._text[start:end], [(a - start, b - start, new) for a, b, new in edits])

    def _edits(self, k: int, indices: Sequence[str]) -> Iterator[Edit]:
        """Yield the edits that make one element of a step that is a list."""
        step = self._program.steps[k]
        if step.op == "name" and self._shape(k):
            yield step.token.start_pos, step.token.end_pos, f"{step.token}[{','.join(indices)}]"
        elif step.op == "call" and any(map(self._shape, step.args)) and (call := self._call(k, indices)):
            yield step.token.start_pos, step.end, call
        elif step.op not in ("element", "over"):
            for arg in step.args:
                yield from self._edits(arg, indices)

    def _call(self, k: int, indices: Sequence[str]) -> str:
        """Return a call that does more with lists than with each of their elements; empty for another."""
        step, word = self._program.steps[k], str(self._program.steps[k].token)
        shapes = [self._shape(arg) for arg in step.args]
        if word == "matmul" and len(shapes) == 2 and all(shapes):
            (name,) = self._new(1)
            first, second = [*indices[: len(shapes[0]) - 1], name], [name, *indices[len(shapes[0]) - 1 :]]
            parts = [self._argument(k, 0, first, True), self._argument(k, 1, second, True)]
            self._letters.remove(name)
            return f"sum({'*'.join(parts)} {_loops([name], shapes[0][-1:])})"
        if word == "transpose":
            return self._argument(k, 0, indices[::-1], True)
        if len(shapes) != 1 or not (gathers(word) or word == "norm"):
            return ""
        names = self._new(len(shapes[0]))
        body, loops = self._argument(k, 0, names, word == "norm"), _loops(names, shapes[0])
        del self._letters[-len(names) :]
        return f"sqrt(sum({body}^2 {loops}))" if word == "norm" else f"{word}({body} {loops})"

    def _argument(self, k: int, place: int, indices: Sequence[str], closed: bool) -> str:
        """Return an argument of a call at an element of its lists; `closed` as one value."""
        step = self._program.steps[k]
        opened = self._text.index("(", step.token.end_pos) + 1
        inside = self._text[opened : step.end - 1]
        words = arguments_of(inside)
        begin = opened
        for word in words[:place]:
            begin = self._text.index(word, begin) + len(word)
        begin = self._text.index(words[place], begin)
        found = self._region(begin, begin + len(words[place]), [step.args[place]], indices)
        return found if not closed or re.fullmatch(_ALONE, found) else f"({found})"


def _of_a_product(one: Shape, other: Shape) -> Shape:
    """Return the shape of the product of two matrices, or of one with a vector. Raises _UnclearError."""
    if not one or not other or one[-1] != other[0] or max(len(one), len(other)) > 2:
        raise _UnclearError
    return (*one[:-1], *other[1:])


def _loops(names: Sequence[str], shape: Shape) -> str:
    return "for " + ", ".join(f"{name} in 1:{length}" for name, length in zip(names, shape, strict=True))
