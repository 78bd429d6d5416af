"""The distance by which float64 may miss the exact result of a single gate, or of a number as it was written.

Where IEEE 754 rounds to the nearest, that is half the spacing of floats there, which is up to twice as tight as a
relative error (Solovyev et al., TOPLAS 2018, section 5.4); nothing where the result is certainly a float.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from math import inf

from circuitcli.constants import CONSTANTS
from circuitcli.engine.directed import above, product_up, sum_up
from circuitcli.engine.floats import DENSE, FLOATS, HUGE, LEAST, TINY, UNIT
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS, LONG
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, Graph
from circuitcli.held_gates import HeldGate

NEAREST, HELD_TO = 0.5, 4.0  # ulp: what IEEE 754 rounds correctly, and as every gate is held to


def gate_rounding(name: str, o: Interval, xs: Sequence[Interval]) -> float:
    """Bound the rounding of a gate, whose exact results are in `o` where the arguments are in `xs`; infinite where the
    result may leave the range of floats, and of an iteration, whose end nothing tells."""
    if isinstance(name, HeldGate):
        return inf
    row = GATES[name]
    if row.exact and not (name == "floordiv" and size(o) >= DENSE):  # beyond, whole numbers are rounded
        return 0.0
    if not size(o) < HUGE:
        return inf
    if row.ulp == NEAREST:
        return 0.0 if o.lo == o.hi else _of_nearest(name, o, xs)
    found = product_up(row.ulp or HELD_TO, math.ulp(size(o)))
    if row.accuracy:  # it may be off as if its arguments were
        for x, slope in zip(xs, row.vjps(len(xs)), strict=True):
            steep = size(slope(INTERVALS, 1.0, o, *xs)) if slope is not None else 0.0
            found = sum_up(found, max(product_up(steep, product_up(size(x), UNIT)), LEAST))
    return found


def written_number(graph: Graph) -> tuple[Interval, float]:
    """The interval that holds the number of a constant circuit and the float that stands for it, and a bound of how
    far these are apart."""
    m = INTERVALS
    exact: Interval = forward(graph, m, {}, m.gates)[graph.output]
    number: float = forward(graph, FLOATS, {})[graph.output]
    if exact.lo == exact.hi == number:
        return exact, 0.0
    apart = max(sum_up(number, -exact.lo), sum_up(exact.hi, -number))
    node = graph.nodes[graph.output]
    if node.gate == CONSTANT and math.isfinite(number):
        apart = min(apart, half_spacing(size(exact)))
        if node.text not in CONSTANTS and len(node.text) < LONG and abs(number) > TINY:
            apart = min(apart, above(float(abs(Fraction(node.text) - Fraction(number))), 1.0))
    return exact.hull(Interval(number, number)), apart


def half_spacing(size: float) -> float:
    """The most by which the float next to a number up to this size is off."""
    fraction, exponent = math.frexp(size)
    if fraction == 0.5:  # up to a power of two the spacing is that below it
        exponent -= 1
    return math.ldexp(1.0, max(exponent - 54, -1074))


def _of_nearest(name: str, o: Interval, xs: Sequence[Interval]) -> float:
    """Bound the rounding of what IEEE 754 rounds to the nearest."""
    if name in ("add", "sub"):
        x, y = xs if name == "add" else (xs[0], -xs[1])
        # Next to 0 results are exact (Sterbenz 1974), and no result is off by more than an argument is large.
        if size(o) <= TINY or _cancels(x, y):
            return 0.0
        return min(half_spacing(size(o)), size(x), size(y))
    if name in ("mul", "div"):
        for x in xs if name == "mul" else xs[1:]:
            if x.lo == x.hi and abs(math.frexp(x.lo)[0]) == NEAREST:  # a power of two
                grows = (abs(x.lo) >= 1.0) if name == "mul" else (abs(x.lo) <= 1.0)
                return 0.0 if grows or (min(abs(o.lo), abs(o.hi)) >= TINY and o.lo * o.hi > 0.0) else LEAST
    return half_spacing(size(o))


def _cancels(x: Interval, y: Interval) -> bool:
    """Whether x + y is exact, for -y is between half of x and twice x."""
    if x.hi < 0.0:
        x, y = -x, -y
    return x.lo > 0.0 > y.hi and x.lo >= -0.5 * y.lo and x.hi <= -2.0 * y.hi


def size(x: Interval | float) -> float:
    """The largest absolute value; infinite where there is no number."""
    if not isinstance(x, Interval):
        return abs(x)
    return inf if x.empty else max(-x.lo, x.hi)
