"""Graph -> text, where it has families: statements and sums in loops."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby

from circuitcli.gates import GATES
from circuitcli.gathering import chains
from circuitcli.graph import INPUT, Graph, times_used
from circuitcli.nested_names import indices_of, stem_of
from circuitcli.notation import Loop, Style, Text
from circuitcli.rerolling.forest import Rules
from circuitcli.rerolling.groups import Statement
from circuitcli.rerolling.progressions import nest
from circuitcli.rerolling.rerolled import Asked, named, statements
from circuitcli.rerolling.trees import Chain, Element, Form, Gathered, Leaf, Range, Tree, Use, Whole

LIGHT = 3  # nodes of an operand that is written out wherever it stands
RULES = Rules(chains(), {name for name, gate in GATES.items() if gate.many})


def loop_names(words: Collection[str]) -> list[str]:
    """Return names for loops that are none of the words."""
    return [name for name in (*"ijklmnpqrst", *(f"i{k}" for k in range(1, len(words) + 50))) if name not in words]


def in_loops(
    graph: Graph, free: Iterator[str], answers: Sequence[tuple[str, int]], style: Style, ends: bool
) -> list[tuple[str, str]]:
    """Write the statements of a circuit: each a name, or none, and an expression with its loops. The last one is the
    last of the `answers` where that `ends` the text; else all answers stand behind the other statements."""
    names = {name for name, _ in answers}
    needed = _needed(graph, answers)
    asked = [
        Asked(name, k)
        for name, k in sorted(graph.names.items(), key=lambda item: item[1])
        if (ends or name not in names) and name != graph.nodes[k].text
    ]
    asked += [
        Asked("", k)
        for k, node in enumerate(graph.nodes)
        if not needed[k] and k not in graph.names.values() and node.text not in graph.defaults
    ]
    asked += [Asked(name, k, False) for name, k in answers if not ends or (not name and k == graph.output)]
    leaves = {k: leaf_tree(node.gate, node.text) for k, node in enumerate(graph.nodes) if not node.args}
    rules = RULES._replace(sign="neg", minus="sub", plus="add") if style.signs else RULES
    parts = shared_parts(graph, needed, leaves, {each.node for each in asked if each.defines})
    found = statements(graph.nodes, lambda k: graph.nodes[k].gate, leaves, asked, parts, rules, free)
    words = {stem_of(name) for name in (*graph.inputs, *graph.names, *names)} | {each.name for each in found}
    writer = Writer(style, words)
    lines = [writer.line(statement) for statement in found]
    if ends:
        name, k = answers[-1]
        if not found or found[-1].nodes[-1:] != (k,) or (name and not found[-1].name):
            lines.append(("", style.leaf(name).text))
    return lines


def constants_in_loops(rows: Iterable[tuple[str, str]], words: Collection[str], style: Style) -> list[tuple[str, str]]:
    """Write names and the constants that they get, equal ones of a family in loops."""
    lines: list[tuple[str, str]] = []
    writer = Writer(style, {*map(stem_of, words)})
    for (stem, text, count), row in groupby(rows, lambda row: (stem_of(row[0]), row[1], len(indices_of(row[0])))):
        names = [name for name, _ in row]
        found = nest([*map(indices_of, names)], 1) if count and len(names) > 1 else None
        if found is None:
            lines += [(name, text) for name in names]
        else:
            loops, forms = found
            lines.append(writer.line(Statement(stem, tuple(forms), tuple(loops), Leaf(text))))
    return lines


def _needed(graph: Graph, answers: Sequence[tuple[str, int]]) -> list[int]:
    """The number of times that each node is used or asked for."""
    needed = times_used(graph.nodes)
    for _, k in answers:
        needed[k] += 1
    return needed


def shared_parts(graph: Graph, needed: Sequence[int], leaves: Mapping[int, Tree], named: Collection[int]) -> set[int]:
    """The nodes without a name that get one: several need them, and they are no light ones. A name given to constants
    would read back as an input."""
    varies = graph.depends_on(graph.inputs.values())
    found: set[int] = set()
    sizes: list[int] = []
    for k, node in enumerate(graph.nodes):
        size = 1 + sum([sizes[a] for a in node.args])
        shared = needed[k] > 1 and varies[k] and size > LIGHT and k not in leaves and k not in named
        if shared:
            found.add(k)
        sizes.append(1 if shared or k in named else size)
    return found


def leaf_tree(gate: str, text: str) -> Tree:
    """Return an input or a constant as a tree."""
    if gate == INPUT:
        return named(text)
    return Whole(Form(int(text))) if text.isdigit() and len(text) < 10 and str(int(text)) == text else Leaf(text)


class Writer:
    """Statements as texts of a style, whose loops have names that are no `words` of the circuit."""

    def __init__(self, style: Style, words: Collection[str]) -> None:
        self._style = style
        self._free = loop_names(words)

    def line(self, statement: Statement) -> tuple[str, str]:
        """Return the name of a statement, and its expression with the loops behind it."""
        name, indices, loops, tree, *_ = statement
        names: dict[int, str] = {}
        ranges = self._ranges(loops, names)
        left = f"{name}[{','.join(form_text(form, names) for form in indices)}]" if indices else name
        return left, self._style.looped(self._text(tree, names).text, ranges)

    def _ranges(self, loops: Sequence[Range], names: dict[int, str]) -> list[Loop]:
        """The loops as they are written; `names` gets the name of each."""
        found = []
        for loop, first, last, step in loops:
            ends = form_text(first, names), form_text(last, names)
            names[loop] = self._free[len(names)]
            found.append(Loop(names[loop], *ends, step))
        return found

    def _text(self, tree: Tree, names: Mapping[int, str]) -> Text:
        match tree:
            case Whole(form):
                written = form_text(form, names)
                plain = not form.terms or written.isidentifier()
                return self._style.leaf(written) if plain else Text(f"({written})")
            case Element(stem, indices):
                return self._style.leaf(f"{stem}[{','.join(form_text(form, names) for form in indices)}]")
            case Leaf(text):
                return self._style.leaf(text)
            case Use(op, parts):
                return self._style.write(op, [self._text(part, names) for part in parts])
            case Chain(op, terms):
                return reduce(lambda x, y: self._style.write(op, [x, y]), [self._text(term, names) for term in terms])
            case Gathered(op, loops, body):
                inside = dict(names)
                ranges = self._ranges(loops, inside)
                return self._style.gathered(op, self._text(body, inside), ranges)
        raise TypeError(tree)


def form_text(form: Form, names: Mapping[int, str]) -> str:
    """Write a whole number that goes with loops: 2*i - 1."""
    text = ""
    for loop, factor in form.terms:
        times = names[loop] if abs(factor) == 1 else f"{abs(factor)}*{names[loop]}"
        text = f"{text} {'-' if factor < 0 else '+'} {times}" if text else f"{'-' * (factor < 0)}{times}"
    if not text or (text.startswith("-") and form.const > 0):
        return f"{form.const}" + (f" - {text[1:]}" if text else "")
    return f"{text} {'-' if form.const < 0 else '+'} {abs(form.const)}" if form.const else text
