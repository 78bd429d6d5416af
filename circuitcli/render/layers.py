"""Boxes and passing wires as items in layers, from the inputs on the left to the output.

Each gate stands in the layer behind its arguments. What feeds a single gate stands just before that, so the weights of
a net are beside what they weigh. A wire that passes a layer has a place of its own there, so no wire hides a box.
"""

from __future__ import annotations

from collections.abc import Callable

from circuitcli.errors import columns
from circuitcli.pictures.diagram import Box, Diagram

CHARACTER, LINE = 7.9, 16.0  # the width and height of a letter of 13 pixels, about the same in all fixed fonts
HEIGHT, PORT = 28.0, 13.0  # the height of a box, and the distance of its wires
PASSING = 6.0  # above and below a wire


class Item:
    """Something in a layer: a box, or a wire that passes. `up` and `down` is its room from the middle, `head` the width
    of the box with its name, and `stub` of the wire on which its numbers stand."""

    def __init__(self, source: int, layer: int, box: Box | None = None, numbers: int = 0) -> None:
        self.source, self.layer, self.box = source, layer, box
        self.feeds: list[Item] = []  # the items before it, in the order of the arguments
        self.users: list[Item] = []
        self.y = 0.0
        self.width = self.height = self.head = self.stub = 0.0
        self.up = self.down = PASSING
        if box is None:
            return
        name = "" if box.is_output else box.name
        self.width = max(HEIGHT, width_of(box.label) + 14.0)
        self.height = max(HEIGHT, len(box.args) * PORT + 4.0)
        labels = LINE + 3.0 if numbers else 0.0
        self.up = max(self.height / 2.0 + (LINE + 2.0 if name else 0.0), labels)
        self.down = max(self.height / 2.0 + (LINE if box.kink else 0.0), labels)
        self.head = max(self.width, width_of(name) if name or box.kink else 0.0)
        self.stub = numbers * CHARACTER + 12.0 if numbers else 8.0

    @property
    def is_free(self) -> bool:
        """Whether its arguments may arrive in any order."""
        return self.box is not None and not self.box.ordered

    @property
    def to(self) -> tuple[int, ...]:
        """The boxes that a wire into it leads to."""
        if self.box is not None:
            return (self.source,)
        return tuple(dict.fromkeys([k for user in self.users for k in user.to]))

    def port(self, i: int) -> float:
        """The height at which an argument arrives."""
        return self.y + (i - (len(self.feeds) - 1) / 2.0) * PORT if self.box else self.y


def width_of(text: str) -> float:
    """The width of a text."""
    return columns(text) * CHARACTER


def layers_of(diagram: Diagram, reserved: Callable[[Box], int]) -> list[list[Item]]:
    """The items of a diagram by layers; the numbers of each box have room for at least so many characters."""
    layer = _layer_of(diagram)
    boxes: dict[int, Item] = {}
    for box in diagram.boxes:
        numbers = max(columns(box.value), columns(box.gradient), reserved(box))
        boxes[box.id] = Item(box.id, layer[box.id], box, numbers)
    items = [*boxes.values()]
    passing: dict[tuple[int, int], Item] = {}
    for item in boxes.values():
        assert item.box is not None
        for a in item.box.args:
            if a is None:
                continue
            last = boxes[a]
            for between in range(last.layer + 1, item.layer):
                if (a, between) not in passing:
                    passing[a, between] = wire = Item(a, between)
                    _join(last, wire)
                    items.append(wire)
                last = passing[a, between]
            _join(last, item)
    found: list[list[Item]] = [[] for _ in range(max(layer.values()) + 1)]
    for item in items:
        found[item.layer].append(item)
    return found


def _layer_of(diagram: Diagram) -> dict[int, int]:
    """The layer of each box: as far to the left as its arguments let it; and where these serve it alone, all the way
    down, as far to the right as its users do."""
    layer: dict[int, int] = {}
    users: dict[int, list[int]] = {box.id: [] for box in diagram.boxes}
    for box in diagram.boxes:
        args = [a for a in box.args if a is not None]
        layer[box.id] = max([layer[a] + 1 for a in args], default=0)
        for a in args:
            users[a].append(box.id)
    alone: dict[int, bool] = {}
    for box in diagram.boxes:
        alone[box.id] = all(a is not None and alone[a] and len(users[a]) == 1 for a in box.args)
    for box in reversed(diagram.boxes):
        if alone[box.id] and users[box.id]:
            layer[box.id] = min(layer[user] for user in users[box.id]) - 1
    return layer


def _join(feed: Item, user: Item) -> None:
    user.feeds.append(feed)
    feed.users.append(user)
