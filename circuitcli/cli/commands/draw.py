"""circuit draw: the circuit as a picture."""

from __future__ import annotations

import click

from circuitcli.analysis.lost_digits import NONE, LostDigits, restored
from circuitcli.analysis.point import Point
from circuitcli.cli.notes import note
from circuitcli.cli.options import FILE, ExpressionCommand, Output, TypedWords, color_option, input_options, wrt_option
from circuitcli.cli.picture_files import form_of, refuse_terminal, write_picture
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import OUTPUT, taught, under
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.errors import UsageError
from circuitcli.extras import refuse_missing
from circuitcli.pictures.diagram import diagram
from circuitcli.render.number_format import DIGITS
from circuitcli.render.picture_forms import FEW, PICTURES

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
    point = _moving(asked, wrt) if picture is not None and picture.moves else _point(asked, wrt)
    still = point is not None and (picture is None or not picture.moves)  # a page computes by itself, in float64
    if picture is not None and picture.needs:
        refuse_missing("pictures need", picture.needs, "plot")
    lost = restored(point) if point is not None and still else NONE
    digits = digits or (DIGITS if picture is None else FEW)
    found = diagram(asked.graph, point, digits, title=asked.text, unfold=unfold)
    if found.left_out:
        note(f"{found.left_out} gates are left out; the {len(found.boxes)} nearest to the output are drawn")
    if picture is None:
        from circuitcli.render.node_tree import print_tree

        print_tree(found, color)
    else:
        refuse_terminal(picture, out, "circuit")
        write_picture(picture.drawn(found), out)
    return _finish(point, lost)


def _point(asked: Request, wrt: str | None) -> Point | None:
    """The point at the inputs, or None for a bare graph where no input has a value."""
    needed = [name for name in asked.graph.inputs if name not in asked.graph.defaults]
    if needed and not asked.given:
        return None
    return Point(asked.graph, asked.given, asked.wrt(wrt))


def _finish(point: Point | None, lost: LostDigits) -> int:
    """Print the notes on a point and return the status of its numbers."""
    if point is None:
        return 0
    from circuitcli.cli.answers.answer import conclude
    from circuitcli.cli.answers.point_outcome import outcome_of

    return conclude(outcome_of(point, Output(), lost), Output())


def _moving(asked: Request, wrt: str | None) -> Point:
    """The point at which a page begins; inputs without a value are 1."""
    point = _point(asked, wrt) or Point(asked.graph, dict.fromkeys(asked.graph.inputs, 1.0), asked.wrt(wrt))
    if point.came_in():
        raise UsageError(f"a page moves finite numbers, and {point.came_in()[0]} is none", "give it another value")
    return point
