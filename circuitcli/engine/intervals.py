"""The arithmetic of intervals: a wire holds the exact number for all inputs of a box, and a condition may be unknown.

Sums, products, quotients and roots are rounded outward. Other functions are evaluated where they are smallest and
largest, at the ends of the interval and where they turn, and widened by twice the error that the table of gates allows
them, to which the tests hold every gate; gamma and its kin by 30 digits. A choice that the box leaves open is the hull
of both sides, so a slope at a kink is Clarke's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from math import inf, nextafter
from typing import Any

from circuitcli import gate_rules as rule
from circuitcli.constants import CONSTANTS
from circuitcli.engine.directed import above, below, quotient_down, quotient_up, root_down, root_up
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.interval import NOTHING, Interval, interval
from circuitcli.engine.turning_gates import Turning, TurningGates
from circuitcli.gates import GATES, Gate
from circuitcli.held_gates import HeldGate
from circuitcli.primitives import PRIMITIVES
from circuitcli.wire_types import MAYBE, Maybe

Wire = Interval | float


Condition = bool | Maybe

HELD = "circuitcli.proofs.held_bounds"  # above this file: loaded for the first gate that holds a circuit
LARGEST_ANGLE = 2.0**45  # beyond it the turns of a sine are not told apart
EXACT = ((0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 0.0))  # arguments and results that a function does not round
SPARSE = 2.0**51  # beyond it floats that are not whole are few
LONG = 400  # characters of a decimal number
LIFTED = 64  # steps by which a negative argument of polygamma is lifted


class Intervals(TurningGates[Interval, Condition]):
    """An Interval a wire; a condition is True, False, or MAYBE."""

    nothing = 0.0
    digits = 17
    points: Any = FLOATS  # the arithmetic of ends
    grain: Any = 2.0**-53  # relative, of their rounding
    made, wire = Interval, staticmethod(interval)  # an interval of two ends, and of anything that a wire may be
    whole = staticmethod(math.floor)

    def __init__(self) -> None:
        self.gates = own_gates(Intervals)

    def held(self, gate: HeldGate, *xs: Interval) -> Interval:
        """Bounds of a gate that holds a circuit, by proof."""
        found: Interval = import_module(HELD).held_bounds(self, gate, *map(self.wire, xs))
        return found

    @property
    def unknown(self) -> Interval:
        """Any number, or none."""
        return self.made(-inf, inf, True)

    # ends

    def around(self, name: str, points: Sequence[tuple[float, ...]], ulps: float | None = None) -> Interval:
        """The interval around the values of a function at some points, each as far off as so many ulp, twice what the
        table allows where nobody says; at some points they are exact."""
        value: Callable[..., float] = getattr(FLOATS, name)
        ulps = 2.0 * GATES[name].ulp if ulps is None else ulps
        low, high = inf, -inf
        for point in points:
            result = value(*point)
            if result != result:
                return Interval(-inf, inf)
            sure = ulps == 0.0 or is_exact(point, result)
            low = min(low, result if sure else below(result, ulps))
            high = max(high, result if sure else above(result, ulps))
        return Interval(low, high)

    def quotients(self, pairs: Sequence[tuple[float, float]]) -> Interval:
        """The interval around some quotients, of divisors that are not 0."""
        return Interval(min(quotient_down(a, b) for a, b in pairs), max(quotient_up(a, b) for a, b in pairs))

    def turn(self, name: str, near: float) -> float:
        """The place next to a number where a function turns."""
        return near

    def is_angle(self, x: Interval) -> bool:
        """Whether the turns of a sine are told apart all over an interval."""
        return x.lo > -LARGEST_ANGLE and x.hi < LARGEST_ANGLE

    def passes(self, x: Interval, quarters: float, period: float = 4.0) -> bool:
        """Whether an interval may hold an angle of so many quarters of a turn, and some periods."""
        first, last = ((end / (0.5 * math.pi) - quarters) / period for end in (x.lo, x.hi))
        off = 1e-15 * (1.0 + abs(first) + abs(last))
        return math.floor(last + off) >= math.ceil(first - off)

    def special(self, name: str, *point: float) -> Interval:
        """Bounds of gamma and its kin at a point, by 30 digits."""
        from circuitcli.engine.digits import Digits

        m = Digits(30)
        found = float(getattr(m, name)(*map(m.number, point)))
        return Interval(below(found, 1.0), above(found, 1.0))

    # numbers

    @property
    def pi(self) -> Interval:
        return Interval(math.pi, nextafter(math.pi, inf))

    def constant(self, text: str) -> Interval:
        """The numbers between the floats next to a decimal text, or to a constant."""
        return _constant(text)

    def plain(self, x: Interval) -> list[float]:
        """Its ends, as JSON has them."""
        return [x.lo + 0.0, x.hi + 0.0]

    def isfinite(self, x: Interval) -> bool:
        """Whether it has two finite ends."""
        return math.isfinite(x.lo) and math.isfinite(x.hi)

    def text(self, x: Interval, digits: int) -> str:
        """The interval to so many digits, rounded outward; of one number that alone."""
        from circuitcli.engine.outward import outward

        return outward(x, digits)

    # conditions

    def lt(self, x: Wire, y: Wire) -> Condition:
        x, y = self.wire(x), self.wire(y)
        if x is y:  # one object is one number
            return False
        return _certain(x, y) if x.hi < y.lo else MAYBE if x.lo < y.hi or _at_pole(x, y) else False

    def le(self, x: Wire, y: Wire) -> Condition:
        x, y = self.wire(x), self.wire(y)
        return _certain(x, y) if x.hi <= y.lo or x is y else MAYBE if x.lo <= y.hi or _at_pole(x, y) else False

    def gt(self, x: Wire, y: Wire) -> Condition:
        return self.lt(y, x)

    def ge(self, x: Wire, y: Wire) -> Condition:
        return self.le(y, x)

    def eq(self, x: Wire, y: Wire) -> Condition:
        x, y = self.wire(x), self.wire(y)
        if x.lo == x.hi == y.lo == y.hi or (x is y and not x.empty):
            return _certain(x, y)
        return MAYBE if (x.lo <= y.hi and y.lo <= x.hi) or (x.partial and y.partial and _at_pole(x, y)) else False

    def ne(self, x: Wire, y: Wire) -> Condition:
        return self.not_(self.eq(x, y))

    def truth(self, x: Wire) -> Condition:
        return self.ne(x, 0.0)

    def isnan(self, x: Wire) -> bool:
        return self.wire(x).empty

    def and_(self, a: Condition, b: Condition) -> Condition:
        return False if a is False or b is False else MAYBE if MAYBE in (a, b) else True

    def or_(self, a: Condition, b: Condition) -> Condition:
        return True if a is True or b is True else MAYBE if MAYBE in (a, b) else False

    def not_(self, a: Condition) -> Condition:
        return MAYBE if a is MAYBE else not a

    def where(self, condition: Condition, x: Wire, y: Wire) -> Interval:
        if condition is MAYBE:
            return self.wire(x).hull(self.wire(y))
        return self.wire(x if condition else y)

    # arithmetic

    def div(self, x: Wire, y: Wire) -> Interval:
        x, y = self.wire(x), self.wire(y)
        if x.empty or y.empty:
            return NOTHING
        partial = x.partial or y.partial
        if y.lo <= 0.0 <= y.hi:
            return self._by_zero(x, y, partial)
        if y.hi < 0.0:
            x, y = -x, -y
        found = self.quotients([(x.lo, y.hi if x.lo >= 0.0 else y.lo), (x.hi, y.lo if x.hi >= 0.0 else y.hi)])
        return self.made(found.lo, found.hi, partial)

    def _by_zero(self, x: Interval, y: Interval, partial: bool) -> Interval:
        """A quotient by what may be 0, and has an infinite end there."""
        if y.lo == y.hi == 0.0:  # whose sign nobody knows
            return self.made(inf if x.lo > 0.0 else -inf, -inf if x.hi < 0.0 else inf, True)
        if x.lo == x.hi == 0.0:
            return self.made(0.0, 0.0, True)
        if (y.lo < 0.0 < y.hi) or x.lo < 0.0 < x.hi:
            return self.made(-inf, inf, True)
        far = y.hi if y.lo == 0.0 else y.lo
        found = self.quotients([(a, far) for a in (x.lo, x.hi)])
        rises = (x.hi > 0.0) == (far > 0.0)
        return self.made(found.lo, inf, True) if rises else self.made(-inf, found.hi, True)

    def pow(self, x: Wire, y: Wire) -> Interval:
        x, y = self.wire(x), self.wire(y)
        if x.empty or y.empty:  # the power of 0 is 1 of whatever there is, and so is every power of 1
            return self.made(1.0, 1.0, True) if y.holds(0.0) or x.holds(1.0) else NOTHING
        if y.lo == y.hi and self.isfinite(y) and y.lo == self.whole(y.lo):
            return self._whole_power(x, y)
        partial = x.partial or y.partial or x.lo < 0.0
        if x.hi < 0.0:
            return self.made(-inf, inf, True) if y.lo < y.hi else NOTHING
        low = max(x.lo, 0.0)
        if x.lo < 0.0 and not (self.isfinite(y) and self.whole(y.hi) < -self.whole(-y.lo)):
            return self.made(-inf, inf, True)  # some exponent is whole
        ends = [(a, b) for a in (low, x.hi) for b in (y.lo, y.hi)]
        return self._power(ends, partial or (low == 0.0 and y.lo < 0.0))

    def _whole_power(self, x: Interval, y: Interval) -> Interval:
        n = y.lo
        if n == 2.0:
            return x * x
        if n == 0.0:
            return self.made(1.0, 1.0, x.partial)
        if n == 1.0:
            return x
        if n < 0.0:
            return self.div(1.0, self._whole_power(x, -y))
        even = n % 2.0 == 0.0
        x = abs(x) if even else x
        return self._power([(x.lo, n), (x.hi, n)], x.partial)

    def _power(self, ends: Sequence[tuple[float, float]], partial: bool) -> Interval:
        found = [self.around("pow", [(a, b)], 0.0 if a in (0.0, 1.0) else 2.0) for a, b in ends]
        low, high = min(x.lo for x in found), max(x.hi for x in found)
        return self.made(max(low, 0.0) if all(a >= 0.0 for a, _ in ends) else low, high, partial)

    def sqrt(self, x: Wire) -> Interval:
        x = self.wire(x)
        if not x.hi >= 0.0:
            return NOTHING
        return self.made(root_down(max(x.lo, 0.0)), root_up(x.hi) if x.hi < inf else inf, x.partial or x.lo < 0.0)

    def max(self, *xs: Wire) -> Interval:
        found = [self.wire(x) for x in xs]
        if any(x.empty for x in found):
            return NOTHING
        low, high = max(x.lo for x in found), max(x.hi for x in found)
        return _one_of(found, self.made(low, high, any(x.partial for x in found)), lambda x: x.hi <= low)

    def min(self, *xs: Wire) -> Interval:
        found = [self.wire(x) for x in xs]
        if any(x.empty for x in found):
            return NOTHING
        low, high = min(x.lo for x in found), min(x.hi for x in found)
        return _one_of(found, self.made(low, high, any(x.partial for x in found)), lambda x: x.lo >= high)

    def abs(self, x: Wire) -> Interval:
        return abs(self.wire(x))

    def copysign(self, x: Wire, y: Wire) -> Interval:
        size, y = abs(self.wire(x)), self.wire(y)
        return self.where(self.lt(y, 0.0), -size, size)

    def fmod(self, x: Wire, y: Wire) -> Interval:
        x, size = self.wire(x), abs(self.wire(y))
        turns = self.trunc(self._ratio(x, self.wire(y)))
        low, high = (-size.hi if x.lo < 0.0 else 0.0), (size.hi if x.hi > 0.0 else 0.0)
        return self._remainder(x, self.wire(y), turns, low, high)

    def mod(self, x: Wire, y: Wire) -> Interval:
        x, y = self.wire(x), self.wire(y)
        return self._remainder(x, y, self.floor(self._ratio(x, y)), min(y.lo, 0.0), max(y.hi, 0.0))

    def _remainder(self, x: Interval, y: Interval, turns: Interval, low: float, high: float) -> Interval:
        """x less so many y, which is between `low` and `high`."""
        if turns.empty or y.lo == y.hi == 0.0:
            return NOTHING
        found = x - y * turns if turns.lo == turns.hi else self.made(low, high)
        return self.made(max(found.lo, low), min(found.hi, high), x.partial or y.partial or y.holds(0.0))

    def floordiv(self, x: Wire, y: Wire) -> Interval:
        return self.floor(self._ratio(self.wire(x), self.wire(y)))

    def _ratio(self, x: Interval, y: Interval) -> Interval:
        """x/y; of floats the whole number in it is exact."""
        if y.lo == y.hi != 0.0 and abs(y.lo) < inf and all(abs(end / y.lo) < SPARSE for end in (x.lo, x.hi)):
            ends = sorted(Fraction(end) / Fraction(y.lo) for end in (x.lo, x.hi))
            return self.made(_beside_wholes(ends[0]), _beside_wholes(ends[1]), x.partial)
        return self.div(x, y)

    # functions

    def turned(self, form: Turning, x: Wire) -> Interval:
        x = self.wire(x)
        low, high = max(x.lo, form.least), min(x.hi, form.most)
        if not low <= high:
            return NOTHING
        at = [low, *(self.turn(form.name, turn) for turn in form.turns if low < turn < high), high]
        found = self.around(form.name, [(end,) for end in at])
        pole = (found.lo == -inf or found.hi == inf) and (low == form.least or high == form.most)
        partial = x.partial or (low, high) != (x.lo, x.hi) or (pole and math.isfinite(form.least))
        return self.made(max(found.lo, form.floor), min(found.hi, form.top), partial)

    def waved(self, name: str, highest: float, x: Wire) -> Interval:
        x = self.wire(x)
        if x.empty:
            return NOTHING
        if not self.is_angle(x):
            return self.made(-1.0, 1.0, x.partial)
        found = self.around(name, [(x.lo,), (x.hi,)])
        low = -1.0 if self.passes(x, highest + 2.0) else max(found.lo, -1.0)
        high = 1.0 if self.passes(x, highest) else min(found.hi, 1.0)
        return self.made(low, high, x.partial)

    def tan(self, x: Wire) -> Interval:
        x = self.wire(x)
        if x.empty or not self.is_angle(x) or self.passes(x, 1.0, 2.0):
            return self.made(-inf, inf, True)
        found = self.around("tan", [(x.lo,), (x.hi,)])
        return self.made(found.lo, found.hi, x.partial)

    def hypot(self, x: Wire, y: Wire) -> Interval:
        x, y = abs(self.wire(x)), abs(self.wire(y))
        return self._rising("hypot", [x, y], 0.0)

    def direction(self, x: Wire, y: Wire) -> Interval:
        """x/hypot(x, y), whose ends are at corners, for it rises in x, and in |y| it falls towards 0."""
        x, y = self.wire(x), abs(self.wire(y))
        if x.empty or y.empty:
            return NOTHING
        found = self.around("direction", [(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)], 8.0)
        low, high = found.lo, found.hi
        if y.lo == 0.0 and x.holds(0.0):
            low, high = min(low, -1.0 if x.lo < 0.0 else 0.0), max(high, 1.0 if x.hi > 0.0 else 0.0)
        return self.made(max(low, -1.0), min(high, 1.0), x.partial or y.partial)

    def atan2(self, y: Wire, x: Wire) -> Interval:
        x, y = self.wire(x), self.wire(y)
        if x.empty or y.empty:
            return NOTHING
        partial = x.partial or y.partial
        if x.lo <= 0.0 and y.lo <= 0.0 <= y.hi and (y.lo < 0.0 or x.hi >= 0.0):
            turn = self.pi.hi  # across the half line where it jumps, or at the origin
            return self.made(-turn if y.lo < 0.0 else 0.0, turn if y.hi >= 0.0 else 0.0, partial)
        # 0 without a sign
        found = self.around("atan2", [(b + 0.0, a) for a in (x.lo, x.hi) for b in (y.lo, y.hi)])
        return self.made(found.lo, found.hi, partial)

    def _rising(self, name: str, xs: Sequence[Interval], floor: float = -inf) -> Interval:
        """A gate that rises in each of its arguments."""
        if any(x.empty for x in xs):
            return NOTHING
        found = self.around(name, [tuple([x.lo for x in xs]), tuple([x.hi for x in xs])])
        return self.made(max(found.lo, floor), found.hi, any(x.partial for x in xs))

    def logsumexp(self, *xs: Wire) -> Interval:
        """Its rule at the lower ends, and at the upper ones: float64 may lose all digits of a sum next to 1."""
        found = [self.wire(x) for x in xs]
        if any(x.empty for x in found):
            return NOTHING
        low = rule.logsumexp(self, *[self.wire(x.lo) for x in found])
        high = rule.logsumexp(self, *[self.wire(x.hi) for x in found])
        return self.made(low.lo, high.hi, any(x.partial for x in found))

    # gamma and its kin

    def gamma(self, x: Wire) -> Interval:
        x = self.wire(x)
        if x.lo > 0.0:
            return self._special("gamma", x, LOWEST_GAMMA)
        if x.empty or _has_pole(x):
            return self.made(-inf, inf, True)
        return self.div(self.pi, self.sin(self.pi * x) * self.gamma(1.0 - x))

    def lgamma(self, x: Wire) -> Interval:
        x = self.wire(x)
        if x.lo > 0.0:
            return self._special("lgamma", x, LOWEST_GAMMA)
        if x.empty or _has_pole(x):
            return self.made(-inf, inf, True)
        return self.log(self.div(self.pi, abs(self.sin(self.pi * x)))) - self.lgamma(1.0 - x)

    def digamma(self, x: Wire) -> Interval:
        x = self.wire(x)
        if x.empty or (x.lo <= 0.0 and _has_pole(x)):
            return self.made(-inf, inf, True)
        return self._special("digamma", x)

    def polygamma(self, n: Wire, x: Wire) -> Interval:
        n, x = self.wire(n), self.wire(x)
        if not (0.0 <= n.lo == n.hi < inf) or n.lo != self.whole(n.lo) or x.empty:
            return self.made(-inf, inf, True)
        if n.lo == 0.0:
            return self.digamma(x)
        steps, lifted = 0.0, x
        if x.lo <= 0.0:
            if _has_pole(x) or x.lo < -LIFTED:
                return self.made(-inf, inf, True)
            steps, lifted = 1.0 - self.whole(x.lo), x + (1.0 - self.whole(x.lo))
        found = self._special("polygamma", lifted, before=(n.lo,))
        scale = self.gamma(n + 1.0) * (-1.0 if n.lo % 2.0 == 0.0 else 1.0)
        for k in range(int(steps)):  # (DLMF 5.15.5)
            found = found + self.div(scale, self.pow(x + float(k), n + 1.0))
        return found

    def _special(self, name: str, x: Interval, *turns: float, before: tuple[float, ...] = ()) -> Interval:
        if not math.isfinite(x.hi):
            return self.made(-inf, inf, x.partial)
        at = [x.lo, *(self.turn(name, turn) for turn in turns if x.lo < turn < x.hi), x.hi]
        bounds = [self.special(name, *before, end) for end in at]
        return self.made(min(found.lo for found in bounds), max(found.hi for found in bounds), x.partial)

    # what rules share

    def power_slope(self, o: Interval, x: Interval, y: Interval) -> Interval:
        return self.wire(y) * self.pow(x, self.wire(y) - 1.0)

    def hypot_slope(self, o: Interval, x: Interval, y: Interval) -> Interval:
        return self.direction(x, y)

    def sigmoid_slope(self, o: Interval, x: Interval) -> Interval:
        return self.logisticpdf(x)

    def apart(self, x: Interval, y: Interval) -> Interval:
        return self.wire(x) - y

    def ties(self, o: Interval, *xs: Interval) -> Interval:
        same = [self.eq(x, o) for x in xs]
        return self.made(max(1.0, float(same.count(True))), float(len(same) - same.count(False)) or 1.0)


LOWEST_GAMMA = 1.4616321449683622  # where gamma turns


def is_exact(point: Sequence[float], result: float) -> bool:
    """Whether a function certainly has a value at a point without rounding."""
    return (*point, result) in EXACT or (result == 0.0 and 0.0 in point)


def _one_of(xs: Sequence[Interval], found: Interval, passed: Callable[[Interval], bool]) -> Interval:
    """The argument itself where one is the choice all over the box, and is known to be passed by all others."""
    chosen = next((x for x in xs if x == found), None)
    return chosen if chosen is not None and not found.partial and all(x is chosen or passed(x) for x in xs) else found


def _certain(x: Interval, y: Interval) -> Condition:
    """A comparison that holds; not where a side may be no number, for that compares as nan does."""
    return MAYBE if x.partial or y.partial else True


def _at_pole(x: Interval, y: Interval) -> bool:
    """Whether a side may be infinite, as 1/x is at 0, beside a number: its bounds are of other inputs."""
    return (x.partial or y.partial) and not (x.empty or y.empty)


@lru_cache(maxsize=10_000)
def _constant(text: str) -> Interval:
    if text in CONSTANTS:
        from circuitcli.engine.digits import Digits

        named = Digits(40).constant(text)
        return _next_to(float(named), named)
    nearest = float(text)
    if not math.isfinite(nearest):
        return Interval(nextafter(inf, 0.0), inf) if nearest == inf else interval(nearest)
    if len(text) < LONG:
        return _next_to(nearest, Decimal(text))
    return Interval(below(nearest, 1.0), above(nearest, 1.0))


def _next_to(nearest: float, exact: Any) -> Interval:
    """The interval between the floats next to a number, of which one is the nearest."""
    if exact == nearest or not math.isfinite(nearest):
        return interval(nearest)
    other = nextafter(nearest, inf if exact > nearest else -inf)
    return Interval(min(nearest, other), max(nearest, other))


def own_gates(kind: type) -> dict[str, Gate]:
    """The gates of an arithmetic of intervals, whose own methods are tighter than rules of several steps."""
    own = (vars(TurningGates).keys() | vars(kind).keys()) - PRIMITIVES.keys()
    return _Gates({name: _own(GATES[name]) for name in own if name in GATES})


class _Gates(dict[str, Gate]):
    """Gates by name: those with a way of their own, and the others as the table has them."""

    def __missing__(self, name: str) -> Gate:
        return GATES[name]


def _own(gate: Gate) -> Gate:
    """A gate whose value is found by the method of its name."""
    return gate._replace(forward=lambda m, *xs: getattr(m, gate.name)(*xs))


def _has_pole(x: Interval) -> bool:
    """Whether a whole number from 0 down is inside."""
    return not x.lo > -inf or math.floor(min(x.hi, 0.0)) >= math.ceil(x.lo)


def _beside_wholes(x: Fraction) -> float:
    """A float on the same side of whole numbers, of which the nearest float may be one."""
    nearest = float(x)
    if nearest != math.floor(nearest) or nearest == x:
        return nearest
    return nextafter(nearest, inf if nearest < x else -inf)


INTERVALS = Intervals()
