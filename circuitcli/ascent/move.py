"""A step of a method, and where an ascent stands after it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from circuitcli.ascent.problem import Position
from circuitcli.engine.floats import EPSILON

VANISHING = EPSILON * EPSILON  # of what an ascent has gained: so little is nothing


class Memory(Protocol):
    """All that the next steps of a method depend on beside the position: a named tuple that JSON can hold."""

    def _asdict(self) -> dict[str, Any]: ...


class Nothing(NamedTuple):
    """The memory of a method that needs none."""


class Move(NamedTuple):
    """A step: where it leads, and what the method remembers there, or None where it is to begin anew. `promise` is the
    gain that the method's model of the function had for the step, or has for the next."""

    there: Position
    memory: Memory | None
    promise: float | None = None


Visit = Callable[[Move], Position]  # returns where to go on, and raises where the ascent ends


def is_power_of_two(steps: int) -> bool:
    """Whether so many steps are twice as many as at the last such moment."""
    return steps & (steps - 1) == 0


class State(NamedTuple):
    """Where an ascent stands after a step: all that the next ones depend on. There is no memory before the first.
    `earlier` is the value at the last step before whose number is a power of two."""

    steps: int
    start: Position
    here: Position
    before: float
    best: Position
    memory: Memory | None
    evaluations: dict[str, int]
    promise: float | None = None
    at_kinks: bool = False  # it goes on along kinks, and the memory is of that
    earlier: float = -math.inf

    def after(self, move: Move) -> State:
        """The state one step later."""
        there, memory, promise = move
        steps, before, best = self.steps + 1, self.here.value, self._better(there)
        earlier = before if is_power_of_two(self.steps) else self.earlier
        return State(steps, self.start, there, before, best, memory, self.evaluations, promise, self.at_kinks, earlier)

    def further(self, steps: int, here: Position) -> State:
        """The state some steps later, of a method without a memory."""
        return self._replace(steps=self.steps + steps, here=here, before=here.value, best=self._better(here))

    def _better(self, there: Position) -> Position:
        return there if there.value > self.best.value else self.best
