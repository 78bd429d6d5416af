"""The arithmetic of Python floats: IEEE 754 and C99, where Python's math module would raise."""

from __future__ import annotations

import math
import sys

from circuitcli.constants import CONSTANTS
from circuitcli.engine import c99
from circuitcli.engine.bool_conditions import BoolConditions
from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.special_functions import digamma, gamma, lgamma, polygamma

_NAMED = {name: row.number for name, row in CONSTANTS.items()}

TINY, HUGE = sys.float_info.min, sys.float_info.max  # the range of the normal floats
DENSE = 2.0**53  # below it every whole number is a float
UNIT = 2.0**-53  # relative: the most by which the nearest float is off
EPSILON = 2.0 * UNIT  # the distance from 1 to the next float
LEAST = 2.0**-1074  # the smallest float above 0
NUDGE = 4.0 * LEAST  # a few times what a rounded result below the normal range may be off


class Floats(BoolConditions[float], InheritedGates[float, bool]):
    """One float a wire; a condition is a bool."""

    pi = math.pi
    nothing = -0.0
    digits = 17
    beyond = "1.8e308"

    def constant(self, text: str) -> float:
        return _NAMED[text] if text in _NAMED else float(text)

    def number(self, x: float) -> float:
        return float(x)

    def isfinite(self, x: float) -> bool:
        return math.isfinite(x)

    def text(self, x: float, digits: int) -> str:
        """The number to so many significant digits; a whole one that floats tell from its neighbours with all."""
        return f"{x:.0f}" if abs(x) < DENSE and x == math.floor(x) else f"{x:.{digits}g}"

    def plain(self, x: float) -> float:
        return x

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
