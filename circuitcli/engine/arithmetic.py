"""What every arithmetic has in common: a gate by its name, made from the forward rule where it has none of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from circuitcli.gates import GATES


class Arithmetic:
    """The `m` of the rules. A subclass supplies C99's math.h, comparisons, `where` and the constants; a gate that it
    lacks is computed by the gate's forward rule."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        gate = GATES.get(name)
        if gate is None:
            raise AttributeError(name)

        def inherited(*xs: Any) -> Any:
            return gate.forward(self, *xs)

        setattr(self, name, inherited)
        return inherited

    def lowered(self: Any, o: Any, x: Any, y: Any) -> Any:
        """x^(y-1) from o = x^y: by a power of its own where y-1 is exact, or where o over- or underflows and says
        nothing, else o/x, which does not lose the digits that y-1 would round away."""
        exact = self.eq((y - 1.0) + 1.0, y)
        told = self.and_(self.lt(2.0**-960, self.abs(o)), self.lt(self.abs(o), 2.0**1000))
        return self.where(self.or_(exact, self.not_(told)), self.pow(x, y - 1.0), self.div(o, x))

    def gauss(self: Any, x: Any) -> Any:
        """exp(-x²) with the rounding of x² put back (Dekker 1971), or the tail would be 500 ulp off."""
        a = self.where(self.lt(40.0, self.abs(x)), 40.0, x)  # exp(-1600) is 0, and the splitting must not overflow
        split = a * 134217729.0
        high = split - (split - a)
        low = a - high
        square = a * a
        lost = ((high * high - square) + 2.0 * (high * low)) + low * low
        return self.exp(-square) * (1.0 - lost)

    def ties(self: Any, o: Any, *xs: Any) -> Any:
        """How many of the arguments equal the output."""
        count: Any = 0.0
        for x in xs:
            count = count + self.where(self.eq(x, o), 1.0, 0.0)
        return count
