"""When an ascent stops, and what it then says: never a success that it does not have."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from circuitcli.ascent.gradient import backtracking, fixed
from circuitcli.ascent.problem import Position, Problem

TOL = 5e-6  # the lesson's rule: stop when a fixed step gains less
GTOL = 1e-8
FAR, HIGH = 1e20, 1e100  # beyond, an ascent that still rises is called unbounded
EPSILON = 2.0**-52


class Limits(NamedTuple):
    """What to stop at. `step` is a fixed step, else it is found; `steps` is exactly so many."""

    step: float | None = None
    tol: float = TOL
    steps: int | None = None
    max_steps: int = 10_000


class Ascent(NamedTuple):
    """How it went. `status` is one of tol, steps_done, gtol, ftol (a success) and max_steps, overshoot, unbounded,
    line_search, stationary_start, nonfinite, interrupted (none); `measures` has each measure beside its limit."""

    sense: str
    method: str
    status: str
    message: str
    start: Position
    found: Position
    fixed: dict[str, float]
    steps: int
    evaluations: dict[str, int]
    seconds: float
    measures: dict[str, dict[str, float]]
    options: dict[str, Any]

    @property
    def success(self) -> bool:
        return self.status in ("tol", "steps_done", "gtol", "ftol")


class _Stop(NamedTuple):
    status: str
    message: str
    found: Position | None = None  # where it is not the best point
    measures: dict[str, dict[str, float]] | None = None


def climb(
    problem: Problem, limits: Limits, watch: Callable[[int, Position], None] = lambda step, position: None
) -> Ascent:
    """Climb (or go down) from the problem's inputs until one of the limits. `watch` sees every position, the start
    as step 0; Ctrl-C ends the run with the best point found."""
    began = time.perf_counter()
    start = problem.at({name: problem.given[name] for name in problem.names})
    best = here = start
    steps = 0
    try:
        watch(0, start)
        stop = _at_start(problem, start, limits)
        positions = backtracking(problem, start) if limits.step is None else fixed(problem, start, limits.step)
        while stop is None:
            try:
                there = next(positions)
            except StopIteration as end:
                stop = _no_step(here, end.value)
                break
            steps += 1
            if not there.finite:
                stop = _not_finite(problem, there, f"after {_steps(steps)}")
                break
            watch(steps, there)
            if problem.sign * there.value > problem.sign * best.value:
                best = there
            stop = _stop(problem, limits, start, here, there, steps)
            here = there
    except KeyboardInterrupt:
        stop = _Stop("interrupted", f"stopped by hand after {_steps(steps)}: the best point is kept")
    found = stop.found or best
    if problem.method != "exact":
        found = problem.at(found.inputs, "exact")
    moving = set(problem.names)
    return Ascent(
        sense="max" if problem.sign > 0 else "min",
        method="gradient",
        status=stop.status,
        message=stop.message,
        start=start,
        found=found,
        fixed={n: x for n, x in problem.given.items() if n not in moving},
        steps=steps,
        evaluations=dict(problem.evaluations),
        seconds=time.perf_counter() - began,
        measures=stop.measures or {},
        options={**limits._asdict(), "difference": problem.method, "h": problem.h},
    )


def _at_start(problem: Problem, start: Position, limits: Limits) -> _Stop | None:
    if not start.finite:
        return _not_finite(problem, start, "at the start")
    if start.norm == 0.0 and limits.steps is None:
        kinds = "a maximum, a minimum, a saddle or a plateau"
        return _Stop("stationary_start", f"the gradient is 0 at the start: {kinds}; start elsewhere", start)
    if limits.steps == 0:
        return _Stop("steps_done", "0 steps, as asked", start)
    return None


def _stop(
    problem: Problem, limits: Limits, start: Position, before: Position, here: Position, steps: int
) -> _Stop | None:
    """Whether the ascent ends at `here`."""
    gain = problem.sign * (here.value - before.value)
    if limits.steps is not None:
        if steps < limits.steps:
            return None
        return _Stop("steps_done", f"{_steps(steps)}, as asked", here)
    if limits.step is not None:
        measures = {"tol": {"value": abs(gain), "limit": limits.tol}}
        if abs(gain) < limits.tol:
            return _Stop(
                "tol", f"the gain {_short(gain)} is below {_short(limits.tol)} after {_steps(steps)}", here, measures
            )
        if gain <= -limits.tol:
            advice = f"try --step {limits.step / 10:g}"
            return _Stop(
                "overshoot", f"step {steps} lost {_short(-gain)}: the step is too long; {advice}", None, measures
            )
    else:
        slope = _scaled(here)
        limit = GTOL * min(1.0, _scaled(start))
        measures = {"gtol": {"value": slope, "limit": limit}}
        if slope <= limit:
            return _Stop(
                "gtol", f"the gradient {_short(slope)} is below {_short(limit)} after {_steps(steps)}", here, measures
            )
    if problem.sign * here.value > HIGH or max(map(abs, here.inputs.values())) > FAR:
        return _Stop(
            "unbounded", f"still {'rising' if problem.sign > 0 else 'falling'} after {_steps(steps)}: no end in sight"
        )
    if steps >= limits.max_steps:
        return _Stop("max_steps", f"{_steps(steps)} were not enough; more with --max-steps", None, measures)
    return None


def _no_step(here: Position, promised: float) -> _Stop:
    """Why no step along the gradient gains: the gain that it promises is rounding, or it is a real failure."""
    measures = {"ftol": {"value": promised, "limit": 16.0 * EPSILON * abs(here.value)}}
    if promised <= measures["ftol"]["limit"]:
        return _Stop("ftol", "no better point is to be had: the gain left is below rounding", here, measures)
    return _Stop("line_search", "no better point along the gradient, though the slope promises one", here, measures)


def _not_finite(problem: Problem, position: Position, when: str) -> _Stop:
    fault = problem.fault(position.inputs) or "an input is not finite"
    return _Stop("nonfinite", f"not finite {when}: {fault}", position if when == "at the start" else None)


def _scaled(position: Position) -> float:
    """The largest slope, each scaled to its input."""
    return max(abs(g) * max(1.0, abs(position.inputs[n])) for n, g in position.gradient.items())


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"


def _short(number: float) -> str:
    return f"{number:.3g}" if math.isfinite(number) else str(number)
