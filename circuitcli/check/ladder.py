"""Slopes by differences, over ladders of steps: each has an error of its own, and one slope is chosen among them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from circuitcli.carried import Real
from circuitcli.check.input_line import Line, LinePlace
from circuitcli.check.verdict import GRAIN
from circuitcli.wire_types import R

Noise = Callable[[R], Real]  # of a step, with its sign: the noise of the value as far from the point
Ladders = Sequence[Sequence[R]]  # of steps, from coarse to fine; the first ladder goes deepest
ROUNDED = 2.0**-52  # by which numbers and gates may be off, as floats
SLACK = 4.0  # times the effect of that: what rounding alone may do


class Slope(NamedTuple):
    """A slope, its error, and the largest quotient of a difference on the way."""

    value: Real
    error: Real
    largest: Real = 0.0

    @property
    def number(self) -> float:
        """The slope as a float; 0 where it may as well be."""
        return 0.0 if abs(self.value) <= self.error else float(self.value)

    @property
    def blur(self) -> float:
        """The error of the slope as a float, which is rounded; of 0 it is none where floats could not show it beside
        the quotients."""
        if self.number != 0.0:
            return max(float(self.error), 0.5 * math.ulp(self.number))
        return float(self.error) if self.error > 0.5 * math.ulp(1.0) * self.largest else 0.0

    @property
    def finite(self) -> bool:
        """Whether there is a slope, be it beyond the range of floats."""
        return abs(self.value) < math.inf

    def fades(self, least: Real) -> bool:
        """Whether the slope may as well be 0, as that of x^1.5 is: it is small, and no digit of it is known."""
        return abs(self.value) <= least and not 0.0 < self.error <= GRAIN * abs(self.value)

    def tells(self, gradient: Real, least: Real) -> bool:
        """Whether the slope is known to GRAIN of itself, or is 0 as far as sizes above `least` go."""
        size = max(abs(self.value), abs(gradient)) if gradient == gradient else abs(self.value)
        return bool(self.error <= GRAIN * size or self.error <= least)


def central(line: Line[R], ladders: Ladders[R], noise: Noise[R]) -> Slope | None:
    """The fourth-order central difference (4 c(h) - c(2h))/3, c(h) = (f(x+h) - f(x-h))/2h, over steps that halve.

    Places on another smooth piece than the point are left out. None where no step remains.
    """
    found: list[tuple[R, Slope]] = []
    quotients: list[tuple[R, R]] = []
    for steps in ladders:
        coarse = before = None
        for h in steps:
            above, below = line.x + h, line.x - h
            up, down = line.at(above), line.at(below)
            if above == below or not (_usable(line, up) and _usable(line, down)):
                coarse = before = None
                continue
            quotient = (up.value - down.value) / (above - below)
            quotients += (h, quotient), (h, (up.value - line.here.value) / h)
            if coarse is not None:
                square = (coarse[0] / (above - below)) ** 2
                slope = (square * quotient - coarse[1]) / (square - 1.0)
                if before is not None:
                    found.append((h, Slope(slope, abs(slope - before) + 1.5 * max(noise(h), noise(-h)) / h)))
                before = slope
            coarse = above - below, quotient
    return _best(line, found, quotients)


def one_sided(line: Line[R], ladders: Ladders[R], noise: Noise[R], sign: int, start: R | None = None) -> Slope | None:
    """The slope to one side: 2 s(h) - s(2h), s(h) = (f(x+h) - f(x))/h, infinite where s grows without bound.

    f(x) is `start`, or else the value at the point. Where that is off by no more than rounding, as if the constants of
    a spline were written with 16 digits, or as a series is cut off, the side starts at its own end.
    """
    found: list[tuple[R, Slope]] = []
    quotients: list[tuple[R, R]] = []
    deepest: list[tuple[R, R]] = []
    at = line.here.value if start is None else start
    side = None  # the smooth piece next to the point
    for steps in ladders:
        finer = before = None
        for h in reversed(steps):
            x = line.x + sign * h
            place = line.at(x)
            side = place.signature if side is None else side
            step = sign * (x - line.x)  # as the spacing of numbers allows it
            quotient = line.m.div(sign * (place.value - at), step)
            if not line.m.isfinite(quotient) or place.signature != side:
                finer = before = None
                continue
            quotients.append((step, quotient))
            if finer is not None:
                fine, s = finer
                ratio = step / fine
                slope = (ratio * s - quotient) / (ratio - 1.0)
                if before is not None and line.m.isfinite(slope):
                    found.append((fine, Slope(slope, abs(slope - before) + 4.0 * noise(sign * fine) / fine)))
                before = slope
            finer = step, quotient
        deepest = deepest or quotients[:9]
    growing = _growing(deepest, lambda h: noise(sign * h))
    if growing is not None:
        end = _end(line, ladders[0], sign) if start is None else None
        if end is not None:
            return one_sided(line, ladders, noise, sign, end)
        return Slope(growing * float("inf"), 0.0, abs(growing))
    return _best(line, found, quotients)


def slack(line: Line[R], ladders: Ladders[R], sign: int) -> Real:
    """The part of the slope to one side that rounding alone may make."""
    if not ladders:  # an infinite input has no neighbours
        return 0.0
    h = ladders[0][-1]
    found = SLACK * line.spread(line.x + sign * h, line.x + 2.0 * sign * h, ROUNDED) / h
    return found if math.isfinite(found) else 0.0


def _end(line: Line[R], steps: Sequence[R], sign: int) -> R | None:
    """The value at the end of the smooth piece to one side, where it jumps to the point by no more than rounding."""
    near, far = (line.x + sign * h for h in (steps[-1], steps[-2]))
    end = line.at(near).value
    jump = abs(end - line.here.value)
    is_jump = abs(line.at(far).value - end) <= 0.5 * jump  # a steep slope is twice as high at the next step
    least = max(SLACK * line.spread(line.x, near, ROUNDED), ROUNDED * abs(end))
    return end if is_jump and jump <= least else None


def _usable(line: Line[R], place: LinePlace[R]) -> bool:
    """Whether a place is on the smooth piece of the point, and has a value."""
    return place.signature == line.here.signature and bool(line.m.isfinite(place.value))


def _growing(finest: Sequence[tuple[R, R]], noise: Noise[R]) -> R | None:
    """The first of the quotients at the finest steps, where they grow without bound up to it: over eight by a third at
    least, in even parts, and clear of the noise."""
    clear = len(finest) > 3 and all(abs(s) * h > 64.0 * noise(h) for h, s in finest)
    return finest[0][1] if clear and all(abs(s) > 1.033 * abs(t) for (_, s), (_, t) in pairwise(finest)) else None


def _best(line: Line[R], found: list[tuple[R, Slope]], quotients: Sequence[tuple[R, R]]) -> Slope | None:
    """The slope of the smallest error among those that every finer step agrees with, within its own error."""
    best: tuple[R, Slope] | None = None
    low: Real | None = None  # from here to `high` all finer steps allow it
    high: Real | None = None
    for h, slope in sorted(found, key=lambda rung: rung[0]):
        agrees = low is None or high is None or (slope.value - slope.error <= high and low <= slope.value + slope.error)
        if agrees and (best is None or slope.error < best[1].error):
            best = h, slope
        least, most = slope.value - 3.0 * slope.error, slope.value + 3.0 * slope.error
        low = least if low is None else max(low, least)
        high = most if high is None else min(high, most)
        if low > high:
            break  # the finer steps do not agree among themselves: no coarser one can agree with all
    if best is None:
        return None
    finest, slope = best
    near = (abs(quotient) for h, quotient in quotients if h >= finest and abs(quotient) * h <= line.size)
    return slope._replace(largest=max(near, default=0.0))
