"""circuit draw: the circuit as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from circuitcli.analysis.lost_digits import NONE, LostDigits, restored
from circuitcli.cli.notes import note
from circuitcli.cli.options import FILE, ExpressionCommand, Output, TypedWords, color_option, input_options, wrt_option
from circuitcli.cli.picture_files import form_of, refuse_terminal, write_picture
from circuitcli.cli.teaching_help import OUTPUT, taught, under
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.extras import refuse_missing
from circuitcli.pictures.diagram import diagram
from circuitcli.pictures.drawn_points import drawn_point, moving_point
from circuitcli.render.number_format import DIGITS
from circuitcli.render.picture_forms import FEW, PICTURES

if TYPE_CHECKING:
    from circuitcli.analysis.point import Point

EXAMPLES = (
    '# a tree of gates, with the value and the gradient of each\ncircuit draw "(x+y)*z" -x -2 -y 5 -z -4',
    '# a picture: inputs left, output right\ncircuit draw "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --format svg',
    '# a page with a slider for every input\ncircuit draw "q = x + y; f = q*z" -x 1 -y 2 -z 3 --format html',
)


@taught(EXAMPLES)
@click.command("draw", cls=ExpressionCommand)
@input_options
@wrt_option
@under(
    OUTPUT,
    click.option(
        "--format",
        "form",
        type=click.Choice(list(PICTURES)),
        help="A picture or a text, instead of a tree at the terminal.",
    ),
    click.option("--out", type=FILE, metavar="FILE", help="Write to FILE; its ending tells the form."),
    click.option(
        "--digits",
        type=click.IntRange(1, 17),
        metavar="N",
        help="Significant digits.  [default: 4 in a picture, 10 in a tree]",
    ),
    click.option("--unfold", is_flag=True, help="Draw each gate, and no families as boxes."),
    color_option,
)
def command(
    typed: TypedWords, form: str | None, wrt: str | None, out: str | None, digits: int | None, unfold: bool, color: str
) -> int:
    """The circuit with the value above each wire and the gradient below it; without inputs, the bare graph.

    A family is one box, with its numbers or their norm, and so is a sum over an index.

    A page (html) computes by itself as its sliders move, plays the passes gate by gate, and goes along the gradient.
    DOT and Mermaid are texts for those tools. PNG and PDF need the extra "plot".
    """
    picture = form_of("--format", form, out, PICTURES)
    refuse_overwriting("--out", out, typed.read)
    asked = typed.request()
    asked.certain("a picture has none")
    point_of = moving_point if picture is not None and picture.moves else drawn_point
    point = point_of(asked.graph, asked.given, asked.wrt(wrt))
    still = point is not None and (picture is None or not picture.moves)  # a page computes by itself, in float64
    if picture is not None and picture.needs:
        refuse_missing("pictures need", picture.needs, "plot")
    lost = restored(point) if point is not None and still else NONE
    digits = digits or (DIGITS if picture is None else FEW)
    found = diagram(asked.graph, point, digits, title=asked.text, unfold=unfold)
    if found.note:
        note(found.note)
    if picture is None:
        from circuitcli.render.node_tree import print_tree

        print_tree(found, color)
    else:
        refuse_terminal(picture, out, "circuit")
        write_picture(picture.drawn(found), out)
    return _finish(point, lost)


def _finish(point: Point | None, lost: LostDigits) -> int:
    """Print the notes on a point and return the status of its numbers."""
    if point is None:
        return 0
    from circuitcli.cli.answers.answer import conclude
    from circuitcli.cli.answers.point_outcome import outcome_of

    return conclude(outcome_of(point, Output(), lost), Output())
