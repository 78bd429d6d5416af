"""The commands of a session, which begin with a colon: their table, and how a line with one is taken apart."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
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

SHORT = {"g": "grad"}  # beginnings of several commands that stand for one of them

HELP = """\
2*x + 1               a value; ans is the last one, as a number
x = 3                 an input; x = x + 1 moves it
q = x + y             a named node, which follows its inputs
f(a) = a^2            a gate of your own

A command is about the expression behind it, or else about the last one, and
takes the options of the command line: :grad q*z --check
It may be shortened, as :g, or go without its colon where its name is not yours.
Inputs are set before, by x = 5; -x 5 is for the shell, as are > and |. A whole
line of the shell runs as it is there: circuit grad "x^2" -x 5
"""

_COLON = re.compile(r"\s*:(\w*)")
_BARE = re.compile(r"\s*([^\W\d]\w*)(?:\(\))?(?=\s*(?:#|$)|\s+(?:--[a-z]|-\S|[~/.]\w|[^\s\-+*/%^=<>!?:,;)&|~]))")
_PASTED = re.compile(r"\s*(\$\s+)?circuit(?=\s*$|\s+(?:-\S|[^\s\-+*/%^=<>!?:,;)&|]))")
_OPTIONS = re.compile(r"#[^\n]*|(?:^|\s)(--(?:[a-z]|\s|$).*)", re.DOTALL)


def command_of(text: str, names: Collection[str] = ()) -> re.Match[str] | None:
    """Match the name of a command at the beginning of a line, behind a colon or bare. A bare word that is among the
    names of a session, or that an operator follows, is no command."""
    if colon := _COLON.match(text):
        return colon
    bare = _BARE.match(text)
    own = bare is None or bare[1] in names or f"{bare[1]}()" in names
    return None if bare is None or own or len(bare[1]) == 1 or bare[1] not in spelled() else bare


def pasted(text: str, names: Collection[str]) -> str | None:
    """The words behind `circuit` in a line that was meant for a shell; None for another line."""
    found = _PASTED.match(text)
    return None if found is None or (not found[1] and "circuit" in names) else text[found.end() :]


def instead_of_word(text: str) -> str:
    """The line to write for one that begins with a command as other programs call it; empty for another line."""
    from circuitcli.cli.other_names import OTHER_NAMES

    bare = _BARE.match(text)
    command, rewritten = OTHER_NAMES.get(bare[1].lower() if bare else "", ("", list))
    return " ".join([f":{command}", *rewritten([text[bare.end() :].strip()])]) if bare and command in spelled() else ""


def spelled() -> dict[str, str]:
    """The commands of a session by their names and aliases."""
    aliases = {alias: own for own, row in OWN.items() for alias in row.aliases}
    return {name: name for name in (*of_a_session(), *OWN)} | aliases


def begun(name: str) -> list[str]:
    """The commands that a name, or the beginning of one, may stand for."""
    known = spelled() | SHORT
    return [known[name]] if name in known else list(_beginning_with(name).values())


def _beginning_with(name: str) -> dict[str, str]:
    """The commands that a text begins, each by the one name or alias of it that does."""
    found = {word: command for word, command in spelled().items() if name and word.startswith(name)}
    return {word: command for word, command in found.items() if word == command or command not in found}


def meant(name: str) -> str:
    """The command that a name stands for. Raises UsageError where there is none, or more than one."""
    found = begun(name)
    if len(found) == 1:
        return found[0]
    if found:
        *others, last = (f":{word}" for word in _beginning_with(name))
        raise UsageError(f":{name} begins several commands", f"write {', '.join(others)} or {last}")
    from circuitcli.cli.other_names import OTHER_NAMES

    option = f"--{name.lower()}"
    if owner := next((command for command in of_a_session() if option in _flags(command)), ""):
        raise UsageError(f"there is no command :{name}", f"write :{owner} {option}")
    other = OTHER_NAMES[name.lower()][0] if name.lower() in OTHER_NAMES else ""
    close = [other] if other in of_a_session() else get_close_matches(name, [*of_a_session(), *OWN], n=1)
    raise UsageError(f"there is no command :{name}", f"did you mean :{close[0]}?" if close else ":help lists them")


def _flags(command: str) -> list[str]:
    """The options of a command that take no value."""
    params = COMMANDS[command].load().params
    return [option for param in params if getattr(param, "is_flag", False) for option in param.opts]


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
