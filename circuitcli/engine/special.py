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
    try:
        return math.gamma(x)
    except ValueError:
        return math.copysign(INF, x) if x == 0.0 else NAN
    except OverflowError:
        return math.copysign(INF, x)  # beyond 171, or next to 0 on either side


def lgamma(x: float) -> float:
    """log|Γ(x)|; inf at the poles."""
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return INF


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
        return NAN if fraction == 0.0 else digamma(1.0 - x) - math.pi / math.tan(math.pi * fraction)
    terms = []
    while x < 12.0:
        terms.append(-1.0 / x)
        x += 1.0
    square = 1.0 / (x * x)
    power = square
    for k, (p, q) in enumerate(_BERNOULLI[:8], 1):
        terms.append(-p / (q * 2 * k) * power)
        power *= square
    return math.fsum([math.log(x), -0.5 / x, *terms])


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
    c = 1.0 / math.tan(math.pi * x)
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
