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
    gain that the method's model of the function had for the step, or has for the next. `steps`: there are several, and
    what lies between is not looked at."""

    there: Position
    memory: Memory | None
    promise: float | None = None
    steps: int = 1


Visit = Callable[[Move], Position]  # returns where to go on, and raises where the ascent ends


class Kept(NamedTuple):
    """The best point by validation: after how many steps it came, where it is, and the value there over the rows of
    the validation."""

    steps: int
    there: Position
    validation: float


class State(NamedTuple):
    """Where an ascent stands after a step: all that the next ones depend on. There is no memory before the first.
    `earlier` is the value before the steps had doubled last; `taken` is the number of steps of the last move.
    `validation` is the value over other rows, and `kept` the best point by it, where there are such rows."""

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
    taken: int = 1
    validation: float | None = None
    kept: Kept | None = None

    @property
    def doubled(self) -> bool:
        """Whether the steps are a power of two, or the last move led beyond one."""
        return (self.steps - self.taken).bit_length() != self.steps.bit_length()

    def after(self, move: Move) -> State:
        """The state one move later."""
        there, memory, promise, taken = move
        return self._replace(
            steps=self.steps + taken,
            here=there,
            before=self.here.value,
            best=self._better(there),
            memory=memory,
            promise=promise,
            earlier=self.here.value if self.doubled else self.earlier,
            taken=taken,
        )

    def validated(self, value: float, sign: float) -> State:
        """The state with its value over other rows, kept where that is the best so far."""
        kept = self.kept
        if kept is None or sign * value > sign * kept.validation or kept.validation != kept.validation:
            kept = Kept(self.steps, self.here, value)
        return self._replace(validation=value, kept=kept)

    def further(self, steps: int, here: Position) -> State:
        """The state some steps later, of a method without a memory."""
        return self._replace(steps=self.steps + steps, here=here, before=here.value, best=self._better(here))

    def _better(self, there: Position) -> Position:
        return there if there.value > self.best.value else self.best
