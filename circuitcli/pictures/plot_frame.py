"""The frame of a plot: the ranges of its inputs, its title, and the notes on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from circuitcli.errors import InputError, shortened
from circuitcli.graph import Graph
from circuitcli.pictures.shown_numbers import BIGGEST, NARROW, NARROWEST
from circuitcli.wording import by_voice

if TYPE_CHECKING:
    from circuitcli.pictures.sweep import Plot, Span

WIDTH = 72  # columns of a title
MOST_CURVES = 8  # that can be told apart


def span_between(name: str, low: float | None, high: float | None, hint: str) -> Span:
    """The range of an input between two ends. Raises InputError for ends that leave no room; `hint` tells of others."""
    from circuitcli.pictures.sweep import Span

    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        raise InputError(f"the range of {name} needs two ends that are finite", hint)
    if high < low:
        turned = by_voice(f"--range {name}={high:.15g}:{low:.15g}", f"{name}=({high:.15g}, {low:.15g})")
        raise InputError(f"the range of {name} goes from {low:.15g} down to {high:.15g}", f"write {turned}")
    if not high - low > max(NARROW * max(abs(low), abs(high)), NARROWEST):
        raise InputError(f"the range of {name} from {low!r} to {high!r} has no room", hint)
    if math.isinf(high - low):
        raise InputError(f"the range of {name} from {low!r} to {high!r} is too wide", hint)
    return Span(name, low, high)


def title_of(text: str, graph: Graph) -> str:
    """The expression as it was typed, or of several lines what the last comes to."""
    from circuitcli.notation import LONG, expressions

    if "\n" not in text.strip():
        return shortened(" ".join(text.split()), WIDTH)
    last = expressions(graph, LONG)[graph.output]
    return shortened(last if graph.answer == "value" else f"{graph.answer} = {last}", WIDTH)


def nothing_in(plot: Plot) -> str:
    """The note on a picture that would be empty, and why it would be."""
    from circuitcli.analysis.nonfinite import fault
    from circuitcli.analysis.point import Point

    middle = {span.name: 0.5 * span.low + 0.5 * span.high for span in plot.sweep.spans}
    why = fault(Point(plot.sweep.graph, {**plot.sweep.fixed, **middle}, plot.sweep.names))
    return f"there is nothing to draw: no value is finite for {_where(plot)}{f'; {why}' if why else ''}"


def lost_points(plot: Plot) -> str:
    """The note on points that are not finite."""
    lost, points = plot.over.lost, plot.over.points
    return f"{lost:,} of {points:,} points for {_where(plot)} {left_out(lost)}"


def too_large(plot: Plot) -> str:
    """The note on numbers that no picture shows; empty where there are none."""
    sizes = abs(plot.over.values[abs(plot.over.values) < math.inf])
    large = int((sizes >= BIGGEST).sum())
    return f"{large:,} of {sizes.size:,} values are beyond {BIGGEST:g}, and are not drawn" if large else ""


def left_out(count: int) -> str:
    """The end of a note on so many points."""
    return "is not finite, and is left out" if count == 1 else "are not finite, and are left out"


def _where(plot: Plot) -> str:
    return " and ".join(f"{span.name} from {span.low:.6g} to {span.high:.6g}" for span in plot.sweep.spans)
