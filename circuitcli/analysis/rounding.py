"""The number of digits of a result that are good: the effect of every node's rounding on the output, to first order.

The rounding of node i moves the output by |gradient_i * value_i| * u, with u = 2^-53 for what is rounded correctly,
and as much more as the gate may be off (Higham, Accuracy and Stability of Numerical Algorithms, 3.1; Linnainmaa 1976).
Below the normal range numbers are 2^-1074 apart. Where a value fell there the first order is not enough, and what it
lost is known: its circuit runs again without such a range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import FLOATS, LEAST, TINY, UNIT
from circuitcli.engine.passes import backward, contributions
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

SHORT = 15  # digits of a whole number, which is a float whatever they are


class Rounding(NamedTuple):
    """The distance by which the rounding of each node may move the output; by which all together may; and the digits
    that this leaves."""

    nodes: list[float]
    absolute: float
    relative: float
    digits: int


def rounding(point: Point, inexact: Collection[str] = ()) -> Rounding:
    """Bound the rounding at a point of floats; `inexact` names the inputs that were rounded when they were read."""
    units = _units(point.graph, inexact)
    gradients, beyond = point.derivatives(_moving(point, units))
    fallen = {k for k in point.lost if abs(point.values[k]) < TINY and point.unbounded.values[k] != 0.0}
    moved = _moved(point, units, gradients, beyond, fallen)
    absolute = _together(moved)
    if fallen and math.isfinite(point.value):
        absolute += float(abs(point.unbounded.value - point.value))
    relative = relative_to(absolute, abs(point.value))
    return Rounding(moved, absolute, relative, digits_left(relative))


def relative_to(absolute: float, whole: float) -> float:
    """A distance relative to a size; infinite of one that is 0 or infinite."""
    return 0.0 if absolute == 0.0 else absolute / whole if 0.0 < whole < math.inf else math.inf


def digits_left(relative: float) -> int:
    """The number of digits that are good where a number may be off by so much, relative to it."""
    return 17 if relative == 0.0 else max(0, math.floor(-math.log10(relative))) if relative < math.inf else 0


class Noise:
    """The distance by which all roundings together may move the output, as a function of a point: where nothing comes
    near the ends of the range of floats, by one backward pass. `moving` are the nodes whose slopes count; `slopes`
    finds these faster, where something does."""

    slopes: Callable[[Mapping[str, float]], Iterable[float]] | None = None

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        self._graph, self._names = graph, names
        self._units = _units(graph, ())
        self._counts = _counting(graph, self._units)
        self.moving = [k for k, counts in enumerate(self._counts) if counts]

    def at(self, given: Mapping[str, float]) -> float:
        """The noise where the inputs are given."""
        point = Point(self._graph, given)
        if self.slopes is not None:
            gradients: Mapping[int, float] = dict(zip(self.moving, self.slopes(given), strict=True))
        else:
            gradients = backward(self._graph, FLOATS, point.values, self._counts)
        if point.lost or not point.is_within(gradients):
            return rounding(Point(self._graph, given, self._names)).absolute
        return _together(_moved(point, self._units, gradients, beyond=False))


def _units(graph: Graph, inexact: Collection[str]) -> list[float]:
    """For each node the units by which it may be rounded."""
    return [GATES[gate].units if args else float(_rounded(gate, text, inexact)) for gate, args, text in graph.nodes]


def _moving(point: Point, units: Sequence[float]) -> list[bool]:
    """The nodes whose slopes count, but those that are still."""
    found = _counting(point.graph, units)
    for k in point.still:
        found[k] = False
    return found


def _counting(graph: Graph, units: Sequence[float]) -> list[bool]:
    """The nodes whose slopes count. A constant that is exact moves nothing, and its slope, as that of an exponent, may
    be nan."""
    return [u > 0.0 or node.gate != CONSTANT for u, node in zip(units, graph.nodes, strict=True)]


def _moved(
    point: Point,
    units: Sequence[float],
    gradients: Mapping[int, Real | float],
    beyond: bool,
    fallen: Collection[int] = (),
) -> list[float]:
    """For each node the distance by which its rounding may move the output; `fallen` are those whose value fell below
    the range of floats, and is not 0."""
    graph, values = point.graph, point.values
    everywhere = [k not in point.still for k in range(len(graph.nodes))]
    m, numbers = (point.unbounded.m, point.unbounded.values) if beyond else (FLOATS, values)
    moved = []
    for k, (gate, args, _) in enumerate(graph.nodes):
        size = units[k]
        if args and GATES[gate].exact_when_tiny and abs(values[k]) < TINY:
            size = 0.0
        g = gradients.get(k, 0.0)
        moved.append(_product(g, _distance(values[k], size, k in fallen)))
        if args and GATES[gate].accuracy:  # it may be off as if its arguments were
            parts = contributions(graph, m, numbers, everywhere, k, g)
            moved[k] += sum(_product(part, _distance(values[i], 1.0, False)) for i, part, _ in parts)
    return moved


def _together(moved: Sequence[float]) -> float:
    return math.fsum(moved) if all(map(math.isfinite, moved)) else math.inf


def _distance(value: float, size: float, fallen: bool) -> float:
    """The distance to the number that stands for a value, in so many units of it, and at least of the spacing."""
    return max(abs(value) * size * UNIT, LEAST * math.ceil(0.5 * size)) if value != 0.0 or fallen else 0.0


def _product(slope: Real | float, distance: float) -> float:
    """The size of a slope times a distance, rounded up where it falls below the range of floats."""
    found = float(abs(slope * distance)) if distance != 0.0 else 0.0
    return max(found, LEAST) if distance != 0.0 and slope != 0.0 else found


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
    if len(text) <= SHORT and text.isdigit():
        return True
    from decimal import Decimal

    number = float(text)
    return math.isinf(number) or Decimal(text) == Decimal(number)
