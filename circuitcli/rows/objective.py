"""What is climbed over rows in memory: one pass over all cores gives the value and the derivatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from circuitcli.engine.passes import backward
from circuitcli.engine.recorder import Recorder, recorded, straight
from circuitcli.engine.sums import BLOCK
from circuitcli.fault import fault
from circuitcli.graph import Graph
from circuitcli.point import Point, find
from circuitcli.rounding import UNIT, units
from circuitcli.rows.aggregate import Gatherer, Leaf, Tree
from circuitcli.rows.answer import Answer
from circuitcli.rows.kernels import GatherPrograms, engine_for, gather_programs, run_rows
from circuitcli.rows.memory import Loaded
from circuitcli.rows.plan import Plan
from circuitcli.rows.squares import Squares, squares_of

Array = Any  # numpy.ndarray
Vector = list[float]

PASSES = 100  # over the rows, that are expected when it is decided whether machine code is worth its making
STEP = 1e-3  # relative, of the differences of gradients that second derivatives are made of


class RowsObjective:
    """The one number that a circuit over rows gives, and its derivatives by the inputs `names`, as functions of these
    as a vector."""

    method = "exact"
    strides = None
    cost = 0

    def __init__(
        self, plan: Plan, data: Loaded, names: Sequence[str], sign: float, threads: int, engine: str = ""
    ) -> None:
        self.plan, self.data, self.names = plan, data, list(names)
        self.given = dict(plan.scalars)
        self.graph = plan.graph
        self._threads, self._engine = threads, engine
        self._wanted = [find(plan.graph, name) for name in names]
        self._programs = gather_programs(plan.parts, plan.used, self._wanted)
        self._kernels = [self._kernel(program) for program in (self._programs.sums, self._programs.rows)]
        self._values: tuple[GatherPrograms, list[Any]] | None = None
        self._residuals: Any = None
        self._bounds: Any = None
        self._pool: ThreadPoolExecutor | None = None
        self.squares: Squares | None = squares_of(plan.parts, self._wanted, sign)

    def _kernel(self, program: Any) -> Any:
        return engine_for(program, float(self.data.rows) * PASSES, self._engine)

    @property
    def weight(self) -> float:
        """How many times a log-likelihood it is: once for each row where it is their mean."""
        k = self.graph.output
        while self.graph.nodes[k].gate == "neg":
            k = self.graph.nodes[k].args[0]
        mean = self.graph.nodes[k].gate == "mean" and k in self.plan.parts.aggregates
        return float(self.data.rows) if mean else 1.0

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen for it."""
        return {}

    def _scalars(self, x: Vector) -> dict[str, float]:
        return {**self.given, **dict(zip(self.names, x, strict=True))}

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives."""
        answer = self._answer(x, self._programs, self._kernels, True)
        gradient = answer.gradient
        return answer.value, [gradient[name] for name in self.names]

    exact = both

    def value(self, x: Vector) -> float:
        """The value alone."""
        if self._values is None:
            programs = gather_programs(self.plan.parts, self.plan.used, [])
            self._values = programs, [self._kernel(program) for program in (programs.sums, programs.rows)]
        found: float = self._answer(x, *self._values, False).value
        return found

    def _answer(self, x: Vector, programs: GatherPrograms, kernels: Sequence[Any], differentiate: bool) -> Answer:
        scalars = self._scalars(x)
        gatherer = Gatherer(self.plan.parts, programs, kernels[0], kernels[1], scalars)
        whole = self._gathered(gatherer)
        names, wanted = (self.names, self._wanted) if differentiate else (None, [])
        return Answer(self.plan.parts, programs.gathered, whole, scalars, names, wanted)

    def _gathered(self, gatherer: Gatherer) -> Leaf | None:
        count = self.data.rows
        starts = range(0, count, BLOCK)

        def leaf(start: int) -> Leaf:
            end = min(start + BLOCK, count)
            return gatherer.leaf({name: column[start:end] for name, column in self.data.columns.items()}, end - start)

        if len(starts) > 1 and self._threads > 1:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads)
            leaves = self._pool.map(leaf, starts)
        else:
            leaves = map(leaf, starts)
        tree = Tree()
        for found in leaves:
            tree.add(found)
        whole: Leaf | None = tree.joined()
        return whole

    def residuals(self, x: Vector) -> tuple[Array, Array]:
        """What is squared in each row, and its derivatives by the inputs that move: an array of rows, and one of rows
        by inputs."""
        assert self.squares is not None
        if self._residuals is None:
            k = self.squares.residual
            self._residuals = self._kernel(straight(self._below(k), self.plan.used, [k], self._wanted))
        found = run_rows(self._residuals, self.data.columns, self._scalars(x), self.data.rows, self._threads)
        return found[0], found[1:].T

    def observed(self) -> Array | None:
        """What the residuals compare with, in each row."""
        if self.squares is None or self.squares.observed is None:
            return None
        k = self.squares.observed
        kernel = engine_for(straight(self._below(k), self.plan.used, [k], []), 0.0, "arrays")
        return run_rows(kernel, self.data.columns, self.given, self.data.rows, 1)[0]

    def _below(self, k: int) -> Graph:
        return Graph(self.graph.nodes, k, self.graph.names, self.graph.defaults)

    def noise(self, x: Vector) -> float:
        """By how much rounding may have moved the value: that of the rows is taken to be of all signs."""
        answer = self._answer(x, self._programs, self._kernels, True)
        gathered = [k for k in self.plan.parts.aggregates if self.graph.nodes[k].args]
        if self._bounds is None:
            self._bounds = self._rounding(gathered)
        sums = self._bounds.sums(self.data.columns, self._scalars(x), self.data.rows).sum(axis=0) if gathered else []
        total = 4.0 * UNIT * abs(answer.value)
        for k, squared in zip(gathered, sums, strict=True):
            summed = self.graph.nodes[k].gate in ("sum", "max", "min", "logsumexp")
            share = 1.0 if summed else 1.0 / self.data.rows
            total += abs(answer.gradients[k] or 0.0) * share * math.sqrt(squared)
        return float(total)

    def _rounding(self, gathered: Sequence[int]) -> Any:
        """What computes for each aggregate the square of by how much rounding may move its argument in a row."""
        m, graph = Recorder(), self.graph
        values = recorded(graph, self.plan.used, m)
        squares = []
        for k in gathered:
            inner = graph.nodes[k].args[0]
            slopes = backward(graph, m, values, [True] * len(graph.nodes), inner, self.plan.parts.below(inner))
            bound: Any = 0.0
            for i, slope in slopes.items():
                if graph.nodes[i].args and self.plan.parts.varies[i] and (size := units(graph.nodes[i].gate)):
                    bound = bound + m.abs(slope * values[i]) * (size * UNIT)
            squares.append(bound * bound)
        return engine_for(m.program(squares), 0.0, "arrays")

    def fault(self, x: Vector) -> str:
        """The row and the node that went wrong."""
        scalars = self._scalars(x)
        for name, column in self.data.columns.items():
            bad = np.flatnonzero(~np.isfinite(column))
            if len(bad):
                return f"{name} is {column[bad[0]]} in row {bad[0] + 1}"
        for k in self.plan.parts.aggregates:
            for inner in self.graph.nodes[k].args:
                graph = self._below(inner)
                kernel = engine_for(straight(graph, self.plan.used, [inner], self._wanted), 0.0, "arrays")
                found = run_rows(kernel, self.data.columns, scalars, self.data.rows, 1)
                bad = np.flatnonzero(~np.isfinite(found).all(axis=0))
                if len(bad):
                    row = {name: float(column[bad[0]]) for name, column in self.data.columns.items()}
                    why = fault(Point(graph, {**scalars, **row}, self.names))
                    return f"in row {bad[0] + 1}: {why}"
        return fault(self._answer(x, self._programs, self._kernels, True))

    def kinked(self, x: Vector) -> bool:
        """Of rows only the nodes of one number are looked at."""
        return any(self._answer(x, self._programs, self._kernels, True).kinks)

    def curvature(self, x: Vector) -> list[Vector]:
        """The second derivatives: differences of the gradient at two distances, extrapolated to none."""
        columns = []
        for i, u in enumerate(x):
            step = STEP * (abs(u) or 1.0)
            wide, near = self._slope_of_gradient(x, i, step), self._slope_of_gradient(x, i, 0.5 * step)
            columns.append([(4.0 * b - a) / 3.0 for a, b in zip(wide, near, strict=True)])
        count = len(x)
        return [[0.5 * (columns[i][j] + columns[j][i]) for j in range(count)] for i in range(count)]

    def _slope_of_gradient(self, x: Vector, i: int, step: float) -> Vector:
        up, down = ([*x[:i], u, *x[i + 1 :]] for u in (x[i] + step, x[i] - step))
        width = up[i] - down[i]
        return [(a - b) / width for a, b in zip(self.both(up)[1], self.both(down)[1], strict=True)]
