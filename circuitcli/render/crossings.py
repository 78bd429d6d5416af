"""The order of the items of each layer, at which few wires cross (Sugiyama, Tagawa, Toda 1981).

Each layer is sorted by where its wires come from and go to, forwards and backwards by turns; then neighbours change
places where that helps (Gansner, Koutsofios, North, Vo 1993). The best order that was met is kept. Inputs that may
stand as the table has them do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.render.input_order import InputOrder, of_all_inputs, of_families
from circuitcli.render.layers import Item

ROUNDS, PATIENCE = 60, 8  # of sorting all layers; the last are so many without a better order
SWAPS = 12  # rounds of changing neighbours, each time
IN_ORDER = 1.5  # as many times the crossings are fine where the elements of each family are in order for it

Layers = Sequence[list[Item]]


class _Ordered(NamedTuple):
    """An order of the items of each layer, and the number of its crossings."""

    crossings: int
    layers: list[list[Item]]


def uncrossed(layers: Layers) -> None:
    """Sort each layer so that few wires cross; where the order of arguments is free, sort the wires of an item, too."""
    as_stated, free = [layer[:] for layer in layers], InputOrder()
    _as_arguments_come(layers)
    found = _improved(layers, free)
    if found.crossings:
        found = min(found, _from(layers, as_stated, free), key=lambda each: each.crossings)
    families = of_families(layers)
    if families.binds:
        in_order = _from(layers, as_stated, families)
        found = in_order if in_order.crossings <= IN_ORDER * found.crossings else found
    in_order = _from(layers, found.layers, of_all_inputs(layers))
    _set(layers, min(in_order, found, key=lambda each: each.crossings).layers)
    place = _places(layers)
    for layer in layers:
        for item in layer:
            if item.is_free:
                item.feeds.sort(key=lambda feed: place[feed])


def _from(layers: Layers, order: Sequence[list[Item]], inputs: InputOrder) -> _Ordered:
    """The best order on the way from another, in which inputs keep theirs."""
    _set(layers, order)
    for layer in layers:
        inputs.sort(layer)
    return _improved(layers, inputs)


def _improved(layers: Layers, inputs: InputOrder) -> _Ordered:
    """The best order on the way from that which the layers have."""
    best, late = _Ordered(crossings(layers), [layer[:] for layer in layers]), 0
    for turn in range(ROUNDS):
        if best.crossings == 0 or late == PATIENCE:
            break
        _sweep(layers, turn % 2 == 0, inputs)
        _swap(layers, turn % 4 > 1, inputs)
        late += 1
        if (count := crossings(layers)) < best.crossings:
            best, late = _Ordered(count, [layer[:] for layer in layers]), 0
    return best


def _set(layers: Layers, order: Sequence[list[Item]]) -> None:
    for layer, items in zip(layers, order, strict=True):
        layer[:] = items


def crossings(layers: Layers) -> int:
    """The number of pairs of wires that cross."""
    place = _places(layers)
    return sum(_inversions(sorted(wire for item in layer for wire in _incoming(item, place))) for layer in layers[1:])


def _as_arguments_come(layers: Layers) -> None:
    """Sort as a walk from the output meets the items, arguments in their order: a tree is without crossings then."""
    met: dict[Item, int] = {}
    waiting = [(item, False) for item in reversed(layers[-1])]
    while waiting:
        item, done = waiting.pop()
        if done:
            met.setdefault(item, len(met))
        elif item not in met:
            waiting += [(item, True), *((feed, False) for feed in reversed(item.feeds))]
    for layer in layers:
        layer.sort(key=lambda item: met[item])


def _places(layers: Layers) -> dict[Item, float]:
    return {item: float(k) for layer in layers for k, item in enumerate(layer)}


def _incoming(item: Item, place: dict[Item, float]) -> list[tuple[float, float]]:
    """The wires that arrive, each as the places of its ends. Arguments arrive below each other, in a free order where
    they come from."""
    starts = [place[feed] for feed in item.feeds]
    if item.is_free:
        starts.sort()
    share = 1.0 / (len(starts) + 1)
    return [(start, place[item] + i * share) for i, start in enumerate(starts)]


def _inversions(wires: Sequence[tuple[float, float]]) -> int:
    """The number of pairs, of wires in the order of their starts, whose ends are the other way round."""
    seen: list[float] = []
    count, start, ends = 0, float("nan"), list[float]()
    for begin, end in wires:
        if begin != start:
            for other in ends:
                insort(seen, other)
            start, ends = begin, []
        count += len(seen) - bisect_right(seen, end)
        ends.append(end)
    return count


def _sweep(layers: Layers, forwards: bool, inputs: InputOrder) -> None:
    """Sort layer after layer by the mean place of what its items are joined with in the layer before."""
    place = _places(layers)
    for layer in layers if forwards else reversed(layers):
        means = {}
        for item in layer:
            joined = (item.feeds or item.users) if forwards else (item.users or item.feeds)
            means[item] = sum(place[other] for other in joined) / len(joined) if joined else place[item]
        layer.sort(key=lambda item: means[item])
        inputs.sort(layer)
        place.update({item: float(k) for k, item in enumerate(layer)})


def _swap(layers: Layers, ties: bool, inputs: InputOrder) -> None:
    """Let neighbours change places as long as fewer wires cross; with `ties` at first also where as many do."""
    place = _places(layers)
    for turn in range(SWAPS):
        swapped = False
        least = 0 if ties and turn == 0 else 1  # crossings that are gained
        for layer in layers:
            for k in range(len(layer) - 1):
                above, below = layer[k], layer[k + 1]
                if inputs.keeps(above, below):
                    continue
                if _between(above, below, place) - _between(below, above, place) >= least:
                    layer[k : k + 2] = below, above
                    place[below], place[above] = place[above], place[below]
                    swapped = True
        if not swapped:
            return


def _between(above: Item, below: Item, place: dict[Item, float]) -> int:
    """The crossings of the wires of two items, one above the other."""
    count = 0
    for ends in (_starts, _ends):
        theirs = ends(below, place)
        count += sum(bisect_left(theirs, end) for end in ends(above, place))
    return count


def _starts(item: Item, place: dict[Item, float]) -> list[float]:
    """Where its wires come from."""
    return sorted(place[feed] for feed in item.feeds)


def _ends(item: Item, place: dict[Item, float]) -> list[float]:
    """Where the wire of an item goes."""
    return sorted(_port(user, item, place) for user in item.users)


def _port(user: Item, item: Item, place: dict[Item, float]) -> float:
    """Where the wire of an item arrives."""
    return place[user] + (0.0 if user.is_free else user.feeds.index(item) / (len(user.feeds) + 1))
