"""What every arithmetic has in common: a gate by its name, made from the forward rule where it has none of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from circuitcli.gates import GATES

ROOT_HALF, ROOT_HALF_LOST = 0.7071067811865476, -4.833646656726457e-17  # 1/√2, and what is missing to it
TWO_OVER_ROOT_PI, ONE_OVER_ROOT_TWO_PI = 1.1283791670955126, 0.3989422804014327


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

    def power_slope(self: Any, o: Any, x: Any, y: Any) -> Any:
        """y·x^(y-1) for o = x^y: by a power of its own where y-1 is exact, or where o over- or underflows and says
        nothing, else y·o/x, which does not lose the digits that y-1 would round away."""
        exact = self.eq((y - 1.0) + 1.0, y)
        told = self.and_(self.lt(2.0**-960, self.abs(o)), self.lt(self.abs(o), 2.0**1000))
        quotient = self.div(o, x)
        divided = self.where(self.lt(self.abs(quotient), 2.0**1000), y * quotient, self.div(y * o, x))
        return self.where(self.or_(exact, self.not_(told)), y * self.pow(x, y - 1.0), divided)

    def gauss(self: Any, x: Any) -> Any:
        """exp(-x²) with the rounding of x² put back (Dekker 1971), or the tail would be 500 ulp off."""
        a = self.where(self.lt(40.0, self.abs(x)), 40.0, x)  # exp(-1600) is 0, and the splitting must not overflow
        square, lost = self._product(a, a)
        return self.exp(-square) * (1.0 - lost)

    def normcdf(self: Any, x: Any) -> Any:
        """erfc(-x/√2)/2, with the rounding of x/√2 put back: the slope of erfc there is exp(-x²/2)."""
        a, lost = self._over_root_two(x)
        return 0.5 * (self.erfc(-a) + TWO_OVER_ROOT_PI * self.gauss(a) * lost)

    def normpdf(self: Any, x: Any) -> Any:
        """exp(-x²/2)/√(2π), likewise."""
        a, lost = self._over_root_two(x)
        return self.gauss(a) * (1.0 - 2.0 * (a * lost)) * ONE_OVER_ROOT_TWO_PI

    def gelu(self: Any, x: Any) -> Any:
        """x·Φ(x); from -37 down, where Φ has few digits left, by the density and Mills's ratio (A&S 26.2.12)."""
        s = self.div(self.div(1.0, x), x)
        mills = 1.0 - s * (1.0 - s * (3.0 - s * (15.0 - s * (105.0 - s * (945.0 - s * 10395.0)))))
        return self.where(self.lt(x, -37.0), -self.normpdf(x) * mills, x * self.normcdf(x))

    def _over_root_two(self: Any, x: Any) -> tuple[Any, Any]:
        """x/√2 and what its rounding lost."""
        limited = self.where(self.lt(100.0, self.abs(x)), self.copysign(100.0, x), x)  # beyond it is 0 or 1
        a, lost = self._product(limited, ROOT_HALF)
        return a, lost + limited * ROOT_HALF_LOST

    def _product(self: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """x*y and what its rounding lost (Dekker 1971)."""
        product = x * y
        x_high, y_high = self._high(x), self._high(y)
        x_low, y_low = x - x_high, y - y_high
        lost = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
        return product, lost

    def _high(self, x: Any) -> Any:
        """The upper half of the digits (Veltkamp 1968)."""
        split = x * 134217729.0  # 2^27 + 1
        return split - (split - x)

    def ties(self: Any, o: Any, *xs: Any) -> Any:
        """How many of the arguments equal the output."""
        count: Any = 0.0
        for x in xs:
            count = count + self.where(self.eq(x, o), 1.0, 0.0)
        return count
