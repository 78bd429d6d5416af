"""The derivative of each unknown of a root by every other input, by the implicit function theorem."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Vector
from circuitcli.graph import Graph
from circuitcli.solving.scaled_elimination import eliminated

Slopes = dict[str, dict[str, float]]  # of each unknown by each input


def sensitivities(
    graphs: Sequence[Graph], given: Mapping[str, float], unknowns: Sequence[str], by: Sequence[str]
) -> Slopes:
    """The derivatives at a root, where all inputs are `given`; empty where the slopes there are singular."""
    found = {name: dict[str, float]() for name in unknowns}
    rows: list[Vector] = []
    others: list[Vector] = []
    for graph in graphs:
        _, slopes = PointObjective(graph, given, [*unknowns, *by]).both([given[name] for name in (*unknowns, *by)])
        rows.append(slopes[: len(unknowns)])
        others.append(slopes[len(unknowns) :])
    for j, name in enumerate(by):
        column = eliminated(rows, [-row[j] for row in others])
        if column is None or not all(map(math.isfinite, column)):
            return {}
        for unknown, slope in zip(unknowns, column, strict=True):
            found[unknown][name] = slope + 0.0
    return found


def standard_errors(
    slopes: Slopes, sigmas: Mapping[str, float], covariance: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """The standard uncertainty of each unknown, from those of the other inputs, to first order."""
    found = {}
    for unknown, by in slopes.items():
        total = 0.0
        for a, slope in by.items():
            for b, other in by.items():
                pair = sigmas.get(a, 0.0) ** 2 if a == b else covariance.get((a, b), 0.0)
                total += slope * other * pair
        found[unknown] = math.sqrt(max(total, 0.0))
    return found
