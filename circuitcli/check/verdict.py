"""What is said of a gradient: the verdict of each input, with the numbers behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

AGREE, DISAGREE, CANNOT_TELL = "agree", "disagree", "cannot_tell"
NOT_DIFFERENTIABLE, NOT_FINITE = "not_differentiable", "not_finite"
VERDICTS = (AGREE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, NOT_FINITE)
GRAIN = 1e-6  # of a slope: what a claim may be off
_WORST_FIRST = (NOT_FINITE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, AGREE)


class Verdict(str):
    """`agree`, `disagree`, `not_differentiable`, `cannot_tell` or `not_finite`, as a word that carries more.

    `gradient` is what the backward pass says and `claim` the number that was judged, the same unless one was brought;
    `numerical` is the slope by differences and `error` how far off that may be; at a kink `interval` runs from the
    least to the greatest one-sided slope. `digits_lost` says how many of the 16 digits of `gradient` float64 has lost
    where the rules are right.
    """

    gradient: float
    claim: float
    numerical: float
    error: float
    interval: tuple[float, float] | None
    digits_lost: int

    __slots__ = ("claim", "digits_lost", "error", "gradient", "interval", "numerical")

    def __new__(
        cls,
        word: str,
        gradient: float,
        claim: float,
        numerical: float = math.nan,
        error: float = math.inf,
        interval: tuple[float, float] | None = None,
        digits_lost: int = 0,
    ) -> Verdict:
        self = super().__new__(cls, word)
        self.gradient, self.claim, self.numerical, self.error = gradient, claim, numerical, error
        self.interval, self.digits_lost = interval, digits_lost
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        known = (self.gradient, self.claim, self.numerical, self.error, self.interval, self.digits_lost)
        return Verdict, (str(self), *known)

    @property
    def passed(self) -> bool:
        """A right gradient, or at a kink one of the right ones."""
        if self.interval is not None:
            low, high = self.interval
            reach = 3.0 * self.error + GRAIN * max([abs(x) for x in self.interval if math.isfinite(x)], default=0.0)
            return low - reach <= self.claim <= high + reach
        return self == AGREE


def worst(verdicts: Mapping[str, Verdict]) -> str:
    """The worst verdict over the inputs."""
    return min(map(str, verdicts.values()), key=_WORST_FIRST.index, default=AGREE)
