"""The places of boxes and wires in a diagram, in layers from the inputs on the left to the output.

igraph orders each layer so that few wires cross (Sugiyama, Tagawa, Toda 1981). A wire that passes a layer has a place
of its own there, so no wire hides a box. All wires of one node are one wire, which branches. Lengths are in pixels; a
line of text is LINE high.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from circuitcli.compat import igraph_alone
from circuitcli.errors import columns
from circuitcli.pictures.diagram import Box, Diagram

CHARACTER, LINE = 7.9, 16.0  # the width and height of a letter of 13 pixels, about the same in all fixed fonts
HEIGHT, PORT = 28.0, 13.0  # the height of a box, and the distance of its wires
GAP, CHANNEL, MARGIN = 10.0, 40.0, 16.0
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


class _Item:
    """Something in a layer: a box, or a wire that passes."""

    def __init__(self, source: int, layer: int, box: Box | None = None, numbers: int = 0) -> None:
        self.source, self.layer, self.box = source, layer, box
        self.feeds: list[_Item] = []  # the items before it, in the order of the arguments
        self.users: list[_Item] = []
        self.y = 0.0
        self.width = self.height = self.up = self.down = 0.0
        if box is None:
            self.up = self.down = 6.0
            return
        ports = len(box.args)
        self.width = max(HEIGHT, width_of(box.label) + 14.0)
        self.height = max(HEIGHT, ports * PORT + 4.0)
        head = LINE if box.name or box.kink else 0.0
        labels = LINE + 3.0 if numbers else 0.0
        self.up = max(self.height / 2.0 + (LINE + 2.0 if box.name else 0.0), labels)
        self.down = max(self.height / 2.0 + (LINE if box.kink else 0.0), labels)
        self.head = max(self.width, width_of(box.name)) if head else self.width
        self.stub = numbers * CHARACTER + 12.0 if numbers else 8.0

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


def layout(diagram: Diagram, reserved: Callable[[Box], int] = lambda box: 0) -> Layout:
    """The layout of a diagram; the numbers of each box have room for at least so many characters."""
    items = _items(diagram, reserved)
    layers: list[list[_Item]] = [[] for _ in range(max(item.layer for item in items) + 1)]
    for item in items:
        layers[item.layer].append(item)
    _order(items, layers)
    _straighten(layers)
    return _drawn(layers)


def _items(diagram: Diagram, reserved: Callable[[Box], int]) -> list[_Item]:
    """The boxes, each in the layer after its arguments, and the wires that pass layers."""
    boxes: dict[int, _Item] = {}
    passing: dict[tuple[int, int], _Item] = {}
    for box in diagram.boxes:
        feeds = [boxes[a] for a in box.args if a is not None]
        layer = max([feed.layer + 1 for feed in feeds], default=0)
        numbers = max(columns(box.value), columns(box.gradient), reserved(box))
        boxes[box.id] = _Item(box.id, layer, box, numbers)
    items = list(boxes.values())
    for item in list(items):
        assert item.box is not None
        for a in item.box.args:
            if a is None:
                continue
            last = boxes[a]
            for layer in range(last.layer + 1, item.layer):
                if (a, layer) not in passing:
                    passing[a, layer] = wire = _Item(a, layer)
                    _join(last, wire)
                    items.append(wire)
                last = passing[a, layer]
            _join(last, item)
    return items


def _join(feed: _Item, user: _Item) -> None:
    user.feeds.append(feed)
    feed.users.append(user)


def _order(items: Sequence[_Item], layers: Sequence[list[_Item]]) -> None:
    """Sort each layer so that few wires cross; where the order of arguments is free, sort the wires of a box, too."""
    igraph = igraph_alone()
    number = {id(item): k for k, item in enumerate(items)}
    edges = [(number[id(feed)], number[id(item)]) for item in items for feed in item.feeds]
    graph = igraph.Graph(n=len(items), edges=edges, directed=True)
    found = graph.layout_sugiyama(layers=[item.layer for item in items], maxiter=200)
    for item, (across, _) in zip(items, found.coords, strict=True):
        item.y = across * (HEIGHT + GAP)
    for layer in layers:
        layer.sort(key=lambda item: item.y)
    for item in items:
        if item.box is not None and not item.box.ordered:
            item.feeds.sort(key=lambda feed: feed.y)


def _straighten(layers: Sequence[list[_Item]]) -> None:
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


def _balanced(item: _Item) -> float:
    """The height at which the wires of an item would be straight on the average."""
    joined = [feed.y + (item.y - item.port(i)) for i, feed in enumerate(item.feeds)]
    joined += [user.port(i) for user in dict.fromkeys(item.users) for i, feed in enumerate(user.feeds) if feed is item]
    return sum(joined) / len(joined) if joined else item.y


def _spread(layer: Sequence[_Item], wanted: Sequence[float]) -> float:
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


def _drawn(layers: Sequence[list[_Item]]) -> Layout:
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
    height = max(item.y + item.down for layer in layers for item in layer) + MARGIN
    return Layout(sorted(places, key=lambda place: place.box.id), wires, dots, x - CHANNEL + MARGIN, height)
