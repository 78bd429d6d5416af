"""The optimisers: what is climbed (objective, problem), how (a file a method), when it ends (stop), and the run."""

from __future__ import annotations

from circuitcli.ascent.climb import Ascent, State, climb
from circuitcli.ascent.methods import NAMES, Choice, choice
from circuitcli.ascent.multistart import Progress, Starts, best, climb_from_many
from circuitcli.ascent.point_objective import PointObjective
from circuitcli.ascent.problem import Bounds, Position, Problem
from circuitcli.ascent.stopping import TOL, Limits

__all__ = [
    "NAMES",
    "TOL",
    "Ascent",
    "Bounds",
    "Choice",
    "Limits",
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
]
