"""The rows of a data file as points of a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.pictures.shown_numbers import NARROW, ends_about

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

ROOM = 0.05  # beside the points, as a share of their width


class Points(NamedTuple):
    """The columns that go across and up, their numbers, and the standard uncertainties of these, if any."""

    across: str
    up: str
    xs: FloatArray
    ys: FloatArray
    across_sigmas: FloatArray | None = None
    up_sigmas: FloatArray | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The range across of the points, with some room; of one place that about it; None where there is no place."""
        finite = self.xs[np.isfinite(self.xs)]
        if not len(finite):
            return None
        if not np.ptp(finite) > NARROW * np.abs(finite).max():
            return ends_about(float(finite[0]))
        room = ROOM * float(np.ptp(finite))
        return float(finite.min()) - room, float(finite.max()) + room

    @property
    def reach(self) -> tuple[float, float]:
        """The range up of the points and their bars; nan where no point is finite."""
        bars = np.zeros_like(self.ys) if self.up_sigmas is None else np.nan_to_num(self.up_sigmas)
        there = np.isfinite(self.ys)
        if not there.any():
            return np.nan, np.nan
        return float((self.ys - bars)[there].min()), float((self.ys + bars)[there].max())

    def residuals(self, model: FloatArray) -> Points:
        """The points as they are above a `model` at their places."""
        return self._replace(up="residual", ys=self.ys - model)
