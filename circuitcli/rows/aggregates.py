"""Gatherer: what the rows of a block give to each aggregate, in arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.protocol import Kernel
from circuitcli.gate_facts import CO_MOMENTS, EXPONENTIALS, EXTREME, MOMENTS, ORDER, SUMS, OverRows
from circuitcli.rows.aggregate_parts import (
    CoMoments,
    Exponentials,
    Extreme,
    Leaf,
    Moments,
    Order,
    Statistic,
    Sum,
    facts_of,
)
from circuitcli.rows.kernels import GatherPrograms
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from circuitcli.rows.lost_rows import LostRows

    Array: TypeAlias = NDArray[np.float64]


def _moments(rows: Array) -> Moments:
    count = float(rows.shape[1])
    near = _sum(rows) / count
    apart = rows - near[:, None]
    rest = _sum(apart) / count
    return Moments(count, near, rest, _sum(apart * apart[0]) - rest * (rest[0] * count))


def _co_moments(rows: Array) -> CoMoments:
    count = float(rows.shape[1])
    near = _sum(rows) / count
    apart = rows - near[:, None]
    rest = _sum(apart) / count
    with_x, with_y = (_sum(apart * apart[i]) - rest * (rest[i] * count) for i in (0, 1))
    return CoMoments(count, near, rest, with_x, with_y)


def _extreme(rows: Array, sign: float) -> Extreme:
    top = (sign * rows[0]).max() * sign
    here = rows[0] == top
    first = rows[0, here.argmax()] if here.any() else top  # of zeros of both signs
    return Extreme(float(first), float(np.count_nonzero(here)), _sum(rows[1:, here]), sign)


def _exponentials(rows: Array) -> Exponentials:
    top = rows[0].max()
    weights = np.exp(rows[0] - top) if np.isfinite(top) else np.where(rows[0] == top, 1.0, 0.0)
    return Exponentials(float(top), _sum(np.vstack([weights, rows[1:] * weights])))


# From an array whose rows are the arguments of an aggregate and the slopes of these; of sums, they are added already.
_STATISTICS: dict[str, Callable[[Array, OverRows], Statistic]] = {
    SUMS: lambda rows, facts: Sum(rows),
    MOMENTS: lambda rows, facts: _moments(rows),
    EXTREME: lambda rows, facts: _extreme(rows, facts.sign),
    EXPONENTIALS: lambda rows, facts: _exponentials(rows),
    ORDER: lambda rows, facts: Order((rows.copy(),)),
    CO_MOMENTS: lambda rows, facts: _co_moments(rows),
}


def _sum(rows: Array) -> Array:
    total: Array = rows.sum(axis=1)
    return total


class Gatherer:
    """Blocks of rows -> leaves."""

    def __init__(
        self, varying: Varying, programs: GatherPrograms, sums: Kernel, rows: Kernel, scalars: Mapping[str, float]
    ) -> None:
        self.graph = varying.graph
        self.programs = programs
        self._sums, self._rows, self._scalars = sums, rows, scalars
        self._slopes = [(a, found.slopes) for found in programs.gathered for a in found.arguments]

    def leaf(self, columns: Mapping[str, Array], count: int) -> Leaf:
        """Gather at most one block of rows."""
        assert 0 < count <= BLOCK
        summed = results = None
        underflowed = False
        if self._sums.program.outputs:
            (summed,), underflowed = self._sums.sums(columns, self._scalars, count)
        if self._rows.program.outputs:
            results = np.empty((len(self._rows.program.outputs), count))
            underflowed |= self._rows.rows(columns, self._scalars, list(results))
        parts: list[Statistic] = []
        with np.errstate(all="ignore"):
            for found in self.programs.gathered:
                source = summed if found.summed else results
                assert source is not None
                facts = facts_of(self.graph.nodes[found.node].gate)
                parts.append(_STATISTICS[facts.gathers](source[found.first : found.end], facts))
            fine = (summed is None or np.isfinite(summed).all()) and (results is None or np.isfinite(results).all())
        bad, came = (0, 0) if fine else self._nonfinite(columns, count, results)
        lost = (
            self._lost_rows.among(columns, self._scalars, count)
            if underflowed and any(by for _, by in self._slopes)
            else None
        )
        return Leaf(count, bad, came, tuple(parts), lost)

    @cached_property
    def _lost_rows(self) -> LostRows:
        from circuitcli.rows.lost_rows import LostRows  # which few rows need

        return LostRows(self.graph, [*self.programs.sums.columns, *self.programs.rows.columns], self._slopes)

    def _nonfinite(self, columns: Mapping[str, Array], count: int, results: Array | None) -> tuple[int, int]:
        """Count the rows in which something gathered is infinite or nan, and those of them in which a column was."""
        bad: Array = np.zeros(count, bool)
        if self._sums.program.outputs:
            rows = np.empty((len(self._sums.program.outputs), count))
            self._sums.rows(columns, self._scalars, list(rows))
            bad |= ~np.isfinite(rows).all(axis=0)
        if results is not None:
            bad |= ~np.isfinite(results).all(axis=0)
        came: Array = np.zeros(count, bool)
        for column in columns.values():
            came |= ~np.isfinite(column)
        return int(np.count_nonzero(bad)), int(np.count_nonzero(bad & came))
