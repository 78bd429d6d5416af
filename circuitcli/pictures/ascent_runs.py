"""The values of ascents over their steps, as they can be drawn: even, or as distances to the best by decades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.pictures.decades import span_decades

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

NEAR, SHARE = 1e-3, 0.2  # runs that converge have so large a share of their steps so near to the best


class Run(NamedTuple):
    """One ascent: its name, the numbers of its steps, and the value after each."""

    name: str
    steps: FloatArray
    values: FloatArray


class Runs(NamedTuple):
    """All that a picture of ascents shows: the title, the words on the best value, the runs, what goes up, the height
    of each run at its steps, and whether the scale is logarithmic; nan has no place on it."""

    title: str
    fixed: str
    runs: Sequence[Run]
    label: str
    heights: Sequence[FloatArray]
    logarithmic: bool
    best: int

    @property
    def words(self) -> str:
        """All texts of the picture."""
        return "".join([self.title, self.fixed, self.label, *(run.name for run in self.runs)])

    @property
    def empty(self) -> bool:
        """Whether there is no finite value to draw."""
        return not any(np.isfinite(run.values).any() for run in self.runs)


def runs_over_steps(title: str, runs: Sequence[Run]) -> Runs:
    """The picture of some runs. The value itself is drawn where its own decades, or none, are what there is to see; its
    distance to the best of all runs where they converge to it."""
    every = np.concatenate([run.values for run in runs])
    finite = every[np.isfinite(every)]
    if not len(finite):
        return Runs(title, "", runs, "value", [run.values for run in runs], False, 0)
    up = _goes_up(runs)
    top = float(finite.max() if up else finite.min())
    best = next(k for k, run in enumerate(runs) if (run.values == top).any())
    told = f"best value {top:.10g}"
    if span_decades(finite.tolist()):
        return Runs(title, told, runs, "value", [_positive(run.values) for run in runs], True, best)
    away = np.abs(finite - top)
    if span_decades(away.tolist()) and np.mean(away <= NEAR * away.max()) >= SHARE:
        label = "best - value" if up else "value - best"
        return Runs(title, told, runs, label, [_positive(np.abs(run.values - top)) for run in runs], True, best)
    return Runs(title, told, runs, "value", [run.values for run in runs], False, best)


def _goes_up(runs: Sequence[Run]) -> bool:
    """Whether the values of the runs rise, from first to last."""
    gains = [ys[-1] - ys[0] for run in runs if len(ys := run.values[np.isfinite(run.values)])]
    return float(sum(gains)) > 0.0


def _positive(ys: FloatArray) -> FloatArray:
    return np.where(np.isfinite(ys) & (ys > 0.0), ys, np.nan)
