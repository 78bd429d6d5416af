"""A wire of the arithmetic of Taylor series: the first terms, each an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitcli.engine.interval import Interval


class Series:
    """The first terms of a series, up to the power `most`; those that are left out are 0."""

    __slots__ = ("most", "terms")

    def __init__(self, terms: Sequence[Interval], most: int) -> None:
        self.terms, self.most = terms[: most + 1], most

    def up_to(self, most: int) -> Series:
        """Fewer of its terms."""
        return Series(self.terms, most)

    def __add__(self, other: Series | float) -> Series:
        if not isinstance(other, Series):
            return Series([self.terms[0] + other, *self.terms[1:]], self.most)
        short, long = sorted((self.terms, other.terms), key=len)
        both = [x + y for x, y in zip(short, long, strict=False)]
        return Series([*both, *long[len(short) :]], min(self.most, other.most))

    def __mul__(self, other: Series | float) -> Series:
        if not isinstance(other, Series):
            return Series([x * other for x in self.terms], self.most)
        most = min(self.most, other.most)
        count = min(most + 1, len(self.terms) + len(other.terms) - 1)
        if self is other:
            return Series([_square(self.terms, n) for n in range(count)], most)
        return Series([product(self.terms, other.terms, n) for n in range(count)], most)

    def __neg__(self) -> Series:
        return Series([-x for x in self.terms], self.most)

    def __sub__(self, other: Series | float) -> Series:
        return self + -other

    def __rsub__(self, other: float) -> Series:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


def product(x: Sequence[Interval], y: Sequence[Interval], n: int, first: int = 0) -> Any:
    """The n-th term of a product, without those of less than the `first` power of x; 0.0 where there are none."""
    total: Any = 0.0
    for k in range(max(first, n - len(y) + 1), min(n, len(x) - 1) + 1):
        total = x[k] * y[n - k] + total
    return total


def _square(x: Sequence[Interval], n: int) -> Interval:
    """The n-th term of a square: equal products once, and a number times itself is not below 0."""
    total: Any = 0.0
    for k in range(max(0, n - len(x) + 1), (n + 1) // 2):
        total = x[k] * x[n - k] + total
    half = n // 2
    total = 2.0 * total
    found: Interval = x[half] * x[half] + total if n % 2 == 0 and half < len(x) else total
    return found
