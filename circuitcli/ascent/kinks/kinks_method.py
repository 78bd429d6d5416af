"""The row of the method that goes onto kinks and along them; its steps are loaded where they are taken."""

from __future__ import annotations

from circuitcli.ascent.kinks.mixture import Mixture
from circuitcli.ascent.method_row import Method, Options
from circuitcli.ascent.move import Memory, Visit
from circuitcli.ascent.problem import Position, Problem
from circuitcli.wording import setting


def _run(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
    if problem.objective.forked is None:
        from circuitcli.errors import UsageError

        raise UsageError(
            "the method kinks wants max, min, abs or their kin", f"leave out {setting('method')}, or write newton"
        )
    from circuitcli.ascent.kinks.along_kinks import along_kinks

    return along_kinks(problem, here, memory if isinstance(memory, Mixture) else Mixture(), visit)


ABOUT = "onto kinks and along them, by the pieces that meet there"
ROWS = (Method("kinks", ABOUT, _run, Mixture, certifies=True, along_kinks=True),)
