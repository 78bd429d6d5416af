"""The arithmetic of intervals over rows: a wire holds for each row the exact number for all inputs of its box.

Bounds are found as `intervals` finds them, in arrays. Of functions NumPy computes, and it is good to 4 ulp: they are
widened by twice that, and by twice what the table of gates allows them where that is more. Gates that data seldom has
go through `intervals`, one row after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli import gate_rules as rule
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.directed_arrays import above, below, quotient_down, quotient_up, root_down, root_up
from circuitcli.engine.interval import Interval
from circuitcli.engine.interval_array import IntervalArray, interval_array, of_rows
from circuitcli.engine.interval_conditions import Condition, IntervalConditions, Undecided
from circuitcli.engine.intervals import INTERVALS, LARGEST_ANGLE, own_gates
from circuitcli.engine.tracer import straight
from circuitcli.engine.turning_gates import Turning, TurningGates
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node
from circuitcli.held_gates import HeldGate

if TYPE_CHECKING:
    from circuitcli.engine.interval_array import BoolArray
    from circuitcli.engine.protocol import FloatArray, Kernel

Wire = IntervalArray | Interval | float

_NUMPY = 8.0  # ulp: twice the error of a function that NumPy computes
_INF = math.inf


@lru_cache(maxsize=100)
def _kernel(name: str, arguments: int) -> Kernel:
    """A gate over arrays."""
    inputs = [Node(INPUT, (), f"x{i}") for i in range(arguments)]
    graph = Graph([*inputs, Node(name, tuple(range(arguments)))], arguments)
    return ArrayKernel(straight(graph, [*graph.inputs], [arguments], []))


def _values(name: str, *xs: FloatArray) -> FloatArray:
    """The values of a gate, by NumPy."""
    xs = tuple(map(np.ascontiguousarray, np.broadcast_arrays(*xs)))
    found = np.empty(len(xs[0]))
    _kernel(name, len(xs)).rows({f"x{i}": x for i, x in enumerate(xs)}, {}, [found])
    return found


def _ulps(name: str) -> float:
    """By how many ulp bounds of a gate are widened."""
    ulp = GATES[name].ulp
    return max(2.0 * ulp, _NUMPY) if ulp else 0.0


def _widened(at: FloatArray, results: FloatArray, ulps: float) -> tuple[FloatArray, FloatArray]:
    """Bounds of the results of a function that is off by so many ulp, but exact at some places."""
    if not ulps:
        return results, results
    at_zero = (at == 0.0) & ((results == 0.0) | (results == 0.5) | (results == 1.0))
    return _around(results, ulps, at_zero | ((at == 1.0) & (results == 0.0)))


def _corners(name: str, first: IntervalArray, second: IntervalArray) -> tuple[FloatArray, FloatArray]:
    """Bounds of the values of a function of two numbers at the corners of boxes."""
    corners = [(a, b) for a in (first.lo, first.hi) for b in (second.lo, second.hi)]
    results = [(_values(name, a, b), (a == 0.0) | (b == 0.0)) for a, b in corners]
    bottoms, tops = zip(*(_around(at, _NUMPY, (at == 0.0) & zero) for at, zero in results), strict=True)
    return np.minimum.reduce(bottoms), np.maximum.reduce(tops)


def _around(results: FloatArray, ulps: float, exact: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Bounds of results that are off by so many ulp where they are not exact."""
    low, high = below(results, ulps), above(results, ulps)
    return (np.where(exact, results, low), np.where(exact, results, high)) if exact.any() else (low, high)


def _where_any(some: BoolArray, low: FloatArray, high: FloatArray, partial: BoolArray) -> IntervalArray:
    """Intervals, and nothing where there are no numbers."""
    if some.all():
        return IntervalArray(low, high, partial)
    return IntervalArray(np.where(some, low, np.nan), np.where(some, high, np.nan), partial | ~some)


def _passes(x: IntervalArray, quarters: float, period: float = 4.0) -> BoolArray:
    """Where an interval may hold an angle of so many quarters of a turn, and some periods."""
    first, last = ((end / (0.5 * math.pi) - quarters) / period for end in (x.lo, x.hi))
    off = 1e-15 * (1.0 + np.abs(first) + np.abs(last))
    found: BoolArray = np.floor(last + off) >= np.ceil(first - off)
    return found


def _by_row(name: str) -> Callable[..., IntervalArray]:
    """The method of a gate that goes through `intervals`, one row after the other."""

    def method(self: IntervalArrays, *xs: Wire) -> IntervalArray:
        wires = [interval_array(x) for x in xs]
        gate: Callable[..., Interval] = getattr(INTERVALS, name)
        count = max(len(x.lo) for x in wires)
        return of_rows([gate(*[x.at(i) for x in wires]) for i in range(count)])

    return method


class IntervalArrays(IntervalConditions, TurningGates[IntervalArray, Condition]):
    """An IntervalArray a wire. A condition is True or False where it is of what all rows share, else Undecided."""

    nothing = 0.0
    digits = 17

    def __init__(self) -> None:
        self.gates = own_gates(IntervalArrays)

    @property
    def pi(self) -> IntervalArray:
        return interval_array(INTERVALS.pi)

    def constant(self, text: str) -> IntervalArray:
        """The numbers between the floats next to a decimal text, or to a constant."""
        return interval_array(INTERVALS.constant(text))

    def where(self, condition: Condition, x: Wire, y: Wire) -> IntervalArray:
        if not isinstance(condition, Undecided):
            return interval_array(x if condition else y)
        x, y = interval_array(x), interval_array(y)
        both, may = condition.may & condition.may_not, condition.may
        lo, hi = np.where(may, x.lo, y.lo), np.where(may, x.hi, y.hi)
        partial = np.where(may, x.partial, y.partial)
        if both.any():
            hull = x.hull(y)
            lo, hi = np.where(both, hull.lo, lo), np.where(both, hull.hi, hi)
            partial = np.where(both, hull.partial, partial)
        return IntervalArray(lo, hi, partial)

    @property
    def unknown(self) -> IntervalArray:
        """Any number, or none."""
        return interval_array(INTERVALS.unknown)

    def held(self, gate: HeldGate, *xs: Wire) -> IntervalArray:
        """Bounds of a gate that holds a circuit, one row after the other."""
        wires = [interval_array(x) for x in xs]
        count = max(len(x.lo) for x in wires)
        return of_rows([INTERVALS.held(gate, *[x.at(i) for x in wires]) for i in range(count)])

    # arithmetic

    def div(self, x: Wire, y: Wire) -> IntervalArray:
        x, y = interval_array(x), interval_array(y)
        zero = (y.lo <= 0.0) & (y.hi >= 0.0)
        by = IntervalArray(np.where(zero, 1.0, y.lo), np.where(zero, 1.0, y.hi), y.partial)
        found = _quotient(x, by)
        if zero.any():
            found = _by_zero(x, y, zero, found)
        return found.where_empty(x, y)

    def pow(self, x: Wire, y: Wire) -> IntervalArray:
        x, y = interval_array(x), interval_array(y)
        whole = (y.lo == y.hi) & (y.lo == np.floor(y.lo)) & np.isfinite(y.lo)
        if whole.all() and len(y.lo) == 1:
            return self._whole_power(x, float(y.lo[0]))
        low = np.maximum(x.lo, 0.0)
        partial = x.partial | y.partial | (x.lo < 0.0) | ((low == 0.0) & (y.lo < 0.0))
        found = _power(low, np.maximum(x.hi, 0.0), y.lo, y.hi, partial)
        # Of negative numbers a power is one where some exponent is whole.
        some = (x.lo < 0.0) & ((np.floor(y.hi) >= np.ceil(y.lo)) | ((x.hi < 0.0) & (y.lo < y.hi)))
        none = (x.hi < 0.0) & (y.lo == y.hi)
        lo, hi = np.where(some, -_INF, found.lo), np.where(some, _INF, found.hi)
        found = _where_any(~none, lo, hi, partial).where_empty(x, y)
        # The power of 0 is 1 of whatever there is, and so is every power of 1.
        one = (x.empty & (y.lo <= 0.0) & (y.hi >= 0.0)) | (y.empty & (x.lo <= 1.0) & (x.hi >= 1.0))
        found = IntervalArray(np.where(one, 1.0, found.lo), np.where(one, 1.0, found.hi), found.partial)
        return _whole_powers(x, y, whole, found) if whole.any() else found

    def _whole_power(self, x: IntervalArray, n: float) -> IntervalArray:
        if n == 2.0:
            return x * x
        if n == 0.0:
            return IntervalArray(np.ones_like(x.lo), np.ones_like(x.lo), x.partial)  # of what is no number, too
        if n == 1.0:
            return x
        if n < 0.0:
            return self.div(1.0, self._whole_power(x, -n))
        x = abs(x) if n % 2.0 == 0.0 else x
        n_ = np.array([n])
        found = [_power_ends(end, n_) for end in (x.lo, x.hi)]
        low = np.maximum(found[0][0], 0.0) if n % 2.0 == 0.0 else found[0][0]
        low = np.where(x.lo >= 0.0, np.maximum(low, 0.0), low)
        return IntervalArray(low, found[1][1], x.partial).where_empty(x)

    def sqrt(self, x: Wire) -> IntervalArray:
        x = interval_array(x)
        partial = x.partial | (x.lo < 0.0)
        return _where_any(x.hi >= 0.0, root_down(np.maximum(x.lo, 0.0)), root_up(x.hi), partial)

    def max(self, *xs: Wire) -> IntervalArray:
        wires = [interval_array(x) for x in xs]
        found = _most(np.maximum, wires)
        return found.one_of(wires, [x.hi <= found.lo for x in wires])

    def min(self, *xs: Wire) -> IntervalArray:
        wires = [interval_array(x) for x in xs]
        found = _most(np.minimum, wires)
        return found.one_of(wires, [x.lo >= found.hi for x in wires])

    def abs(self, x: Wire) -> IntervalArray:
        return abs(interval_array(x))

    def copysign(self, x: Wire, y: Wire) -> IntervalArray:
        size = abs(interval_array(x))
        return self.where(self.lt(y, 0.0), -size, size)

    fmod, mod, floordiv = _by_row("fmod"), _by_row("mod"), _by_row("floordiv")

    # functions

    def turned(self, form: Turning, x: Wire) -> IntervalArray:
        name, x, ulps = form.name, interval_array(x), _ulps(form.name)
        low, high = np.maximum(x.lo, form.least), np.minimum(x.hi, form.most)
        at_low = _values(name, low)
        at_high = at_low if x.lo is x.hi else _values(name, high)  # a number outside the domain has no value
        bottoms, tops = zip(_widened(low, at_low, ulps), _widened(high, at_high, ulps), strict=True)
        bottom, up = np.minimum(*bottoms), np.maximum(*tops)
        for turn in form.turns:
            inside = (low < turn) & (turn < high)
            here = np.array([turn])
            lowest, highest = _widened(here, _values(name, here), ulps)
            bottom = np.where(inside, np.minimum(bottom, lowest), bottom)
            up = np.where(inside, np.maximum(up, highest), up)
        partial = x.partial | (low != x.lo) | (high != x.hi)
        if math.isfinite(form.least):
            partial |= ((low == form.least) & np.isinf(at_low)) | ((high == form.most) & np.isinf(at_high))
        unknown = np.isnan(at_low) | np.isnan(at_high)
        if unknown.any():
            bottom, up = np.where(unknown, -_INF, bottom), np.where(unknown, _INF, up)
        return _where_any(low <= high, np.maximum(bottom, form.floor), np.minimum(up, form.top), partial)

    def waved(self, name: str, highest: float, x: Wire) -> IntervalArray:
        x, ulps = interval_array(x), _ulps(name)
        near = (x.lo > -LARGEST_ANGLE) & (x.hi < LARGEST_ANGLE)
        low_end, high_end = np.where(near, x.lo, 0.0), np.where(near, x.hi, 0.0)
        (low, high), (other_low, other_high) = (
            _widened(end, _values(name, end), ulps) for end in (low_end, high_end)
        )  # fmt: skip
        low, high = np.minimum(low, other_low), np.maximum(high, other_high)
        low = np.where(~near | _passes(x, highest + 2.0), -1.0, np.maximum(low, -1.0))
        high = np.where(~near | _passes(x, highest), 1.0, np.minimum(high, 1.0))
        return IntervalArray(low, high, x.partial).where_empty(x)

    def tan(self, x: Wire) -> IntervalArray:
        x, ulps = interval_array(x), _ulps("tan")
        far = ~((x.lo > -LARGEST_ANGLE) & (x.hi < LARGEST_ANGLE)) | _passes(x, 1.0, 2.0)
        low, _ = _widened(x.lo, _values("tan", x.lo), ulps)
        _, high = _widened(x.hi, _values("tan", x.hi), ulps)
        return IntervalArray(np.where(far, -_INF, low), np.where(far, _INF, high), x.partial | far)

    def hypot(self, x: Wire, y: Wire) -> IntervalArray:
        x, y, ulps = abs(interval_array(x)), abs(interval_array(y)), _ulps("hypot")
        low = np.maximum(below(_values("hypot", x.lo, y.lo), ulps), 0.0)
        high = above(_values("hypot", x.hi, y.hi), ulps)
        return IntervalArray(low, high, x.partial | y.partial).where_empty(x, y)

    def direction(self, x: Wire, y: Wire) -> IntervalArray:
        """x/hypot(x, y), whose ends are at corners, for it rises in x, and in |y| it falls towards 0."""
        x, y = interval_array(x), abs(interval_array(y))
        low, high = _corners("direction", x, y)
        origin = (y.lo == 0.0) & (x.lo <= 0.0) & (x.hi >= 0.0)
        low = np.where(origin, np.minimum(low, np.where(x.lo < 0.0, -1.0, 0.0)), low)
        high = np.where(origin, np.maximum(high, np.where(x.hi > 0.0, 1.0, 0.0)), high)
        return IntervalArray(np.maximum(low, -1.0), np.minimum(high, 1.0), x.partial | y.partial).where_empty(x, y)

    def atan2(self, y: Wire, x: Wire) -> IntervalArray:
        y, x = interval_array(y), interval_array(x)
        low, high = _corners("atan2", IntervalArray(y.lo + 0.0, y.hi + 0.0, y.partial), x)  # 0 without a sign
        # Across the half line where it jumps, or at the origin.
        jumps = (x.lo <= 0.0) & (y.lo <= 0.0) & (y.hi >= 0.0) & ((y.lo < 0.0) | (x.hi >= 0.0))
        turn = INTERVALS.pi.hi
        low = np.where(jumps, np.where(y.lo < 0.0, -turn, 0.0), low)
        high = np.where(jumps, turn, high)
        return IntervalArray(low, high, x.partial | y.partial).where_empty(x, y)

    def logsumexp(self, *xs: Wire) -> IntervalArray:
        """Its rule at the lower ends, and at the upper ones: float64 may lose all digits of a sum next to 1."""
        found = [interval_array(x) for x in xs]
        low = rule.logsumexp(self, *[IntervalArray(x.lo, x.lo, x.partial) for x in found])
        high = rule.logsumexp(self, *[IntervalArray(x.hi, x.hi, x.partial) for x in found])
        return IntervalArray(low.lo, high.hi, low.partial).where_empty(*found)

    gamma, lgamma, digamma = _by_row("gamma"), _by_row("lgamma"), _by_row("digamma")
    polygamma = _by_row("polygamma")

    # what rules share

    def power_slope(self, o: IntervalArray, x: IntervalArray, y: IntervalArray) -> IntervalArray:
        return interval_array(y) * self.pow(x, interval_array(y) - 1.0)

    def hypot_slope(self, o: IntervalArray, x: IntervalArray, y: IntervalArray) -> IntervalArray:
        return self.direction(x, y)

    def sigmoid_slope(self, o: IntervalArray, x: IntervalArray) -> IntervalArray:
        return self.logisticpdf(x)

    def apart(self, x: IntervalArray, y: IntervalArray) -> IntervalArray:
        return interval_array(x) - y

    def ties(self, o: IntervalArray, *xs: IntervalArray) -> IntervalArray:
        """The number of arguments that equal the output: those that certainly do, and those that may."""
        same = [self.eq(x, o) for x in xs]
        certain, possible = np.zeros(1), np.zeros(1)
        for found in same:
            certain = certain + (~found.may_not if isinstance(found, Undecided) else float(found))
            possible = possible + (found.may if isinstance(found, Undecided) else float(found))
        possible = np.where(possible == 0.0, 1.0, possible)
        return IntervalArray(np.maximum(certain, 1.0), possible, np.zeros(1, bool))


def _most(choice: np.ufunc, xs: Sequence[IntervalArray]) -> IntervalArray:
    """The larger, or smaller, ones of both ends; of nan and a number nan."""
    lo, hi = reduce(choice, [x.lo for x in xs]), reduce(choice, [x.hi for x in xs])
    return IntervalArray(lo, hi, reduce(np.logical_or, [x.partial for x in xs]))


def _quotient(x: IntervalArray, y: IntervalArray) -> IntervalArray:
    """The quotient by what is not 0: its ends are at corners."""
    tops = [(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
    if y.lo is y.hi or x.lo is x.hi:
        tops = tops[::3] if y.lo is y.hi and x.lo is x.hi else tops
    low = np.minimum.reduce([quotient_down(a, b) for a, b in tops])
    high = np.maximum.reduce([quotient_up(a, b) for a, b in tops])
    return IntervalArray(low, high, x.partial | y.partial)


def _by_zero(x: IntervalArray, y: IntervalArray, zero: BoolArray, found: IntervalArray) -> IntervalArray:
    """The quotients, and what they are by what may be 0, with an infinite end there."""
    far = np.where(y.lo == 0.0, y.hi, y.lo)
    at_far = _quotient(x, IntervalArray(far, far, y.partial))
    rises = (x.hi > 0.0) == (far > 0.0)
    low, high = np.where(rises, at_far.lo, -_INF), np.where(rises, _INF, at_far.hi)
    both = ((y.lo < 0.0) & (y.hi > 0.0)) | ((x.lo < 0.0) & (x.hi > 0.0))
    low, high = np.where(both, -_INF, low), np.where(both, _INF, high)
    nothing = (x.lo == 0.0) & (x.hi == 0.0)
    low, high = np.where(nothing, 0.0, low), np.where(nothing, 0.0, high)
    exact = (y.lo == 0.0) & (y.hi == 0.0)  # whose sign nobody knows
    low = np.where(exact, np.where(x.lo > 0.0, _INF, -_INF), low)
    high = np.where(exact, np.where(x.hi < 0.0, -_INF, _INF), high)
    return IntervalArray(
        np.where(zero, low, found.lo), np.where(zero, high, found.hi), found.partial | zero
    )  # fmt: skip


def _whole_powers(x: IntervalArray, y: IntervalArray, whole: BoolArray, found: IntervalArray) -> IntervalArray:
    """The powers, of which those with a whole exponent go through `intervals`."""
    lo, hi, partial = (array.copy() for array in np.broadcast_arrays(found.lo, found.hi, found.partial))
    for i in np.broadcast_to(whole, lo.shape).nonzero()[0].tolist():
        one = INTERVALS.pow(x.at(i), y.at(i))
        lo[i], hi[i], partial[i] = one.lo, one.hi, one.partial
    return IntervalArray(lo, hi, partial)


def _power_ends(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bounds of powers of floats."""
    results = _values("pow", x, y)
    return _around(results, _NUMPY, (x == 0.0) | (x == 1.0))


def _power(low: FloatArray, high: FloatArray, least: FloatArray, most: FloatArray, partial: Any) -> IntervalArray:
    """Powers of numbers from 0 on, whose ends are at corners."""
    ends = [_power_ends(a, b) for a in (low, high) for b in (least, most)]
    bottom = np.maximum(np.minimum.reduce([bounds[0] for bounds in ends]), 0.0)
    top = np.maximum.reduce([bounds[1] for bounds in ends])
    return IntervalArray(bottom, top, partial)


INTERVAL_ARRAYS = IntervalArrays()
