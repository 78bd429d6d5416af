"""A recorder for languages without functions of one's own, which have few of C's: it puts together what they lack.

Every gate is spelled out. A number that is not one is missing there, or an error; a 0 has no sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import partial, reduce

from circuitcli.engine.tracer import ExactRecorder, Traced
from circuitcli.engine.wire import Wire

LN_2 = 0.6931471805599453
ROUGH = 4503599627370496.0  # 2^52, beyond which there are no fractions

# (1 + 2x)·exp(x²)·erfc(x) for x >= 1/2 by powers of (x - 3.75)/(x + 3.75), the highest first: the variable is that of
# Shepherd and Laframboise (1981), the coefficients are of a Chebyshev fit to 2e-18.
ERFC = (
    1.3966141185837307e-09, -4.497772869804887e-09, -7.367743757919043e-09, 3.912404498574977e-08,
    2.8559768124792098e-08, -2.606523977388044e-07, -6.168061397517599e-08, 1.7538460873594971e-06,
    -9.711585302910651e-07, -1.1445475445508328e-05, 2.238337577009186e-05, 5.164959001061358e-05,
    -0.0002901538702697881, 0.00029371355088848313, 0.0017556258186400841, -0.009746579541383386,
    0.028362277422526547, -0.0586933985910498, 0.09230432116016081, -0.10880393014168702,
    0.08227673849015155, 0.003585415485463367, -0.14024059858554702, 1.2375126308378275,
)  # fmt: skip
ERF = [2.0**n / math.prod(range(3, 2 * n + 2, 2)) for n in range(13)]  # Abramowitz & Stegun 7.1.6, for |x| < 1/2


class FewFunctions(ExactRecorder):
    """A recorder of those operations that a language `has`; it writes others down by these, where it can."""

    def __init__(self, has: Collection[str]) -> None:
        super().__init__()
        for name in (name for name in BY_OTHERS if name not in has):
            setattr(self, name, partial(self._by_others, name))

    def _by_others(self, name: str, *xs: Traced) -> Traced:
        known = not any(isinstance(x, Wire) for x in xs)
        return self._record(name, xs) if known else BY_OTHERS[name](self, *xs)

    def pow(self, x: Traced, y: Traced) -> Traced:
        """A power; one with a positive whole number as its exponent, which has a value everywhere, is a `power`."""
        whole = isinstance(x, Wire) and isinstance(y, float) and y > 2.0 and y.is_integer()
        return self._record("power" if whole else "pow", (x, y))

    def max(self, *xs: Traced) -> Traced:
        """The largest, two at a time, as `min` has the smallest."""
        return reduce(lambda x, y: self._record("max", (x, y)), xs)

    def min(self, *xs: Traced) -> Traced:
        return reduce(lambda x, y: self._record("min", (x, y)), xs)


def _polynomial(coefficients: Collection[float], x: Traced) -> Traced:
    """By Horner's rule, of coefficients from the highest down."""
    total: Traced = 0.0
    for c in coefficients:
        total = total * x + c
    return total


def _exp2(m: FewFunctions, x: Traced) -> Traced:
    return m.exp(x * LN_2)


def _expm1(m: FewFunctions, x: Traced) -> Traced:
    half = 0.5 * m.where(m.lt(x, -80.0), -80.0, x)
    return 2.0 * (m.sinh(half) * m.exp(half))


def _log1p(m: FewFunctions, x: Traced) -> Traced:
    near = m.where(m.lt(m.abs(x), 0.5), x, 0.0)
    return m.where(m.lt(m.abs(x), 0.5), 2.0 * m.atanh(m.div(near, 2.0 + near)), m.log(1.0 + x))


def _log2(m: FewFunctions, x: Traced) -> Traced:
    return m.div(m.log(x), LN_2)


def _cbrt(m: FewFunctions, x: Traced) -> Traced:
    """A power, and one step of Newton."""
    size = m.abs(x)
    root = m.pow(size, 1.0 / 3.0)
    square = root * root
    better = root - m.div(root * square - size, 3.0 * square)
    return m.where(m.eq(x, 0.0), x, m.copysign(better, x))


def _hypot(m: FewFunctions, x: Traced, y: Traced) -> Traced:
    """The larger side times a root, so that no square leaves the range of floats."""
    a, b = m.abs(x), m.abs(y)
    large = m.max(a, b)
    ratio = m.div(m.min(a, b), large)
    root = m.sqrt(1.0 + m.where(m.lt(ratio, 1e-9), 0.0, ratio) * m.where(m.lt(ratio, 1e-9), 0.0, ratio))
    return m.where(m.eq(large, 0.0), large, large * root)


def _copysign(m: FewFunctions, x: Traced, y: Traced) -> Traced:
    return m.where(m.lt(y, 0.0), -m.abs(x), m.abs(x))


def _fmod(m: FewFunctions, x: Traced, y: Traced) -> Traced:
    """The remainder of x by y, with the rounding of the product put back (Dekker 1971); no number where the quotient is
    beyond 2^52, and rounded itself."""
    quotient = m.div(x, y)
    count = m.where(m.lt(m.abs(quotient), ROUGH), m.trunc(quotient), math.nan)
    high, y_high = _high(count), _high(y)
    low, y_low = count - high, y - y_high
    product = count * y
    lost = ((high * y_high - product) + high * y_low + low * y_high) + low * y_low
    left = (x - product) - lost
    size = m.copysign(y, x)
    beyond = m.or_(m.and_(m.lt(left, 0.0), m.lt(0.0, x)), m.and_(m.lt(0.0, left), m.lt(x, 0.0)))
    return m.where(beyond, left + size, left)


def _high(x: Traced) -> Traced:
    split = x * 134217729.0  # Veltkamp 1968
    return split - (split - x)


def _round(m: FewFunctions, x: Traced) -> Traced:
    """Half to even: a number beside 2^52 has no fraction."""
    size = m.abs(x)
    return m.where(m.lt(size, ROUGH), m.copysign((size + ROUGH) - ROUGH, x), x)


def _erf(m: FewFunctions, x: Traced) -> Traced:
    near = m.where(m.lt(m.abs(x), 0.5), x, 0.0)
    series = _polynomial(ERF[::-1], near * near)
    far = m.copysign(1.0 - _erfc_beyond_half(m, m.abs(x)), x)
    return m.where(m.lt(m.abs(x), 0.5), 2.0 / math.sqrt(math.pi) * near * m.gauss(near) * series, far)


def _erfc(m: FewFunctions, x: Traced) -> Traced:
    far = _erfc_beyond_half(m, m.abs(x))
    return m.where(m.lt(m.abs(x), 0.5), 1.0 - m.erf(x), m.where(m.lt(x, 0.0), 2.0 - far, far))


def _erfc_beyond_half(m: FewFunctions, x: Traced) -> Traced:
    q = m.div(x - 3.75, x + 3.75)
    seen = m.where(m.lt(26.55, x), 30.0, x)  # beyond, the result is below the normal range, and gauss(30) is 0
    return m.div(m.gauss(seen) * _polynomial(ERFC, q), 1.0 + 2.0 * x)


BY_OTHERS: dict[str, Callable[..., Traced]] = {
    "exp2": _exp2,
    "expm1": _expm1,
    "log1p": _log1p,
    "log2": _log2,
    "cbrt": _cbrt,
    "hypot": _hypot,
    "copysign": _copysign,
    "fmod": _fmod,
    "round": _round,
    "erf": _erf,
    "erfc": _erfc,
}
