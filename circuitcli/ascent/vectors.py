"""The arithmetic of vectors: in lists, or of many numbers in arrays. Both compute the same; sums come in another order,
so that last digits differ."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from operator import mul
from typing import Any, Protocol

from circuitcli.ascent.problem import Vector, dot

MANY = 30  # numbers from which arrays are faster, where NumPy is there
KNOWN = 8  # lists whose arrays are known


class Vectors(Protocol):
    """The operations on vectors, which are whatever `of` makes of numbers."""

    def of(self, numbers: Sequence[float]) -> Any:
        """A vector of numbers."""

    def numbers(self, a: Any) -> Vector:
        """The numbers of a vector."""

    def moved(self, a: Any, length: float, b: Any) -> Any:
        """a + length·b."""

    def less(self, a: Any, b: Any) -> Any:
        """a - b."""

    def times(self, a: Any, b: Any) -> Any:
        """The products, one by one."""

    def dot(self, a: Any, b: Any) -> float:
        """The sum of products."""

    def size(self, a: Any, b: Any) -> float:
        """The sum of the sizes of products."""

    def finite(self, a: Any) -> bool:
        """Whether every number is."""


class Lists:
    """Vectors as lists."""

    def of(self, numbers: Sequence[float]) -> Vector:
        return list(numbers)

    numbers = of

    def moved(self, a: Vector, length: float, b: Vector) -> Vector:
        return [u + length * v for u, v in zip(a, b)]  # noqa: B905

    def less(self, a: Vector, b: Vector) -> Vector:
        return [u - v for u, v in zip(a, b)]  # noqa: B905

    def times(self, a: Vector, b: Vector) -> Vector:
        return [u * v for u, v in zip(a, b)]  # noqa: B905

    def dot(self, a: Vector, b: Vector) -> float:
        return dot(a, b)

    def size(self, a: Vector, b: Vector) -> float:
        sizes: Iterator[float] = map(abs, map(mul, a, b))
        return sum(sizes)

    def finite(self, a: Vector) -> bool:
        return all(map(math.isfinite, a))


class Arrays:
    """Vectors as arrays. Sums are NumPy's own, which add pairwise in an order that no processor changes. The lists of
    the last positions are not made arrays again: nobody changes a list or an array that is known."""

    def __init__(self) -> None:
        import numpy as np

        self._np = np
        self._known: deque[tuple[Sequence[float], Any]] = deque(maxlen=KNOWN)

    def of(self, numbers: Sequence[float]) -> Any:
        for known, array in self._known:
            if known is numbers:
                return array
        return self._know(numbers, self._np.array(numbers))

    def numbers(self, a: Any) -> Vector:
        numbers: Vector = a.tolist()
        self._know(numbers, a)
        return numbers

    def _know(self, numbers: Sequence[float], array: Any) -> Any:
        self._known.append((numbers, array))
        return array

    def moved(self, a: Any, length: float, b: Any) -> Any:
        return a + length * b

    def less(self, a: Any, b: Any) -> Any:
        return a - b

    def times(self, a: Any, b: Any) -> Any:
        return a * b

    def dot(self, a: Any, b: Any) -> float:
        return float(self._np.add.reduce(a * b))

    def size(self, a: Any, b: Any) -> float:
        return float(self._np.add.reduce(abs(a * b)))

    def finite(self, a: Any) -> bool:
        return bool(self._np.isfinite(a).all())


def vectors_for(count: int) -> Vectors:
    """The arithmetic of vectors of so many numbers."""
    if count < MANY:
        return Lists()
    try:
        return Arrays()
    except ImportError:  # NumPy is an extra
        return Lists()
