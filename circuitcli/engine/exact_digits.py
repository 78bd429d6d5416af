"""Digits in which decimals are what they are: 0.1 + 0.2 is 0.3, so that ties and jumps fall as they do on paper.

Numbers of an expression, and what + - * / and whole powers make of them, are rational numbers while they are short
(exact_numbers.py); all other results are rounded, as in digits.
"""

from __future__ import annotations

from decimal import Decimal

from circuitcli.carried import Real
from circuitcli.constants import CONSTANTS
from circuitcli.engine.digits import Digits
from circuitcli.engine.exact_numbers import LONGEST, Exact, rational


class ExactDigits(Digits):
    """One rational number a wire, or one of mpmath; a condition is a bool."""

    def constant(self, text: str) -> Real:
        if text in CONSTANTS or len(text) > LONGEST // 4 or len(text.lower().partition("e")[2]) > 5:
            return super().constant(text)
        number = Decimal(text)
        if abs(number.adjusted()) > LONGEST // 4:  # a bit is three tenths of a digit
            return super().constant(text)
        return rational(*number.as_integer_ratio(), self._rounded)

    def _rounded(self, top: int, bottom: int) -> Real:
        return self.mp.mpf(top) / bottom

    def number(self, x: Real) -> Real:
        return x.number if isinstance(x, Exact) else super().number(x)

    def div(self, x: Real, y: Real) -> Real:
        return x / y if isinstance(x, Exact) and y != 0 else super().div(x, y)

    def pow(self, x: Real, y: Real) -> Real:
        if isinstance(x, Exact) and isinstance(y, Exact) and y.whole and (x != 0 or y >= 0):
            power = x.power(y.top)
            if power is not None:
                return power
        return super().pow(x, y)

    def power_slope(self, o: Real, x: Real, y: Real) -> Real:
        return y * self.pow(x, y - 1.0)

    def fmod(self, x: Real, y: Real) -> Real:
        if isinstance(x, Exact) and isinstance(y, Exact) and y != 0:
            rest = abs(x) % abs(y)
            return -rest if x < 0 else rest
        return super().fmod(x, y)

    def copysign(self, x: Real, y: Real) -> Real:
        if isinstance(x, Exact):
            return -abs(x) if y < 0 else abs(x)
        return super().copysign(x, y)

    def abs(self, x: Real) -> Real:
        return abs(x) if isinstance(x, Exact) else super().abs(x)

    def floor(self, x: Real) -> Real:
        return x.made(x.top // x.bottom, 1) if isinstance(x, Exact) else super().floor(x)

    def ceil(self, x: Real) -> Real:
        return x.made(-(-x.top // x.bottom), 1) if isinstance(x, Exact) else super().ceil(x)

    def round(self, x: Real) -> Real:
        if not isinstance(x, Exact):
            return super().round(x)
        below, rest = divmod(x.top, x.bottom)
        up = 2 * rest > x.bottom or (2 * rest == x.bottom and below % 2 == 1)  # half to even
        return x.made(below + up, 1)
