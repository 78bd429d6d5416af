"""The commands of a session, which begin with a colon: their table, and how a line with one is taken apart."""

from __future__ import annotations

import re
import shlex
from difflib import get_close_matches
from typing import NamedTuple

from circuitcli.cli.command_table import COMMANDS, of_a_session
from circuitcli.errors import UsageError

A_NAME, A_FILE, A_COMMAND = "NAME", "FILE", "[COMMAND]"


class OwnCommand(NamedTuple):
    """A command that only a session has."""

    argument: str  # the kind of words that may follow; empty where none may
    summary: str
    alone: str = ""  # a hint, for a command behind which nothing may stand
    aliases: tuple[str, ...] = ()  # as other programs call it


OWN = {
    "vars": OwnCommand("", "What is defined, with its value.", "to see one write its name: {}"),
    "forget": OwnCommand(A_NAME, "Drop an input, a node or a gate."),
    "clear": OwnCommand("", "Drop all.", "it drops all; to drop one write :forget {}"),
    "load": OwnCommand(A_FILE, "Read a file as if it were typed."),
    "help": OwnCommand(A_COMMAND, "This; or the help of a command."),
    "quit": OwnCommand("", "Leave; so does Ctrl-D.", "to leave write :quit", ("q", "exit")),
}

HELP = """\
2*x + 1               a value
x = 3                 an input; x = x + 1 moves it
q = x + y             a named node, which follows its inputs
f(a) = a^2            a gate of your own

A command is about the expression behind it, or else about the last one, and
takes the options of the command line: :grad q*z --check
Inputs are set before, by x = 5; -x 5 is for the shell, as are > and |.
"""

_OPTIONS = re.compile(r"#[^\n]*|(?:^|\s)(--(?:[a-z]|\s|$).*)", re.DOTALL)


def meant(name: str) -> str:
    """The command that a name stands for. Raises UsageError where there is none."""
    name = next((own for own, row in OWN.items() if name in row.aliases), name)
    known = [*of_a_session(), *OWN]
    if name in known:
        return name
    close = get_close_matches(name, known, n=1)
    raise UsageError(f"there is no command :{name}", f"did you mean :{close[0]}?" if close else ":help lists them")


def help_line(name: str) -> str:
    """The line of `:help` on a command."""
    argument, text = OWN[name][:2] if name in OWN else ("", COMMANDS[name].summary)
    return f"{f':{name} {argument}':22}{text}"


def split(text: str) -> tuple[str, list[str]]:
    """The expression of a command, and the words from its first option on."""
    for match in _OPTIONS.finditer(text):
        if match[1]:
            return text[: match.start()], split_words(match[1])
    return text, []


def split_words(text: str) -> list[str]:
    """The words of a text as a shell has them, without a comment behind them."""
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        raise UsageError("a quotation is not closed", "write both quotes") from None
