"""Curves over one input, by Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.pictures.points import Points
from circuitcli.pictures.sweep import Curve, Curves, Plot
from circuitcli.render.chart_frame import called, headed, ruled, way
from circuitcli.render.palette import CURVES, GRADIENT, VALUE
from circuitcli.render.scales import scale, scales, seen, wide

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    Options = dict[str, Any]  # keyword arguments of Matplotlib

BAND = "± standard uncertainty"
DASHES = ("-", "--", "-.", ":")  # of curves beside each other


def shaded(axes: Axes, curve: Curve, up: tuple[float, float]) -> Artist:
    """Draw the band of a curve within the limits, and return its sign for a legend."""
    assert curve.band is not None
    low, high = (np.clip(ys, *up) for ys in curve.band)
    look: Options = {"color": VALUE, "alpha": 0.2, "linewidth": 0.0, "zorder": 1}
    return axes.fill_between(curve.xs, low, high, label=BAND, gid="band", **look)


def curve_chart(figure: Figure, plot: Plot, curve: Curve) -> None:
    """Draw the value and the slope over one input, on one scale or on one each."""
    axes = slopes = figure.add_subplot()
    up, right = scales(curve.xs, curve.values, curve.slopes, curve.band or ())
    axes.spines.right.set_visible(right is not None)
    if right is not None:
        slopes = axes.twinx()
        axes.set_ylabel(plot.answer, color=VALUE)
        slopes.set_ylabel("gradient", color=GRADIENT)
        ruled(slopes, y=right)
    ruled(axes, x=curve.span[1:], y=up)
    axes.set_xlabel(curve.span.name)
    if up[0] < 0.0 < up[1]:
        axes.axhline(0.0, color="0.8", linewidth=0.8, zorder=0)
    solid: Options = {"color": VALUE, "linewidth": 1.8, "label": plot.answer, "gid": "value"}
    dashed: Options = {"color": GRADIENT, "linewidth": 1.4, "linestyle": "--", "label": "gradient", "gid": "gradient"}
    handles: list[Artist] = [*axes.plot(curve.xs, seen(curve.values, *up), **solid)]
    if curve.band is not None:
        handles.append(shaded(axes, curve, up))
    handles += slopes.plot(curve.xs, seen(curve.slopes, *(right or up)), **dashed)
    if plot.spot is not None:
        (x,), y, (slope,) = plot.spot
        if np.isfinite(slope):
            handles.append(axes.axline((x, y), slope=slope, color="0.4", linewidth=0.9, linestyle=":", label="tangent"))
        handles += axes.plot([x], [y], "o", color=VALUE, label=called(plot))
    ways = [way(axes, trail.at[0], trail.values) for trail in plot.trails]
    handles += ways[-1] if ways else []
    headed(figure, plot.title, plot.fixed, handles)


def model_chart(figure: Figure, plot: Plot, curve: Curve, points: Points) -> None:
    """Draw the curve of a model with its band and the points of data, and perhaps the residuals below."""
    below = None
    if plot.residuals is not None:
        figure.set_size_inches(6.4, 5.8)
        axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    else:
        axes = figure.add_subplot()
    low, high = scale((curve.xs, ys) for ys in (curve.values, *(curve.band or ())))
    least, most = wide(*points.reach)
    up = float(np.nanmin([low, least])), float(np.nanmax([high, most]))
    ruled(axes, x=curve.span[1:], y=up)
    axes.set_ylabel(points.up)
    handles: list[Artist] = [*axes.plot(curve.xs, seen(curve.values, *up), color=VALUE, label=plot.answer, gid="value")]
    if curve.band is not None:
        handles.append(shaded(axes, curve, up))
    handles.append(_dots(axes, points, "points"))
    if below is not None and plot.residuals is not None:
        ruled(below, x=curve.span[1:], y=wide(*plot.residuals.reach))
        below.axhline(0.0, color=VALUE, linewidth=1.0)
        _dots(below, plot.residuals, "residuals")
        below.set_ylabel("residual")
    for each in filter(None, (axes, below)):
        each.spines.right.set_visible(False)
    (axes if below is None else below).set_xlabel(curve.span.name)
    headed(figure, plot.title, plot.fixed, handles)


def _dots(axes: Axes, points: Points, name: str) -> Artist:
    """Draw points with their error bars, and return their sign for a legend."""
    look: Options = {"color": "0.15", "markersize": 3.5, "elinewidth": 0.9, "capsize": 2.0, "zorder": 4}
    drawn = axes.errorbar(points.xs, points.ys, points.up_sigmas, points.across_sigmas, fmt="o", **look)
    drawn.lines[0].set(gid=name, label=f"{points.up}, {len(points.xs):,} point{'s' * (len(points.xs) != 1)}")
    return drawn.lines[0]


def curves_chart(figure: Figure, plot: Plot, curves: Curves) -> None:
    """Draw the values of several results over one input, on one scale; the first is on top."""
    axes = figure.add_subplot()
    axes.spines.right.set_visible(False)
    up = scale((curve.xs, curve.values) for curve in curves.of.values())
    ruled(axes, x=curves.span[1:], y=up)
    axes.set_xlabel(curves.span.name)
    if up[0] < 0.0 < up[1]:
        axes.axhline(0.0, color="0.8", linewidth=0.8, zorder=0)
    handles: list[Line2D] = []
    for k, (name, curve) in enumerate(curves.of.items()):
        look: Options = {
            "color": CURVES[k],
            "linestyle": DASHES[k % len(DASHES)],
            "linewidth": 1.6,
            "zorder": 3 - k / 9,
        }
        handles += axes.plot(curve.xs, seen(curve.values, *up), label=name, gid=f"value-{k + 1}", **look)
    headed(figure, plot.title, plot.fixed, handles)
