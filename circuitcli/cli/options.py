"""The command class of all commands that take an expression, and the options that they share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from circuitcli.cli.request import Request
from circuitcli.cli.words import sort_words

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FORMATS = ("table", "json", "jsonl", "csv", "tsv")
F = TypeVar("F", bound=Callable[..., Any])


class ExpressionCommand(click.Command):
    """A command whose one-dash words set inputs."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def option_map(self) -> dict[str, bool]:
        """The options, and whether a value follows each."""
        found = {"--help": False}
        for param in self.params:
            if isinstance(param, click.Option) and not param.hidden:
                found.update(dict.fromkeys(param.opts, not param.is_flag))
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            args = ["--help"]
        return super().parse_args(ctx, sort_words(args, self.option_map(), ctx.resilient_parsing))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["EXPR", "[-NAME VALUE]...", "[OPTIONS]"]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write_text(example)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and the inputs of the expression that is already on the line."""
        from click.shell_completion import CompletionItem

        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-") and not incomplete.startswith("--"):
            items = [CompletionItem(f"-{name}") for name in _inputs(ctx) if f"-{name}".startswith(incomplete)] + items
        return items


def _inputs(ctx: click.Context) -> list[str]:
    """The inputs of a half-typed command line that have no value yet; none where the expression cannot be read."""
    from circuitcli.errors import CircuitError

    words, files = ctx.params.get("words") or (), ctx.params.get("files") or ()
    taken = {assignment.partition("=")[0] for assignment in ctx.params.get("sets") or ()}
    try:
        if "-" in (*words, *files):
            return []
        request = Request(ctx.info_name or "", words[:1], files, [], None)
    except CircuitError:
        return []
    return [name for name in request.circuit.inputs if name not in taken]


def expression_options(command: F) -> F:
    """The expression, the inputs and the form of the output, as all expression commands have them."""
    for option in reversed(
        [
            click.argument("words", nargs=-1, metavar="EXPR"),
            click.option("--set", "sets", multiple=True, hidden=True),
            click.option(
                "--file", "files", multiple=True, metavar="FILE", help="Read the expression from FILE; repeatable."
            ),
            click.option(
                "--inputs", metavar="JSON", help="Read inputs from a JSON file, or an earlier result; - for stdin."
            ),
            click.option("--to", type=click.Choice(FORMATS), default="table", help="The form of the output."),
            click.option("--json", "to", flag_value="json", help="The same as --to json."),
            click.option("--quiet", is_flag=True, help="The bare answer, without notes."),
            click.option(
                "--digits",
                type=click.IntRange(1, 10_000),
                default=10,
                metavar="N",
                help="Significant digits in tables; above 17 it is computed with so many.  [default: 10]",
            ),
            click.option(
                "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour in tables."
            ),
            click.option("--allow-nonfinite", is_flag=True, help="Exit 0 although a result is infinite or nan."),
        ]
    ):
        command = option(command)
    return command


class Form(NamedTuple):
    """How the output is to look, and whether what is not finite is to be an error."""

    to: str
    quiet: bool
    digits: int
    color: str
    allow_nonfinite: bool


def request(options: dict[str, Any]) -> tuple[Request, Form]:
    """What the command that runs is given, and the form of its output; the options of its own are left behind."""
    ctx = click.get_current_context()
    assert isinstance(ctx.command, ExpressionCommand)
    given = {key: options[key] for key in ("words", "files", "sets", "inputs")}
    asked = Request(ctx.info_name or "", **given, options=ctx.command.option_map())
    return asked, Form(*(options[key] for key in Form._fields))


def note(text: str, quiet: bool = False) -> None:
    """A line on standard error, which no pipe reads."""
    if not quiet:
        print(f"note: {text}", file=sys.stderr)
