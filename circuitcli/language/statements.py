"""The statements of a text one by one, with the name that each defines and the names and gates that it uses."""

from __future__ import annotations

from bisect import bisect
from typing import NamedTuple

from circuitcli.errors import ExpressionError
from circuitcli.language.excerpts import end_of, open_parentheses
from circuitcli.language.names import canonical
from circuitcli.language.resolve import Meaning
from circuitcli.language.syntax import NO_TURN, Program, Statement, parse

Span = tuple[int, int]
CALL = "()"  # behind the name of a gate
FAMILY = "[]"  # behind the name of a family


class StatementText(NamedTuple):
    """One statement: `text[start:end]`. It defines `name`, a gate being `f()` and a family `h[]`, or nothing where
    it is an expression; its right side begins at `right`. `uses` maps the names and gates there that are neither
    parameters nor loops to the first place of each, x[2] by its name, and x[i] as the family `x[]`. `counts` are the
    names in its indices and ranges."""

    text: str
    start: int
    end: int
    name: str
    right: int
    uses: dict[str, Span]
    counts: frozenset[str] = frozenset()

    @property
    def statement(self) -> str:
        """The text of the statement, without a comment behind it."""
        return self.text[self.start : self.end]

    @property
    def defines_gate(self) -> bool:
        return self.name.endswith(CALL)

    @property
    def defines_family(self) -> bool:
        return self.name.endswith(FAMILY)

    def value(self) -> StatementText:
        """Return the right side as an expression."""
        return self._replace(name="", start=self.right)


def pieces(text: str) -> list[StatementText]:
    """Cut a text into statements. Raises ExpressionError where it cannot be read; what the names mean is not looked
    at."""
    program = parse(text)
    meaning = Meaning(program, frozenset())
    loops = {canonical(str(loop.token)) for loop in program.loops}
    counted = bool(program.loops or program.elements)
    starts = [0, *(s.end_pos or 0 for s in program.separators)]
    ends = [*(s.start_pos or 0 for s in program.separators), len(text)]
    found = []
    for statement in program.statements:
        line = bisect(starts, program.steps[statement.last].token.start_pos or 0) - 1
        start = _skipped(text, starts[line])
        end = start + end_of(text[start : ends[line]])
        name, right, own = "", start, loops
        if statement.left is not None and statement.equal is not None:
            left = program.steps[statement.left]
            if statement.loops and left.op == "element":
                name = canonical(str(left.token)) + FAMILY
            else:
                name = meaning.left_word(statement) + (CALL if left.op == "call" else "")
            right = _skipped(text, statement.equal.end_pos or 0)
            own = loops.union(canonical(str(program.steps[k].token)) for k in left.args)
        counts = _counts(text[start:end]) if counted else frozenset[str]()
        found.append(StatementText(text, start, end, name, right, _uses(program, statement, own), counts))
    return found


def elements_named(text: str) -> list[str]:
    """Return the elements that the last statement of a text names, a family behind which loops stand. Raises
    ExpressionError for loops that mean nothing."""
    meaning = Meaning(parse(text), frozenset())
    statement = meaning.statements[-1]
    assert meaning.loops is not None
    return [meaning.left_word(statement, turn) for turn in meaning.loops.turns.of(statement.loops, NO_TURN)]


def unfinished(text: str) -> bool:
    """Whether a parenthesis is still open and nothing is wrong so far, so that the next line belongs to this one."""
    if not open_parentheses(text):
        return False
    try:
        parse(text)
    except ExpressionError as error:
        return error.start >= end_of(text)
    return False


def _counts(statement: str) -> frozenset[str]:
    """Return the names in indices and ranges that are neither loops nor parameters."""
    from circuitcli.language.loops import names_in_indices

    return frozenset(names_in_indices(parse(statement))[0])


def _uses(program: Program, statement: Statement, own: set[str]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for step in program.right_side(statement):
        if step.op in ("name", "call", "element"):
            word = canonical(str(step.token))
            word += {"call": CALL, "element": FAMILY}.get(step.op, "")
            if word not in own:
                found.setdefault(word, (step.token.start_pos, step.token.end_pos))
    return found


def _skipped(text: str, position: int) -> int:
    """Return the position behind white space."""
    while text[position : position + 1].isspace():
        position += 1
    return position
