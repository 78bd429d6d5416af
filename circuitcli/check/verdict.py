"""The verdict on the gradient by one input, with the numbers behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping

AGREE, DISAGREE, CANNOT_TELL = "agree", "disagree", "cannot_tell"
NOT_DIFFERENTIABLE, NOT_FINITE = "not_differentiable", "not_finite"
VERDICTS = (AGREE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, NOT_FINITE)
GRAIN = 1e-6  # the part of a slope that a claim may be off
_WORST_FIRST = (NOT_FINITE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, AGREE)


class Verdict(str):
    """`agree`, `disagree`, `not_differentiable`, `cannot_tell` or `not_finite`, a word that carries its numbers.

    `gradient` comes from the backward pass; `claim` is the number that was judged, the gradient unless the user brought
    one. `numerical` is the slope by differences and `error` its error; at a kink `interval` runs from the least to the
    greatest one-sided slope. `digits_lost` counts the digits, of 16, that float64 has lost in `gradient` where the
    rules are right.
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

    def __reduce__(self) -> tuple[type[Verdict], tuple[object, ...]]:
        known = (self.gradient, self.claim, self.numerical, self.error, self.interval, self.digits_lost)
        return Verdict, (str(self), *known)

    @property
    def passed(self) -> bool:
        """Whether the claim is the gradient, or at a kink one of the slopes between."""
        if self.interval is not None:
            low, high = self.interval
            reach = 3.0 * self.error + GRAIN * max([abs(x) for x in self.interval if math.isfinite(x)], default=0.0)
            return low == self.claim == high or low - reach <= self.claim <= high + reach
        return self == AGREE


def worst(verdicts: Mapping[str, str]) -> str:
    """The worst verdict over the inputs."""
    return min(map(str, verdicts.values()), key=_WORST_FIRST.index, default=AGREE)
