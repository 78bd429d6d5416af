"""The room that a box takes with its texts, where wires run to the right or downwards.

To the right, its name is above the box, and its numbers above and below its wire; downwards, all these are to the right
of the box and the wire.
"""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.errors import columns
from circuitcli.pictures.diagram import Box

CHARACTER, LINE = 7.9, 16.0  # the width and height of a letter of 13 pixels, about the same in all fixed fonts
HEIGHT, PORT = 28.0, 13.0  # the height of a box, and the distance of its wires
PASSING, GAP = 6.0, 10.0  # on both sides of a passing wire, and between neighbours
BESIDE = 5.0  # from a box or a wire to a text beside it


class Room(NamedTuple):
    """The size of a box; its room `before` and `behind` the middle across the wires; and along them the length of the
    box, that of the `head` with its name, and that of the `stub` of the wire on which its numbers stand."""

    width: float
    height: float
    before: float
    behind: float
    length: float
    head: float
    stub: float

    @property
    def across(self) -> float:
        """All its room across the wires."""
        return self.before + self.behind


ROOM_OF_A_WIRE = Room(0.0, 0.0, PASSING, PASSING, 0.0, 0.0, 0.0)


def width_of(text: str) -> float:
    """The width of a text."""
    return columns(text) * CHARACTER


def room_to_the_right(box: Box, numbers: int) -> Room:
    """The room of a box with numbers of at most so many characters."""
    name = "" if box.is_output else box.name  # that of the output is at the end of its wire
    width = max(HEIGHT, width_of(box.label) + 14.0)
    height = max(HEIGHT, len(box.args) * PORT + 4.0)
    labels = LINE + 3.0 if numbers else 0.0
    above = max(height / 2.0 + (LINE + 2.0 if name else 0.0), labels)
    below = max(height / 2.0 + (LINE if box.kink else 0.0), labels)
    head = max(width, width_of(name) if name or box.kink else 0.0)
    return Room(width, height, above, below, width, head, numbers * CHARACTER + 12.0 if numbers else 8.0)


def room_downwards(box: Box, numbers: int) -> Room:
    """The room of a box with numbers of at most so many characters."""
    width = max(HEIGHT, width_of(box.label) + 14.0, len(box.args) * PORT + 4.0)
    texts = [width_of(box.name)] if box.name else []
    texts += [width_of("kink")] if box.kink else []
    right = max([width / 2.0, *(width / 2.0 + BESIDE + text for text in texts), numbers * CHARACTER + BESIDE])
    lines = bool(box.value) + bool(box.gradient)
    return Room(width, HEIGHT, width / 2.0, right, HEIGHT, HEIGHT, lines * LINE + 6.0)
