"""circuit draw: the circuit as a picture."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.analysis.point import Point
from circuitcli.cli.extras import refuse_missing
from circuitcli.cli.options import FILE, PLAIN, ExpressionCommand, asked_for, color_option, input_options, note, read_by
from circuitcli.cli.picture_files import form_of, picture_file
from circuitcli.cli.request import Request
from circuitcli.cli.text_files import refuse_overwriting, write_text
from circuitcli.errors import UsageError
from circuitcli.pictures.diagram import Diagram, diagram
from circuitcli.render.number_format import DIGITS

PICTURES = ("svg", "png", "pdf", "html", "dot", "mermaid")
PAGE_DIGITS = 6  # with which its wires stay short whatever the numbers become
ENDINGS = {**{f".{form}": form for form in PICTURES[:5]}, ".gv": "dot", ".mmd": "mermaid"}

EXAMPLES = (
    '# a tree of gates, with the value and the gradient of each\ncircuit draw "(x+y)*z" -x -2 -y 5 -z -4',
    '# a picture: inputs left, output right\ncircuit draw "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --format svg',
    '# a page with a slider for every input\ncircuit draw "q = x + y; f = q*z" -x 1 -y 2 -z 3 --format html',
)


@click.command("draw", cls=ExpressionCommand, examples=EXAMPLES)
@input_options
@click.option(
    "--format", "form", type=click.Choice(PICTURES), help="A picture or a text, instead of a tree at the terminal."
)
@click.option("--wrt", metavar="NAMES", help="Differentiate by these inputs or named nodes: x,q.")
@click.option("--out", type=FILE, metavar="FILE", help="Write to FILE, whose ending says the form.")
@click.option(
    "--digits",
    type=click.IntRange(1, 17),
    metavar="N",
    help="Significant digits.  [default: 10; of a page 6]",
)
@color_option
def command(form: str | None, wrt: str | None, out: str | None, digits: int | None, color: str, **options: Any) -> int:
    """The circuit with the value above each wire and the gradient below it; without inputs, the bare graph.

    A page (html) computes by itself as its sliders move, and plays the passes gate by gate. DOT and Mermaid are texts
    for those tools. Pictures and pages need the extra "plot".
    """
    form = form_of("--format", form, out, ENDINGS)
    if form in ("svg", "png", "pdf", "html"):
        refuse_missing("pictures need", ("igraph", "matplotlib") if form in ("png", "pdf") else ("igraph",), "plot")
    refuse_overwriting("--out", out, read_by(options))
    asked = asked_for(options)
    asked.certain("a picture has none")
    point = _moving(asked, wrt) if form == "html" else _point(asked, wrt)
    digits = digits or (PAGE_DIGITS if form == "html" else DIGITS)
    found = diagram(asked.graph, point, digits)
    if found.left_out:
        note(f"{found.left_out} gates are left out; the {len(found.boxes)} nearest to the output are drawn")
    if form is None:
        from circuitcli.render.node_tree import print_tree

        print_tree(found, color)
    elif form in ("png", "pdf"):
        _paint(found, form, out)
    elif form == "html" and point is not None:
        write_text(_page(found, point, digits), out)
    else:
        write_text(_text(found, form, asked.text), out)
    return _finish(point)


def _point(asked: Request, wrt: str | None) -> Point | None:
    """The point at the inputs; without any the graph is drawn bare. Some of them are not enough."""
    needed = [name for name in asked.graph.inputs if name not in asked.graph.defaults]
    if needed and not asked.given:
        return None
    return Point(asked.graph, asked.given, asked.wrt(wrt))


def _finish(point: Point | None) -> int:
    """The notes on a point, and the status that its numbers deserve."""
    if point is None:
        return 0
    from circuitcli.cli.answers.point_answer import finish

    return finish(point, PLAIN)


def _text(found: Diagram, form: str, title: str) -> str:
    if form == "svg":
        from circuitcli.render.shapes import picture
        from circuitcli.render.svg import svg

        return svg(picture(found), " ".join(title.split()))
    from circuitcli.render import graph_text

    return graph_text.dot(found) if form == "dot" else graph_text.mermaid(found)


def _moving(asked: Request, wrt: str | None) -> Point:
    """Where a page begins: inputs that have no value with 1."""
    point = _point(asked, wrt) or Point(asked.graph, dict.fromkeys(asked.graph.inputs, 1.0), asked.wrt(wrt))
    if point.came_in():
        raise UsageError(f"a page moves finite numbers, and {point.came_in()[0]} is none", "give it another value")
    return point


def _page(found: Diagram, point: Point, digits: int) -> str:
    from circuitcli.export.javascript import every_node
    from circuitcli.notation import program
    from circuitcli.render.html_page import Moved, page

    graph = point.graph
    script, kinks = every_node(graph, point.wrt or [])
    boxes = [box._replace(kink=box.id in kinks) for box in found.boxes]  # whether it is at one the page finds out
    inputs = [Moved(name, k, point.values[k]) for name, k in graph.inputs.items()]
    return page(found._replace(boxes=boxes), program(graph), script, inputs, digits)


def _paint(found: Diagram, form: str, out: str | None) -> None:
    """Write a picture that is no text: to a file, or down a pipe."""
    from circuitcli.render.matplotlib_shapes import paint
    from circuitcli.render.shapes import picture

    with picture_file(form, out, "circuit") as stream:
        paint(picture(found), form, stream)
