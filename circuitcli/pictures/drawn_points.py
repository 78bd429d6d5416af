"""The point whose numbers a drawing shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import Point
from circuitcli.errors import UsageError
from circuitcli.graph import Graph


def drawn_point(graph: Graph, given: Mapping[str, float], wrt: Sequence[str]) -> Point | None:
    """The point at the inputs, or None for a bare graph where no input has a value."""
    needed = [name for name in graph.inputs if name not in graph.defaults]
    return Point(graph, given, wrt) if given or not needed else None


def moving_point(graph: Graph, given: Mapping[str, float], wrt: Sequence[str]) -> Point:
    """The point at which a page begins; inputs without a value are 1. Raises UsageError where one is not finite."""
    point = drawn_point(graph, given, wrt) or Point(graph, dict.fromkeys(graph.inputs, 1.0), wrt)
    if point.came_in():
        raise UsageError(f"a page moves finite numbers, and {point.came_in()[0]} is none", "give it another value")
    return point
