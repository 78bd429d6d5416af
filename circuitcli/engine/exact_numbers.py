"""Rational numbers for the arithmetic of digits: decimals, and their sums, products and quotients, without rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from circuitcli.carried import Real

LONGEST = 4096  # bits of both parts together; a longer number is rounded


class Exact:
    """A rational number, numerator over denominator in lowest terms; `rounded` makes a number of the arithmetic of it.

    `+ - * / %` and comparisons among such numbers, and with floats and integers, are exact. With a rounded number, and
    where the result would be longer than LONGEST, the result is a rounded number.
    """

    __slots__ = ("bottom", "rounded", "top")

    def __init__(self, top: int, bottom: int, rounded: Callable[[int, int], Real]) -> None:
        self.top, self.bottom, self.rounded = top, bottom, rounded

    @property
    def number(self) -> Real:
        """The rounded number next to it."""
        return self.rounded(self.top, self.bottom)

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.bottom == 1

    def made(self, top: int, bottom: int) -> Real:
        """Another rational number, in lowest terms; rounded where it is long."""
        common = math.gcd(top, bottom) if bottom > 0 else -math.gcd(top, bottom)
        top, bottom = top // common, bottom // common
        if top.bit_length() + bottom.bit_length() > LONGEST:
            return self.rounded(top, bottom)
        return rational(top, bottom, self.rounded)

    def power(self, exponent: int) -> Real | None:
        """A whole power, not negative of 0; None where it would be long."""
        if (self.top.bit_length() + self.bottom.bit_length()) * abs(exponent) > 2 * LONGEST:
            return None
        top, bottom = (self.top, self.bottom) if exponent >= 0 else (self.bottom, self.top)
        return self.made(top ** abs(exponent), bottom ** abs(exponent))

    def _mpmath_(self, precision: int, rounding: str) -> Real:
        """The number as mpmath asks for it, when it meets one that is not its own."""
        return self.number

    def _same_kind(self, x: object) -> Exact | None:
        """An operand as a rational number; None for a rounded one, and one that is not finite."""
        if isinstance(x, Exact):
            return x
        if isinstance(x, (int, float)) and math.isfinite(x):
            return Exact(*x.as_integer_ratio(), self.rounded)
        return None

    def __add__(self, x: Real | float) -> Real:
        other = self._same_kind(x)
        if other is None:
            return self.number + x
        return self.made(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __sub__(self, x: Real | float) -> Real:
        return self + -x

    def __mul__(self, x: Real | float) -> Real:
        other = self._same_kind(x)
        return self.number * x if other is None else self.made(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, x: Real | float) -> Real:
        """The quotient; the divisor is not 0."""
        other = self._same_kind(x)
        return self.number / x if other is None else self.made(self.top * other.bottom, self.bottom * other.top)

    def __mod__(self, x: Real | float) -> Real:
        """The remainder of floored division; the divisor is not 0."""
        other = self._same_kind(x)
        if other is None:
            return self.number % x
        return self.made((self.top * other.bottom) % (other.top * self.bottom), self.bottom * other.bottom)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, x: float) -> Real:
        return -self + x

    def __rtruediv__(self, x: float) -> Real:
        other = self._same_kind(x)
        return x / self.number if other is None else self.made(other.top * self.bottom, other.bottom * self.top)

    def __neg__(self) -> Exact:
        return Exact(-self.top, self.bottom, self.rounded)

    def __abs__(self) -> Exact:
        return Exact(abs(self.top), self.bottom, self.rounded)

    def __eq__(self, x: object) -> bool:
        other = self._same_kind(x)
        return bool(self.number == x) if other is None else (self.top, self.bottom) == (other.top, other.bottom)

    def __lt__(self, x: Real | float) -> bool:
        other = self._same_kind(x)
        return self.number < x if other is None else self.top * other.bottom < other.top * self.bottom

    def __le__(self, x: Real | float) -> bool:
        other = self._same_kind(x)
        return self.number <= x if other is None else self.top * other.bottom <= other.top * self.bottom

    def __gt__(self, x: Real | float) -> bool:
        return -self < -x

    def __ge__(self, x: Real | float) -> bool:
        return -self <= -x

    def __hash__(self) -> int:
        return hash((self.top, self.bottom))

    def __float__(self) -> float:
        return float(self.number)  # as of a rounded number: inf beyond the range of floats


def rational(top: int, bottom: int, rounded: Callable[[int, int], Real]) -> Real:
    """A rational number as a wire carries it: its operations may give a number of another kind."""
    return cast("Real", Exact(top, bottom, rounded))
