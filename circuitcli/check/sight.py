"""The circuit along one input as an arithmetic sees it: the steps to take, the noise that they meet, and the slopes."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic

from circuitcli.analysis.point import Point
from circuitcli.carried import Real
from circuitcli.check.input_line import RUNS, Line
from circuitcli.check.ladder import ROUNDED, Ladders, Noise, Slope, central, one_sided, slack
from circuitcli.check.verdict import GRAIN
from circuitcli.engine.floats import FLOATS, LEAST
from circuitcli.wire_types import R

if TYPE_CHECKING:
    from circuitcli.engine.digits import Digits

HALVINGS, FURTHER = range(2, 51), range(74, 700, 24)  # the steps of floats: scale * 2^-k; further at a kink at 0
DECIMALS = {120: range(10, 46, 5), 700: range(20, 341, 20)}  # those of many digits: scale * 10^-k
# A slope whose error is this part of the quotients seen, or of the numbers on the way, is 0.
NOTHING = {FLOATS.digits: (0.0, 0.0), 120: (1e-25, 0.0), 700: (1e-50, 1e-300)}


class Sides:
    """The slopes to the left and to the right; one may not exist. Rounding may set them apart by `slack`."""

    def __init__(self, left: Slope | None, right: Slope | None, slack: Real = 0.0) -> None:
        self.left, self.right, self._slack = left, right, slack
        self.known = [slope for slope in (left, right) if slope is not None]

    @property
    def joint(self) -> Slope | None:
        """The one slope, the mean of both. None where there is a jump, an unbounded slope, two slopes, or one side
        only."""
        a, b = self.left, self.right
        if a is None or b is None or not (a.finite and b.finite):
            return None
        apart, size = abs(a.value - b.value), max(abs(a.value), abs(b.value))
        if apart > 20.0 * (a.error + b.error) + GRAIN * size + self._slack:
            return None
        return Slope((a.value + b.value) / 2.0, max(a.error, b.error), max(a.largest, b.largest))

    def tell(self, least: Real) -> bool:
        """Whether the slopes are known well enough to compare them."""
        finite = [slope for slope in self.known if slope.finite]
        if len(finite) < len(self.known):
            return True  # a jump, or a vertical tangent
        size = max((abs(slope.value) for slope in finite), default=0.0)
        return bool(self.known) and all(slope.tells(size, least) for slope in finite)


class Sight(Generic[R]):
    """The circuit along one input, in one arithmetic: the steps to take, and the noise that they meet."""

    def __init__(self, line: Line[R], ladders: Ladders[R]) -> None:
        self.line, self.ladders = line, ladders
        self.noise = _noise(line, ladders)

    def central(self) -> Slope | None:
        return central(self.line, self.ladders, self.noise)

    def sides(self, slack: Real = 0.0) -> Sides:
        left, right = (one_sided(self.line, self.ladders, self.noise, sign) for sign in (-1, 1))
        return Sides(left, right, slack)

    def interval(self, sides: Sides) -> tuple[float, float]:
        """The least and the greatest slope."""
        seen = [0.0 if slope.fades(self.least([slope])) else slope.number for slope in sides.known] or [math.nan]
        return min(seen), max(seen)

    def slack(self) -> Real:
        """The part of a slope that rounding alone may make."""
        return max(slack(self.line, self.ladders, sign) for sign in (-1, 1))

    def least(self, found: Iterable[Slope]) -> Real:
        """The size that a slope must have not to be taken for 0."""
        of_quotients, of_values = NOTHING[self.line.m.digits]
        largest = max((slope.largest for slope in found), default=0.0)
        return of_quotients * largest + of_values * self.line.size / max(abs(self.line.x), 1.0)


def in_floats(point: Point, name: str) -> Sight[float]:
    """The sight of floats, whose steps end a few of their spacings from the point."""
    line = Line(point, name, FLOATS, ROUNDED, RUNS, LEAST)
    size = abs(line.x)
    halvings = [*HALVINGS, *FURTHER] if size == 0.0 and line.surface else HALVINGS
    scales = [size] * (0.0 < size < 1.0) + [max(size, 1.0)]
    steps = [[scale * 2.0**-k for k in halvings] for scale in scales]
    fine = [[h for h in ladder if h > 8.0 * math.ulp(size)] for ladder in steps]
    return Sight(line, [ladder for ladder in fine if ladder])


def in_digits(point: Point, name: str, m: Digits) -> Sight[Real]:
    """The sight of many digits."""
    ten = m.number(10.0)
    line = Line(point, name, m, ten ** (4 - m.digits))
    size = abs(line.x)
    decimals = sorted({*DECIMALS[m.digits], *(DECIMALS[max(DECIMALS)] if size == 0.0 else ())})
    scales = sorted([m.number(1.0)] + [size] * (size != 0.0 and not 1e-8 < size < 1e8))
    steps = [[scale * ten**-k for k in decimals] for scale in scales]
    finest = size * ten ** -(m.digits // 2)  # at which half of the digits are left
    return Sight(line, [deep for ladder in steps if len(deep := [h for h in ladder if h > finest]) > 2])


def _noise(line: Line[R], ladders: Ladders[R]) -> Noise[R]:
    """The noise at the point, or that at a step a little shorter or longer if it is more."""
    at_point = line.noise(line.x)
    marks = sorted(h for steps in ladders for h in {*steps[:: math.isqrt(len(steps))], steps[-1]})
    known: dict[tuple[int, bool], Real] = {}

    def at(mark: int, up: bool) -> Real:
        if (mark, up) not in known:
            known[mark, up] = max(at_point, line.noise(line.x + marks[mark] if up else line.x - marks[mark]))
        return known[mark, up]

    def noise(h: R) -> Real:
        mark, up = min(bisect_left(marks, abs(h)), len(marks) - 1), h > 0.0
        return max(at(mark, up), at(max(mark - 1, 0), up))

    return noise
