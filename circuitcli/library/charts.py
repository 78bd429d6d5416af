"""The plot of a circuit over one input or two, as Python has it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circuitcli.errors import InputError, NoValueError, UsageError, shortened
from circuitcli.extras import refuse_no_tables
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.library.asked_names import chosen_results
from circuitcli.library.earlier_results import NONE, Earlier, earlier
from circuitcli.library.findings import Findings
from circuitcli.library.given_ranges import Ends, bound_with_ranges
from circuitcli.library.plotted_points import plotted_points
from circuitcli.library.table_kinds import TableOf, table_of
from circuitcli.nested_names import in_short
from circuitcli.pictures.plot_columns import columns_of
from circuitcli.pictures.plot_frame import (
    MOST_CURVES,
    WIDTH,
    lost_points,
    nothing_in,
    span_between,
    title_of,
)
from circuitcli.pictures.shown_numbers import ends_about
from circuitcli.pictures.sweep import Curve, Curves, Plot, Span, Sweep, Uncertain
from circuitcli.read_circuit import Inputs, ReadCircuit, mapping, wanted
from circuitcli.render.picture_forms import PICTURES
from circuitcli.rows.kernels import scalars_of
from circuitcli.rows.over_arrays import over_arrays
from circuitcli.visible_text import some_of
from circuitcli.wording import value_of

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray


SIZE = 80, 24  # columns and lines of the text
PLOTTED = {name: picture for name, picture in PICTURES.items() if picture.plot}


class Chart:
    """The value and the gradient over one input, or the value over two. A notebook shows `svg`, and the text is the
    plot of a terminal."""

    def __init__(self, plot: Plot, surface: bool = False) -> None:
        if plot.empty:
            raise InputError(nothing_in(plot), "give other ranges, or other values")
        self._plot, self._surface = plot, surface

    @cached_property
    def numbers(self) -> dict[str, FloatArray]:
        """The numbers of the picture. Over one input an array of its values, of those of the result, and of its
        derivative, `grad_NAME`; with a band its ends, `_lo` and `_hi`. With residuals the points, the value and the
        residual at each. Of several results an array each, at the same places. Over two inputs the values of each and a
        matrix with a row for each of the second. Where the result is not finite there is nan."""
        over, name = self._plot.over, self._plot.sweep.names[0]
        if self._plot.residuals is not None:
            return {column: np.asarray(cells, np.float64) for column, cells in columns_of(self._plot).items()}
        if isinstance(over, Curve):
            answer = self._plot.answer
            band = dict(zip((f"{answer}_lo", f"{answer}_hi"), over.band, strict=True)) if over.band is not None else {}
            return {name: over.xs, answer: over.values, f"grad_{name}": over.slopes, **band}
        if isinstance(over, Curves):
            xs = np.unique(np.concatenate([curve.xs for curve in over.of.values()]))
            sweep = self._plot.sweep
            given = {**sweep.fixed, name: xs}
            columns = {result: over_arrays(sweep.graph.answering([result]), given, ()).value for result in over.of}
            return {name: xs, **columns}
        across, up = over.spans
        rows, columns_ = over.values.shape
        return {across.name: across.points(columns_), up.name: up.points(rows), self._plot.answer: over.values}

    @property
    def note(self) -> str:
        """The points that are not finite and are left out; empty where there are none."""
        return lost_points(self._plot) if self._plot.over.lost else ""

    @property
    def svg(self) -> str:
        """The picture as a document of SVG."""
        content = self._in_form("svg")
        return content.decode() if isinstance(content, bytes) else content

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to a file, whose ending tells the form: .svg, .png or .pdf."""
        from circuitcli.library.saved_pictures import save

        save(path, PLOTTED, self._in_form)

    def __str__(self) -> str:
        from circuitcli.render.terminal_plot import plot_lines

        return "\n".join(plot_lines(self._plot, *SIZE, False))

    __repr__ = __str__

    def _repr_svg_(self) -> str:
        """The picture, for notebooks: the element alone, which stands in a page."""
        return self.svg[self.svg.index("<svg") :]

    def _in_form(self, name: str) -> str | bytes:
        return PLOTTED[name].plotted(self._plot, self._surface)


class Laid(NamedTuple):
    """The things that are laid on a curve: the result of a fit, the column that goes up, and whether there are
    residuals below."""

    fit: object = None
    against: str | None = None
    residuals: bool = False


def chart(circuit: ReadCircuit, of: object, surface: bool, laid: Laid, point: Any, inputs: Inputs) -> Chart:
    """The plot over the inputs with a range, (low, high), and those without a value; without such over those that the
    gradient has. Of a table there are the points."""
    if isinstance(point, Findings) and laid.fit is None:
        laid, point = laid._replace(fit=point), None
    known = earlier(circuit, laid.fit) if laid.fit is not None else NONE
    if (table := table_of(point)) is not None:
        refuse_no_tables()
        if of is not None or surface:
            other = "surface" if surface else "of"
            raise UsageError(f"points are laid on one curve, and {other}= is for none", f"leave out {other}=...")
        return _with_points(circuit, table, known, laid, inputs)
    if laid.residuals or laid.against is not None:
        other = "residuals=True" if laid.residuals else f"against={laid.against!r}"
        raise UsageError(f"{other} is about points, and there are none", f"rows come first: plot(df, {other})")
    graph, values, ranges = bound_with_ranges(circuit, {**known.values, **mapping(point)}, inputs)
    uncertain = known.uncertain(_named(circuit, point, inputs))
    results = [] if of is None else chosen_results(graph, of)
    graph = graph.answering(results) if results else graph
    names = _swept(graph, values, ranges)
    if surface and len(names) == 1:
        raise UsageError("a surface needs two inputs, and one is swept", "give two a range: x=(-3, 3), y=(-3, 3)")
    scalars = scalars_of(graph, values, ())
    spans = [_span(name, ranges.get(name), scalars.get(name)) for name in names]
    sweep = Sweep(graph, values, spans, uncertain)
    fixed = _fixed(sweep, uncertain)
    title = title_of(circuit.program.text, graph)
    if len(results) > 1:
        if len(results) > MOST_CURVES:
            hint = f"name some: of={results[:MOST_CURVES]}"
            raise UsageError(f"a plot has {MOST_CURVES} curves at most, not {len(results)}", hint)
        if len(names) > 1:
            raise UsageError(
                "several results have curves over one input", f"give {names[-1]} a value: {value_of(names[-1], '1')}"
            )
        return Chart(Plot(title, fixed, ", ".join(results), sweep, sweep.curves(results)))
    over = sweep.curve() if len(names) == 1 else sweep.grid()
    return Chart(Plot(title, fixed, graph.answer, sweep, over, sweep.spot(scalars)), surface)


def _with_points(circuit: ReadCircuit, table: TableOf, known: Earlier, laid: Laid, inputs: Inputs) -> Chart:
    """The curve of a model over the column that it uses, with the rows as points."""
    graph, values, ranges = bound_with_ranges(circuit, known.values, inputs)
    points = plotted_points(graph, table, values, laid.against)
    if other := [name for name in ranges if name != points.across]:
        what = f"points are over {points.across}, and {other[0]} is given a range"
        raise UsageError(what, f"give it a value: {value_of(other[0], '1')}")
    missing = [name for name in graph.inputs if name not in (points.across, *values, *graph.defaults)]
    if missing:
        what = "has no value, and is no column" if len(missing) == 1 else "have no value, and are no columns"
        what = f"{some_of(in_short(missing))} {what} of {table.shown}"
        raise NoValueError(what, f"give what a fit found, fit=found, or {value_of(missing[0], '1')}", missing)
    uncertain = known.uncertain(_named(circuit, None, inputs))
    sweep = Sweep(graph, values, [_span(points.across, ranges.get(points.across, points.ends), None)], uncertain)
    left = points.residuals(sweep.at(points.xs)) if laid.residuals else None
    title, fixed = title_of(circuit.program.text, graph), _fixed(sweep, uncertain)
    return Chart(Plot(title, fixed, graph.answer, sweep, sweep.curve(), None, (), points, left))


def _named(circuit: ReadCircuit, point: Inputs | None, inputs: Inputs) -> set[str]:
    """The inputs that are given."""
    return {canonical(name) for some in circuit.spread(point, inputs)[:2] for name in some}


def _fixed(sweep: Sweep, uncertain: Uncertain) -> str:
    """The inputs that are not swept, with the uncertainties that make the band of a curve."""
    sigmas = uncertain.sigmas if len(sweep.spans) == 1 else {}
    each = (f"{name} = {x:.6g}{f' ± {sigmas[name]:.2g}' if name in sigmas else ''}" for name, x in sweep.fixed.items())
    return shortened(", ".join(each), WIDTH)


def _swept(graph: Graph, values: Mapping[str, float], ranges: Mapping[str, Ends]) -> list[str]:
    """The one or two inputs that are swept. Raises UsageError for more, and for none."""
    missing = [name for name in graph.inputs if name not in values and name not in graph.defaults]
    names = list(dict.fromkeys([*ranges, *(name for name in missing if name not in ranges)])) or wanted(graph, values)
    if not names:
        raise UsageError("there is nothing to sweep: the expression has no inputs", 'Circuit("sin(x)/x") sweeps x')
    if len(names) > 2:
        left = [name for name in names if name not in ranges] or names
        hint = f"give others a value: {value_of(left[-1], '1')}"
        if not (ranges or missing):
            hint = f"all have values: give one a range, {value_of(names[-1], '(-3, 3)')}"
        raise UsageError(f"a plot sweeps one input or two, not {len(names)}: {some_of(in_short(names))}", hint)
    return names


def _span(name: str, ends: Ends | None, middle: float | None) -> Span:
    """The range of an input: as it is given, else about its value or 0."""
    low, high = ends_about(middle) if ends is None else ends
    return span_between(name, low, high, f"give for example {value_of(name, '(-3, 3)')}")
