"""Momentum (Polyak 1964), and Nesterov's (Sutskever et al. 2013): a velocity that remembers earlier gradients."""

from __future__ import annotations

from collections.abc import Mapping

from circuitcli.ascent.move import Memory, Move, Steps
from circuitcli.ascent.problem import Position, Problem


def momentum(
    problem: Problem, here: Position, memory: Memory, options: Mapping[str, float], nesterov: bool = False
) -> Steps:
    """v becomes g + decay·v, and x becomes x + step·v, or with Nesterov x + step·(g + decay·v), as optax and PyTorch
    have it: the gradient is taken where the last step led."""
    step, decay = options["step"], options["decay"]
    velocity = memory.setdefault("velocity", [0.0] * len(here.x))
    while True:
        velocity[:] = [g + decay * v for g, v in zip(here.gradient, velocity, strict=True)]
        along = [g + decay * v for g, v in zip(here.gradient, velocity, strict=True)] if nesterov else velocity
        there = problem.at(problem.inside([u + step * v for u, v in zip(here.x, along, strict=True)]))
        yield Move(there, here.value)
        here = there


def nesterov(problem: Problem, here: Position, memory: Memory, options: Mapping[str, float]) -> Steps:
    """Momentum that looks ahead."""
    return momentum(problem, here, memory, options, nesterov=True)
