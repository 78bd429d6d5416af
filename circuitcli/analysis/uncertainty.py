"""Uncertainty to first order: how the standard uncertainties of inputs move every node (JCGM 100, 5.1 and 5.2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.analysis.lost_digits import lost_digits, restored
from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS, TINY
from circuitcli.engine.passes import contributions, kinks
from circuitcli.graph import reached_from

if TYPE_CHECKING:
    from circuitcli.analysis.unbounded import Unbounded

PART = 0.05  # of the variance, below which it does not matter how an input gets there
BENT = 0.25  # of a slope, by which it may change within a standard uncertainty


class Share(NamedTuple):
    """One input: its standard uncertainty, None where rows have their own, how far that alone moves the output, and its
    share of the variance (with correlations a share may be negative)."""

    sigma: float | None
    contribution: float
    share: float


class Uncertainty(NamedTuple):
    """The standard uncertainty of every node, and the shares of the inputs in that of the output. The contributions of
    those in `underflowed` are not 0, but below the range of floats."""

    sigmas: list[float]
    inputs: dict[str, Share]
    underflowed: Sequence[str] = ()


def uncertainty(point: Point, sigmas: Mapping[str, float], covariance: Mapping[tuple[str, str], float]) -> Uncertainty:
    """Propagate the standard uncertainties `sigmas` of the inputs through a point. They are independent but for the
    pairs in `covariance`."""
    names = [name for name in point.graph.inputs if sigmas.get(name, 0.0) > 0.0]
    related = {pair: correlation(pair, sigmas, covariance) for a in names for pair in ((a, b) for b in names)}
    graph, output, underflowed = point.graph, point.graph.output, []
    moves = [{a: float(slope) * sigmas[a] for a, slope in slopes.items()} for slopes in _slopes(point, point, names)]
    if _is_lost(point, moves[output], names):
        beyond = _slopes(point, point.unbounded, names)
        exact = [{a: slope * sigmas[a] for a, slope in slopes.items()} for slopes in beyond]
        moves = [{a: float(move) for a, move in there.items()} for there in exact]
        underflowed = [a for a, move in exact[output].items() if move != 0 and abs(moves[output][a]) < TINY]
    for a, slope in _with_lost_digits(point, names).items():
        moves[output][a] = slope * sigmas[a]
    spread = [total(parts, related)[0] for parts in moves]
    parts, shares = moves[graph.output], total(moves[output], related)[1]
    inputs = {a: Share(sigmas[a], abs(parts.get(a, 0.0)), shares.get(a, 0.0)) for a in names}
    return Uncertainty(spread, inputs, underflowed)


def _is_lost(point: Point, moves: Mapping[str, float], names: Sequence[str]) -> bool:
    """Whether the moves of the output are other than what floats can tell: some numbers left their range."""
    if point.m is not FLOATS or point.came_in():
        return False
    if all(TINY <= abs(moves.get(name, 0.0)) < math.inf for name in names):
        return False
    return bool(point.lost) or any(Point(point.graph, point.inputs, names).gradient.values())


def _with_lost_digits(point: Point, names: Sequence[str]) -> dict[str, float]:
    """The gradients of which floats lost digits on the way."""
    found = lost_digits(Point(point.graph, point.given, names, point.m)).gradients
    return {name: found[k] for name in names if (k := point.graph.inputs[name]) in found}


def correlation(
    pair: tuple[str, str], sigmas: Mapping[str, float], covariance: Mapping[tuple[str, str], float]
) -> float:
    """The correlation of two inputs."""
    a, b = pair
    return 1.0 if a == b else covariance.get(pair, 0.0) / sigmas[a] / sigmas[b]


def total(parts: Mapping[str, float], related: Mapping[tuple[str, str], float]) -> tuple[float, dict[str, float]]:
    """Add up parts by their correlations; return the total and each part's share of the variance. All is scaled by the
    largest, for squares would be beyond the range of a float."""
    if any(map(math.isnan, parts.values())):
        return math.nan, {}
    largest = max(map(abs, parts.values()), default=0.0)
    if not 0.0 < largest < math.inf:
        return largest, {}
    scaled = {a: part / largest for a, part in parts.items()}
    rows = {a: x * sum(related[a, b] * y for b, y in scaled.items()) for a, x in scaled.items()}
    variance = math.fsum(rows.values())
    if not variance > 0.0:
        return 0.0 if variance <= 0.0 else variance, {}
    return largest * math.sqrt(variance), {a: row / variance for a, row in rows.items()}


def at_kinks(point: Point, names: Iterable[str]) -> list[int]:
    """The nodes at a kink between these inputs and the output: the uncertainty differs from side to side there."""
    needed = point.graph.depends_on([point.graph.inputs[name] for name in names])
    marks = kinks(point.graph, point.m, point.values, needed)
    reached = reached_from(point.graph.nodes, [point.graph.output])
    return [k for k, mark in enumerate(marks) if mark and reached[k]]


def bent(point: Point, found: Uncertainty) -> list[str]:
    """The inputs that matter and whose slope is another within their uncertainty: second order matters there, too
    (JCGM 100, 5.1.2, note)."""
    if point.m is not FLOATS:
        return []
    here, names = _gradient(point, point.inputs, list(found.inputs)), []
    for name, share in found.inputs.items():
        if share.share > PART:
            sigma = share.sigma or 0.0
            sides = [{**point.inputs, name: point.inputs[name] + step} for step in (-sigma, sigma)]
            slopes = [_gradient(point, given, [name])[name] for given in sides]
            if not max(abs(slope - here[name]) for slope in slopes) <= BENT * abs(here[name]):
                names.append(name)
    return names


def _gradient(point: Point, given: Mapping[str, float], names: list[str]) -> dict[str, float]:
    """The gradient at other inputs, with the digits that floats lose."""
    there = Point(point.graph, given, names)
    restored(there)
    return there.gradient


def _slopes(point: Point, numbers: Point | Unbounded, names: list[str]) -> list[dict[str, Any]]:
    """Return for every node its derivative by each of the inputs: local derivatives of the backward rules, accumulated
    from the inputs up, in the arithmetic of some numbers."""
    graph, m, values = point.graph, numbers.m, numbers.values
    starts = {graph.inputs[name]: name for name in names}
    needed = graph.depends_on(starts)
    found: list[dict[str, Any]] = []
    for k in range(len(graph.nodes)):
        slopes: dict[str, Any] = {starts[k]: 1.0} if k in starts else {}
        if needed[k] and k not in starts:
            for i, local, _ in contributions(graph, m, values, needed, k, 1.0):
                for name, slope in found[i].items():
                    slopes[name] = slopes.get(name, 0.0) + local * slope
        found.append(slopes)
    return found
