"""Eigenvalues and the inverse of a small symmetric matrix of floats, by mpmath, and its eigenvectors without it."""

from __future__ import annotations

import math
from operator import mul

SWEEPS = 30  # of rotations, where a few do
SMALL = 1e-15  # of the largest entry: beside the diagonal it is 0
TINY = 1e-60  # of the largest entry: far below the rounding of any eigenvalue

Matrix = list[list[float]]


def eigenvalues(matrix: Matrix) -> list[float]:
    """The eigenvalues of a symmetric matrix of finite numbers, in ascending order."""
    from mpmath import fp

    unit = _unit(matrix)
    return [float(value) * unit for value in fp.eigsy(fp.matrix(_shares(matrix, unit)), eigvals_only=True)]


def eigenvectors(matrix: Matrix) -> Matrix:
    """The eigenvectors of a small symmetric matrix of finite numbers, of length 1, by Jacobi's rotations (Golub & Van
    Loan, 8.5): without mpmath, which takes longer to load."""
    count = len(matrix)
    rest = _shares(matrix, _unit(matrix))
    vectors = [[float(i == j) for j in range(count)] for i in range(count)]
    for _ in range(SWEEPS):
        if all(abs(rest[p][q]) <= SMALL for p in range(count) for q in range(p)):
            break
        for p in range(count):
            for q in range(p + 1, count):
                if rest[p][q] == 0.0:
                    continue
                slant = (rest[q][q] - rest[p][p]) / (2.0 * rest[p][q])
                tangent = math.copysign(1.0, slant) / (abs(slant) + math.hypot(slant, 1.0))
                cosine = 1.0 / math.hypot(tangent, 1.0)
                sine = tangent * cosine
                for row in rest:
                    row[p], row[q] = cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]
                for rows in (rest, vectors):
                    pairs = list(zip(rows[p], rows[q], strict=True))
                    rows[p] = [cosine * a - sine * b for a, b in pairs]
                    rows[q] = [sine * a + cosine * b for a, b in pairs]
    return vectors


def _unit(matrix: Matrix) -> float:
    """A power of two near the largest entry."""
    largest = max(abs(h) for row in matrix for h in row)
    return 2.0 ** (math.frexp(largest)[1] - 1) if largest else 1.0


def _shares(matrix: Matrix, unit: float) -> Matrix:
    """The entries by a unit: mpmath squares them, and none may overflow or all but vanish."""
    shares = [[h / unit for h in row] for row in matrix]
    return [[h if abs(h) > TINY else 0.0 for h in row] for row in shares]


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
        root = fp.inverse(lower)
    except (ValueError, ArithmeticError):  # no square above the tolerance is left for the diagonal, or none at all
        return None
    found = root.T * root
    return [[float(found[i, j]) / (sizes[i] * sizes[j]) for j in range(count)] for i in range(count)]


def null_directions(matrix: Matrix, error: float) -> Matrix:
    """The directions of length 1 along which a matrix of finite numbers is 0 but for a relative error, after its rows
    and columns are scaled to a diagonal of 1."""
    count = len(matrix)
    if not all(math.isfinite(h) for row in matrix for h in row):
        return []
    sizes = [math.sqrt(abs(matrix[i][i])) or 1.0 for i in range(count)]
    scaled = [
        [h / (size * other) for h, other in zip(row, sizes, strict=True)]
        for row, size in zip(matrix, sizes, strict=True)
    ]
    bends = (
        (v, sum(a * sum(map(mul, row, v)) for a, row in zip(v, scaled, strict=True))) for v in eigenvectors(scaled)
    )
    return [vector for vector, bend in bends if abs(bend) <= count * error]
