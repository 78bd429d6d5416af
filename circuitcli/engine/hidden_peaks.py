"""The places of an integrand's peaks that the nodes of a sum have passed by: it is 0 at all of these for floats, as
exp(-(t - 1000)^2) is far from 1000.

Its logarithm, in numbers whose exponents have no bound, says in which direction it grows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

FARTHEST, STEP = 50.0, 0.25  # logarithms of distances from an end, or from 0
STEPS = 90  # of a search between neighbours: each leaves 0.62 of the rest
LEFT = 0.5 * (math.sqrt(5.0) - 1.0)
SAME = 40.0  # in the logarithm: a lower peak adds nothing


def peaks(size: Callable[[float], float], low: float, high: float) -> list[float]:
    """The places of the largest peaks within a range, in order. `size` is the logarithm of the integrand's size."""
    places = [x for x in _net(low, high) if low < x < high]
    sizes = [*map(size, places)]
    found = []
    for k in range(1, len(places) - 1):
        if sizes[k] > sizes[k - 1] and sizes[k] >= sizes[k + 1]:
            found.append(_top(size, places[k - 1], places[k + 1]))
    highest = max((top for _, top in found), default=-math.inf)
    return list(dict.fromkeys(x for x, top in found if highest - SAME < top < math.inf))


def _net(low: float, high: float) -> list[float]:
    """Places of all sizes of a distance from the ends, or from 0 where both ends are infinite."""
    steps = [math.exp(STEP * k) for k in range(round(-FARTHEST / STEP), round(FARTHEST / STEP) + 1)]
    if low == -math.inf and high == math.inf:
        return [*(-x for x in reversed(steps)), 0.0, *steps]
    if high == math.inf:
        return [low + x for x in steps]
    if low == -math.inf:
        return [high - x for x in reversed(steps)]
    width, near = high - low, [x for x in steps if x <= 1.0 / 3.0]
    even = [low + width * (1.0 / 3.0 + k / 300.0) for k in range(1, 100)]
    return [*(low + width * x for x in near), *even, *(high - width * x for x in reversed(near))]


def _top(size: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """The largest place between two, by golden sections (Kiefer 1953), and the size there."""
    inner = high - LEFT * (high - low), low + LEFT * (high - low)
    left, right = size(inner[0]), size(inner[1])
    for _ in range(STEPS):
        if not low < inner[0] < inner[1] < high:
            break
        if left >= right:
            high, right = inner[1], left
            inner = high - LEFT * (high - low), inner[0]
            left = size(inner[0])
        else:
            low, left = inner[0], right
            inner = inner[1], low + LEFT * (high - low)
            right = size(inner[1])
    return max(zip(inner, (left, right), strict=True), key=lambda pair: pair[1])


def beside(f: Callable[[float], float], seen: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The peak between the neighbours of the highest of some nodes, with its height; `seen` are heights and nodes."""
    height, x = max(seen)
    low = max((u for _, u in seen if u < x), default=x)
    high = min((u for _, u in seen if u > x), default=x)
    return [_top(lambda u: abs(f(u)), low, high)] if height < math.inf and low < x < high else []
