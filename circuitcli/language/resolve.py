"""Program -> Graph: resolves names, finds the gate of each call, and expands loops and the user's own gates.

Both are expanded with a stack of our own, never by recursion. Calls of a user's gate are remembered by their arguments:
`f(a) = a*a+1` applied forty times is 82 nodes. A program that would expand too far is refused before it takes memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES, Gate
from circuitcli.graph import Builder, Graph
from circuitcli.language.expansion import UNCOUNTED_STEPS, refuse_too_many
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical, is_constant, is_element, is_identifier
from circuitcli.language.syntax import (
    NO_TURN,
    Program,
    Statement,
    Step,
    Turn,
    is_readable,
    mistake_in,
    parse,
    uncollected,
)
from circuitcli.language.texts import NO_TESTS, SAME, text_tests
from circuitcli.nested_names import stem_of
from circuitcli.text_tests import TextTest
from circuitcli.wording import by_voice

if TYPE_CHECKING:
    from circuitcli.language.binders import Binders
    from circuitcli.language.loops import Loops, Run


class _Definition(NamedTuple):
    """A user's own gate: its parameters and the steps of its body."""

    parameters: tuple[str, ...]
    first: int
    end: int


def graph_of(program: Program, bound: frozenset[str] = frozenset(), parts: bool = False) -> Graph:
    """Return the circuit of a program. A name in `bound` is an input even where a constant has that name. `parts`: so
    are a.b and a[1], as over rows that have parts.

    Raises ExpressionError for a name or a gate that means nothing where it stands.
    """
    with uncollected():
        try:
            return Meaning(program, bound, parts=parts).graph()
        except ExpressionError as error:
            from circuitcli.language.loop_mends import MendableError
            from circuitcli.language.whole_texts import with_whole_text

            told = error.mended(_mistake_of) if isinstance(error, MendableError) else error
            raise with_whole_text(told, mistake_in) from None


def _mistake_of(text: str) -> ExpressionError | None:
    """Return what is wrong with a text, for hints that say what to write."""
    try:
        Meaning(parse(text), frozenset()).graph()
    except ExpressionError as error:
        return error
    return None


# What is being expanded, a gate on its arguments or a gate over loops, and where to go on behind it: the position, the
# end, the first step, the nodes of the steps, the parameters and the turn.
_Waiting: TypeAlias = (
    "tuple[tuple[str, tuple[int, ...]] | Run, int, int, int, list[int], Mapping[str, int], Mapping[str, int]]"
)


class Meaning:
    """The reading of one program. A statement whose name is in `claimed` names no node: its right side becomes the node
    `grad_NAME`, and the name goes on to mean the input."""

    def __init__(
        self, program: Program, bound: frozenset[str], claimed: frozenset[str] = frozenset(), parts: bool = False
    ) -> None:
        self.program = program
        self.text, self.steps, self.statements = program.text, program.steps, program.statements
        self.bound, self.parts = bound, parts
        self.builder = Builder()
        self.names: dict[str, int] = {}
        self.nameless: list[int] = []  # the nodes of statements without a name
        self.constants: dict[str, int] = {}  # the whole numbers that indices use, which are no inputs
        self.elements: dict[int, dict[tuple[int, ...], int]] = {}  # the nodes of elements, by step and indices
        self.used: set[str] = set()
        self.claims = dict.fromkeys(claimed, -1)
        self.claimed_stems = frozenset(map(stem_of, claimed))
        self.gates: dict[str, _Definition] = {}
        self.defaults: dict[str, Graph] = {}
        self.expanded: dict[tuple[str, tuple[int, ...]], int] = {}
        self.expanded_steps = 0
        self.tests = text_tests(program) if '"' in self.text or "'" in self.text else NO_TESTS
        self.loops: Loops | None = None
        self.special: Collection[int] = self.tests.sides and self.tests.sides.union(self.tests.found)
        if "[" in self.text or program.loops:
            from circuitcli.language.loops import Loops

            self.loops = Loops(program)
            self.special = {*self.special, *self.loops.begins}
        self.binders: Binders | None = None
        if program.binders:
            from circuitcli.language.binders import Binders

            self.binders = Binders(program, self.builder)
            self.special = {*self.special, *self.binders.places}
        lefts = [self.steps[s.left] for s in self.statements if s.left is not None]
        self.later = {canonical(str(left.token)) for left in lefts if left.op == "name"} - claimed
        self.later_gates = {canonical(str(left.token)) for left in lefts if left.op == "call"}

    def graph(self) -> Graph:
        output = -1
        for statement in self.statements:
            last = statement is self.statements[-1]
            if statement.left is None:
                output = self.value(statement.first, statement.last + 1)
                self.nameless.append(output)
            elif self.steps[statement.left].op == "call" and not statement.loops:
                self.define(statement, self.steps[statement.left])
                if last:
                    raise self.error(
                        "the last statement defines a gate: there is nothing to evaluate",
                        self.steps[statement.left].token,
                        hint=f"add a line that uses it: {self._use(statement)}",
                    )
            else:
                output = self.named(statement, last)
        if self.binders is not None:
            self.binders.refuse_outside([*self.builder.inputs, *self.names])
        self.names.update((f"grad_{name}", node) for name, node in self.claims.items() if node >= 0)
        others = [name for name in self.names if name not in self.used and name not in self.defaults]
        return self.builder.graph(output, self.names, self.defaults, self.nameless, others)

    # ── statements ──────────────────────────────────────────────────────────────────────────────────────────

    def named(self, statement: Statement, last: bool) -> int:
        """`h[j] = ... for j in 1:3` names a node in each turn; return the last of them."""
        if self.loops is None:
            return self.name(statement, last, NO_TURN)
        assert statement.left is not None
        left, output = self.steps[statement.left], -1
        for turn in self.loops.turns.of(statement.loops, NO_TURN):
            output = self.name(statement, last, turn)
        if output < 0:
            from circuitcli.language.loop_errors import no_turn

            word, token = self.left_word(statement) if left.op != "element" else left.token, statement.loops[-1].token
            what = f"the loop behind {word} has no turn"
            raise no_turn(what, self.text, (token.start_pos, token.end_pos), "widen its range")
        self.loops.families.done(str(left.token))
        return output

    def name(self, statement: Statement, last: bool, turn: Turn) -> int:
        """`q = x + y` names a node; `x = -2`, of constants alone and not the answer, an input with a default."""
        word = self.left_word(statement, turn)
        assert statement.left is not None
        if word in self.names or word in self.constants or self.claims.get(word, -1) >= 0:
            left = self.steps[statement.left]
            end = left.end if left.op == "element" else left.token.end_pos
            raise self.error(f"{word} is named twice", left.token, end, "give the second another name")
        node = self.value(statement.left + 1, statement.last + 1, turn)
        if word in self.claims:
            self.claims[word] = node
            return node
        if self.loops is not None and word in self.loops.constants:
            self.later.discard(word)
            self.constants[word] = node
            return node
        if not (self.builder.varies[node] or last):
            self.defaults[word] = self.builder.alone(node)
            node = self.builder.input(word)
        self.later.discard(word)
        self.names[word] = node
        if self.loops is not None and word[-1] == "]":
            self.loops.families.name(word)
        return node

    def define(self, statement: Statement, call: Step) -> None:
        """`f(a, b) = ...` defines a gate; its body may use the gates that stand above it."""
        word = self.left_word(statement)
        assert statement.left is not None
        if word in GATES or word in ALIASES:
            raise self.error(f"{word} is already a gate", call.token, hint=f"choose another name, such as my_{word}")
        if word in self.gates:
            raise self.error(f"the gate {word} is defined twice", call.token)
        parameters = tuple(self._own_word(self.steps[a].token) for a in call.args)
        if len(set(parameters)) < len(parameters):
            raise self.error(f"two parameters of {word} have one name", call.token, call.end)
        first, end = statement.left + 1, statement.last + 1
        for step in self.steps[first:end]:
            if step.op == "call":
                self.gate(step, inside=word)
        self.gates[word] = _Definition(parameters, first, end)

    def left_word(self, statement: Statement, turn: Turn = NO_TURN) -> str:
        """Return the name left of `=`, which must be NAME, NAME[INDEX, ...] or NAME(NAME, ...)."""
        assert statement.left is not None and statement.equal is not None
        left = self.steps[statement.left]
        names = self.steps[statement.first : statement.left]
        if statement.loops and left.op != "element":
            from circuitcli.language.loop_errors import no_family

            raise no_family(self.text, statement, left)
        if left.op == "name" and not names:
            word = self._word(left.token)
            return word if is_element(word) else self._own_word(left.token)
        if left.op == "element" and self.loops is not None and self.program.begin(statement.left) == statement.first:
            return self.loops.element(statement.left, self.loops.indices(statement.left, turn))
        if left.op == "call" and len(names) == len(left.args) and all(step.op == "name" for step in names):
            return self._own_word(left.token)
        raise self.error(
            "only a name, or a gate with its parameters, can stand left of =",
            statement.equal,
            hint=f"to compare, write ==; {by_voice('circuit solve', 'its solve(...)')} finds roots; "
            "to name a node, q = x + y; to define a gate, f(a) = a*a + 1",
        )

    def _use(self, statement: Statement) -> str:
        """The program of a statement that defines a gate, with a call of it behind."""
        from circuitcli.language.word_hints import used

        assert statement.left is not None and statement.equal is not None
        call = self.steps[statement.left]
        right = self.text[statement.equal.end_pos :]
        return used(self.text[call.token.start_pos : call.end], right)

    # ── values ──────────────────────────────────────────────────────────────────────────────────────────────

    def value(self, position: int, end: int, turn: Turn = NO_TURN) -> int:
        """Return the node of the steps from `position` to `end`, the last being the value, in a turn of the loops
        around them."""
        steps, builder, tests, special, loops = self.steps, self.builder, self.tests, self.special, self.loops
        elements, over, binders = self.elements, self.program.over, self.binders
        first, slots = position, list[int]()
        local: Mapping[str, int] = {}
        waiting: list[_Waiting] = []  # calls of the user's gates, and gates over loops, that are being expanded
        while True:
            while position < end:
                op, args, token, _ = step = steps[position]
                if special and position in special:
                    inner = -1 if loops is None else loops.outermost(position, end)
                    if binders is not None:
                        local = binders.at(position, inner, end, local, {*self.names, *self.later, *turn})
                    if loops is not None and inner in over:
                        waiting.append((loops.run(inner, turn, self.gates), position, end, first, slots, local, turn))
                        position, slots = end, []
                        continue
                    if loops is not None and inner >= 0:
                        slots += [-1] * (inner - position)  # the indices are no nodes
                        indices = loops.indices(inner, turn)
                        known = elements[inner].get(indices) if inner in elements else None
                        slots.append(self.element(loops, inner, indices, local, turn) if known is None else known)
                        position = inner + 1
                        continue
                    if position in tests.sides or position in tests.found:
                        slots.append(self.test(position, local) if position in tests.found else -1)
                        position += 1
                        continue
                if op == "name":
                    slots.append(self.leaf(token, local, turn))
                elif op == "number":
                    slots.append(builder.constant(token.replace("_", "")))
                elif op == "binder":
                    assert binders is not None
                    body, *ends = [slots[a - first] for a in args]
                    slots.append(binders.node(position, body, tuple(ends)))
                elif op != "call":
                    slots.append(builder.add(op, tuple([slots[a - first] for a in args])))
                else:
                    name = self.gate(step)
                    nodes = tuple([slots[a - first] for a in args])
                    if name not in self.gates:
                        slots.append(builder.add(name, nodes))
                    elif (name, nodes) in self.expanded:
                        slots.append(self.expanded[name, nodes])
                    else:
                        waiting.append(((name, nodes), position, end, first, slots, local, turn))
                        parameters, first, end = self.gates[name]
                        before, self.expanded_steps = self.expanded_steps, self.expanded_steps + end - first
                        if before <= UNCOUNTED_STEPS < self.expanded_steps:
                            refuse_too_many(self.program)
                        position, slots, local = first, [], dict(zip(parameters, nodes, strict=True))
                        turn = NO_TURN
                        continue
                position += 1
            if not waiting:
                return slots[-1]
            inside = waiting[-1][0]
            if not isinstance(inside, tuple):
                if slots:
                    inside.take(slots[-1], builder)
                if (following := inside.next(len(builder.nodes))) is not None:
                    turn = following
                    position, end, first, slots = inside.over.first, inside.over.end, inside.over.first, []
                    continue
                _, position, end, first, slots, local, turn = waiting.pop()
                slots += [-1] * (inside.step - position)
                slots.append(inside.gathered(builder))
                position = inside.step + 1
            else:
                self.expanded[inside] = node = slots[-1]
                _, position, end, first, slots, local, turn = waiting.pop()
                slots.append(node)
                position += 1

    def leaf(self, token: Token, local: Mapping[str, int], turn: Turn) -> int:
        """Return the node of a name: a loop's number, a parameter, a named node, a constant, else an input."""
        word = self._word(token)
        if turn and word in turn:
            return self.number(turn[word])
        if word in local:
            return local[word]
        return self.meaning(word, token)

    def meaning(self, word: str, token: Token, end: int | None = None) -> int:
        """Return the node of a name that is neither a loop nor a parameter."""
        if word in self.names:
            self.used.add(word)
            return self.names[word]
        if word in self.later:
            raise self._too_early(word, token)
        if is_constant(word) and word not in self.bound:
            return self.builder.constant(word)
        if self.loops is not None:
            if word in self.constants:
                return self.constants[word]
            if stem_of(word) not in self.claimed_stems:  # whose elements are the inputs themselves
                self.loops.families.free(word, token, end or token.end_pos)
        return self.builder.input(word)

    def element(
        self, loops: Loops, position: int, indices: tuple[int, ...], local: Mapping[str, int], turn: Turn
    ) -> int:
        """Return the node of an element of a family that was not met at this step."""
        token, end = self.steps[position].token, self.steps[position].end
        if token in turn or token in local:
            kind = "loop" if token in turn else "parameter"
            raise self.error(f"{token} is a {kind}, one number, and has no elements", token, end)
        node = self.meaning(loops.element(position, indices), token, end)
        self.elements.setdefault(position, {})[indices] = node
        return node

    def number(self, number: int) -> int:
        """Return the node of a loop's number."""
        node = self.builder.constant(str(abs(number)))
        return node if number >= 0 else self.builder.add("neg", (node,))

    def test(self, position: int, local: Mapping[str, int]) -> int:
        """Return the node of a comparison with a text: an input that rows of a file have."""
        token, text = self.tests.found[position]
        word = self._word(token)
        if word in local or word in self.names or word in self.later:
            message = f"{word} is a number of this expression, and a text is compared with a column of a file"
            raise self.error(message, token, hint="name the column, or compare with a number")
        node = self.builder.input(TextTest(word, text).name)
        return node if self.steps[position].token == SAME else self.builder.add("not", (node,))

    def gate(self, step: Step, inside: str = "") -> str:
        """Return the gate of a call, which takes so many arguments; `inside` is the gate being defined."""
        word, count = self._word(step.token), len(step.args)
        if word in self.gates:
            wanted = len(self.gates[word].parameters)
            if count != wanted:
                raise self._wrong_count(step, str(wanted))
            return word
        name = ALIASES.get(word, word)
        if name not in GATES:
            if word == inside:
                raise self.error(f"{word} is defined by itself", step.token, hint="a gate cannot call itself")
            if word in self.later_gates:
                raise self.error(f"{word} is used before it is defined", step.token, hint="move its definition up")
            from circuitcli.language.other_tools import tell
            from circuitcli.language.word_hints import unknown_gate

            known = (*GATES, *ALIASES, *self.gates)
            raise tell(unknown_gate(self.text, step.token, step.end, word, known), is_readable, self.parts)
        gate = GATES[name]
        if not gate.accepts(count):
            for other in GATES.values():  # log(x, base) is another gate
                if other.written == name and other.accepts(count):
                    return other.name
            raise self._wrong_count(step, gate.arity, gate)
        return name

    # ── words and errors ────────────────────────────────────────────────────────────────────────────────────

    def _word(self, token: Token) -> str:
        word = canonical(str(token))
        if word.isidentifier():
            return word
        if self.loops is not None and is_element(word):
            self.loops.written_out(word, token)
            return word
        from circuitcli.language.excerpts import behind
        from circuitcli.language.other_tools import tell
        from circuitcli.language.word_hints import no_name, no_part, of_a_module

        if not is_identifier(word):
            raise no_name(self.text, token)
        if hint := of_a_module(word, behind(self.text, token.end_pos), self.parts):
            raise tell(self.error(f"{word} is no name", token, hint=hint), is_readable, self.parts)
        if not self.parts:
            raise tell(no_part(self.text, token), is_readable, self.parts)
        return word

    def _own_word(self, token: Token) -> str:
        """The word of what the text itself names: a part of another is no such thing."""
        word = self._word(token)
        if not word.isidentifier():
            from circuitcli.language.other_tools import tell

            error = self.error(f"{word} is a part of a row, and no name of its own", token, hint="leave out . and [")
            raise tell(error, is_readable, self.parts)
        return word

    def _too_early(self, word: str, token: Token) -> ExpressionError:
        """The error for a name that is used by its own right side, or above it."""
        from circuitcli.language.word_hints import too_early

        for statement in self.statements:
            left = None if statement.left is None else self.steps[statement.left]
            own = left is not None and left.op == "name" and canonical(str(left.token)) == word
            if own and any(step.token is token for step in self.program.right_side(statement)):
                assert statement.equal is not None
                return too_early(self.text, token, word, self.text[statement.equal.end_pos :])
        return too_early(self.text, token, word)

    def _wrong_count(self, step: Step, wanted: str, gate: Gate | None = None) -> ExpressionError:
        """The error for a call with the wrong number of arguments."""
        from circuitcli.language.other_tools import tell
        from circuitcli.language.word_hints import arity, form

        word = canonical(str(step.token))
        message = arity(word, wanted, len(step.args))
        hint = form(word, gate, self.text[step.token.start_pos : step.end]) if gate else ""
        return tell(self.error(message, step.token, step.end, hint), is_readable, self.parts)

    def error(self, message: str, token: Token, end: int | None = None, hint: str = "") -> ExpressionError:
        return ExpressionError(message, self.text, token.start_pos, token.end_pos if end is None else end, hint)
