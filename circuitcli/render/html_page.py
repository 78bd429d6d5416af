"""A diagram as a page of HTML that computes: one file, which asks for nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any, NamedTuple

from circuitcli.pictures.diagram import Diagram
from circuitcli.render.palette import GRADIENT, VALUE
from circuitcli.render.shapes import picture
from circuitcli.render.svg import svg

AROUND = 7  # characters that a number may have beside its digits: -1.2e-300


class Moved(NamedTuple):
    """An input of the page: its name, its node, and the value that it begins with."""

    name: str
    node: int
    value: float


def page(diagram: Diagram, program: str, script: str, inputs: Sequence[Moved], digits: int) -> str:
    """The page of a diagram. `script` defines `circuit`, which takes the inputs and answers the numbers of every
    node; a box that may be at a kink is drawn as if it were."""
    output = diagram.boxes[-1]
    data: dict[str, Any] = {
        "inputs": [moved._asdict() for moved in inputs],
        "boxes": [box.id for box in diagram.boxes],
        "kinks": [box.id for box in diagram.boxes if box.kink],
        "output": output.id,
        "digits": digits,
    }
    parts = {
        "title": escape(program.splitlines()[0]),
        "program": escape(program),
        "output": escape(output.name or "value"),
        "value_colour": VALUE,
        "gradient_colour": GRADIENT,
        "svg": svg(picture(diagram, digits + AROUND)),
        "script": script,
        "data": json.dumps(data).replace("</", "<\\/"),
    }
    text = files("circuitcli.render").joinpath("page.html").read_text(encoding="utf-8")
    head, *pieces = text.split("%")  # in turn the name of a part, and what follows it
    return head + "".join(parts[name] + behind for name, behind in zip(pieces[::2], pieces[1::2], strict=True))
