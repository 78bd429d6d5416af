"""circuit plot: curves and contours, with the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.options import (
    FILE,
    Data,
    ExpressionCommand,
    Output,
    TypedWords,
    color_option,
    input_options,
    nonfinite_option,
    points_options,
    refuse_without_rows,
    request_with_rows,
    together,
)
from circuitcli.cli.picture_files import form_of, refuse_terminal, write_picture
from circuitcli.cli.plotting.data_points import points_of
from circuitcli.cli.plotting.swept import swept_plot
from circuitcli.cli.plotting.traced import traced_plot
from circuitcli.cli.teaching_help import OUTPUT, PLOT, taught, under
from circuitcli.cli.text_files import refuse_overwriting, write_text
from circuitcli.errors import UsageError
from circuitcli.pictures.plot_frame import lost_points, nothing_in, too_large
from circuitcli.render.picture_forms import PICTURES, PictureForm
from circuitcli.render.plot_numbers import NUMBERS, numbers_text
from circuitcli.tables.formats import Format

if TYPE_CHECKING:
    from circuitcli.pictures.ascent_runs import Runs
    from circuitcli.pictures.sweep import Plot

EXAMPLES = (
    '# the picture of the lesson, in the terminal\ncircuit plot "100-(x-y)^2"',
    '# a curve with its slope, and the tangent at 1\ncircuit plot "sigmoid(w*x)" -w 2 -x 1 --range x=-3:3',
    '# the value over the steps of a descent, by decades\ncircuit descend "x^4 - x" -x 2 '
    "--trace - | circuit plot --trace -",
    '# a straight line through points, its band and its residuals\nprintf "x,y\\n1,2.1\\n2,3.9\\n" | '
    'circuit plot "a*x" - -a 2±0.1 --residuals',
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
    click.option("--against", metavar="COLUMN", default="", help="The column of the points that goes up."),
    click.option("--residuals", is_flag=True, help="How far the points are from the curve: below, or with --to each."),
    click.option("--surface", is_flag=True, help="Two inputs as a surface instead of contours."),
)
@under(
    OUTPUT,
    click.option("--to", "numbers", type=click.Choice(list(NUMBERS)), help="The numbers, for gnuplot and others."),
    click.option(
        "--format", "picture_form", type=click.Choice(list(PLOTTED)), help="A picture, instead of one in characters."
    ),
    click.option("--out", "file", type=FILE, metavar="FILE", help="Write to FILE; its ending tells the form."),
)
@together(
    "output",
    Output,
    under(OUTPUT, click.option("--quiet", is_flag=True, help="The picture, without notes.")),
    color_option,
    nonfinite_option,
)
@points_options
def command(
    typed: TypedWords,
    ranges: Sequence[str],
    path: str | None,
    traces: Sequence[str],
    of: str,
    against: str,
    residuals: bool,
    surface: bool,
    numbers: str | None,
    picture_form: str | None,
    file: str | None,
    output: Output,
    data: Data,
) -> int:
    """Plot the value and the gradient of an expression over one input or two.

    The plot sweeps every input without a value, and those that --range names. A value given for one of them is marked.
    Plots need the extra "plot".
    """
    read = typed.read
    if path == "-" and "-" in (*typed.words, *read):
        raise UsageError("standard input can be read only once", "name a file for one of them")
    refuse_overwriting("--out", file, [*read, *traces, *filter(None, [path])])
    if numbers and picture_form:
        raise UsageError("--to is for numbers, and --format for a picture", "leave one of them out")
    option = "--to" if numbers else "--format"
    forms: dict[str, PictureForm | Format] = {**PLOTTED, **NUMBERS}
    form = form_of(option, numbers or picture_form, file, forms)
    if form is None and surface:
        raise UsageError("a surface needs a picture", "add --out surface.svg; in the terminal there are contours")
    if surface and isinstance(form, Format):
        raise UsageError("a surface is a picture, and these are numbers", "leave out --surface")
    if form and output.color != "auto":
        raise UsageError("--color is for the terminal, and this is a picture", "leave one of them out")
    plot: Plot | Runs
    if traces:
        options = {"--range": ranges, "--path": path, "--of": of, "--surface": surface, "--against": against}
        options["--residuals"] = residuals
        beside = typed.words or typed.files or typed.sets or typed.inputs
        plot = traced_plot(traces, bool(beside), [option for option, value in options.items() if value])
    else:
        asked = request_with_rows(typed, output, data)
        refuse_overwriting("--out", file, asked.data)
        points = None
        if asked.data:
            options = {"--path": path, "--of": of, "--surface": surface}
            if other := next((option for option, value in options.items() if value), None):
                raise UsageError(f"{other} is for no data, and there are rows", "leave one of them out")
            points = points_of(asked, output, data, against)
        else:
            refuse_without_rows({"--against": against, "--residuals": residuals})
        swept = swept_plot(asked, ranges, path, of, output.quiet, points, residuals)
        plot = _swept(swept, surface, output)
        if not isinstance(form, Format) and (large := too_large(swept)):
            note(large, output.quiet)
            if swept.blank:
                return output.nonfinite
    if plot.empty:
        if traces:
            note("there is nothing to draw: no value of the trace is finite", output.quiet)
        return output.nonfinite
    if form is None:
        from circuitcli.render.palette import coloured
        from circuitcli.render.terminal_plot import print_plot

        print_plot(plot, coloured(output.color))
    elif isinstance(form, Format):
        write_text(numbers_text(plot, form), file)
    else:
        refuse_terminal(form, file, "plot")
        write_picture(form.plotted(plot, surface), file)
    return 0


def _swept(plot: Plot, surface: bool, output: Output) -> Plot:
    """The plot of an expression, with notes on what is not in it."""
    if surface and len(plot.sweep.spans) == 1:
        raise UsageError("a surface needs two inputs, and one is swept", "name two: --range x=-3:3,y=-3:3")
    if plot.empty:
        note(nothing_in(plot), output.quiet)
    elif plot.over.lost:
        note(lost_points(plot), output.quiet)
    return plot
