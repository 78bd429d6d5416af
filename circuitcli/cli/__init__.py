"""The command line: one short file a command, loaded when it is called; errors become messages here, and only here."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from circuitcli import __version__
from circuitcli.cli.teaching_help import TaughtCommand

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from circuitcli.errors import CircuitError

COMMANDS = {  # name: module, and what it is for
    "eval": ("commands.eval:command", "The value of every node of an expression."),
    "grad": ("commands.grad:command", "The value and the gradient of every node."),
    "ascend": ("commands.ascend:ascend", "Climb along the gradient."),
    "descend": ("commands.ascend:descend", "Go down against the gradient."),
    "derive": ("commands.derive:command", "The gradient as expressions."),
    "draw": ("commands.draw:command", "The circuit as a picture."),
    "plot": ("commands.plot:command", "Curves and contours, with the gradient."),
    "export": ("commands.export_code:command", "Value and gradient as code that runs by itself."),
    "gates": ("commands.list_gates:command", "The gates, their derivatives and kinks."),
    "repl": ("commands.repl:command", "A session at a prompt."),
    "completion": ("commands.completion:command", "The script that completes commands in a shell."),
}

HELP = """Autodiff in the shell: a calculator that knows the derivative of everything it computes.

One dash sets an input, two dashes set an option.
"""

EXAMPLES = (
    '# the value of every node\ncircuit eval "2 + 3*4"',
    '# and its gradient\ncircuit grad "(x+y)*z" -x -2 -y 5 -z -4',
    '# climb along it\ncircuit ascend "100-(x-y)^2" -x 3 -y 4',
)


INTERRUPTED, CLOSED = 130, 141  # as shells have it: 128 and the number of the signal


class _ClosedPipe(Exception):  # noqa: N818
    """Nobody reads the output any more. click would make a BrokenPipeError status 1."""


class _Group(TaughtCommand, click.Group):
    """A group whose commands are imported when they are called."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            status: object = super().invoke(ctx)
            sys.stdout.flush()
            return status
        except BrokenPipeError:
            raise _ClosedPipe from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"circuitcli.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, none of which is loaded for it, and the options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing and not args[0].startswith("--"):
            raise _unknown_command(args)
        return super().resolve_command(ctx, args)


def _unknown_command(args: list[str]) -> Exception:
    from difflib import get_close_matches

    from circuitcli.errors import UsageError

    if args[0] == "help":
        about = [f"{name} " for name in args[1:2] if name in COMMANDS]
        return UsageError("there is no command help", f"write circuit {''.join(about)}--help")
    close = get_close_matches(args[0], COMMANDS, n=1)
    if close and args[0].isalpha():
        return UsageError(f"there is no command {args[0]}", f"did you mean circuit {close[0]}?")
    rest = " ".join(["", *args[1:]])
    return UsageError(f"there is no command {args[0]}", f'to evaluate an expression: circuit eval "{args[0]}"{rest}')


@click.group(
    cls=_Group,
    help=HELP,
    examples=EXAMPLES,
    context_settings={"help_option_names": ["--help", "-h"]},
    invoke_without_command=True,
)
@click.option("--version", is_flag=True, help="Show the version; with --verbose what rows of data are run by.")
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


def main() -> NoReturn:
    """Run the words of the command line and leave with its status."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  as long as the process
    gc.set_threshold(100_000)  # a short life, and long lists without cycles: there is nothing to collect
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or NumPy starts threads that wait busily, for nothing
    status = run(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(status)  # all is written; taking the interpreter apart would be a tenth of a small command's time


def run(words: list[str]) -> int:
    """Run a command line and answer its status: 0 done, 1 the answer is no, 2 the command line is wrong, 3 not
    finite, 130 interrupted, 141 nobody reads the output."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return attempt(lambda: call(words), _say)


def call(words: list[str]) -> object:
    """Run a command line and answer what its command answers. Raises its errors, those of click in our form."""
    try:
        return circuit.main(words, "circuit", standalone_mode=False, windows_expand_args=False)
    except click.ClickException as error:
        raise _usage(error) from None


def attempt(action: Callable[[], object], say: Callable[[CircuitError], None]) -> int:
    """Do something and answer its status. The one place where errors become messages, which `say` prints."""
    from circuitcli.errors import CircuitError, FileError

    try:
        status = action()
        return status if isinstance(status, int) else 0
    except CircuitError as error:
        say(error)
        return 2
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except (BrokenPipeError, _ClosedPipe):
        # Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except OSError as error:
        say(FileError(f"cannot write: {error.strerror or error}"))
        return 2


def _say(error: CircuitError) -> None:
    print(f"circuit: {error}", file=sys.stderr)


def _usage(error: click.ClickException) -> CircuitError:
    """click's message in our form."""
    from circuitcli.errors import UsageError

    message = error.format_message().strip().rstrip(".")
    hint = "circuit --help shows how"
    if isinstance(error, click.UsageError) and error.ctx is not None and error.ctx.info_name != "circuit":
        hint = f"circuit {error.ctx.info_name} --help lists the options"
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option {error.option_name}"
        hint = _instead_of(error, hint)
    return UsageError(message[:1].lower() + message[1:], hint)


def _instead_of(error: click.NoSuchOption, hint: str) -> str:
    """What may have been meant by an option that a command does not have."""
    from difflib import get_close_matches

    option, name = error.option_name, error.option_name.lstrip("-")
    possible = [other for other in error.possibilities or () if other != "--set"]  # which is ours alone
    close = get_close_matches(option, possible, n=2, cutoff=0.7)
    if close:
        return f"did you mean {' or '.join(close)}?"
    ctx = click.Context(circuit)
    owners = [
        other
        for other in COMMANDS
        if (command := circuit.get_command(ctx, other)) and any(option in param.opts for param in command.params)
    ]
    if owners:
        return f"{option} is an option of circuit {', '.join(owners)}"
    if name.isidentifier() and error.ctx is not None and error.ctx.info_name == "repl":
        return f"in a session one types {name} = 3"
    if name.isidentifier():
        return f"to set the input {name} write -{name} VALUE: one dash sets an input, two dashes an option"
    return hint
