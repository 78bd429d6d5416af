"""The arithmetic of many decimal digits, on mpmath: for `--digits 50`, and as the witness of the check.

As in floats, a value outside a domain is nan and a pole is infinite; unlike there, zero has no sign. An exponent
beyond 2^62 gives inf or 0, and the sine of a number beyond 2^100000 is nan, for mpmath would not return.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

from mpmath import MPContext

from circuitcli.carried import Real
from circuitcli.engine import gamma_series
from circuitcli.engine.bool_conditions import BoolConditions
from circuitcli.engine.c99 import largest, smallest
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.mp_context import Context

LARGEST = 2**62  # exponent of two
REDUCED = 100_000  # the largest exponent of two of an angle
ORDERS = 1000  # of polygamma
GUARD = 50  # digits of a number that are read, and written, beyond those that are kept, and shown
LONG = 4_000  # bits of an exponent
KEPT = 100  # values of functions that take long
CONTEXTS = 8
EXPONENT_DIGITS = 19  # with the sign; 2^62 has as many

_largest: Callable[..., Real] = largest  # of floats and of any numbers that compare
_smallest: Callable[..., Real] = smallest


class _Contexts(threading.local):
    """The contexts of a thread, by their digits: mpmath takes milliseconds to make one."""

    def __init__(self) -> None:
        self._known: dict[int, Context] = {}

    def of(self, digits: int) -> Context:
        if digits not in self._known:
            if len(self._known) == CONTEXTS:
                self._known.clear()
            context: Context = MPContext()
            context.dps = digits
            self._known[digits] = context
        return self._known[digits]


_contexts = _Contexts()


@lru_cache(maxsize=KEPT)
def _again(function: Callable[..., Real], *args: Real | Context | int) -> Real:
    """A function of a context that takes long, kept for the next time: around a kink, the check asks hundreds of times
    for what is constant there."""
    return function(*args)


def _real(name: str, inside: Callable[[Real], bool] = lambda x: True) -> Callable[[Digits, Real], Real]:
    """A function of mpmath that is nan where `inside` does not hold."""

    def real(self: Digits, x: Real) -> Real:
        return getattr(self.mp, name)(self.number(x)) if inside(x) else self.mp.nan

    return real


def _whole(name: str) -> Callable[[Digits, Real], Real]:
    def whole(self: Digits, x: Real) -> Real:
        return getattr(self.mp, name)(x) if self.isfinite(x) else x

    return whole


def _periodic(name: str) -> Callable[[Digits, Real], Real]:
    def periodic(self: Digits, x: Real) -> Real:
        x = self.number(x)
        return getattr(self.mp, name)(x) if x == 0 or self.mp.mag(x) <= REDUCED else self.mp.nan

    return periodic


class Digits(BoolConditions[Real], InheritedGates[Real, bool]):
    """One mpmath number a wire, rounded to `digits` decimal digits; records hold `shown` of them. A condition is a
    bool."""

    beyond = "2^2^62"
    largest = LARGEST

    def __init__(self, digits: int, shown: int = 0) -> None:
        self.digits, self.shown = digits, shown or digits
        self.mp = _contexts.of(digits)
        self.nothing = self.mp.zero
        self._named = {"pi": self.mp.pi * 1, "tau": self.mp.pi * 2, "e": self.mp.e * 1}
        self.pi = self._named["pi"]

    def constant(self, text: str) -> Real:
        if len(text) > EXPONENT_DIGITS:
            return self._long(text)
        return self._named[text] if text in self._named else self.mp.mpf(text)

    def _long(self, text: str) -> Real:
        """Read a long number as far as it is kept: mpmath would take minutes for a million digits. A last digit that is
        not 0 stands for all that are left out."""
        mantissa, _, exponent = text.lower().partition("e")
        whole, _, part = mantissa.partition(".")
        places, kept = (whole + part).lstrip("0"), self.digits + GUARD
        if not places:
            return self.mp.zero
        if len(exponent) > EXPONENT_DIGITS:
            return self.mp.zero if exponent.startswith("-") else self.mp.inf
        if len(places) <= kept:
            return self.mp.mpf(text)
        power = int(exponent or 0) - len(part) + len(places) - kept
        rest = "1" if places[kept:].strip("0") else "0"
        return self.mp.mpf(f"{places[:kept]}{rest}e{power - 1}")

    def number(self, x: Real) -> Real:
        return self.mp.mpf(x)

    def isfinite(self, x: Real) -> bool:
        return bool(self.mp.isfinite(x))

    def text(self, x: Real, digits: int) -> str:
        if not self.mp.isfinite(x):
            return "nan" if self.mp.isnan(x) else "inf" if x > 0 else "-inf"
        with self.mp.workdps(digits + GUARD):  # mpmath takes much longer over the rest, which is not shown
            x = self.number(x) * 1
        mantissa, e, exponent = self.mp.nstr(x, digits, min_fixed=-5, max_fixed=digits).partition("e")
        return mantissa.removesuffix(".0") + e + exponent

    def plain(self, x: Real) -> float | str:
        """The decimal text; a float where it is not finite."""
        return self.text(x, self.shown) if self.isfinite(x) else float(x)

    # arithmetic

    def div(self, x: Real, y: Real) -> Real:
        if y == 0:
            return self.mp.nan if x == 0 or x != x else self.mp.inf if x > 0 else self.mp.ninf
        return self.number(x) / y

    def pow(self, x: Real, y: Real) -> Real:
        x, y = self.number(x), self.number(y)
        if x == 0 or not (self.isfinite(x) and self.isfinite(y)):
            return self.number(FLOATS.pow(_stand_in(x), _stand_in(y)))
        whole = self.mp.isint(y)
        if x < 0 and not whole:
            return self.mp.nan
        if self.mp.mag(y) > 30:
            exponent = y * self.mp.log(abs(x))
            if exponent > self.largest:
                return self.mp.ninf if x < 0 and y % 2 == 1 else self.mp.inf
            if exponent < -self.largest:
                return self.mp.zero
            if self.mp.mag(y) > LONG:  # an even number, of which mpmath would write out all bits
                with self.mp.workdps(self.digits + GUARD):  # the exponent has at most 19 digits before its point
                    exponent = y * self.mp.log(abs(x))
                return self.mp.exp(exponent)
        return x**y

    def power_slope(self, o: Real, x: Real, y: Real) -> Real:
        return y * self.pow(x, self.number(y) - 1)

    def fmod(self, x: Real, y: Real) -> Real:
        x, y = self.number(x), self.number(y)
        if y == 0 or not self.isfinite(x) or y != y:
            return self.mp.nan
        if not self.isfinite(y) or x == 0:
            return x
        if self.mp.mag(x) - self.mp.mag(y) > REDUCED:
            return self.mp.nan
        rest = abs(x) % abs(y)
        return -rest if x < 0 else rest

    def copysign(self, x: Real, y: Real) -> Real:
        return -abs(self.number(x)) if y < 0 else abs(self.number(x))

    max, min = staticmethod(_largest), staticmethod(_smallest)

    # math.h

    abs = _real("fabs")
    floor, ceil, round = _whole("floor"), _whole("ceil"), _whole("nint")
    sqrt = _real("sqrt", lambda x: x >= 0)
    log = _real("log", lambda x: x >= 0)
    log1p = _real("log1p", lambda x: x >= -1)
    sin, cos, tan = _periodic("sin"), _periodic("cos"), _periodic("tan")
    asin = _real("asin", lambda x: -1 <= x <= 1)
    acos = _real("acos", lambda x: -1 <= x <= 1)
    atan = _real("atan")
    asinh = _real("asinh")
    acosh = _real("acosh", lambda x: x >= 1)
    atanh = _real("atanh", lambda x: -1 <= x <= 1)

    def trunc(self, x: Real) -> Real:
        return self.ceil(x) if x < 0 else self.floor(x)

    def cbrt(self, x: Real) -> Real:
        return self.copysign(self.mp.cbrt(abs(self.number(x))), x)

    def hypot(self, x: Real, y: Real) -> Real:
        return self.mp.inf if self.mp.isinf(x) or self.mp.isinf(y) else self.mp.hypot(x, y)

    def atan2(self, y: Real, x: Real) -> Real:
        if x != x or y != y:
            return self.mp.nan
        if abs(x) == abs(y) == self.mp.inf:
            x, y = self.mp.sign(x), self.mp.sign(y)
        return self.mp.atan2(y, x)

    def log2(self, x: Real) -> Real:
        return self.div(self.log(x), self.mp.ln2)

    def log10(self, x: Real) -> Real:
        return self.div(self.log(x), self.mp.ln10)

    def exp(self, x: Real) -> Real:
        return self._bounded("exp", x, self.mp.inf, self.mp.zero)

    def exp2(self, x: Real) -> Real:
        return self.pow(2.0, x)

    def expm1(self, x: Real) -> Real:
        return self._bounded("expm1", x, self.mp.inf, -self.mp.one)

    def sinh(self, x: Real) -> Real:
        return self._bounded("sinh", x, self.mp.inf, self.mp.ninf)

    def cosh(self, x: Real) -> Real:
        return self._bounded("cosh", x, self.mp.inf, self.mp.inf)

    def tanh(self, x: Real) -> Real:
        return self._bounded("tanh", x, self.mp.one, -self.mp.one)

    def _bounded(self, name: str, x: Real, above: Real, below: Real) -> Real:
        """A function of exp(|x|): its limits where the exponent would be too large."""
        x = self.number(x)
        return above if x > self.largest else below if x < -self.largest else getattr(self.mp, name)(x)

    # special

    def gauss(self, x: Real) -> Real:
        return self.exp(-(self.number(x) ** 2))

    def normcdf(self, x: Real) -> Real:
        return self.erfc(-self.number(x) / self.mp.sqrt(2)) / 2

    def normpdf(self, x: Real) -> Real:
        return self.exp(-(self.number(x) ** 2) / 2) / self.mp.sqrt(2 * self.mp.pi)

    def gelu(self, x: Real) -> Real:
        return self.mp.zero if x == self.mp.ninf else x * self.normcdf(x)

    def erf(self, x: Real) -> Real:
        x = self.number(x)
        return _again(self.mp.erf, x) if abs(x) < self.largest or x != x else self.mp.sign(x)

    def erfc(self, x: Real) -> Real:
        x = self.number(x)
        if x * x > self.largest:
            return self.mp.zero if x > 0 else 2 * self.mp.one
        return _again(self.mp.erfc, x)

    def gamma(self, x: Real) -> Real:
        x = self.number(x)
        if x <= 0 and self.mp.isint(x):
            return self.mp.inf if x == 0 else self.mp.nan
        if abs(x) > 2**56:
            return self.mp.inf if x > 0 else self.mp.nan if not self.isfinite(x) else self.mp.zero
        return _again(gamma_series.gamma, self.mp, x)

    def lgamma(self, x: Real) -> Real:
        x = self.number(x)
        if not self.isfinite(x):
            return abs(x)
        if x <= 0 and self.mp.isint(x):
            return self.mp.inf
        return _again(gamma_series.lgamma, self.mp, x)

    def digamma(self, x: Real) -> Real:
        return self.polygamma(0.0, x)

    def polygamma(self, n: Real, x: Real) -> Real:
        x, n = self.number(x), self.number(n)
        if not (self.mp.isint(n) and 0 <= n <= ORDERS) or x != x or x == self.mp.ninf:
            return self.mp.nan
        if x == self.mp.inf:
            return self.mp.zero if n else x
        if x <= 0 and self.mp.isint(x):
            return self.mp.ninf if x == 0 and n % 2 == 0 else self.mp.inf if n % 2 else self.mp.nan
        if x < -1000:  # where mpmath would climb to 0 in steps of 1
            return self._reflected(int(n), x)
        return _again(gamma_series.polygamma, self.mp, int(n), x)

    def _reflected(self, n: int, x: Real) -> Real:
        """Polygamma by its value at 1 - x (DLMF 5.15.6). The derivatives of the cotangent are polynomials of it."""
        slopes = [0, 1]
        for _ in range(n):
            below = [k * slope for k, slope in enumerate(slopes)][1:]
            slopes = [-a - b for a, b in zip([*below, 0, 0], [0, 0, *below], strict=True)]
        part = x - self.mp.floor(x)
        cot, value = self.mp.cospi(part) / self.mp.sinpi(part), self.mp.zero
        for slope in reversed(slopes):
            value = value * cot + slope
        other = self.mp.polygamma(n, 1 - x)
        return (-other if n % 2 else other) - self.mp.pi ** (n + 1) * value


def _stand_in(x: Real) -> float:
    """A float that any power treats alike: the same sign, side of 1, and parity."""
    if x == 0 or x != x or abs(x) == float("inf"):
        return float(x)
    if abs(x) <= 1:
        size = 1.0 if abs(x) == 1 else 0.5
    elif abs(x) > 2**LONG:  # an even number, of which mpmath would write every digit
        size = 2.0
    elif x % 1 != 0:
        size = 1.5
    else:
        size = 3.0 if x % 2 else 2.0
    return size if x > 0 else -size


class RoundedConstants(Digits):
    """Digits in which the numbers of an expression are the floats that float64 makes of them: the same function."""

    def constant(self, text: str) -> Real:
        return self.number(FLOATS.constant(text))
