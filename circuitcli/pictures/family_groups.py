"""The nodes that a drawing shows as one box: the inputs of a family, its named elements, and sums over an index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from circuitcli.errors import shortened
from circuitcli.graph import INPUT, Graph, reached_from, times_used
from circuitcli.loop_text import RULES, Writer, leaf_tree, shared_parts
from circuitcli.nested_names import families, indices_of, sized, stem_of
from circuitcli.notation import INFIX, Text
from circuitcli.program_text import has_families
from circuitcli.rerolling.groups import Statement
from circuitcli.rerolling.rerolled import Asked, statements
from circuitcli.rerolling.trees import Chain, Gathered, Tree, Use

LONGEST = 60  # characters of a label
WIRE = "·"


class Group(NamedTuple):
    """Nodes that are one box, with its label and its name. Others use the `heads` alone, which go by their indices or
    loops. Constants belong to no group."""

    nodes: tuple[int, ...]
    heads: tuple[int, ...]
    label: str
    name: str = ""


def grouped(graph: Graph) -> list[Group]:
    """The groups among the nodes that the output needs. No wires run in a circle between them and the other nodes."""
    if not has_families((*graph.inputs, *graph.names)):
        return []
    used = [k for k, needed in enumerate(reached_from(graph.nodes, [graph.output])) if needed]
    place = {k: i for i, k in enumerate(used)}
    nodes = [node._replace(args=tuple([place[a] for a in node.args])) for node in (graph.nodes[k] for k in used)]
    names = {name: place[k] for name, k in graph.names.items() if k in place}
    part = Graph(nodes, place[graph.output], names)
    if not has_families((*part.inputs, *names)):
        return []
    found = [*_of_inputs(part), *_of_statements(part)]
    return [
        group._replace(nodes=tuple([used[k] for k in group.nodes]), heads=tuple([used[k] for k in group.heads]))
        for group in found
    ]


def _of_inputs(graph: Graph) -> Iterator[Group]:
    for stem, elements in families(graph.inputs).items():
        if len(elements) > 1:
            heads = tuple([graph.inputs[name] for name in sorted(elements, key=indices_of)])
            yield Group(heads, heads, sized(stem, elements))


def _of_statements(graph: Graph) -> list[Group]:
    """The groups of statements in loops, and of the sums in others. What two of them would share gets a statement of
    its own."""
    varies = graph.depends_on(graph.inputs.values())
    names: dict[int, str] = {}
    for name, k in graph.names.items():
        if varies[k] and k != graph.output and graph.nodes[k].args:
            names.setdefault(k, name)
    asked = [*(Asked(names[k], k) for k in sorted(names)), Asked("", graph.output)]
    leaves = {k: leaf_tree(node.gate, node.text) for k, node in enumerate(graph.nodes) if not node.args}
    parts = shared_parts(graph, times_used(graph.nodes), leaves, {each.node for each in asked})
    while True:
        free = (f"{WIRE}{i}" for i in count())
        found = statements(graph.nodes, lambda k: graph.nodes[k].gate, leaves, asked, parts, RULES, free)
        groups, shared = _owners(graph, varies, found)
        if not shared:
            return groups
        parts |= shared


def _owners(graph: Graph, varies: Sequence[bool], found: Sequence[Statement]) -> tuple[list[Group], set[int]]:
    """The groups; and the nodes that belong to several of them, or to one and to a gate outside, together with those of
    the same groups that look like them."""
    writer = Writer(_LABELS, {stem_of(name) for name in (*graph.inputs, *graph.names)})
    roots = {k for each in found for k in each.nodes}
    groups: list[Group] = []
    outside: set[int] = set()
    for each in found:
        if not varies[each.nodes[0]]:
            continue
        own = [(each.nodes, each)] if each.loops else _sums(graph, varies, each.tree, each.nodes[0])
        heads = {k for nodes, _ in own for k in nodes}
        for nodes, statement in own:
            label = shortened(writer.line(statement)[1], LONGEST)
            name = _ranged(statement) if statement.loops and not statement.part else ""
            groups.append(Group(tuple(_inner(graph, varies, nodes, roots)), nodes, label, name))
        outside.update(_inner(graph, varies, [k for k in each.nodes if k not in heads], roots | heads))
    owner: dict[int, int] = {}
    shared: set[int] = set()
    for g, group in enumerate(groups):
        again = {_look(graph, k) for k in group.nodes if k in outside or owner.setdefault(k, g) != g}
        shared.update(k for k in group.nodes if again and _look(graph, k) in again)
    return groups, shared


def _sums(graph: Graph, varies: Sequence[bool], tree: Tree, k: int) -> list[tuple[tuple[int, ...], Statement]]:
    """The outermost gatherings in the tree of a node, as statements without a name."""
    args = graph.nodes[k].args
    match tree:
        case Gathered():
            return [((k,), Statement("", (), (), tree))] if varies[k] else []
        case Use(_, parts):
            return [each for part, a in zip(parts, args, strict=True) for each in _sums(graph, varies, part, a)]
        case Chain(_, (first, *others)):
            found = []
            for term in reversed(others):
                left, right = graph.nodes[k].args
                found += _sums(graph, varies, term, right)
                k = left
            return found + _sums(graph, varies, first, k)
    return []


def _inner(graph: Graph, varies: Sequence[bool], heads: Sequence[int], roots: Collection[int]) -> list[int]:
    """The heads, and the nodes that they are made of, down to the roots of others."""
    found = dict.fromkeys(heads)
    waiting = list(heads)
    while waiting:
        for a in graph.nodes[waiting.pop()].args:
            if a not in found and a not in roots and varies[a] and graph.nodes[a].gate != INPUT:
                found[a] = None
                waiting.append(a)
    return list(found)


def _look(graph: Graph, k: int) -> tuple[str, ...]:
    """The gate of a node, and those of its arguments, or their names."""
    gate, args, _ = graph.nodes[k]
    return gate, *(stem_of(graph.nodes[a].text) if graph.nodes[a].gate == INPUT else graph.nodes[a].gate for a in args)


def _ranged(statement: Statement) -> str:
    """The name of a family with the ranges of its indices, h[1:8], or with its size where there are none."""
    loops = {each.loop: each for each in statement.loops}
    texts = []
    for const, terms in statement.indices:
        if not terms:
            texts.append(str(const))
            continue
        ((loop, factor), *more) = terms
        _, first, last, step = loops[loop]
        if more or first.terms or last.terms:
            return f"{statement.name} ({len(statement.nodes)} elements)"
        by = f":{step * factor}" * (step * factor != 1)
        texts.append(f"{first.const * factor + const}:{last.const * factor + const}{by}")
    return f"{statement.name}[{','.join(texts)}]"


def _leaf(text: str) -> Text:
    """Write a name or a number; what has no name is a wire."""
    return Text(WIRE) if text.startswith(WIRE) else INFIX.leaf(text)


_LABELS = INFIX._replace(leaf=_leaf, looped=lambda text, _: text)  # the loops of a family stand in its name
