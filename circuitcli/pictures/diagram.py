"""A circuit as boxes joined by wires, with the numbers of a point at each wire."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from circuitcli.analysis.family_numbers import DIGITS, WIDE, in_short
from circuitcli.analysis.point import Point
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph
from circuitcli.notation import Text, leaf, symbol, write
from circuitcli.pictures.family_groups import WIRE, Group, grouped

MOST = 200  # boxes; more are not legible
FOLDED = 12  # characters of a constant that is written into the label of its gate


class Box(NamedTuple):
    """An input, the use of a gate, or a group of nodes. `args` are the numbers of the boxes that feed it, and None for
    a box that is left out; constants stand in the `label`. Without a point `value` and `gradient` are empty. They are
    those of the `heads`; a kink is one of any of the `nodes`."""

    id: int
    label: str
    name: str
    args: tuple[int | None, ...]
    value: str = ""
    gradient: str = ""
    kink: bool = False
    is_input: bool = False
    is_output: bool = False
    ordered: bool = True  # whether it matters which argument is which
    heads: tuple[int, ...] = ()
    nodes: tuple[int, ...] = ()

    @property
    def norm(self) -> bool:
        """Whether its numbers are too many to be shown, and their norm is."""
        return len(self.heads) > WIDE


class Diagram(NamedTuple):
    """Boxes in forward order, the output last; the number of boxes left out; the point that the numbers are from, and
    their digits; and a title."""

    boxes: list[Box]
    left_out: int
    point: Point | None = None
    digits: int = 10
    title: str = ""

    @property
    def note(self) -> str:
        """The boxes that are left out, in words; empty where there are none."""
        if not self.left_out:
            return ""
        return f"{self.left_out} gates are left out; the {len(self.boxes)} nearest to the output are drawn"


def diagram(
    graph: Graph,
    point: Point | None = None,
    digits: int = 10,
    most: int = MOST,
    title: str = "",
    unfold: bool = False,
) -> Diagram:
    """The diagram of a circuit, in which families are one box each unless they are to `unfold`. Of more than `most`
    boxes it keeps those nearest to the output."""
    found = _Drawing(graph, [] if unfold else grouped(graph))
    kept = set(found.nearest(most))
    boxes = [found.box(k, kept, point, digits) for k in found.in_order(kept)]
    return Diagram(boxes, len(found.drawn) - len(kept), point, digits, title)


class _Drawing:
    """The boxes that are drawn, each by the number of its node, or of the last head of its group."""

    def __init__(self, graph: Graph, groups: Sequence[Group]) -> None:
        self._graph = graph
        self._groups = {max(group.heads): group for group in groups}
        self._box_of = {k: box for box, group in self._groups.items() for k in group.nodes}
        self._varies = graph.depends_on(graph.inputs.values())
        self._texts = _constants(graph, self._varies)
        self._named = graph.named()
        self._into_groups = {box: self._into(group) for box, group in self._groups.items()}
        self.drawn = self._needed()

    def _needed(self) -> set[int]:
        """The boxes that the output needs, without constants that go into a label."""
        drawn, pending = {self._graph.output}, [self._graph.output]
        while pending:
            k = pending.pop()
            for a in self._args(k):
                folded = self._texts[a] is not None and (self._varies[k] or not self._graph.nodes[a].args)
                if a not in drawn and not folded:
                    drawn.add(a)
                    pending.append(a)
        return drawn

    def _args(self, k: int) -> list[int]:
        """The boxes that feed a box, a family once."""
        if k in self._into_groups:
            return self._into_groups[k]
        seen: set[int] = set()
        found = []
        for a in self._graph.nodes[k].args:
            box = self._box_of.get(a, a)
            if box not in seen or not self._is_family(box):
                seen.add(box)
                found.append(box)
        return found

    def _into(self, group: Group) -> list[int]:
        """The boxes that feed a group, in the order in which its first head uses them."""
        inside, nodes = set(group.nodes), self._graph.nodes
        found: dict[int, None] = {}
        waiting, seen = list(reversed(group.heads)), set(group.heads)
        while waiting:
            k = waiting.pop()
            if k not in inside:
                found[self._box_of.get(k, k)] = None
                continue
            new = [a for a in dict.fromkeys(nodes[k].args) if a not in seen and self._varies[a]]
            seen.update(new)
            waiting += reversed(new)
        return list(found)

    def _is_family(self, box: int) -> bool:
        return box in self._groups and len(self._groups[box].heads) > 1

    def nearest(self, most: int) -> list[int]:
        """List at most so many of the boxes, by the number of wires to the output."""
        found, seen = [self._graph.output], {self._graph.output}
        for k in found:
            for a in self._args(k):
                if a in self.drawn and a not in seen and len(found) < most:
                    seen.add(a)
                    found.append(a)
        return found

    def in_order(self, kept: Collection[int]) -> list[int]:
        """List boxes so that each stands behind those that feed it, else by their numbers."""
        missing = {k: {a for a in self._args(k) if a in kept} for k in kept}
        users: dict[int, list[int]] = {k: [] for k in kept}
        for k, args in missing.items():
            for a in args:
                users[a].append(k)
        heap = [k for k, args in missing.items() if not args]
        heapify(heap)
        found = []
        while heap:
            found.append(k := heappop(heap))
            for user in users[k]:
                missing[user].discard(k)
                if not missing[user]:
                    heappush(heap, user)
        return found

    def box(self, k: int, kept: Collection[int], point: Point | None, digits: int) -> Box:
        """A box with its numbers at a point."""
        gate, args, text = self._graph.nodes[k]
        heads: tuple[int, ...] = (k,)
        nodes = heads
        named = " = ".join([name for name in self._named.get(k, ()) if name != text])
        if k in self._groups:
            nodes, heads, label, name = self._groups[k]
            named = name if len(heads) > 1 else named
            ordered = gate == INPUT
        elif gate == INPUT or not args:
            label, ordered = text, True
        else:
            parts = [self._part(a) for a in args]
            label = symbol(gate) if all(part is None for part in parts) else _label(gate, parts)
            wires = sum(part is None for part in parts)
            ordered = not GATES[gate].symmetric and (wires > 1 or not any(map(self._is_family, self._args(k))))
        return Box(
            k,
            label,
            named,
            tuple([a if a in kept else None for a in self._args(k) if a in self.drawn]),
            "" if point is None else _shown(point, point.values, heads, digits),
            "" if point is None else _shown(point, point.gradients, heads, digits),
            point is not None and any(point.kinks[i] for i in nodes),
            gate == INPUT,
            k == self._graph.output,
            ordered,
            heads,
            nodes,
        )

    def _part(self, a: int) -> Text | None:
        """An argument as it stands in the label of its gate: a constant, or an element of a family; None for a wire."""
        box = self._box_of.get(a, a)
        if self._is_family(box):
            names = [self._graph.nodes[a].text] if self._graph.nodes[a].gate == INPUT else self._named.get(a, ())
            return leaf(names[0]) if names else None
        return None if box in self.drawn else self._texts[a]


def _constants(graph: Graph, varies: Sequence[bool]) -> list[Text | None]:
    """The expression of each node that depends on no input, if it is short; None for other nodes."""
    found: list[Text | None] = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        parts = [x for a in args if (x := found[a]) is not None]
        written = None if varies[k] or len(parts) < len(args) else write(gate, parts) if args else leaf(text)
        found.append(None if written is None or (args and len(written.text) > FOLDED) else written)
    return found


def _label(gate: str, parts: Sequence[Text | None]) -> str:
    """Write the use of a gate with a dot for each wire."""
    return write(gate, [part or Text(WIRE) for part in parts]).text


def _shown(point: Point, numbers: Sequence[Any], heads: Sequence[int], digits: int) -> str:
    """The number of a node, or those of a family."""
    if len(heads) > 1:
        return in_short([numbers[k] for k in heads], len(heads) > WIDE, min(digits, DIGITS))
    return "" if numbers[heads[0]] is None else point.m.text(numbers[heads[0]], digits)
