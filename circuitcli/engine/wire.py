"""What flows through the wires of an arithmetic that writes down what it is asked: the number of a line or a node."""

from __future__ import annotations

from typing import Any


class Wire:
    """Line or node `k` of what the arithmetic `m` writes; `+ - *` and negation write more of it."""

    __slots__ = ("k", "m")

    def __init__(self, m: Any, k: int) -> None:
        self.m, self.k = m, k

    def __add__(self, other: Any) -> Any:
        return self.m.add(self, other)

    def __radd__(self, other: Any) -> Any:
        return self.m.add(other, self)

    def __sub__(self, other: Any) -> Any:
        return self.m.sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.m.sub(other, self)

    def __mul__(self, other: Any) -> Any:
        return self.m.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.m.mul(other, self)

    def __neg__(self) -> Any:
        return self.m.neg(self)
