"""A schedule: the length of each step of an ascent, as a circuit of its number."""

from __future__ import annotations

import math

from circuitcli.ascent.point_objective import PointObjective
from circuitcli.graph import Graph
from circuitcli.wording import setting

STEP, EPOCH = NAMES = "step", "epoch"  # both from 0 on


class Schedule:
    """The length of each step, as an expression of `step` and `epoch`. `text` is what was typed."""

    def __init__(self, text: str, graph: Graph) -> None:
        self.text = text
        self._names = [name for name in NAMES if name in graph.inputs]
        self._objective = PointObjective(graph, dict.fromkeys(self._names, 0.0), self._names)

    def at(self, step: int, epoch: int) -> float:
        """The length of a step, whatever number that is."""
        numbers = {STEP: float(step), EPOCH: float(epoch)}
        return self._objective.value([numbers[name] for name in self._names])

    def fault(self, step: int, epoch: int) -> str:
        """A text about a length that is no number above 0; empty where it is one."""
        length = self.at(step, epoch)
        return "" if 0.0 < length < math.inf else f"{setting('step', self.text)} is {length:g} at step {step:,}"
