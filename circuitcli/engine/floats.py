"""The arithmetic of Python floats: IEEE 754 and C99, where Python's math module would raise."""

from __future__ import annotations

import math

from circuitcli.engine import c99
from circuitcli.engine.arithmetic import Arithmetic
from circuitcli.engine.special_functions import digamma, gamma, lgamma, polygamma

_NAMED = {"pi": math.pi, "tau": math.tau, "e": math.e, "inf": math.inf, "nan": math.nan}


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

    div = staticmethod(c99.div)
    pow = staticmethod(c99.power)
    fmod = staticmethod(c99.fmod)
    max = staticmethod(c99.largest)
    min = staticmethod(c99.smallest)

    # math.h

    abs = staticmethod(math.fabs)
    copysign = staticmethod(math.copysign)
    hypot = staticmethod(math.hypot)
    atan2 = staticmethod(math.atan2)
    floor = staticmethod(c99.floor)
    ceil = staticmethod(c99.ceil)
    trunc = staticmethod(c99.trunc)
    round = staticmethod(c99.rint)
    sqrt = staticmethod(c99.sqrt)
    exp = staticmethod(c99.exp)
    exp2 = staticmethod(c99.exp2)
    expm1 = staticmethod(c99.expm1)
    log = staticmethod(c99.log)
    log2 = staticmethod(c99.log2)
    log10 = staticmethod(c99.log10)
    log1p = staticmethod(c99.log1p)
    sin = staticmethod(c99.sin)
    cos = staticmethod(c99.cos)
    tan = staticmethod(c99.tan)
    asin = staticmethod(c99.asin)
    acos = staticmethod(c99.acos)
    atan = staticmethod(math.atan)
    sinh = staticmethod(c99.sinh)
    cosh = staticmethod(c99.cosh)
    tanh = staticmethod(math.tanh)
    asinh = staticmethod(math.asinh)
    acosh = staticmethod(c99.acosh)
    atanh = staticmethod(c99.atanh)
    cbrt = staticmethod(c99.cbrt)
    erf = staticmethod(math.erf)
    erfc = staticmethod(math.erfc)
    gamma = staticmethod(gamma)
    lgamma = staticmethod(lgamma)
    digamma = staticmethod(digamma)
    polygamma = staticmethod(polygamma)


FLOATS = Floats()
