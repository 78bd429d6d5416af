"""The reach of what left the range of floats: it is nudged, and what moves is followed. Most of it is felt nowhere:
1 + exp(-800) is 1, and a gradient that fades along a chain adds nothing to a sum."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heappop, heappush

from circuitcli.analysis.lost_parts import Part, is_at_zero
from circuitcli.engine.floats import FLOATS, LEAST, NUDGE
from circuitcli.engine.passes import contributions
from circuitcli.gates import GATES
from circuitcli.graph import Graph


def moved_values(graph: Graph, values: Sequence[float], lost: Collection[int]) -> dict[int, float]:
    """The values that become others where those in `lost` are nudged."""
    found: dict[int, float] = {}
    known = set(lost)
    for k, node in enumerate(graph.nodes if known else ()):
        if k in known or any(a in found for a in node.args):
            o: float = GATES[node.gate].forward(FLOATS, *[found.get(a, values[a]) for a in node.args])
            o = math.copysign(abs(o) + NUDGE, o) if k in known else o
            if o != values[k]:
                found[k] = o
    return found


def moved_gradients(
    graph: Graph,
    values: Sequence[float],
    needed: Sequence[bool],
    gradients: Mapping[int, float],
    moved: Mapping[int, float],
    parts: Sequence[Part],
    to_the_end: bool,
) -> dict[int, float]:
    """Bound how far each gradient moves that moves, where values have `moved` and parts are nudged. It fades as they
    do; `to_the_end`: it is followed even where it is smaller than floats go."""
    errors: dict[int, float] = {}
    for i, error in parts:
        _add(errors, i, error)
    there = [moved.get(k, x) for k, x in enumerate(values)] if moved else values
    for k, g in gradients.items() if moved else ():
        if k in moved or any(a in moved for a in graph.nodes[k].args):
            edges = [{i: c for i, c, _ in contributions(graph, FLOATS, at, needed, k, g)} for at in (values, there)]
            for i in edges[0].keys() | edges[1].keys():
                _add(errors, i, abs(edges[0].get(i, 0.0) - edges[1].get(i, 0.0)))
    waiting = [-k for k in errors]
    heapify(waiting)
    while waiting:
        k = -heappop(waiting)
        for i, slope, _ in contributions(graph, FLOATS, values, needed, k, 1.0):
            error = abs(slope) * errors[k]
            if error == 0.0 and to_the_end and not (slope == 0.0 and is_at_zero(graph, values, moved, k)):
                error = LEAST
            if error != 0.0:
                if i not in errors:
                    heappush(waiting, -i)
                _add(errors, i, error)
    return errors


def _add(errors: dict[int, float], i: int, error: float) -> None:
    errors[i] = errors.get(i, 0.0) + (error if error == error else math.inf)
