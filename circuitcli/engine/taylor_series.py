"""The arithmetic of Taylor series: a wire holds the first terms of a function of one number, as intervals.

The terms at a box hold f(t), f'(t), f''(t)/2 and so on for every t in it, so the last bounds a remainder. Products and
quotients are those of series, and powers and exponentials have recurrences (Moore 1966, chapter 11); another gate is
integrated from its slope. Where a gate is not smooth in the box there is no series: `RoughError` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import Condition, Intervals
from circuitcli.engine.taylor_terms import Series, product
from circuitcli.gates import GATES
from circuitcli.held_gates import HeldGate
from circuitcli.wire_types import MAYBE

if TYPE_CHECKING:
    from circuitcli.rule_types import Vjp


class RoughError(Exception):
    """A gate is not smooth all over the box, or no series of it is known."""


class TaylorSeries(InheritedGates[Any, Condition]):
    """A Series a wire, up to the power `most`, over an arithmetic of intervals."""

    nothing = 0.0

    def __init__(self, m: Intervals, most: int) -> None:
        self.m, self.most, self.digits = m, most, m.digits
        self._shares = _shares(m, most)

    def wire(self, x: Series | Interval | float) -> Series:
        """A series, of a number that alone."""
        return x if isinstance(x, Series) else Series([self.m.wire(x)], self.most)

    def moving(self, x: Interval | float) -> Series:
        """The number itself that the functions are of, at x."""
        return Series([self.m.wire(x), self.m.wire(1.0)], self.most)

    @property
    def pi(self) -> Series:
        return self.wire(self.m.pi)

    def constant(self, text: str) -> Series:
        """The series of a number alone."""
        return self.wire(self.m.constant(text))

    # conditions, which hold all over the box or nowhere

    def _compare(self, name: str, x: Any, y: Any) -> Condition:
        found: Condition = getattr(self.m, name)(self.wire(x).terms[0], self.wire(y).terms[0])
        return found

    def lt(self, x: Any, y: Any) -> Condition:
        return self._compare("lt", x, y)

    def le(self, x: Any, y: Any) -> Condition:
        return self._compare("le", x, y)

    def gt(self, x: Any, y: Any) -> Condition:
        return self._compare("gt", x, y)

    def ge(self, x: Any, y: Any) -> Condition:
        return self._compare("ge", x, y)

    def eq(self, x: Any, y: Any) -> Condition:
        return self._compare("eq", x, y)

    def ne(self, x: Any, y: Any) -> Condition:
        return self._compare("ne", x, y)

    def truth(self, x: Any) -> Condition:
        return self._compare("ne", x, 0.0)

    def isnan(self, x: Any) -> bool:
        return self.wire(x).terms[0].empty

    def and_(self, a: Condition, b: Condition) -> Condition:
        return self.m.and_(a, b)

    def or_(self, a: Condition, b: Condition) -> Condition:
        return self.m.or_(a, b)

    def not_(self, a: Condition) -> Condition:
        return self.m.not_(a)

    def where(self, condition: Condition, x: Any, y: Any) -> Series:
        if condition is MAYBE:
            raise RoughError
        return self.wire(x if condition else y)

    # choices and steps

    def max(self, *xs: Any) -> Series:
        return self._chosen("le", [self.wire(x) for x in xs])

    def min(self, *xs: Any) -> Series:
        return self._chosen("ge", [self.wire(x) for x in xs])

    def _chosen(self, passed: str, xs: Sequence[Series]) -> Series:
        """The one that passes all others."""
        for x in xs:
            if all(y is x or self._compare(passed, y, x) is True for y in xs):
                return x
        raise RoughError

    def abs(self, x: Any) -> Series:
        x = self.wire(x)
        return self.where(self.lt(x, 0.0), -x, x)

    def copysign(self, x: Any, y: Any) -> Series:
        size = self.abs(x)
        return self.where(self.lt(y, 0.0), -size, size)

    def _step(self, name: str, x: Any) -> Series:
        found = self._at(name, self.wire(x))
        if not found.lo == found.hi:
            raise RoughError
        return Series([found], self.most)

    def floor(self, x: Any) -> Series:
        return self._step("floor", x)

    def ceil(self, x: Any) -> Series:
        return self._step("ceil", x)

    def trunc(self, x: Any) -> Series:
        return self._step("trunc", x)

    def round(self, x: Any) -> Series:
        return self._step("round", x)

    def fmod(self, x: Any, y: Any) -> Series:
        return self.wire(x) - self.trunc(self.div(x, y)) * self.wire(y)

    # arithmetic and powers

    def div(self, x: Any, y: Any) -> Series:
        x, y = self.wire(x), self.wire(y)
        if y.terms[0].holds(0.0):
            raise RoughError
        found: list[Interval] = [self.m.div(x.terms[0], y.terms[0])]
        lowest = self.m.div(1.0, y.terms[0])
        count = len(x.terms) if len(y.terms) == 1 else self.most + 1
        for n in range(1, count):
            top = -product(y.terms, found, n, 1)
            found.append(lowest * (x.terms[n] + top if n < len(x.terms) else top))
        return Series(found, self.most)

    def pow(self, x: Any, y: Any) -> Series:
        x, y = self.wire(x), self.wire(y)
        power = y.terms[0]
        if len(y.terms) > 1:
            return self._begun("pow", [x, y], lambda: self.exp(y * self.log(x)))
        if 0.0 <= power.lo == power.hi and self.m.isfinite(power) and power.lo == self.m.whole(power.lo):
            return self._begun("pow", [x, y], lambda: self._whole_power(x, int(power.lo)))
        return self._power("pow", [x, y], x, power)

    def _whole_power(self, x: Series, n: int) -> Series:
        """A power by squares."""
        found = None
        while n:
            if n % 2:
                found = x if found is None else found * x
            n //= 2
            x = x * x if n else x
        return found or self.wire(1.0)

    def _power(self, name: str, xs: Sequence[Series], x: Series, power: Interval) -> Series:
        """A gate that is a power of x: x·y' = power·x'·y."""
        found = [self._at(name, *xs)]
        if len(x.terms) == 1:
            return Series(found, self.most)
        if x.terms[0].holds(0.0):
            raise RoughError
        lowest = self.m.div(1.0, x.terms[0])
        for n in range(1, self.most + 1):
            total: Any = 0.0
            for k in range(1, min(n, len(x.terms) - 1) + 1):
                total = (power * float(k) - float(n - k)) * (x.terms[k] * found[n - k]) + total
            found.append(total * self._shares[n] * lowest)
        return Series(found, self.most)

    def sqrt(self, x: Any) -> Series:
        return self._power("sqrt", [self.wire(x)], self.wire(x), self.m.wire(0.5))

    def cbrt(self, x: Any) -> Series:
        return self._power("cbrt", [self.wire(x)], self.wire(x), self.m.div(1.0, 3.0))

    def hypot(self, x: Any, y: Any) -> Series:
        x, y = self.wire(x), self.wire(y)
        return self._begun("hypot", [x, y], lambda: self.sqrt(x * x + y * y))

    # functions

    def _at(self, name: str, *xs: Series) -> Interval:
        """The value of a gate."""
        found: Interval = getattr(self.m, name)(*[x.terms[0] for x in xs])
        if found.partial or found.empty:
            raise RoughError
        return found

    def _begun(self, name: str, xs: Sequence[Any], rest: Callable[[], Series]) -> Series:
        """The series of a gate, whose value is known better than its first term."""
        xs = [self.wire(x) for x in xs]
        first = self._at(name, *xs)
        return Series([first, *rest().terms[1:]] if any(len(x.terms) > 1 for x in xs) else [first], self.most)

    def _grown(self, value: Interval, x: Series) -> Series:
        """A solution of y' = x'·y."""
        found = [value]
        moved = [term * float(k) for k, term in enumerate(x.terms)]
        for n in range(1, self.most + 1 if len(moved) > 1 else 1):
            found.append(product(moved, found, n, 1) * self._shares[n])
        return Series(found, self.most)

    def exp(self, x: Any) -> Series:
        return self._grown(self._at("exp", self.wire(x)), self.wire(x))

    def exp2(self, x: Any) -> Series:
        return self._grown(self._at("exp2", self.wire(x)), self.log(2.0) * self.wire(x))

    def expm1(self, x: Any) -> Series:
        return self._begun("expm1", [x], lambda: self.exp(x))

    def gauss(self, x: Any) -> Series:
        x = self.wire(x)
        return self._grown(self._at("gauss", x), -(x * x))

    def normpdf(self, x: Any) -> Series:
        x = self.wire(x)
        return self._grown(self._at("normpdf", x), -0.5 * (x * x))

    def gamma(self, x: Any) -> Series:
        return self._grown(self._at("gamma", self.wire(x)), self.lgamma(x))

    def _waves(self, x: Series, names: tuple[str, str], sign: float) -> tuple[Series, Series]:
        """The sine and the cosine, or those of the hyperbola."""
        sine, cosine = [self._at(names[0], x)], [self._at(names[1], x)]
        moved = [term * float(k) for k, term in enumerate(x.terms)]
        for n in range(1, self.most + 1 if len(moved) > 1 else 1):
            up, down = product(moved, cosine, n, 1), product(moved, sine, n, 1)
            sine.append(up * self._shares[n])
            cosine.append(sign * down * self._shares[n])
        return Series(sine, self.most), Series(cosine, self.most)

    def sin(self, x: Any) -> Series:
        return self._waves(self.wire(x), ("sin", "cos"), -1.0)[0]

    def cos(self, x: Any) -> Series:
        return self._waves(self.wire(x), ("sin", "cos"), -1.0)[1]

    def sinh(self, x: Any) -> Series:
        return self._waves(self.wire(x), ("sinh", "cosh"), 1.0)[0]

    def cosh(self, x: Any) -> Series:
        return self._waves(self.wire(x), ("sinh", "cosh"), 1.0)[1]

    def tan(self, x: Any) -> Series:
        return self._begun("tan", [x], lambda: self.div(self.sin(x), self.cos(x)))

    def sigmoid(self, x: Any) -> Series:
        return self._begun("sigmoid", [x], lambda: self.div(1.0, 1.0 + self.exp(-x)))

    def logisticpdf(self, x: Any) -> Series:
        return self._begun("logisticpdf", [x], lambda: self.sigmoid(x) * self.sigmoid(-x))

    def silu(self, x: Any) -> Series:
        return self._begun("silu", [x], lambda: x * self.sigmoid(x))

    def gelu(self, x: Any) -> Series:
        return self._begun("gelu", [x], lambda: x * self.normcdf(x))

    def atan2(self, y: Any, x: Any) -> Series:
        if self.lt(0.0, x) is not True and self.ne(y, 0.0) is not True:
            raise RoughError  # the half line where it jumps
        return self._sloped("atan2", y, x)

    def logsumexp(self, *xs: Any) -> Series:
        first = self.wire(xs[0])
        return self._begun("logsumexp", xs, lambda: self.log(sum(self.exp(self.wire(x) - first) for x in xs)) + first)

    def apart(self, x: Any, y: Any) -> Series:
        return self.wire(x) - self.wire(y)

    def _sloped(self, name: str, *xs: Any) -> Series:
        """A gate integrated from its slopes, which do not hang on its value."""
        wires = [self.wire(x) for x in xs]
        return self._integrated(Series([self._at(name, *wires)], self.most), GATES[name].rules, wires)

    def _integrated(self, value: Series, rules: Sequence[Vjp | None], xs: Sequence[Series]) -> Series:
        """A gate from its slopes, which are taken to one power less."""
        if self.most == 0 or all(len(x.terms) == 1 for x in xs):
            return value
        lower = TaylorSeries(self.m, self.most - 1)
        given = [x.up_to(lower.most) for x in xs]
        moved: Any = lower.wire(0.0)
        for x, slope in zip(xs, rules, strict=True):
            if len(x.terms) > 1:
                if slope is None:
                    raise RoughError
                along = Series([term * float(k) for k, term in enumerate(x.terms)][1:], lower.most)
                moved = slope(lower, 1.0, value.up_to(lower.most), *given) * along + moved
        terms = [term * self._shares[n] for n, term in enumerate(moved.terms, 1)]
        return Series([value.terms[0], *terms], self.most)

    def held(self, gate: HeldGate, *xs: Any) -> Series:
        """A gate that holds a circuit. The slope of a root hangs on the root: each pass has one more term of both."""
        wires = [self.wire(x) for x in xs]
        value = self.m.held(gate, *[x.terms[0] for x in wires])
        moving = [i for i, x in enumerate(wires) if len(x.terms) > 1]
        root = gate.kind == "root"
        if value.partial or (not root and any(i < gate.parameters for i in moving)):
            raise RoughError
        found, still = Series([value], self.most), tuple([rule or _no_slope for rule in gate.row.rules])
        for most in range(1, self.most + 1) if root and moving else [self.most]:
            found = TaylorSeries(self.m, most)._integrated(found, still, wires)
        return Series(found.terms, self.most)


def _no_slope(m: Any, g: Any, o: Any, *xs: Any) -> float:
    """The slope of a root by its start."""
    return 0.0


def _of_slope(name: str) -> Callable[..., Series]:
    def function(self: TaylorSeries, *xs: Any) -> Series:
        return self._sloped(name, *xs)

    return function


@lru_cache(maxsize=100)
def _shares(m: Intervals, most: int) -> list[Interval]:
    """1/n for each n up to the highest, beside a place for 0."""
    return [m.wire(0.0), *[m.div(1.0, float(n)) for n in range(1, most + 1)]]


SLOPED = "log log2 log10 log1p asin acos atan asinh acosh atanh tanh erf erfc normcdf softplus lgamma digamma polygamma"

for _name in SLOPED.split():
    setattr(TaylorSeries, _name, _of_slope(_name))
