"""A recorded program as the statements of a language.

A value gets a line of its own where it has a name, is used more than once, or would make its user's line too long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from itertools import count

from circuitcli.engine.traced_program import TracedProgram
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import Function, called, kept
from circuitcli.export.operation_forms import ATOM, SIGN, CodeForm, Syntax
from circuitcli.graph import times_used
from circuitcli.notation import Text

WIDTH = 72  # characters of an expression that is not broken up
LINE = 104  # characters of a line, without its indentation


class Body:
    """The statements that compute a program's outputs. `variables` has the name of each column, `named` the variables
    of those lines of the program that have one."""

    def __init__(
        self, program: TracedProgram, syntax: Syntax, variables: Mapping[str, str], named: Mapping[int, str]
    ) -> None:
        self._program, self._syntax = program, syntax
        self._uses = times_used(program.lines)
        for k in program.outputs:
            self._uses[k] += 1
        taken = {*syntax.reserved, *variables.values(), *named.values()}
        free = free_variables(taken)
        self.lines: list[tuple[int, str]] = []  # with the line of the program that each computes
        self.texts: list[Text] = []
        for k, (op, args, _, leaf) in enumerate(program.lines):
            if op == "column":
                self.texts.append(Text(variables[str(leaf)]))
            elif not isinstance(leaf, str):
                self.texts.append(self._number(leaf))
            else:
                self.texts.append(self._line(k, op, args, named.get(k, ""), free))

    def _number(self, x: float) -> Text:
        text = self._syntax.number(x)
        return Text(text, SIGN if text.startswith("-") else ATOM)

    def _line(self, k: int, op: str, args: Sequence[int], name: str, free: Iterator[str]) -> Text:
        numbers = [self._program.lines[a].op == "constant" for a in args]
        written = use(self._syntax, op, [self.texts[a] for a in args], numbers)
        if not name and self._uses[k] == 1 and len(written.text) <= WIDTH:
            return written
        name = name or next(free)
        self.lines.append((k, self._syntax.assigned(name, written.text, self._program.is_condition(k))))
        return Text(name)


def function_body(function: Function, syntax: Syntax) -> tuple[list[str], list[str], str]:
    """The variables of a kept function's arguments, its statements and its result."""
    variables = identifiers({name: name for name in function.arguments}, syntax.reserved, syntax.ascii)
    body = Body(function.program, syntax, variables, {})
    return [*variables.values()], [text for _, text in body.lines], body.texts[function.program.outputs[0]].text


def free_variables(taken: Collection[str]) -> Iterator[str]:
    """Yield the variables v1, v2 and so on that nothing has yet."""
    return (name for name in (f"v{i}" for i in count(1)) if name not in taken)


def use(syntax: Syntax, op: str, args: Sequence[Text], numbers: Sequence[bool]) -> Text:
    """The use of an operation on arguments already written, some of which are `numbers`: a call for a kept function."""
    form = CodeForm(f"{syntax.prefix}{called(op, len(args))}({{}})") if kept(op) else syntax.form(op)
    if syntax.lifted and form.text.endswith(")"):
        lifted = syntax.lifted
        args = [Text(lifted.format(x.text)) if number else x for x, number in zip(args, numbers, strict=True)]
    return reduce(lambda x, y: written(form, [x, y]), args) if form.in_pairs else written(form, args)


def indented(lines: Sequence[str]) -> list[str]:
    """Lines one level in."""
    return [f"    {line}" if line else "" for line in lines]


def folded(opening: str, items: Sequence[str], closing: str) -> list[str]:
    """Items between brackets: in one line, or in several where that would be too long."""
    if len(opening) + len(closing) + sum(len(item) + 2 for item in items) <= LINE:
        return [f"{opening}{', '.join(items)}{closing}"]
    words = [*(f"{item}," for item in items[:-1]), items[-1]]
    return [opening.rstrip(), *(f"    {line}" for line in filled(words)), closing.lstrip()]


def filled(words: Sequence[str]) -> list[str]:
    """Words in lines as long as they may be."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) < LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def written(form: CodeForm, args: Sequence[Text]) -> Text:
    """A form with its arguments, each in parentheses where it would fall apart without."""
    if "{}" in form.text:
        return Text(form.text.format(", ".join(arg.text for arg in args)), form.strength)
    within = form.within or (0,) * len(args)
    texts = [arg.within(strength) for arg, strength in zip(args, within, strict=True)]
    return Text(form.text.format(*texts), form.strength)
