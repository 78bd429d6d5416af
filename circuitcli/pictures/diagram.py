"""A circuit as boxes joined by wires, with the numbers of a point at each wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph
from circuitcli.notation import Text, leaf, symbol, write

MOST = 200  # boxes; more are not legible
FOLDED = 12  # characters of a constant that is written into the label of its gate


class Box(NamedTuple):
    """An input or the use of a gate. `args` are the numbers of the boxes that feed it, and None for a box that is left
    out; constants stand in the `label`. Without a point `value` and `gradient` are empty."""

    id: int
    label: str
    name: str
    args: tuple[int | None, ...]
    value: str = ""
    gradient: str = ""
    kink: bool = False
    is_input: bool = False
    ordered: bool = True  # whether it matters which argument is which


class Diagram(NamedTuple):
    """Boxes in forward order, the output last; the number of boxes left out; the point that the numbers are from, and
    their digits; and a title."""

    boxes: list[Box]
    left_out: int
    point: Point | None = None
    digits: int = 10
    title: str = ""


def diagram(graph: Graph, point: Point | None = None, digits: int = 10, most: int = MOST, title: str = "") -> Diagram:
    """The diagram of a circuit. Of more than `most` boxes it keeps those nearest to the output."""
    varies = graph.depends_on(graph.inputs.values())
    texts = _constants(graph, varies)
    names = {k: [name for name in found if name != graph.nodes[k].text] for k, found in graph.named().items()}
    drawn = _drawn(graph, varies, texts)
    kept = set(_nearest(graph, drawn, most))
    boxes = []
    for k in sorted(kept):
        gate, args, text = graph.nodes[k]
        label = text if gate == INPUT else _label(graph, k, [texts[a] if a not in drawn else None for a in args])
        value = gradient = ""
        if point is not None:
            value = "" if point.values[k] is None else point.m.text(point.values[k], digits)
            gradient = "" if point.gradients[k] is None else point.m.text(point.gradients[k], digits)
        boxes.append(
            Box(
                k,
                label,
                " = ".join(names.get(k, ())),
                tuple(a if a in kept else None for a in args if a in drawn),
                value,
                gradient,
                point is not None and bool(point.kinks[k]),
                gate == INPUT,
                gate == INPUT or not args or not GATES[gate].symmetric,
            )
        )
    return Diagram(boxes, len(drawn) - len(kept), point, digits, title)


def _constants(graph: Graph, varies: Sequence[bool]) -> list[Text | None]:
    """The expression of each node that depends on no input, if it is short; None for other nodes."""
    found: list[Text | None] = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        parts = [x for a in args if (x := found[a]) is not None]
        written = None if varies[k] or len(parts) < len(args) else write(gate, parts) if args else leaf(text)
        found.append(None if written is None or (args and len(written.text) > FOLDED) else written)
    return found


def _drawn(graph: Graph, varies: Sequence[bool], texts: Sequence[Text | None]) -> set[int]:
    """The nodes that are boxes: all that the output needs, without constants that go into a label."""
    drawn, pending = {graph.output}, [graph.output]
    while pending:
        k = pending.pop()
        for a in graph.nodes[k].args:
            folded = texts[a] is not None and (varies[k] or not graph.nodes[a].args)
            if a not in drawn and not folded:
                drawn.add(a)
                pending.append(a)
    return drawn


def _nearest(graph: Graph, drawn: set[int], most: int) -> list[int]:
    """List at most so many of the drawn nodes, by the number of wires to the output."""
    found, seen = [graph.output], {graph.output}
    for k in found:
        for a in graph.nodes[k].args:
            if a in drawn and a not in seen and len(found) < most:
                seen.add(a)
                found.append(a)
    return found


def _label(graph: Graph, k: int, constants: Sequence[Text | None]) -> str:
    """Return the symbol of a gate; where it has constants, an expression with a dot for each wire."""
    gate, args, text = graph.nodes[k]
    if not args:
        return text
    if all(x is None for x in constants):
        return symbol(gate)
    return write(gate, [x or Text("·") for x in constants]).text
