"""Rational numbers for the arithmetic of digits: decimals, and their sums, products and quotients, without rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

LONGEST = 4096  # bits of both parts together; a longer number is rounded


class Exact:
    """A rational number, numerator over denominator in lowest terms; `rounded` makes it a number of the arithmetic.

    `+ - * /` and comparisons with others, and with floats and integers, are exact. With a rounded number, and where
    the result would be longer than LONGEST, the result is a rounded number.
    """

    __slots__ = ("bottom", "rounded", "top")

    def __init__(self, top: int, bottom: int, rounded: Callable[[int, int], Any]) -> None:
        self.top, self.bottom, self.rounded = top, bottom, rounded

    @property
    def number(self) -> Any:
        """The rounded number next to it."""
        return self.rounded(self.top, self.bottom)

    def made(self, top: int, bottom: int) -> Any:
        """Another rational number, in lowest terms, or rounded where it is long."""
        common = math.gcd(top, bottom)
        top, bottom = (top // common, bottom // common) if bottom > 0 else (-top // common, -bottom // common)
        if top.bit_length() + bottom.bit_length() > LONGEST:
            return self.rounded(top, bottom)
        return Exact(top, bottom, self.rounded)

    def _other(self, x: Any) -> Any:
        """An operand as a rational number, or None where it is no finite one."""
        if isinstance(x, Exact):
            return x
        if isinstance(x, (int, float)) and math.isfinite(x):
            return Exact(*x.as_integer_ratio(), self.rounded)
        return None

    def _with(self, x: Any, exactly: Callable[[Exact, Exact], Any], rounded: Callable[[Any, Any], Any]) -> Any:
        other = self._other(x)
        return rounded(self.number, x) if other is None else exactly(self, other)

    def __add__(self, x: Any) -> Any:
        return self._with(
            x, lambda a, b: a.made(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom), lambda a, b: a + b
        )

    __radd__ = __add__

    def __sub__(self, x: Any) -> Any:
        return self + -x

    def __rsub__(self, x: Any) -> Any:
        return -self + x

    def __mul__(self, x: Any) -> Any:
        return self._with(x, lambda a, b: a.made(a.top * b.top, a.bottom * b.bottom), lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, x: Any) -> Any:
        """The quotient; the divisor is not 0."""
        return self._with(x, lambda a, b: a.made(a.top * b.bottom, a.bottom * b.top), lambda a, b: a / b)

    def __rtruediv__(self, x: Any) -> Any:
        other = self._other(x)
        return x / self.number if other is None else other / self

    def __neg__(self) -> Any:
        return Exact(-self.top, self.bottom, self.rounded)

    def __abs__(self) -> Any:
        return Exact(abs(self.top), self.bottom, self.rounded)

    def power(self, exponent: int) -> Any:
        """A whole power; of 0 only where the exponent is not negative."""
        top, bottom = (self.top, self.bottom) if exponent >= 0 else (self.bottom, self.top)
        size = (top.bit_length() + bottom.bit_length()) * abs(exponent)
        return self.made(top ** abs(exponent), bottom ** abs(exponent)) if size <= 2 * LONGEST else None

    def _compared(self, x: Any, told: Callable[[Any, Any], bool]) -> bool:
        other = self._other(x)
        if other is None:
            return bool(told(self.number, x))
        return told(self.top * other.bottom, other.top * self.bottom)

    def __eq__(self, x: object) -> bool:
        return self._compared(x, lambda a, b: a == b)

    def __lt__(self, x: Any) -> bool:
        return self._compared(x, lambda a, b: a < b)

    def __le__(self, x: Any) -> bool:
        return self._compared(x, lambda a, b: a <= b)

    def __gt__(self, x: Any) -> bool:
        return self._compared(x, lambda a, b: a > b)

    def __ge__(self, x: Any) -> bool:
        return self._compared(x, lambda a, b: a >= b)

    def __hash__(self) -> int:
        return hash((self.top, self.bottom))

    def __bool__(self) -> bool:
        return self.top != 0

    def __float__(self) -> float:
        return float(self.number)
