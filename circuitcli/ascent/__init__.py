"""The optimisers: an objective within bounds (problem), the table of methods (methods), when an ascent ends (stopping,
ends), and the run (climb, multistart)."""

from __future__ import annotations

from circuitcli.ascent.climb import Ascent, climb
from circuitcli.ascent.methods import AUTO, Choice, choice, names, with_batches
from circuitcli.ascent.move import State
from circuitcli.ascent.multistart import MOST_STARTS, Progress, Starts, best, climb_from_many, steps_of_all
from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Bounds, Objective, Position, Problem, of_squares
from circuitcli.ascent.stopping import MOST_STEPS, TOL, Limits

__all__ = [
    "AUTO",
    "MOST_STARTS",
    "MOST_STEPS",
    "TOL",
    "Ascent",
    "Bounds",
    "Choice",
    "Limits",
    "Objective",
    "PointObjective",
    "Position",
    "Problem",
    "Progress",
    "Starts",
    "State",
    "best",
    "choice",
    "climb",
    "climb_from_many",
    "names",
    "of_squares",
    "steps_of_all",
    "with_batches",
]
