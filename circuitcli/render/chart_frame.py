"""The frame of a chart by Matplotlib: fonts, title and legend, rulers, the scale of colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.errors import columns
from circuitcli.pictures.sweep import Plot
from circuitcli.render.scales import texts, ticks

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from circuitcli.engine.protocol import FloatArray

    Options = dict[str, Any]  # keyword arguments of Matplotlib

LINE, LETTER, KEY = 0.18, 0.085, 0.55  # inches: a line, a letter, and the sign before a word of a legend


def families(text: str) -> list[str]:
    """Fonts that have all letters of a text: the usual one, and others of this machine for letters that it lacks."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    usual = font_manager.findfont("DejaVu Sans")
    families, missing = ["DejaVu Sans"], {ord(c) for c in text} - set(FT2Font(usual).get_charmap())
    for font in sorted(font_manager.fontManager.ttflist, key=lambda font: (font.weight != 400, font.name)):
        if not missing:
            break
        found = missing & set(FT2Font(font.fname).get_charmap())
        if found:
            families.append(font.name)
            missing -= found
    return families


def headed(figure: Figure, heading: str, fixed: str, handles: Sequence[Artist]) -> None:
    """Write the title, and under it the legend, above the picture, which is laid out without them."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    wide, high = figure.get_size_inches()
    title = "\n".join(filter(None, [heading, fixed]))
    sizes = [KEY + LETTER * columns(str(handle.get_label())) for handle in handles]
    fits = (n for n in range(len(sizes), 1, -1) if sum(map(max, np.array_split(sizes, n))) < wide - 0.2)
    across = next(fits, 1)
    rows = -(-len(sizes) // across)
    top = 0.12 + LINE * (1 + title.count("\n"))
    figure.text(0.1 / wide, 1.0 - 0.08 / high, title, va="top", in_layout=False)
    if handles:
        legend = figure.legend(
            handles=[*handles],
            ncols=across,
            loc="upper left",
            bbox_to_anchor=(0.0, 1.0 - top / high),
            borderaxespad=0.0,
        )
        legend.set_in_layout(False)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(rect=(0.0, 0.0, 1.0, 1.0 - (top + 0.1 + 1.2 * LINE * rows) / high))


def ruled(axes: Axes, **limits: tuple[float, float]) -> None:
    """Put limits and ticks on the axes with these letters."""
    for letter, (low, high) in limits.items():
        places = ticks(low, high, 8)
        axes.set(**{f"{letter}lim": (low, high), f"{letter}ticks": places, f"{letter}ticklabels": texts(places)})


def colour_bar(figure: Figure, axes: Axes, plot: Plot, filled: QuadContourSet, **more: Any) -> None:
    """Draw the scale of filled contours."""
    bar = figure.colorbar(filled, ax=axes, label=plot.answer, ticks=filled.levels, **more)
    bar.ax.set_yticklabels(texts(list(filled.levels)))
    bar.ax.tick_params(which="minor", length=0)


def called(plot: Plot) -> str:
    """The given point of a plot, in words."""
    assert plot.spot is not None
    return ", ".join(f"{name} = {x:.4g}" for name, x in zip(plot.sweep.names, plot.spot.at, strict=True))


def way(axes: Axes, *at: FloatArray) -> list[Line2D]:
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
