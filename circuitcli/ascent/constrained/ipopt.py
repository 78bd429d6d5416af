"""Ipopt (Wächter & Biegler 2006), as CasADi brings it, on exact derivatives: for programs of many inputs.

It is handed the scaled numbers of a program. Its own word on how it ended counts for nothing: kkt.py beside says what
a point is worth.
"""

from __future__ import annotations

import math

from circuitcli.ascent.constrained.last_digits import to_the_last_digits
from circuitcli.ascent.constrained.program import Here, Program
from circuitcli.ascent.constrained.under_way import UnderWay
from circuitcli.ascent.method_row import Method
from circuitcli.ascent.move import Nothing
from circuitcli.ascent.problem import Vector

STRATEGIES = "monotone", "adaptive"  # by which the walls push off less, one an attempt
TURNS = 4  # of an attempt, each in the units of the end of the last


def attempts(program: Program, under_way: UnderWay, beside: bool) -> None:
    """Make attempts from where a state stands, until one meets the conditions; `beside` others only one."""
    first = under_way.state.here.x
    for strategy in STRATEGIES[: 1 if beside else None]:
        x = program.origin = first
        for _ in range(TURNS):
            program.measure(x)
            there = _Course(program, under_way).end(program.moved(x), strategy)
            if not all(map(math.isfinite, there)):
                break
            before, x = x, to_the_last_digits(program, program.problem.inside(program.whole(there)))
            found = under_way.ended(program, x).found
            if found.met:
                return
            if x == before and found.beyond is None:
                break
            program.origin = x = found.beyond or x


class _Course:
    """The functions of one run of Ipopt, each of a point in the units of the program."""

    def __init__(self, program: Program, under_way: UnderWay) -> None:
        self._program, self._under_way = program, under_way
        self._seen: tuple[Vector, Here] | None = None

    def end(self, start: Vector, strategy: str) -> Vector:
        """The point where it ends."""
        from circuitcli.ascent.constrained.casadi_functions import least

        program = self._program
        top = [0.0 if k < program.equal else math.inf for k in range(len(program.constraints))]
        return least(self, start, (program.low, program.high), top, {"mu_strategy": strategy})

    def value(self, x: Vector) -> tuple[float, Vector]:
        """The value and the differences."""
        return self._program.value(x)

    def here(self, x: Vector) -> Here:
        """Both and their slopes; asked again where it was asked last, as they were."""
        if self._seen is None or self._seen[0] != x:
            self._seen = x, self._program.here(x)
        return self._seen[1]

    def bend(self, x: Vector, share: float, multipliers: Vector) -> list[Vector]:
        """The second derivatives of a share of the value and the constraints, each times its multiplier."""
        return self._program.bend(x, [-y for y in multipliers], share)

    def visit(self, x: Vector) -> None:
        """Stand at a point. Raises OverError where a limit is reached."""
        self._under_way.visit(self._program, x, self.here(x), None)


ABOUT = "Ipopt within bounds and constraints, for many inputs"
ROWS = (Method("ipopt", ABOUT, None, Nothing, certifies=True, constrained=True, library="casadi", extra="ipopt"),)
