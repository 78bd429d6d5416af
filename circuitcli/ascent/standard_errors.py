"""Standard errors and covariances of the inputs that an ascent found."""

from __future__ import annotations

import math
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent
from circuitcli.ascent.problem import SquaresObjective, of_squares
from circuitcli.errors import InputError

Matrix = list[list[float]]


class Estimate(NamedTuple):
    """The covariance of the inputs that moved, in their order. For squares also the degrees of freedom, the sum of the
    squared residuals, and R² where the residuals compare something with what was observed."""

    names: list[str]
    covariance: Matrix
    source: str  # "squares" or "likelihood"
    dof: int | None = None
    residual_sum: float | None = None
    r_squared: float | None = None

    @property
    def stderr(self) -> dict[str, float]:
        """The standard error of each input."""
        return {name: math.sqrt(row[i]) for i, (name, row) in enumerate(zip(self.names, self.covariance, strict=True))}


def estimate(run: Ascent) -> Estimate:
    """For a sum of squares s²(JᵀJ)⁻¹. Anything else is taken for a log-likelihood, and minus its Hessian is inverted.
    Raises InputError where that has no inverse."""
    problem = run.problem
    if problem.bounded and (held := problem.at_bound(run.found.x)):
        raise InputError(f"{held[0]} is at a bound, where there are no standard errors")
    return _of_squares(run, problem.objective) if of_squares(problem.objective) else _of_likelihood(run)


def _of_squares(run: Ascent, objective: SquaresObjective) -> Estimate:
    import numpy as np

    residuals, jacobian = objective.triangle(run.found.x)
    rows, count = objective.rows, len(run.problem.names)
    dof = rows - count
    if dof < 1:
        raise InputError(f"{rows} rows leave no degrees of freedom to {count} inputs")
    size = np.sqrt((jacobian * jacobian).sum(axis=0))
    scaled = jacobian / np.where(size == 0.0, 1.0, size)
    triangle = np.linalg.qr(scaled, mode="r")
    least = np.abs(np.linalg.svd(triangle, compute_uv=False)).min()
    if not least > rows * np.finfo(float).eps:
        raise InputError("the rows do not determine all inputs: the Jacobian does not have full rank")
    inverse = np.linalg.inv(triangle) / size[:, None]
    total = math.fsum((residuals * residuals).tolist())
    covariance = (inverse @ inverse.T) * (total / dof)
    spread = objective.spread()
    r_squared = 1.0 - total / spread if spread else None
    return Estimate(run.problem.names, covariance.tolist(), "squares", dof, total, r_squared)


def _of_likelihood(run: Ascent) -> Estimate:
    weight, curvature = run.problem.objective.weight, run.problem.objective.curvature(run.found.x)
    information = [[-run.sign * weight * h for h in row] for row in curvature]
    from circuitcli.engine.symmetric_matrices import inverse

    covariance = inverse(information)
    if covariance is None:
        raise InputError("the function does not fall in all directions from here, so there are no standard errors")
    return Estimate(run.problem.names, covariance, "likelihood")
