"""circuit export: value and gradient as code that runs without circuit."""

from __future__ import annotations

import click

from circuitcli.cli.options import FILE, ExpressionCommand, TypedWords, input_options, wrt_option
from circuitcli.cli.picture_files import form_of
from circuitcli.cli.teaching_help import taught
from circuitcli.cli.text_files import refuse_overwriting, write_text
from circuitcli.errors import UsageError
from circuitcli.export.languages import LANGUAGES

EXAMPLES = (
    '# a function of Python\ncircuit export "q = x + y; f = q * z" --to python',
    '# of C, with its gates in their stable forms\ncircuit export "sigmoid(w*x + b)^2" --to c',
    '# the graph, and back\ncircuit export "x^2*y" --to json | circuit grad - -x 3 -y 2',
)


@taught(EXAMPLES)
@click.command("export", cls=ExpressionCommand)
@input_options
@click.option("--to", type=click.Choice(list(LANGUAGES)), help="The language.  [default: by the ending of --out]")
@click.option("--json", "to", flag_value="json", help="Short for --to json.")
@wrt_option
@click.option("--out", type=FILE, metavar="FILE", help="Write to FILE, which appears when it is complete.")
def command(typed: TypedWords, to: str | None, wrt: str | None, out: str | None) -> int:
    """Value and gradient of an expression as one function that runs without circuit.

    The gates keep their stable forms and their gradients at kinks; a value given with -NAME becomes the default of an
    input. LaTeX has the equations and the partial derivatives; JSON describes the graph, and every command reads it
    with --file.
    """
    refuse_overwriting("--out", out, typed.read)
    asked = typed.request()
    language = form_of("--to", to, out, LANGUAGES)
    if language is None:
        *others, last = LANGUAGES
        raise UsageError("the language is missing", f"add --to {', '.join(others)} or {last}")
    asked.certain("code has none")
    if wrt and not language.slopes:
        raise UsageError(f"--wrt is for derivatives, and {language.title} describes the circuit", "leave it out")
    given = {name: value.graph for name, value in asked.values.items()}
    write_text(language.text(asked.graph, asked.wrt(wrt), given), out)
    return 0
