"""The witness of a root in floats: a proof by intervals that it is there, or else a closer look in more digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.graph import Graph
from circuitcli.proofs.boxes import Box
from circuitcli.solving.near_root import certified
from circuitcli.solving.system import Place


class Witness:
    """The bounds of the last root that was shown, where they are proven; and whether there was a point that only seems
    to be one, for floats round."""

    def __init__(
        self, graphs: Sequence[Graph], given: Mapping[str, Graph], fixed: Box, start: Mapping[str, float]
    ) -> None:
        self._graphs, self._given, self._fixed, self._start = graphs, given, fixed, start
        self.bounds: Box | None = None
        self.seeming = False

    def sizes(self, x: Mapping[str, float]) -> dict[str, float]:
        """The size of each unknown: its own, or the way that it went."""
        return {name: max(abs(x[name]), abs(x[name] - u)) or 1.0 for name, u in self._start.items()}

    def is_there(self, place: Place, limits: Sequence[float]) -> bool:
        """Whether there is a root, as far as can be told."""
        if len(place.apart) != len(place.x):
            return True
        x = dict(zip(self._start, place.x, strict=True))
        own = {name: abs(u) or 1.0 for name, u in x.items()}
        self.bounds = certified(self._graphs, self._fixed, x, self.sizes(x))
        self.bounds = self.bounds or certified(self._graphs, self._fixed, x, own)
        if self.bounds is not None:
            return True
        from circuitcli.solving.precise_root import leads_away

        away = leads_away(self._graphs, self._given, x, own, limits)
        self.seeming = self.seeming or away
        return not away
