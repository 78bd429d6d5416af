"""A diagram as a page of HTML that computes: one file, which asks for nothing from anywhere."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from importlib.resources import files

from circuitcli.analysis.family_numbers import DIGITS
from circuitcli.export.javascript import every_node
from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.program_text import program
from circuitcli.render.palette import GRADIENT, VALUE
from circuitcli.render.shapes import picture
from circuitcli.render.svg import svg

AROUND = 7  # characters that a number may have beside its digits: -1.2e-300


def page(diagram: Diagram) -> str:
    """The page of a diagram at a point. Its script computes all numbers again as an input moves, and finds out which
    boxes are at a kink: a box that may be is drawn as if it were."""
    point = diagram.point
    assert point is not None
    script, kinks, _ = every_node(point.graph, point.wrt or [])
    bent = set(kinks)
    boxes = [box._replace(kink=not bent.isdisjoint(box.nodes)) for box in diagram.boxes]
    text = program(point.graph)
    output = boxes[-1]
    data = {
        "inputs": [{"name": name, "node": k, "value": point.values[k]} for name, k in point.graph.inputs.items()],
        "boxes": [{"id": box.id, "heads": box.heads, "norm": box.norm} for box in boxes],
        "kinks": [{"id": box.id, "nodes": [k for k in box.nodes if k in bent]} for box in boxes if box.kink],
        "families": [{"label": box.label, "heads": box.heads} for box in boxes if box.is_input and box.norm],
        "output": point.graph.output,
        "digits": diagram.digits,
        "few": min(diagram.digits, DIGITS),
    }
    parts = {
        "title": escape(text.splitlines()[0]),
        "program": escape(text),
        "output": escape(output.name or "value"),
        "value_colour": VALUE,
        "gradient_colour": GRADIENT,
        "svg": svg(picture(diagram._replace(boxes=boxes), partial(_room, digits=diagram.digits))),
        "script": script,
        "data": json.dumps(data).replace("</", "<\\/"),
    }
    template = files("circuitcli.render").joinpath("page.html").read_text(encoding="utf-8")
    head, *pieces = template.split("%")  # in turn the name of a part, and the text behind it
    return head + "".join(parts[name] + behind for name, behind in zip(pieces[::2], pieces[1::2], strict=True))


def _room(box: Box, digits: int) -> int:
    """The characters that the numbers of a box may need."""
    each = (digits if len(box.heads) == 1 else min(digits, DIGITS)) + AROUND
    return len("norm ") + each if box.norm else (each + 2) * len(box.heads) - 2
