"""The circuit inside a gate, root or integral, over boxes: the bound name, and what is taken from around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from circuitcli.analysis.box_pieces import is_whole
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.engine.passes import backward, forward
from circuitcli.graph import Graph

Values = Sequence[Interval]


class Sloped(NamedTuple):
    """The value over a box, and the slopes by the bound name and by all that is taken."""

    value: Interval
    slopes: list[Interval]


class InnerCircuit:
    """A circuit whose first input is the bound name."""

    def __init__(self, m: Intervals, circuit: Graph) -> None:
        self.m, self.circuit = m, circuit
        self._names = list(circuit.inputs)
        self._needed = circuit.depends_on([*circuit.inputs.values()])

    def value(self, x: Interval, taken: Values) -> Interval:
        """The bounds of the value; of a part of the box it may be no number."""
        found: Interval = self._values(x, taken)[self.circuit.output]
        return found

    def _values(self, x: Interval, taken: Values) -> list[Interval]:
        given = dict(zip(self._names, (x, *taken), strict=True))
        return forward(self.circuit, self.m, given, self.m.gates)

    def over(self, x: Interval, taken: Values) -> Sloped | None:
        """The value with its slopes, Clarke's at kinks; None where the circuit is not defined all over, or may jump."""
        values = self._values(x, taken)
        value: Interval = values[self.circuit.output]
        if value.partial or value.empty or not is_whole(self.circuit, values, self._needed, self.m):
            return None
        found = backward(self.circuit, self.m, values, self._needed)
        slopes = [self.m.wire(found.get(k, 0.0)) for k in self.circuit.inputs.values()]
        return None if any(slope.empty for slope in slopes) else Sloped(value, slopes)

    def near(self, x: Interval, taken: Values) -> Interval | None:
        """The bounds of the value, by the mean value form in what is taken, too; None where it is not defined all
        over."""
        found = self.over(x, taken)
        if found is None:
            return None
        if all(each.lo == each.hi for each in taken):
            return found.value
        middles = [self.m.wire(each.middle) for each in taken]
        value = self.value(x, middles)
        for slope, each, middle in zip(found.slopes[1:], taken, middles, strict=True):
            value = value + slope * (each - middle)
        return found.value.meet(value) or found.value


def tightened(
    m: Intervals,
    xs: Values,
    bounds: Interval,
    slopes: Mapping[int, Interval],
    at: Callable[[Sequence[Interval]], Interval],
) -> Interval:
    """The bounds of a function `at` a box, whose slopes by arguments with a range are known: by the mean value form,
    and with each along which it only rises, or falls, at its ends."""
    if not slopes or not all(map(_is_told, slopes.values())):
        return bounds
    low, high, middle = list(xs), list(xs), list(xs)
    for i, slope in slopes.items():
        x = xs[i]
        middle[i] = m.wire(x.middle)
        if slope.lo >= 0.0 or slope.hi <= 0.0:
            ends = (m.wire(x.lo), m.wire(x.hi))
            low[i], high[i] = ends if slope.lo >= 0.0 else ends[::-1]
    if any(low[i] is not xs[i] for i in slopes):
        bounds = bounds.meet(m.made(at(low).lo, at(high).hi, False)) or bounds
    if any(low[i] is xs[i] for i in slopes):
        value = at(middle)
        for i, slope in slopes.items():
            value = value + slope * (xs[i] - middle[i])
        bounds = bounds.meet(value) or bounds
    return bounds


def _is_told(slope: Interval) -> bool:
    return -inf < slope.lo and slope.hi < inf and not slope.partial
