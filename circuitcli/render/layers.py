"""Boxes and passing wires as items in layers, from the inputs on the left, or at the top, to the output.

Each gate stands in the layer behind its arguments. What feeds a single gate stands just before that, so the weights of
a net are beside what they weigh. A wire that passes a layer has a place of its own there, so no wire hides a box.
"""

from __future__ import annotations

from collections.abc import Callable

from circuitcli.errors import columns
from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.box_room import PORT, ROOM_OF_A_WIRE, Room, room_downwards, room_to_the_right
from circuitcli.render.narrow_layers import narrow_layers


class Item:
    """Something in a layer: a box, or a wire that passes. Lengths are as wires run: `at` is its place across them."""

    def __init__(self, source: int, layer: int, box: Box | None = None, room: Room = ROOM_OF_A_WIRE) -> None:
        self.source, self.layer, self.box, self.room = source, layer, box, room
        self.feeds: list[Item] = []  # the items before it, in the order of the arguments
        self.users: list[Item] = []
        self.at = 0.0

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
        """The place at which an argument arrives."""
        return self.at + (i - (len(self.feeds) - 1) / 2.0) * PORT if self.box else self.at


def layers_of(diagram: Diagram, reserved: Callable[[Box], int], downwards: bool = False) -> list[list[Item]]:
    """The items of a diagram by layers; the numbers of each box have room for at least so many characters. Wires run to
    the right, or downwards through narrow layers."""
    room_of = room_downwards if downwards else room_to_the_right
    rooms: dict[int, Room] = {}
    for box in diagram.boxes:
        rooms[box.id] = room_of(box, max(columns(box.value), columns(box.gradient), reserved(box)))
    layer = narrow_layers(diagram, {k: room.across for k, room in rooms.items()}) if downwards else _layer_of(diagram)
    boxes = {box.id: Item(box.id, layer[box.id], box, rooms[box.id]) for box in diagram.boxes}
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
