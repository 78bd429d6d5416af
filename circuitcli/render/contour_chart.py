"""The value over two inputs, as contours or as a surface, by Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.pictures.sweep import Arrows, Grid, Plot
from circuitcli.render.chart_frame import called, colour_bar, headed, ruled, way
from circuitcli.render.palette import GRADIENT
from circuitcli.render.scales import drawn, headings, heights, levels, wide

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from circuitcli.engine.protocol import FloatArray

    Options = dict[str, Any]  # keyword arguments of Matplotlib

COLOURS = "cividis"
CELLS = 15  # arrows along each side


def _bands(plot: Plot, grid: Grid) -> Options:
    """The options of filled contours: a colour for each band between two levels, and one beyond each end."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    found = levels(grid.values, 12, [trail.values for trail in plot.trails])
    if len(found) < 2:  # level, or nearly so
        values = drawn(grid.values)
        middle = found[0] if found else float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
        found = [middle - (abs(middle) or 1.0), middle, middle + (abs(middle) or 1.0)]
    norm = BoundaryNorm(found, colormaps[COLOURS].N, extend="both")
    return {"levels": found, "cmap": COLOURS, "norm": norm, "extend": "both"}


def _arrow(plot: Plot) -> Line2D:
    """The arrow of a legend: white as in the picture, with an edge, without which it would not be seen."""
    from matplotlib.lines import Line2D

    half = [(-100, 5), (30, 5), (20, 22), (100, 0)]  # of its outline; the size is that of the marker
    outline = [*half, *((x, -y) for x, y in half[::-1])]
    edge: Options = {"markeredgecolor": "0.2", "markeredgewidth": 0.6}
    return Line2D([], [], linestyle="", marker=outline, markersize=20, color="white", label=plot.arrows_name, **edge)


def contour_chart(figure: Figure, plot: Plot, grid: Grid) -> None:
    """Draw the value over two inputs from above, with arrows of the gradient."""
    across, up = grid.spans
    ratio = (across.high - across.low) / (up.high - up.low)
    axes = figure.add_subplot()
    if 1 / 3 < ratio < 3:
        axes.set_aspect("equal")
        figure.set_size_inches(*((3.9 * ratio + 1.9, 4.8) if ratio > 1 else (5.8, 3.9 / ratio + 0.9)))
    points = across.points(grid.values.shape[1]), up.points(grid.values.shape[0])
    values = np.ma.masked_invalid(drawn(grid.values))
    handles: list[Line2D] = []
    filled = axes.contourf(*points, values, **_bands(plot, grid))
    axes.contour(*points, values, levels=filled.levels, colors="white", linewidths=0.4, linestyles="solid")
    if plot.mark is not None and np.nanmin(values) < plot.mark < np.nanmax(values):
        through = f"{plot.answer} = {plot.mark:.4g}"
        axes.contour(*points, values, levels=[plot.mark], colors="black", linewidths=0.8, linestyles="dashed")
        handles += axes.plot([], [], color="black", linewidth=0.8, linestyle="dashed", label=through)
    colour_bar(figure, axes, plot, filled)
    arrows = plot.arrows(CELLS, CELLS)
    u, v = headings(arrows, grid.spans)
    cells = [0.9 * (span.high - span.low) / CELLS for span in grid.spans]
    white: Options = {"color": "white", "edgecolor": "0.2", "linewidth": 0.4, "gid": "gradient"}
    how: Options = {"angles": "xy", "scale_units": "xy", "scale": 1.0, "pivot": "mid", "width": 0.0035}
    axes.quiver(arrows.xs, arrows.ys, u * cells[0], v * cells[1], **white, **how)
    handles.append(_arrow(plot))
    ways = [way(axes, *trail.at) for trail in plot.trails]
    handles += ways[-1] if ways else []
    if plot.spot is not None:
        u, v = headings(Arrows(*np.array([[*plot.spot.at], [*plot.spot.gradient]]).reshape(4, 1)), grid.spans)
        how |= {"pivot": "tail", "width": 0.008}
        axes.quiver(*plot.spot.at, u * 2 * cells[0], v * 2 * cells[1], color=GRADIENT, zorder=7, **how)
        handles += axes.plot(*plot.spot.at, "o", color=GRADIENT, markeredgecolor="white", label=called(plot), zorder=8)
    axes.set_xlabel(across.name)
    axes.set_ylabel(up.name)
    ruled(axes, x=across[1:], y=up[1:])
    headed(figure, plot.title, plot.fixed, handles)


def surface_chart(figure: Figure, plot: Plot, grid: Grid) -> None:
    """Draw the value over two inputs as a surface, above its contours with arrows of the gradient."""
    across, up = grid.spans
    figure.set_size_inches(7.2, 6.0)
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    xs: FloatArray
    ys: FloatArray
    xs, ys = np.meshgrid(across.points(grid.values.shape[1]), up.points(grid.values.shape[0]))
    bands = _bands(plot, grid)
    low, high = heights(grid.values)
    floor = low - 0.5 * (high - low or 1.0)
    values = np.where((grid.values >= low) & (grid.values <= high), grid.values, np.nan)
    filled = axes.contourf(xs, ys, np.ma.masked_invalid(drawn(grid.values)), zdir="z", offset=floor, zorder=0, **bands)
    axes.plot_surface(xs, ys, values, cmap=COLOURS, norm=bands["norm"], rcount=50, ccount=50, zorder=2)
    colour_bar(figure, axes, plot, filled, shrink=0.6, pad=0.1)
    axes.plot(*_strokes(plot, grid), floor, color="white", linewidth=0.9, zorder=1)
    handles = [_arrow(plot)]
    ways = [way(axes, *trail.at, trail.values) for trail in plot.trails]
    handles += ways[-1] if ways else []
    if plot.spot is not None:
        handles += axes.plot(*plot.spot.at, plot.spot.value, "o", color=GRADIENT, label=called(plot), zorder=6)
    axes.set(xlabel=across.name, ylabel=up.name, zlabel=plot.answer)
    ruled(axes, x=across[1:], y=up[1:], z=wide(low, high))
    axes.set_zlim(floor, high + 0.05 * (high - low))
    headed(figure, plot.title, plot.fixed, handles)


def _strokes(plot: Plot, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """The arrows of the gradient as one line with gaps: Matplotlib's own stand upright on their barbs in space."""
    arrows = plot.arrows(CELLS, CELLS)
    strokes = np.stack(headings(arrows, grid.spans)).reshape(2, -1) * 0.9 / CELLS
    widths = np.array([[span.high - span.low] for span in grid.spans])
    turned = np.stack([-strokes[1], strokes[0]])
    left, right = -0.35 * strokes + 0.2 * turned, -0.35 * strokes - 0.2 * turned
    tail = np.stack([arrows.xs.ravel(), arrows.ys.ravel()]) - 0.5 * strokes * widths
    tip = tail + strokes * widths
    corners = [tail, tip, tip + left * widths, tip, tip + right * widths, np.full_like(tip, np.nan)]
    across, up = np.stack(corners, axis=-1).reshape(2, -1)
    return across, up
