"""circuit export: value and gradient as code that runs without circuit."""

from __future__ import annotations

import sys

import click

from circuitcli.cli.options import FILE, ExpressionCommand, TypedWords, input_options, wrt_option
from circuitcli.cli.picture_files import form_of, write_picture
from circuitcli.cli.teaching_help import OUTPUT, taught, under
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.errors import UsageError
from circuitcli.export.languages import LANGUAGES

EXAMPLES = (
    '# a function of Python\ncircuit export "q = x + y; f = q * z" --to python',
    '# of C, with its gates in their stable forms\ncircuit export "sigmoid(w*x + b)^2" --to c',
    '# the graph, and back\ncircuit export "x^2*y" --to json | circuit grad - -x 3 -y 2',
)

_BY_ENDING = "[default: by the ending of --out]"


class _LanguageName(click.Choice[str]):
    """A language of the table, by one of its names. The options that name one share a value, so each reads all."""

    def __init__(self) -> None:
        super().__init__(list(LANGUAGES))

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        named = (name for name, language in LANGUAGES.items() if value in language.aliases)
        return super().convert(next(named, value), param, ctx)


@taught(EXAMPLES)
@click.command("export", cls=ExpressionCommand)
@input_options
@under(
    OUTPUT,
    click.option("--to", type=_LanguageName(), metavar="LANGUAGE", help=f"{', '.join(LANGUAGES)}.  {_BY_ENDING}"),
    click.option("--format", "to", type=_LanguageName(), hidden=True),
    click.option("--json", "to", type=_LanguageName(), flag_value="json", help="Short for --to json."),
    click.option("--out", type=FILE, metavar="FILE", help="Write to FILE, which appears when it is complete."),
)
@wrt_option
def command(typed: TypedWords, to: str | None, wrt: str | None, out: str | None) -> int:
    """Value and gradient of an expression as one function that runs without circuit.

    The gates keep their stable forms and their gradients at kinks; a value given with -NAME becomes the default of an
    input. Roots and integrals carry their search along. SQL is a SELECT over a table, Excel a workbook to type into.
    LaTeX has the equations and the partial derivatives; JSON describes the graph, and every command reads it with
    --file.
    """
    refuse_overwriting("--out", out, typed.read)
    asked = typed.request()
    language = form_of("--to", to, out, LANGUAGES)
    if language is None:
        *others, last = LANGUAGES
        raise UsageError("the language is missing", f"add --to {', '.join(others)} or {last}")
    if language.binary and out in (None, "-") and sys.stdout.isatty():
        raise UsageError(f"a file of {language.title} is not for a terminal", f"add --out circuit{language.endings[0]}")
    asked.certain("code has none")
    if wrt and not language.slopes:
        raise UsageError(f"--wrt is for derivatives, and {language.title} describes the circuit", "leave it out")
    given = {name: value.graph for name, value in asked.values.items()}
    write_picture(language.content(asked.graph, asked.wrt(wrt), given), out)
    return 0
