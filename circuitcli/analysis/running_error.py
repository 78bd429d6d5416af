"""A bound on the rounding of every node at once, in one forward pass (Wilkinson 1986; Higham, 3.3)."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.engine.floats import FLOATS, LEAST, TINY, UNIT
from circuitcli.engine.passes import contributions
from circuitcli.gates import GATES
from circuitcli.graph import Graph


def running_errors(graph: Graph, values: Sequence[float]) -> list[float]:
    """Bound the distance of each value from the exact one, to first order; nan or infinite where nothing is known.

    A result below the normal range counts as off by the smallest float, so a number that was lost there, and is
    divided by another such, is known to be lost.
    """
    errors: list[float] = []
    off = [False] * len(graph.nodes)
    for k, (name, args, _) in enumerate(graph.nodes):
        if not args:
            errors.append(0.0)
            continue
        gate, value = GATES[name], values[k]
        error = gate.units * UNIT * abs(value)
        if -TINY < value < TINY and not (gate.exact or gate.exact_when_tiny):
            error += 0.0 if any(values[a] == errors[a] == 0.0 for a in args) else LEAST
        for a, slope, _ in contributions(graph, FLOATS, values, off, k, 1.0):
            error += abs(slope) * errors[a]
        errors.append(error)
        off[k] = error != 0.0
    return errors
