"""A root near a start: Newton's method with the exact slope, to the last digit.

A step that does not come nearer to 0 is halved; where the slope leads nowhere, a value of the other sign is looked for
on both sides. Once values of both signs are known the root stays between them, and
what Newton does not halve is halved by bisection (Press et al., Numerical Recipes, 9.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

STEPS = 1500
HALVINGS = 60
CLOSE = 2.0**-20  # relative: a step that is the last whatever the one before it was
SHRINKS = 0.9  # a step, relative to the one before it, on the way to a root of several


def root(m: Any, f: Callable[[Any], tuple[Any, Any]], start: Any) -> Any:
    """The number at which `f`, which returns its value and its slope, is 0; nan where none is found from the start."""
    nan = m.constant("nan")
    x = m.number(start)
    y, slope = f(x)
    tiny = m.pow(m.number(2.0), m.number(-(3.33 * m.digits + 4.0) if m.digits > 17 else -52.0))
    sides: dict[bool, Any] = {}
    found, least, last = False, m.abs(y), None
    moved, before = m.number(0.0), m.constant("inf")  # by the last step, and the one before
    for _ in range(STEPS):
        if y == 0.0:  # where the slope is 0, too, steps must have come to an end: exp(-800) is 0 for floats
            arrives = moved <= SHRINKS * before or moved <= CLOSE * m.abs(x)
            return x if slope != 0.0 or arrives else nan
        if not (m.isfinite(y) and m.isfinite(x)):
            return nan
        sides[bool(y > 0.0)] = x
        if len(sides) == 2 and not found:
            found, least = True, m.abs(y)  # a pole has no smaller ones
        step = -m.div(y, slope)
        if found:
            middle = (sides[True] - sides[False]) * 0.5
            x, y, slope, last, done = _between(m, f, (x, y, slope), step, sides, middle, last, tiny)
            if done:
                return x if m.abs(y) < least or m.abs(step) <= 8.0 * tiny * m.abs(x) else nan
            continue
        nearer = _nearer(m, f, x, y, step, tiny) if m.isfinite(step) else None
        if nearer is None and m.abs(step) <= 8.0 * tiny * m.abs(x):
            return x
        nearer = nearer or _across(m, f, x, y)
        if nearer is None:
            return nan
        moved, before = m.abs(nearer[0] - x), moved
        x, y, slope = nearer
    return nan


def _nearer(m: Any, f: Callable[[Any], tuple[Any, Any]], x: Any, y: Any, step: Any, tiny: Any) -> Any:
    """The point, with its value and slope, as far along a step as the value is less, or has the other sign; None where
    there is none."""
    for _ in range(HALVINGS):
        new = x + step
        if new == x:
            return None
        value, slope = f(new)
        if m.isfinite(value) and (m.abs(value) < m.abs(y) or (value > 0.0) != (y > 0.0)):
            return new, value, slope
        if m.abs(step) <= 8.0 * tiny * m.abs(x):
            return None
        step = 0.5 * step
    return None


def _across(m: Any, f: Callable[[Any], tuple[Any, Any]], x: Any, y: Any) -> Any:
    """The nearest point of some to both sides, farther and farther off, at which the value has the other sign: where
    the slope leads nowhere, as at an extreme; None where there is none."""
    far = 2.0**-6 * m.max(m.abs(x), 1.0)
    for _ in range(HALVINGS):
        for new in (x + far, x - far):
            value, slope = f(new)
            if m.isfinite(value) and (value > 0.0) != (y > 0.0):
                return new, value, slope
        far = 1.5 * far
    return None


def _between(
    m: Any,
    f: Callable[[Any], tuple[Any, Any]],
    at: tuple[Any, Any, Any],
    step: Any,
    sides: dict[bool, Any],
    half: Any,
    last: Any,
    tiny: Any,
) -> tuple[Any, Any, Any, Any, bool]:
    """One step between values of both signs; the last is whether there is nothing left to gain."""
    x, y, slope = at
    low, high = sorted(sides.values())
    new = x + step if m.isfinite(step) else low
    if m.isfinite(step) and new == x:
        return x, y, slope, last, True
    if not low < new < high or (last is not None and m.abs(step) > 0.5 * last):
        new = sides[False] + half
        step = new - x
    if not low < new < high:
        return x, y, slope, last, True
    value, its = f(new)
    if m.abs(step) <= 8.0 * tiny * m.abs(x) and not m.abs(value) < m.abs(y):
        return x, y, slope, last, True
    return new, value, its, m.abs(step), False
