"""The nodes and weights of Gauss and Legendre's rule between -1 and 1, as intervals."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import Intervals

SPARE = 20  # digits beyond those of the intervals
STEPS = 12  # of Newton's method, which doubles the digits each time


@lru_cache(maxsize=50)
def gauss_nodes(m: Intervals, count: int) -> list[tuple[Interval, Interval]]:
    """So many nodes with their weights: the rule is exact for polynomials of a degree below twice as many."""
    digits = m.digits + 2 * SPARE
    return [(_around(m, x, digits), _around(m, weight, digits)) for x, weight in _rule(digits, count)]


def _rule(digits: int, count: int) -> list[tuple[Any, Any]]:
    """The roots of a polynomial of Legendre, by Newton's method (DLMF 3.5.17)."""
    m = Digits(digits)
    found = []
    for i in range(count):
        x = m.cos(m.div(m.pi * (i + 0.75), count + 0.5))
        for _ in range(STEPS + digits.bit_length()):
            value, slope = _legendre(m, count, x)
            x = x - m.div(value, slope)
        slope = _legendre(m, count, x)[1]
        found.append((x, m.div(m.number(2.0), (1 - x * x) * slope * slope)))
    return found


def _legendre(m: Digits, n: int, x: Any) -> tuple[Any, Any]:
    """The polynomial of a degree, and its slope."""
    before, value = m.number(1.0), x
    for k in range(2, n + 1):
        before, value = value, m.div((2 * k - 1) * x * value - (k - 1) * before, m.number(float(k)))
    return value, m.div(n * (x * value - before), x * x - 1)


def _around(m: Intervals, x: Any, digits: int) -> Interval:
    """An interval around a number that is good to nearly so many digits."""
    off = m.constant(f"1e-{digits - SPARE}").hi
    return m.constant(Digits(digits).text(x, digits)) + m.made(-off, off, False)
