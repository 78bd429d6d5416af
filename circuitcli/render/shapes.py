"""A diagram as shapes on paper, which SVG, PNG and PDF share."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.box_layout import MARGIN, NAMED, DrawnWire, Place, layout
from circuitcli.render.box_room import BESIDE, CHARACTER, LINE, width_of
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
    """A text, centred at a point, or one that `begins` there. Its `role` is label, name, value, gradient or kink."""

    node: int
    role: str
    x: float
    y: float
    text: str
    size: float
    begins: bool = False


Shape: TypeAlias = DrawnWire | Dot | Frame | Label


class Picture(NamedTuple):
    """Shapes in the order of drawing, on paper of a size in pixels."""

    width: float
    height: float
    shapes: list[Shape]


def colour_of(role: str) -> str:
    """The colour of a text."""
    return {"value": LIGHT.value, "gradient": LIGHT.gradient, "kink": LIGHT.kink}.get(role, LIGHT.ink)


def picture(diagram: Diagram, reserved: Callable[[Box], int] = lambda box: 0, downwards: bool = False) -> Picture:
    """The picture of a diagram, whose wires run to the right or downwards; the numbers of each box have room for at
    least so many characters."""
    found = layout(diagram, reserved, downwards)
    shapes: list[Shape] = [*found.wires]
    shapes += [Dot(*dot) for dot in found.dots]
    height = found.height
    for place in found.places:
        shapes += _box(place, downwards)
        shapes += _texts_beside(place) if downwards else _texts_around(place)
    legend = [("value", "value beside the wire" if downwards else "value above the wire")]
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


def _box(place: Place, downwards: bool) -> list[Shape]:
    """A box with its label, and its wire as far as the numbers stand."""
    box, x, y, width, height, _, end = place
    radius = 4.0 if box.is_input else 14.0
    wire = DrawnWire(box.id, (x + width / 2.0, y), (end, y))
    return [
        DrawnWire(box.id, (x, y + height / 2.0), (x, end), (), True) if downwards else wire,
        Frame(box.id, x - width / 2.0, y - height / 2.0, width, height, radius, box.kink, box.is_input),
        Label(box.id, "label", x, y, box.label, SIZE),
    ]


def _texts_around(place: Place) -> list[Shape]:
    """The texts above and below a box, and the numbers above and below its wire."""
    box, x, y, _, height, start, end = place
    shapes: list[Shape] = []
    if box.name and box.is_output:  # it stands where the wire ends
        shapes.append(Label(box.id, "name", end + NAMED + width_of(box.name) / 2.0, y, box.name, SIZE))
    elif box.name:
        shapes.append(Label(box.id, "name", x, y - height / 2.0 - LINE / 2.0 - 2.0, box.name, SIZE))
    if box.kink:
        shapes.append(Label(box.id, "kink", x, y + height / 2.0 + LINE / 2.0, "kink", SMALL))
    centre = (start + end) / 2.0
    if box.value:
        shapes.append(Label(box.id, "value", centre, y - LINE / 2.0 - 2.0, box.value, SIZE))
    if box.gradient:
        shapes.append(Label(box.id, "gradient", centre, y + LINE / 2.0 + 2.0, box.gradient, SIZE))
    return shapes


def _texts_beside(place: Place) -> list[Shape]:
    """The texts to the right of a box, and the numbers to the right of its wire."""
    box, x, y, width, _, start, _ = place
    shapes: list[Shape] = []
    right, half = x + width / 2.0 + BESIDE, LINE / 2.0
    if box.name:
        shapes.append(Label(box.id, "name", right, y - (half if box.kink else 0.0), box.name, SIZE, True))
    if box.kink:
        shapes.append(Label(box.id, "kink", right, y + (half if box.name else 0.0), "kink", SMALL, True))
    line = start + half + 2.0
    if box.value:
        shapes.append(Label(box.id, "value", x + BESIDE, line, box.value, SIZE, True))
    if box.gradient:
        shapes.append(Label(box.id, "gradient", x + BESIDE, line + LINE, box.gradient, SIZE, True))
    return shapes
