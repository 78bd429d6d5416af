"""Eigenvalues and the inverse of a small symmetric matrix of floats, by mpmath."""

from __future__ import annotations

import math

Matrix = list[list[float]]


def eigenvalues(matrix: Matrix) -> list[float]:
    """The eigenvalues of a symmetric matrix, in ascending order."""
    from mpmath import fp

    return [float(value) for value in fp.eigsy(fp.matrix(matrix), eigvals_only=True)]


def inverse(matrix: Matrix) -> Matrix | None:
    """The inverse of a symmetric matrix by Cholesky's factor, after its rows and columns are scaled to a diagonal of 1;
    None where the matrix is not positive definite."""
    from mpmath import fp

    count = len(matrix)
    if not all(math.isfinite(h) for row in matrix for h in row) or not all(matrix[i][i] > 0.0 for i in range(count)):
        return None
    sizes = [math.sqrt(matrix[i][i]) for i in range(count)]
    scaled = [
        [h / (size * other) for h, other in zip(row, sizes, strict=True)]
        for row, size in zip(matrix, sizes, strict=True)
    ]
    try:
        lower = fp.cholesky(fp.matrix(scaled), tol=count * 2.0**-50)
    except ValueError:  # no square above the tolerance is left for the diagonal
        return None
    root = fp.inverse(lower)
    found = root.T * root
    return [[float(found[i, j]) / (sizes[i] * sizes[j]) for j in range(count)] for i in range(count)]
