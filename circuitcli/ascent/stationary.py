"""A start without a slope: a maximum, a minimum, a saddle or a plateau."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

from circuitcli.ascent.model import model_of
from circuitcli.ascent.problem import Position, Problem
from circuitcli.ascent.summit import NEAR, around, better

ZERO = 1e-12  # times the largest eigenvalue: rounding


def stationary(problem: Problem, start: Position) -> tuple[str, str]:
    """The status and the message for a start where the slope is 0: by the second derivatives, or where these do not
    tell, by values around."""
    bounds = " within the bounds" if problem.bounded else ""
    kind = _by_curvature(problem, start) or _by_values(problem, start)
    if kind == "maximum":
        summit = "maximum" if problem.sign > 0 else "minimum"
        return "maximum", f"the start is already a {summit}{bounds}"
    names = {"minimum": "a minimum" if problem.sign > 0 else "a maximum", "saddle": "a saddle", "plateau": "a plateau"}
    return "stationary_start", f"the slope is 0 at the start, which is {names[kind]}{bounds}: start elsewhere"


def _by_curvature(problem: Problem, start: Position) -> str:
    """The kind of a point by the signs of the Hessian's eigenvalues; empty where one is 0 and the others agree."""
    if problem.bounded or problem.objective.edged(start.x):
        return ""
    model = model_of(problem, start)
    if model is None or not model.free or model.flat:
        return ""
    from circuitcli.engine.symmetric_matrices import eigenvalues

    values = eigenvalues(model.bend)
    size = max(map(abs, values), default=0.0)
    signs = {math.copysign(1.0, v) for v in values if abs(v) > ZERO * size}
    if len(signs) == 2:
        return "saddle"
    if not signs or any(abs(v) <= ZERO * size for v in values):
        return ""
    return "maximum" if signs == {1.0} else "minimum"


def _by_values(problem: Problem, start: Position) -> str:
    """The kind of a point by values around."""
    if is_plateau(problem, start):
        return "plateau"
    noise, model = problem.objective.noise(start.x), model_of(problem, start)
    higher = better(problem, start, start, noise, model) is not None
    lower = any(value < start.value - noise for value in _near(problem, start))
    return "saddle" if higher and lower else "minimum" if higher else "maximum"


def is_plateau(problem: Problem, here: Position) -> bool:
    """Whether rounding hides all differences to the values around."""
    noise = problem.objective.noise(here.x)
    return all(abs(value - here.value) <= noise for value in _near(problem, here))


def _near(problem: Problem, here: Position) -> Iterator[float]:
    """Values around, one after the other: they are asked for as far as they are needed."""
    points = around(problem, here, here, problem.objective.noise(here.x), model_of(problem, here))
    return (problem.value(x) for x, radius in chain.from_iterable(points) if radius <= NEAR)
