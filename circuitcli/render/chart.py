"""Plots as SVG, PNG and PDF, by Matplotlib."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from circuitcli.pictures.ascent_runs import Runs
from circuitcli.pictures.sweep import Curve, Curves, Plot
from circuitcli.render.chart_frame import families
from circuitcli.render.contour_chart import contour_chart, surface_chart
from circuitcli.render.curve_chart import curve_chart, curves_chart, model_chart
from circuitcli.render.run_chart import run_chart

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


def svg(plot: Plot | Runs, surface: bool) -> bytes:
    """A plot as SVG."""
    return _saved(plot, surface, "svg", {"Date": None})


def png(plot: Plot | Runs, surface: bool) -> bytes:
    """A plot as PNG."""
    return _saved(plot, surface, "png", {})


def pdf(plot: Plot | Runs, surface: bool) -> bytes:
    """A plot as PDF."""
    return _saved(plot, surface, "pdf", {"CreationDate": None})


def _saved(plot: Plot | Runs, surface: bool, form: str, undated: Mapping[str, None]) -> bytes:
    """A plot in a form of Matplotlib's. Its metadata has no date: the same command makes the same
    file."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its caches, which concern nobody
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that no font has: they are boxes, but text in SVG
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            style: Any = matplotlib.rcParams
            style.update({**STYLE, "font.family": families(plot.words)})
            figure = Figure()
            if isinstance(plot, Runs):
                run_chart(figure, plot)
            elif isinstance(plot.over, Curve) and plot.points is not None:
                model_chart(figure, plot, plot.over, plot.points)
            elif isinstance(plot.over, Curve):
                curve_chart(figure, plot, plot.over)
            elif isinstance(plot.over, Curves):
                curves_chart(figure, plot, plot.over)
            else:
                (surface_chart if surface else contour_chart)(figure, plot, plot.over)
            stream = BytesIO()
            figure.savefig(stream, format=form, metadata=undated)
            return stream.getvalue()
