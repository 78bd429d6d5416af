"""The order of inputs within a layer, as the command and the table have it."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.nested_names import indices_of, stem_of
from circuitcli.render.layers import Item


class InputOrder:
    """The places of inputs among those of their group, which they keep. Without groups every order is fine."""

    def __init__(self, groups: Sequence[Sequence[Item]] = ()) -> None:
        several = [group for group in groups if len(group) > 1]
        self._rank = {item: (g, k) for g, group in enumerate(several) for k, item in enumerate(group)}

    @property
    def binds(self) -> bool:
        """Whether any input has to keep a place."""
        return bool(self._rank)

    def sort(self, layer: list[Item]) -> None:
        """Let the inputs of each group change places until they are in order."""
        slots: dict[int, list[int]] = {}
        for k, item in enumerate(layer):
            if item in self._rank:
                slots.setdefault(self._rank[item][0], []).append(k)
        for places in slots.values():
            items = sorted([layer[k] for k in places], key=self._rank.__getitem__)
            for k, item in zip(places, items, strict=True):
                layer[k] = item

    def keeps(self, above: Item, below: Item) -> bool:
        """Whether one has to stay above the other."""
        one, other = self._rank.get(above), self._rank.get(below)
        return one is not None and other is not None and one[0] == other[0] and one < other


def of_families(layers: Sequence[Sequence[Item]]) -> InputOrder:
    """The order of the elements of each family, by their indices."""
    found: dict[str, list[Item]] = {}
    for item in _inputs(layers):
        found.setdefault(stem_of(_name(item)), []).append(item)
    return InputOrder([*found.values()])


def of_all_inputs(layers: Sequence[Sequence[Item]]) -> InputOrder:
    """The order of all inputs."""
    return InputOrder([_inputs(layers)])


def _inputs(layers: Sequence[Sequence[Item]]) -> list[Item]:
    """The inputs in the order of the table: as the circuit first uses them, a family together."""
    items = [item for layer in layers for item in layer if item.box is not None and item.box.is_input]
    first: dict[str, int] = {}
    for item in items:
        stem = stem_of(_name(item))
        first[stem] = min(_first(item), first.get(stem, _first(item)))
    return sorted(items, key=lambda item: (first[stem_of(_name(item))], indices_of(_name(item)), item.source))


def _name(item: Item) -> str:
    assert item.box is not None
    return item.box.label


def _first(item: Item) -> int:
    """The number of an input, or of the first of a family."""
    assert item.box is not None
    return min(item.box.heads)
