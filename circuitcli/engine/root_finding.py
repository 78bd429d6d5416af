"""A root near a start: Newton's method with the exact slope, to the last digit.

A step that does not come nearer to 0 is halved. Once values of both signs are known the root stays between them, and
what Newton does not halve is halved by bisection (Press et al., Numerical Recipes, 9.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

STEPS = 500
HALVINGS = 60


def root(m: Any, f: Callable[[Any], tuple[Any, Any]], start: Any) -> Any:
    """The number at which `f`, which returns its value and its slope, is 0; nan where none is found from the start."""
    nan = m.constant("nan")
    x = m.number(start)
    y, slope = f(x)
    tiny = m.pow(m.number(2.0), m.number(-(3.33 * m.digits + 4.0) if m.digits > 17 else -52.0))
    sides: dict[bool, Any] = {}
    found, least, last = False, m.abs(y), None
    for _ in range(STEPS):
        if y == 0.0:
            return x
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
        if not m.isfinite(step):
            return nan
        nearer = _nearer(m, f, x, y, step, tiny)
        if nearer is None:
            return x if m.abs(step) <= 8.0 * tiny * m.abs(x) else nan
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
