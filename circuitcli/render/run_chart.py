"""The values of ascents over their steps, by Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.pictures.ascent_runs import Runs
from circuitcli.render.chart_frame import headed
from circuitcli.render.curve_chart import DASHES
from circuitcli.render.palette import CURVES, VALUE
from circuitcli.render.scales import power_texts, powers

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    Options = dict[str, Any]  # keyword arguments of Matplotlib

DOTTED = 100  # steps at most that have a dot each


def run_chart(figure: Figure, runs: Runs) -> None:
    """Draw the values. Of more runs than can be told apart the best one is a line in colour, the others are grey."""
    from matplotlib.ticker import MaxNLocator

    axes = figure.add_subplot()
    axes.spines.right.set_visible(False)
    axes.set(xlabel="step", ylabel=runs.label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if runs.logarithmic:
        low, high = np.log10([extreme(np.concatenate(runs.heights)) for extreme in (np.nanmin, np.nanmax)])
        exponents = powers(low - 0.5, high + 0.5, 8)
        axes.set_yscale("log")
        axes.set_yticks([10.0**k for k in exponents], power_texts(exponents))
        axes.minorticks_off()
    axes.grid(color="0.9", linewidth=0.6)
    many = len(runs.runs) > len(CURVES)
    handles: list[Line2D] = []
    for k, (run, ys) in enumerate(zip(runs.runs, runs.heights, strict=True)):
        look: Options = {"color": CURVES[k % len(CURVES)], "linestyle": DASHES[k % len(DASHES)], "zorder": 4 - k / 9}
        if many:
            best = k == runs.best
            look = {"color": VALUE if best else "0.7", "linestyle": "-", "zorder": 4 if best else 3}
        if len(run.steps) <= DOTTED:
            look |= {"marker": ".", "markersize": 5}
        there = np.isfinite(ys)
        line = axes.plot(run.steps[there], ys[there], label=run.name, linewidth=1.4, gid=f"run-{k + 1}", **look)
        handles += line if not many or k == runs.best else []
    if many:
        handles[0].set_label(f"{handles[0].get_label()}, the best")
        handles += axes.plot([], [], color="0.7", label=f"{len(runs.runs) - 1} others")
    headed(figure, runs.title, runs.fixed, handles if len(runs.runs) > 1 else [])
