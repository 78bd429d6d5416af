"""Least squares: SciPy's trust region (Branch, Coleman & Li 1999) on our exact Jacobian, and at its end steps of Gauss
and Newton.

Both see the rows only by norms and products, which one orthogonal matrix on residuals and Jacobian leaves as they are;
so what they are given is a triangle, of one row more than there are inputs.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from queue import SimpleQueue
from typing import Any

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem

Array = Any  # numpy.ndarray

TIGHT = 1e-15  # relative changes of the sum, the inputs and the slope at which SciPy ends
NEAR = 1e-6
POLISH = 100  # steps at the end
TOO_FAR = 1e150  # a residual that is not finite
LONGEST = 100_000  # evaluations


class _Abandoned(Exception):  # noqa: N818
    """Nobody wants more steps."""


class _Visits:
    """Between SciPy's thread, which tells each point that it accepts, and ours, which asks for the next."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[bool] = SimpleQueue()
        self._told: SimpleQueue[Any] = SimpleQueue()

    def tell(self, x: Any) -> None:
        """A point, after which to wait; or None at the end, or what went wrong."""
        self._told.put(x)
        if isinstance(x, list) and not self._asked.get():
            raise _Abandoned

    def next(self) -> list[float] | None:
        """The next point."""
        told = self._told.get()
        if isinstance(told, BaseException):
            raise told
        found: list[float] | None = told
        return found

    def ask(self, more: bool) -> None:
        """Let SciPy go on, or end."""
        self._asked.put(more)


def least_squares(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """SciPy runs beside, and each point that it accepts is a step."""
    visits = _Visits()
    threading.Thread(target=_search, args=(problem, here.x, visits), daemon=True).start()
    try:
        while (x := visits.next()) is not None:
            if x != here.x:
                there = problem.at(x)
                yield Move(there, here.value, reach=math.inf)  # it knows itself when it has ended
                here = there
            visits.ask(True)
    finally:
        visits.ask(False)
    held = problem.inside([_nearest(u, *ends) for u, *ends in zip(here.x, *problem.bounds, strict=True)])
    if held != here.x and (there := problem.at(held)).finite and there.value >= here.value:
        yield Move(there, here.value, reach=math.inf)
        here = there
    step, promise = _newton(problem, here)
    for _ in range(POLISH):
        there = problem.at(problem.inside([u + d for u, d in zip(here.x, step, strict=True)]))
        further, less = _newton(problem, there)
        if not there.finite or less >= promise:  # unlike a slope it falls with every step that leads on
            break
        yield Move(there, here.value, promise=promise, reach=math.inf)
        here, step, promise = there, further, less
    return promise


def _search(problem: Problem, x: list[float], visits: _Visits) -> None:
    """SciPy's search."""
    import warnings

    import numpy as np
    from scipy.optimize import least_squares as search

    def residuals(point: Array) -> Array:
        found, slopes = problem.objective.triangle(point.tolist())
        fine = np.isfinite(found).all() and np.isfinite(slopes).all()
        return found if fine else np.full_like(found, TOO_FAR)

    def jacobian(point: Array) -> Array:
        visits.tell(point.tolist())
        return problem.objective.triangle(point.tolist())[1]

    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            bounds = [np.array(end) for end in problem.bounds]
            tight = {"ftol": TIGHT, "xtol": TIGHT, "gtol": TIGHT, "max_nfev": LONGEST}
            found = search(residuals, np.array(x), jacobian, bounds=bounds, x_scale="jac", **tight)
        visits.tell(found.x.tolist())
        visits.tell(None)
    except _Abandoned:
        return
    except BaseException as error:  # which is raised where the steps are taken
        visits.tell(error)


def _nearest(x: float, low: float, high: float) -> float:
    """A bound that SciPy, which keeps inside, has all but reached."""
    for end in (low, high):
        if math.isfinite(end) and abs(x - end) <= NEAR * max(1.0, abs(end)):
            return end
    return x


def _newton(problem: Problem, here: Position) -> tuple[list[float], float]:
    """The step that Gauss and Newton would take, and the gain that they promise."""
    import numpy as np

    residuals, jacobian = problem.objective.triangle(here.x)
    if problem.bounded:  # what a bound holds stays
        jacobian = jacobian * [g != 0.0 for g in problem.uphill(here)]
    if not (np.isfinite(residuals).all() and np.isfinite(jacobian).all()):
        return [0.0] * len(here.x), 0.0
    size = np.sqrt((jacobian * jacobian).sum(axis=0))
    size[size == 0.0] = 1.0
    least = problem.objective.rows * np.finfo(float).eps  # of all rows the rank is told, not of the triangle's few
    step = np.linalg.lstsq(jacobian / size, -residuals, rcond=least)[0] / size
    gain, total = jacobian @ step, float(residuals @ residuals)
    return step.tolist(), float(gain @ gain) * (abs(here.value) / total if total else 1.0)
