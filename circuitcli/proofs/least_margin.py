"""The least margin of an inequality in a box, as near as it takes to know whether it holds everywhere."""

from __future__ import annotations

from circuitcli.analysis.margin import Margin
from circuitcli.engine.interval import Interval
from circuitcli.proofs.boxes import Box, Point, middle_of
from circuitcli.proofs.jets import Jets
from circuitcli.proofs.minimum import Search


def least_margin(margin: Margin, box: Box, boxes: int) -> tuple[Interval, Point]:
    """The bounds of the least margin of one that is defined all over a box, after so many parts at the most, and the
    inputs where the least one was met."""
    domain = {name: x for name, x in box.items() if x.lo < x.hi}
    given = {name: x for name, x in box.items() if name not in domain}
    search = Search(Jets(margin.graph, [*domain], given), domain, lambda point: point)
    found = search.run(middle_of(domain), boxes, lambda value: margin.holds(value) or margin.fails(value))
    return found.value, {**middle_of(given), **found.point}
