"""The texts of a program, each compared with a column: species == "setosa"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from circuitcli.errors import ExpressionError
from circuitcli.language.lalr import Token
from circuitcli.language.syntax import Program, is_readable

SAME, DIFFERENT = "==", "!="


class Tests(NamedTuple):
    """The comparisons with texts: by the step of each, the name and the text; and the steps of their sides."""

    found: Mapping[int, tuple[Token, str]]
    sides: frozenset[int]


NO_TESTS = Tests({}, frozenset())


def text_tests(program: Program) -> Tests:
    """The comparisons with texts. Raises ExpressionError for a text that stands elsewhere."""
    found: dict[int, tuple[Token, str]] = {}
    sides: set[int] = set()
    steps = program.steps
    for position, step in enumerate(steps):
        if str(step.token) in (SAME, DIFFERENT):
            left, right = step.args
            kinds = steps[left].op, steps[right].op
            if kinds in (("name", "text"), ("text", "name")):
                name, text = (left, right) if kinds[0] == "name" else (right, left)
                found[position] = steps[name].token, str(steps[text].token)[1:-1]
                sides |= {left, right}
    for position, step in enumerate(steps):
        if step.op == "text" and position not in sides:
            span = step.token.start_pos, step.token.end_pos
            from circuitcli.language.other_tools import tell
            from circuitcli.language.text_hints import hint_of_text

            hint = hint_of_text(program.text, *span)
            message = "a text is compared with a column, by == or !="
            raise tell(ExpressionError(message, program.text, *span, hint=hint), is_readable)
    return Tests(found, frozenset(sides))
