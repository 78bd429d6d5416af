"""The words on the end of a search for a root from a start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.interval import Interval
from circuitcli.nested_names import in_short
from circuitcli.solving.flat_direction import flat_direction
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.ascent.point_objective import PointObjective
    from circuitcli.ascent.problem import Vector
    from circuitcli.proofs.boxes import Box
    from circuitcli.solving.root_search import Solution

FAR = 100.0  # times the largest start: how far around a root is proven to be none


class Nothing(NamedTuple):
    """The things known where no root was found: the box in which it is proven that there is none, the gate that is nan
    at the start, and whether floats alone have a root."""

    box: Box
    fault: str
    seeming: bool = False


NOTHING = Nothing({}, "")


def box_around(start: Mapping[str, float], low: Sequence[float], high: Sequence[float]) -> dict[str, Interval]:
    """A wide box around a start, within the bounds."""
    far = FAR * 10.0 ** ceil(log10(max(1.0, *map(abs, start.values()))))
    ends = zip(start, low, high, strict=True)
    return {name: Interval(max(-far, a), min(far, b)) for name, a, b in ends if max(-far, a) <= min(far, b)}


def fault_at(objectives: Sequence[PointObjective], x: Sequence[float]) -> str:
    """The gate that makes an equation infinite or nan at a start; empty where all are finite."""
    return next(filter(None, (objective.fault([*x]) for objective in objectives)), "")


def flat_names(solution: Solution, before: Sequence[Vector], start: Mapping[str, float]) -> list[str]:
    """The unknowns along which the equations do not change to first order at the end; `before` are the slopes at the
    start, or those at the end itself where it is proven to be alone."""
    if not solution.place.finite:
        return []
    pairs = zip(solution.place.x, start.values(), strict=True)
    sizes = [max(abs(u), abs(u - v)) or 1.0 for u, v in pairs]
    return [[*start][i] for i in flat_direction(solution.place.rows, before, sizes)]


def message(solution: Solution, flat: Sequence[str], proven: bool, nothing: Nothing) -> str:
    """The line below the tables: a root or none, and what is known of it."""
    after = f"after {solution.steps:,} step{'s' * (solution.steps != 1)}"
    along = some_of(in_short([*flat]))
    if solution.found:
        elsewhere = f", from the {solution.starts}. start" if solution.starts > 1 else ""
        proof = "; proven: exactly one root close by" if proven else "; not proven to be alone"
        if flat:
            proof = "; proven: exactly one root close by" if proven else ""
            proof += f"; singular: along {along} the equations do not change to first order"
            proof += "" if proven else ", so others may be close by"
        many = len(solution.place.rows) > len(solution.place.x)
        return f"root: all equations hold {after}{elsewhere}{'' if many and not flat else proof}"
    if solution.over:
        return f"stopped: {solution.over}"
    if nothing.box:
        where = ", ".join(f"{name} from {x.lo:g} to {x.hi:g}" for name, x in nothing.box.items())
        return f"no root: proven, there is none for {where}"
    words = f"no root: none was found from {solution.starts} starts {after}; the best is told"
    if nothing.seeming:
        words += "; the sides are equal only as floats: in more digits the steps go on and on"
    elif nothing.fault:
        words += f"; at the start {nothing.fault}"
    elif flat:
        words += f"; there the slopes are singular: along {along} the equations do not change to first order"
    return words
