"""The triangle of a QR factorisation over rows: few numbers with the norms and products of all of them.

Blocks of rows are factorised by themselves; two triangles join by factorising one below the other (TSQR: Demmel,
Grigori, Hoemmen & Langou 2012, Communication-optimal parallel and sequential QR and LU factorizations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

SMALL = 8_192  # numbers of a matrix that no BLAS shares among threads, for their number would show in the bits


class Triangle(NamedTuple):
    """As many rows as there are columns: all rows times an orthogonal matrix, without the rows that are then 0."""

    rows: FloatArray

    @classmethod
    def of(cls, columns: FloatArray) -> Triangle:
        """The triangle of a matrix, given column by column."""
        return cls(_triangle(columns))

    def join(self, other: Triangle) -> Triangle:
        return Triangle(np.linalg.qr(np.vstack([self.rows, other.rows]), mode="r"))


def _triangle(columns: FloatArray) -> FloatArray:
    """Factorise small pieces, and then their triangles, one below the other."""
    width, count = columns.shape
    height = _power(max(SMALL // width, 4 * width - 1))  # at least twice the width
    if count <= height:
        return np.linalg.qr(_filled(columns, max(count, width)).T, mode="r")
    pieces = _filled(columns, -(-count // height) * height).reshape(width, -1, height)
    stack: FloatArray = np.linalg.qr(pieces.transpose(1, 2, 0), mode="r")
    return _triangle(stack.reshape(-1, width).T)


def _power(n: int) -> int:
    """The largest power of 2 up to a number: it divides a block."""
    return 1 << n.bit_length() - 1


def _filled(columns: FloatArray, count: int) -> FloatArray:
    """Fill up with rows of zeros, which do not change a triangle."""
    missing = count - columns.shape[1]
    return np.pad(columns, ((0, 0), (0, missing))) if missing else columns
