"""Graph -> text: expressions with no more parentheses than they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from circuitcli.gate_facts import ATOM, PRODUCT, SIGN, Prefix
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph

SHORT = 38  # characters of a node's expression in a table
HIDDEN = "…"  # an operand that has no room
LONG = 80  # in JSON, and of a statement's expression in a program
WHOLE = 10_000  # nothing is left out


_REMAINDER = re.compile(r" (%|//) ")  # a product too, but its sign is no factor


class Text(NamedTuple):
    """A piece of an expression, and how strongly it holds together."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        return self.text if self.strength >= strength else f"({self.text})"


class Style(NamedTuple):
    """A way to write a gate on arguments already written, and a leaf; expressions longer than `long` are broken."""

    write: Callable[[str, Sequence[Text]], Text]
    leaf: Callable[[str], Text]
    long: int


def write(gate: str, args: Sequence[Text]) -> Text:
    """Write the use of a gate on arguments already written."""
    form = GATES[gate].written
    if isinstance(form, str):
        return Text(f"{form or gate}({', '.join([a.text for a in args])})")
    return Text(form.text(args, Text.within), form.strength)


def symbol(gate: str) -> str:
    """The symbol or the name of a gate alone: +, max."""
    form = GATES[gate].written
    return form or gate if isinstance(form, str) else form.symbol.strip()


def leaf(text: str) -> Text:
    """Write an input or a constant."""
    return Text(text, SIGN if text.startswith("-") else ATOM)


def write_signed(gate: str, args: Sequence[Text]) -> Text:
    """Write the use of a gate, the sign of a product before its first factor: -2 * x, which is -(2 * x) to the bit."""
    form, (text, strength) = GATES[gate].written, args[0]
    signs = isinstance(form, Prefix) and form.strength == SIGN
    if not signs or strength != PRODUCT or text.startswith("-") or _REMAINDER.search(text):
        return write(gate, args)
    return Text(f"-{text}", PRODUCT)


INFIX = Style(write, leaf, LONG)
SIGNED = Style(write_signed, leaf, LONG)


def expressions(graph: Graph, length: int = SHORT, numbered: Collection[int] | None = None) -> list[str]:
    """Write the expression of every node: named operands by name, and the longest operands as #number where it is
    longer than `length`. The full text of each would grow with the square of the circuit. The reader knows the numbers
    of all nodes, or only of some that are `numbered`: other operands are … then."""
    return [text for text, _ in _written(graph, length, numbered)]


def in_words(graph: Graph) -> list[str]:
    """Write the expression of every node for a sentence, whose reader knows no numbers of nodes: long operands are …"""
    return expressions(graph, SHORT, ())


def operands(
    graph: Graph, length: int = SHORT, numbered: Collection[int] | None = None, style: Style = INFIX
) -> list[str]:
    """Write every node as an expression of that length shows it: by its name, or written out."""
    return [operand.text for _, operand in _written(graph, length, numbered, style)]


def _written(
    graph: Graph, length: int, numbered: Collection[int] | None, style: Style = INFIX
) -> list[tuple[str, Text]]:
    (write, leaf, _), named = style, graph.named()
    found: list[tuple[str, Text]] = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        parts = [found[a][1] for a in args]
        written = write(gate, parts) if args else leaf(text)
        excess = len(written.text) - length
        if excess > 0 and args:
            for i in sorted(range(len(parts)), key=lambda i: -len(parts[i].text)):
                short = f"#{args[i]}" if numbered is None or args[i] in numbered else HIDDEN
                if excess > 0 and graph.nodes[args[i]].args and len(short) < len(parts[i].text):
                    excess -= len(parts[i].text) - len(short)
                    parts[i] = Text(short)
            written = write(gate, parts)
        found.append((written.text, Text(named[k][0]) if k in named and gate != INPUT else written))
    return found


def program(graph: Graph) -> str:
    """Write the whole circuit as a program that reads back to it; whatever is shared or long gets a name."""
    others = [(name, graph.names[name]) for name in graph.others if name != graph.answer]
    lines = statements(graph, [*others, _answer(graph)])
    short = "; ".join(lines)
    return short if len(short) <= LONG else "\n".join(lines)


def statements(graph: Graph, answers: Sequence[tuple[str, int]], style: Style = INFIX) -> list[str]:
    """Write the circuit as statements, the last being the nodes asked for, each under the name given with it."""
    helpers = _helpers({*graph.inputs, *graph.names, *(name for name, _ in answers)})
    lines = []
    for name, default in graph.defaults.items():
        *before, (_, value) = _statements(default, helpers, [("", default.output)])
        lines += [*before, (name, value)]
    return [f"{name} = {text}" if name else text for name, text in lines + _statements(graph, helpers, answers, style)]


def equations(graph: Graph, answers: Sequence[tuple[str, int]], style: Style) -> list[tuple[str, str]]:
    """Write the statements in another style, as pairs of name and expression, without the defaults of inputs."""
    helpers = _helpers({*graph.inputs, *graph.names, *(name for name, _ in answers)})
    return _statements(graph, helpers, answers, style)


def _answer(graph: Graph) -> tuple[str, int]:
    """Return the output as the last statement: under its last name, unless others need that before."""
    named = graph.nodes[graph.output].text
    names = [name for name, k in graph.names.items() if k == graph.output and name != named]
    used = any(graph.output in node.args for node in graph.nodes)
    varies = graph.depends_on(graph.inputs.values())[graph.output]
    return (names[-1] if names and not (used and varies) else "", graph.output)


def _statements(
    graph: Graph, helpers: Iterator[str], answers: Sequence[tuple[str, int]], style: Style = INFIX
) -> list[tuple[str, str]]:
    """Write the statements that name whatever is shared, long or named, then the answers: each a name, or none, and an
    expression."""
    write, leaf, long = style
    uses = [0] * len(graph.nodes)
    for node in graph.nodes:
        for a in node.args:
            uses[a] += 1
    needed = uses.copy()
    for _, k in answers:
        needed[k] += 1
    ends = {name for name, _ in answers}
    named = graph.named()
    varies = graph.depends_on(graph.inputs.values())
    lines: list[tuple[str, str]] = []
    operands: list[Text] = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        operand = write(gate, [operands[a] for a in args]) if args else leaf(text)
        names = [name for name in named.get(k, ()) if name not in (text, *ends)]
        size = len(operand.text)
        # A name is worth its statement where writing the node out each time takes more room than that; and what is
        # long is broken. A name given to constants would read back as an input; a gate without parameters does not.
        shared = needed[k] > 1 and needed[k] * size > 2 * needed[k] + size + 5
        if args and not names and (shared or (varies[k] and uses[k] and size > long)):
            names = [next(helpers) + ("" if varies[k] else "()")]
        for name in names:
            lines.append((name, operand.text))
            operand = leaf(names[0])
        if not names and not needed[k] and text not in graph.defaults:
            lines.append(("", operand.text))  # a statement whose value nobody uses
        operands.append(operand)
    for name, k in answers:
        lines.append((name, operands[k].text))
        used = name and name not in graph.others  # nothing else uses the name of a result
        if used and varies[k] and len(name) < len(operands[k].text):
            operands[k] = leaf(name)
    return lines


def _helpers(taken: set[str]) -> Iterator[str]:
    """Yield names that nothing has yet."""
    return (name for name in chain("uvw", (f"u{i}" for i in count(1))) if name not in taken)
