"""The logarithm of the gamma function and its derivatives in hundreds of digits, by the series for large numbers (DLMF
5.11.1, 5.15.9) behind a shift by a few thousand (5.5.1, 5.15.5). mpmath shifts less and takes more terms of the series:
the Bernoulli numbers in these are most of what it takes, up to 30 times as long.
"""

from __future__ import annotations

import math

from circuitcli.carried import Real
from circuitcli.engine.mp_context import Context

MANY = 200  # digits, from which on it pays
SHIFT = 2  # for each digit
GUARD = 15  # digits
MOST = 2  # times the digits: all that may cancel


def polygamma(mp: Context, n: int, x: Real) -> Real:
    """The derivative of order n of the digamma function."""
    steps = _steps(mp, x)
    if not steps:
        return mp.polygamma(n, x)
    with mp.workdps(mp.dps + GUARD):
        total = mp.zero
        for k in range(steps):
            total += 1 / (x + k) ** (n + 1)
        found: Real = mp.polygamma(n, x + steps) - (-1) ** n * mp.factorial(n) * total
    return found * 1


def lgamma(mp: Context, x: Real) -> Real:
    """The logarithm of the size of the gamma function."""
    steps, guard = 0 if mp.isint(x) else _steps(mp, x), GUARD
    while steps and guard <= MOST * mp.dps:
        with mp.workdps(mp.dps + guard):
            product = mp.one
            for k in range(steps):
                product *= x + k
            found: Real = mp.loggamma(x + steps) - mp.log(abs(product))
        if found == 0:
            break
        if (lost := math.ceil(-mp.mag(found) * math.log10(2.0))) + GUARD <= guard or lost <= 0:
            return found * 1
        guard = lost + GUARD  # near 1 and 2, where the logarithm is 0, digits cancel
    return mp.re(mp.loggamma(x))


def _steps(mp: Context, x: Real) -> int:
    """The number of steps by 1 to where the series is good; 0 where mpmath does as well."""
    far = SHIFT * mp.dps
    return int(far - x) if mp.dps >= MANY and -far < x < far else 0
