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
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import inf, nextafter
from typing import Any

from circuitcli import gate_rules as rule
from circuitcli.constants import CONSTANTS
from circuitcli.engine.directed import above, below, quotient_down, quotient_up, root_down, root_up
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.interval import NOTHING, Interval, interval
from circuitcli.gates import GATES, Gate
from circuitcli.primitives import PRIMITIVES

Wire = Interval | float


class Maybe(Enum):
    """A condition that some inputs of the box may meet, and others not. It counts as true, as a kink that may be one
    does."""

    MAYBE = "maybe"


MAYBE = Maybe.MAYBE
Condition = bool | Maybe

LARGEST_ANGLE = 2.0**45  # beyond it the turns of a sine are not told apart
EXACT = ((0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 0.0))  # arguments and results that a function does not round
SPARSE = 2.0**51  # beyond it floats that are not whole are few
LONG = 400  # characters of a decimal number
LIFTED = 64  # steps by which a negative argument of polygamma is lifted


def _hull(ends: Sequence[float], results: Sequence[float], ulps: float, partial: bool) -> Interval:
    """The interval around results, each as far off as so many ulp; at some ends they are exact."""
    exact = [ulps == 0.0 or pair in EXACT for pair in zip(ends, results, strict=True)]
    low = min(r if sure else below(r, ulps) for r, sure in zip(results, exact, strict=True))
    high = max(r if sure else above(r, ulps) for r, sure in zip(results, exact, strict=True))
    return Interval(low, high, partial)


def _turning(
    name: str, *turns: float, least: float = -inf, most: float = inf, floor: float = -inf, top: float = inf
) -> Callable[[Intervals, Wire], Interval]:
    """The method of a function that is defined from `least` to `most`, has values from `floor` to `top`, and turns at
    some places."""

    def function(self: Intervals, x: Wire) -> Interval:
        x = interval(x)
        low, high = max(x.lo, least), min(x.hi, most)
        if not low <= high:
            return NOTHING
        at = [low, *(turn for turn in turns if low < turn < high), high]
        value: Callable[[float], float] = getattr(FLOATS, name)
        results = [value(end) for end in at]
        if any(result != result for result in results):
            return Interval(-inf, inf)
        poles = any(math.isinf(result) and end in (least, most) for end, result in zip(at, results, strict=True))
        partial = x.partial or (low, high) != (x.lo, x.hi) or (poles and math.isfinite(least))
        found = _hull(at, results, 2.0 * GATES[name].ulp, partial)
        return Interval(max(found.lo, floor), min(found.hi, top), found.partial)

    return function


def _wave(name: str, highest: float) -> Callable[[Intervals, Wire], Interval]:
    """The method of a sine, which is highest at so many quarters of a turn."""

    def wave(self: Intervals, x: Wire) -> Interval:
        x = interval(x)
        if x.empty:
            return NOTHING
        if not (x.lo > -LARGEST_ANGLE and x.hi < LARGEST_ANGLE):
            return Interval(-1.0, 1.0, x.partial)
        value: Callable[[float], float] = getattr(FLOATS, name)
        found = _hull([x.lo, x.hi], [value(x.lo), value(x.hi)], 2.0 * GATES[name].ulp, x.partial)
        low = -1.0 if _passes(x, highest + 2.0) else max(found.lo, -1.0)
        high = 1.0 if _passes(x, highest) else min(found.hi, 1.0)
        return Interval(low, high, x.partial)

    return wave


def _passes(x: Interval, quarters: float, period: float = 4.0) -> bool:
    """Whether an interval may hold an angle of so many quarters of a turn, and some periods."""
    first, last = ((end / (0.5 * math.pi) - quarters) / period for end in (x.lo, x.hi))
    off = 1e-15 * (1.0 + abs(first) + abs(last))
    return math.floor(last + off) >= math.ceil(first - off)


def _by_digits(name: str, x: float, *before: float) -> tuple[float, float]:
    """Bounds of a special function at a number, by 30 digits."""
    from circuitcli.engine.digits import Digits

    m = Digits(30)
    found = float(getattr(m, name)(*map(m.number, (*before, x))))
    return below(found, 1.0), above(found, 1.0)


class Intervals(InheritedGates[Interval, Condition]):
    """An Interval a wire; a condition is True, False, or MAYBE."""

    nothing = 0.0
    digits = 17

    def __init__(self) -> None:
        self.gates = own_gates(Intervals)

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
        x, y = interval(x), interval(y)
        return _certain(x, y) if x.hi < y.lo else MAYBE if x.lo < y.hi else False

    def le(self, x: Wire, y: Wire) -> Condition:
        x, y = interval(x), interval(y)
        return _certain(x, y) if x.hi <= y.lo else MAYBE if x.lo <= y.hi else False

    def gt(self, x: Wire, y: Wire) -> Condition:
        return self.lt(y, x)

    def ge(self, x: Wire, y: Wire) -> Condition:
        return self.le(y, x)

    def eq(self, x: Wire, y: Wire) -> Condition:
        x, y = interval(x), interval(y)
        if x.lo == x.hi == y.lo == y.hi:
            return _certain(x, y)
        return MAYBE if x.lo <= y.hi and y.lo <= x.hi else False

    def ne(self, x: Wire, y: Wire) -> Condition:
        return self.not_(self.eq(x, y))

    def truth(self, x: Wire) -> Condition:
        return self.ne(x, 0.0)

    def isnan(self, x: Wire) -> bool:
        return interval(x).empty

    def and_(self, a: Condition, b: Condition) -> Condition:
        return False if a is False or b is False else MAYBE if MAYBE in (a, b) else True

    def or_(self, a: Condition, b: Condition) -> Condition:
        return True if a is True or b is True else MAYBE if MAYBE in (a, b) else False

    def not_(self, a: Condition) -> Condition:
        return MAYBE if a is MAYBE else not a

    def where(self, condition: Condition, x: Wire, y: Wire) -> Interval:
        if condition is MAYBE:
            return interval(x).hull(interval(y))
        return interval(x if condition else y)

    # arithmetic

    def div(self, x: Wire, y: Wire) -> Interval:
        x, y = interval(x), interval(y)
        if x.empty or y.empty:
            return NOTHING
        partial = x.partial or y.partial
        if y.lo <= 0.0 <= y.hi:
            return self._by_zero(x, y, partial)
        pairs = [(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
        return Interval(min(quotient_down(a, b) for a, b in pairs), max(quotient_up(a, b) for a, b in pairs), partial)

    def _by_zero(self, x: Interval, y: Interval, partial: bool) -> Interval:
        """A quotient by what may be 0, and has an infinite end there."""
        if y.lo == y.hi == 0.0:  # whose sign nobody knows
            return Interval(inf if x.lo > 0.0 else -inf, -inf if x.hi < 0.0 else inf, True)
        if x.lo == x.hi == 0.0:
            return Interval(0.0, 0.0, True)
        if (y.lo < 0.0 < y.hi) or x.lo < 0.0 < x.hi:
            return Interval(-inf, inf, True)
        far = y.hi if y.lo == 0.0 else y.lo
        ends = [(a, far) for a in (x.lo, x.hi)]
        low, high = min(quotient_down(a, b) for a, b in ends), max(quotient_up(a, b) for a, b in ends)
        rises = (x.hi > 0.0) == (far > 0.0)
        return Interval(low, inf, True) if rises else Interval(-inf, high, True)

    def pow(self, x: Wire, y: Wire) -> Interval:
        x, y = interval(x), interval(y)
        if x.empty or y.empty:
            return NOTHING
        if y.lo == y.hi and y.lo == FLOATS.floor(y.lo) and math.isfinite(y.lo):
            return self._whole_power(x, y)
        partial = x.partial or y.partial or x.lo < 0.0
        if x.hi < 0.0:
            return Interval(-inf, inf, True) if y.lo < y.hi else NOTHING
        low = max(x.lo, 0.0)
        if x.lo < 0.0 and FLOATS.floor(y.hi) >= FLOATS.ceil(y.lo):
            return Interval(-inf, inf, True)  # some exponent is whole
        ends = [(a, b) for a in (low, x.hi) for b in (y.lo, y.hi)]
        return self._power(ends, partial or (low == 0.0 and y.lo < 0.0))

    def _whole_power(self, x: Interval, y: Interval) -> Interval:
        n = y.lo
        if n == 2.0:
            return x * x
        if n == 0.0:
            return Interval(1.0, 1.0, x.partial)
        if n == 1.0:
            return x
        if n < 0.0:
            return self.div(1.0, self._whole_power(x, -y))
        even = n % 2.0 == 0.0
        x = abs(x) if even else x
        return self._power([(x.lo, n), (x.hi, n)], x.partial)

    def _power(self, ends: Sequence[tuple[float, float]], partial: bool) -> Interval:
        results = [FLOATS.pow(a, b) for a, b in ends]
        if any(result != result for result in results):
            return Interval(-inf, inf)
        bounds = [
            (r, r) if (r == 0.0 and a == 0.0) or a == 1.0 else (below(r, 2.0), above(r, 2.0))
            for r, (a, _) in zip(results, ends, strict=True)
        ]
        low, high = min(a for a, _ in bounds), max(b for _, b in bounds)
        return Interval(max(low, 0.0) if all(a >= 0.0 for a, _ in ends) else low, high, partial)

    def sqrt(self, x: Wire) -> Interval:
        x = interval(x)
        if not x.hi >= 0.0:
            return NOTHING
        return Interval(root_down(max(x.lo, 0.0)), root_up(x.hi) if x.hi < inf else inf, x.partial or x.lo < 0.0)

    def max(self, *xs: Wire) -> Interval:
        return self._largest([interval(x) for x in xs])

    def min(self, *xs: Wire) -> Interval:
        return -self._largest([-interval(x) for x in xs])

    def _largest(self, xs: Sequence[Interval]) -> Interval:
        if any(x.empty for x in xs):
            return NOTHING
        return Interval(max(x.lo for x in xs), max(x.hi for x in xs), any(x.partial for x in xs))

    def abs(self, x: Wire) -> Interval:
        return abs(interval(x))

    def copysign(self, x: Wire, y: Wire) -> Interval:
        size, y = abs(interval(x)), interval(y)
        return self.where(self.lt(y, 0.0), -size, size)

    def fmod(self, x: Wire, y: Wire) -> Interval:
        x, size = interval(x), abs(interval(y))
        turns = self.trunc(self._ratio(x, interval(y)))
        low, high = (-size.hi if x.lo < 0.0 else 0.0), (size.hi if x.hi > 0.0 else 0.0)
        return self._remainder(x, interval(y), turns, low, high)

    def mod(self, x: Wire, y: Wire) -> Interval:
        x, y = interval(x), interval(y)
        return self._remainder(x, y, self.floor(self._ratio(x, y)), min(y.lo, 0.0), max(y.hi, 0.0))

    def _remainder(self, x: Interval, y: Interval, turns: Interval, low: float, high: float) -> Interval:
        """x less so many y, which is between `low` and `high`."""
        if turns.empty or y.lo == y.hi == 0.0:
            return NOTHING
        found = x - y * turns if turns.lo == turns.hi else Interval(low, high)
        return Interval(max(found.lo, low), min(found.hi, high), x.partial or y.partial or y.holds(0.0))

    def floordiv(self, x: Wire, y: Wire) -> Interval:
        return self.floor(self._ratio(interval(x), interval(y)))

    def _ratio(self, x: Interval, y: Interval) -> Interval:
        """x/y; of floats the whole number in it is exact."""
        if y.lo == y.hi != 0.0 and abs(y.lo) < inf and all(abs(end / y.lo) < SPARSE for end in (x.lo, x.hi)):
            ends = sorted(Fraction(end) / Fraction(y.lo) for end in (x.lo, x.hi))
            return Interval(_towards_whole(ends[0]), _towards_whole(ends[1]), x.partial)
        return self.div(x, y)

    floor, ceil = _turning("floor"), _turning("ceil")
    trunc, round = _turning("trunc"), _turning("round")

    # functions

    cbrt = _turning("cbrt")
    exp, exp2, expm1 = _turning("exp", floor=0.0), _turning("exp2", floor=0.0), _turning("expm1", floor=-1.0)
    log, log2, log10 = _turning("log", least=0.0), _turning("log2", least=0.0), _turning("log10", least=0.0)
    log1p = _turning("log1p", least=-1.0)
    sin, cos = _wave("sin", 1.0), _wave("cos", 0.0)
    asin, acos = _turning("asin", least=-1.0, most=1.0), _turning("acos", least=-1.0, most=1.0, floor=0.0)
    atan = _turning("atan")
    sinh, cosh = _turning("sinh"), _turning("cosh", 0.0, floor=1.0)
    tanh = _turning("tanh", floor=-1.0, top=1.0)
    asinh, acosh = _turning("asinh"), _turning("acosh", least=1.0, floor=0.0)
    atanh = _turning("atanh", least=-1.0, most=1.0)
    erf, erfc = _turning("erf", floor=-1.0, top=1.0), _turning("erfc", floor=0.0, top=2.0)
    gauss = _turning("gauss", 0.0, floor=0.0, top=1.0)  # type: ignore[assignment]  # here and below: whose x has a name
    normcdf = _turning("normcdf", floor=0.0, top=1.0)  # type: ignore[assignment]
    normpdf = _turning("normpdf", 0.0, floor=0.0)  # type: ignore[assignment]
    sigmoid, logisticpdf = _turning("sigmoid", floor=0.0, top=1.0), _turning("logisticpdf", 0.0, floor=0.0, top=0.25)
    softplus, logsigmoid = _turning("softplus", floor=0.0), _turning("logsigmoid", top=0.0)
    silu = _turning("silu", -1.2784645427610738)  # next to where it turns it is level
    gelu = _turning("gelu", -0.7517915246935645)  # type: ignore[assignment]
    cosquare = _turning("cosquare", 0.0, top=1.0)
    relu, elu, leaky_relu = _turning("relu"), _turning("elu", floor=-1.0), _turning("leaky_relu")

    def sign(self, x: Wire) -> Interval:
        x = interval(x)
        return NOTHING if x.empty else Interval(FLOATS.sign(x.lo), FLOATS.sign(x.hi), x.partial)

    def tan(self, x: Wire) -> Interval:
        x = interval(x)
        if x.empty or not (x.lo > -LARGEST_ANGLE and x.hi < LARGEST_ANGLE) or _passes(x, 1.0, 2.0):
            return Interval(-inf, inf, True)
        ends = [x.lo, x.hi]
        return _hull(ends, [FLOATS.tan(end) for end in ends], 2.0 * GATES["tan"].ulp, x.partial)

    def hypot(self, x: Wire, y: Wire) -> Interval:
        x, y = abs(interval(x)), abs(interval(y))
        return self._rising("hypot", [x, y], 0.0)

    def direction(self, x: Wire, y: Wire) -> Interval:
        """x/hypot(x, y), whose ends are at corners, for it rises in x, and in |y| it falls towards 0."""
        x, y = interval(x), abs(interval(y))
        if x.empty or y.empty:
            return NOTHING
        corners = [FLOATS.direction(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
        if any(corner != corner for corner in corners):
            return Interval(-1.0, 1.0, x.partial or y.partial)
        low, high = below(min(corners), 8.0), above(max(corners), 8.0)
        if y.lo == 0.0 and x.holds(0.0):
            low, high = min(low, -1.0 if x.lo < 0.0 else 0.0), max(high, 1.0 if x.hi > 0.0 else 0.0)
        return Interval(max(low, -1.0), min(high, 1.0), x.partial or y.partial)

    def atan2(self, y: Wire, x: Wire) -> Interval:
        x, y = interval(x), interval(y)
        if x.empty or y.empty:
            return NOTHING
        partial = x.partial or y.partial
        if x.lo <= 0.0 and y.lo <= 0.0 <= y.hi and (y.lo < 0.0 or x.hi >= 0.0):
            turn = above(math.pi, 1.0)  # across the half line where it jumps, or at the origin
            return Interval(-turn if y.lo < 0.0 else 0.0, turn if y.hi >= 0.0 else 0.0, partial)
        corners = [FLOATS.atan2(b, a) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
        return Interval(below(min(corners), 2.0), above(max(corners), 2.0), partial)

    def _rising(self, name: str, xs: Sequence[Interval], floor: float = -inf) -> Interval:
        """A gate that rises in each of its arguments."""
        if any(x.empty for x in xs):
            return NOTHING
        value: Callable[..., float] = getattr(FLOATS, name)
        ulps = 2.0 * GATES[name].ulp
        low, high = below(value(*[x.lo for x in xs]), ulps), above(value(*[x.hi for x in xs]), ulps)
        return Interval(max(low, floor), high, any(x.partial for x in xs))

    def logsumexp(self, *xs: Wire) -> Interval:
        """Its rule at the lower ends, and at the upper ones: float64 may lose all digits of a sum next to 1."""
        found = [interval(x) for x in xs]
        if any(x.empty for x in found):
            return NOTHING
        low = rule.logsumexp(self, *[interval(x.lo) for x in found])
        high = rule.logsumexp(self, *[interval(x.hi) for x in found])
        return Interval(low.lo, high.hi, any(x.partial for x in found))

    # gamma and its kin

    def gamma(self, x: Wire) -> Interval:
        x = interval(x)
        if x.lo > 0.0:
            return self._special("gamma", x, LOWEST_GAMMA)
        if x.empty or _has_pole(x):
            return Interval(-inf, inf, True)
        return self.div(self.pi, self.sin(self.pi * x) * self.gamma(1.0 - x))

    def lgamma(self, x: Wire) -> Interval:
        x = interval(x)
        if x.lo > 0.0:
            return self._special("lgamma", x, LOWEST_GAMMA)
        if x.empty or _has_pole(x):
            return Interval(-inf, inf, True)
        return self.log(self.div(self.pi, abs(self.sin(self.pi * x)))) - self.lgamma(1.0 - x)

    def digamma(self, x: Wire) -> Interval:
        x = interval(x)
        if x.empty or (x.lo <= 0.0 and _has_pole(x)):
            return Interval(-inf, inf, True)
        return self._special("digamma", x)

    def polygamma(self, n: Wire, x: Wire) -> Interval:
        n, x = interval(n), interval(x)
        if n.lo != n.hi or n.lo < 0.0 or n.lo != math.floor(n.lo) or x.empty:
            return Interval(-inf, inf, True)
        if n.lo == 0.0:
            return self.digamma(x)
        steps, lifted = 0.0, x
        if x.lo <= 0.0:
            if _has_pole(x) or x.lo < -LIFTED:
                return Interval(-inf, inf, True)
            steps, lifted = 1.0 - math.floor(x.lo), x + (1.0 - math.floor(x.lo))
        found = self._special("polygamma", lifted, before=(n.lo,))
        scale = self.gamma(n + 1.0) * (-1.0 if n.lo % 2.0 == 0.0 else 1.0)
        for k in range(int(steps)):  # (DLMF 5.15.5)
            found = found + self.div(scale, self.pow(x + float(k), n + 1.0))
        return found

    def _special(self, name: str, x: Interval, *turns: float, before: tuple[float, ...] = ()) -> Interval:
        if not math.isfinite(x.hi):
            return Interval(-inf, inf, x.partial)
        at = [x.lo, *(turn for turn in turns if x.lo < turn < x.hi), x.hi]
        bounds = [_by_digits(name, end, *before) for end in at]
        return Interval(min(low for low, _ in bounds), max(high for _, high in bounds), x.partial)

    # what rules share

    def power_slope(self, o: Interval, x: Interval, y: Interval) -> Interval:
        return interval(y) * self.pow(x, interval(y) - 1.0)

    def hypot_slope(self, o: Interval, x: Interval, y: Interval) -> Interval:
        return self.direction(x, y)

    def sigmoid_slope(self, o: Interval, x: Interval) -> Interval:
        return self.logisticpdf(x)

    def apart(self, x: Interval, y: Interval) -> Interval:
        return interval(x) - y

    def ties(self, o: Interval, *xs: Interval) -> Interval:
        same = [self.eq(x, o) for x in xs]
        return Interval(max(1.0, float(same.count(True))), float(len(same) - same.count(False)) or 1.0)


LOWEST_GAMMA = 1.4616321449683622  # where gamma turns


def _certain(x: Interval, y: Interval) -> Condition:
    """A comparison that holds; not where a side may be no number, for that compares as nan does."""
    return MAYBE if x.partial or y.partial else True


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
    own = vars(kind).keys() - PRIMITIVES.keys()
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


def _towards_whole(x: Fraction) -> float:
    """A float on the same side of whole numbers, of which the nearest float may be one."""
    nearest = float(x)
    if nearest != math.floor(nearest) or nearest == x:
        return nearest
    return nextafter(nearest, inf if nearest < x else -inf)


INTERVALS = Intervals()
