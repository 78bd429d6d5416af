"""circuit export: value and gradient as code that runs without circuit."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.cli.options import FILE, ExpressionCommand, asked_for, input_options, read_by
from circuitcli.cli.picture_files import form_of
from circuitcli.cli.request import Request
from circuitcli.cli.text_files import refuse_overwriting, write_text
from circuitcli.errors import UsageError

TO = ("python", "numpy", "jax", "torch", "c", "javascript", "latex", "json")
LIKE_PYTHON = dict.fromkeys(("numpy", "jax", "torch"), "python")
ENDINGS = {".py": "python", ".c": "c", ".js": "javascript", ".tex": "latex", ".json": "json"}

EXAMPLES = (
    '# a function of Python\ncircuit export "q = x + y; f = q * z" --to python',
    '# of C, with its gates in their stable forms\ncircuit export "sigmoid(w*x + b)^2" --to c',
    '# the graph, and back\ncircuit export "x^2*y" --to json | circuit grad - -x 3 -y 2',
)


@click.command("export", cls=ExpressionCommand, examples=EXAMPLES)
@input_options
@click.option("--to", type=click.Choice(TO), help="The language.  [default: by the ending of --out]")
@click.option("--json", "to", flag_value="json", help="The same as --to json.")
@click.option("--wrt", metavar="NAMES", help="Differentiate by these inputs or named nodes: x,q.")
@click.option("--out", type=FILE, metavar="FILE", help="Write to FILE, which appears when it is complete.")
def command(to: str | None, wrt: str | None, out: str | None, **options: Any) -> int:
    """Value and gradient of an expression as one function that runs without circuit.

    The gates keep their stable forms and their gradients at kinks; a value given with -NAME becomes the default of an
    input. LaTeX has the equations and the partial derivatives; JSON describes the graph, and every command reads it
    with --file.
    """
    refuse_overwriting("--out", out, read_by(options))
    asked = asked_for(options)
    to = form_of("--to", to, out, ENDINGS, LIKE_PYTHON)
    if to is None:
        raise UsageError("nothing says to what language", f"add --to {', '.join(TO[:-1])} or {TO[-1]}")
    asked.certain("code has none")
    if to == "json" and wrt:
        raise UsageError("--wrt is for derivatives, and JSON describes the circuit", "leave it out")
    write_text(_written(asked, to, asked.wrt(wrt)), out)
    return 0


def _written(asked: Request, to: str, wrt: list[str]) -> str:
    if to == "json":
        from circuitcli.export.json_description import description
        from circuitcli.graph import Graph
        from circuitcli.render.machine_formats import json_text

        graph = asked.graph
        defaults = {**graph.defaults, **{name: value.graph for name, value in asked.values.items()}}
        return json_text(description(Graph(graph.nodes, graph.output, graph.names, defaults))) + "\n"
    if to == "latex":
        from circuitcli.export.latex import latex

        if asked.given:
            raise UsageError(f"LaTeX has names, and no values of {', '.join(asked.given)}", "leave the values out")
        return latex(asked.graph, wrt)
    from circuitcli.export import exported

    return exported(asked.graph, to, wrt, asked.given)
