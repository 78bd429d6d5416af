"""`circuit` itself: a group whose commands are imported when they are called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from circuitcli import __version__
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.teaching_help import TaughtCommand, taught

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HELP = """Autodiff in the shell: a calculator that knows the derivative of everything it computes.

One dash sets an input, two dashes set an option. An expression without a command is evaluated.
"""

EXAMPLES = (
    '# the value of every node\ncircuit eval "2 + 3*4"',
    '# and its gradient\ncircuit grad "(x+y)*z" -x -2 -y 5 -z -4',
    '# climb along it\ncircuit ascend "100-(x-y)^2" -x 3 -y 4',
)


class ClosedPipe(Exception):  # noqa: N818
    """Nobody reads the output any more. Of a BrokenPipeError click would make status 1."""


class CommandGroup(TaughtCommand, click.Group):
    """The commands of the table."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _begun(args) if args and not ctx.resilient_parsing else args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            status: object = super().invoke(ctx)
            sys.stdout.flush()
            return status
        except BrokenPipeError:
            raise ClosedPipe from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        TaughtCommand.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.summary) for name, row in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, without loading any, and options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(n, help=row.summary) for n, row in COMMANDS.items() if n.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def _begun(words: list[str]) -> list[str]:
    """The words of a command line that begins with a command or an option: `eval` stands for itself."""
    first, rest = words[0], words[1:]
    if first in COMMANDS or first == "-h" or first.startswith("--"):
        return words
    if first in ("version", "-V") and all(word.startswith("--") for word in rest):  # V and version may be inputs
        return ["--version", *rest]
    from circuitcli.cli.first_word import evaluated

    return evaluated(words)


@taught(EXAMPLES)
@click.group(
    cls=CommandGroup, help=HELP, context_settings={"help_option_names": ["--help", "-h"]}, invoke_without_command=True
)
@click.option(
    "--version", "-V", is_flag=True, help="Show the version; with --verbose also the engines for rows of data."
)
@click.option("--verbose", is_flag=True, hidden=True)
@click.pass_context
def circuit(ctx: click.Context, version: bool, verbose: bool) -> None:
    if version:
        click.echo(f"circuit {__version__}")
        if verbose:
            from circuitcli.cli.versions import engines

            click.echo("\n".join(engines()))
        ctx.exit()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
