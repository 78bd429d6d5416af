"""Diagrams as PNG and PDF, by Matplotlib, to the pixel as in SVG."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from circuitcli.pictures.diagram import Diagram
from circuitcli.render.box_layout import DrawnWire
from circuitcli.render.box_room import CHARACTER
from circuitcli.render.palette import LIGHT
from circuitcli.render.shapes import SIZE, Dot, Frame, Shape, colour_of, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCH, SHARP = 96.0, 2  # pixels of a picture to an inch, and pixels of a PNG to one of these
LARGEST = 60_000  # pixels of a PNG in either direction; Matplotlib draws at most 2^16


def png(diagram: Diagram) -> bytes:
    """A diagram as PNG."""
    return _painted(diagram, "png", {})


def pdf(diagram: Diagram) -> bytes:
    """A diagram as PDF, without a date, so that the same command makes the same file."""
    return _painted(diagram, "pdf", {"CreationDate": None})


def _painted(diagram: Diagram, form: str, metadata: Mapping[str, None]) -> bytes:
    """A diagram in a form of Matplotlib's."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height, shapes = picture(diagram)
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor=LIGHT.paper)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)  # downwards
    axes.axis("off")
    for shape in shapes:
        _draw(axes, shape)
    sharp = min(SHARP, LARGEST / max(width, height)) * INCH
    stream = BytesIO()
    with warnings.catch_warnings(), rc_context({"pdf.fonttype": 42}):
        warnings.simplefilter("ignore")  # of a letter that the font lacks, and that is drawn as a box
        figure.savefig(stream, format=form, dpi=sharp, metadata=metadata)
    return stream.getvalue()


def _draw(axes: Axes, shape: Shape) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
    from matplotlib.path import Path

    pixel = 72.0 / INCH  # in points, the unit of letters and lines
    if isinstance(shape, DrawnWire):
        path = Path([shape.start, *shape.bend, shape.end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
        axes.add_patch(PathPatch(path, fill=False, edgecolor=LIGHT.wire, linewidth=1.2 * pixel))
    elif isinstance(shape, Dot):
        axes.add_patch(Circle((shape.x, shape.y), 2.6, color=LIGHT.wire, linewidth=0.0))
    elif isinstance(shape, Frame):
        round_ = f"round,pad=0,rounding_size={min(shape.radius, shape.width / 2.0, shape.height / 2.0)}"
        style = (0.0, (4.0, 3.0)) if shape.dashed else "-"
        box = FancyBboxPatch((shape.x, shape.y), shape.width, shape.height, boxstyle=round_, linestyle=style)
        box.set(facecolor=LIGHT.input if shape.is_input else LIGHT.gate, edgecolor=LIGHT.ink, linewidth=1.3 * pixel)
        axes.add_patch(box)
    else:
        # A letter of DejaVu Sans Mono, which Matplotlib brings along, is 0.602 of its size wide; a hair is left.
        axes.text(
            shape.x,
            shape.y,
            shape.text,
            ha="left" if shape.begins else "center",
            va="center",
            family=["DejaVu Sans Mono", "DejaVu Sans"],
            fontsize=shape.size * pixel * CHARACTER / (SIZE * 0.602) * 0.99,
            color=colour_of(shape.role),
            weight="bold" if shape.role == "name" else "normal",
            style="italic" if shape.role == "gradient" else "normal",
            parse_math=False,
        )
