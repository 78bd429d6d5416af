"""The logarithm of the gamma function and its derivatives in hundreds of digits, by the series for large numbers (DLMF
5.11.1, 5.15.9) behind a shift by a few thousand (5.5.1, 5.15.5). mpmath shifts less and takes more terms of the series:
the Bernoulli numbers in these are most of what it takes, up to 30 times as long.
"""

from __future__ import annotations

import math

from circuitcli.carried import Real
from circuitcli.engine.mp_context import Context

MANY = 200  # digits, from which on it pays
SHIFT, FURTHER = 2, 4  # for each digit, and for each of thousands
THOUSANDS = 2_000
FEW = 30  # terms
GUARD = 15  # digits
MOST = 2  # times the digits: all that may cancel


def polygamma(mp: Context, n: int, x: Real) -> Real:
    """The derivative of order n of the digamma function."""
    if x > 0 and n > 1 and x * (mp.mpf(10) ** (mp.mpf(mp.dps + GUARD) / n) - 1) < FEW:
        return _by_terms(mp, n, x)
    steps = _steps(mp, x)
    if not steps:
        return mp.polygamma(n, x)
    with mp.workdps(mp.dps + GUARD):
        if n == 0:
            total = _reciprocals(mp, x, steps)
        else:
            total = mp.zero
            for k in range(steps):
                total += 1 / (x + k) ** (n + 1)
        found: Real = mp.polygamma(n, x + steps) - (-1) ** n * mp.factorial(n) * total
    return found * 1


def _by_terms(mp: Context, n: int, x: Real) -> Real:
    """Polygamma of a high order by its definition (DLMF 5.15.1), whose terms fall off at once."""
    with mp.workdps(mp.dps + GUARD):
        total, least = mp.zero, mp.mpf(10) ** -mp.dps
        for k in range(4 * FEW):
            term = 1 / (x + k) ** (n + 1)
            total += term
            if term * (x + k) <= least * total * n:  # what all further terms are at most
                break
        found: Real = (-1) ** (n + 1) * mp.factorial(n) * total
    return found * 1


def gamma(mp: Context, x: Real) -> Real:
    """The gamma function."""
    steps = 0 if mp.isint(x) else _steps(mp, x)
    if not steps:
        return mp.gamma(x)
    with mp.workdps(mp.dps + GUARD):
        found: Real = mp.gamma(x + steps) / _product(mp, x, steps)
    return found * 1


def lgamma(mp: Context, x: Real) -> Real:
    """The logarithm of the size of the gamma function."""
    steps, guard = 0 if mp.isint(x) else _steps(mp, x), GUARD
    while steps and guard <= MOST * mp.dps:
        with mp.workdps(mp.dps + guard):
            found: Real = mp.loggamma(x + steps) - mp.log(abs(_product(mp, x, steps)))
        if found == 0:
            break
        if (lost := math.ceil(-mp.mag(found) * math.log10(2.0))) + GUARD <= guard or lost <= 0:
            return found * 1
        guard = lost + GUARD  # near 1 and 2, where the logarithm is 0, digits cancel
    return mp.re(mp.loggamma(x))


def _product(mp: Context, x: Real, steps: int) -> Real:
    """The product of so many x + k."""
    product = mp.one
    for k in range(steps):
        product = product * (x + k)
    return product


def _reciprocals(mp: Context, x: Real, steps: int) -> Real:
    """The sum of so many 1/(x + k): the product of x + k and its derivative by x tell it by one division."""
    product, slope = mp.one, mp.zero
    for k in range(steps):
        product, slope = product * (x + k), slope * (x + k) + product
    return slope / product


def _steps(mp: Context, x: Real) -> int:
    """The number of steps by 1 to where the series is good; 0 where mpmath does as well."""
    far = (SHIFT if mp.dps < THOUSANDS else FURTHER) * mp.dps
    return int(far - x) if mp.dps >= MANY and -far < x < far else 0
