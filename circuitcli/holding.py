"""Nodes -> a gate that holds them: what does not hang on the bound name becomes an argument."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.graph import INPUT, Graph, Node
from circuitcli.held_gates import PARAMETER, HeldGate
from circuitcli.notation import Text, held_text


def dependent(nodes: Sequence[Node], bound: int, body: int) -> set[int]:
    """Return the nodes between an input and a body that hang on the input, itself included."""
    found = {bound}
    for k in range(bound + 1, body + 1):
        if not found.isdisjoint(nodes[k].args):
            found.add(k)
    return found


def held(
    nodes: Sequence[Node], varies: Sequence[bool], bound: int, body: int, kind: str, name: str
) -> tuple[HeldGate, tuple[int, ...]]:
    """Return the gate that holds a body, which hangs on the node `bound` called `name`, and the nodes of the arguments
    that the body takes from around it."""
    moving = dependent(nodes, bound, body)
    inside, outside, waiting = {body}, dict[int, None](), [body]
    while waiting:
        for a in nodes[waiting.pop()].args:
            if a not in moving and varies[a]:
                outside[a] = None
            elif a not in inside:
                inside.add(a)
                waiting.append(a)
    inside.discard(bound)
    taken = sorted(outside)
    places = {k: new for new, k in enumerate((bound, *taken, *sorted(inside)))}
    leaves = [Node(INPUT, (), name), *(Node(INPUT, (), f"{PARAMETER}{i + 1}") for i in range(len(taken)))]
    own = [nodes[k]._replace(args=tuple([places[a] for a in nodes[k].args])) for k in sorted(inside)]
    circuit = Graph([*leaves, *own], places[body])
    shown = HeldGate("", kind, circuit, name)
    text = held_text(shown, [Text(leaf.text) for leaf in leaves[1:]]).text
    return HeldGate(text, kind, circuit, name), tuple(taken)
