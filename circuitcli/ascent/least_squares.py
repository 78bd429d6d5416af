"""Least squares: SciPy's trust region (Branch, Coleman & Li 1999) on our exact Jacobian, then Gauss and Newton's steps.

Both use the rows only in norms and products, and an orthogonal matrix on residuals and Jacobian changes neither. So
they are given a triangle, with one row more than there are inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.move import Memory, Move, Nothing, Visit
from circuitcli.ascent.problem import Bounds, Position, Problem, SquaresObjective, Vector, of_squares

if TYPE_CHECKING:
    from circuitcli.ascent.problem import Array

TIGHT = 1e-15  # relative changes of the sum, the inputs and the slope at which SciPy ends
NEAR = 1e-6
POLISH = 100  # steps at the end
TOO_FAR = 1e150  # a residual that is not finite
LONGEST = 100_000  # evaluations
LITTLE = 1e-4  # of the residuals at the start, from where on all may be 0


def least_squares(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    """Visit each point that SciPy accepts, then take the last steps."""
    objective = problem.objective
    assert of_squares(objective)

    def arrive(x: Vector) -> None:
        nonlocal here
        if x != here.x:
            here = visit(Move(problem.at(x), Nothing(), math.inf))  # SciPy knows itself when it has ended

    start = here.x
    if not problem.bounded and (known := objective.searched(start)) is not None:
        end, promise = known
        if end != start:
            visit(Move(problem.at(end), Nothing(), math.inf))
        return promise
    _search(objective, problem.bounds, here.x, arrive)
    held = problem.inside([_nearest(u, *more) for u, *more in zip(here.x, start, *problem.bounds, strict=True)])
    if held != here.x and (there := problem.at(held)).finite and there.value >= here.value:
        here = visit(Move(there, Nothing(), math.inf))
    step, promise = _newton(problem, objective, here)
    for _ in range(POLISH):
        there = problem.at(problem.inside([u + d for u, d in zip(here.x, step, strict=True)]))
        further, less = _newton(problem, objective, there)
        if not there.finite or less >= promise:  # unlike a slope it falls with every step that leads on
            break
        here = visit(Move(there, Nothing(), math.inf))
        step, promise = further, less
    return promise


class _Perfect(Exception):  # noqa: N818
    """All residuals are 0."""


def _search(objective: SquaresObjective, bounds: Bounds, start: Vector, arrive: Callable[[Vector], None]) -> None:
    """Arrive at each point that SciPy's search accepts, and at its end."""
    import warnings

    import numpy as np

    from circuitcli.compat import least_squares_visited

    low, high = map(np.array, bounds)
    free = low < high
    unit = float(np.linalg.norm(objective.triangle(start)[0])) or 1.0  # SciPy's first step is as long as this, from 0
    unit = unit if math.isfinite(unit) else 1.0

    def whole(point: Array) -> Vector:
        found = np.array(start)
        found[free] = point
        moved: Vector = found.tolist()
        return moved

    def residuals(point: Array) -> Array:
        found, slopes = objective.triangle(whole(point))
        fine = np.isfinite(found).all() and np.isfinite(slopes).all()
        return found / unit if fine else np.full_like(found, TOO_FAR)

    def jacobian(point: Array) -> Array:
        return objective.triangle(whole(point))[1][:, free] / unit

    def accepted(point: Array) -> None:
        x = whole(point)
        arrive(x)
        if np.linalg.norm(objective.triangle(x)[0]) <= LITTLE * unit and objective.perfect(x):
            raise _Perfect  # SciPy would go on for as long as rounding lets it

    if not free.any():
        return
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        tight = {"ftol": TIGHT, "xtol": TIGHT, "gtol": None, "max_nfev": LONGEST}
        ends = low[free], high[free]
        try:
            found = least_squares_visited(
                residuals, jacobian, np.array(start)[free], accepted, bounds=ends, x_scale="jac", **tight
            )
        except _Perfect:
            return
    arrive(whole(found))


ABOUT = "SciPy's trust region on the exact Jacobian, with standard errors"
ROWS = (Method("least-squares", ABOUT, least_squares, Nothing, certifies=True, squares=True, library="scipy"),)


def _nearest(x: float, start: float, low: float, high: float) -> float:
    """The bound that SciPy, which keeps inside, has all but reached, else the input as it is."""
    for end in (low, high):
        if math.isfinite(end) and abs(x - end) <= NEAR * max(abs(end), abs(start - end)):
            return end
    return x


def _newton(problem: Problem, objective: SquaresObjective, here: Position) -> tuple[Vector, float]:
    """The step that Gauss and Newton would take, and the gain that they promise."""
    import numpy as np

    residuals, jacobian = objective.triangle(here.x)
    if problem.bounded:  # what a bound holds stays
        jacobian = jacobian * [g != 0.0 for g in problem.uphill(here)]
    if not (np.isfinite(residuals).all() and np.isfinite(jacobian).all()):
        return [0.0] * len(here.x), 0.0
    size = np.sqrt((jacobian * jacobian).sum(axis=0))
    size[size == 0.0] = 1.0
    least = objective.rows * np.finfo(float).eps  # the rank is that of all rows, not of the triangle's few
    step = np.linalg.lstsq(jacobian / size, -residuals, rcond=least)[0] / size
    gain, total = jacobian @ step, float(residuals @ residuals)
    return step.tolist(), float(gain @ gain) * (abs(here.value) / total if total else 1.0)
