"""The places of boxes and wires in a diagram, on paper.

Wires run to the right, the items of a layer in one column, or downwards, the items in one row; these are as near as may
be to what they are joined with. All wires of one node are one wire, which branches. Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.box_room import GAP, width_of
from circuitcli.render.crossings import uncrossed
from circuitcli.render.layers import Item, layers_of

CHANNEL, FLAT_CHANNEL, MARGIN = 40.0, 30.0, 16.0  # between columns, between rows, and around all
NAMED = 6.0  # from the end of the last wire to the name of the output
STEEP = 0.15  # the share of a wire's climb by which its channel is wider
ROUNDS, STILL = 200, 0.05  # of straightening, which ends when nothing moves further


class Place(NamedTuple):
    """A box: its centre, its size, and the start and end of the numbers on its wire."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    start: float
    end: float


class DrawnWire(NamedTuple):
    """A wire of a node from one point to another, along the layers at both ends. `to` are the boxes that it leads to,
    none for all that use the node."""

    node: int
    start: tuple[float, float]
    end: tuple[float, float]
    to: tuple[int, ...] = ()
    downwards: bool = False

    @property
    def bend(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two control points of a cubic curve."""
        if self.downwards:
            middle = (self.start[1] + self.end[1]) / 2.0
            return (self.start[0], middle), (self.end[0], middle)
        middle = (self.start[0] + self.end[0]) / 2.0
        return (middle, self.start[1]), (middle, self.end[1])

    def turned(self) -> DrawnWire:
        """The wire that runs downwards, of one that runs to the right."""
        return DrawnWire(self.node, self.start[::-1], self.end[::-1], self.to, True)


class Layout(NamedTuple):
    """The boxes in their places, the wires, the `dots` where wires branch, and the size of the whole."""

    places: list[Place]
    wires: list[DrawnWire]
    dots: list[tuple[int, float, float]]
    width: float
    height: float

    def turned(self) -> Layout:
        """The layout that runs downwards, of one that runs to the right."""
        places = [place._replace(x=place.y, y=place.x) for place in self.places]
        wires = [wire.turned() for wire in self.wires]
        return Layout(places, wires, [(k, y, x) for k, x, y in self.dots], self.height, self.width)


def layout(diagram: Diagram, reserved: Callable[[Box], int] = lambda box: 0, downwards: bool = False) -> Layout:
    """The layout of a diagram; the numbers of each box have room for at least so many characters."""
    layers = layers_of(diagram, reserved, downwards)
    uncrossed(layers)
    if downwards:
        _straighten(layers, max(map(_least, layers)))
        return _drawn(layers, FLAT_CHANNEL).turned()
    _straighten(layers)
    found = _drawn(layers, CHANNEL)
    named = [NAMED + width_of(place.box.name) for place in found.places if place.box.is_output and place.box.name]
    return found._replace(width=found.width + sum(named))


def _least(layer: Sequence[Item]) -> float:
    """The least room of a layer."""
    return sum(item.room.across for item in layer) + (len(layer) - 1) * GAP


def _straighten(layers: Sequence[list[Item]], most: float = inf) -> None:
    """Move the items of each layer towards the items that they are joined with, without changing the order, so that all
    have at `most` so much room."""
    for layer in layers:
        _spread(layer, [item.at for item in layer], most)
    for turn in range(ROUNDS):
        moved = 0.0
        for layer in layers if turn % 2 else reversed(layers):
            moved = max(moved, _spread(layer, [_balanced(item) for item in layer], most))
        if moved < STILL:
            break
    for layer in layers:  # at last an item with one incoming wire follows it
        _spread(layer, [item.feeds[0].at if len(item.feeds) == 1 else item.at for item in layer], most)
    top = min(item.at - item.room.before for layer in layers for item in layer)
    for layer in layers:
        for item in layer:
            item.at += MARGIN - top


def _balanced(item: Item) -> float:
    """The place at which the wires of an item would be straight on the average."""
    joined = [feed.at + (item.at - item.port(i)) for i, feed in enumerate(item.feeds)]
    joined += [user.port(i) for user in dict.fromkeys(item.users) for i, feed in enumerate(user.feeds) if feed is item]
    return sum(joined) / len(joined) if joined else item.at


def _spread(layer: Sequence[Item], wanted: Sequence[float], most: float) -> float:
    """Move a layer to the places nearest to the wanted ones, by least squares, at which nothing overlaps and nothing is
    farther than half of `most` from the middle, and return the largest move. Items that would overlap are joined to
    blocks, as in isotonic regression (pool adjacent violators)."""
    offsets, offset = [], 0.0
    for above, item in zip([None, *layer], layer, strict=False):
        offset += above.room.behind + GAP + item.room.before if above is not None else 0.0
        offsets.append(offset)
    first = layer[0].room.before - most / 2.0
    last = max(first, most / 2.0 - layer[-1].room.behind - offset)
    blocks: list[tuple[float, int]] = []  # mean of the places less their least distances, and number of items
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    means = [min(max(first, mean), last) for mean, count in blocks for _ in range(count)]
    moved = 0.0
    for item, mean, offset in zip(layer, means, offsets, strict=True):
        moved = max(moved, abs(mean + offset - item.at))
        item.at = mean + offset
    return moved


def _drawn(layers: Sequence[list[Item]], channel: float) -> Layout:
    """The columns from left to right, each as wide as its items, with room for the wires between them."""
    places: list[Place] = []
    wires: list[DrawnWire] = []
    dots: list[tuple[int, float, float]] = []
    x = MARGIN
    ends: dict[int, float] = {}
    for layer in layers:
        rooms = [item.room for item in layer]
        rise = max((abs(feed.at - item.port(i)) for item in layer for i, feed in enumerate(item.feeds)), default=0.0)
        x += min(STEEP * rise, CHANNEL)  # or a wire that climbs would be a wall
        head = max(room.head for room in rooms)
        end = x + head + max(room.stub for room in rooms)
        for item, room in zip(layer, rooms, strict=True):
            for i, feed in enumerate(item.feeds):
                wires.append(DrawnWire(feed.source, (ends[id(feed)], feed.at), (x, item.port(i)), item.to))
            if item.box is None:
                wires.append(DrawnWire(item.source, (x, item.at), (end, item.at), item.to))
            else:
                middle = x + head / 2.0
                left = middle - room.length / 2.0
                for i, feed in enumerate(item.feeds):
                    if left > x:
                        wires.append(DrawnWire(feed.source, (x, item.port(i)), (left, item.port(i)), item.to))
                start = middle + room.head / 2.0
                places.append(Place(item.box, middle, item.at, room.width, room.height, start, end))
            if len(item.users) > 1:
                dots.append((item.source, end, item.at))
            ends[id(item)] = end
        x = end + channel
    width = x - channel + MARGIN
    height = max(item.at + item.room.behind for layer in layers for item in layer) + MARGIN
    return Layout(sorted(places, key=lambda place: place.box.id), wires, dots, width, height)
