"""Newton's steps over many rows at once, each shortened as its row needs it (Deuflhard 2004, 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.floats import UNIT
from circuitcli.engine.passes import backward
from circuitcli.engine.tracer import Recorder, recorded
from circuitcli.rows.kernels import engine_for

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray, Scalars
    from circuitcli.graph import Graph

STEPS = 60
PASSES = 6.0  # over the rows, as a rule
SHORTEST = 1e-3  # of a step: a row that needs shorter ones is left to other ways
NEAR = 1e-10  # of the size of an unknown: one step more, and all digits are there
QUICK = 0.3  # of the step before: near a simple root steps shrink faster than that
NOISE = 1e-14  # of an unknown: a step that rounding makes
HOLDS = 8.0 * UNIT  # of the sides of an equation and the moves of its unknowns: left by rounding


class RowEquations:
    """Equations over rows: the differences of their sides, the nodes of a circuit, and the slopes of these."""

    def __init__(
        self,
        graph: Graph,
        equations: Sequence[int],
        columns: Sequence[str],
        by: Sequence[str],
        rows: float,
        engine: str,
    ) -> None:
        self._count, self._by = len(equations), len(by)
        m, wanted = Recorder(), [graph.inputs[name] for name in by]
        values, needed = recorded(graph, columns, m), graph.depends_on(wanted)
        outputs = [values[k] for k in equations]
        for k in equations:
            slopes = backward(graph, m, values, needed, k)
            outputs += [slopes.get(i, 0.0) + 0.0 for i in wanted]
        self._sides = [len(graph.nodes[k].args) for k in equations]
        outputs += [values[i] + 0.0 for k in equations for i in graph.nodes[k].args]
        self._kernel = engine_for(m.program(outputs), rows * PASSES, engine)

    def at(self, columns: Columns, scalars: Scalars, count: int) -> tuple[FloatArray, FloatArray]:
        """The differences, and the slopes of each by each input; the rows are the last axis."""
        apart, slopes, _ = self.whole(columns, scalars, count)
        return apart, slopes

    def whole(self, columns: Columns, scalars: Scalars, count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The differences, their slopes, and the size of the sides of each."""
        slopes = self._count * (1 + self._by)
        found = np.empty((slopes + sum(self._sides), count))
        self._kernel.rows(columns, scalars, list(found))
        sides = np.split(np.abs(found[slopes:]), np.cumsum(self._sides)[:-1])
        sizes = np.array([side.sum(axis=0) for side in sides])
        return found[: self._count], found[self._count : slopes].reshape(self._count, self._by, count), sizes


class NewtonRows:
    """Roots of as many equations as there are unknowns, in every row, within bounds."""

    def __init__(
        self, equations: RowEquations, unknowns: Sequence[str], scalars: Scalars, low: FloatArray, high: FloatArray
    ) -> None:
        self._equations, self._unknowns, self._scalars = equations, unknowns, scalars
        self._low, self._high = low[:, None], high[:, None]

    def roots(self, columns: Columns, start: FloatArray) -> FloatArray:
        """The root to which the steps from the start of each row lead; nan where they lead to none."""
        origin = np.clip(start, self._low, self._high)
        found = np.full(start.shape, np.nan)
        rows, x, every = np.arange(start.shape[1]), origin, columns
        step = self._step(columns, x)
        share = np.ones(len(rows))  # of the step that is tried
        ratio = np.ones(len(rows))  # of the last two steps
        for _ in range(STEPS):
            sizes = np.maximum(np.abs(x), np.abs(x - origin))
            quick = (ratio <= QUICK) | (_length(step, np.abs(x)) <= NOISE)
            close = (_length(step, sizes) <= NEAR) & quick
            if close.any():
                found[:, rows[close]] = np.clip(x + step, self._low, self._high)[:, close]
            left = ~close & np.isfinite(step).all(axis=0) & (share >= SHORTEST)
            if not left.all():
                rows, share, ratio = rows[left], share[left], ratio[left]
                x, step, origin = x[:, left], step[:, left], origin[:, left]
                columns = {name: np.ascontiguousarray(column[left]) for name, column in columns.items()}
            if not len(rows):
                break
            there = np.clip(x + share * step, self._low, self._high)
            following = self._step(columns, there)
            sizes = np.maximum(np.abs(x), np.abs(step))
            before, now = _length(step, sizes), _length(following, sizes)
            better = now <= (1.0 - 0.25 * share) * before
            ratio = np.where(better, now / np.where(before > 0.0, before, 1.0), ratio)
            x, step = np.where(better, there, x), np.where(better, following, step)
            share = np.where(better, np.minimum(2.0 * share, 1.0), 0.5 * share)
        found[:, ~self._hold(every, found)] = np.nan
        return found

    def _hold(self, columns: Columns, x: FloatArray) -> FloatArray:
        """Whether no equation of a row leaves more than rounding does: others are left to a closer look."""
        apart, slopes, sides = self._equations.whole(self._with(columns, x), self._scalars, x.shape[1])
        with np.errstate(all="ignore"):
            limits = HOLDS * (sides + np.abs(slopes * x).sum(axis=1))
            held: FloatArray = (np.abs(apart) <= limits).all(axis=0)
        return held

    def _step(self, columns: Columns, x: FloatArray) -> FloatArray:
        apart, slopes = self._equations.at(self._with(columns, x), self._scalars, x.shape[1])
        return solved(slopes, -apart[:, None])[:, 0]

    def _with(self, columns: Columns, x: FloatArray) -> Columns:
        return {**columns, **dict(zip(self._unknowns, np.ascontiguousarray(x), strict=True))}


def solved(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """The solutions of linear equations in every row, by their right sides; nan where a matrix is singular."""
    with np.errstate(all="ignore"):
        if matrix.shape[0] == 1:
            flat: FloatArray = right / np.where(matrix == 0.0, np.nan, matrix)
            return flat
        wide = _scale(matrix, 0)  # rows and unknowns of very different sizes
        tall = _scale(matrix * wide, 1)
        a, b = np.moveaxis(matrix * wide * tall, -1, 0), np.moveaxis(right * tall, -1, 0)
        sound = np.isfinite(a).all(axis=(1, 2)) & (np.linalg.det(a) != 0.0)
        found = np.full(b.shape, np.nan)
        a, b = a[sound], b[sound]
        once = np.linalg.solve(a, b)
        found[sound] = once + np.linalg.solve(a, b - a @ once)  # each equation holds in its own size (Skeel 1980)
        return np.moveaxis(found, 0, -1) * np.moveaxis(wide, 0, 1)


def _scale(matrix: FloatArray, axis: int) -> FloatArray:
    """The powers of 2 that bring the largest entries along an axis near 1."""
    scale: FloatArray = np.exp2(-np.frexp(np.abs(matrix).max(axis=axis, keepdims=True))[1].astype(float))
    return scale


def _length(step: FloatArray, sizes: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        shares = np.where(step == 0.0, 0.0, step / np.where(sizes > 0.0, sizes, 1.0))
        length: FloatArray = np.sqrt((shares * shares).sum(axis=0))
        return length
