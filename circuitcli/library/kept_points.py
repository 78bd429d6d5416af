"""Points of numbers, answered by code that a circuit keeps for all points of the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from circuitcli.language import canonical
from circuitcli.read_circuit import Inputs, ReadCircuit, wanted

if TYPE_CHECKING:
    from circuitcli.analysis.hot_points import HotPoints

KEPT = 64  # sets of names that a circuit keeps code for
NUMBERS, FLOATS = {float, int, bool}, {float}  # what a point is made of, as a rule

Answer = tuple[float, dict[str, float]]


class KeptPoints:
    """The code that a circuit keeps for points of numbers: of values, or with `slopes`."""

    __slots__ = ("_circuit", "_quick", "_slopes", "hot")

    def __init__(self, circuit: ReadCircuit, slopes: bool) -> None:
        self._circuit, self._slopes = circuit, slopes
        self._quick: Callable[..., Any] | None = None  # the last of these, by names
        self.hot: dict[tuple[str | None, ...], HotPoints] = {}

    def at(self, point: Inputs | None, inputs: Inputs) -> Answer | None:
        """The answer at a point; None where the passes have to find it."""
        if (quick := self._quick) is not None:
            try:
                if (answer := quick(**inputs) if point is None else quick(**point, **inputs)) is not None:
                    known: Answer = answer
                    return known
            except TypeError:  # other names, or no names
                pass
        if point is None:
            point = {}
        elif not isinstance(point, Mapping):
            return None
        xs = [*point.values(), *inputs.values()]
        kinds = {*map(type, xs)}
        if not NUMBERS.issuperset(kinds):
            return None
        names, kept = (*point, None, *inputs), self.hot
        if names not in kept:
            if self._circuit.has_families(point, inputs):
                return None
            if len(kept) >= KEPT:
                kept.clear()
            kept[names] = self._made(point, inputs)
        try:
            numbers = xs if kinds == FLOATS else [*map(float, xs)]
        except OverflowError:  # a whole number that is no float
            return None
        hot = kept[names]
        found: Answer | None = hot.at(numbers)
        if hot.by_name is not None and hot.names == [name for name in names if name is not None]:
            self._quick = hot.by_name
        return found

    def _made(self, point: Inputs, inputs: Inputs) -> HotPoints:
        from circuitcli.analysis.hot_points import HotPoints

        graph, given = self._circuit.bind(point, inputs)
        wrt = wanted(graph, given) if self._slopes else []
        return HotPoints(graph, [canonical(name) for name in (*point, *inputs)], given, wrt)
