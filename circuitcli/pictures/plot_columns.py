"""The numbers of a plot as the columns of a table, for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.errors import UsageError
from circuitcli.pictures.ascent_runs import Runs
from circuitcli.pictures.points import Points
from circuitcli.pictures.sweep import Curve, Curves, Grid, Plot

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

    Column = tuple[str, FloatArray | Sequence[str]]


def columns_of(plot: Plot | Runs) -> dict[str, list[object]]:
    """The columns by their names. Raises UsageError where two have one name."""
    if isinstance(plot, Runs):
        columns = _of_runs(plot)
    elif isinstance(plot.over, Curve):
        columns = _of_curve(plot, plot.over)
    elif isinstance(plot.over, Curves):
        columns = _of_curves(plot.over)
    else:
        columns = _of_grid(plot, plot.over)
    names = [name for name, _ in columns]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"two columns of the numbers are called {twice}", "give the input or the result another name")
    return {name: cells.tolist() if isinstance(cells, np.ndarray) else [*cells] for name, cells in columns}


def _of_curve(plot: Plot, curve: Curve) -> list[Column]:
    if plot.points is not None and plot.residuals is not None:
        return _of_residuals(plot, plot.points, plot.residuals)
    answer = plot.answer
    columns: list[Column] = [(curve.span.name, curve.xs), (answer, curve.values), ("gradient", curve.slopes)]
    if curve.band is not None:
        columns += zip((f"{answer}_lo", f"{answer}_hi"), curve.band, strict=True)
    return columns


def _of_residuals(plot: Plot, points: Points, residuals: Points) -> list[Column]:
    """The points, the value of the model at each, and what is left."""
    model = plot.answer, plot.sweep.at(points.xs)
    return [(points.across, points.xs), (points.up, points.ys), model, (residuals.up, residuals.ys)]


def _of_curves(curves: Curves) -> list[Column]:
    named = [name for name, curve in curves.of.items() for _ in curve.xs]
    return [
        ("result", named),
        (curves.span.name, np.concatenate([curve.xs for curve in curves.of.values()])),
        ("value", curves.values),
    ]


def _of_grid(plot: Plot, grid: Grid) -> list[Column]:
    across, up = grid.spans
    rows, places = grid.values.shape
    columns: list[Column] = [
        (across.name, np.tile(across.points(places), rows)),
        (up.name, np.repeat(up.points(rows), places)),
        (plot.answer, grid.values.ravel()),
    ]
    return [*columns, *((f"grad_{span.name}", g.ravel()) for span, g in zip(grid.spans, grid.slopes, strict=True))]


def _of_runs(runs: Runs) -> list[Column]:
    return [
        ("run", [run.name for run in runs.runs for _ in run.steps]),
        ("step", np.concatenate([run.steps for run in runs.runs]).astype(np.int64)),
        ("value", np.concatenate([run.values for run in runs.runs])),
    ]
