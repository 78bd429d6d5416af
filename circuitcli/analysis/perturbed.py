"""The two passes over a box of inputs, of all numbers that rounding may make: a guaranteed bound of its effect.

Float64 computes each node as its gate at the computed arguments, and misses that by at most e_k. Between the exact
arguments and the computed ones every gate has a slope with which the mean value theorem holds, and these slopes are
within those of the backward pass, for all its intervals hold exact numbers, computed ones and those between. So the
output is off by at most the sum of e_k times the size of the slope by node k: no term of second order is left, which
Solovyev et al. (TOPLAS 2018) bound apart. At a kink the slopes are Clarke's, with which the theorem holds, too.

A gate that may jump there, or whose slope is infinite, is taken out of the passes: it is off by at most its width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from circuitcli.analysis.box_pieces import is_known
from circuitcli.analysis.box_point import Box
from circuitcli.engine.directed import product_up, sum_up
from circuitcli.engine.gate_rounding import NEAREST, gate_rounding, size, written_number
from circuitcli.engine.interval import NOTHING, Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import backward
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Graph, Node, reached_from
from circuitcli.wire_types import MAYBE


class RoundedGraph:
    """A circuit, the nodes that its output needs, and its `leaves`: by node the numbers that stay the same all over a
    box, each as an interval that holds it and its float, and how far these are apart. `fixed` has the inputs among
    them as they were written; all other inputs are floats."""

    def __init__(self, graph: Graph, fixed: Mapping[str, Graph]) -> None:
        self.graph = graph
        self.reached = reached_from(graph.nodes, [graph.output])
        self.leaves: dict[int, tuple[Interval, float]] = {}
        for k, node in enumerate(graph.nodes):
            if node.args or not self.reached[k]:
                continue
            if node.gate == CONSTANT:
                self.leaves[k] = written_number(Graph([node], 0))
            elif node.gate != INPUT:  # a gate without arguments, which is exact
                self.leaves[k] = interval(GATES[node.gate].forward(INTERVALS)), 0.0
            elif node.text in fixed or node.text in graph.defaults:
                self.leaves[k] = written_number(fixed.get(node.text) or graph.defaults[node.text])


class Effect(NamedTuple):
    """The effect of rounding over a box: `moves`, by how much each node may move the output, and `bound`, by how much
    all together may. `value` has the exact outputs."""

    box: Box
    value: Interval
    moves: list[float]
    bound: float


def effect_of_rounding(rounded: RoundedGraph, box: Box) -> Effect:
    """Bound the effect of rounding over a box of the inputs that are no leaves."""
    ahead = _Forward(rounded, box)
    slopes = backward(rounded.graph, INTERVALS, ahead.values, ahead.noisy, brought=ahead.out)
    moves, bound = [0.0] * len(rounded.graph.nodes), 0.0
    for k, slope in slopes.items():
        if ahead.misses[k] > 0.0:
            moves[k] = _product(size(slope), ahead.misses[k])
            bound = sum_up(bound, moves[k])
    if ahead.is_lost:  # though perhaps no slope tells of it
        bound = inf
        for k, miss in enumerate(ahead.misses):
            moves[k] = inf if miss == inf else moves[k]
    return Effect(box, ahead.exact, moves, bound)


class _Forward:
    """The forward pass: `values` hold all that each node may be, exact, computed or between, and `misses` bound its own
    rounding. Some rounding reaches the nodes that are `noisy`, and those `out` of the backward pass have taken it in.
    `exact` are the exact numbers of the last node."""

    def __init__(self, rounded: RoundedGraph, box: Box) -> None:
        self._rounded, self._box = rounded, box
        self.values: list[Interval] = []
        self.misses: list[float] = []
        self.noisy: list[bool] = []
        self._lost: list[bool] = []
        self.out: dict[int, Sequence[tuple[int, Interval]]] = {}
        self.exact = NOTHING
        for k, node in enumerate(rounded.graph.nodes[: rounded.graph.output + 1]):
            x, miss, noisy = self._node(k, node) if rounded.reached[k] else (NOTHING, 0.0, False)
            self.values.append(x)
            self.misses.append(miss)
            self.noisy.append(noisy or miss > 0.0)
            self._lost.append(miss == inf or any(self._lost[a] for a in self._seen(node)))

    def _node(self, k: int, node: Node) -> tuple[Interval, float, bool]:
        """The value of a node, its own rounding, and whether others go through it."""
        gate, args, text = node
        if not args:
            self.exact, miss = self._rounded.leaves.get(k) or (self._box[text], 0.0)
            return self.exact, miss, False
        xs, noisy = [self.values[a] for a in args], [self.noisy[a] for a in args]
        self.exact = x = interval(INTERVALS.gates[gate].forward(INTERVALS, *xs))
        miss = gate_rounding(gate, x, xs)
        if GATES[gate].ulp > NEAREST and miss > 0.0:  # else its ends are floats, and no result is rounded beyond them
            x = Interval(-sum_up(-x.lo, miss), sum_up(x.hi, miss), x.partial)
        if self._sees_sign_of_zero(gate, args, xs):
            self.out[k] = ()
            return x.hull(-x), sum_up(miss, 2.0 * size(x)), False
        if not any(noisy):
            return x, miss, False
        if not GATES[gate].chooses and _leaves_domain(gate, self.exact, xs):
            return x, inf, True
        jumps = _jumps(gate, self.exact, xs, noisy)
        if not jumps and any(GATES[gate].rules):
            return x, miss, True
        self.out[k] = ()
        if x.empty:
            return x, inf, False
        return x, sum_up(miss, sum_up(x.hi, -x.lo)) if jumps else miss, False

    def _seen(self, node: Node) -> Sequence[int]:
        """The arguments on which the value of a node hangs: of a choice those that may be chosen."""
        if not (node.args and GATES[node.gate].chooses):
            return node.args
        condition = INTERVALS.truth(self.values[node.args[0]])
        return node.args if condition is MAYBE else [node.args[0], node.args[1 if condition else 2]]

    @property
    def is_lost(self) -> bool:
        """Whether nothing bounds the rounding of the output."""
        return self._lost[-1]

    def _sees_sign_of_zero(self, gate: str, args: Sequence[int], xs: Sequence[Interval]) -> bool:
        """Whether a gate may see the sign of a computed 0, which no exact number has."""
        row, nodes = GATES[gate], self._rounded.graph.nodes
        if not any(nodes[args[i]].args for i in row.signed):
            return False
        kink = row.kink_along([i in row.signed for i in range(len(args))])
        return kink is not None and kink(INTERVALS, self.exact, *xs) is not False


def _jumps(gate: str, o: Interval, xs: Sequence[Interval], noisy: Sequence[bool]) -> bool:
    """Whether rounding of the `noisy` arguments may make a gate jump, or meets an infinite slope."""
    row = GATES[gate]
    if row.choice is not None or (row.chooses and not noisy[0]):
        return False
    if row.pieced:
        return not is_known(row.piece_at(INTERVALS, o, *xs))
    kink = row.kink_along(noisy)
    return kink is not None and kink(INTERVALS, o, *xs) is not False


def _leaves_domain(gate: str, o: Interval, xs: Sequence[Interval]) -> bool:
    """Whether some arguments are outside the domain of this gate, and not of an earlier one alone."""
    if not o.partial or not any(x.partial for x in xs):
        return o.partial
    return interval(INTERVALS.gates[gate].forward(INTERVALS, *[Interval(x.lo, x.hi) for x in xs])).partial


def _product(slope: float, miss: float) -> float:
    return inf if miss == inf or slope == inf else product_up(slope, miss)
