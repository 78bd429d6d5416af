"""Methods that know a gradient and what they remember of earlier ones, and random search, which has the same loop.

A rule is a pair of functions, as in optax:

    init(count, options) -> memory                          before the first step, for so many inputs
    update(gradient, memory, **options) -> change, memory   what is added to the inputs

To add a method: an update, one of ROWS, and its name among METHODS.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from circuitcli.ascent.method_row import Init, Method, Options, Parameter, Rule, Run, Update
from circuitcli.ascent.move import Memory, Move, Nothing, Visit
from circuitcli.ascent.problem import Position, Problem, Vector


class Velocity(NamedTuple):
    """Earlier gradients, added up and fading."""

    velocity: Vector


class SquaredSlopes(NamedTuple):
    """A mean or a sum of squared gradients."""

    square: Vector


class RunningMeans(NamedTuple):
    """The running means of the gradient and of its square, and how many gradients there were."""

    mean: Vector
    square: Vector
    count: int  # type: ignore[assignment]  # hides tuple.count, but so it is called in state files


class Draws(NamedTuple):
    """The number of random draws so far."""

    count: int  # type: ignore[assignment]  # hides tuple.count, but so it is called in state files


def lesson(gradient: Vector, past: Memory, step: float) -> tuple[Vector, Memory]:
    """x + step·g."""
    return [step * g for g in gradient], past


def momentum(gradient: Vector, past: Velocity, step: float, decay: float) -> tuple[Vector, Velocity]:
    """Polyak (1964): v becomes g + decay·v, and x becomes x + step·v."""
    velocity = [g + decay * v for g, v in zip(gradient, past.velocity, strict=True)]
    return [step * v for v in velocity], Velocity(velocity)


def nesterov(gradient: Vector, past: Velocity, step: float, decay: float) -> tuple[Vector, Velocity]:
    """Sutskever et al. (2013), as optax and PyTorch have it: x becomes x + step·(g + decay·v), the gradient being
    taken where the last step led."""
    _, ahead = momentum(gradient, past, step, decay)
    return [step * (g + decay * v) for g, v in zip(gradient, ahead.velocity, strict=True)], ahead


def adam(
    gradient: Vector, past: RunningMeans, step: float, b1: float, b2: float, eps: float, eps_root: float
) -> tuple[Vector, RunningMeans]:
    """Kingma & Ba (2015): x becomes x + step·m/(√(v + eps_root) + eps), m and v being the running means of g and g²,
    each divided by 1 - b^t, for they begin at 0."""
    count = past.count + 1
    mean = [b1 * m + (1.0 - b1) * g for m, g in zip(past.mean, gradient, strict=True)]
    square = [b2 * v + (1.0 - b2) * g * g for v, g in zip(past.square, gradient, strict=True)]
    unbiased, even = 1.0 - b1**count, 1.0 - b2**count
    sizes = [math.sqrt(v / even + eps_root) + eps for v in square]
    change = [_over(step * (m / unbiased), size) for m, size in zip(mean, sizes, strict=True)]
    return change, RunningMeans(mean, square, count)


def rmsprop(
    gradient: Vector, past: SquaredSlopes, step: float, decay: float, eps: float, initial_scale: float
) -> tuple[Vector, SquaredSlopes]:
    """Hinton (2012): x becomes x + step·g/√(v + eps), v being the running mean of g², which begins at `initial_scale`,
    as optax has it."""
    square = [decay * v + (1.0 - decay) * g * g for v, g in zip(past.square, gradient, strict=True)]
    return [_over(step * g, math.sqrt(v + eps)) for g, v in zip(gradient, square, strict=True)], SquaredSlopes(square)


def tweak(gradient: Vector, past: Draws, step: float, seed: float) -> tuple[Vector, Draws]:
    """Step·(uniform in -1 to 1), drawn from the seed and the number of the try alone."""
    import random

    count = past.count + 1
    draw = random.Random(f"{int(seed)}/{count}")
    return [step * (2.0 * draw.random() - 1.0) for _ in gradient], Draws(count)


def _over(change: float, size: float) -> float:
    """A change divided by a size; where that is 0, the change that alters no number, -0.0 among them."""
    return change / size if size > 0.0 else -0.0


def always(problem: Problem, here: Position, x: Vector) -> Position:
    """The position at a point."""
    return problem.at(x)


def if_better(problem: Problem, here: Position, x: Vector) -> Position:
    """The position at a point with a larger value, else the old one."""
    there = problem.at(x) if problem.value(x) > here.value else here
    return there if there.finite else here


def loop(rule: Rule) -> Run:
    """A method that takes the steps of a rule, for ever."""
    init, update, accept, _ = rule

    def run(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
        past = memory or init(len(here.x), options)
        while True:
            change, past = update(here.gradient, past, **options)
            moved = problem.inside([u + d for u, d in zip(here.x, change, strict=True)])
            here = visit(Move(accept(problem, here, moved), past))

    return run


def rule(update: Update, init: Init, *parameters: Parameter, step: float = 0.01) -> Method:
    """The row of a rule, which has the name and the docstring of its update."""
    memory = type(init(0, {parameter.name: parameter.default for parameter in parameters}))
    about = " ".join((update.__doc__ or "").split())
    steps = Rule(init, update, always)
    return Method(update.__name__, about, loop(steps), memory, parameters, step, wanders=True, rule=steps)


def still(count: int, options: Options) -> Velocity:
    """No velocity."""
    return Velocity([0.0] * count)


def no_moments(count: int, options: Options) -> RunningMeans:
    """The means of no gradients."""
    return RunningMeans([0.0] * count, [0.0] * count, 0)


def rate(name: str, default: float) -> Parameter:
    """The part that is kept at each step."""
    return Parameter(name, default, below=1.0)


RANDOM = Rule(lambda n, o: Draws(0), tweak, if_better, batches=False)
BY_GRADIENT = Rule(lambda n, o: Nothing(), lesson, always)
DECAY, EPS = rate("decay", 0.9), Parameter("eps", 1e-8)

ROWS = (
    rule(momentum, still, DECAY),
    rule(nesterov, still, DECAY),
    rule(adam, no_moments, rate("b1", 0.9), rate("b2", 0.999), EPS, Parameter("eps_root", 0.0)),
    rule(rmsprop, lambda n, o: SquaredSlopes([o["initial_scale"]] * n), DECAY, EPS, Parameter("initial_scale", 0.0)),
    Method(
        "random",
        "x + step·(uniform in -1 to 1), kept if it is better",
        loop(RANDOM),
        Draws,
        step=0.1,
        wanders=True,
        seeded=True,
        rule=RANDOM,
    ),
)
LESSON = Method("gradient", "x + step·g", loop(BY_GRADIENT), Nothing, fixed=True, rule=BY_GRADIENT)
