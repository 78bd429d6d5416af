"""A diagram as shapes on paper, which SVG, PNG and PDF share."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.box_layout import MARGIN, NAMED, DrawnWire, Place, layout
from circuitcli.render.layers import CHARACTER, LINE, width_of
from circuitcli.render.palette import LIGHT

SIZE, SMALL = 13.0, 11.0  # of letters


class Dot(NamedTuple):
    """The point where a wire branches."""

    node: int
    x: float
    y: float


class Frame(NamedTuple):
    """The box of a node, with round corners; its edge is dashed at a kink."""

    node: int
    x: float
    y: float
    width: float
    height: float
    radius: float
    dashed: bool
    is_input: bool


class Label(NamedTuple):
    """A text, centred at a point. Its `role` is label, name, value, gradient or kink."""

    node: int
    role: str
    x: float
    y: float
    text: str
    size: float


Shape: TypeAlias = DrawnWire | Dot | Frame | Label


class Picture(NamedTuple):
    """Shapes in the order of drawing, on paper of a size in pixels."""

    width: float
    height: float
    shapes: list[Shape]


def colour_of(role: str) -> str:
    """The colour of a text."""
    return {"value": LIGHT.value, "gradient": LIGHT.gradient, "kink": LIGHT.kink}.get(role, LIGHT.ink)


def picture(diagram: Diagram, reserved: Callable[[Box], int] = lambda box: 0) -> Picture:
    """The picture of a diagram; the numbers of each box have room for at least so many characters."""
    found = layout(diagram, reserved)
    shapes: list[Shape] = [*found.wires]
    shapes += [Dot(*dot) for dot in found.dots]
    height = found.height
    for place in found.places:
        shapes += _box(place)
    legend = [("value", "value above the wire")]
    if any(place.box.gradient for place in found.places):
        legend.append(("gradient", "gradient below"))
    width = found.width
    if any(place.box.value for place in found.places):
        x = MARGIN
        for role, text in legend:
            wide = len(text) * CHARACTER * SMALL / SIZE
            shapes.append(Label(-1, role, x + wide / 2.0, height + 4.0, text, SMALL))
            x += wide + MARGIN
        height += LINE
        width = max(width, x)
    return Picture(width, height, shapes)


def _box(place: Place) -> list[Shape]:
    """A box with its texts, and its wire as far as the numbers stand."""
    box, x, y, width, height, start, end = place
    right, middle = x + width, x + width / 2.0
    radius = 4.0 if box.is_input else 14.0
    shapes: list[Shape] = [
        DrawnWire(box.id, (right, y), (end, y)),
        Frame(box.id, x, y - height / 2.0, width, height, radius, box.kink, box.is_input),
        Label(box.id, "label", middle, y, box.label, SIZE),
    ]
    if box.name and box.is_output:  # it stands where the wire ends
        shapes.append(Label(box.id, "name", end + NAMED + width_of(box.name) / 2.0, y, box.name, SIZE))
    elif box.name:
        shapes.append(Label(box.id, "name", middle, y - height / 2.0 - LINE / 2.0 - 2.0, box.name, SIZE))
    if box.kink:
        shapes.append(Label(box.id, "kink", middle, y + height / 2.0 + LINE / 2.0, "kink", SMALL))
    centre = (start + end) / 2.0
    if box.value:
        shapes.append(Label(box.id, "value", centre, y - LINE / 2.0 - 2.0, box.value, SIZE))
    if box.gradient:
        shapes.append(Label(box.id, "gradient", centre, y + LINE / 2.0 + 2.0, box.gradient, SIZE))
    return shapes
