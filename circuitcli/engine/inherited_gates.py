"""The part that arithmetics share: a gate by its name, computed by the gate's forward rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Generic

from circuitcli.gate_rules import shares
from circuitcli.gates import GATES, Gate
from circuitcli.wire_types import C, W

if TYPE_CHECKING:
    from circuitcli.arithmetic import Arithmetic

FEW = 8  # arguments of softmax
ROOT_HALF, ROOT_HALF_LOST = 0.7071067811865476, -4.833646656726457e-17  # 1/√2, and its rounding error
TWO_OVER_ROOT_PI, ONE_OVER_ROOT_TWO_PI = 1.1283791670955126, 0.3989422804014327


class InheritedGates(Generic[W, C]):
    """Every gate, for an arithmetic that has the primitives; it may compute a gate in a better way of its own.

    The methods are gates and slopes whose last digits need more than one line of a rule. `gates` have the rules by
    which a pass goes forward.
    """

    gates: Mapping[str, Gate] = GATES

    def __getattr__(self, name: str) -> Callable[..., W]:
        """A gate that the arithmetic does not compute in its own way. Raises AttributeError for a primitive, which it
        would have to, and for what is no gate."""
        from circuitcli.primitives import PRIMITIVES  # which a start seldom needs

        gate, primitive = GATES.get(name), PRIMITIVES.get(name)
        if gate is None or (primitive is not None and not primitive.infix):
            kind = "gate" if primitive is None else "primitive"
            raise AttributeError(f"the arithmetic {type(self).__name__} has no {kind} {name}")
        forward: Callable[..., W] = gate.forward

        def inherited(*xs: W) -> W:
            return forward(self, *xs)

        if name in GATES:  # and no gate that holds a circuit, of which there is no end
            setattr(self, name, inherited)
        return inherited

    def __getstate__(self) -> dict[str, object]:
        """The attributes of a copy, which makes its gates anew."""
        return {name: value for name, value in vars(self).items() if name not in GATES}

    def power_slope(self: Arithmetic[W, C], o: W, x: W, y: W) -> W:
        """y·x^(y-1) for o = x^y: by a power of its own where y-1 is exact, or where o over- or underflows and says
        nothing; else y·o/x, which does not lose the digits that y-1 would round away."""
        exact = self.eq((y - 1.0) + 1.0, y)
        if exact is True:  # as of a number that is known at once, and the rest need not be computed
            return y * self.pow(x, y - 1.0)
        told = self.and_(self.lt(2.0**-960, self.abs(o)), self.lt(self.abs(o), 2.0**1000))
        quotient = self.div(o, x)
        divided = self.where(self.lt(self.abs(quotient), 2.0**1000), y * quotient, self.div(y * o, x))
        return self.where(self.or_(exact, self.not_(told)), y * self.pow(x, y - 1.0), divided)

    def hypot_slope(self: Arithmetic[W, C], o: W, x: W, y: W) -> W:
        """x/o for o = hypot(x, y); 0 at the origin."""
        return self.where(self.eq(o, 0.0), 0.0, self.div(x, o))

    def sigmoid_slope(self: Arithmetic[W, C], o: W, x: W) -> W:
        """o·sigmoid(-x) for o = sigmoid(x), the logistic density."""
        return o * self.sigmoid(-x)

    def apart(self: Arithmetic[W, C], x: W, y: W) -> W:
        """x - y; equal infinities are 0 apart."""
        return self.where(self.eq(x, y), 0.0, x - y)

    def gauss(self: Arithmetic[W, C], x: W) -> W:
        """exp(-x²) with the rounding of x² put back (Dekker 1971); without it the tail is 500 ulp off."""
        a = self.where(self.lt(40.0, self.abs(x)), 40.0, x)  # exp(-1600) is 0, and the splitting must not overflow
        square, lost = _product(a, a)
        return self.exp(-square) * (1.0 - lost)

    def normcdf(self: Arithmetic[W, C], x: W) -> W:
        """erfc(-x/√2)/2 with the rounding of x/√2 put back, by the slope of erfc there, exp(-x²/2)."""
        a, lost = _over_root_two(self, x)
        return 0.5 * (self.erfc(-a) + TWO_OVER_ROOT_PI * self.gauss(a) * lost)

    def normpdf(self: Arithmetic[W, C], x: W) -> W:
        """exp(-x²/2)/√(2π) with the rounding of x/√2 put back."""
        a, lost = _over_root_two(self, x)
        return self.gauss(a) * (1.0 - 2.0 * (a * lost)) * ONE_OVER_ROOT_TWO_PI

    def gelu(self: Arithmetic[W, C], x: W) -> W:
        """x·Φ(x); from -37 down, where Φ has few digits left, by the density and Mills's ratio (A&S 26.2.12)."""
        s = self.div(self.div(1.0, x), x)
        mills = 1.0 - s * (1.0 - s * (3.0 - s * (15.0 - s * (105.0 - s * (945.0 - s * 10395.0)))))
        return self.where(self.lt(x, -37.0), -self.normpdf(x) * mills, x * self.normcdf(x))

    def ties(self: Arithmetic[W, C], o: W, *xs: W) -> W | float:
        """The number of arguments that equal the output."""
        count: W | float = 0.0
        for x in xs:
            count = count + self.where(self.eq(x, o), 1.0, 0.0)
        return count

    def softmax(self: Arithmetic[W, C], *xs: W) -> list[W]:
        """Of few arguments each against all others; of many each from the largest, in linear time."""
        if len(xs) <= FEW:
            return shares(self, *xs)
        top = self.max(*xs)
        parts = [self.exp(self.apart(x, top)) for x in xs]
        total: W | float = 0.0
        for part in parts:
            total = total + part
        return [self.div(part, total) for part in parts]


def _over_root_two(m: Arithmetic[W, C], x: W) -> tuple[W, W]:
    """x/√2, and its rounding error."""
    limited = m.where(m.lt(100.0, m.abs(x)), m.copysign(100.0, x), x)  # beyond, the gate is 0 or 1
    a, lost = _product(limited, ROOT_HALF)
    return a, lost + limited * ROOT_HALF_LOST


def _product(x: W, y: W | float) -> tuple[W, W]:
    """x*y, and its rounding error (Dekker 1971)."""
    product = x * y
    x_high, y_high = _high(x), _high(y)
    x_low, y_low = x - x_high, y - y_high
    lost = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
    return product, lost


def _high(x: W) -> W:
    """The upper half of the digits (Veltkamp 1968)."""
    split = x * 134217729.0  # 2^27 + 1
    return split - (split - x)
