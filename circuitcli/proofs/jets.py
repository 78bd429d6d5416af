"""A circuit with its derivatives over a box: the value, the slopes and the second derivatives, as intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from math import inf
from typing import NamedTuple

from circuitcli.analysis.box_pieces import Stand, may_jump, stand
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.interval_source import Found, over_boxes
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import backward, forward
from circuitcli.graph import CONSTANT, Graph, reached_from

Box = Mapping[str, Interval]
MOST_BENT = 12  # inputs by which there are second derivatives: their number grows with the square
ANYTHING = Interval(-inf, inf)


class Jet(NamedTuple):
    """The value and the slopes over a box. `whole`: the circuit is defined all over it, and does not jump; `smooth`: it
    has no kink there, either."""

    value: Interval
    slopes: list[Interval]
    whole: bool
    smooth: bool

    def from_a_point(self, value: Interval, distances: Sequence[Interval]) -> Interval:
        """The mean value form: what the value at one point leaves possible at such distances from it (Moore 1966; at
        kinks with Clarke's slopes, Lebourg 1975)."""
        for slope, distance in zip(self.slopes, distances, strict=True):
            value = value + slope * distance
        return value


class Jets:
    """The jets of a circuit by some inputs; all others are `given`."""

    def __init__(self, graph: Graph, names: Sequence[str], given: Box) -> None:
        self.graph, self.names, self.given = graph, names, given
        self._places = [graph.inputs[name] for name in names]
        self._needed = graph.depends_on(self._places)
        reached = reached_from(graph.nodes, [graph.output])
        self._used = [reached[k] for k in self._places]
        self.bent = len(names) <= MOST_BENT
        self._value = over_boxes(graph, names, given, [graph.output])

    def needs(self, i: int) -> bool:
        """Whether an input is anywhere in the circuit."""
        return self._used[i]

    def value(self, box: Box) -> Interval:
        """The bounds of the value alone."""
        found = self._value(*_ends(box))
        return self.exactly(box) if found is None else found[0]

    def exactly(self, box: Box) -> Interval:
        """The bounds of the value, where only what is not exact is rounded."""
        found: Interval = forward(self.graph, INTERVALS, {**self.given, **box}, INTERVALS.gates)[self.graph.output]
        return found

    def may_jump(self, point: Box) -> bool:
        """Whether the rounding of `value` leaves open on which side of a jump a point is."""
        function, watched = self._sloped
        found = function(*_ends(point))
        values: Mapping[int, Interval]
        if found is None:
            values = dict(enumerate(forward(self.graph, INTERVALS, {**self.given, **point}, INTERVALS.gates)))
        else:
            values = dict(zip(watched, found[1 + len(self.names) :], strict=True))
        nodes = self.graph.nodes
        return any(may_jump(nodes[k], values[k], [values[a] for a in nodes[k].args]) for k in self._rough)

    def is_level(self, point: Box) -> bool:
        """Whether all slopes at a point are exactly 0."""
        return all(slope == interval(0.0) for slope in self._by_passes(point).slopes)

    def is_apart(self, box: Box) -> bool:
        """Whether the output is not 0 on any side of the poles in a box."""
        from circuitcli.proofs.poles import is_apart

        return is_apart(self.graph, {**self.given, **box})

    def over(self, box: Box) -> Jet:
        """The value and the slopes."""
        function, watched = self._sloped
        found = function(*_ends(box))
        if found is None:
            return self._by_passes(box)
        value, *rest = found
        count = len(self.names)
        return Jet(value, rest[:count], *self._stands(dict(zip(watched, rest[count:], strict=True))))

    def _by_passes(self, box: Box) -> Jet:
        """The two passes know what there is where a gate is outside its domain."""
        values = forward(self.graph, INTERVALS, {**self.given, **box}, INTERVALS.gates)
        value: Interval = values[self.graph.output]
        found = backward(self.graph, INTERVALS, values, self._needed)
        slopes = [interval(found.get(k, 0.0)) for k in self._places]
        return Jet(value, slopes, *((False, False) if value.partial else self._stands(dict(enumerate(values)))))

    def _stands(self, values: Mapping[int, Interval]) -> tuple[bool, bool]:
        """Whether the circuit is whole, and smooth, where its rough nodes have these values."""
        found = {self._stand(k, values) for k in self._rough}
        return Stand.JUMPS not in found, found <= {Stand.SMOOTH}

    def _stand(self, k: int, values: Mapping[int, Interval]) -> Stand:
        node = self.graph.nodes[k]
        return stand(node, values[k], [values[a] for a in node.args], self._needed)

    @cached_property
    def _rough(self) -> list[int]:
        """The nodes that may stand at a kink or jump somewhere."""
        nodes = self.graph.nodes
        constants = {k: INTERVALS.constant(node.text) for k, node in enumerate(nodes) if node.gate == CONSTANT}
        anywhere = {k: constants.get(k, ANYTHING) for k in range(len(nodes))}
        reached = reached_from(nodes, [self.graph.output])
        moving = [k for k, node in enumerate(nodes) if node.args and self._needed[k] and reached[k]]
        return [k for k in moving if self._stand(k, anywhere) is not Stand.SMOOTH]

    def bends(self, box: Box, moving: Sequence[int]) -> list[list[Interval]]:
        """The second derivatives by the inputs at some places; without bounds where one is not defined."""
        function, places = self._bent
        found = function(*_ends(box))
        if found is None:
            return [[ANYTHING] * len(moving) for _ in moving]
        return [[found[places[i][j]] for j in moving] for i in moving]

    @cached_property
    def _sloped(self) -> tuple[Callable[..., Found | None], list[int]]:
        """The function of the value, the slopes, and the nodes that tell how the rough ones stand; and these nodes."""
        watched = list(dict.fromkeys(i for k in self._rough for i in (k, *self.graph.nodes[k].args)))
        found = Derivatives(self.graph, self.names)
        return self._function(found, [self.graph.output, *found.gradient.values(), *watched]), watched

    @cached_property
    def _bent(self) -> tuple[Callable[..., Found | None], list[list[int]]]:
        """The function of the second derivatives, and the place of each among them."""
        found = Derivatives(self.graph, self.names).second()
        nodes = list(dict.fromkeys(found.hessian.values()))
        places = [[nodes.index(found.hessian[a, b]) for b in self.names] for a in self.names]
        return self._function(found, nodes), places

    def _function(self, found: Derivatives, nodes: Sequence[int]) -> Callable[..., Found | None]:
        graph = found.graph({f"#{k}": k for k in nodes})
        return over_boxes(graph, self.names, self.given, [graph.names[f"#{k}"] for k in nodes])


def _ends(box: Box) -> list[float]:
    return [end for x in box.values() for end in (x.lo, x.hi)]
