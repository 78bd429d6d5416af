"""Slopes by differences, over ladders of steps: each has an error of its own, and one slope is chosen among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from circuitcli.carried import Real
from circuitcli.check.input_line import Line, LinePlace
from circuitcli.check.verdict import GRAIN
from circuitcli.wire_types import R

Noise = Callable[[R], Real]  # of a step: the noise of the value as far from the point
Ladders = Sequence[Sequence[R]]  # of steps, from coarse to fine


class Slope(NamedTuple):
    """A slope, its error, and the largest quotient on the way: of a difference, or of the value itself by the size of
    the input."""

    value: Real
    error: Real
    largest: Real = 0.0

    @property
    def number(self) -> float:
        """The slope as a float; 0 where it may as well be."""
        return 0.0 if abs(self.value) <= self.error else float(self.value)

    def tells(self, gradient: Real, fraction: float) -> bool:
        """Whether the slope is known to GRAIN of itself, or is 0 beside a `fraction` of the quotients around it."""
        size = max(abs(self.value), abs(gradient)) if gradient == gradient else abs(self.value)
        return bool(self.error <= GRAIN * size or self.error <= fraction * self.largest or self.error == 0.0)


def central(line: Line[R], ladders: Ladders[R], noise: Noise[R]) -> Slope | None:
    """The fourth-order central difference (4 c(h) - c(2h))/3, c(h) = (f(x+h) - f(x-h))/2h, over steps that halve.

    Places on another smooth piece than the point are left out. None where no step remains.
    """
    found: list[tuple[Real, Slope]] = []
    largest = _size(line)
    for steps in ladders:
        coarse = before = None
        for h in steps:
            above, below = line.x + h, line.x - h
            up, down = line.at(above), line.at(below)
            if above == below or not (_usable(line, up) and _usable(line, down)):
                coarse = before = None
                continue
            quotient = (up.value - down.value) / (above - below)
            largest = max(largest, abs(quotient), abs(up.value - line.here.value) / h)
            if coarse is not None:
                square = (coarse[0] / h) ** 2
                slope = (square * quotient - coarse[1]) / (square - 1.0)
                if before is not None:
                    found.append((h, Slope(slope, abs(slope - before) + 1.5 * noise(h) / h)))
                before = slope
            coarse = h, quotient
    return _best(found, largest)


def one_sided(line: Line[R], ladders: Ladders[R], noise: Noise[R], sign: int) -> Slope | None:
    """The slope to one side: 2 s(h) - s(2h), s(h) = (f(x+h) - f(x))/h, infinite where s grows without bound."""
    found: list[tuple[Real, Slope]] = []
    quotients: list[tuple[R, R]] = []
    at = line.here.value
    side = None  # the smooth piece next to the point
    for steps in ladders:
        finer = before = None
        for h in reversed(steps):
            x = line.x + sign * h
            place = line.at(x)
            side = place.signature if side is None else side
            if x == line.x or not line.m.isfinite(place.value) or place.signature != side:
                finer = before = None
                continue
            quotient = (place.value - at) / (x - line.x)
            quotients.append((h, quotient))
            if finer is not None:
                fine, s = finer
                ratio = h / fine
                slope = (ratio * s - quotient) / (ratio - 1.0)
                if before is not None:
                    found.append((fine, Slope(slope, abs(slope - before) + 4.0 * noise(fine) / fine)))
                before = slope
            finer = h, quotient
    clear = sorted((h, s) for h, s in quotients if abs(s) * h > 64.0 * noise(h))
    if len(clear) > min(8, len(ladders[0]) // 2) and _grows([abs(s) for _, s in clear]):
        return Slope(clear[0][1] * float("inf"), 0.0, abs(clear[0][1]))
    return _best(found, max([_size(line), *(abs(s) for _, s in quotients)]))


def _usable(line: Line[R], place: LinePlace[R]) -> bool:
    """Whether a place is on the smooth piece of the point, and has a value."""
    return place.signature == line.here.signature and bool(line.m.isfinite(place.value))


def _size(line: Line[R]) -> Real:
    return abs(line.here.value) / max(abs(line.x), 1.0)


def _grows(sizes: list[Real]) -> bool:
    """Whether slopes grow up to the finest step: over the last eight by a third at least."""
    finest = sizes[:9]
    return all(a >= b for a, b in pairwise(finest)) and finest[0] > 1.3 * finest[-1]


def _best(found: list[tuple[Real, Slope]], largest: Real) -> Slope | None:
    """The slope of the smallest error among those that every finer step agrees with, within its own error."""
    best = None
    low: Real | None = None  # from here to `high` all finer steps allow it
    high: Real | None = None
    for _, slope in sorted(found, key=lambda rung: rung[0]):
        agrees = low is None or high is None or (slope.value - slope.error <= high and low <= slope.value + slope.error)
        if agrees and (best is None or slope.error < best.error):
            best = slope
        least, most = slope.value - 3.0 * slope.error, slope.value + 3.0 * slope.error
        low = least if low is None else max(low, least)
        high = most if high is None else min(high, most)
        if low > high:
            break  # the finer steps do not agree among themselves: no coarser one can agree with all
    return None if best is None else best._replace(largest=largest)
