"""Sweeps as SVG, PNG and PDF, by Matplotlib."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.pictures.sweep import Arrows, Curve, Curves, Grid, Plot
from circuitcli.render.chart_frame import colour_bar, families, headed, ruled
from circuitcli.render.palette import CURVES, GRADIENT, VALUE
from circuitcli.render.scales import drawn, headings, heights, levels, scale, scales, seen, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from circuitcli.engine.protocol import FloatArray

    Options = dict[str, Any]  # keyword arguments of Matplotlib

STYLE = {
    "figure.figsize": (6.4, 4.8),
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
    "font.size": 9.5,
    "axes.spines.top": False,
    "legend.frameon": False,
    "text.parse_math": False,  # $ is a character
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "circuit",  # the same command, the same bytes
    "pdf.fonttype": 42,
}
COLOURS = "cividis"
DASHES = ("-", "--", "-.", ":")  # of curves beside each other
CELLS = 15  # arrows along each side


def svg(plot: Plot, surface: bool) -> bytes:
    """The picture of a sweep as SVG."""
    return _saved(plot, surface, "svg", {"Date": None})


def png(plot: Plot, surface: bool) -> bytes:
    """The picture of a sweep as PNG."""
    return _saved(plot, surface, "png", {})


def pdf(plot: Plot, surface: bool) -> bytes:
    """The picture of a sweep as PDF."""
    return _saved(plot, surface, "pdf", {"CreationDate": None})


def _saved(plot: Plot, surface: bool, form: str, undated: Mapping[str, None]) -> bytes:
    """The picture of a sweep in a form of Matplotlib's. Its metadata has no date: the same command makes the same
    file."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its caches, which concern nobody
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that no font has: they are boxes, but text in SVG
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            names = "".join(plot.sweep.names) + plot.fixed + plot.title + plot.answer
            style: Any = matplotlib.rcParams
            style.update({**STYLE, "font.family": families(names)})
            figure = Figure()
            if isinstance(plot.over, Curve):
                _curve(figure, plot, plot.over)
            elif isinstance(plot.over, Curves):
                _curves(figure, plot, plot.over)
            else:
                (_surface if surface else _contours)(figure, plot, plot.over)
            stream = BytesIO()
            figure.savefig(stream, format=form, metadata=undated)
            return stream.getvalue()


def _curve(figure: Figure, plot: Plot, curve: Curve) -> None:
    """Draw the value and the slope over one input, on one scale or on one each."""
    axes = slopes = figure.add_subplot()
    up, right = scales(curve.xs, curve.values, curve.slopes)
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
    handles = axes.plot(curve.xs, seen(curve.values, *up), **solid)
    handles += slopes.plot(curve.xs, seen(curve.slopes, *(right or up)), **dashed)
    if plot.spot is not None:
        (x,), y, (slope,) = plot.spot
        if np.isfinite(slope):
            handles.append(axes.axline((x, y), slope=slope, color="0.4", linewidth=0.9, linestyle=":", label="tangent"))
        handles += axes.plot([x], [y], "o", color=VALUE, label=_called(plot))
    ways = [_way(axes, trail.at[0], trail.values) for trail in plot.trails]
    handles += ways[-1] if ways else []
    headed(figure, plot, handles)


def _curves(figure: Figure, plot: Plot, curves: Curves) -> None:
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
    headed(figure, plot, handles)


def _called(plot: Plot) -> str:
    """The given point, in words."""
    assert plot.spot is not None
    return ", ".join(f"{name} = {x:.4g}" for name, x in zip(plot.sweep.names, plot.spot.at, strict=True))


def _way(axes: Axes, *at: FloatArray) -> list[Line2D]:
    """Draw the path of an ascent from start to end, and return its signs for a legend."""
    ends: Options = {"color": "black", "markeredgecolor": "white", "markeredgewidth": 0.8, "linestyle": "", "zorder": 6}
    steps = len(at[0]) - 1
    dots: Options = {"marker": ".", "markersize": 5} if steps < 100 else {}
    handles = axes.plot(
        *at, color="black", linewidth=1.0, label=f"{steps} step{'s' * (steps != 1)}", zorder=5, gid="way", **dots
    )
    handles += axes.plot(*(x[:1] for x in at), marker="s", label="start", **ends)
    handles += axes.plot(*(x[-1:] for x in at), marker="*", markersize=12, label="end", **ends)
    return handles


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


def _arrow() -> Line2D:
    """The arrow of a legend: white as in the picture, with an edge, without which it would not be seen."""
    from matplotlib.lines import Line2D

    half = [(-100, 5), (30, 5), (20, 22), (100, 0)]  # of its outline; the size is that of the marker
    outline = [*half, *((x, -y) for x, y in half[::-1])]
    edge: Options = {"markeredgecolor": "0.2", "markeredgewidth": 0.6}
    return Line2D([], [], linestyle="", marker=outline, markersize=20, color="white", label="gradient", **edge)


def _contours(figure: Figure, plot: Plot, grid: Grid) -> None:
    """Draw the value over two inputs from above, with arrows of the gradient."""
    across, up = grid.spans
    ratio = (across.high - across.low) / (up.high - up.low)
    axes = figure.add_subplot()
    if 1 / 3 < ratio < 3:
        axes.set_aspect("equal")
        figure.set_size_inches(*((3.9 * ratio + 1.9, 4.8) if ratio > 1 else (5.8, 3.9 / ratio + 0.9)))
    points = across.points(grid.values.shape[1]), up.points(grid.values.shape[0])
    values = np.ma.masked_invalid(drawn(grid.values))
    filled = axes.contourf(*points, values, **_bands(plot, grid))
    axes.contour(*points, values, levels=filled.levels, colors="white", linewidths=0.4, linestyles="solid")
    colour_bar(figure, axes, plot, filled)
    arrows = plot.sweep.arrows(CELLS, CELLS)
    u, v = headings(arrows, grid.spans)
    cells = [0.9 * (span.high - span.low) / CELLS for span in grid.spans]
    white: Options = {"color": "white", "edgecolor": "0.2", "linewidth": 0.4, "gid": "gradient"}
    how: Options = {"angles": "xy", "scale_units": "xy", "scale": 1.0, "pivot": "mid", "width": 0.0035}
    axes.quiver(arrows.xs, arrows.ys, u * cells[0], v * cells[1], **white, **how)
    handles = [_arrow()]
    ways = [_way(axes, *trail.at) for trail in plot.trails]
    handles += ways[-1] if ways else []
    if plot.spot is not None:
        u, v = headings(Arrows(*np.array([[*plot.spot.at], [*plot.spot.gradient]]).reshape(4, 1)), grid.spans)
        how |= {"pivot": "tail", "width": 0.008}
        axes.quiver(*plot.spot.at, u * 2 * cells[0], v * 2 * cells[1], color=GRADIENT, zorder=7, **how)
        handles += axes.plot(*plot.spot.at, "o", color=GRADIENT, markeredgecolor="white", label=_called(plot), zorder=8)
    axes.set_xlabel(across.name)
    axes.set_ylabel(up.name)
    ruled(axes, x=across[1:], y=up[1:])
    headed(figure, plot, handles)


def _surface(figure: Figure, plot: Plot, grid: Grid) -> None:
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
    handles = [_arrow()]
    ways = [_way(axes, *trail.at, trail.values) for trail in plot.trails]
    handles += ways[-1] if ways else []
    if plot.spot is not None:
        handles += axes.plot(*plot.spot.at, plot.spot.value, "o", color=GRADIENT, label=_called(plot), zorder=6)
    axes.set(xlabel=across.name, ylabel=up.name, zlabel=plot.answer)
    ruled(axes, x=across[1:], y=up[1:], z=wide(low, high))
    axes.set_zlim(floor, high + 0.05 * (high - low))
    headed(figure, plot, handles)


def _strokes(plot: Plot, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """The arrows of the gradient as one line with gaps: Matplotlib's own stand upright on their barbs in space."""
    arrows = plot.sweep.arrows(CELLS, CELLS)
    strokes = np.stack(headings(arrows, grid.spans)).reshape(2, -1) * 0.9 / CELLS
    widths = np.array([[span.high - span.low] for span in grid.spans])
    turned = np.stack([-strokes[1], strokes[0]])
    left, right = -0.35 * strokes + 0.2 * turned, -0.35 * strokes - 0.2 * turned
    tail = np.stack([arrows.xs.ravel(), arrows.ys.ravel()]) - 0.5 * strokes * widths
    tip = tail + strokes * widths
    corners = [tail, tip, tip + left * widths, tip, tip + right * widths, np.full_like(tip, np.nan)]
    across, up = np.stack(corners, axis=-1).reshape(2, -1)
    return across, up
