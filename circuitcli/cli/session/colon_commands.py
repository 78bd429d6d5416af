"""The commands of a session, which begin with a colon: which there are, and how a line with one is taken apart."""

from __future__ import annotations

import re
import shlex
from difflib import get_close_matches

from circuitcli.cli import COMMANDS
from circuitcli.errors import UsageError

OUTER = [name for name in COMMANDS if name not in ("repl", "completion")]  # those that a session has, too
OWN = {
    "vars": ("", "What is defined, with its value."),
    "forget": ("NAME", "Drop an input, a node or a gate."),
    "clear": ("", "Drop all."),
    "load": ("FILE", "Read a file as if it were typed."),
    "help": ("[COMMAND]", "This; or the help of a command."),
    "quit": ("", "Leave; so does Ctrl-D."),
}
ALONE = {  # commands behind which nothing stands: what to write instead
    "vars": "to see one write its name: {}",
    "clear": "it drops all; to drop one write :forget {}",
    "quit": "to leave write :quit",
}
OTHERWISE = {"q": "quit", "exit": "quit"}  # as other programs have it

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
    name = OTHERWISE.get(name, name)
    if name in OUTER or name in OWN:
        return name
    close = get_close_matches(name, (*OUTER, *OWN), n=1)
    raise UsageError(f"there is no command :{name}", f"did you mean :{close[0]}?" if close else ":help lists them")


def help_line(name: str) -> str:
    """A command as `:help` has it."""
    argument, text = OWN[name] if name in OWN else ("", COMMANDS[name][1])
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
