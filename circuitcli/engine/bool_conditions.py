"""Conditions that are bools: for arithmetics whose wires are numbers that Python can compare."""

from __future__ import annotations

from typing import Generic

from circuitcli.wire_types import R


class BoolConditions(Generic[R]):
    """Comparisons, logic and choice."""

    def lt(self, x: R | float, y: R | float) -> bool:
        return x < y

    def le(self, x: R | float, y: R | float) -> bool:
        return x <= y

    def gt(self, x: R | float, y: R | float) -> bool:
        return x > y

    def ge(self, x: R | float, y: R | float) -> bool:
        return x >= y

    def eq(self, x: R | float, y: R | float) -> bool:
        return x == y

    def ne(self, x: R | float, y: R | float) -> bool:
        return x != y

    def truth(self, x: R | float) -> bool:
        return x != 0.0

    def isnan(self, x: R | float) -> bool:
        return x != x

    def and_(self, a: bool, b: bool) -> bool:
        return a and b

    def or_(self, a: bool, b: bool) -> bool:
        return a or b

    def not_(self, a: bool) -> bool:
        return not a

    def where(self, condition: bool, x: R, y: R) -> R:
        return x if condition else y
