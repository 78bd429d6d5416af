"""The triangle of a QR factorisation over rows: few numbers with the same norms and products as all of them.

Some rows are factorised by themselves, and two triangles by factorising one below the other (TSQR: Demmel, Grigori,
Hoemmen & Langou 2012, Communication-optimal parallel and sequential QR and LU factorizations).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

SMALL = 8_192  # numbers of a matrix that no BLAS shares among threads, whose number would then be seen in the bits

Array = Any  # numpy.ndarray


class Triangle(NamedTuple):
    """As many rows as there are columns: what an orthogonal matrix makes of all rows, without those that are 0."""

    rows: Array

    @classmethod
    def of(cls, columns: Array) -> Triangle:
        """The triangle of a matrix, given column by column."""
        return cls(_triangle(columns))

    def join(self, other: Triangle) -> Triangle:
        return Triangle(np.linalg.qr(np.vstack([self.rows, other.rows]), mode="r"))


def _triangle(columns: Array) -> Array:
    """By small pieces, and their triangles one below the other."""
    width, count = columns.shape
    height = _power(max(SMALL // width, 4 * width - 1))  # at least twice the width
    if count <= height:
        return np.linalg.qr(_filled(columns, max(count, width)).T, mode="r")
    pieces = _filled(columns, -(-count // height) * height).reshape(width, -1, height)
    stack: Array = np.linalg.qr(pieces.transpose(1, 2, 0), mode="r")
    return _triangle(stack.reshape(-1, width).T)


def _power(n: int) -> int:
    """The largest power of 2 up to a number: it divides a block."""
    return 1 << n.bit_length() - 1


def _filled(columns: Array, count: int) -> Array:
    """With rows of zeros up to so many, which a triangle does not know."""
    missing = count - columns.shape[1]
    return np.pad(columns, ((0, 0), (0, missing))) if missing else columns
