"""The search along a direction: a point that gains enough and where the slope has fallen enough."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from circuitcli.ascent.problem import HIGH, Position, Problem
from circuitcli.ascent.vectors import Vectors

GAIN, SLOPE = 1e-4, 0.9  # Wolfe's two conditions
TRIALS, BLIND_TRIALS = 60, 12  # at most; fewer where rounding hides the gain
MOST = 1e3  # times the first length: far enough for one step
NEAR = 1e-6  # relative change of a value below which rounding may be all of it


class Trial(NamedTuple):
    """A point on the line: how far, the value, and the slope along the line."""

    length: float
    value: float
    slope: float


class SearchLine:
    """The line from a position in a direction with a slope above 0, bent at the bounds."""

    def __init__(self, problem: Problem, here: Position, direction: Any, slope: float, vectors: Vectors) -> None:
        self.problem, self.here, self.direction, self.slope = problem, here, direction, slope
        self.vectors, self._begin = vectors, vectors.of(here.x)
        self._noise: float | None = None
        self.endless = False  # whether the search ended with no top in sight
        self.promise = 0.5 * slope  # the gain to the top, as far as trials have told

    @property
    def noise(self) -> float:
        """By how much rounding may move the value."""
        if self._noise is None:
            self._noise = self.problem.objective.noise(self.here.x)
        return self._noise

    def search(self, first: float) -> tuple[Position, bool] | None:
        """Return a point that meets the weak conditions of Wolfe (1969), found by bracketing, and whether rounding hid
        the gain, so that Hager and Zhang's condition (2005) on the slopes alone had to do. At a bound the gain is
        enough. None where there is no such point."""
        here, length, v = self.here, first, self.vectors
        low, high = Trial(0.0, here.value, self.slope), None
        risen: tuple[Position, bool] | None = None  # where `low` is, which gains
        for trials in range(TRIALS):
            if self._noise is not None and trials >= BLIND_TRIALS:
                break
            straight = v.numbers(v.moved(self._begin, length, self.direction))
            x = self.problem.inside(straight)
            if x == here.x:
                break
            there = self.problem.at(x)
            if not there.finite:  # a step too long
                high = Trial(length, math.nan, math.nan)
                length = low.length + 0.1 * (length - low.length)
                continue
            bent = x != straight
            trial = Trial(length, there.value, v.dot(v.of(there.gradient), self.direction))
            gain = there.value - here.value
            blind = False
            if bent:
                along = v.dot(v.of(here.gradient), v.less(v.of(x), self._begin))
                enough = gain > 0.0 and gain >= GAIN * along
            else:
                enough = gain > 0.0 and gain >= GAIN * length * self.slope
            if abs(gain) <= NEAR * abs(here.value) and abs(gain) <= self.noise:
                enough = enough or trial.slope >= (2.0 * GAIN - 1.0) * self.slope
                blind = enough
            if not enough:
                high = trial
                if trial.slope < 0.0 and gain < -(self._noise or 0.0):  # so far that the slopes say where the top is
                    self.promise = 0.5 * self.slope * length * self.slope / (self.slope - trial.slope)
            elif bent or trial.slope <= SLOPE * self.slope or length > MOST * first or there.value > HIGH:
                self.endless = trial.slope > SLOPE * self.slope and not bent
                return there, blind
            else:
                low, risen = trial, (there, blind)
            if high is None:
                length = self._beyond(low)
            elif high.length - low.length <= 1e-16 * high.length:
                break
            else:
                length = self._between(low, high)
        return risen

    def _beyond(self, low: Trial) -> float:
        """A longer step: to where the slope would be 0 if it went on changing as it did."""
        if low.slope < self.slope:
            return min(max(low.length * self.slope / (self.slope - low.slope), 2.0 * low.length), 10.0 * low.length)
        return 4.0 * low.length

    def _between(self, low: Trial, high: Trial) -> float:
        """A step in between: to the top of the cubic through values and slopes, or where rounding hides the values, to
        the zero of the line through the slopes; never close to an end."""
        width = high.length - low.length
        length = low.length + 0.5 * width
        if math.isfinite(high.slope):
            if abs(high.value - low.value) <= (self._noise or 0.0):
                if low.slope != high.slope:
                    length = low.length + width * low.slope / (low.slope - high.slope)
            else:
                a = low.slope + high.slope - 3.0 * (high.value - low.value) / width
                square = a * a - low.slope * high.slope
                if square >= 0.0:
                    root = math.sqrt(square)
                    below = low.slope - high.slope + 2.0 * root
                    if below != 0.0:
                        length = high.length - width * (root - high.slope + a) / below
        if not math.isfinite(length):
            length = low.length + 0.5 * width
        return min(max(length, low.length + 0.1 * width), high.length - 0.1 * width)
