"""Nodes whose smooth piece, as of `max` or of a comparison, is decided by rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES, Gate

if TYPE_CHECKING:
    from circuitcli.carried import Real


def undecided(point: Point, noise: Sequence[Real]) -> list[int]:
    """The nodes whose gate would be on another of its pieces if an argument were moved by its noise."""
    m, found = point.m, []
    for k, node in enumerate(point.graph.nodes):
        gate = GATES.get(node.gate)
        moving = [(i, noise[a]) for i, a in enumerate(node.args) if noise[a]]
        if not moving or gate is None or (any(gate.rules) and gate.piece is None):
            continue
        xs = [point.values[a] for a in node.args]

        def piece(xs: list[Real], gate: Gate = gate) -> object:
            return gate.piece_at(m, gate.forward(m, *xs), *xs)

        here = piece(xs)
        if m is FLOATS:  # which do not move by less than their spacing
            moving = [(i, max(size, math.ulp(xs[i]))) for i, size in moving]
        moved = ([*xs[:i], xs[i] + step, *xs[i + 1 :]] for i, size in moving for step in (size, -size))
        if any(piece(other) != here for other in moved):
            found.append(k)
    return found


def noise_of_digits(point: Point) -> list[Real]:
    """The size of the rounding of each value at a point of many digits, 0 where it is exact."""
    from circuitcli.engine.exact_numbers import Exact

    m = point.m
    noise: list[Real] = []
    for node, value in zip(point.graph.nodes, point.values, strict=True):
        kept = isinstance(value, Exact) or not m.isfinite(value)
        below = sum((noise[a] for a in node.args), 0.0)
        noise.append(0.0 if kept else abs(m.number(value)) * m.number(10.0) ** (5 - m.digits) + below)
    return noise
