"""The check of many rows at once: those whose gradient surely agrees with differences of values. All others are left to
the check of single rows, which finds out what is the matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circuitcli.check.verdict import GRAIN
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.passes import backward, flow, kinks
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.gates import GATES
from circuitcli.rows.pass_programs import bound_of
from circuitcli.rows.plan import Plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.engine.protocol import Columns, FloatArray

FINEST = 2.0**-10  # of a number, or of 1: the last of three steps that halve, whose errors balance
SURE = 0.1  # of GRAIN: the error of a slope that is surely known
NEAR = 0.5  # of GRAIN: as far off a gradient surely agrees
NOISES = 8.0  # times the bound of the rounding of a value, which its neighbours have, too


class CheckScreen:
    """The fourth-order central differences of all rows of a block, as `central` of ladder.py takes them for one."""

    def __init__(self, plan: Plan) -> None:
        self._plan, graph = plan, plan.graph
        self.names = [name for name in plan.wrt or () if name in graph.inputs]
        moving = [graph.inputs[name] for name in self.names]
        m = Recorder()
        values = recorded(graph, plan.used, m)
        needed = graph.depends_on(moving)
        flowed = flow(graph, m, values, needed)
        slopes, paths = flowed
        gradients = [m.where(paths.get(k, True), slopes.get(k, 0.0), 0.0) for k in moving]
        # Where no edge leads to an input, its slope of 0 is no number that floats have lost.
        dead = [m.where(paths.get(k, k in slopes), 0.0, 1.0) for k in moving]
        kinked: Traced = 0.0
        for mark in kinks(graph, m, values, needed):
            kinked = m.where(mark, 1.0, kinked)
        every = backward(graph, m, values, [True] * len(graph.nodes))
        units = {k: GATES[node.gate].units for k, node in enumerate(graph.nodes) if node.args}
        noise = bound_of(m, values, {k: slope for k, slope in every.items() if k in units}, units)
        self._here = ArrayKernel(m.program([values[graph.output], noise, kinked, *gradients, *dead]))
        m = Recorder()
        columns = [*plan.used, *(name for name in self.names if name not in plan.used)]
        self._value = ArrayKernel(m.program([recorded(graph, columns, m)[graph.output]]))

    def agreed(self, columns: Columns, count: int) -> NDArray[np.bool_]:
        """Whether the gradient by each input surely agrees, row by row."""
        value, noise, kinked, *found_by = self._run(self._here, columns, count)
        gradients, dead = found_by[: len(self.names)], found_by[len(self.names) :]
        with np.errstate(all="ignore"):
            found = (kinked == 0.0) & np.isfinite(noise)
            for name, gradient, none in zip(self.names, gradients, dead, strict=True):
                found &= self._agrees(columns, name, gradient, none != 0.0, value, noise)
        return found

    def _agrees(
        self,
        columns: Columns,
        name: str,
        gradient: FloatArray,
        dead: NDArray[np.bool_],
        value: FloatArray,
        noise: FloatArray,
    ) -> NDArray[np.bool_]:
        """Whether that by one input does, by steps in proportion to it, or to 1 where it is smaller. Where no
        edge leads to it, its slope of 0 agrees if no step changes a bit of the value."""
        count = len(value)
        x = columns[name] if name in columns else np.full(count, self._plan.scalars[name])
        size = np.abs(x)
        found: NDArray[np.bool_] = np.zeros(count, bool)
        for scale in (np.where(size > 0.0, size, 1.0), np.maximum(size, 1.0)):
            slopes, still = [], dead & np.isfinite(x)
            for times in (4.0, 2.0, 1.0):
                step = times * FINEST * scale
                above, below = x + step, x - step
                up, down = (self._run(self._value, {**columns, name: place}, count)[0] for place in (above, below))
                slopes.append((up - down) / (above - below))
                still = still & (up == value) & (down == value)
            coarse, middle, fine = slopes
            before, slope = (4.0 * middle - coarse) / 3.0, (4.0 * fine - middle) / 3.0
            error = np.abs(slope - before) + NOISES * noise / (FINEST * scale)
            known = error <= SURE * GRAIN * np.abs(slope)
            found |= still | known & (np.abs(gradient - slope) <= NEAR * GRAIN * np.abs(slope))
        return found

    def _run(self, kernel: ArrayKernel, columns: Columns, count: int) -> list[FloatArray]:
        """The outputs of a kernel over all rows."""
        scalars = self._plan.scalars
        there = {
            name: columns[name] if name in columns else np.full(count, scalars[name]) for name in kernel.program.columns
        }
        found = [np.empty(count) for _ in kernel.program.outputs]
        kernel.rows(there, scalars, found)
        return found
