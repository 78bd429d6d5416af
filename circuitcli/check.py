"""Numerical gradients, and the verdict on an analytic one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.point import Point

AGREE, DISAGREE, CANNOT_TELL = "agree", "disagree", "cannot_tell"
NOT_DIFFERENTIABLE, NOT_FINITE = "not_differentiable", "not_finite"
_WORST_FIRST = (NOT_FINITE, DISAGREE, NOT_DIFFERENTIABLE, CANNOT_TELL, AGREE)

STEPS = range(4, 34)  # the ladder: h = scale * 2^-k


class Verdict(NamedTuple):
    """What was found for one input: the numerical derivative, its own estimated error, and at a kink the interval
    of the one-sided slopes."""

    verdict: str
    gradient: float
    numerical: float
    error: float
    interval: tuple[float, float] | None = None

    @property
    def passed(self) -> bool:
        """A right gradient, or at a kink one of the right ones."""
        if self.interval is not None:
            return self.interval[0] <= self.gradient <= self.interval[1]
        return self.verdict == AGREE


def difference(graph: Graph, point: Mapping[str, float], name: str, method: str, h: float) -> float:
    """(f(x+h) - f(x))/h for "forward", (f(x+h) - f(x-h))/(2h) for "central", as a beginner writes them."""
    f = _along(graph, point, name)
    x = point[name]
    if method == "forward":
        return FLOATS.div(f(x + h) - f(x), h)
    return FLOATS.div(f(x + h) - f(x - h), 2.0 * h)


def check(point: Point) -> dict[str, Verdict]:
    """Compare each wanted input's gradient with central differences over a ladder of steps scaled to the input."""
    noise = _noise(point)
    return {name: _judge(point, name, noise) for name in point.wrt or () if name in point.graph.inputs}


def slopes(point: Point) -> dict[str, tuple[float, float]]:
    """The least and the greatest slope by each wanted input of which those to the left and to the right differ; equal
    where there is a slope on one side only."""
    noise, found = _noise(point), {}
    for name in point.wrt or ():
        if name in point.graph.inputs and math.isfinite(point.value):
            f = _along(point.graph, point.inputs, name)
            left, right, error = _one_sided(f, point.inputs[name], point.value, noise)
            if not abs(left - right) <= error:
                found[name] = _interval(left, right)
    return found


def _noise(point: Point) -> float:
    """How far rounding moves the output, to first order: that of node i by |gradient_i * value_i| * 2^-53."""
    moved = [
        abs(g * v)
        for g, v, node in zip(point.gradients, point.values, point.graph.nodes, strict=True)
        if g is not None and node.args and math.isfinite(g * v)
    ]
    noise: float = 2.0**-53 * max(sum(moved), abs(point.value))
    return noise


def verdict_of(verdicts: Mapping[str, Verdict]) -> str:
    """The worst verdict over the inputs."""
    return min((v.verdict for v in verdicts.values()), key=_WORST_FIRST.index, default=AGREE)


def _along(graph: Graph, point: Mapping[str, float], name: str) -> Callable[[float], float]:
    """The output as a function of one input."""
    inputs = dict(point)

    def f(x: float) -> float:
        inputs[name] = x
        value: float = forward(graph, FLOATS, inputs)[graph.output]
        return value

    return f


def _judge(point: Point, name: str, noise: float) -> Verdict:
    gradient = point.gradient[name]
    if not math.isfinite(point.value):
        return Verdict(NOT_FINITE, gradient, math.nan, math.inf)
    f, x = _along(point.graph, point.inputs, name), point.inputs[name]
    if any(point.kinks):
        left, right, error = _one_sided(f, x, point.value, noise)
        if not abs(left - right) <= error:
            low, high = _interval(left, right)
            middle = (low + high) / 2.0 if math.isfinite(low + high) else math.nan
            return Verdict(NOT_DIFFERENTIABLE, gradient, middle, error, (low, high))
    numerical, error = _ladder(f, x, noise)
    apart, grain = abs(gradient - numerical), 1e-6 * max(abs(gradient), abs(numerical))
    if not math.isfinite(apart):
        verdict = DISAGREE if math.isfinite(numerical) and not math.isfinite(gradient) else CANNOT_TELL
    elif apart > 20.0 * error + grain:
        verdict = DISAGREE
    else:
        resolved = error <= 1e-3 * abs(numerical) or (gradient == 0.0 and error < 1e-6)
        verdict = AGREE if apart <= 3.0 * error + grain and resolved else CANNOT_TELL
    return Verdict(verdict, gradient, numerical, error)


def _ladder(f: Callable[[float], float], x: float, noise: float) -> tuple[float, float]:
    """The fourth-order central difference whose error is smallest among those that every finer step agrees with."""
    rungs: list[tuple[float, float]] = []
    scale = max(abs(x), 1.0)
    scales = [scale] if abs(x) >= 1.0 or x == 0.0 else [scale, abs(x)]
    for size in scales:
        before = math.nan
        for k in STEPS:
            h = (x + size * 2.0**-k) - x  # the step that is really taken
            if h == 0.0:
                break
            wide, narrow = (f(x + 2.0 * h) - f(x - 2.0 * h)) / (4.0 * h), (f(x + h) - f(x - h)) / (2.0 * h)
            slope = (4.0 * narrow - wide) / 3.0
            if math.isfinite(slope) and math.isfinite(before):
                rungs.append((slope, abs(slope - before) + 1.5 * noise / h))
            before = slope
    if not rungs:
        return math.nan, math.inf
    best = (math.nan, math.inf)
    low, high = -math.inf, math.inf  # what all finer steps allow
    for slope, error in reversed(rungs):
        if low <= slope + error and slope - error <= high and error < best[1]:
            best = (slope, error)
        low, high = max(low, slope - 3.0 * error), min(high, slope + 3.0 * error)
    return best


def _interval(left: float, right: float) -> tuple[float, float]:
    """From the least to the greatest of the slopes that are numbers."""
    sides = [slope for slope in (left, right) if slope == slope]
    return min(sides, default=math.nan), max(sides, default=math.nan)


def _one_sided(f: Callable[[float], float], x: float, at: float, noise: float) -> tuple[float, float, float]:
    """The slopes to the left and to the right, and how far apart rounding and curvature could drive equal ones. A
    slope that grows as its step shrinks, at a jump or a vertical tangent, is infinite."""
    h = max(abs(x), 1.0) * 2.0**-24
    h = (x + h) - x
    slopes, error = [], 4.0 * noise / h
    for step in (-h, h):
        near, middle, far = ((f(x + s) - at) / s for s in (step / 64.0, step, 2.0 * step))
        if abs(near) > 4.0 * abs(middle) + 256.0 * noise / h:
            slopes.append(math.copysign(math.inf, near))
        else:
            slopes.append(2.0 * middle - far)
            error += 4.0 * abs(middle - far)
    return slopes[0], slopes[1], error
