"""Roots and integrals over floats, as engine/root_finding.py and engine/integrals.py find them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from circuitcli.engine.c99 import div

CLOSE, TINY = 2.0**-46, 2.0**-49  # relative: of two sums of an integral, of the last step to a root
INTEGRAL_NODES: dict[tuple[int, bool, int], list[tuple[float, float, float]]] = {}


def root(f: Callable[[float], tuple[float, float]], start: float) -> float:
    """The number near a start at which f, which answers its value and its slope, is 0; nan where none is found.
    Newton's method; between values of both signs also bisection."""
    x, moved, before, last, found = start, 0.0, math.inf, math.inf, False
    y, slope = f(x)
    least = abs(y)
    sides: dict[bool, float] = {}
    for _ in range(1500):
        if y == 0.0:
            arrives = moved <= 0.9 * before or moved <= 2.0**-20 * abs(x)
            return x if slope != 0.0 or arrives else math.nan
        if not (math.isfinite(y) and math.isfinite(x)):
            return math.nan
        sides[y > 0.0] = x
        if len(sides) == 2 and not found:
            found, least = True, abs(y)
        step = newton = -div(y, slope)
        if found:
            low, high = sorted(sides.values())
            new = x + step if math.isfinite(step) else low
            if new != x or not math.isfinite(step):
                if not low < new < high or abs(step) > 0.5 * last:
                    new = sides[False] + (sides[True] - sides[False]) * 0.5
                    step = new - x
                if low < new < high:
                    value, its = f(new)
                    if abs(step) > TINY * abs(x) or abs(value) < abs(y):
                        x, y, slope, last = new, value, its, abs(step)
                        continue
            return x if abs(y) < least or abs(newton) <= TINY * abs(x) else math.nan
        nearer = root_nearer(f, x, y, step) if math.isfinite(step) else None
        if nearer is None and abs(step) <= TINY * abs(x):
            return x
        nearer = nearer or root_across(f, x, y)
        if nearer is None:
            return math.nan
        moved, before = abs(nearer[0] - x), moved
        x, y, slope = nearer
    return math.nan


def root_nearer(
    f: Callable[[float], tuple[float, float]], x: float, y: float, step: float
) -> tuple[float, float, float] | None:
    """The point as far along a step as the value is less, or has the other sign."""
    for _ in range(60):
        new = x + step
        if new == x:
            return None
        value, slope = f(new)
        if math.isfinite(value) and (abs(value) < abs(y) or (value > 0.0) != (y > 0.0)):
            return new, value, slope
        if abs(step) <= TINY * abs(x):
            return None
        step = 0.5 * step
    return None


def root_across(f: Callable[[float], tuple[float, float]], x: float, y: float) -> tuple[float, float, float] | None:
    """The nearest point of some to both sides at which the value has the other sign."""
    far = 2.0**-6 * max(abs(x), 1.0)
    for _ in range(60):
        for new in (x + far, x - far):
            value, slope = f(new)
            if math.isfinite(value) and (value > 0.0) != (y > 0.0):
                return new, value, slope
        far = 1.5 * far
    return None


def integral(f: Callable[[float], float], first: float, last: float) -> float:
    """The integral of f, by the substitutions tanh-sinh and exp-sinh; nan where the sums do not come to agree."""
    if first != first or last != last:
        return math.nan
    if first == last:
        return 0.0
    if last < first:
        return -integral(f, last, first)
    seen: list[tuple[float, float]] = []
    total, lost = integral_over(f, [first, last], seen)
    top, x = max(seen, default=(0.0, 0.0))
    low = max((u for _, u in seen if u < x), default=x)
    high = min((u for _, u in seen if u > x), default=x)
    if not 0.0 < top < math.inf or not low < x < high:
        return total
    height, x = highest_between(f, low, high)  # a peak that the sums may have passed by
    if height < math.inf and (lost or 2.0 * top < height):
        return integral_over(f, [first, x, last], [])[0]
    return total


def integral_over(
    f: Callable[[float], float], places: Sequence[float], seen: list[tuple[float, float]]
) -> tuple[float, bool]:
    """The integral over the ranges between some places, which are halved as often as it takes, and whether the parts
    have not seen what the whole has. What they see, heights and nodes, is added to `seen`."""
    waiting = [(low, high, 0) for low, high in zip(places[-2::-1], places[:0:-1], strict=True)]
    whole, totals, sizes = math.nan, list[float](), list[float]()
    while waiting:
        low, high, depth = waiting.pop()
        if low == -math.inf and high == math.inf:
            waiting += [(low, 0.0, depth), (0.0, high, depth)]
            continue
        total, size, good = integral_of_range(f, low, high, whole, seen)
        whole = size if whole != whole or whole < size < math.inf else whole
        if good:
            totals.append(total)
            sizes.append(size)
            continue
        if high == math.inf:
            middle = low + max(abs(low), 1.0)
        elif low == -math.inf:
            middle = high - max(abs(high), 1.0)
        else:
            middle = low + 0.5 * (high - low)
        if depth == 100 or len(seen) > 300_000 or not low < middle < high:
            return math.nan, False
        waiting += [(middle, high, depth + 1), (low, middle, depth + 1)]
    return float_sum(totals), float_sum(sizes) < 0.7 * whole


def float_sum(terms: list[float]) -> float:
    return math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms)


def integral_of_range(
    f: Callable[[float], float], low: float, high: float, whole: float, seen: list[tuple[float, float]]
) -> tuple[float, float, bool]:
    """The integral over one range, that of the size, and whether two sums, with half the step, agree: relative to the
    size, or to the `whole` where that is more."""
    infinite = high == math.inf or low == -math.inf
    terms: tuple[list[float], list[float]] = ([], [])
    ends, found = [math.inf, math.inf], [False, False]
    edge, size, before = 0.0, 0.0, math.nan
    for level in range(7):
        for side in (0, 1):
            calm, previous = 0, 0.0
            for t, near, weight in integral_nodes(level, infinite, side):
                if t > ends[side]:
                    break
                if infinite:
                    x = low + near if high == math.inf else high - near
                else:
                    width = high - low
                    x = high - width * near if side else low + width * near
                    weight = weight * width
                value = f(x)
                term = value * weight
                if not math.isfinite(term):
                    if t < 1.0:
                        return 0.0, size, False
                    ends[side] = t
                    edge = edge + abs(previous)
                    break
                seen.append((abs(value), x))
                terms[side].append(term)
                size = size + abs(term)
                found[side] = found[side] or abs(term) > CLOSE * size
                calm = calm + 1 if found[side] and abs(term) <= CLOSE * 1e-4 * size else 0
                previous = term
                if calm == 4 and t > 2.0:
                    ends[side] = t
                    break
        h = 0.5**level
        total = float_sum([*terms[0], *terms[1]]) * h
        scale = whole if whole >= size * h else size * h
        if level >= 3 and abs(total - before) <= CLOSE * scale and edge <= CLOSE * scale:
            return total, size * h, True
        before = total
    return before, size * h, False


def integral_nodes(level: int, infinite: bool, side: int) -> list[tuple[float, float, float]]:
    """The nodes that a level adds on one side of the middle: the parameter, the distance from an end, the weight."""
    if (level, infinite, side) in INTEGRAL_NODES:
        return INTEGRAL_NODES[level, infinite, side]
    step = 0.5**level
    t, by = (0.0 if side == 0 else 1.0, 1.0) if level == 0 else (step, 2.0 * step)
    found = INTEGRAL_NODES[level, infinite, side] = []
    while t <= 6.0870:  # where the weights come to be 0
        s, c = 0.5 * (math.pi * math.sinh(t)), 0.5 * (math.pi * math.cosh(t))
        if infinite:
            near = math.exp(s if side else -s)
            found.append((t, near, c * near))
        else:
            near = 1.0 / (1.0 + math.exp(2.0 * s))
            found.append((t, near, 2.0 * c * near * (1.0 - near)))
        t = t + by
    return found


def highest_between(f: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """The greatest size of f between two numbers, and its place, by golden sections (Kiefer 1953)."""
    part = 0.5 * (math.sqrt(5.0) - 1.0)
    left, right = high - part * (high - low), low + part * (high - low)
    at_left, at_right = abs(f(left)), abs(f(right))
    for _ in range(90):
        if not low < left < right < high:
            break
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - part * (high - low)
            at_left = abs(f(left))
        else:
            low, left, at_left = left, right, at_right
            right = low + part * (high - low)
            at_right = abs(f(right))
    return (at_left, left) if at_left >= at_right else (at_right, right)
