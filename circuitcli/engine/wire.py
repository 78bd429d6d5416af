"""A wire of an arithmetic that writes down what it is asked: the number of a line or a node."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T", bound="Wire")


class Wire:
    """Line or node `k` of what the arithmetic `m` writes; `+ - *` and negation write more of it.

    A result that is known at once is a float instead, which every arithmetic takes for a wire.
    """

    __slots__ = ("k", "m")

    def __init__(self, m: Any, k: int) -> None:
        self.m, self.k = m, k

    def __add__(self: T, other: T | float) -> T:
        wire: T = self.m.add(self, other)
        return wire

    def __radd__(self: T, other: float) -> T:
        wire: T = self.m.add(other, self)
        return wire

    def __sub__(self: T, other: T | float) -> T:
        wire: T = self.m.sub(self, other)
        return wire

    def __rsub__(self: T, other: float) -> T:
        wire: T = self.m.sub(other, self)
        return wire

    def __mul__(self: T, other: T | float) -> T:
        wire: T = self.m.mul(self, other)
        return wire

    def __rmul__(self: T, other: float) -> T:
        wire: T = self.m.mul(other, self)
        return wire

    def __neg__(self: T) -> T:
        wire: T = self.m.neg(self)
        return wire
