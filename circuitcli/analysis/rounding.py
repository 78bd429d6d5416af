"""The number of digits of a result that are good: the effect of every node's rounding on the output, to first order.

The rounding of node i moves the output by |gradient_i * value_i| * u, with u = 2^-53 for what is rounded correctly,
and as much more as the gate may be off (Higham, Accuracy and Stability of Numerical Algorithms, 3.1; Linnainmaa 1976).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT

UNIT = 2.0**-53


class Rounding(NamedTuple):
    """The distance by which the rounding of each node may move the output; by which all together may; and the digits
    that this leaves."""

    nodes: list[float]
    absolute: float
    relative: float
    digits: int


def rounding(point: Point, inexact: Collection[str] = ()) -> Rounding:
    """Bound the rounding at a point of floats; `inexact` names the inputs that were rounded when they were read."""
    graph, values = point.graph, point.values
    gradients = backward(graph, FLOATS, values, [True] * len(graph.nodes))
    moved = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        size = units(gate) if args else float(_rounded(gate, text, inexact))
        g = gradients.get(k, 0.0)
        moved.append(abs(g * values[k]) * size * UNIT if size and values[k] != 0.0 else 0.0)
    absolute = math.fsum(moved) if all(map(math.isfinite, moved)) else math.inf
    whole = abs(point.value)
    relative = 0.0 if absolute == 0.0 else absolute / whole if 0.0 < whole < math.inf else math.inf
    digits = 17 if relative == 0.0 else max(0, math.floor(-math.log10(relative))) if relative < math.inf else 0
    return Rounding(moved, absolute, relative, digits)


def units(gate: str) -> float:
    """Return the largest error of a gate, in units of 2^-53 of its value."""
    return 2.0 * GATES[gate].ulp


def _rounded(gate: str, text: str, inexact: Collection[str]) -> bool:
    """Whether an input or a constant is no float, so that the float next to it stands for it. A gate without arguments
    counts, and is exact."""
    if gate == INPUT:
        return text in inexact
    if gate != CONSTANT:
        return False
    return CONSTANTS[text].rounded if text in CONSTANTS else not exact(text)


def exact(text: str) -> bool:
    """Whether a decimal text is exactly a float."""
    number = float(text)
    return math.isinf(number) or Decimal(text) == Decimal(number)
