"""Graph -> text: the whole circuit as a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

from circuitcli.graph import Graph, times_used
from circuitcli.held_gates import bound_in
from circuitcli.nested_names import stem_of
from circuitcli.notation import INFIX, LONG, Style, Text


def program(graph: Graph, loops: bool = True) -> str:
    """Write the whole circuit as a program that reads back to it; whatever is shared or long gets a name. With `loops`
    those of its families are written, and its parts may come in another order."""
    others = [(name, graph.names[name]) for name in graph.others if name != graph.answer]
    lines = statements(graph, [*others, _answer(graph)], loops=loops, ends=True)
    short = "; ".join(lines)
    return short if len(short) <= LONG else "\n".join(lines)


def statements(
    graph: Graph, answers: Sequence[tuple[str, int]], style: Style = INFIX, loops: bool = True, ends: bool = False
) -> list[str]:
    """Write the circuit as statements, the last being the nodes asked for, each under the name given with it; in
    `loops`, where all names are of the circuit, the last one alone `ends` them."""
    helpers = _helpers({*graph.inputs, *graph.names, *(name for name, _ in answers), *bound_in(graph)})
    lines = []
    for name, default in graph.defaults.items():
        *before, (_, value) = _statements(default, helpers, [("", default.output)])
        lines += [*before, (name, value)]
    if loops and has_families(graph.defaults):
        from circuitcli.loop_text import constants_in_loops

        lines = constants_in_loops(lines, {*graph.inputs, *graph.names}, style)
    return [
        f"{name} = {text}" if name else text
        for name, text in lines + _statements(graph, helpers, answers, style, loops, ends)
    ]


def equations(graph: Graph, answers: Sequence[tuple[str, int]], style: Style) -> list[tuple[str, str]]:
    """Write the statements in another style, as pairs of name and expression, without the defaults of inputs."""
    helpers = _helpers({*graph.inputs, *graph.names, *(name for name, _ in answers), *bound_in(graph)})
    return _statements(graph, helpers, answers, style)


def _answer(graph: Graph) -> tuple[str, int]:
    """Return the output as the last statement: under its last name, unless others need that before."""
    named = graph.nodes[graph.output].text
    names = [name for name, k in graph.names.items() if k == graph.output and name != named]
    used = any(graph.output in node.args for node in graph.nodes)
    varies = graph.depends_on(graph.inputs.values())[graph.output]
    return (names[-1] if names and not (used and varies) else "", graph.output)


def _statements(
    graph: Graph,
    helpers: Iterator[str],
    answers: Sequence[tuple[str, int]],
    style: Style = INFIX,
    loops: bool = True,
    last: bool = False,
) -> list[tuple[str, str]]:
    """Write the statements that name whatever is shared, long or named, then the answers: each a name, or none, and an
    expression."""
    if loops and has_families((*graph.inputs, *graph.names, *(name for name, _ in answers))):
        from circuitcli.loop_text import in_loops

        return in_loops(graph, helpers, answers, style, last)
    write, leaf, long = style.write, style.leaf, style.long
    uses = times_used(graph.nodes)
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


def has_families(names: Iterable[str]) -> bool:
    """Whether one of the names is an element of a family."""
    return any(name.endswith("]") for name in names)


def _helpers(taken: set[str]) -> Iterator[str]:
    """Yield names that nothing has yet."""
    stems = {*map(stem_of, taken)}
    return (name for name in chain("uvw", (f"u{i}" for i in count(1))) if name not in stems)
