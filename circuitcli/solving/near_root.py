"""Proofs by intervals: that there is exactly one root close by, or none far around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.engine.interval import Interval
from circuitcli.graph import Graph
from circuitcli.proofs.boxes import Box
from circuitcli.proofs.jets import Jets
from circuitcli.proofs.roots import Claim, Hunt

AROUND = (1e-6, 1e-9, 1e-12)  # of the size of an unknown
BOXES = 64
FEW = 200


def certified(graphs: Sequence[Graph], given: Box, x: Mapping[str, float], sizes: Mapping[str, float]) -> Box | None:
    """The bounds of the one root near a point; None where it is not proven that there is exactly one. `given` are the
    bounds of the other inputs, `sizes` those of the unknowns."""
    system = [Jets(graph, [*x], given) for graph in graphs]
    for share in AROUND:
        around = {name: Interval(u - share * sizes[name], u + share * sizes[name]) for name, u in x.items()}
        roots = Hunt(system, around).run(BOXES)
        if roots.whole and [root.claim for root in roots.found] == [Claim.ONE]:
            return roots.found[0].box
    return None


def none_within(graphs: Sequence[Graph], given: Box, box: Box) -> bool:
    """Whether a few boxes prove that there is no root within bounds of the unknowns."""
    system = [Jets(graph, [*box], given) for graph in graphs]
    roots = Hunt(system, box).run(FEW)
    return roots.whole and not roots.found
