"""Calls that hold a circuit: root(x: x^3 - a, 1) and integral(t: exp(-t^2), 0, x).

The circuit is read where it stands, its bound name being an input that nothing else can mean; then what hangs on that
is taken out of the nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain, count

from circuitcli.errors import ExpressionError
from circuitcli.gates import over_rows
from circuitcli.graph import Builder
from circuitcli.held_gates import ENDS
from circuitcli.holding import dependent, held
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical, near
from circuitcli.language.syntax import Binder, Program

FORMS = {"root": "root(x: x^3 - a, 1)", "integral": "integral(t: exp(-t^2), 0, x)"}

DEEPEST = 20  # circuits inside of each other, long before which none is ever done


class Binders:
    """The calls of a program that hold a circuit; `begins` lists for a step those whose circuit begins there, outermost
    last."""

    def __init__(self, program: Program, builder: Builder) -> None:
        self._program, self._builder = program, builder
        self.begins: dict[int, list[int]] = {}
        self.behind: set[int] = set()  # the steps behind a circuit
        self._open: list[tuple[int, Mapping[str, int]]] = []  # where circuits end, and the names around each
        self._nodes: dict[int, int] = {}  # of the bound name, by the step of the call
        for step, binder in program.binders.items():
            self.begins.setdefault(binder.first, []).append(step)
            self.behind.add(binder.body + 1)

    @property
    def places(self) -> set[int]:
        """The steps at which names begin or end to be bound."""
        return {*self.begins, *self.behind}

    def at(
        self, position: int, first: int, end: int, local: Mapping[str, int], taken: Collection[str]
    ) -> Mapping[str, int]:
        """Return the names that have a node of their own at a step: without those of circuits that end before it, with
        those of circuits that begin there, of calls between two steps. Names that are `taken` cannot be bound."""
        while self._open and self._open[-1][0] == position:
            local = self._open.pop()[1]
        for step in reversed(self.begins.get(position, ())):
            if first < step < end:
                local = self._enter(step, local, taken)
        return local

    def _enter(self, step: int, local: Mapping[str, int], taken: Collection[str]) -> Mapping[str, int]:
        binder, call = self._program.binders[step], self._program.steps[step]
        kind, word = canonical(str(call.token)), canonical(str(binder.token))
        if kind not in ENDS:
            close = near(kind, tuple(ENDS)) or "root"
            hint = f"{' and '.join(ENDS)} do: {FORMS[close]}"
            raise self._error(f"{kind} holds no circuit of its own", call.token, call.token.end_pos, hint)
        if not word.isidentifier():
            raise self._error(
                f"{word} is no name that can be bound", binder.token, hint="choose a plain name, such as x"
            )
        if word in taken or word in local:
            hint = f"choose another name there, such as {self._free(word, {*taken, *local})}"
            raise self._error(f"{word} means something else around this {kind}", binder.token, hint=hint)
        if len(call.args) != 1 + len(ENDS[kind]):
            raise self._wrong_count(kind, step)
        self._nodes[step] = node = self._builder.input(f"{word}:{len(self._builder.nodes)}")
        self._open.append((binder.body + 1, local))
        return {**local, word: node}

    def _free(self, word: str, taken: Collection[str]) -> str:
        used = {canonical(str(step.token)) for step in self._program.steps} | {*taken}
        return next(name for name in chain("xtsu", (f"{word}{i}" for i in count(1))) if name not in used)

    def node(self, step: int, body: int, ends: tuple[int, ...]) -> int:
        """Return the node of a call whose circuit and ends have been read."""
        call, binder, builder = self._program.steps[step], self._program.binders[step], self._builder
        kind, word, bound = str(call.token), canonical(str(binder.token)), self._nodes[step]
        moving = dependent(builder.nodes, bound, body)
        if body not in moving:
            raise self._unused(kind, word, step, binder)
        if kind == "root" and str(self._program.steps[binder.body].token) == "==":
            raise self._equation(binder)
        for k in moving:
            gate, args, _ = builder.nodes[k]
            if args and over_rows(gate, len(args)) is not None:
                hint = f"it can stand there where it does not hang on {word}"
                raise self._error(f"{gate}(...) is over rows, and {word} is none", call.token, call.end, hint)
        gate, taken = held(builder.nodes, builder.varies, bound, body, kind, word)
        if gate.depth > DEEPEST:
            message = f"more than {DEEPEST} circuits are inside of each other"
            raise self._error(message, call.token, call.end, "each takes the one inside of it for every step")
        return builder.add(gate, (*taken, *ends))

    def _equation(self, binder: Binder) -> ExpressionError:
        """The error for an equation in a root, which is 0 all over and says nothing of a way."""
        sign, (start, end) = self._program.steps[binder.body].token, self._program.span(binder.first, binder.body)
        left, right = self._program.text[start : sign.start_pos], self._program.text[sign.end_pos : end]
        hint = f"write {binder.token}: {left.strip()} - ({right.strip()})"
        return self._error("a root is where its circuit is 0, and == is 0 or 1", sign, hint=hint)

    def refuse_outside(self, names: Collection[str]) -> None:
        """Raise ExpressionError where one of the inputs of a circuit is called like a name that is bound."""
        for step, binder in self._program.binders.items():
            word = canonical(str(binder.token))
            if word in names:
                kind, steps = self._program.steps[step].token, self._program.steps
                outside = [
                    k
                    for k, other in enumerate(steps)
                    if other.op == "name"
                    and canonical(str(other.token)) == word
                    and not any(
                        b.first <= k <= b.body and canonical(str(b.token)) == word
                        for b in self._program.binders.values()
                    )
                ]
                token = steps[outside[0]].token if outside else binder.token
                hint = f"call it otherwise in the {kind}: {kind}({self._free(word, names)}: ...)"
                raise self._error(f"{word} is bound in {kind}({word}: ...), and an input outside", token, hint=hint)

    def _unused(self, kind: str, word: str, step: int, binder: Binder) -> ExpressionError:
        body = self._text(step)
        hint = f"without {word} it is {body}, everywhere" if kind == "root" else f"it is ({body}) times the distance"
        return self._error(f"{word} is not used in {kind}({word}: {body}, ...)", binder.token, hint=hint)

    def _wrong_count(self, kind: str, step: int) -> ExpressionError:
        call, count = self._program.steps[step], len(self._program.steps[step].args) - 1
        word = self._program.binders[step].token
        found = {0: "nothing", 1: "one number"}.get(count, f"{count} numbers")
        if kind == "root":
            message, rest = f"root takes a start behind its circuit, and has {found}", "1"
        else:
            message, rest = f"integral takes two ends behind its circuit, and has {found}", "0, 1"
        return self._error(message, call.token, call.end, f"write {kind}({word}: {self._text(step)}, {rest})")

    def _text(self, step: int) -> str:
        """The circuit of a call as it is written."""
        binder = self._program.binders[step]
        text, begin = self._program.text, self._program.text.index(":", binder.token.end_pos) + 1
        depth = 0
        for at in range(begin, len(text)):
            if text[at] in "([":
                depth += 1
            elif text[at] in ")]" and depth:
                depth -= 1
            elif text[at] in ",)" and not depth:
                return text[begin:at].strip()
        return text[begin:].strip()

    def _error(self, message: str, token: Token, end: int | None = None, hint: str = "") -> ExpressionError:
        end = token.end_pos if end is None else end
        return ExpressionError(message, self._program.text, token.start_pos, end, hint)
