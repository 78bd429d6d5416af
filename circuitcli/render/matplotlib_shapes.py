"""Pictures as PNG and PDF, by matplotlib, to the pixel as in SVG."""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO

from circuitcli.render.box_layout import CHARACTER, Wire
from circuitcli.render.shapes import INK, SIZE, WIRE, Dot, Frame, Label, Picture

INCH, SHARP = 96.0, 2  # pixels of a picture to an inch, and of a PNG to one of these
LARGEST = 60_000  # pixels of a PNG in either direction, of which matplotlib draws no more than 2^16


def paint(picture: Picture, form: str, out: BinaryIO) -> None:
    """Write a picture as `png` or `pdf`."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = picture.width, picture.height
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)  # downwards
    axes.axis("off")
    for shape in picture.shapes:
        _draw(axes, shape)
    sharp = min(SHARP, LARGEST / max(width, height)) * INCH
    dates = {"CreationDate": None} if form == "pdf" else None  # the same command makes the same file
    with warnings.catch_warnings(), rc_context({"pdf.fonttype": 42}):
        warnings.simplefilter("ignore")  # a letter that the font has not is drawn as a box
        figure.savefig(out, format=form, dpi=sharp, metadata=dates)


def _draw(axes: Any, shape: Wire | Dot | Frame | Label) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
    from matplotlib.path import Path

    pixel = 72.0 / INCH  # in points, of which letters and lines have theirs
    if isinstance(shape, Wire):
        path = Path([shape.start, *shape.bend, shape.end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
        axes.add_patch(PathPatch(path, fill=False, edgecolor=WIRE, linewidth=1.2 * pixel))
    elif isinstance(shape, Dot):
        axes.add_patch(Circle((shape.x, shape.y), 2.6, color=WIRE, linewidth=0.0))
    elif isinstance(shape, Frame):
        round_ = f"round,pad=0,rounding_size={min(shape.radius, shape.width / 2.0, shape.height / 2.0)}"
        style = (0.0, (4.0, 3.0)) if shape.dashed else "-"
        box = FancyBboxPatch((shape.x, shape.y), shape.width, shape.height, boxstyle=round_, linestyle=style)
        box.set(facecolor=shape.fill, edgecolor=INK, linewidth=1.3 * pixel)
        axes.add_patch(box)
    else:
        # Of DejaVu Sans Mono, which matplotlib brings along, a letter is 0.602 of its size wide; and a hair is left.
        axes.text(
            shape.x,
            shape.y,
            shape.text,
            ha="center",
            va="center",
            family=["DejaVu Sans Mono", "DejaVu Sans"],
            fontsize=shape.size * pixel * CHARACTER / (SIZE * 0.602) * 0.99,
            color=shape.colour,
            weight="bold" if shape.role == "name" else "normal",
            style="italic" if shape.role == "gradient" else "normal",
            parse_math=False,
        )
