"""Numbers in a list, with what aggregates ask of an array, to the same bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import add, mul, sub
from typing import Any, overload

from circuitcli.engine.floats import FLOATS

Totals = Any  # numbers that rows add up to: an array, or without NumPy a NumberList
SHORT, LANES = 128, 8  # numbers that NumPy adds without halving them, in so many sums side by side


class NumberList:
    """Numbers one behind the other; an operation takes as many others, or one for all."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[float]:
        return iter(self.numbers)

    @overload
    def __getitem__(self, k: int) -> float: ...
    @overload
    def __getitem__(self, k: slice) -> NumberList: ...
    def __getitem__(self, k: int | slice) -> float | NumberList:
        return NumberList(self.numbers[k]) if isinstance(k, slice) else self.numbers[k]

    def __add__(self, other: NumberList | float) -> NumberList:
        return self._with(add, other)

    def __sub__(self, other: NumberList | float) -> NumberList:
        return self._with(sub, other)

    def __mul__(self, other: NumberList | float) -> NumberList:
        return self._with(mul, other)

    def __truediv__(self, other: NumberList | float) -> NumberList:
        return self._with(FLOATS.div, other)

    def _with(self, operation: Callable[[float, float], float], other: NumberList | float) -> NumberList:
        others = other.numbers if isinstance(other, NumberList) else [other] * len(self.numbers)
        return NumberList(list(map(operation, self.numbers, others)))

    def sum(self) -> float:
        """The sum, in NumPy's order: in halves, down to short ones that are added in lanes."""
        return _sum(self.numbers, 0, len(self.numbers))


def _sum(numbers: Sequence[float], first: int, end: int) -> float:
    count = end - first
    if count > SHORT:
        half = count // 2 // LANES * LANES
        return _sum(numbers, first, first + half) + _sum(numbers, first + half, end)
    full = first + count // LANES * LANES
    total = 0.0
    if full > first:
        a, b, c, d, e, f, g, h = numbers[first : first + LANES]
        for k in range(first + LANES, full, LANES):
            a, b, c, d = a + numbers[k], b + numbers[k + 1], c + numbers[k + 2], d + numbers[k + 3]
            e, f, g, h = e + numbers[k + 4], f + numbers[k + 5], g + numbers[k + 6], h + numbers[k + 7]
        total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for k in range(full, end):
        total += numbers[k]
    return total
