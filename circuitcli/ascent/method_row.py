"""A method as a row: all that the rest of the house knows of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from circuitcli.ascent.move import Memory, Visit
from circuitcli.ascent.problem import Position, Problem, Vector

Options = Mapping[str, float]

# Takes steps from a position and what was remembered there, so that a method that was saved goes on as if nothing had
# been, and visits each. Where no step gains it returns the gain that its model promised.
Run = Callable[[Problem, Position, Memory | None, Options, Visit], float]

Init = Callable[[int, Options], Memory]
Update = Callable[..., tuple[Vector, Memory]]
Accept = Callable[[Problem, Position, Vector], Position]


class Rule(NamedTuple):
    """The steps of a method that knows a gradient and what it remembers: `init` makes the memory before the first, for
    so many inputs, `update` gives what is added to the inputs and the next memory, and `accept` the position there.
    `batches`: the gradient may be of a part of the rows."""

    init: Init
    update: Update
    accept: Accept
    batches: bool = True


class Parameter(NamedTuple):
    """A number behind the colon of `adam:b1=0.8`: its default, the least that it may be, and what it stays below."""

    name: str
    default: float
    least: float = 0.0
    below: float = math.inf

    def allows(self, number: float) -> bool:
        """Whether a number is in its range."""
        return self.least <= number < self.below

    @property
    def range(self) -> str:
        """Its range in words."""
        above = "" if self.below == math.inf else f", and below {self.below:g}"
        return f"{self.least:g} or more{above}"


class Method(NamedTuple):
    """One row of the table.

    `memory` makes what the method remembers from the fields that a state file holds. `step` is the default of --step;
    a method without one finds its own steps, and refuses --step unless `stepped` is the row that then stands in. An
    ascent by one without a `run` has turns of its own (constrained/attempts.py).

    `certifies`: it goes on until its model of second order has its top there, which says what is a summit.
    `wanders`: a step may fall on the way, so that the best point is not the last. `fixed`: the lesson's rule, which
    ends when a step gains little. `seeded`: it draws numbers. `squares`: it needs a sum of squares over rows.
    `along_kinks`: it goes along them, by the pieces that meet there. `constrained`: it takes constraints.
    `library`: what must be installed for it, which an `extra` brings. `rule`: its steps, where they may follow a
    schedule. `begun` makes what it remembers where it begins anew after so many steps.
    """

    name: str
    about: str
    run: Run | None
    memory: Callable[..., Memory]
    parameters: tuple[Parameter, ...] = ()
    step: float | None = None
    stepped: Method | None = None
    certifies: bool = False
    wanders: bool = False
    fixed: bool = False
    seeded: bool = False
    squares: bool = False
    along_kinks: bool = False
    constrained: bool = False
    library: str | None = None
    extra: str = "fit"
    rule: Rule | None = None
    begun: Callable[[int], Memory | None] = lambda steps: None
