"""The arithmetic of Python floats: IEEE 754 and C99, where Python's math module would raise."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from circuitcli.engine.arithmetic import Arithmetic
from circuitcli.engine.special import digamma, gamma, lgamma, polygamma

INF, NAN = math.inf, math.nan
_NAMED = {"pi": math.pi, "tau": math.tau, "e": math.e, "inf": INF, "nan": NAN}


def _quiet(function: Callable[[float], float], overflow: float = INF) -> Callable[[float], float]:
    """A function of math that answers nan outside its domain and `overflow` where the result is too large."""

    def quiet(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return NAN
        except OverflowError:
            return overflow

    return quiet


def _logarithm(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    def quiet(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return -INF if x == pole else NAN

    return quiet


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    """Python's floor and its kin answer an int, without the sign of zero, and raise at inf."""
    return lambda x: math.copysign(float(function(x)), x) if math.isfinite(x) else x


if sys.version_info >= (3, 11):
    _cube_root = math.cbrt
else:

    def _cube_root(x: float) -> float:
        return math.copysign(math.pow(abs(x), 1.0 / 3.0), x)


class Floats(Arithmetic):
    """One float a wire; a condition is a bool."""

    pi = math.pi
    nothing = -0.0
    beyond = "1.8e308"

    def constant(self, text: str) -> float:
        return _NAMED[text] if text in _NAMED else float(text)

    def text(self, x: float, digits: int) -> str:
        """The decimal text of a number, rounded to so many significant digits, without zeros at its end."""
        return f"{x:.{digits}g}"

    def plain(self, x: float) -> float:
        """A number as a record holds it."""
        return x

    # conditions

    def lt(self, x: float, y: float) -> bool:
        return x < y

    def le(self, x: float, y: float) -> bool:
        return x <= y

    def gt(self, x: float, y: float) -> bool:
        return x > y

    def ge(self, x: float, y: float) -> bool:
        return x >= y

    def eq(self, x: float, y: float) -> bool:
        return x == y

    def ne(self, x: float, y: float) -> bool:
        return x != y

    def truth(self, x: float) -> bool:
        return x != 0.0

    def isnan(self, x: float) -> bool:
        return x != x

    def isfinite(self, x: float) -> bool:
        return math.isfinite(x)

    def and_(self, a: bool, b: bool) -> bool:
        return a and b

    def or_(self, a: bool, b: bool) -> bool:
        return a or b

    def not_(self, a: bool) -> bool:
        return not a

    def where(self, condition: bool, x: float, y: float) -> float:
        return x if condition else y

    # arithmetic

    def div(self, x: float, y: float) -> float:
        try:
            return x / y
        except ZeroDivisionError:
            return NAN if x == 0.0 or x != x else math.copysign(INF, x) * math.copysign(1.0, y)

    def pow(self, x: float, y: float) -> float:
        if y == 2.0:
            return x * x
        try:
            return math.pow(x, y)
        except OverflowError:
            return -INF if x < 0.0 and y % 2.0 == 1.0 else INF
        except ValueError:  # a negative base with a fraction, or zero with a negative exponent
            if x != 0.0:
                return NAN
            return math.copysign(INF, x) if y % 2.0 == 1.0 else INF

    def fmod(self, x: float, y: float) -> float:
        try:
            return math.fmod(x, y)
        except ValueError:
            return NAN

    def max(self, *xs: float) -> float:
        top = xs[0]
        for x in xs:
            if not x <= top:
                top = x
            if top != top:
                return top
        return top

    def min(self, *xs: float) -> float:
        bottom = xs[0]
        for x in xs:
            if not x >= bottom:
                bottom = x
            if bottom != bottom:
                return bottom
        return bottom

    # math.h

    abs = staticmethod(math.fabs)
    copysign = staticmethod(math.copysign)
    hypot = staticmethod(math.hypot)
    atan2 = staticmethod(math.atan2)
    floor = staticmethod(_whole(math.floor))
    ceil = staticmethod(_whole(math.ceil))
    trunc = staticmethod(_whole(math.trunc))
    round = staticmethod(_whole(round))
    sqrt = staticmethod(_quiet(math.sqrt))
    exp = staticmethod(_quiet(math.exp))
    expm1 = staticmethod(_quiet(math.expm1))
    log = staticmethod(_logarithm(math.log, 0.0))
    log2 = staticmethod(_logarithm(math.log2, 0.0))
    log10 = staticmethod(_logarithm(math.log10, 0.0))
    log1p = staticmethod(_logarithm(math.log1p, -1.0))
    sin = staticmethod(_quiet(math.sin))
    cos = staticmethod(_quiet(math.cos))
    tan = staticmethod(_quiet(math.tan))
    asin = staticmethod(_quiet(math.asin))
    acos = staticmethod(_quiet(math.acos))
    atan = staticmethod(math.atan)
    cosh = staticmethod(_quiet(math.cosh))
    tanh = staticmethod(math.tanh)
    asinh = staticmethod(math.asinh)
    acosh = staticmethod(_quiet(math.acosh))
    erf = staticmethod(math.erf)
    erfc = staticmethod(math.erfc)
    gamma = staticmethod(gamma)
    lgamma = staticmethod(lgamma)
    digamma = staticmethod(digamma)
    polygamma = staticmethod(polygamma)

    def sinh(self, x: float) -> float:
        try:
            return math.sinh(x)
        except OverflowError:
            return math.copysign(INF, x)

    def atanh(self, x: float) -> float:
        try:
            return math.atanh(x)
        except ValueError:
            return math.copysign(INF, x) if abs(x) == 1.0 else NAN

    def cbrt(self, x: float) -> float:
        if x == 0.0 or not math.isfinite(x):
            return x
        if not 1e-250 < abs(x) < 1e250:  # to where the cube below keeps its digits
            return self.cbrt(x * 2.0**300) * 2.0**-100 if abs(x) < 1.0 else self.cbrt(x * 2.0**-300) * 2.0**100
        root = _cube_root(x)
        return root - (root * root * root - x) / (3.0 * root * root)  # one step of Newton: the last digit

    def exp2(self, x: float) -> float:
        return self.pow(2.0, x)


FLOATS = Floats()
