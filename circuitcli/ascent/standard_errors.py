"""How well what was found is known: standard errors and covariances."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from circuitcli.ascent.climb import Ascent
from circuitcli.errors import InputError

Matrix = list[list[float]]


class Estimate(NamedTuple):
    """The covariance of the inputs that moved, in their order. Of squares also the degrees of freedom, the sum of the
    squared residuals, and where they compare with what was observed, R²."""

    names: list[str]
    covariance: Matrix
    source: str  # squares or likelihood
    dof: int | None = None
    residual_sum: float | None = None
    r_squared: float | None = None

    @property
    def stderr(self) -> dict[str, float]:
        """The standard error of each input."""
        return {name: math.sqrt(row[i]) for i, (name, row) in enumerate(zip(self.names, self.covariance, strict=True))}


def estimate(run: Ascent) -> Estimate:
    """For a sum of squares s²(JᵀJ)⁻¹; else what is climbed is taken for a log-likelihood, and minus its Hessian is
    inverted. Raises InputError where there is no such thing."""
    if run.problem.bounded and (held := run.problem.at_bound(run.found.x)):
        raise InputError(f"{held[0]} is at a bound, where there are no standard errors")
    return _of_squares(run) if run.problem.objective.squares else _of_likelihood(run)


def _of_squares(run: Ascent) -> Estimate:
    import numpy as np

    objective = run.problem.objective
    residuals, jacobian = objective.triangle(run.found.x)
    rows, count = objective.rows, len(run.problem.names)
    dof = rows - count
    if dof < 1:
        raise InputError(f"{rows} rows leave no degrees of freedom to {count} inputs")
    size: Any = np.sqrt((jacobian * jacobian).sum(axis=0))
    scaled = jacobian / np.where(size == 0.0, 1.0, size)
    triangle = np.linalg.qr(scaled, mode="r")
    least = np.abs(np.linalg.svd(triangle, compute_uv=False)).min()
    if not least > rows * np.finfo(float).eps:
        raise InputError("the rows do not tell the inputs apart: the Jacobian has not full rank")
    inverse = np.linalg.inv(triangle) / size[:, None]
    total = math.fsum((residuals * residuals).tolist())
    covariance = (inverse @ inverse.T) * (total / dof)
    spread = objective.spread()
    r_squared = 1.0 - total / spread if spread else None
    return Estimate(run.problem.names, covariance.tolist(), "squares", dof, total, r_squared)


def _of_likelihood(run: Ascent) -> Estimate:
    weight, curvature = run.problem.objective.weight, run.problem.objective.curvature(run.found.x)
    information = [[-run.sign * weight * h for h in row] for row in curvature]
    return Estimate(run.problem.names, inverse(information), "likelihood")


def inverse(matrix: Matrix) -> Matrix:
    """Of a symmetric matrix by Cholesky's factors, each input scaled to its size. Raises InputError where it is not
    positive definite."""
    n = len(matrix)
    sizes = [math.sqrt(matrix[i][i]) if matrix[i][i] > 0.0 else 0.0 for i in range(n)]
    if not all(math.isfinite(h) for row in matrix for h in row) or not all(sizes):
        raise _indefinite()
    lower = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] / (sizes[i] * sizes[j]) - math.fsum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j and not rest > n * 2.0**-50:
                raise _indefinite()
            lower[i][j] = math.sqrt(rest) if i == j else rest / lower[j][j]
    columns = []
    for c in range(n):  # of the inverse of the lower factor
        column = [0.0] * n
        for i in range(c, n):
            rest = (1.0 if i == c else 0.0) - math.fsum(lower[i][k] * column[k] for k in range(c, i))
            column[i] = rest / lower[i][i]
        columns.append(column)
    return [
        [math.fsum(columns[i][k] * columns[j][k] for k in range(n)) / (sizes[i] * sizes[j]) for j in range(n)]
        for i in range(n)
    ]


def _indefinite() -> InputError:
    return InputError("what was climbed does not fall in all directions, so there are no standard errors")
