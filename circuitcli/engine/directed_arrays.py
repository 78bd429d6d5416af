"""Arrays rounded up and down, as `directed` rounds floats: where the float is the exact result it stays.

NumPy is to compute without warnings while they run: infinities and nan are numbers among others here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

_SAFE = 2.0**480  # of both factors, and their product above its inverse: halves of digits stay in the range of floats
_SPLIT = 2.0**27 + 1.0
_LEAST = 2.0**-1074
_LOWEST_FINITE = -1.7976931348623157e308


def sum_up(x: FloatArray, y: FloatArray) -> FloatArray:
    """The least floats that are not below x + y; of opposite infinities inf."""
    total = x + y
    part = total - x
    lost = (x - (total - part)) + (y - part)
    found = _stepped(total, lost > 0.0)
    return found if np.isfinite(total).all() else _beyond(found, np.isfinite(x) & np.isfinite(y))


def product_up(x: FloatArray, y: FloatArray) -> FloatArray:
    """Floats not below x*y, and seldom more than the least of them; an infinity times 0 is 0."""
    product = x * y
    sizes = np.abs(product)
    safe = (np.maximum(np.abs(x), np.abs(y)) < _SAFE) & (sizes > 1.0 / _SAFE)
    if safe.all():
        return _stepped(product, _lost(x, y, product) > 0.0)
    found = _stepped(product, ~safe | (_lost(x, y, product) > 0.0))
    if not np.isfinite(product).all():
        found = np.where(np.isfinite(product), found, _beyond(product, np.isfinite(x) & np.isfinite(y)))
    return np.where((x == 0.0) | (y == 0.0), 0.0, found)


def quotient_up(x: FloatArray, y: FloatArray) -> FloatArray:
    """Floats not below x/y, for y that is not 0; of two infinities inf. Within the range where errors of products are
    exact they are the least such."""
    quotient = x / y
    product = quotient * y
    sizes = np.maximum(np.maximum(np.abs(quotient), np.abs(y)), np.maximum(np.abs(x), 1.0 / np.abs(product)))
    safe = sizes < _SAFE
    rest = (x - product) - _lost(quotient, y, product)
    found = _stepped(quotient, ~safe | (np.where(y < 0.0, -rest, rest) > 0.0))
    if not np.isfinite(quotient).all():
        found = np.where(np.isfinite(quotient), found, _beyond(quotient, np.isfinite(x) & np.isfinite(y)))
    return np.where(x == 0.0, 0.0, found)


def root_up(x: FloatArray) -> FloatArray:
    """Floats not below the roots of x, for x from 0 on."""
    return _root(x, 1.0)


def root_down(x: FloatArray) -> FloatArray:
    """Floats not above the roots of x, for x from 0 on."""
    return np.maximum(_root(x, -1.0), 0.0)


def sum_down(x: FloatArray, y: FloatArray) -> FloatArray:
    """The largest floats that are not above x + y; of opposite infinities -inf."""
    return -sum_up(-x, -y)


def product_down(x: FloatArray, y: FloatArray) -> FloatArray:
    """Floats not above x*y."""
    return -product_up(-x, y)


def quotient_down(x: FloatArray, y: FloatArray) -> FloatArray:
    """Floats not above x/y."""
    return -quotient_up(-x, y)


def above(x: FloatArray, ulps: float) -> FloatArray:
    """Floats above whatever a function that is off by so many units in the last place may have rounded to x."""
    found = np.nextafter(x + (np.abs(x) * (ulps * 2.0**-52) + ulps * _LEAST), np.inf)
    return found if np.isfinite(x).all() else np.where(np.isfinite(x), found, _beyond(x, np.bool_(True)))


def below(x: FloatArray, ulps: float) -> FloatArray:
    """Floats below whatever a function that is off by so many units in the last place may have rounded to x."""
    return -above(-x, ulps)


def _stepped(x: FloatArray, up: FloatArray) -> FloatArray:
    """The next floats above, where they are wanted."""
    return np.where(up, np.nextafter(x, np.inf), x)


def _root(x: FloatArray, side: float) -> FloatArray:
    """The roots, or the next floats on a side of them where they are not exact."""
    root = np.sqrt(x)
    square = root * root
    exact = (square == x) & ((x == 0.0) | ((x > 1.0 / _SAFE) & (x < _SAFE) & (_lost(root, root, square) == 0.0)))
    return np.where(exact | np.isinf(x), root, np.nextafter(root, side * np.inf))


def _beyond(x: FloatArray, rounded: FloatArray | np.bool_) -> FloatArray:
    """Upper bounds for results: nan may be anything, and -inf stands for a finite number where it was `rounded`."""
    found = np.where(np.isnan(x), np.inf, x)
    return np.where((x == -np.inf) & rounded, _LOWEST_FINITE, found)


def _lost(x: FloatArray, y: FloatArray, product: FloatArray) -> FloatArray:
    """The rounding errors of products."""
    x_split, y_split = x * _SPLIT, y * _SPLIT
    x_high, y_high = x_split - (x_split - x), y_split - (y_split - y)
    x_low, y_low = x - x_high, y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
