"""Graph -> text: expressions with no more parentheses than they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import chain, count
from typing import NamedTuple

from circuitcli.errors import UsageError
from circuitcli.gate_facts import ATOM, PRODUCT, SIGN, Prefix
from circuitcli.gates import GATES
from circuitcli.gathering import chains
from circuitcli.graph import INPUT, Graph
from circuitcli.held_gates import HeldGate

SHORT = 38  # characters of a node's expression in a table
HIDDEN = "…"  # an operand that has no room
LONG = 80  # in JSON, and of a statement's expression in a program
WHOLE = 10_000  # nothing is left out
MOST_HELD = 100_000  # characters of a circuit inside a gate, where no part of it can get a name


_REMAINDER = re.compile(r" (%|//) ")  # a product too, but its sign is no factor


class Text(NamedTuple):
    """A piece of an expression, and how strongly it holds together."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        return self.text if self.strength >= strength else f"({self.text})"


class Loop(NamedTuple):
    """A loop as it is written: its name, its ends, and its step."""

    name: str
    first: str
    last: str
    step: int


class Style(NamedTuple):
    """A way to write a gate on arguments already written, a leaf, what a gate gathers over loops, and a statement of
    several loops, outermost first; expressions longer than `long` are broken. With
    `signs`, what is written for reading may differ in the sign of 0."""

    write: Callable[[str, Sequence[Text]], Text]
    leaf: Callable[[str], Text]
    long: int
    gathered: Callable[[str, Text, Sequence[Loop]], Text]
    looped: Callable[[str, Sequence[Loop]], str]
    signs: bool = False


def write(gate: str, args: Sequence[Text]) -> Text:
    """Write the use of a gate on arguments already written."""
    if isinstance(gate, HeldGate):
        return held_text(gate, args)
    form = GATES[gate].written
    if isinstance(form, str):
        return Text(f"{form or gate}({', '.join([a.text for a in args])})")
    return Text(form.text(args, Text.within), form.strength)


def held_text(gate: HeldGate, args: Sequence[Text]) -> Text:
    """Write a gate that holds a circuit on arguments already written; without those behind it, the circuit alone."""
    name, body = held_body(gate, args, write, leaf)
    return Text(f"{gate.kind}({', '.join([f'{name}: {body.text}', *[a.text for a in args[gate.parameters :]]])})")


def held_body(
    gate: HeldGate, args: Sequence[Text], write: Callable[[str, Sequence[Text]], Text], leaf: Callable[[str], Text]
) -> tuple[str, Text]:
    """Write the circuit that a gate holds on what it takes from around it; return the name that is bound there, which
    nothing around it has, and the text. Raises UsageError where that is too long."""
    taken = set(re.findall(r"\w+", " ".join([a.text for a in args])))
    name = next(word for word in chain([gate.bound], (f"{gate.bound}{i}" for i in count(1))) if word not in taken)
    given = dict(zip(gate.circuit.inputs, [leaf(name), *args], strict=False))
    found: list[Text] = []
    for inner, operands, text in gate.circuit.nodes:
        if operands:
            found.append(write(inner, [found[a] for a in operands]))
        else:
            found.append(given[text] if text in given else leaf(text))
        if len(found[-1].text) > MOST_HELD:
            hint = "name parts of it outside, or leave out what is shared"
            raise UsageError(f"the circuit in {gate.kind}({name}: ...) is too long to be written", hint)
    return name, found[gate.circuit.output]


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


def write_gathered(gate: str, body: Text, loops: Sequence[Loop]) -> Text:
    """Write what a gate gathers over loops: sum(x[i] for i in 1:3)."""
    return Text(f"{chains().get(gate, gate)}({looped(body.text, loops)})")


def looped(text: str, loops: Sequence[Loop]) -> str:
    """Write loops behind a text, outermost first."""
    ranges = [f"{name} in {first}:{last}" + f":{step}" * (step != 1) for name, first, last, step in loops]
    return f"{text} for {', '.join(ranges)}" if loops else text


INFIX = Style(write, leaf, LONG, write_gathered, looped)
SIGNED = INFIX._replace(write=write_signed, signs=True)


def expressions(graph: Graph, length: int = SHORT, numbered: Collection[int] | None = None) -> list[str]:
    """Write the expression of every node: named operands by name, and the longest operands as #number where it is
    longer than `length`. The full text of each would grow with the square of the circuit. The reader knows the numbers
    of all nodes, or only of some that are `numbered`: other operands are … then."""
    return [text for text, _ in _written(graph, length, numbered)]


def written_nodes(graph: Graph, length: int = SHORT, numbered: Collection[int] | None = None) -> list[str]:
    """Each node as a table shows it: its names, and its expression, in which #number is a node without a name."""
    names, texts = graph.named(), expressions(graph, length, numbered)
    if length < SHORT and names:  # a name takes room from its expression
        taken = max(sum(len(name) + len(" = ") for name in found) for found in names.values())
        for k, text in enumerate(expressions(graph, max(length - taken, 1), numbered)):
            texts[k] = text if k in names else texts[k]
    return [" = ".join([*(name for name in names.get(k, ()) if name != text), text]) for k, text in enumerate(texts)]


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
    write, leaf, named = style.write, style.leaf, graph.named()
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
