"""The weights of rows: how many rows count, which has a negative one, and the spread of weighted numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray


class Weights(NamedTuple):
    """A number of rows, how many of them have a weight of 0, and the first one with a negative factor in its weight."""

    rows: int
    zeros: int
    negative: int | None

    @classmethod
    def of(cls, roots: FloatArray, factors: FloatArray) -> Weights:
        below = factors < 0.0
        return cls(len(roots), int(np.count_nonzero(roots == 0.0)), int(below.argmax()) if below.any() else None)

    def join(self, other: Weights) -> Weights:
        first = self.negative
        if first is None and other.negative is not None:
            first = self.rows + other.negative
        return Weights(self.rows + other.rows, self.zeros + other.zeros, first)


class Spread(NamedTuple):
    """The sum of some weights, the weighted mean of numbers, and the weighted sum of squared distances from it."""

    weight: float
    mean: float
    total: float

    @classmethod
    def of(cls, roots: FloatArray, numbers: FloatArray) -> Spread:
        with np.errstate(all="ignore"):
            weights = roots * roots
            weight = float(weights.sum())
            mean = float((weights * numbers).sum()) / weight if weight else 0.0
            apart = roots * (numbers - mean)
            return cls(weight, mean, float((apart * apart).sum()))

    def join(self, other: Spread) -> Spread:
        weight, apart = self.weight + other.weight, other.mean - self.mean
        share = other.weight / weight if weight else 0.0
        return Spread(weight, self.mean + share * apart, self.total + other.total + apart * apart * self.weight * share)
