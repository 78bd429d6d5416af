"""Standard errors, covariances and confidence intervals of the inputs that an ascent found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from circuitcli.ascent.climb import Ascent
from circuitcli.ascent.problem import SquaresObjective, of_squares
from circuitcli.errors import InputError
from circuitcli.nested_names import in_short
from circuitcli.visible_text import some_of

Matrix = list[list[float]]

LEVEL = 0.95  # of intervals
SEEN = 1e-6  # the share of an input in a direction of length 1, from which it takes part


class Terms(NamedTuple):
    """The terms on which errors are told, where they are given. `absolute`: a weight is 1 over the squared error of its
    row; else it is so in proportion, and the residuals say how large the errors are. `level` is that of intervals."""

    absolute: bool | None = None
    level: float | None = None


class Estimate(NamedTuple):
    """The covariance and the correlation of the inputs that moved, in their order, and whether Student's t or the
    normal distribution tells the intervals of a level. For squares also the degrees of freedom, the sum of the squared
    residuals, and R² where the residuals compare something with what was observed."""

    names: list[str]
    found: list[float]
    covariance: Matrix
    correlation: Matrix
    source: str  # "squares", "chi-square" or "likelihood"
    assumed: str
    level: float
    student: bool = False
    dof: int | None = None
    residual_sum: float | None = None
    r_squared: float | None = None

    @property
    def stderr(self) -> dict[str, float]:
        """The standard error of each input."""
        return {name: math.sqrt(row[i]) for i, (name, row) in enumerate(zip(self.names, self.covariance, strict=True))}

    @property
    def interval(self) -> dict[str, list[float]] | None:
        """The confidence interval of each input, which Student's t may not tell without SciPy."""
        quantile = _student(self.level, self.dof or 0) if self.student else _normal(self.level)
        if quantile is None:
            return None
        halves = {name: quantile * error for name, error in self.stderr.items()}
        return {name: [x - halves[name], x + halves[name]] for name, x in zip(self.names, self.found, strict=True)}


def estimate(run: Ascent, terms: Terms) -> Estimate:
    """For a sum of squares (JᵀJ)⁻¹, times s² unless the weights are absolute. Anything else is taken for a
    log-likelihood, or minus one where it was descended, and minus its Hessian is inverted. Raises InputError where that
    has no inverse."""
    problem = run.problem
    if problem.bounded and (held := problem.at_bound(run.found.x)):
        raise InputError(f"{held[0]} is at a bound, where there are no standard errors")
    if of_squares(problem.objective):
        return _of_squares(run, problem.objective, bool(terms.absolute), terms.level or LEVEL)
    return _of_likelihood(run, terms.level or LEVEL)


def _of_squares(run: Ascent, objective: SquaresObjective, absolute: bool, level: float) -> Estimate:
    import numpy as np

    residuals, jacobian = objective.triangle(run.found.x)
    size = np.sqrt((jacobian * jacobian).sum(axis=0))
    size = np.where(size == 0.0, 1.0, size)
    free = np.array(_free(run, size.tolist()))
    names, rows, dof = run.problem.names, objective.counted, objective.counted - len(free)
    if dof < 0 or (dof == 0 and not absolute):
        few = "1 row leaves" if rows == 1 else f"{rows} rows leave"
        raise InputError(f"{few} no degrees of freedom to {len(names)} input{'s' * (len(names) > 1)}")
    if not len(free):
        raise InputError("the constraints leave nothing free")
    triangle = np.linalg.qr(jacobian / size @ free.T, mode="r")
    _, sizes, directions = np.linalg.svd(triangle)
    null = (directions[~(sizes > objective.rows * np.finfo(float).eps)] @ free).tolist()
    if null:
        raise InputError(f"the rows do not tell {_mixed(names, null)}")
    inverse = free.T @ np.linalg.inv(triangle) / size[:, None]
    total = 0.0 if objective.perfect(run.found.x) else math.fsum((residuals * residuals).tolist())
    shape, scale = inverse @ inverse.T, 1.0 if absolute else total / dof
    spread = objective.spread()
    return Estimate(
        names,
        run.found.x,
        (shape * scale).tolist(),
        _correlation(shape.tolist()),
        "squares",
        _assumed_of_rows(objective.weighted, absolute),
        level,
        not absolute,
        dof,
        total,
        1.0 - total / spread if spread else None,
    )


def _free(run: Ascent, size: Sequence[float]) -> Matrix:
    """The directions that the active constraints leave free, of length 1 in inputs times their `size`."""
    rows = run.conditions.rows if run.conditions is not None else []
    count = len(run.problem.names)
    if not rows:
        return [[float(i == j) for j in range(count)] for i in range(count)]
    from circuitcli.engine.turned_rows import Triangle

    return Triangle([[x / s for x, s in zip(row, size, strict=True)] for row in rows], count).along


def _along(directions: Matrix, matrix: Matrix, size: Sequence[float] | None) -> Matrix:
    """A symmetric matrix between directions; with a `size` of each input, of inputs times that."""
    size = size or [1.0] * len(matrix)
    scaled = [[x / (s * t) for x, t in zip(row, size, strict=True)] for row, s in zip(matrix, size, strict=True)]
    turned = [[sum(map(mul, row, v)) for row in scaled] for v in directions]
    return [[sum(map(mul, u, w)) for w in turned] for u in directions]


def _assumed_of_rows(weighted: bool, absolute: bool) -> str:
    """The assumption on the errors of the rows."""
    if absolute:
        return "the weight of a row is 1 over its squared error" if weighted else "the error of every row is 1"
    alike = "the squared errors of rows are as 1 over their weights" if weighted else "the errors of all rows are alike"
    return f"{alike}, and the residuals say how large"


def _of_likelihood(run: Ascent, level: float) -> Estimate:
    objective, names = run.problem.objective, run.problem.names
    weight, chi_square = objective.likelihood
    information = [[-run.sign * weight * h for h in row] for row in objective.curvature(run.found.x)]
    from circuitcli.engine.symmetric_matrices import inverse, null_directions

    free = _free(run, size := [math.sqrt(abs(row[i])) or 1.0 for i, row in enumerate(information)])
    if len(free) == len(names):
        covariance, null = inverse(information), null_directions(information, objective.curvature_error)
    else:
        inner = _along(free, information, size)
        own = inverse(inner)
        covariance = None if own is None else _along([list(column) for column in zip(*free, strict=True)], own, None)
        covariance = covariance and [
            [c / (s * t) for c, t in zip(row, size, strict=True)] for row, s in zip(covariance, size, strict=True)
        ]
        null = null_directions(inner, objective.curvature_error)
        null = [[sum(x * u[i] for x, u in zip(row, free, strict=True)) for i in range(len(names))] for row in null]
    if covariance is None or null:
        why = f": it does not tell {_mixed(names, null)}" if null else ", so there are no standard errors"
        raise InputError(f"the function does not fall in all directions from here{why}")
    source, taken = "chi-square" if chi_square else "likelihood", _assumed_of_value(run.sign, chi_square)
    correlation = _correlation(covariance)
    return Estimate(names, run.found.x, covariance, correlation, source, taken, level)


def _assumed_of_value(sign: float, chi_square: bool) -> str:
    """The assumption on the value."""
    if chi_square:
        added = "what was climbed is minus" if sign > 0 else "what was descended is"
        return f"{added} a chi-square, with 1 over the squared error of a row as its weight"
    return "what was climbed is a log-likelihood" if sign > 0 else "what was descended is minus a log-likelihood"


def _mixed(names: list[str], null: Matrix) -> str:
    """The inputs along whose directions nothing changes. Two belong together where the projection on these directions
    turns one to the other."""
    count = len(names)
    groups: list[set[int]] = []
    for i in range(count):
        turned = [sum(direction[i] * direction[j] for direction in null) for j in range(count)]
        group = {j for j, share in enumerate(turned) if abs(share) > SEEN}
        for other in [other for other in groups if other & group]:
            groups.remove(other)
            group |= other
        groups += [group] * bool(group)
    alone = [names[i] for group in groups if len(group) == 1 for i in group]
    texts: dict[str, None] = {}
    for group in groups:
        *first, last = [names[i] for i in sorted(group)]
        told = f"{some_of(in_short(first))} from {last}" if first else f"anything of {some_of(in_short(alone))}"
        texts[told] = None
    return ", nor ".join(texts)


def _correlation(matrix: Matrix) -> Matrix:
    """The correlations of a covariance."""
    sizes = [math.sqrt(row[i]) for i, row in enumerate(matrix)]
    return [
        [1.0 if i == j else c / (a * b) if a * b else 0.0 for j, (c, b) in enumerate(zip(row, sizes, strict=True))]
        for i, (row, a) in enumerate(zip(matrix, sizes, strict=True))
    ]


def _normal(level: float) -> float:
    """The standard errors to either side within which a normal number is, as often as `level` says."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + 0.5 * level)


def _student(level: float, dof: int) -> float | None:
    """The standard errors to either side within which Student's t is so often; None without SciPy."""
    from importlib.util import find_spec

    if find_spec("scipy") is None:
        return None
    from scipy.special import stdtrit

    return float(stdtrit(dof, 0.5 + 0.5 * level))
