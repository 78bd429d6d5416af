"""Floats rounded up and down: sums, products, quotients and roots, and what a function that is off by some ulp allows.

Up alone is written; down is its mirror. Where the float is the exact result it stays, so that whole numbers do. Errors
of sums and products are exact (Knuth 1969; Dekker 1971) within the range that `_SAFE` says.
"""

from __future__ import annotations

from math import inf, isfinite, nextafter, sqrt

_SAFE = 2.0**480  # of both factors, and their product above its inverse: halves of digits stay in the range of floats
_SPLIT = 2.0**27 + 1.0
_LEAST = 2.0**-1074


def sum_up(x: float, y: float) -> float:
    """The least float that is not below x + y; of opposite infinities inf."""
    total = x + y
    if not isfinite(total):
        return _beyond(total, isfinite(x) and isfinite(y))
    part = total - x
    lost = (x - (total - part)) + (y - part)
    return nextafter(total, inf) if lost > 0.0 else total


def product_up(x: float, y: float) -> float:
    """A float not below x*y, and seldom more than the least of them; an infinity times 0 is 0."""
    if x == 0.0 or y == 0.0:
        return 0.0
    product = x * y
    if not isfinite(product):
        return _beyond(product, isfinite(x) and isfinite(y))
    if not (abs(x) < _SAFE and abs(y) < _SAFE and abs(product) > 1.0 / _SAFE):
        return nextafter(product, inf)
    return nextafter(product, inf) if _lost(x, y, product) > 0.0 else product


def quotient_up(x: float, y: float) -> float:
    """A float not below x/y, for y that is not 0; of two infinities inf."""
    if x == 0.0:
        return 0.0
    quotient = x / y
    if not isfinite(quotient):
        return _beyond(quotient, isfinite(x) and isfinite(y))
    product = quotient * y
    sizes = abs(quotient), abs(y), 1.0 / abs(product) if product else inf
    if product == x and max(sizes) < _SAFE and _lost(quotient, y, product) == 0.0:
        return quotient
    return nextafter(quotient, inf)


def root_up(x: float) -> float:
    """A float not below the root of x, for x from 0 on."""
    root = sqrt(x)
    if root * root == x and (x == 0.0 or 1.0 / _SAFE < x < _SAFE) and _lost(root, root, x) == 0.0:
        return root
    return nextafter(root, inf)


def sum_down(x: float, y: float) -> float:
    """The largest float that is not above x + y; of opposite infinities -inf."""
    return -sum_up(-x, -y)


def product_down(x: float, y: float) -> float:
    """A float not above x*y."""
    return -product_up(-x, y)


def quotient_down(x: float, y: float) -> float:
    """A float not above x/y."""
    return -quotient_up(-x, y)


def root_down(x: float) -> float:
    """A float not above the root of x, for x from 0 on."""
    root = root_up(x)
    return root if root * root == x and root == sqrt(x) else max(nextafter(sqrt(x), -inf), 0.0)


def above(x: float, ulps: float) -> float:
    """A float above whatever a function that is off by so many units in the last place may have rounded to x."""
    return nextafter(x + (abs(x) * (ulps * 2.0**-52) + ulps * _LEAST), inf) if isfinite(x) else _beyond(x, True)


def below(x: float, ulps: float) -> float:
    """A float below whatever a function that is off by so many units in the last place may have rounded to x."""
    return -above(-x, ulps)


def _beyond(x: float, rounded: bool) -> float:
    """An upper bound for a result that is no finite float: -inf stands for a finite number where it was `rounded`."""
    if x != x:
        return inf
    return nextafter(x, inf) if x == -inf and rounded else x


def _lost(x: float, y: float, product: float) -> float:
    """The rounding error of a product."""
    x_split, y_split = x * _SPLIT, y * _SPLIT
    x_high, y_high = x_split - (x_split - x), y_split - (y_split - y)
    x_low, y_low = x - x_high, y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
