"""The verdict on a gradient: by floats where they can tell, else with 120 and 700 decimal digits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from circuitcli.analysis.point import Point
from circuitcli.carried import Real
from circuitcli.check.ladder import Slope
from circuitcli.check.sight import DECIMALS, Sides, Sight, in_digits, in_floats
from circuitcli.check.verdict import AGREE, CANNOT_TELL, DISAGREE, GRAIN, NOT_DIFFERENTIABLE, NOT_FINITE, Verdict
from circuitcli.errors import UsageError


def check(point: Point, claim: Mapping[str, float] | None = None) -> dict[str, Verdict]:
    """The verdict on the gradient by each wanted input, or on each number of a claim.

    The circuit is only ever evaluated: nothing of the backward pass goes into the numerical slope. Where float64 cannot
    tell, or finds something wrong, numbers of more and more digits are tried.
    """
    if claim is None:
        gradient = point.gradient
        claim = {name: gradient[name] for name in point.wrt or () if name in point.graph.inputs}
    return {name: _judged(point, name, number) for name, number in claim.items()}


def refuse_nothing(names: Collection[str]) -> None:
    """Raise UsageError where no input is to be checked."""
    if not names:
        raise UsageError("there is nothing to check: --check compares the gradients of inputs", "name some in --wrt")


def slopes(point: Point) -> dict[str, tuple[float, float]]:
    """For each wanted input at a kink, the range of its one-sided slopes; a single number where one side has none."""
    found = {}
    for name in point.wrt or ():
        if name in point.graph.inputs and math.isfinite(point.value):
            sight = in_floats(point, name)
            if sight.line.surface and (sides := sight.sides()).joint is None:
                blurred = len(sides.known) == 2 and not sides.tell(sight.least(sides.known))
                closer = _judged(point, name, point.gradient.get(name, math.nan)).interval if blurred else None
                found[name] = closer or sight.interval(sides)
    return found


def _judged(point: Point, name: str, claim: float) -> Verdict:
    gradient = point.gradient.get(name, math.nan)
    if not math.isfinite(point.value):
        return Verdict(NOT_FINITE, gradient, claim)
    sight = in_floats(point, name)
    verdict = None if sight.line.surface and point.lost else _with_floats(sight, gradient, claim)
    for digits in DECIMALS:
        if verdict is not None:
            return verdict
        verdict = _with_digits(point, name, gradient, claim, digits, bool(sight.line.surface))
    return verdict or _undecided(sight, gradient, claim)


def _with_floats(sight: Sight[float], gradient: float, claim: float) -> Verdict | None:
    """The verdict, where float64 can tell and finds nothing wrong: a kink, or the slope that was claimed."""
    if sight.line.surface:
        sides = sight.sides()
        if sides.joint is None and len(sides.known) == 2 and sides.tell(sight.least(sides.known)):
            return _at_kink(sides, sight.interval(sides), gradient, claim)
        return None  # that there is no kink is more than float64 can tell: a small jump drowns in a large value
    slope = sight.central()
    if slope is None or not slope.tells(claim, sight.least([slope])):
        return None
    verdict = _compared(slope, gradient, claim)
    return verdict if verdict == AGREE else None


def _with_digits(point: Point, name: str, gradient: float, claim: float, digits: int, at_joint: bool) -> Verdict | None:
    """The verdict by the same circuit on numbers of many digits, its constants as float64 has them. A joint of floats
    may be none of these, by a rounding."""
    from circuitcli.engine.digits import RoundedConstants

    m = RoundedConstants(digits)
    given = {n: m.number(x) for n, x in point.inputs.items()}
    there = Point(point.graph, given, [name], m)
    if not m.isfinite(there.value):
        return None
    sight = in_digits(there, name, m)
    slack = sight.slack() if at_joint or sight.line.surface else 0.0
    corner: Real = 0.0  # too small for one, and no loss of digits
    if sight.line.surface:
        sides = sight.sides(slack)
        if not sides.tell(sight.least(sides.known)):
            return None
        slope = sides.joint
        if slope is None:
            return _at_kink(sides, sight.interval(sides), gradient, claim)
        corner = abs(sides.known[0].value - sides.known[1].value)
    else:
        slope = sight.central()
    if slope is None or not slope.tells(claim, sight.least([slope])):
        return None
    rule = there.gradient[name]
    if m.isfinite(rule) and slope.error > GRAIN * max(abs(slope.value), abs(claim)):
        return _of_nothing(slope, rule, gradient, claim, digits)
    right = m.isfinite(rule) and abs(rule - slope.value) <= 3.0 * slope.error + GRAIN * abs(slope.value) + slack
    verdict = _compared(slope, gradient, claim, _lost(gradient, slope, slack + corner) if right else 0, slack)
    if verdict == DISAGREE and not right and digits < max(DECIMALS):
        return None  # the rule, in as many digits, says another thing: the slope needs a closer look
    return verdict


def _of_nothing(slope: Slope, rule: Real, gradient: float, claim: float, digits: int) -> Verdict | None:
    """The verdict where the slope is as good as 0, and differences do not tell it from the claim: the rule, in as many
    digits, may agree with that."""
    if abs(claim - rule) <= GRAIN * abs(rule):
        return Verdict(AGREE, gradient, claim, slope.number, slope.blur)
    if digits < max(DECIMALS):
        return None
    return Verdict(CANNOT_TELL, gradient, claim, slope.number, slope.blur, None, 16 if claim == gradient else 0)


def _undecided(sight: Sight[float], gradient: float, claim: float) -> Verdict:
    """The slope as float64 saw it, without a judgement."""
    slope = sight.central()
    if slope is None:
        return Verdict(CANNOT_TELL, gradient, claim)
    return Verdict(CANNOT_TELL, gradient, claim, slope.number, slope.blur)


def _at_kink(sides: Sides, interval: tuple[float, float], gradient: float, claim: float) -> Verdict:
    low, high = interval
    middle = low if low == high else (low + high) / 2.0
    error = max(slope.blur for slope in sides.known)
    return Verdict(NOT_DIFFERENTIABLE, gradient, claim, middle, error, interval)


def _compared(slope: Slope, gradient: float, claim: float, lost: int = 0, slack: Real = 0.0) -> Verdict:
    """The verdict on a claim where the slope is known."""
    value, error = slope.number, slope.blur
    if not math.isfinite(claim) and claim != value:
        return Verdict(DISAGREE, gradient, claim, value, error, None, lost)
    apart, grain = abs(claim - slope.value), GRAIN * max(abs(claim), abs(value)) + slack
    if apart > 20.0 * slope.error + grain and claim != value:
        # A claim that is the gradient itself, but for digits that float64 has lost, is no wrong rule.
        own = lost and abs(claim - gradient) <= GRAIN * abs(gradient)
        word = DISAGREE if not own else AGREE if lost <= 13 else CANNOT_TELL
    else:
        word = AGREE if apart <= 3.0 * slope.error + grain or claim == value else CANNOT_TELL
    return Verdict(word, gradient, claim, value, error, None, lost)


def _lost(gradient: float, slope: Slope, slack: Real) -> int:
    """The digits, of 16, that a gradient has lost; 0 if only the last few."""
    if not math.isfinite(gradient):
        return 16
    apart = float(abs(gradient - slope.value) - 3.0 * slope.error - slack)
    if not apart > 0.0 or gradient == float(slope.value):
        return 0
    digits = 16 + math.ceil(math.log10(apart / max(float(abs(slope.value)), abs(gradient))))
    return min(digits, 16) if digits > 4 else 0
