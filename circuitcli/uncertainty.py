"""Uncertainty to first order: how the standard uncertainties of inputs move every node (JCGM 100, 5.1 and 5.2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from circuitcli.engine.passes import contributions
from circuitcli.point import Point


class Share(NamedTuple):
    """Of one input: its standard uncertainty, by how much that alone moves the output, and its part of the variance
    (with correlations a part may be negative)."""

    sigma: float
    contribution: float
    share: float


class Uncertainty(NamedTuple):
    """The standard uncertainty of every node, and the shares of the inputs in that of the output."""

    sigmas: list[float]
    inputs: dict[str, Share]


def uncertainty(point: Point, sigmas: Mapping[str, float], covariance: Mapping[tuple[str, str], float]) -> Uncertainty:
    """The uncertainty of a point whose inputs have standard uncertainties `sigmas`, independent unless a pair of them
    is in `covariance`."""
    names = [name for name in point.graph.inputs if sigmas.get(name, 0.0) > 0.0]
    matrix = {(a, b): covariance.get((a, b), sigmas[a] ** 2 if a == b else 0.0) for a in names for b in names}
    slopes = _slopes(point, names)
    spread = [math.sqrt(max(_variance(slope, matrix), 0.0)) for slope in slopes]
    output = slopes[point.graph.output]
    variance = _variance(output, matrix)
    shares = {}
    for a in names:
        slope = output.get(a, 0.0)
        part = slope * sum(matrix[a, b] * other for b, other in output.items())
        shares[a] = Share(sigmas[a], abs(slope) * sigmas[a], part / variance if variance > 0.0 else 0.0)
    return Uncertainty(spread, shares)


def _variance(slopes: Mapping[str, float], matrix: Mapping[tuple[str, str], float]) -> float:
    return sum(matrix[a, b] * x * y for a, x in slopes.items() for b, y in slopes.items())


def _slopes(point: Point, names: list[str]) -> list[dict[str, float]]:
    """For every node its derivative by each of the inputs: the local derivatives of the backward rules, accumulated
    from the inputs up."""
    graph, m = point.graph, point.m
    starts = {graph.inputs[name]: name for name in names}
    needed = graph.depends_on(starts)
    found: list[dict[str, float]] = []
    for k in range(len(graph.nodes)):
        slopes: dict[str, float] = {starts[k]: 1.0} if k in starts else {}
        if needed[k] and k not in starts:
            for i, local, _ in contributions(graph, m, point.values, needed, k, 1.0):
                for name, slope in found[i].items():
                    slopes[name] = slopes.get(name, 0.0) + float(local) * slope
        found.append(slopes)
    return found
