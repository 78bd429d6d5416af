"""A circuit over rows of boxes: for each row bounds of nodes, and of their slopes, that hold all over its box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circuitcli.engine.interval_array import IntervalArray, between, interval_array, points
from circuitcli.engine.interval_arrays import INTERVAL_ARRAYS
from circuitcli.engine.interval_conditions import Undecided
from circuitcli.engine.passes import backward, forward, kinks
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, Graph, reached_from

if TYPE_CHECKING:
    from circuitcli.engine.interval_array import BoolArray
    from circuitcli.engine.protocol import Columns
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_boxes import RowBoxes

Values = Sequence[IntervalArray]
Slopes = Mapping[int, IntervalArray]


class Bounded(NamedTuple):
    """The bounds of a node in each row, and of its slopes."""

    value: IntervalArray
    slopes: Slopes


class BoundedRows:
    """The two passes over rows of boxes. A box is not cut; where an input that moves stands twice the mean value form,
    and the ends of the box where a slope has one sign, make the bounds of a node tighter."""

    def __init__(self, plan: Plan, boxes: RowBoxes) -> None:
        self._graph, self._boxes, self._used = plan.graph, boxes, plan.used
        graph = plan.graph
        wide = [name for name, x in boxes.shared.items() if x.lo < x.hi]
        self._moving = {name: graph.inputs[name] for name in graph.inputs if name in boxes.ends or name in wide}
        self._shared = {name: interval_array(x) for name, x in boxes.shared.items()}

    def inputs(self, columns: Columns) -> dict[str, IntervalArray]:
        """The boxes of rows from their columns. A single row stands there twice: an array of one number would stand for
        all rows."""
        found = dict(self._shared)
        columns = {name: np.repeat(column, 2) if len(column) == 1 else column for name, column in columns.items()}
        for name in self._used:
            ends = self._boxes.ends.get(name)
            found[name] = points(columns[name]) if ends is None else between(*(columns[end] for end in ends))
        return found

    def values(self, inputs: Mapping[str, IntervalArray]) -> list[IntervalArray]:
        """The bounds of all nodes, as they are without looking closer."""
        return forward(self._graph, INTERVAL_ARRAYS, inputs, INTERVAL_ARRAYS.gates)

    def bounded(self, inputs: Mapping[str, IntervalArray], values: Values, k: int, by: Sequence[int]) -> Bounded:
        """The bounds of a node, and of its slopes by some others."""
        often = self._stand_often(k)
        nodes = [*by, *(self._moving.values() if often else ())]
        if not nodes:
            return Bounded(values[k], {})
        needed = self._graph.depends_on(nodes)
        found = backward(self._graph, INTERVAL_ARRAYS, values, needed, k)
        slopes = {i: interval_array(g) for i, g in found.items()}
        value = self._tightened(inputs, values, k, slopes) if often else values[k]
        return Bounded(value, {i: slopes.get(i, interval_array(0.0)) for i in by})

    def _stand_often(self, k: int) -> bool:
        """Whether an input that moves stands twice in a node."""
        ways = [0] * (k + 1)
        ways[k] = 1
        for i in range(k, -1, -1):
            for a in self._graph.nodes[i].args if ways[i] else ():
                ways[a] = min(ways[a] + ways[i], 2)
        return any(i <= k and ways[i] > 1 for i in self._moving.values())

    def _tightened(self, inputs: Mapping[str, IntervalArray], values: Values, k: int, slopes: Slopes) -> IntervalArray:
        found = values[k]
        whole = ~found.partial & self._is_whole(values, k)
        if not whole.any():
            return found
        moving = {name: slopes[i] for name, i in self._moving.items() if i in slopes}
        for other in (self._from_the_middle(inputs, k, moving), self._at_ends(inputs, k, moving)):
            low, high = np.fmax(found.lo, other.lo), np.fmin(found.hi, other.hi)
            inside = whole & (low <= high)
            lo, hi = np.where(inside, low, found.lo), np.where(inside, high, found.hi)
            found = IntervalArray(lo, hi, found.partial)
        return found

    def _from_the_middle(
        self, inputs: Mapping[str, IntervalArray], k: int, slopes: Mapping[str, IntervalArray]
    ) -> IntervalArray:
        """The mean value form: the value in the middle, and slopes times how far the ends are (Moore 1966). At kinks
        the slopes are Clarke's, with which it holds, too (Lebourg 1975)."""
        middles = {name: points(0.5 * inputs[name].lo + 0.5 * inputs[name].hi) for name in slopes}
        moves = [slope * (inputs[name] - middles[name]) for name, slope in slopes.items()]
        return reduce(add, moves, self.values({**inputs, **middles})[k])

    def _at_ends(
        self, inputs: Mapping[str, IntervalArray], k: int, slopes: Mapping[str, IntervalArray]
    ) -> IntervalArray:
        """The bounds with each input along which the node only rises, or falls, at its two ends."""
        low, high = dict(inputs), dict(inputs)
        for name, slope in slopes.items():
            x, rises, falls = inputs[name], slope.lo >= 0.0, slope.hi <= 0.0
            first, last = np.where(rises, x.lo, x.hi), np.where(rises, x.hi, x.lo)
            one = rises | falls
            low[name] = IntervalArray(np.where(one, first, x.lo), np.where(one, first, x.hi), x.partial)
            high[name] = IntervalArray(np.where(one, last, x.lo), np.where(one, last, x.hi), x.partial)
        return IntervalArray(self.values(low)[k].lo, self.values(high)[k].hi, np.zeros(1, bool))

    def _is_whole(self, values: Values, k: int) -> BoolArray:
        """Where a node has no jump in the box: every gate that has some is on one piece."""
        nodes, needed = self._graph.nodes, self._graph.depends_on([*self._moving.values()])
        reached = reached_from(nodes, [k])
        bent = kinks(self._graph, INTERVAL_ARRAYS, values, [a and b for a, b in zip(needed, reached, strict=True)])
        found: BoolArray = np.ones(1, bool)
        for i, (gate, args, _) in enumerate(nodes):
            if not (args and needed[i] and reached[i]) or GATES[gate].choice is not None:
                continue
            found = found & ~_may(bent[i])
            if GATES[gate].pieced:
                found = found & _known(GATES[gate].piece_at(INTERVAL_ARRAYS, values[i], *[values[a] for a in args]))
        return found


def partial_nodes(graph: Graph, values: Values, results: Sequence[int], count: int) -> dict[int, BoolArray]:
    """The rows, of so many, in which a node that results need may be no number for some inputs of the box, by node;
    where one below is none, either, it does not count."""
    reached, found = reached_from(graph.nodes, results), dict[int, Any]()
    for k, node in enumerate(graph.nodes):
        if reached[k] and node.args and node.gate != CONSTANT and values[k].partial.any():
            own = values[k].partial & ~reduce(np.logical_or, [values[a].partial for a in node.args])
            if own.any():
                found[k] = own[:count]
    return found


def _may(condition: Any) -> Any:
    """Where a condition may hold."""
    return condition.may if isinstance(condition, Undecided) else np.bool_(condition)


def _known(piece: object) -> Any:
    """Where a gate is on a single piece."""
    if isinstance(piece, Undecided):  # which is a tuple, too
        return ~(piece.may & piece.may_not)
    if isinstance(piece, tuple):
        return reduce(np.logical_and, map(_known, piece), np.bool_(True))
    return piece.lo == piece.hi if isinstance(piece, IntervalArray) else np.bool_(True)
