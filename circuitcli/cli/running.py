"""Running a command line: its status, and its errors, which become messages here and only here."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click

from circuitcli.cli.command_group import ClosedPipe, circuit
from circuitcli.cli.exit_status import CLOSED, DONE, INTERRUPTED, MISTAKE
from circuitcli.wording import in_the_shell

if TYPE_CHECKING:
    from circuitcli.errors import CircuitError


def main() -> NoReturn:
    """Run the words of the command line and leave with its status."""
    replace_closed()
    gc.set_threshold(100_000)  # a short life, and long lists without cycles: there is nothing to collect
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or NumPy starts threads that wait busily, for nothing
    status = run(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(status)  # all is written; taking the interpreter apart would be a tenth of a small command's time


def replace_closed() -> None:
    """Put streams in place of standard ones that whoever started us has closed: to read or to write there is an error,
    and only messages to nobody are lost."""
    for name, mode, way in (
        ("stdin", "r", os.O_WRONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, way), mode))  # noqa: SIM115  as long as the process


def run(words: list[str], say: Callable[[CircuitError], None] | None = None) -> int:
    """Run a command line and return its exit status. Its error is printed, or handed to `say`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with in_the_shell():
        return attempt(lambda: _of_a_shell(words), say or _say)


def _of_a_shell(words: list[str]) -> int:
    """Run a command line of a shell. An error gets the hint of the whole line, where that has one."""
    from circuitcli.errors import CircuitError

    try:
        return call(words)
    except CircuitError as error:
        from circuitcli.cli.whole_lines import instead_of_line

        error.hint = instead_of_line(words) or error.hint
        raise


def call(words: list[str]) -> int:
    """Run a command line and return what its command returns. Raises its errors, those of click in our form."""
    try:
        status = circuit.main(words, "circuit", standalone_mode=False, windows_expand_args=False)
    except click.ClickException as error:
        raise _usage(error, words) from None
    except ValueError as error:
        from circuitcli.cli.whole_commands import tell
        from circuitcli.errors import ExpressionError

        if isinstance(error, ExpressionError):
            tell(error, words)
        raise
    return status if isinstance(status, int) else DONE


def attempt(action: Callable[[], int], say: Callable[[CircuitError], None]) -> int:
    """Do something and return its status. The one place where errors become messages, which `say` prints."""
    from circuitcli.errors import CircuitError, FileError, reason

    try:
        return action()
    except CircuitError as error:
        say(error)
        return MISTAKE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except (BrokenPipeError, ClosedPipe):
        # Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except ImportError as error:  # of a library that is installed: memory or descriptors were too few to load it
        say(CircuitError(f"cannot load a library: {next(iter(str(error).splitlines()), '')}"))
        return MISTAKE
    except OSError as error:
        say(FileError(f"cannot write: {reason(error)}"))
        return MISTAKE
    except MemoryError:
        say(CircuitError("there is not enough memory for this"))
        return MISTAKE
    except Exception as error:  # Python and Arrow have no error of its own for it
        if not str(error).endswith(("start new thread", "launch worker thread")):
            raise
        say(CircuitError("the system lets this process start no more threads (ulimit -u, ulimit -v)"))
        return MISTAKE


def _say(error: CircuitError) -> None:
    from circuitcli.cli.notes import tell

    tell(f"circuit: {error}", alarm=1)


def _usage(error: click.ClickException, words: list[str]) -> CircuitError:
    """An error of click in our form."""
    from circuitcli.errors import UsageError

    message = error.format_message().strip().rstrip(".")
    hint = "circuit --help shows how"
    command = error.ctx.info_name or "" if isinstance(error, click.UsageError) and error.ctx is not None else "circuit"
    if command != "circuit":
        hint = f"circuit {command} --help lists the options"
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option {error.option_name}"
        hint = _instead_of(error, "" if command == "circuit" else command, words)
    if isinstance(error, click.BadParameter) and error.param is not None and isinstance(error.param.type, click.Choice):
        from circuitcli.cli.choice_hints import instead_of_choice

        hint = instead_of_choice(error.param, command, error.message, words) or hint
    return UsageError(message[:1].lower() + message[1:], hint)


def _instead_of(error: click.NoSuchOption, command: str, words: list[str]) -> str:
    """The hint for an option that a command does not have."""
    from circuitcli.cli.argument_words import sort_words
    from circuitcli.cli.expression_inputs import inputs_among
    from circuitcli.cli.options import ExpressionCommand
    from circuitcli.cli.uncertainty_options import instead_of_uncertainty
    from circuitcli.cli.unknown_options import instead

    behind = words[words.index(command) + 1 :] if command in words else words
    parameters = error.ctx.command.params if error.ctx is not None else []
    options = {option: not getattr(param, "is_flag", False) for param in parameters for option in param.opts}
    inputs: list[str] = []
    if error.ctx is not None and isinstance(error.ctx.command, ExpressionCommand):
        known = sort_words(behind, error.ctx.command.option_map(), lenient=True)
        inputs = inputs_among(known[known.index("--") + 1 :])
    told = instead_of_uncertainty(error.option_name, options, command, behind, inputs)
    return told or instead(error.option_name, options, command, behind, inputs)
