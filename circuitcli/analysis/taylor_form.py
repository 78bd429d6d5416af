"""Bounds of a circuit over a box by its Taylor series, which are tight where its derivatives are small.

Each derivative is a circuit. Those of the last order are taken over all of the box (Lagrange's remainder).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import factorial, prod

from circuitcli.analysis.box_point import Box, middle_of
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph

LONGEST = 600  # nodes of all derivatives together
HIGHEST = 8  # order

Many = tuple[str, ...]  # the inputs of a derivative in their order, each as often as it is taken by it


class TaylorForm:
    """The derivatives of a circuit by its `moving` inputs, up to an order at which they get long."""

    def __init__(self, graph: Graph, moving: Sequence[str]) -> None:
        self._moving = moving
        self._orders: list[list[Many]] = [[()]]
        self._circuit = Graph(graph.nodes, graph.output, {_name(()): graph.output}, graph.defaults)
        while len(self._orders) <= HIGHEST and self._grown():
            pass

    def bounds(self, box: Box) -> list[Interval]:
        """The bounds by each order, over a box in which the circuit is smooth."""
        middles = {name: interval(middle_of(box[name])) for name in self._moving}
        reach = {name: box[name] - x for name, x in middles.items()}
        over = forward(self._circuit, INTERVALS, box, INTERVALS.gates)
        at = forward(self._circuit, INTERVALS, {**box, **middles}, INTERVALS.gates)
        found, total = list[Interval](), interval(0.0)
        for order in self._orders:
            terms = {many: _scale(many, reach) for many in order}
            places = {many: self._circuit.names[_name(many)] for many in order}
            rest = total
            for many, scale in terms.items():
                rest, total = rest + scale * over[places[many]], total + scale * at[places[many]]
            found.append(rest)
        return found

    def _grown(self) -> bool:
        """Add the derivatives of one more order; False where they are too long."""
        circuit, new = self._circuit, list[Many]()
        for many in self._orders[-1]:
            by = [name for name in self._moving if not many or self._moving.index(name) >= self._moving.index(many[-1])]
            found = Derivatives(circuit.ending(circuit.names[_name(many)]), by, folds=True)
            circuit = found.graph({**circuit.names, **{_name((*many, name)): found.gradient[name] for name in by}})
            if len(circuit.nodes) > LONGEST:
                return False
            new += [(*many, name) for name in by]
        self._circuit = circuit
        self._orders.append(new)
        return True


def _name(many: Many) -> str:
    return f"#{','.join(many)}"


def _scale(many: Many, reach: Box) -> Interval:
    """The product of how far the ends are, over the factorials (Taylor)."""
    counts = Counter(many)
    found = INTERVALS.div(1.0, float(prod(map(factorial, counts.values()))))
    for name, count in counts.items():
        found = found * INTERVALS.pow(reach[name], float(count))
    return found
