"""Special functions of one float that math lacks, or in which it raises.

digamma and polygamma by the asymptotic series after the recurrence has lifted the argument, and by reflection below
zero (Abramowitz & Stegun 6.3 and 6.4; for the Hurwitz zeta function, Euler-Maclaurin, DLMF 25.11.43).
"""

from __future__ import annotations

import math

INF, NAN = math.inf, math.nan

# Bernoulli numbers B2, B4, ... B26
_BERNOULLI = (
    (1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6),
    (-3617, 510), (43867, 798), (-174611, 330), (854513, 138), (-236364091, 2730), (8553103, 6),
)  # fmt: skip


def gamma(x: float) -> float:
    """Γ(x); ±inf at ±0, nan at the negative whole numbers."""
    if 0.5 <= x <= 2.5:
        return math.exp(lgamma(x))
    if -0.5 < x < 0.5 and x != 0.0:
        return math.exp(_lgamma_of_two_and(x) - math.log1p(x)) / x
    try:
        return math.gamma(x)
    except ValueError:
        return math.copysign(INF, x) if x == 0.0 else NAN
    except OverflowError:
        return math.copysign(INF, x)  # beyond 171, or next to 0 on either side


# lgamma(2+z) = (1-γ)z + sum of (-1)^k (ζ(k)-1)/k z^k over k >= 2 (Abramowitz & Stegun 6.1.33)
_SLOPE_AT_TWO = 0.42278433509846713
_SERIES_AT_TWO = (
    0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
    0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
    9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
    4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
    3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12, -3.527742476575915e-12,
)  # fmt: skip


def lgamma(x: float) -> float:
    """log|Γ(x)|; inf at the poles. Where it is small by a series, which keeps the digits next to the roots."""
    if x == 0.0:
        return INF
    if -0.5 < x <= 2.5:
        if x > 1.5:
            return _lgamma_of_two_and(x - 2.0)
        if x >= 0.5:
            return _lgamma_of_two_and(x - 1.0) - math.log1p(x - 1.0)
        return _lgamma_of_two_and(x) - math.log1p(x) - math.log(abs(x))
    if -3.0 < x < -2.0:  # x(x+1)(x+2)(x+3) = (x²+3x+1)² - 1
        root = x * (x + 3.0) + 1.0
        return lgamma(x + 4.0) - math.log1p(-root * root)
    if 2.5 < x < 12.0:
        product = 1.0
        while x > 2.5:
            x -= 1.0
            product *= x
        return math.log(product) + lgamma(x)
    if -2.0 < x <= -0.5 and x != -1.0:
        return lgamma(x + 1.0) - math.log(-x) if x > -1.0 else lgamma(x + 2.0) - math.log(x * (x + 1.0))
    if -20.0 < x <= -3.0 and x != math.floor(x):
        return math.log(abs(gamma(x)))
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return INF


def _lgamma_of_two_and(z: float) -> float:
    """lgamma(2+z) for |z| <= 1/2."""
    series = 0.0
    for c in reversed(_SERIES_AT_TWO):
        series = (series + c) * z
    return (series + _SLOPE_AT_TWO) * z


_LOG_16 = 2.772588722239781, 9.276187255385198e-17  # and what is missing to it


def digamma(x: float) -> float:
    """ψ(x), the derivative of lgamma; nan at the poles below zero, -inf at +0."""
    if x != x or x == -INF:
        return NAN
    if x == 0.0:
        return math.copysign(INF, -x)
    if x == INF:
        return INF
    if x < 0.0:
        fraction = x - round(x)
        return NAN if fraction == 0.0 else digamma(1.0 - x) - math.pi * _cot_pi(fraction)
    terms = []
    k = 0
    while x + k < 16.0:
        terms += _reciprocal(x, float(k))
        k += 1
    if k:  # from 16 to 17, where the logarithm is known to more digits than a float has
        x += k
        terms += [*_LOG_16, math.log1p((x - 16.0) / 16.0)]
    else:
        terms.append(math.log(x))
    square = 1.0 / x / x
    power = square
    for i, (p, q) in enumerate(_BERNOULLI[:8], 1):
        terms.append(-p / (q * 2 * i) * power)
        power *= square
    return math.fsum([-0.5 / x, *terms])


def _reciprocal(x: float, k: float) -> list[float]:
    """-1/(x+k) as a sum: the quotient, and what the roundings of the sum and of the quotient lost."""
    sum_ = x + k
    lost = (x - (sum_ - k)) if k > x else (k - (sum_ - x))
    quotient = 1.0 / sum_
    if not 1e-200 < sum_ < 1e200:
        return [-quotient]
    high, other = _split(sum_), _split(quotient)
    low, rest = sum_ - high, quotient - other
    remainder = ((1.0 - high * other) - high * rest - low * other) - low * rest  # Dekker 1971
    return [-quotient, -remainder * quotient, lost * quotient * quotient]


def _cot_pi(x: float) -> float:
    """cot(πx) for 0 < |x| <= 1/2: next to its root at 1/2 by the distance to that, which is exact."""
    if abs(x) <= 0.25:
        return 1.0 / math.tan(math.pi * x)
    return math.copysign(math.tan(math.pi * (0.5 - abs(x))), x)


def _split(x: float) -> float:
    """The upper half of the digits (Veltkamp 1968)."""
    c = x * 134217729.0
    return c - (c - x)


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma, for whole n >= 0; nan for another n."""
    if not 0.0 <= n <= 160.0 or n != math.floor(n) or x != x:
        return NAN
    order = int(n)
    if order == 0:
        return digamma(x)
    sign = 1.0 if order % 2 else -1.0
    if x == INF:
        return 0.0 * sign
    if x == -INF:
        return NAN
    if x == 0.0:
        return INF if order % 2 else math.copysign(INF, -x)
    if x < 0.0:
        fraction = x - round(x)
        if fraction == 0.0:
            return INF if order % 2 else NAN
        return -sign * polygamma(n, 1.0 - x) - _cotangent(order, fraction)
    return sign * math.factorial(order) * _hurwitz(order + 1, x)


def _cotangent(n: int, x: float) -> float:
    """The n-th derivative of π·cot(πx), by the polynomial in c = cot(πx) that it is: each step is -(1+c²) d/dc."""
    coefficients = [0.0, 1.0]
    for _ in range(n):
        slope = [k * a for k, a in enumerate(coefficients)][1:]
        coefficients = [0.0] * (len(slope) + 2)
        for k, a in enumerate(slope):
            coefficients[k] -= a
            coefficients[k + 2] -= a
    c = _cot_pi(x)
    value = 0.0
    for a in reversed(coefficients):
        value = value * c + a
    return value * math.pi ** (n + 1)


def _hurwitz(s: int, x: float) -> float:
    """ζ(s, x) = sum of (x+k)^-s over k >= 0, for s >= 2 and x > 0."""
    try:
        terms = []
        while x < 12.0 + s:
            terms.append(x**-s)
            x += 1.0
        terms += [x ** (1 - s) / (s - 1), 0.5 * x**-s]
        factor = s * x ** (-s - 1)  # s(s+1)...(s+2k-2) x^(1-s-2k) / (2k)!
        for k, (p, q) in enumerate(_BERNOULLI, 1):
            factor /= 2 * k if k == 1 else (2 * k) * (2 * k - 1)
            terms.append(p / q * factor)
            factor *= (s + 2 * k - 1) * (s + 2 * k) / (x * x)
        return math.fsum(terms)
    except OverflowError:
        return INF
