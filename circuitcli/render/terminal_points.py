"""The curve of a model with the points of data at a terminal."""

from __future__ import annotations

import numpy as np

from circuitcli.pictures.points import Points
from circuitcli.pictures.sweep import Curve, Plot
from circuitcli.render.canvas import Canvas
from circuitcli.render.scales import scale, seen, wide
from circuitcli.render.terminal_legend import WAY, painted, rows_of

FILL, POINT = "░", "•"
SHARE = 0.35  # of the height, for residuals


def model_lines(plot: Plot, curve: Curve, points: Points, width: int, height: int, coloured: bool) -> list[str]:
    """The curve with its band and the points; and below, where they are asked for, the residuals."""
    words = [(f"⠤⠤⠤ {plot.answer}", ""), (f"{POINT} {points.up}", WAY)]
    if curve.band is not None:
        words.insert(1, (f"{FILL * 3} ± standard uncertainty", ""))
    rows = rows_of(words, width)
    low, high = scale((curve.xs, ys) for ys in (curve.values, *(curve.band or ())))
    least, most = wide(*points.reach)
    up = float(np.nanmin([low, least])), float(np.nanmax([high, most]))
    below = round(SHARE * height) if plot.residuals is not None else 0
    above = height - below - len(rows)
    across, name, margin = curve.span[1:], curve.span.name, 0
    beyond = _even(plot.residuals) if plot.residuals is not None else None
    if beyond is not None:  # the frames are to stand one above the other
        margin = Canvas(width, below - 1, across, beyond, None, name, coloured).margin
        margin = Canvas(width, above, across, up, None, "", coloured, margin=margin).margin
    canvas = Canvas(width, above, across, up, None, "" if below else name, coloured, margin=margin)
    if curve.band is not None:
        canvas.fill(curve.xs, *curve.band, FILL)
    canvas.line(curve.xs, seen(curve.values, *up))
    _dots(canvas, points)
    lines = [*painted(canvas, rows), *canvas.lines()]
    if plot.residuals is not None and beyond is not None:
        canvas = Canvas(width, below - 1, across, beyond, None, name, coloured, margin=margin)
        canvas.line(np.array(across), np.zeros(2))
        _dots(canvas, plot.residuals)
        lines += [" residual", *canvas.lines()]
    return lines


def _even(residuals: Points) -> tuple[float, float]:
    """A range on both sides of 0, with round ends."""
    most = max(map(abs, residuals.reach))
    end = float(f"{1.2 * most:.1g}") if most == most else 1.0
    return (-end, end) if end > most else wide(-most, most)


def _dots(canvas: Canvas, points: Points) -> None:
    """Draw the points with their error bars up."""
    if points.up_sigmas is not None:
        for x, y, sigma in zip(points.xs, points.ys, points.up_sigmas, strict=True):
            canvas.line(np.array([x, x]), np.array([y - sigma, y + sigma]), "│", WAY)
    canvas.points(points.xs, points.ys, POINT, WAY)
