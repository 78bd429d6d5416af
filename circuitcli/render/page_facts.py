"""The facts that a page shows numbers with: inputs, gates, boxes and edges."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any

from circuitcli.analysis.family_numbers import DIGITS, WIDE
from circuitcli.analysis.formulas import Formulas
from circuitcli.analysis.point import Point
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.export.javascript import EveryNode
from circuitcli.graph import Graph
from circuitcli.nested_names import families, indices_of, sized, stem_of
from circuitcli.notation import HIDDEN, LONG, expressions, operands
from circuitcli.pictures.diagram import Box, Diagram

AROUND = 7  # characters that a number may have beside its digits: -1.2e-300
SHORT = 24  # characters of a formula, or of a node without a name


def facts(pictures: Sequence[Diagram], point: Point, found: EveryNode) -> dict[str, Any]:
    """The facts as JSON has them. Gates and the table are those of the first picture."""
    graph, bent = point.graph, set(found.kinks)
    texts = expressions(graph, LONG, ())
    return {
        "name": name_of(graph),
        "output": graph.output,
        "digits": pictures[0].digits,
        "few": min(pictures[0].digits, DIGITS),
        "around": AROUND,
        "names": _names(graph),
        "inputs": [{"name": name, "node": k, "value": point.values[k]} for name, k in graph.inputs.items()],
        "rows": [*_rows(graph)],
        "gates": [*_gates(pictures[0], graph, texts)],
        "edges": [
            {"gate": k, "argument": i, "formula": formula}
            for (k, i), formula in zip(found.edges, _formulas(point, found.edges), strict=True)
        ],
        "pictures": [[_box(box, texts, bent) for box in each.boxes] for each in pictures],
    }


def _box(box: Box, texts: Sequence[str], bent: Collection[int]) -> dict[str, Any]:
    """A box: its numbers, its statement, the boxes that feed it, and the nodes that may be at a kink."""
    feeds = [a for a in dict.fromkeys(box.args) if a is not None]
    kinks = [k for k in box.nodes if k in bent]
    more = {"text": _text(box, texts), "nodes": box.nodes, "feeds": feeds, "kinks": kinks, "input": box.is_input}
    return _numbers(box) | more


def _numbers(box: Box) -> dict[str, Any]:
    return {"id": box.id, "heads": box.heads, "norm": box.norm}


def _rows(graph: Graph) -> Iterator[dict[str, Any]]:
    """The inputs as numbers in their order, those of a family together and under its name."""
    number = {name: i for i, name in enumerate(graph.inputs)}
    several = {stem: elements for stem, elements in families(graph.inputs).items() if len(elements) > 1}
    for name in dict.fromkeys(stem if (stem := stem_of(name)) in several else name for name in graph.inputs):
        if name not in several:
            yield {"inputs": [number[name]]}
            continue
        elements = sorted(several[name], key=indices_of)
        heads = [graph.inputs[each] for each in elements]
        box = {"id": max(heads), "heads": heads, "norm": len(heads) > WIDE}
        yield {"label": sized(name, elements), "inputs": [number[each] for each in elements], "box": box}


def _gates(drawn: Diagram, graph: Graph, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The gates of a diagram, each with the names of its elements."""
    called = graph.called()
    for box in drawn.boxes:
        if not box.is_input:
            names = [called[k] or f"{i}" for i, k in enumerate(box.heads, 1)]
            yield {"text": _text(box, texts), "box": _numbers(box), "names": names}


def _text(box: Box, texts: Sequence[str]) -> str:
    """The statement of a box: q = x + y."""
    right = box.label if len(box.nodes) > 1 else texts[box.id]
    return f"{box.name} = {right}" if box.name and box.name != right else right


def name_of(graph: Graph) -> str:
    """The name of the output."""
    return graph.called()[graph.output] or "value"


def _names(graph: Graph) -> list[str]:
    """Each node in a derivative: its name, else a short expression."""
    texts = operands(graph, SHORT, ())
    names = [*map(_factor, texts)]
    names[graph.output] = name_of(graph)
    return names


def _formulas(point: Point, edges: Sequence[tuple[int, int]]) -> list[str]:
    """The local derivative along each edge as a textbook has it; nothing where that is long."""
    formulas = Formulas(point.graph, SHORT, (), textbook_gates())
    needed = point.graph.depends_on(point.wanted)
    symbols = []
    for k, own in groupby(edges, lambda edge: edge[0]):
        known = formulas.derivatives(k, needed)
        for _, i in own:
            while known[0][0] != i:  # an edge along which nothing ever flows
                known.pop(0)
            symbols.append(known.pop(0)[1])
    texts = formulas.written(symbols)
    return ["" if HIDDEN in text or len(text) > SHORT else _factor(text) for text in texts]


def _factor(text: str) -> str:
    """An expression as it stands in a product."""
    return text if re.fullmatch(r"[\w.]+(\[[\d,]+\])?|\w+\([^()]*\)", text) else f"({text})"
