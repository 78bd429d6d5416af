"""The arithmetic of Python floats: IEEE 754 and C99, where Python's math module would raise."""

from __future__ import annotations

import math

from circuitcli.engine import quiet
from circuitcli.engine.arithmetic import Arithmetic
from circuitcli.engine.special import digamma, gamma, lgamma, polygamma

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

    div = staticmethod(quiet.div)
    pow = staticmethod(quiet.power)
    fmod = staticmethod(quiet.fmod)
    max = staticmethod(quiet.largest)
    min = staticmethod(quiet.smallest)

    # math.h

    abs = staticmethod(math.fabs)
    copysign = staticmethod(math.copysign)
    hypot = staticmethod(math.hypot)
    atan2 = staticmethod(math.atan2)
    floor = staticmethod(quiet.floor)
    ceil = staticmethod(quiet.ceil)
    trunc = staticmethod(quiet.trunc)
    round = staticmethod(quiet.rint)
    sqrt = staticmethod(quiet.sqrt)
    exp = staticmethod(quiet.exp)
    exp2 = staticmethod(quiet.exp2)
    expm1 = staticmethod(quiet.expm1)
    log = staticmethod(quiet.log)
    log2 = staticmethod(quiet.log2)
    log10 = staticmethod(quiet.log10)
    log1p = staticmethod(quiet.log1p)
    sin = staticmethod(quiet.sin)
    cos = staticmethod(quiet.cos)
    tan = staticmethod(quiet.tan)
    asin = staticmethod(quiet.asin)
    acos = staticmethod(quiet.acos)
    atan = staticmethod(math.atan)
    sinh = staticmethod(quiet.sinh)
    cosh = staticmethod(quiet.cosh)
    tanh = staticmethod(math.tanh)
    asinh = staticmethod(math.asinh)
    acosh = staticmethod(quiet.acosh)
    atanh = staticmethod(quiet.atanh)
    cbrt = staticmethod(quiet.cbrt)
    erf = staticmethod(math.erf)
    erfc = staticmethod(math.erfc)
    gamma = staticmethod(gamma)
    lgamma = staticmethod(lgamma)
    digamma = staticmethod(digamma)
    polygamma = staticmethod(polygamma)


FLOATS = Floats()
