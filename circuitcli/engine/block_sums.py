"""Sums that do not depend on who computes them: one fixed tree over blocks of rows."""

from __future__ import annotations

from typing import Any

BLOCK = 65_536  # rows of a leaf

Array = Any  # numpy.ndarray


def pairwise(parts: Array) -> Array:
    """The sum over the first axis: neighbours first, then neighbouring sums, the last alone where they are odd."""
    while len(parts) > 1:
        even = len(parts) // 2 * 2
        sums = parts[0:even:2] + parts[1:even:2]
        if even == len(parts):
            parts = sums
        else:
            from numpy import concatenate

            parts = concatenate([sums, parts[even:]])
    return parts[0]
