"""The places of boxes and wires in a diagram, on paper.

The items of a layer are in one column, as near as may be to what they are joined with. All wires of one node are one
wire, which branches. Lengths are in pixels; a line of text is LINE high.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.crossings import uncrossed
from circuitcli.render.layers import Item, layers_of, width_of

GAP, CHANNEL, MARGIN = 10.0, 40.0, 16.0
NAMED = 6.0  # from the end of the last wire to the name of the output
STEEP = 0.15  # the share of a wire's climb by which its channel is wider
ROUNDS, STILL = 200, 0.05  # of straightening, which ends when nothing moves further


class Place(NamedTuple):
    """A box: its left edge, the height of its centre, its size, and the start and end of the numbers on its wire."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    start: float
    end: float


class DrawnWire(NamedTuple):
    """A wire of a node from one point to another, level at both ends, between columns or through one. `to` are the
    boxes that it leads to, none for all that use the node."""

    node: int
    start: tuple[float, float]
    end: tuple[float, float]
    to: tuple[int, ...] = ()

    @property
    def bend(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two control points of a cubic curve."""
        middle = (self.start[0] + self.end[0]) / 2.0
        return (middle, self.start[1]), (middle, self.end[1])


class Layout(NamedTuple):
    """The boxes in their places, the wires, the `dots` where wires branch, and the size of the whole."""

    places: list[Place]
    wires: list[DrawnWire]
    dots: list[tuple[int, float, float]]
    width: float
    height: float


def layout(diagram: Diagram, reserved: Callable[[Box], int] = lambda box: 0) -> Layout:
    """The layout of a diagram; the numbers of each box have room for at least so many characters."""
    layers = layers_of(diagram, reserved)
    uncrossed(layers)
    _straighten(layers)
    return _drawn(layers)


def _straighten(layers: Sequence[list[Item]]) -> None:
    """Move the items of each layer towards the items that they are joined with, without changing the order."""
    for layer in layers:
        _spread(layer, [item.y for item in layer])
    for turn in range(ROUNDS):
        moved = 0.0
        for layer in layers if turn % 2 else reversed(layers):
            moved = max(moved, _spread(layer, [_balanced(item) for item in layer]))
        if moved < STILL:
            break
    for layer in layers:  # at last an item with one incoming wire follows it
        _spread(layer, [item.feeds[0].y if len(item.feeds) == 1 else item.y for item in layer])
    top = min(item.y - item.up for layer in layers for item in layer)
    for layer in layers:
        for item in layer:
            item.y += MARGIN - top


def _balanced(item: Item) -> float:
    """The height at which the wires of an item would be straight on the average."""
    joined = [feed.y + (item.y - item.port(i)) for i, feed in enumerate(item.feeds)]
    joined += [user.port(i) for user in dict.fromkeys(item.users) for i, feed in enumerate(user.feeds) if feed is item]
    return sum(joined) / len(joined) if joined else item.y


def _spread(layer: Sequence[Item], wanted: Sequence[float]) -> float:
    """Move a layer to the places nearest to the wanted ones, by least squares, at which nothing overlaps, and return
    the largest move. Items that would overlap are joined to blocks, as in isotonic regression (pool adjacent
    violators)."""
    offsets, offset = [], 0.0
    for above, item in zip([None, *layer], layer, strict=False):
        offset += above.down + GAP + item.up if above is not None else 0.0
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []  # mean of the places less their least distances, and number of items
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    moved = 0.0
    for item, mean, offset in zip(layer, means, offsets, strict=True):
        moved = max(moved, abs(mean + offset - item.y))
        item.y = mean + offset
    return moved


def _drawn(layers: Sequence[list[Item]]) -> Layout:
    """The columns from left to right, each as wide as its items, with room for the wires between them."""
    places: list[Place] = []
    wires: list[DrawnWire] = []
    dots: list[tuple[int, float, float]] = []
    x = MARGIN
    ends: dict[int, float] = {}
    for layer in layers:
        boxes = [item for item in layer if item.box is not None]
        rise = max((abs(feed.y - item.port(i)) for item in layer for i, feed in enumerate(item.feeds)), default=0.0)
        x += min(STEEP * rise, CHANNEL)  # or a wire that climbs would be a wall
        head = max((item.head for item in boxes), default=0.0)
        end = x + head + max((item.stub for item in boxes), default=0.0)
        for item in layer:
            for i, feed in enumerate(item.feeds):
                wires.append(DrawnWire(feed.source, (ends[id(feed)], feed.y), (x, item.port(i)), item.to))
            left = x + (head - item.width) / 2.0
            if item.box is None:
                wires.append(DrawnWire(item.source, (x, item.y), (end, item.y), item.to))
            else:
                for i, feed in enumerate(item.feeds):
                    if left > x:
                        wires.append(DrawnWire(feed.source, (x, item.port(i)), (left, item.port(i)), item.to))
                start = x + (head + item.head) / 2.0
                places.append(Place(item.box, left, item.y, item.width, item.height, start, end))
            if len(item.users) > 1:
                dots.append((item.source, end, item.y))
            ends[id(item)] = end
        x = end + CHANNEL
    named = [NAMED + width_of(place.box.name) for place in places if place.box.is_output and place.box.name]
    width = x - CHANNEL + sum(named) + MARGIN
    height = max(item.y + item.down for layer in layers for item in layer) + MARGIN
    return Layout(sorted(places, key=lambda place: place.box.id), wires, dots, width, height)
