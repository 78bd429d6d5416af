"""C99's functions of floats where Python's math would raise: infinities and nan are answers like others.

Functions of this file and of special_functions.py use nothing but `math`, `sys` and each other, so that
`circuit export` can copy those that a program needs.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

INF, NAN = math.inf, math.nan


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


def div(x: float, y: float) -> float:
    try:
        return x / y
    except ZeroDivisionError:
        return NAN if x == 0.0 or x != x else math.copysign(INF, x) * math.copysign(1.0, y)


def power(x: float, y: float) -> float:
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


def fmod(x: float, y: float) -> float:
    try:
        return math.fmod(x, y)
    except ValueError:
        return NAN


def largest(*xs: float) -> float:
    """The largest, of equal numbers the first; nan where one is."""
    top = xs[0]
    for x in xs:
        if not x <= top:
            top = x
        if top != top:
            return top
    return top


def smallest(*xs: float) -> float:
    """The smallest, of equal numbers the first; nan where one is."""
    bottom = xs[0]
    for x in xs:
        if not x >= bottom:
            bottom = x
        if bottom != bottom:
            return bottom
    return bottom


floor = _whole(math.floor)
ceil = _whole(math.ceil)
trunc = _whole(math.trunc)
rint = _whole(round)
sqrt = _quiet(math.sqrt)
exp = _quiet(math.exp)
expm1 = _quiet(math.expm1)
log = _logarithm(math.log, 0.0)
log2 = _logarithm(math.log2, 0.0)
log10 = _logarithm(math.log10, 0.0)
log1p = _logarithm(math.log1p, -1.0)
sin = _quiet(math.sin)
cos = _quiet(math.cos)
tan = _quiet(math.tan)
asin = _quiet(math.asin)
acos = _quiet(math.acos)
cosh = _quiet(math.cosh)
acosh = _quiet(math.acosh)


def sinh(x: float) -> float:
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(INF, x)


def atanh(x: float) -> float:
    try:
        return math.atanh(x)
    except ValueError:
        return math.copysign(INF, x) if abs(x) == 1.0 else NAN


def exp2(x: float) -> float:
    return power(2.0, x)


def cbrt(x: float) -> float:
    if x == 0.0 or not math.isfinite(x):
        return x
    if not 1e-250 < abs(x) < 1e250:  # to where the cube below keeps its digits
        return cbrt(x * 2.0**300) * 2.0**-100 if abs(x) < 1.0 else cbrt(x * 2.0**-300) * 2.0**100
    root = _cube_root(x)
    return root - (root * root * root - x) / (3.0 * root * root)  # one step of Newton: the last digit


def _cube_root(x: float) -> float:
    if sys.version_info >= (3, 11):
        return math.cbrt(x)
    return math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
