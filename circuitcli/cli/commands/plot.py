"""circuit plot: curves and contours, with the gradient."""

from __future__ import annotations

from collections.abc import Sequence
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
from circuitcli.cli.plotting.swept import nothing_drawn, points_lost, swept_plot
from circuitcli.cli.plotting.traced import traced_plot
from circuitcli.cli.teaching_help import OUTPUT, PLOT, taught, under
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.errors import UsageError
from circuitcli.render.picture_forms import PICTURES

if TYPE_CHECKING:
    from circuitcli.pictures.runs import Runs
    from circuitcli.pictures.sweep import Plot

EXAMPLES = (
    '# the picture of the lesson, in the terminal\ncircuit plot "100-(x-y)^2"',
    '# a curve with its slope, and the tangent at 1\ncircuit plot "sigmoid(w*x)" -w 2 -x 1 --range x=-3:3',
    '# the value over the steps of a descent, by decades\ncircuit descend "(1-x)^2 + 100*(y-x^2)^2" -x -1.2 -y 1 '
    "--trace - | circuit plot --trace -",
    '# the way of an ascent\ncircuit descend "x^4 - x" -x 2 --trace - | circuit plot "x^4 - x" --path -',
)
PLOTTED = {name: picture for name, picture in PICTURES.items() if picture.plot}


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
        "--trace",
        "traces",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="Draw values over the steps of an ascent, without an expression (may be repeated).",
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
    traces: Sequence[str],
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
    refuse_overwriting("--out", out, [*read, *traces, *filter(None, [path])])
    picture = form_of("--format", form, out, PLOTTED)
    if picture is None and surface:
        raise UsageError("a surface needs a picture", "add --out surface.svg; in the terminal there are contours")
    if picture and output.color != "auto":
        raise UsageError("--color is for the terminal, and this is a picture", "leave one of them out")
    plot: Plot | Runs
    if traces:
        options = {"--range": ranges, "--path": path, "--of": of, "--surface": surface}
        beside = typed.words or typed.files or typed.sets or typed.inputs
        plot = traced_plot(traces, bool(beside), [option for option, value in options.items() if value])
    else:
        plot = _swept(typed, ranges, path, of, surface, output)
    if plot.empty:
        if traces:
            note("there is nothing to draw: no value of the trace is finite", output.quiet)
        return output.nonfinite
    if picture is None:
        from circuitcli.render.palette import coloured
        from circuitcli.render.terminal_plot import print_plot

        print_plot(plot, coloured(output.color))
        return 0
    refuse_terminal(picture, out, "plot")
    write_picture(picture.plotted(plot, surface), out)
    return 0


def _swept(typed: TypedWords, ranges: Sequence[str], path: str | None, of: str, surface: bool, output: Output) -> Plot:
    """The plot of an expression, with notes on what is not in it."""
    plot = swept_plot(typed.request(), ranges, path, of, output.quiet)
    if surface and len(plot.sweep.spans) == 1:
        raise UsageError("a surface needs two inputs, and one is swept", "name two: --range x=-3:3,y=-3:3")
    if plot.empty:
        note(nothing_drawn(plot), output.quiet)
    elif plot.over.lost:
        note(points_lost(plot), output.quiet)
    return plot
