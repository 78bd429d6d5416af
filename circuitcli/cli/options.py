"""The options that commands share: each group becomes one object, which the command is called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

import click

from circuitcli.cli.argument_words import sort_words
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.exit_status import DONE, NONFINITE, Status
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import CLUSTER, GRADIENT, INPUT, OUTPUT, ROWS, Decorator, TaughtCommand, under
from circuitcli.errors import UsageError
from circuitcli.tables import formats

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

TABLE, JSON = formats.TABLE.name, formats.JSON.name
FORMATS = (TABLE, JSON, *(row.name for row in formats.FORMATS.values() if not row.typed))
ROW_FORMATS = (TABLE, JSON, *formats.FORMATS)
SHORT = "--json"  # JSON as the option of that name asks for it: of rows, an object on a line
FILE = click.Path(readable=False)  # a shell completes it; the reader of the file reports errors

G = TypeVar("G", bound="OptionGroup")
Command = Callable[..., int]


class ExpressionCommand(TaughtCommand):
    """A command whose one-dash words set inputs."""

    @property
    def rows(self) -> bool:
        """Whether files of rows may follow the expression."""
        return COMMANDS[self.name or ""].rows

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
        elif args == ["-V"]:  # else an input
            args = ["--version"]
        words = sort_words(args, self.option_map(), ctx.resilient_parsing)
        named = [word.partition("=")[0] for word in words if word.startswith("--") and len(word) > 2]
        if len(named) > len({*named}):
            self._refuse_twice(self.make_parser(ctx).parse_args(list(words))[2])
        return super().parse_args(ctx, words)

    def _refuse_twice(self, given: Sequence[click.Parameter]) -> None:
        """Raise UsageError for an option of one value that is given several: all but the last would be lost."""
        for param in given:
            if isinstance(param, click.Option) and not (param.multiple or param.is_flag) and given.count(param) > 1:
                joined = {"claim": ", its statements joined by ;", "wrt": ", names joined by commas"}
                joined |= dict.fromkeys(("columns", "names", "na", "of", "sigma_of"), ", joined by commas")
                hint = f"write it once{joined.get(param.name or '', '')}"
                raise UsageError(f"{param.opts[0]} is given {given.count(param)} times", hint)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["EXPR", *["[FILE]..."] * self.rows, "[-NAME VALUE]...", "[OPTIONS]"]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, and the inputs of the expression that is already on the line."""
        from click.shell_completion import CompletionItem

        from circuitcli.cli.unset_inputs import unset_inputs

        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-") and not incomplete.startswith("--"):
            names = unset_inputs(ctx.params)
            items = [CompletionItem(f"-{name}") for name in names if f"-{name}".startswith(incomplete)] + items
        return items


class _InputOption(click.Option):
    """The hidden option that one-dash words become; the help shows those words."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return "-NAME VALUE", "Set an input: -x 2, -x=pi/4, -x 12+/-0.1."


def _files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Behind the expression come files of rows."""
    from click.shell_completion import CompletionItem

    behind = isinstance(ctx.command, ExpressionCommand) and ctx.command.rows
    return [CompletionItem(incomplete, type="file")] if behind and (ctx.params["words"] or ctx.params["files"]) else []


class OptionGroup:
    """The values of some options, an attribute each; a class names them with their types and defaults. (A named tuple
    would be more than start-up has time for.)"""

    def __init__(self, **values: object) -> None:
        if unknown := values.keys() - type(self).__annotations__.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def but(self: G, **values: object) -> G:
        """A group with some other values."""
        return type(self)(**{**vars(self), **values})


class TypedWords(OptionGroup):
    """The words of a command line that say the expression and its inputs, as they were typed."""

    words: Sequence[str]
    files: Sequence[str]
    sets: Sequence[str]
    inputs: str | None

    @property
    def read(self) -> list[str]:
        """The files that the expression and the inputs are read from."""
        return [*self.files, *filter(None, [self.inputs])]

    def request(
        self, conditions: Sequence[str] = (), subject_to: Sequence[str] = (), unknowns: Sequence[str] = ()
    ) -> Request:
        """Read the expression and the inputs for the command that runs, those of conditions on rows, those of
        constraints, and the `unknowns` of equations."""
        ctx = click.get_current_context()
        assert isinstance(ctx.command, ExpressionCommand)
        return Request(
            ctx.info_name or "",
            **vars(self),
            options=ctx.command.option_map(),
            data=ctx.command.rows,
            conditions=conditions,
            subject_to=subject_to,
            unknowns=unknowns,
        )


class Output(OptionGroup):
    """The look of the output, and whether a result that is not finite is an error."""

    to: str | None = None  # the form as it was asked for
    quiet: bool = False
    asked_digits: int | None = None
    color: str = "auto"
    allow_nonfinite: bool = False

    @property
    def digits(self) -> int:
        """The significant digits of numbers in a table."""
        return 10 if self.asked_digits is None else self.asked_digits

    @property
    def form(self) -> str:
        """The form of one answer: a table where no other is asked for."""
        return JSON if self.to == SHORT else self.to or TABLE

    @property
    def row_format(self) -> str:
        """The form of rows that is asked for; empty where none is."""
        return formats.JSON.lines if self.to == SHORT else self.to or ""

    @property
    def nonfinite(self) -> Status:
        """The status of a result that is infinite or nan."""
        return DONE if self.allow_nonfinite else NONFINITE


class Data(OptionGroup):
    """The settings by which files of rows are read, and the place where the rows go."""

    form: str | None
    renames: Sequence[str]
    vectors: Sequence[str]
    names: str | None
    delimiter: str | None
    decimal: str | None
    comment: str | None
    thousands: str | None
    na: str | None
    skip_lines: int
    no_header: bool
    sheet: str | None
    where: Sequence[str]
    policy: str
    jobs: int | None = None
    engine: str = ""
    cluster: str | None = None
    out: str | None = None
    columns: str | None = None
    head: int | None = None
    by: str | None = None
    sigma_of: str | None = None
    intervals: Sequence[str] = ()


def together(name: str, kind: type[OptionGroup], *options: Decorator) -> Decorator:
    """Make a decorator that adds options to a command, which gets their values as one `kind`, called `name`."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def called(**values: object) -> int:
            group = kind(**{field: values.pop(field) for field in kind.__annotations__ if field in values})
            return command(**{name: group}, **values)

        return stacked(*options)(called)

    return decorate


def stacked(*options: Decorator) -> Decorator:
    """Make one decorator of several, the first being the first in the help."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


color_option = under(
    OUTPUT,
    click.option(
        "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour at a terminal."
    ),
)
nonfinite_option = under(
    OUTPUT, click.option("--allow-nonfinite", is_flag=True, help="Exit 0 although a result is infinite or nan.")
)
wrt_option = under(
    GRADIENT,
    click.option(
        "--wrt",
        metavar="NAMES",
        help="Differentiate by these inputs or named nodes: x,q.",
        shell_complete=offered_names(inputs=True),
    ),
)
boxes_option = under(
    INPUT,
    click.option(
        "--boxes",
        type=click.IntRange(1),
        metavar="N",
        help="Cut the box of ranges, -x 1..2, into N parts, for tighter bounds.  [default: 100]",
    ),
)

_inputs = (
    click.option("--set", "sets", cls=_InputOption, multiple=True, hidden=True),
    click.option(
        "--file",
        "files",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="Read the expression from FILE (may be repeated).",
    ),
    click.option(
        "--inputs",
        type=FILE,
        metavar="JSON",
        help="Read inputs from a JSON file, or an earlier result; - for stdin.",
    ),
)
input_options = together(
    "typed",
    TypedWords,
    click.argument("words", nargs=-1, metavar="EXPR", shell_complete=_files),
    under(INPUT, *_inputs),
)


class Form(click.Choice[str]):
    """A form of rows or of the output, by one of its names; or JSON as --json asks for it. The options that name a form
    share a value, so each reads all."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value == SHORT:
            return SHORT
        return super().convert(formats.name_of(str(value), self.choices), param, ctx)


_answer_options = (
    click.option("--json", "to", type=Form(ROW_FORMATS), flag_value=SHORT, help="JSON; of rows, an object on a line."),
    click.option(
        "--quiet", is_flag=True, help="The bare answer, without notes, but for those on rows that are left out."
    ),
    click.option(
        "--digits",
        "asked_digits",
        type=click.IntRange(1, 10_000),
        metavar="N",
        help="Significant digits in tables, and with --quiet; above 17 the circuit runs on that many, at a point or "
        "over ranges.  [default: 10; --quiet has all]",
    ),
    color_option,
    nonfinite_option,
)


def to_option(formats: Sequence[str]) -> Decorator:
    """The option that chooses the form of the output, under two names."""
    return stacked(
        click.option("--to", type=Form(formats), help="The form of the output; json is one document."),
        click.option("--format", "to", type=Form(formats), hidden=True),
    )


output_options = together("output", Output, under(OUTPUT, to_option(FORMATS), *_answer_options))
row_output_options = together("output", Output, under(OUTPUT, to_option(ROW_FORMATS), *_answer_options))

_reading = (
    click.option("--from", "form", type=Form(ROW_FORMATS[2:]), help="The form of the data files."),
    click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Rename a column (may be repeated)."),
    click.option(
        "--vector",
        "vectors",
        multiple=True,
        metavar="x=x1..x30",
        help="Columns as a family: x=age,height makes them x[1] and x[2] (may be repeated).",
    ),
    click.option("--names", metavar="NAMES", help="The columns of a CSV file without a header: x,y."),
    click.option(
        "--delimiter", metavar="SIGN", help="The sign between the cells of CSV, read or else written: ;, tab or blank."
    ),
    click.option("--decimal", type=click.Choice((".", ",")), help="The sign of decimals in CSV."),
    click.option("--comment", metavar="SIGN", help="The beginning of comments in CSV: #."),
    click.option("--thousands", metavar="SIGN", help="The sign between groups of digits in CSV: 1,234 or 1'234."),
    click.option("--na", metavar="CELLS", help="Cells of CSV that count as missing: NA,-,-999."),
    click.option(
        "--skip-lines", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N lines of CSV."
    ),
    click.option("--no-header", is_flag=True, help="CSV has no header: the columns read are c1, c2 ..., or --names."),
    click.option("--sheet", metavar="NAME", help="The sheet of a workbook, where several have rows."),
    click.option(
        "--where", multiple=True, metavar="EXPR", help="Leave out rows for which this is 0: 'y > 0 and kind == \"a\"'."
    ),
    click.option(
        "--bad-rows",
        "policy",
        type=click.Choice(("error", "skip", "nan")),
        default="error",
        help="What to do with rows that have missing or unreadable numbers.  [default: error]",
    ),
)
_workers = (
    click.option(
        "--jobs",
        type=click.IntRange(1),
        metavar="N",
        help="Threads, or workers of --cluster local.  [default: all cores]",
    ),
    click.option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster at tcp://HOST:8786; local starts one."),
    click.option("--engine", default="", hidden=True),
)
_writing = (
    click.option(
        "--out",
        type=FILE,
        metavar="FILE",
        help="Write the rows to FILE, which appears when it is complete; on a cluster DIR/ becomes a dataset.",
    ),
    click.option("--columns", metavar="NAMES", help="The columns of the output: id,r,grad_x; '*,r' keeps the others."),
    click.option(
        "--sigma-of",
        metavar="NAME=COLUMN",
        help="The standard uncertainties of a column: in another, L=sL,T=sT, or a number, L=0.002, or L=1%.",
    ),
    click.option(
        "--interval",
        "intervals",
        multiple=True,
        metavar="x=LO:HI",
        help="The input x is a range in each row, between the columns LO and HI; results are bounds (may be repeated).",
    ),
    click.option("--by", metavar="COLUMN", help="Over rows: an answer for each group of equal COLUMN."),
    click.option("--head", type=click.IntRange(1), metavar="N", help="End after N rows."),
)
points_options = together("data", Data, under(ROWS, *_reading))
reading_options = together("data", Data, under(ROWS, *_reading), under(CLUSTER, *_workers))
data_options = together("data", Data, under(ROWS, *_reading, *_writing), under(CLUSTER, *_workers))


def request_with_rows(
    typed: TypedWords, output: Output, data: Data, subject_to: Sequence[str] = (), unknowns: Sequence[str] = ()
) -> Request:
    """Read the expression, its inputs, constraints, and unknowns. Raises UsageError for options of rows where no file
    of rows is named."""
    asked = typed.request(data.where, subject_to, unknowns)
    if not asked.data:
        _refuse_data_options(data, output)
    return asked


def _refuse_data_options(data: Data, output: Output) -> None:
    given: dict[str, object] = {"--from": data.form, "--out": data.out, "--columns": data.columns}
    given |= {"--rename": data.renames, "--vector": data.vectors}
    given |= {"--names": data.names, "--bad-rows": data.policy != "error", "--jobs": data.jobs}
    given |= {"--delimiter": data.delimiter, "--decimal": data.decimal, "--comment": data.comment}
    given |= {"--thousands": data.thousands, "--na": data.na, "--skip-lines": data.skip_lines}
    given |= {
        "--no-header": data.no_header,
        "--sheet": data.sheet,
        "--where": data.where,
        "--cluster": data.cluster,
        "--head": data.head,
        "--by": data.by,
        "--sigma-of": data.sigma_of,
        "--interval": data.intervals,
    }
    given[f"--to {output.form}"] = output.form not in FORMATS
    refuse_without_rows(given)


def refuse_without_rows(given: Mapping[str, object]) -> None:
    """Raise UsageError for an option of rows that has a value, where no file of rows is named."""
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} is for files of rows, and there is none", "name one behind the expression")


def step_of(h: float | None, difference: str | None, checked: bool = False) -> float:
    """The step of a numerical gradient. Raises UsageError where --h is none."""
    if h is not None and difference is None:
        hint = "leave out --h: --check finds steps of its own" if checked else "add --difference forward, or central"
        raise UsageError("--h is the step of --difference", hint)
    step = 1e-4 if h is None else h
    if not 0.0 < step < float("inf"):
        raise UsageError(f"--h must be a number above 0, not {step:g}", "write for example --h 1e-4")
    return step


def above_nought(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    """The number of an option that has to be above 0."""
    if number is not None and not 0.0 < number < float("inf"):
        raise UsageError(f"{param.opts[0]} must be a number above 0, not {number:g}")
    return number
