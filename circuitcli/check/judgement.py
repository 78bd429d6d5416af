"""The verdict on a gradient: by floats where they can tell, else with 120 and 700 decimal digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from circuitcli.analysis.point import Point
from circuitcli.carried import Real
from circuitcli.check.input_line import Line
from circuitcli.check.ladder import Ladders, Noise, Slope, central, one_sided
from circuitcli.check.verdict import AGREE, CANNOT_TELL, DISAGREE, GRAIN, NOT_DIFFERENTIABLE, NOT_FINITE, Verdict
from circuitcli.engine.floats import FLOATS
from circuitcli.wire_types import R

HALVINGS = range(2, 51)  # the steps of floats: scale * 2^-k
DECIMALS = {120: range(10, 46, 5), 700: range(20, 341, 20)}  # those of many digits: scale * 10^-k
FRACTION = {0: 0.0, 120: 1e-25, 700: 1e-50}  # a slope whose error is this part of the quotients seen is 0


class Sides:
    """The slopes to the left and to the right; one may not exist."""

    def __init__(self, left: Slope | None, right: Slope | None) -> None:
        self.left, self.right = left, right
        self.known = [slope for slope in (left, right) if slope is not None]

    @property
    def interval(self) -> tuple[float, float]:
        """The least and the greatest slope."""
        values = [slope.number for slope in self.known] or [math.nan]
        return min(values), max(values)

    @property
    def apart(self) -> bool:
        """Whether there is a jump, an unbounded slope, two slopes, or one side only."""
        if self.left is None or self.right is None:
            return True
        a, b = self.left, self.right
        if not (math.isfinite(a.value) and math.isfinite(b.value)):
            return True
        size = max(abs(a.value), abs(b.value))
        return bool(abs(a.value - b.value) > 20.0 * (a.error + b.error) + GRAIN * size)

    def tell(self, fraction: float) -> bool:
        """Whether the slopes are known well enough to compare them."""
        finite = [slope for slope in self.known if math.isfinite(slope.value)]
        if len(finite) < len(self.known):
            return True  # a jump, or a vertical tangent
        size = max((abs(slope.value) for slope in finite), default=0.0)
        largest = max((slope.largest for slope in finite), default=0.0)
        return bool(self.known) and all(s._replace(largest=largest).tells(size, fraction) for s in finite)


def check(
    point: Point, claim: Mapping[str, float] | None = None, precisions: Iterable[int] = tuple(DECIMALS)
) -> dict[str, Verdict]:
    """The verdict on the gradient by each wanted input, or on each number of a claim.

    The circuit is only ever evaluated: nothing of the backward pass goes into the numerical slope. Where float64 cannot
    tell, the numbers of digits in `precisions` are tried one after the other.
    """
    if claim is None:
        gradient = point.gradient
        claim = {name: gradient[name] for name in point.wrt or () if name in point.graph.inputs}
    return {name: _judged(point, name, number, precisions) for name, number in claim.items()}


def slopes(point: Point) -> dict[str, tuple[float, float]]:
    """For each wanted input at a kink, the range of its one-sided slopes; a single number where one side has none."""
    found = {}
    for name in point.wrt or ():
        if name in point.graph.inputs and math.isfinite(point.value):
            line = Line(point, name, FLOATS)
            sides = _sides(line, _float_ladders(line), _float_noise(line))
            if line.surface and sides.apart:
                found[name] = sides.interval
    return found


def _judged(point: Point, name: str, claim: float, precisions: Iterable[int]) -> Verdict:
    gradient = point.gradient.get(name, math.nan)
    if not math.isfinite(point.value):
        return Verdict(NOT_FINITE, gradient, claim)
    verdict = _with_floats(Line(point, name, FLOATS), gradient, claim)
    for digits in precisions:
        if verdict is not None:
            return verdict
        verdict = _with_digits(point, name, gradient, claim, digits)
    return verdict or _undecided(point, name, gradient, claim)


def _with_floats(line: Line[float], gradient: float, claim: float) -> Verdict | None:
    """The verdict, where float64 can tell and finds nothing wrong."""
    ladders, noise = _float_ladders(line), _float_noise(line)
    if line.surface:
        sides = _sides(line, ladders, noise)
        if sides.apart and sides.tell(FRACTION[0]):
            return _at_kink(sides, gradient, claim)
        return None  # that there is no kink is more than float64 can tell: a small jump drowns in a large value
    slope = central(line, ladders, noise)
    if slope is None or not slope.tells(claim, FRACTION[0]):
        return None
    verdict = _compared(slope, gradient, claim)
    return verdict if verdict == AGREE or slope.error <= 1e-9 * abs(slope.value) else None


def _with_digits(point: Point, name: str, gradient: float, claim: float, digits: int) -> Verdict | None:
    """The verdict by the same circuit on numbers of many digits, its constants as float64 has them."""
    from circuitcli.engine.digits import RoundedConstants

    m = RoundedConstants(digits)
    given = {n: m.number(x) for n, x in point.inputs.items()}
    there = Point(point.graph, given, [name], m)
    line = Line(there, name, m)
    if not m.isfinite(there.value):
        return None
    ladders = _digit_ladders(line, digits)
    if line.surface:
        sides = _sides(line, ladders, _digit_noise(line))
        if not sides.tell(FRACTION[digits]):
            return None
        if sides.apart:
            return _at_kink(sides, gradient, claim)
    slope = central(line, ladders, _digit_noise(line))
    if slope is None or not slope.tells(claim, FRACTION[digits]):
        return None
    rule = there.gradient[name]
    right = m.isfinite(rule) and abs(rule - slope.value) <= 3.0 * slope.error + GRAIN * abs(slope.value)
    return _compared(slope, gradient, claim, _lost(gradient, slope) if right else 0)


def _undecided(point: Point, name: str, gradient: float, claim: float) -> Verdict:
    """The slope as float64 saw it, without a judgement."""
    line = Line(point, name, FLOATS)
    slope = central(line, _float_ladders(line), _float_noise(line))
    if slope is None:
        return Verdict(CANNOT_TELL, gradient, claim)
    return Verdict(CANNOT_TELL, gradient, claim, slope.number, float(slope.error))


def _at_kink(sides: Sides, gradient: float, claim: float) -> Verdict:
    low, high = sides.interval
    middle = low if low == high else (low + high) / 2.0
    error = float(max(slope.error for slope in sides.known))
    return Verdict(NOT_DIFFERENTIABLE, gradient, claim, middle, error, (low, high))


def _compared(slope: Slope, gradient: float, claim: float, lost: int = 0) -> Verdict:
    """The verdict on a claim where the slope is known."""
    value, error = slope.number, float(slope.error)
    if not math.isfinite(claim):
        return Verdict(DISAGREE, gradient, claim, value, error, None, lost)
    apart, grain = abs(claim - slope.value), GRAIN * max(abs(claim), abs(value))
    if apart > 20.0 * slope.error + grain and claim != value:
        # A claim that is the gradient itself, but for digits that float64 has lost, is no wrong rule.
        own = lost and abs(claim - gradient) <= GRAIN * abs(gradient)
        word = DISAGREE if not own else AGREE if lost <= 13 else CANNOT_TELL
    else:
        word = AGREE if apart <= 3.0 * slope.error + grain or claim == value else CANNOT_TELL
    return Verdict(word, gradient, claim, value, error, None, lost)


def _lost(gradient: float, slope: Slope) -> int:
    """The digits, of 16, that a gradient has lost; 0 if only the last few."""
    if not math.isfinite(gradient):
        return 16
    apart = float(abs(gradient - slope.value) - 3.0 * slope.error)
    if not apart > 0.0 or gradient == float(slope.value):
        return 0
    digits = 16 + math.ceil(math.log10(apart / max(float(abs(slope.value)), abs(gradient))))
    return min(digits, 16) if digits > 4 else 0


def _sides(line: Line[R], ladders: Ladders[R], noise: Noise[R]) -> Sides:
    return Sides(*(one_sided(line, ladders, noise, sign) for sign in (-1, 1)))


# ── steps from coarse to fine, by the size of the input and, where that is small, by 1 too ──────────────────


def _float_ladders(line: Line[float]) -> Ladders[float]:
    size = abs(line.x)
    scales = [max(size, 1.0)] + [size] * (0.0 < size < 1.0)
    return [[step for k in HALVINGS if (step := scale * 2.0**-k) > 8.0 * math.ulp(size)] for scale in scales]


def _digit_ladders(line: Line[Real], digits: int) -> Ladders[Real]:
    size, ten = abs(line.x), line.m.number(10.0)
    scales = [line.m.number(1.0)] + [size] * (size != 0.0 and not 1e-8 < size < 1e8)
    return [[scale * ten**-k for k in DECIMALS[digits]] for scale in scales]


# ── the noise for a step ────────────────────────────────────────────────────────────────────────────────────


def _digit_noise(line: Line[Real]) -> Noise[Real]:
    """A few units in the last digit of the largest value."""
    fine = line.m.number(10.0) ** (4 - line.m.digits)
    level = max(abs(v) for v in line.values if line.m.isfinite(v)) * fine
    return lambda h: level


def _float_noise(line: Line[float]) -> Noise[float]:
    """The noise at the point, or that where the step leads to if it is more."""
    at_point = line.noise(line.x)
    known: dict[int, Real] = {}

    def noise(h: float) -> Real:
        group = math.frexp(h)[1] // 8  # neighbours share theirs
        if group not in known:
            step = 2.0 ** (8 * group)
            sides = [line.noise(line.x + step), line.noise(line.x - step)]
            known[group] = max(at_point, *(n for n in sides if math.isfinite(n)), 0.0)
        return known[group]

    return noise
