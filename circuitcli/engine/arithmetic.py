"""What every arithmetic has in common: a gate by its name, made from the forward rule where it has none of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from circuitcli.gates import GATES


class Arithmetic:
    """The `m` of the rules. A subclass supplies C99's math.h, comparisons, `where` and the constants; a gate that it
    lacks is computed by the gate's forward rule."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        gate = GATES.get(name)
        if gate is None:
            raise AttributeError(name)

        def inherited(*xs: Any) -> Any:
            return gate.forward(self, *xs)

        setattr(self, name, inherited)
        return inherited
