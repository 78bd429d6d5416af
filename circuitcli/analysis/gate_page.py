"""A gate by itself: all that its row and its rules say, the gradient at a kink, and its curve."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple, TypedDict

from circuitcli.analysis.formulas import alone, derivatives, kink_at
from circuitcli.analysis.point import Point
from circuitcli.gates import GATES
from circuitcli.notation import expressions

PLACES = (0.0, 1.0, -1.0, 0.5)  # where a kink is looked for
OTHERS: dict[int, tuple[float, ...]] = {1: (), 2: (2.0,), 3: (-2.0, 2.0)}  # what stands still while one moves
WITHIN = [i / 24 - 5.0 for i in range(241)]  # every whole number is one of them, which are the ends of many domains


class AtKink(TypedDict):
    """A point at which a gate has a kink, and the gradient there."""

    inputs: dict[str, float]
    gradient: dict[str, float]


class GatePage(TypedDict):
    """All that is known of a gate, as a record; None where there is nothing to say."""

    name: str
    arity: str
    arguments: list[str]
    derivative: dict[str, str]
    kinks: str | None
    aliases: list[str]
    written: str
    formula: str | None
    about: str | None
    domain: str | None
    at_kink: AtKink | None
    accuracy: str | None


def record(name: str) -> GatePage:
    """Return the page of a gate."""
    gate, slopes = GATES[name], derivatives(name)
    return {
        "name": name,
        "arity": gate.arity,
        "arguments": [argument for argument, _ in slopes],
        "derivative": dict(slopes),
        "kinks": kink_at(name) or None,
        "aliases": list(gate.aliases),
        "written": written(name),
        "formula": gate.formula or None,
        "about": gate.about or None,
        "domain": gate.defined or None,
        "at_kink": at_kink(name),
        "accuracy": gate.accuracy or None,
    }


def written(name: str) -> str:
    """Write the use of a gate on its arguments, as it is typed."""
    graph = alone(name)
    return expressions(graph)[graph.output]


def at_kink(name: str) -> AtKink | None:
    """Find a point at which a gate has a kink; None where there is no kink, or no gradient."""
    gate, graph = GATES[name], alone(name)
    if gate.kink is None or not any(gate.rules):
        return None
    others = OTHERS[len(graph.inputs)]
    wrt = [x for x, rule in zip(graph.inputs, gate.vjps(len(graph.inputs)), strict=True) if rule]
    for xs in [*((x, *others) for x in (*others, *PLACES)), *product(PLACES, repeat=len(graph.inputs))]:
        point = Point(graph, dict(zip(graph.inputs, xs, strict=True)), wrt)
        if point.kinks[graph.output]:
            gradient = {x: slope + 0.0 for x, slope in point.gradient.items()}  # not -0.0
            return {"inputs": point.inputs, "gradient": gradient}
    return None


class GateCurve(NamedTuple):
    """The value and the slope of a gate while one of its arguments moves; without slopes where nothing is propagated
    along that one."""

    moving: str
    still: dict[str, float]
    places: list[float]
    values: list[float]
    slopes: list[float]


def curve(name: str, count: int) -> GateCurve | None:
    """Sample the curve of a gate, where it has a value, along the first argument that may be any number; None for a
    gate over rows, and for one without arguments."""
    graph = alone(name)
    if GATES[name].only_over_rows or not graph.inputs:
        return None
    for moving in graph.inputs:
        others = [x for x in graph.inputs if x != moving]
        still = dict(zip(others, OTHERS[len(graph.inputs)], strict=True))
        known = [x for x in WITHIN if (y := Point(graph, {**still, moving: x}).value) == y]
        if len(known) > len(WITHIN) // 3:
            break
    low, high = WITHIN[0] if known[0] < WITHIN[2] else known[0], known[-1]  # a pole is no end
    places = [low + i * (high - low) / (count - 1) for i in range(count)]
    points = [Point(graph, {**still, moving: x}, [moving]) for x in places]
    rule = GATES[name].vjps(len(graph.inputs))[list(graph.inputs).index(moving)]
    return GateCurve(
        moving,
        still,
        places,
        [point.value for point in points],
        [point.gradient[moving] for point in points] if rule else [],
    )
