"""Values and parts of gradients that may have left the range of floats, told from those that are 0 for a reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from circuitcli.engine.floats import TINY
from circuitcli.gates import GATES
from circuitcli.graph import Graph


def lost_values(graph: Graph, values: Sequence[float]) -> list[int]:
    """The nodes whose value seems to have left the range of floats: infinite though all arguments are finite, or 0 or
    subnormal though none is 0. Some are just that, as log(1) is 0."""
    found = []
    for k, node in enumerate(graph.nodes):
        size = abs(values[k])
        if not TINY <= size < math.inf and node.args:
            xs = [values[a] for a in node.args]
            gate = GATES[node.gate]
            if size < TINY:
                gone = 0.0 not in xs and not gate.exact and not gate.exact_when_tiny
            else:
                gone = all(map(math.isfinite, xs))
            if gone:
                found.append(k)
    return found


def innocent(graph: Graph, values: Sequence[float], gradients: Mapping[int, float], k: int, c: float) -> bool:
    """Whether a part that node k hands on is 0 for a reason: nothing comes to the node, or one of its numbers is 0."""
    if c != 0.0 or math.isinf(values[k]):
        return False
    return gradients.get(k, 0.0) == 0.0 or values[k] == 0.0 or 0.0 in [values[a] for a in graph.nodes[k].args]
