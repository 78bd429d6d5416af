"""The problem that every method sees: a function to climb, its bounds, and how often it was evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import mul
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeGuard, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circuitcli.analysis.forks import Forked
    from circuitcli.analysis.likelihood import Likelihood

    Array: TypeAlias = NDArray[np.float64]

Vector = list[float]
_Part = TypeVar("_Part")
HIGH = 1e100  # a value that needs no further looking

# Of a number of steps, the least gain and the largest value with which to go on, and a value, the inputs and the
# gradient: how many steps were taken, and the value, the inputs and the gradient there.
Strides = Callable[..., tuple[int, float, Vector, Vector]]


class Objective(Protocol):
    """The output of a circuit and its derivatives by the inputs `names`, as functions of a vector of these."""

    @property
    def names(self) -> list[str]:
        """The inputs that move."""

    @property
    def given(self) -> Mapping[str, float]:
        """All inputs, as they were given."""

    @property
    def method(self) -> str:
        """The way to the derivatives: "exact" for the backward pass, else a difference."""

    @property
    def options(self) -> Mapping[str, object]:
        """The way to the derivatives, as the record of an ascent shows it."""

    @property
    def cost(self) -> int:
        """The number of values that the derivatives of a point cost, beside its own."""

    @property
    def likelihood(self) -> Likelihood:
        """The log-likelihood that it is, where it is taken for one."""

    @property
    def squares(self) -> object | None:
        """The sum of squares that it is, if it is one."""

    @property
    def strides(self) -> Callable[[float, float], Strides] | None:
        """For a step and a sign a loop of the lesson's rule, where there is one."""

    @property
    def hessian(self) -> Callable[[Vector], list[Vector]] | None:
        """The second derivatives as a function that is quick; None where there is none."""

    @property
    def forked(self) -> Forked | None:
        """Its choices among pieces; None where there are none, or none that can be mixed."""

    def value(self, x: Vector, /) -> float:
        """The value alone."""

    def both(self, x: Vector, /) -> tuple[float, Vector]:
        """The value and the derivatives."""

    def exact(self, x: Vector, /) -> tuple[float, Vector]:
        """The value and the derivatives of the backward pass."""

    def told(self, x: Vector, /) -> Vector:
        """The derivatives of the backward pass, in as many digits as they are to be had in."""

    def noise(self, x: Vector, /) -> float:
        """The distance by which rounding may have moved the value."""

    def fault(self, x: Vector, /) -> str:
        """A text about the first number that is not finite, and its node."""

    @property
    def stable(self) -> Objective | None:
        """Its twin with stable gates, as logsigmoid(u) for log(sigmoid(u)), which do not leave the range of floats;
        None where it has them already, or its rows cannot be had for another circuit."""

    def kinked(self, x: Vector, /) -> bool:
        """Whether a gate stands at a kink there, and the slopes on its sides differ."""

    @property
    def curved(self) -> bool:
        """Whether it has second derivatives."""

    @property
    def rough(self) -> bool:
        """Whether there are kinks or jumps anywhere."""

    @property
    def jumps(self) -> bool:
        """Whether there are jumps anywhere."""

    def edged(self, x: Vector, /) -> bool:
        """Whether a gate stands at a kink or a jump there."""

    def kink(self, x: Vector, /) -> str:
        """The expression of the first node at a kink there; empty where none is."""

    def curvature(self, x: Vector, /) -> list[Vector]:
        """The second derivatives."""

    @property
    def curvature_error(self) -> float:
        """The relative error of the second derivatives."""


class SquaresObjective(Objective, Protocol):
    """A sum of squares over rows."""

    @property
    def rows(self) -> int:
        """The number of rows."""

    @property
    def counted(self) -> int:
        """The number of rows whose squares have a weight above 0."""

    @property
    def weighted(self) -> bool:
        """Whether the squares have weights."""

    def searched(self, start: Vector, /) -> tuple[Vector, float] | None:
        """The end of a search from a start that was made ahead, and the gain that is still promised there; None where
        there was none."""

    def perfect(self, x: Vector, /) -> bool:
        """Whether the residuals are 0 up to rounding."""

    def triangle(self, x: Vector, /) -> tuple[Array, Array]:
        """The residuals and their derivatives, multiplied by an orthogonal matrix that leaves few rows."""

    def spread(self) -> float | None:
        """The weighted sum of squared distances from their mean of what was observed, if that is one thing."""


def of_squares(objective: Objective) -> TypeGuard[SquaresObjective]:
    """Whether it is a sum of squares over rows."""
    return objective.squares is not None


class Position(NamedTuple):
    """A point on the way: the inputs that move, and the value and the gradient of what is climbed there."""

    x: Vector
    value: float
    gradient: Vector

    @property
    def norm(self) -> float:
        """The largest component of the gradient."""
        return max(map(abs, self.gradient), default=0.0)

    @property
    def finite(self) -> bool:
        """Whether the value and every slope are finite."""
        # A sum is finite where all are, but for sizes of which none is asked one by one.
        total = self.value + sum(self.gradient)
        return math.isfinite(total) or (math.isfinite(self.value) and all(map(math.isfinite, self.gradient)))


class Bounds(NamedTuple):
    """The least and the largest that each input may be."""

    low: Vector
    high: Vector

    @classmethod
    def none(cls, count: int) -> Bounds:
        """No bounds, for so many inputs."""
        return cls([-math.inf] * count, [math.inf] * count)


class Difference(Protocol):
    """As much of an objective as a constraint needs."""

    @property
    def hessian(self) -> Callable[[Vector], list[Vector]] | None:
        """The second derivatives as a function that is quick; None where there is none."""

    def value(self, x: Vector, /) -> float:
        """The value alone."""

    def both(self, x: Vector, /) -> tuple[float, Vector]:
        """The value and the derivatives."""

    def curvature(self, x: Vector, /) -> list[Vector]:
        """The second derivatives."""


class OfSome:
    """A function of the inputs at some places, as one of all."""

    hessian = None

    def __init__(self, difference: Difference, places: Sequence[int]) -> None:
        self._difference, self._places = difference, places

    def value(self, x: Vector) -> float:
        """The value alone."""
        return self._difference.value([x[i] for i in self._places])

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives."""
        value, slope = self._difference.both([x[i] for i in self._places])
        return value, self._spread(slope, len(x), 0.0)

    def curvature(self, x: Vector) -> list[Vector]:
        """The second derivatives."""
        rows = self._difference.curvature([x[i] for i in self._places])
        return self._spread([self._spread(row, len(x), 0.0) for row in rows], len(x), [0.0] * len(x))

    def _spread(self, found: Sequence[_Part], count: int, nothing: _Part) -> list[_Part]:
        spread = [nothing] * count
        for i, part in zip(self._places, found, strict=True):
            spread[i] = part
        return spread


class Constraint(NamedTuple):
    """A constraint as it is written: its `difference` is 0, or with `rises` 0 or more. When the right side grows by
    one, the difference has to be `limit` more."""

    text: str
    difference: Difference
    rises: bool
    limit: float = 1.0


class Problem:
    """An objective, climbed where `sign` is +1; where it is -1 minus it is climbed. Counts what it evaluates. There may
    be its value over other rows, the `validation`, by which the best point is kept."""

    def __init__(
        self,
        objective: Objective,
        sign: float = 1.0,
        bounds: Bounds | None = None,
        validation: Callable[[Vector], float] | None = None,
        constraints: Sequence[Constraint] = (),
    ) -> None:
        self.objective, self.sign, self.validation = objective, sign, validation
        self.constraints = constraints
        self.names = objective.names
        self.bounds = bounds or Bounds.none(len(self.names))
        self.bounded = any(map(math.isfinite, (*self.bounds.low, *self.bounds.high)))
        self.evaluations = {"value": 0, "gradient": 0, "nonfinite": 0}

    def at(self, x: Vector) -> Position:
        """The value and the gradient at a point."""
        position = self._position(x, *self.objective.both(x))
        self.evaluations["gradient"] += 1
        self.evaluations["value"] += self.objective.cost
        self.evaluations["nonfinite"] += not position.finite
        return position

    def exactly(self, position: Position) -> Position:
        """A position with the derivatives of the backward pass, where it was found by differences."""
        if self.objective.method == "exact":
            return position
        return self._position(position.x, *self.objective.exact(position.x))

    def _position(self, x: Vector, value: float, gradient: Vector) -> Position:
        if self.sign == 1.0:
            return Position(x, value, gradient)
        return Position(x, -value, [-g for g in gradient])

    def value(self, x: Vector) -> float:
        """The value alone."""
        value = self.sign * self.objective.value(x)
        self.evaluations["value"] += 1
        self.evaluations["nonfinite"] += not math.isfinite(value)
        return value

    def inside(self, x: Vector) -> Vector:
        """The nearest point within the bounds."""
        if not self.bounded:
            return x
        return [min(max(u, low), high) for u, low, high in zip(x, *self.bounds, strict=True)]

    def held(self, x: Vector, i: int) -> bool:
        """Whether an input is at one of its bounds."""
        return not self.bounds.low[i] < x[i] < self.bounds.high[i]

    def at_bound(self, x: Vector) -> list[str]:
        """The inputs that are at one of their bounds."""
        return [n for n, u, low, high in zip(self.names, x, *self.bounds, strict=True) if not low < u < high]

    def uphill(self, here: Position) -> Vector:
        """The gradient without what would lead out of the bounds."""
        if not self.bounded:
            return here.gradient
        return [
            0.0 if (g > 0.0 and u >= high) or (g < 0.0 and u <= low) else g
            for g, u, low, high in zip(here.gradient, here.x, *self.bounds, strict=True)
        ]


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """The sum of products."""
    products: Iterator[float] = map(mul, a, b)
    return sum(products)
