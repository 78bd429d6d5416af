"""Sums that are the same on every machine: one fixed tree over blocks of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

BLOCK = 65_536  # rows that are added up together
LEAF = 8_192  # rows of a block that are first: 64 KiB a buffer


def pairwise(parts: FloatArray) -> FloatArray:
    """The sum over the first axis: neighbours first, then neighbouring sums; an odd last one waits a turn."""
    while len(parts) > 1:
        even = len(parts) // 2 * 2
        sums = parts[0:even:2] + parts[1:even:2]
        if even == len(parts):
            parts = sums
        else:
            from numpy import concatenate

            parts = concatenate([sums, parts[even:]])
    return parts[0]
