"""Text -> Program: the statements, each a run of steps in the order in which a stack machine would take them.

The parser is iterative and calls back at every reduction, bottom up, so a callback only appends a step that names
the steps it takes in. No tree is built, nothing here recurs, and 100,000 levels of parentheses are read like one.
The tokens stay in the steps: they are the spans that errors point at.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.graph import MOST_NODES
from circuitcli.language import parse_table
from circuitcli.language.lalr import Parser, Token, UnexpectedCharacter, UnexpectedToken
from circuitcli.language.names import canonical
from circuitcli.nested_names import stem_of
from circuitcli.systems import after_fork

Turn: TypeAlias = Mapping[str, int]  # the numbers of loops by name
NO_TURN: Turn = {}


class Step(NamedTuple):
    """A number, a text, a name, an element of a family, a call, a gate over loops, a call that holds a circuit, or the
    use of an operator's gate; `args` are earlier steps of the statement: of an element its indices, over loops what is
    gathered, of a call that holds a circuit that, then the others."""

    op: str
    args: tuple[int, ...]
    token: Token
    end: int = 0  # of a call and of an element: where its parenthesis closes


class Loop:
    """A loop: its name, and the steps of its range, the first number, the last, and perhaps the step between them."""

    def __init__(self, token: Token, range: tuple[int, ...]) -> None:
        self.token, self.range = token, range


class Statement(NamedTuple):
    """Steps `first` to `last`, the last being the value; `left` is the step left of an `=`, whose token is `equal`.
    With `loops`, behind which their ranges stand, it is one statement for each turn."""

    first: int
    last: int
    left: int | None = None
    equal: Token | None = None
    loops: tuple[Loop, ...] = ()


class Over:
    """A gate over loops: the steps from `first` before `end` are what it gathers."""

    def __init__(self, first: int, end: int, loops: tuple[Loop, ...]) -> None:
        self.first, self.end, self.loops = first, end, loops


class Binder:
    """A call that holds a circuit: the name that it binds there, and the steps of the circuit, `first` to `body`."""

    def __init__(self, token: Token, first: int, body: int) -> None:
        self.token, self.first, self.body = token, first, body


class Program(NamedTuple):
    """A text as read: all steps, the statements as runs of steps, the separators between them, by its step each
    gate over loops, the steps that are elements, and by its step each call that holds a circuit."""

    text: str
    steps: list[Step]
    statements: list[Statement]
    separators: list[Token]
    over: dict[int, Over]
    elements: list[int]
    binders: dict[int, Binder]

    @property
    def loops(self) -> list[Loop]:
        """All loops, those of statements first."""
        found = [loop for statement in self.statements for loop in statement.loops]
        return [*found, *(loop for over in self.over.values() for loop in over.loops)]

    def right_side(self, statement: Statement) -> list[Step]:
        """The steps behind the `=` of a statement; without one all of them."""
        first = statement.first if statement.left is None else statement.left + 1
        return self.steps[first : statement.last + 1]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the place of some steps in the text."""
        run = self.steps[first : last + 1]
        return min(s.token.start_pos for s in run), max(s.end or s.token.end_pos for s in run)

    def text_of(self, statement: Statement) -> str:
        """Return a statement as it is written, in one line, without a comment."""
        at = self.steps[statement.last].token.start_pos
        start = max((s.end_pos for s in self.separators if s.end_pos <= at), default=0)
        end = min((s.start_pos for s in self.separators if s.start_pos >= at), default=len(self.text))
        return " ".join(re.sub(r"#[^\n]*", "", self.text[start:end]).split())

    def names(self, first: int, last: int) -> set[str]:
        """Return the names among some steps."""
        return {canonical(str(s.token)) for s in self.steps[first : last + 1] if s.op == "name"}

    def names_in_range(self, loop: Loop) -> set[str]:
        """Return the names in the range of a loop."""
        return set[str]().union(*(self.names(self.begin(k), k) for k in loop.range))

    def begin(self, step: int) -> int:
        """Return the first step of an expression: its leftmost operand's, which loops inside of it know."""
        while args := self.steps[step].args:
            if step in self.over:
                return self.over[step].first
            step = args[0]
        return step


class _Reader:
    """The parser's callbacks: a method for each rule of the grammar, for operators one made from the gate's name."""

    def __init__(self) -> None:
        self.begin()

    def begin(
        self, text: str = "", unknowns: Collection[str] | None = None, known: Collection[str] = (), since: int = 0
    ) -> None:
        """Begin a text; in one of equations, `since` some place, an `=` behind anything but a new name is one, and
        behind one of the `unknowns` or an element of it; behind a `known` name where it is no default of that."""
        self.read = Program(text, [], [], [], {}, [], {})
        self.steps = self.read.steps
        self._known, self._since = known, since
        self._first, self._unknowns = 0, None if unknowns is None else {*unknowns}

    def _step(self, op: str, args: tuple[int, ...], token: Token, end: int = 0) -> int:
        self.steps.append(Step(op, args, token, end))
        return len(self.steps) - 1

    def number(self, c: list[Token]) -> int:
        return self._step("number", (), c[0])

    def text(self, c: list[Token]) -> int:
        return self._step("text", (), c[0])

    def name(self, c: list[Token]) -> int:
        return self._step("name", (), c[0])

    def call(self, c: list[Any]) -> int:
        return self._step("call", tuple(c[2]) if len(c) == 4 else (), c[0], c[-1].end_pos)

    def element(self, c: list[Any]) -> int:
        self.read.elements.append(len(self.steps))
        return self._step("element", tuple(c[2]), c[0], c[-1].end_pos)

    def over(self, c: list[Any]) -> int:
        step = self._step("over", (c[2],), c[0], c[-1].end_pos)
        self.read.over[step] = Over(self.read.begin(c[2]), c[2] + 1, tuple(c[4]))
        return step

    def binder(self, c: list[Any]) -> int:
        step = self._step("binder", (c[4], *(c[6] if len(c) > 6 else ())), c[0], c[-1].end_pos)
        self.read.binders[step] = Binder(c[2], self.read.begin(c[4]), c[4])
        return step

    def range(self, c: list[Any]) -> Loop:
        return Loop(c[0], tuple(c[2::2]))

    def argument(self, c: list[Any]) -> list[Any]:
        return [c[0]]

    def arguments(self, c: list[Any]) -> list[Any]:
        c[0].append(c[2])
        return c[0]  # type: ignore[no-any-return]

    def group(self, c: list[Any]) -> int:
        return c[1]  # type: ignore[no-any-return]

    plus = group

    def where(self, c: list[Any]) -> int:
        return self._step("where", (c[0], c[2], c[4]), c[1])

    def answer(self, c: list[int]) -> None:
        self._statement(Statement(self._first, c[0]))

    def definition(self, c: list[Any]) -> None:
        known = self._unknowns is not None and c[1].start_pos >= self._since
        if known and (self._is_equation(self.steps[c[0]]) or self._is_about(c[0], c[2])):
            self._statement(Statement(self._first, self._step("eq", (c[0], c[2]), c[1])))
            return
        self._statement(Statement(self._first, c[2], c[0], c[1]))

    def family(self, c: list[Any]) -> None:
        self._statement(Statement(self._first, c[2], c[0], c[1], tuple(c[4])))

    def _is_equation(self, left: Step) -> bool:
        word = canonical(str(left.token))
        if left.op not in ("name", "element", "call") or self._is_unknown(word) or self._defines(left.op, word):
            return True
        return left.op == "call" and (word in GATES or word in ALIASES)

    def _is_about(self, left: int, right: int) -> bool:
        """Whether a known name stands left of what has names, too, and is no default."""
        varies = any(step.op in ("name", "element") for step in self.steps[left + 1 : right + 1])
        return varies and self.steps[left].op == "name" and canonical(str(self.steps[left].token)) in self._known

    def _is_unknown(self, word: str) -> bool:
        """Whether a name, or its family, is an unknown of equations."""
        return self._unknowns is not None and not self._unknowns.isdisjoint((word, stem_of(word)))

    def _defines(self, op: str, word: str) -> bool:
        """Whether a statement above names this node, or defines this gate."""
        lefts = (self.steps[statement.left] for statement in self.read.statements if statement.left is not None)
        return op != "element" and any(left.op == op and canonical(str(left.token)) == word for left in lefts)

    def _statement(self, statement: Statement) -> None:
        self.read.statements.append(statement)
        self._first = len(self.steps)

    def nothing(self, c: list[Token]) -> None:
        """An empty line."""

    def program(self, c: list[Token]) -> None:
        self.read.separators[:] = c[1::2]

    def __getattr__(self, rule: str) -> Callable[[list[Any]], int]:
        """Make the callback of an operator: its arguments are the children that are no token."""
        if rule not in GATES:
            raise AttributeError(rule)

        def unary(c: list[Any]) -> int:
            self.steps.append(Step(rule, (c[1],), c[0]))
            return len(self.steps) - 1

        def binary(c: list[Any]) -> int:
            self.steps.append(Step(rule, (c[0], c[2]), c[1]))
            return len(self.steps) - 1

        return unary if GATES[rule].accepts(1) else binary


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause Python's cycle collector: all that a long text becomes is kept, and going over it again and again would be
    a third of the time."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


_reader = _Reader()
_parser: Parser | None = None
_lock = Lock()  # the reader is one for all threads


def _renew() -> None:
    """Make the lock anew: in a copy of a process no thread is left that could open it."""
    global _lock
    _lock = Lock()


after_fork(_renew)


def _loaded() -> Parser:
    """The one parser, which the first text loads."""
    global _parser
    if _parser is None:
        _parser = parse_table.load(_reader)
    return _parser


def _mistake(text: str, error: UnexpectedToken | UnexpectedCharacter) -> ExpressionError:
    """The error for a place that the grammar lacks."""
    from circuitcli.language.whole_texts import with_whole_text  # loaded for a mistake alone

    if isinstance(error, UnexpectedToken):
        from circuitcli.language.hints import at_token

        return with_whole_text(at_token(text, error.token, error.expected, is_readable), mistake_in)
    from circuitcli.language.character_hints import at_character

    return with_whole_text(at_character(text, error.at, is_readable), mistake_in)


def is_readable(text: str) -> bool:
    """Whether the grammar reads a text, which is not empty, for hints that say what to write."""
    return mistake_in(text) is None and bool(text.strip())


def mistake_in(text: str) -> UnexpectedToken | UnexpectedCharacter | None:
    """The first place of a text that the grammar lacks, for hints that say what to write."""
    with _lock:
        parser = _loaded()
        _reader.begin()
        try:
            parser.parse(_flat(text))
        except (UnexpectedToken, UnexpectedCharacter) as error:
            return error
        finally:
            _reader.begin()
    return None


def parse(text: str, unknowns: Collection[str] | None = None, known: Collection[str] = (), since: int = 0) -> Program:
    """Read a program; with `unknowns` one of equations, `since` some place, in which other names are `known`. Raises
    ExpressionError with a span and, where the mistake is a known one, a hint."""
    _refuse_too_long(text)
    readable = _flat(text)
    with _lock, uncollected():
        parser = _loaded()
        _reader.begin(text, unknowns, known, since)
        mistake: UnexpectedToken | UnexpectedCharacter | None = None
        try:
            parser.parse(readable)
        except (UnexpectedToken, UnexpectedCharacter) as error:
            mistake = error
        program = _reader.read
        _reader.begin()
    if mistake is not None:
        raise _mistake(text, mistake)
    if not program.statements:
        raise ExpressionError("the expression is empty", text, 0, hint='write for example "(x+y)*z"')
    return program


def _refuse_too_long(text: str) -> None:
    """Raise ExpressionError, before anything is read, where a text writes out more nodes than a circuit may have."""
    if len(text) <= MOST_NODES:
        return
    found = next(islice(re.finditer(r"[\w.]+|[^\w\s(),;#]+", text), MOST_NODES, None), None)
    if found is not None:
        most = f"{MOST_NODES / 1e6:g} million"
        raise ExpressionError(f"more than {most} names, numbers and operators", text, *found.span())


_BREAKS = re.compile(r"#[^\n]*|[][()\n]")


def _flat(text: str) -> str:
    """Make spaces of newlines inside parentheses or brackets, and of the comments before them: offsets stay."""
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    if "\n" not in text:
        return text
    depth = 0

    def blank(match: re.Match[str]) -> str:
        nonlocal depth
        found = match[0]
        if found in "([":
            depth += 1
        elif found in ")]":
            depth = max(0, depth - 1)
        elif depth:
            return " " * len(found)
        return found

    return _BREAKS.sub(blank, text)
