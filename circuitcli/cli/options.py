"""The command class of all commands that take an expression, and the options that they share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from circuitcli.cli.argument_words import sort_words
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import TaughtCommand
from circuitcli.errors import UsageError
from circuitcli.tables import formats

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FORMATS = ("table", "json", *(row.name for row in formats.FORMATS.values() if not row.typed))
ROW_FORMATS = ("table", "json", *formats.FORMATS)
FILE = click.Path(readable=False)  # which a shell completes; whoever opens it says what is wrong
F = TypeVar("F", bound=Callable[..., Any])

color_option = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour at a terminal."
)
nonfinite_option = click.option("--allow-nonfinite", is_flag=True, help="Exit 0 although a result is infinite or nan.")


class ExpressionCommand(TaughtCommand):
    """A command whose one-dash words set inputs."""

    def __init__(self, *args: Any, data: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data = data  # whether files of rows may follow the expression

    def option_map(self) -> dict[str, bool]:
        """The options, and whether a value follows each."""
        found = {"--help": False}
        for param in self.params:
            if isinstance(param, click.Option) and param.name != "sets":
                found.update(dict.fromkeys(param.opts, not param.is_flag))
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            args = ["--help"]
        return super().parse_args(ctx, sort_words(args, self.option_map(), ctx.resilient_parsing))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["EXPR", *["[FILE]..."] * self.data, "[-NAME VALUE]...", "[OPTIONS]"]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and the inputs of the expression that is already on the line."""
        from click.shell_completion import CompletionItem

        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-") and not incomplete.startswith("--"):
            items = [CompletionItem(f"-{name}") for name in _inputs(ctx) if f"-{name}".startswith(incomplete)] + items
        return items


class _InputOption(click.Option):
    """What one-dash words become, which is never typed; the help says what is."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return "-NAME VALUE", "Set an input: -x 2, -x=pi/4, -x 12+/-0.1."


def _files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Behind the expression come files of rows."""
    from click.shell_completion import CompletionItem

    behind = isinstance(ctx.command, ExpressionCommand) and ctx.command.data
    return [CompletionItem(incomplete, type="file")] if behind and (ctx.params["words"] or ctx.params["files"]) else []


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


def input_options(command: F) -> F:
    """The expression and the inputs."""
    for option in reversed(
        [
            click.argument("words", nargs=-1, metavar="EXPR", shell_complete=_files),
            click.option("--set", "sets", cls=_InputOption, multiple=True, hidden=True),
            click.option(
                "--file",
                "files",
                multiple=True,
                type=FILE,
                metavar="FILE",
                help="Read the expression from FILE; repeatable.",
            ),
            click.option(
                "--inputs",
                type=FILE,
                metavar="JSON",
                help="Read inputs from a JSON file, or an earlier result; - for stdin.",
            ),
        ]
    ):
        command = option(command)
    return command


def expression_options(command: F, formats: Sequence[str] = FORMATS) -> F:
    """The expression, the inputs and the form of the output, as most expression commands have them."""
    for option in reversed(
        [
            click.option("--to", type=click.Choice(formats), default="table", help="The form of the output."),
            click.option("--json", "to", flag_value="json", help="The same as --to json."),
            click.option("--quiet", is_flag=True, help="The bare answer, without notes."),
            click.option(
                "--digits",
                type=click.IntRange(1, 10_000),
                default=10,
                metavar="N",
                help="Significant digits in tables; above 17 it is computed with so many.  [default: 10]",
            ),
            color_option,
            nonfinite_option,
        ]
    ):
        command = option(command)
    return input_options(command)


def data_options(command: F) -> F:
    """The same, and what belongs to files of rows that become other rows."""
    for option in reversed(
        [
            click.option(
                "--out",
                type=FILE,
                metavar="FILE",
                help="Write the rows to FILE, which appears when it is complete; on a cluster DIR/ becomes a dataset.",
            ),
            click.option("--columns", metavar="NAMES", help="The columns of the output: id,r,grad_x."),
        ]
    ):
        command = option(command)
    return expression_options(reading_options(command), ROW_FORMATS)


def reading_options(command: F) -> F:
    """What is said of files of rows that are read."""
    for option in reversed(
        [
            click.option("--from", "form", type=click.Choice(ROW_FORMATS[2:]), help="The form of the data files."),
            click.option(
                "--rename", "renames", multiple=True, metavar="OLD=NEW", help="Call a column otherwise; repeatable."
            ),
            click.option("--names", metavar="NAMES", help="The columns of a CSV file without a header: x,y."),
            click.option(
                "--bad-rows",
                "policy",
                type=click.Choice(("error", "skip", "nan")),
                default="error",
                help="What becomes of rows with missing or broken numbers.  [default: error]",
            ),
            click.option(
                "--jobs",
                type=click.IntRange(1),
                metavar="N",
                help="Threads, or workers of --cluster local.  [default: all cores]",
            ),
            click.option(
                "--cluster", metavar="ADDRESS", help="Run on the Dask cluster at tcp://HOST:8786; local starts one."
            ),
            click.option("--engine", default="", hidden=True),
        ]
    ):
        command = option(command)
    return command


class Data(NamedTuple):
    """What is said of the files of rows."""

    form: str | None
    renames: Sequence[str]
    names: str | None
    policy: str
    jobs: int | None
    engine: str
    cluster: str | None = None
    out: str | None = None
    columns: str | None = None


class Form(NamedTuple):
    """How the output is to look, and whether what is not finite is to be an error."""

    to: str
    quiet: bool
    digits: int
    color: str
    allow_nonfinite: bool


PLAIN = Form("table", False, 10, "auto", False)  # of what has no form to choose


def asked_for(options: dict[str, Any]) -> Request:
    """The expression and the inputs that the command that runs is given."""
    ctx = click.get_current_context()
    assert isinstance(ctx.command, ExpressionCommand)
    given = {key: options[key] for key in ("words", "files", "sets", "inputs")}
    return Request(ctx.info_name or "", **given, options=ctx.command.option_map(), data=ctx.command.data)


def read_by(options: Mapping[str, Any]) -> list[str]:
    """The files that the expression and the inputs are read from."""
    return [*options["files"], *filter(None, [options["inputs"]])]


def request(options: dict[str, Any]) -> tuple[Request, Form]:
    """The same, and the form of its output; the options of its own are left behind."""
    asked, form = asked_for(options), Form(*(options[key] for key in Form._fields))
    if "form" in options and not asked.data:
        _refuse_data_options(data(options), form)
    return asked, form


def data(options: dict[str, Any]) -> Data:
    """What is said of the files of rows."""
    return Data(**{key: options[key] for key in Data._fields if key in options})


def _refuse_data_options(said: Data, form: Form) -> None:
    """Options that belong to files of rows, where there is none."""
    given: dict[str, object] = {"--from": said.form, "--out": said.out, "--columns": said.columns}
    given |= {"--rename": said.renames}
    given |= {"--names": said.names, "--bad-rows": said.policy != "error", "--jobs": said.jobs}
    given |= {"--cluster": said.cluster}
    given[f"--to {form.to}"] = form.to in ROW_FORMATS[len(FORMATS) :]
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} is for files of rows, and there is none", "name one behind the expression")


def note(text: str, quiet: bool = False) -> None:
    """A line on standard error, which no pipe reads."""
    if not quiet:
        print(f"note: {text}", file=sys.stderr)
