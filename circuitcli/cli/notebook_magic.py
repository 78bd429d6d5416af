"""%circuit and %%circuit: the commands in a notebook, with its Python variables as values of inputs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, SupportsFloat

import click

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.heard_commands import heard
from circuitcli.cli.notebook_answer import NotebookAnswer
from circuitcli.errors import CircuitError, NoValueError, UsageError
from circuitcli.family_arguments import families_of, spread
from circuitcli.frame_libraries import first_row
from circuitcli.render.number_format import full
from circuitcli.visible_text import in_quotes

COMMAND = "grad"  # of a cell that names none
PICTURE = "svg"  # the form in which a notebook shows drawings and plots


class CellError(CircuitError):
    """An error of a cell. IPython shows it in our words alone, without a traceback."""

    def __init__(self, error: CircuitError, hint: str = "") -> None:
        self._error = error
        super().__init__(error.message, hint or error.hint)

    def details(self) -> list[str]:
        own = self._error.details()
        return [*(own[:-1] if self._error.hint else own), *([self.hint] if self.hint else [])]

    def _render_traceback_(self) -> list[str]:
        return [f"circuit: {self}"]


def load(shell: Any) -> None:
    """Register the words with an IPython shell."""
    shell.register_magic_function(partial(answered, shell.user_ns), "line_cell", "circuit")


def answered(variables: Mapping[str, Any], line: str, cell: str | None = None) -> NotebookAnswer:
    """Run a line, or a cell whose first line has a command and options and whose others are a program. An input that
    lacks a value has that of the Python variable of its name. Raises CellError."""
    try:
        words = _words(line, cell)
        _refuse_tables(variables, words)
        return _with_variables(variables, words)
    except NoValueError as error:
        raise CellError(error, f"{error.hint}; or give Python a variable of that name") from None
    except CircuitError as error:
        raise CellError(error) from None


def _with_variables(variables: Mapping[str, Any], words: Sequence[str]) -> NotebookAnswer:
    """Run a command line, and where inputs have no value once more with those that variables have."""
    try:
        return _run(words)
    except NoValueError as error:
        if not (values := _values(error.missing, variables)):
            raise
    return _run([*words, *values])


def _words(line: str, cell: str | None) -> list[str]:
    """The words of a command line, the program of a cell behind the command."""
    try:
        words = shlex.split(line)
    except ValueError:
        raise UsageError("a quotation mark is not closed", """write for example %circuit grad "x^2" -x 3""") from None
    if cell is None:
        return words
    named = bool(words) and words[0] in COMMANDS
    command, rest = (words[0], words[1:]) if named else (COMMAND, words)
    if rest and not named and rest[0].isidentifier() and not os.path.exists(rest[0]):
        raise _no_command(rest[0], cell.strip(), rest[1:])
    if not COMMANDS[command].expression:
        hint = f"write it in one line: %circuit {command}"
        raise UsageError(f"{command} takes no expression, and a cell is one", hint)
    return [command, cell.strip(), *rest]


def _no_command(word: str, program: str, rest: Sequence[str]) -> UsageError:
    """The error of a cell whose first line begins with no command, with the line to write."""
    from circuitcli.cli.other_names import instead_of

    meant = instead_of(word, [program, *rest]).replace(f" {in_quotes(program)}", "", 1)
    takers = [name for name, row in COMMANDS.items() if row.expression]
    return UsageError(
        f"there is no command {word}", f"write %%{meant}" if meant else f"a cell is for one of {', '.join(takers)}"
    )


def _refuse_tables(variables: Mapping[str, Any], words: Sequence[str]) -> None:
    """Raise UsageError for a session, which needs a terminal, and for the name of a table where a file is to be."""
    if words and words[0] in COMMANDS and COMMANDS[words[0]].terminal:
        raise UsageError("a session needs a terminal", 'each cell is a command: %circuit grad "x^2" -x 3')
    for name in words[1:]:
        if name in variables and first_row(variables[name]) and not os.path.exists(name):
            text = words[1] if words[1] != name else "x*y"
            raise UsageError(
                f"{name} is a table of Python, and a command reads files",
                f"hand it to a circuit: from circuitcli import Circuit; Circuit({text!r}).gradient({name})",
            )


def _run(words: Sequence[str]) -> NotebookAnswer:
    return NotebookAnswer(heard([*words, *_picture(words)]))


def _picture(words: Sequence[str]) -> list[str]:
    """The options by which a command that draws makes a picture, unless the words have others."""
    if not words or words[0] not in COMMANDS or any(word.startswith(("--format", "--out", "--help")) for word in words):
        return []
    kinds = [param.type for param in COMMANDS[words[0]].load().params]
    draws = any(isinstance(kind, click.Choice) and PICTURE in kind.choices for kind in kinds)
    return ["--format", PICTURE] if draws else []


def _values(missing: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    """The words that give inputs the values of variables. Raises InputError for one that has another shape."""
    known = families_of(missing)
    given = {name: variables[name] for name in (*missing, *known) if name in variables}
    numbers, _ = spread(given, known)
    return [f"-{name}={text}" for name, x in numbers.items() if name in missing and (text := _number(x))]


def _number(x: object) -> str:
    """The text of a number; empty for anything else."""
    if not isinstance(x, SupportsFloat) or (hasattr(x, "__len__") and getattr(x, "shape", None) != ()):
        return ""
    try:
        return full(float(x))
    except (TypeError, ValueError, OverflowError):
        return ""
