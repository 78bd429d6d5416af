"""Values and parts of gradients that may have left the range of floats, told from those that are 0 for a reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.engine.floats import TINY
from circuitcli.gates import GATES, Gate
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real


def lost_values(graph: Graph, values: Sequence[float]) -> list[int]:
    """The nodes whose value seems to have left the range of floats: infinite though all arguments are finite, or cut
    short. Some are just that, as log(1) is 0."""
    found = []
    for k, node in enumerate(graph.nodes):
        size = abs(values[k])
        if not TINY <= size < math.inf and node.args:
            xs = [values[a] for a in node.args]
            if is_cut_short(GATES[node.gate], size, xs) if size < TINY else all(map(math.isfinite, xs)):
                found.append(k)
    return found


def is_cut_short(gate: Gate, size: Real, xs: Sequence[Real]) -> bool:
    """Whether a result of a size may have lost digits below the range of floats: it is that small though no argument is
    0."""
    return size < TINY and 0.0 not in xs and not gate.exact and not gate.exact_when_tiny


def innocent(graph: Graph, values: Sequence[float], gradients: Mapping[int, float], k: int, c: float) -> bool:
    """Whether a part that node k hands on is 0 for a reason: nothing comes to the node, or one of its numbers is 0."""
    if c != 0.0 or math.isinf(values[k]):
        return False
    return gradients.get(k, 0.0) == 0.0 or values[k] == 0.0 or 0.0 in [values[a] for a in graph.nodes[k].args]
