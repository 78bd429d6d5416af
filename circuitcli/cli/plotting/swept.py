"""The plot of an expression over one input or two, read and checked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.cli.notes import note
from circuitcli.cli.ranges import Ends, ranges_of
from circuitcli.cli.request import Request
from circuitcli.cli.trace_file import Way, read_trace
from circuitcli.errors import InputError, UsageError, shortened
from circuitcli.extras import refuse_missing
from circuitcli.nested_names import in_short, to_set
from circuitcli.pictures.plot_frame import MOST_CURVES, WIDTH, span_between, title_of
from circuitcli.pictures.shown_numbers import ends_about
from circuitcli.visible_text import shell_word, some_of

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.pictures.points import Points
    from circuitcli.pictures.sweep import Plot, Span, Trail

MARGIN = 0.25  # how far a sweep goes to both sides of a way, times its length
ONE_BAND = "a plot has the band of one curve alone"
SAME = 1e-6  # of a value, or of the greatest on the way: what is less apart is rounding


def swept_plot(
    asked: Request,
    texts: Sequence[str],
    path: str | None,
    of: str,
    quiet: bool,
    points: Points | None = None,
    residuals: bool = False,
) -> Plot:
    """All that the picture shows, with the points of data where there are some."""
    from circuitcli.language import canonical
    from circuitcli.name_lists import listed

    results = asked.aim(of) if of else []
    named = [canonical(part.partition("=")[0].strip()) for text in texts for part in listed(text)]
    graph, _ = asked.circuit.bind({**asked.given, **dict.fromkeys(named, 0.0)}, {})  # constants may be swept, too
    if not graph.inputs:
        raise UsageError("there is nothing to sweep: the expression has no inputs", 'circuit plot "sin(x)/x" sweeps x')
    graph = graph.answering(results) if results else graph
    ways = read_trace(path) if path else []
    ranges = ranges_of("--range", texts, graph.inputs, "the inputs of the expression")
    names = [points.across] if points is not None else _swept(graph, asked.given, ranges, ways)
    if points is not None and {*ranges} - {points.across}:
        other = next(name for name in ranges if name != points.across)
        raise UsageError(f"points are over {points.across}, and --range names {other}", f"give it a value: -{other} 1")
    known = {*asked.given, *graph.defaults, *names}
    missing = [name for name in graph.inputs if name not in known] if points is not None else []
    if missing:
        hint = f"give it: --inputs fit.json, or -{missing[0]} 1"
        raise InputError(f"{some_of(in_short(missing))} has no value, and is no column", hint)
    if len(results) > 1:
        _refuse_several(results, names, path)
    asked.certain(*("what is swept has none", names) if len(names) == len(results or [1]) == 1 else (ONE_BAND,))
    refuse_missing("plots need", ("matplotlib", "plotext"), "plot")
    from circuitcli.pictures.sweep import Plot, Sweep, Uncertain
    from circuitcli.rows.kernels import scalars_of

    scalars = scalars_of(graph, asked.given, ())
    seen = points.ends if points is not None else None
    spans = [_span(name, ranges.get(name, seen), ways, scalars.get(name)) for name in names]
    sweep = Sweep(graph, asked.given, spans, Uncertain(asked.sigmas, asked.covariance))
    fixed = ", ".join(f"{name} = {x:.6g}{_spread(asked, name)}" for name, x in sweep.fixed.items())
    title = title_of(asked.text, graph)
    if len(results) > 1:
        return Plot(title, shortened(fixed, WIDTH), ", ".join(results), sweep, sweep.curves(results))
    if len(spans) == 1 and len(graph.results) > 1 and not of:
        every = to_set(graph.results, ())
        note(f"the last result alone is drawn: add --of {shell_word(','.join(every))} for all", quiet)
    spot = sweep.spot(scalars)
    if spot is None and all(name in scalars for name in names):
        note("the point that is given is beyond the range, or not finite, and is not marked", quiet)
    over = sweep.curve() if len(spans) == 1 else sweep.grid()
    trails = [sweep.trail(way.at) for way in ways]
    stray = next(filter(None, map(_stray, ways, trails)), "")
    if stray:
        note(stray, quiet)
    if points is None:
        return Plot(title, shortened(fixed, WIDTH), graph.answer, sweep, over, spot, trails)
    left = points.residuals(sweep.at(points.xs)) if residuals else None
    return Plot(title, shortened(fixed, WIDTH), graph.answer, sweep, over, None, (), points, left)


def _spread(asked: Request, name: str) -> str:
    """The standard uncertainty of an input behind its value; empty where it is exact."""
    sigma = asked.sigmas.get(name, 0.0)
    return f" ± {sigma:.2g}" if sigma else ""


def _refuse_several(results: Sequence[str], names: Sequence[str], path: str | None) -> None:
    """Raise UsageError where several results have no picture."""
    if len(results) > MOST_CURVES:
        few = shell_word(",".join(results[:MOST_CURVES]))
        raise UsageError(f"a plot has {MOST_CURVES} curves at most, not {len(results)}", f"name some: --of {few}")
    if path:
        raise UsageError("--path is about one result", f"name one: --of {shell_word(results[-1])}")
    if len(names) > 1:
        hint = f"name one, --of {shell_word(results[-1])}, or give {names[-1]} a value: -{names[-1]} 1"
        raise UsageError(f"curves of several results are over one input, and {' and '.join(names)} are swept", hint)


def _stray(way: Way, trail: Trail) -> str:
    """The note on the first step of a way at which the expression has another value than the trace; empty where there
    is none."""
    size = max((abs(told) for told in way.values if math.isfinite(told)), default=0.0)
    for step, told, value in zip(way.steps, way.values, trail.values.tolist(), strict=True):
        if math.isfinite(told) and not math.isclose(told, value, rel_tol=SAME, abs_tol=SAME * size):
            return f"the path is that of another problem: at step {step} its value is {told:.9g}, and here {value:.9g}"
    return ""


def _swept(graph: Graph, given: Mapping[str, float], ranges: Collection[str], ways: Sequence[Way]) -> list[str]:
    """The one or two inputs that are swept: those named, and those without a value; if there are none those that moved
    along the way, else those that grad would differentiate by."""
    from circuitcli.read_circuit import wanted

    missing = [name for name in graph.inputs if name not in given and name not in graph.defaults]
    moved = [name for name in graph.inputs if ways and name in ways[0].at]
    names = list(dict.fromkeys([*ranges, *missing])) or moved or wanted(graph, given)
    if len(names) > 2:
        two = shell_word(",".join(f"{name}=-3:3" for name in names[:2]))
        others = "".join(f" -{name} 1" for name in names[2:] if name in missing)
        hint = f"name one or two: --range {two}{others}"
        if names[-1] not in ranges and names[-1] in missing:
            hint = f"give others a value: -{names[-1]} 1"
        raise UsageError(f"a plot sweeps one input or two, not {len(names)}: {some_of(in_short(names))}", hint)
    for name in names if ways else ():
        if name not in ways[0].at:
            raise InputError(
                f"the path has no {name}, which is swept: it has {', '.join(ways[0].at) or 'no input'}",
                f"give it a value: -{name} VALUE",
            )
    return names


def _span(name: str, ends: Ends | None, ways: Sequence[Way], middle: float | None) -> Span:
    """The range of an input: as it was given, else about the way of an ascent, else about its value or 0."""
    hint = f"write for example --range {name}=-3:3"
    if ends is not None:
        return span_between(name, *ends, hint)
    steps = [x for way in ways for x in way.at[name]]
    if steps and max(steps) - min(steps) > 1e-6 * max(map(abs, steps)):
        margin = MARGIN * (max(steps) - min(steps))
        return span_between(name, min(steps) - margin, max(steps) + margin, hint)
    return span_between(name, *ends_about(steps[0] if steps else middle), hint)
