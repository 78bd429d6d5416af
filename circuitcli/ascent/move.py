"""What a method answers with, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from circuitcli.ascent.problem import Position, Problem

Memory = dict[str, Any]  # all that the next steps depend on beside the position, as JSON can hold it


class Move(NamedTuple):
    """A step: where it leads, the value before it, and what the method's model of the function
    says there: the gain it `promises`, and its `reach`, the largest change that it still wants of an input, relative
    to it."""

    there: Position
    before: float
    promise: float | None = None
    reach: float | None = None


# Where no step gains, a method ends, and answers the gain that its model promised. It begins where `here` and the
# memory say, so that one that was saved goes on as if nothing had been.
Steps = Generator[Move, None, float]
Method = Callable[[Problem, Position, Memory, Mapping[str, float]], Steps]
