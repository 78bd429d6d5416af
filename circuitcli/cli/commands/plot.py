"""circuit plot: curves and contours, with the gradient."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.options import (
    FILE,
    ExpressionCommand,
    Output,
    TypedWords,
    color_option,
    input_options,
    nonfinite_option,
    together,
)
from circuitcli.cli.picture_files import form_of, refuse_terminal, write_picture
from circuitcli.cli.ranges import Ends, ranges_of
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import OUTPUT, PLOT, taught, under
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.cli.trace_file import Way, read_trace
from circuitcli.errors import InputError, UsageError, shortened
from circuitcli.extras import refuse_missing
from circuitcli.nested_names import in_short, to_set
from circuitcli.pictures.plot_frame import (
    MOST_CURVES,
    WIDTH,
    ends_about,
    lost_points,
    nothing_in,
    span_between,
    title_of,
)
from circuitcli.render.picture_forms import PICTURES
from circuitcli.visible_text import shell_word, some_of

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.pictures.sweep import Plot, Span, Trail

EXAMPLES = (
    '# the picture of the lesson, in the terminal\ncircuit plot "100-(x-y)^2"',
    '# a curve with its slope, and the tangent at 1\ncircuit plot "sigmoid(w*x)" -w 2 -x 1 --range x=-3:3',
    '# the way of an ascent\ncircuit descend "x^4 - x" -x 2 --trace - | circuit plot "x^4 - x" --path -',
)
PLOTTED = {name: picture for name, picture in PICTURES.items() if picture.plot}
MARGIN = 0.25  # how far a sweep goes to both sides of a way, times its length
SAME = 1e-6  # of a value, or of the greatest on the way: what is less apart is rounding


@taught(EXAMPLES)
@click.command("plot", cls=ExpressionCommand)
@input_options
@under(
    PLOT,
    click.option(
        "--range", "ranges", multiple=True, metavar="x=-3:3", help="The inputs to sweep, each with its range."
    ),
    click.option(
        "--path", type=FILE, metavar="FILE", help="Draw the path of an ascent, as --trace wrote it; - for stdin."
    ),
    click.option(
        "--of",
        default="",
        metavar="NAMES",
        help="Draw these results or named nodes, of several the curve of each: f,g.  [default: the last]",
        shell_complete=offered_names(inputs=False),
    ),
    click.option("--surface", is_flag=True, help="Two inputs as a surface instead of contours."),
)
@under(
    OUTPUT,
    click.option("--format", "form", type=click.Choice(list(PLOTTED)), help="A picture, instead of one in characters."),
    click.option("--out", type=FILE, metavar="FILE", help="Write to FILE; its ending tells the form."),
)
@together(
    "output",
    Output,
    under(OUTPUT, click.option("--quiet", is_flag=True, help="The picture, without notes.")),
    color_option,
    nonfinite_option,
)
def command(
    typed: TypedWords,
    ranges: Sequence[str],
    path: str | None,
    of: str,
    surface: bool,
    form: str | None,
    out: str | None,
    output: Output,
) -> int:
    """Plot the value and the gradient of an expression over one input or two.

    The plot sweeps every input without a value, and those that --range names. A value given for one of them is marked.
    Plots need the extra "plot".
    """
    read = typed.read
    if path == "-" and "-" in (*typed.words, *read):
        raise UsageError("standard input can be read only once", "name a file for one of them")
    refuse_overwriting("--out", out, [*read, *filter(None, [path])])
    picture = form_of("--format", form, out, PLOTTED)
    if picture is None and surface:
        raise UsageError("a surface needs a picture", "add --out surface.svg; in the terminal there are contours")
    if picture and output.color != "auto":
        raise UsageError("--color is for the terminal, and this is a picture", "leave one of them out")
    plot = _plot(typed.request(), ranges, path, of, output.quiet)
    if surface and len(plot.sweep.spans) == 1:
        raise UsageError("a surface needs two inputs, and one is swept", "name two: --range x=-3:3,y=-3:3")
    if plot.empty:
        note(nothing_in(plot), output.quiet)
        return output.nonfinite
    if plot.over.lost:
        note(lost_points(plot), output.quiet)
    if picture is None:
        from circuitcli.render.palette import coloured
        from circuitcli.render.terminal_plot import print_plot

        print_plot(plot, coloured(output.color))
        return 0
    refuse_terminal(picture, out, "plot")
    write_picture(picture.plotted(plot, surface), out)
    return 0


def _plot(asked: Request, texts: Sequence[str], path: str | None, of: str, quiet: bool) -> Plot:
    """All that the picture shows."""
    from circuitcli.language import canonical
    from circuitcli.name_lists import listed

    asked.certain("a plot shows none")
    results = asked.aim(of) if of else []
    named = [canonical(part.partition("=")[0].strip()) for text in texts for part in listed(text)]
    graph, _ = asked.circuit.bind({**asked.given, **dict.fromkeys(named, 0.0)}, {})  # constants may be swept, too
    if not graph.inputs:
        raise UsageError("there is nothing to sweep: the expression has no inputs", 'circuit plot "sin(x)/x" sweeps x')
    graph = graph.answering(results) if results else graph
    ways = read_trace(path) if path else []
    ranges = ranges_of("--range", texts, graph.inputs, "the inputs of the expression")
    names = _swept(graph, asked.given, ranges, ways)
    if len(results) > 1:
        _refuse_several(results, names, path)
    refuse_missing("plots need", ("matplotlib", "plotext"), "plot")
    from circuitcli.pictures.sweep import Plot, Sweep
    from circuitcli.rows.kernels import scalars_of

    known = scalars_of(graph, asked.given, ())
    spans = [_span(name, ranges.get(name), ways, known.get(name)) for name in names]
    sweep = Sweep(graph, asked.given, spans)
    fixed = ", ".join(f"{name} = {x:.6g}" for name, x in sweep.fixed.items())
    title = title_of(asked.text, graph)
    if len(results) > 1:
        return Plot(title, shortened(fixed, WIDTH), ", ".join(results), sweep, sweep.curves(results))
    if len(spans) == 1 and len(graph.results) > 1 and not of:
        every = to_set(graph.results, ())
        note(f"the last result alone is drawn: add --of {shell_word(','.join(every))} for all", quiet)
    spot = sweep.spot(known)
    if spot is None and all(name in known for name in names):
        note("the point that is given is beyond the range, or not finite, and is not marked", quiet)
    over = sweep.curve() if len(spans) == 1 else sweep.grid()
    trails = [sweep.trail(way.at) for way in ways]
    stray = next(filter(None, map(_stray, ways, trails)), "")
    if stray:
        note(stray, quiet)
    return Plot(title, shortened(fixed, WIDTH), graph.answer, sweep, over, spot, trails)


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
