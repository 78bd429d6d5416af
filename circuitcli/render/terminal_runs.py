"""The values of ascents over their steps at a terminal."""

from __future__ import annotations

import numpy as np

from circuitcli.pictures.ascent_runs import Runs
from circuitcli.render.canvas import LINE, Canvas
from circuitcli.render.palette import CURVES_ON_SCREEN
from circuitcli.render.scales import wide
from circuitcli.render.terminal_legend import SIGNS, legend, painted, rows_of

OTHERS = ("·", "gray")  # of more runs than there are signs


def run_lines(runs: Runs, width: int, height: int, coloured: bool) -> list[str]:
    """The lines of the picture. Of more runs than can be told apart the best one is a line, and the others are dots."""
    names = [run.name for run in runs.runs]
    looks = [*zip(SIGNS, CURVES_ON_SCREEN, strict=True)]
    order = [*range(len(names))]
    shown = legend(names)
    if len(names) > len(SIGNS):
        order = [runs.best, *(k for k in order if k != runs.best)]
        looks = [(LINE, ""), *[OTHERS] * (len(names) - 1)]
        shown = [(f"⠤⠤⠤ {names[runs.best]}, the best", ""), (f"··· {len(names) - 1} others", OTHERS[1])]
    elif len(names) == 1:
        shown = []
    rows = rows_of(shown, width) if shown else []
    heights = [np.log10(ys) if runs.logarithmic else ys for ys in runs.heights]
    lows, highs = zip(*((np.nanmin(ys), np.nanmax(ys)) for ys in heights if np.isfinite(ys).any()), strict=True)
    last = max(float(run.steps[-1]) for run in runs.runs)
    first = min(float(run.steps[0]) for run in runs.runs)
    across, up = (first, max(last, first + 1.0)), wide(float(min(lows)), float(max(highs)))
    canvas = Canvas(width, height - len(rows) - 1, across, up, None, "step", coloured, runs.logarithmic)
    for (sign, shade), k in reversed([*zip(looks, order, strict=False)]):
        steps, ys = runs.runs[k].steps, heights[k]
        there = np.isfinite(ys)
        if there.sum() == 1:
            canvas.points(steps[there], ys[there], "•", shade)
        canvas.line(steps[there], ys[there], sign, shade)
    return [*painted(canvas, rows), f" {runs.label}", *canvas.lines()]
