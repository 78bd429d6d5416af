"""Sweeps at a terminal, in characters that can be read without colour."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.errors import shortened
from circuitcli.pictures.ascent_runs import Runs
from circuitcli.pictures.sweep import Curve, Curves, Grid, Plot
from circuitcli.render.canvas import Canvas
from circuitcli.render.palette import CURVES_ON_SCREEN
from circuitcli.render.scales import drawn, headings, levels, scale, scales, seen, texts
from circuitcli.render.terminal_legend import (
    DASHES,
    DOT,
    GRADIENT,
    SIGNS,
    VALUE,
    WAY,
    Words,
    legend,
    painted,
    rows_of,
)
from circuitcli.render.terminal_points import FILL, model_lines
from circuitcli.render.terminal_runs import run_lines
from circuitcli.visible_text import visible

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

SIZE, LOWEST = (80, 24), 12  # in a pipe; and the least height at any terminal
START, STEP, END, SPOT = "○", "•", "●", "◆"
ARROWS = "→↗↑↖←↙↓↘"  # by eighths of a turn
EVERY = 7, 3  # an arrow in so many columns and rows


def print_plot(plot: Plot | Runs, coloured: bool) -> None:
    """Print a picture in the size of the terminal, or 80 columns wide in a pipe."""
    width, height = SIZE
    if sys.stdout.isatty():
        width, height = shutil.get_terminal_size(SIZE)
        height -= 1  # for the prompt that follows
    print("\n".join(plot_lines(plot, width, max(height, LOWEST), coloured)))


def plot_lines(plot: Plot | Runs, width: int, height: int, coloured: bool) -> list[str]:
    """A picture in lines of characters, in a size."""
    head = [" " + shortened(visible(part), width - 1) for part in (plot.title, plot.fixed) if part]
    height -= len(head)
    if isinstance(plot, Runs):
        lines = run_lines(plot, width, height, coloured)
    elif isinstance(plot.over, Curve) and plot.points is not None:
        lines = model_lines(plot, plot.over, plot.points, width, height, coloured)
    elif isinstance(plot.over, Curve):
        lines = _curve(plot, plot.over, width, height, coloured)
    elif isinstance(plot.over, Curves):
        lines = _curves(plot.over, width, height, coloured)
    else:
        lines = _contours(plot, plot.over, width, height, coloured)
    return [*head, *lines]


def _curve(plot: Plot, curve: Curve, width: int, height: int, coloured: bool) -> list[str]:
    """The value and the slope over one input, on one scale or on one each."""
    xs, values, slopes = curve.xs, curve.values, curve.slopes
    up, right = scales(xs, values, slopes, curve.band or ())
    band: Words = [(f"{FILL * 3} ± standard uncertainty", "")] if curve.band is not None else []
    slope = f"{DASHES} gradient{' (right)' if right else ''}", GRADIENT
    words = [(f"⠤⠤⠤ {plot.answer}", VALUE), slope, *band, *_marks(plot)]
    rows = rows_of(words, width)
    canvas = Canvas(width, height - len(rows), (xs[0], xs[-1]), up, right, curve.span.name, coloured)
    if curve.band is not None:
        canvas.fill(xs, *curve.band, FILL)
    canvas.line(xs, seen(slopes, *(right or up)), colour=GRADIENT, side="right" if right else "left", dashed=True)
    canvas.line(xs, seen(values, *up), colour=VALUE)
    for trail in plot.trails:
        canvas.points(trail.at[0], trail.values, STEP, WAY)
        canvas.points(trail.at[0][:1], trail.values[:1], START, WAY)
        canvas.points(trail.at[0][-1:], trail.values[-1:], END, WAY)
    if plot.spot is not None:
        canvas.points(np.array(plot.spot.at), np.array([plot.spot.value]), SPOT)
    return [*painted(canvas, rows), *canvas.lines()]


def _curves(curves: Curves, width: int, height: int, coloured: bool) -> list[str]:
    """The values of several results over one input, on one scale; the first is on top."""
    shown = [(sign, shade, *row) for sign, shade, row in zip(SIGNS, CURVES_ON_SCREEN, curves.of.items(), strict=False)]
    rows = rows_of(legend(list(curves.of)), width)
    span, up = curves.span, scale((curve.xs, curve.values) for curve in curves.of.values())
    canvas = Canvas(width, height - len(rows), span[1:], up, None, span.name, coloured)
    for sign, shade, _, curve in reversed(shown):
        canvas.line(curve.xs, seen(curve.values, *up), sign, shade)
    return [*painted(canvas, rows), *canvas.lines()]


def _contours(plot: Plot, grid: Grid, width: int, height: int, coloured: bool) -> list[str]:
    """The value over two inputs as contours with their values written on them, with arrows of the gradient."""
    from contourpy import contour_generator

    across, up = grid.spans
    rows = rows_of([(f"⠤⠤⠤ {plot.answer}", ""), (f"→ {plot.arrows_name}", GRADIENT), *_marks(plot)], width)
    canvas = Canvas(width, height - len(rows) - 1, across[1:], up[1:], None, across.name, coloured)
    points = across.points(grid.values.shape[1]), up.points(grid.values.shape[0])
    contours = contour_generator(*points, np.ma.masked_invalid(drawn(grid.values)))
    found = levels(grid.values, 10, [trail.values for trail in plot.trails])
    lines: list[tuple[str, FloatArray]] = [
        (text, line) for text, level in zip(texts(found), found, strict=True) for line in contours.lines(level)
    ]
    lines += [(f"{plot.mark:.4g}", line) for line in contours.lines(plot.mark)] if plot.mark is not None else []
    for _, line in lines:
        canvas.line(line[:, 0], line[:, 1])
    _arrows(canvas, plot, grid)
    _labels(canvas, lines, (grid.spans[0].high - grid.spans[0].low, grid.spans[1].high - grid.spans[1].low))
    for trail in plot.trails:
        xs, ys = trail.at
        canvas.line(xs, ys, DOT, WAY)
        canvas.points(xs, ys, STEP, WAY)
        canvas.points(xs[:1], ys[:1], START, WAY)
        canvas.points(xs[-1:], ys[-1:], END, WAY)
    if plot.spot is not None:
        canvas.points(np.array(plot.spot.at[:1]), np.array(plot.spot.at[1:]), SPOT)
    return [*painted(canvas, rows), f" {up.name}", *canvas.lines()]


def _arrows(canvas: Canvas, plot: Plot, grid: Grid) -> None:
    """Draw the directions of the gradient, as they would look in a square."""
    arrows = plot.arrows(canvas.columns // EVERY[0], canvas.rows // EVERY[1])
    u, v = headings(arrows, grid.spans)
    turns = np.round(np.arctan2(v, u) / (np.pi / 4)) % 8
    for k, arrow in enumerate(ARROWS):
        canvas.points(arrows.xs[turns == k], arrows.ys[turns == k], arrow, GRADIENT)


def _labels(canvas: Canvas, lines: list[tuple[str, FloatArray]], size: tuple[float, float]) -> None:
    """Write the value on the middle of each line where there is room, long lines first."""
    cells = np.array([canvas.columns / size[0], canvas.rows / size[1]])
    length = {k: np.abs(np.diff(line, axis=0) * cells).sum() for k, (_, line) in enumerate(lines)}
    taken: list[tuple[float, float, int]] = []
    for k in sorted(length, key=lambda k: -length[k]):
        text, line = lines[k]
        column, row = line[len(line) // 2] * cells
        free = all(abs(row - r) >= 1.0 or abs(column - c) > (len(text) + n) / 2 + 1 for c, r, n in taken)
        if free and length[k] > 3 * len(text):
            canvas.word(line[len(line) // 2, 0], line[len(line) // 2, 1], text)
            taken.append((column, row, len(text)))


def _marks(plot: Plot) -> Words:
    """The legend of the paths of ascents and of the given point."""
    words = []
    if plot.trails:
        steps = len(plot.trails[0].values) - 1
        told = f"{steps:,} step{'s' * (steps != 1)}" if len(plot.trails) == 1 else f"{len(plot.trails)} ascents"
        words.append((f"{START} start {STEP} {told} {END} end", WAY))
    if plot.spot is not None:
        at = ", ".join(f"{name} = {x:.4g}" for name, x in zip(plot.sweep.names, plot.spot.at, strict=True))
        words.append((f"{SPOT} {at}: gradient {', '.join(f'{slope:.4g}' for slope in plot.spot.gradient)}", ""))
    return words
