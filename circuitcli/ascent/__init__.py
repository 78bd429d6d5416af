"""The optimisers: what climbs (gradient), when it stops and what it reports (run), and what is climbed (problem)."""

from __future__ import annotations

from circuitcli.ascent.problem import Position, Problem
from circuitcli.ascent.run import TOL, Ascent, Limits, climb

__all__ = ["TOL", "Ascent", "Limits", "Position", "Problem", "climb"]
