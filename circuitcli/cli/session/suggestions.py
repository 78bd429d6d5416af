"""Completion at the prompt of a session."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from glob import escape, glob
from typing import NamedTuple

import click

from circuitcli.cli.command_table import COMMANDS, of_a_session
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.session.colon_commands import A_COMMAND, A_FILE, A_NAME, OWN, begun, command_of
from circuitcli.cli.session.session_state import Session
from circuitcli.constants import CONSTANTS
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.names import KEYWORDS

_WORD = re.compile(r"(?:[^\W\d]\w*)?$")
_SPACE = re.compile(r"\s+")


class Suggestion(NamedTuple):
    """A text that may replace the typed word before the cursor, and a few words on it."""

    text: str
    typed: str
    what: str = ""


def suggestions(before: str, session: Session) -> list[Suggestion]:
    """The suggestions behind a text: commands, their options, names, gates, files."""
    command = command_of(before, session.names)
    if command is None:
        return _expression(before, session)
    name, rest = command[1], before[command.end() :]
    if not rest:
        return _starting(name, [(f"{other} ", what) for other, what in _commands()])
    *said, typed = _SPACE.split(rest)
    name = "".join(found) if len(found := begun(name)) == 1 else name
    if name in OWN:
        return _argument(OWN[name].argument, rest.lstrip(), typed, session)
    if name not in of_a_session():
        return []
    offered = _of_the_command(name, said, typed)
    return _expression(rest, session) if offered is None else offered


def _argument(kind: str, rest: str, typed: str, session: Session) -> list[Suggestion]:
    """The suggestions for the words behind a command that only a session has."""
    if kind == A_FILE:
        return _files(rest)
    if kind == A_NAME:
        return _starting(typed, [(key.removesuffix("()"), session.shown(key)) for key in session.names])
    return _starting(typed, _commands()) if kind == A_COMMAND else []


def _of_the_command(name: str, said: Sequence[str], typed: str) -> list[Suggestion] | None:
    """The suggestions of the command itself: its options, their values, gates. None where a name or an expression is to
    follow. `said` are the words before the one that is typed."""
    command = COMMANDS[name].load()
    ctx = click.Context(command)
    if typed.startswith("--"):
        return _starting(typed, [(item.value, item.help or "") for item in command.shell_complete(ctx, typed)])
    before = next((p for p in command.params if said and said[-1] in p.opts and not getattr(p, "is_flag", False)), None)
    if before is None and not isinstance(command, ExpressionCommand):
        before = command.params[0]
    if before is None:
        return _files(typed) if "--" in said else None
    items = before.shell_complete(ctx, typed)
    if any(item.type == "file" for item in items):
        return _files(typed)
    if not items and isinstance(before.type, click.types.StringParamType):
        return None
    return _starting(typed, [(item.value, item.help or "") for item in items])


def _expression(before: str, session: Session) -> list[Suggestion]:
    """The names that are defined; once a word has begun, those of the language too."""
    match = _WORD.search(before)
    word = match[0] if match else ""
    names = [(name.replace("()", "("), session.shown(name)) for name in session.names]
    return _starting(word, names + (list(_language()) if word else []))


def _commands() -> list[tuple[str, str]]:
    """The commands of a session with their summaries."""
    outer = [(name, COMMANDS[name].summary) for name in of_a_session()]
    return outer + [(name, row.summary) for name, row in OWN.items()]


def _files(typed: str) -> list[Suggestion]:
    """The files and folders whose names begin as typed."""
    found = sorted(glob(escape(typed) + "*"))
    return _starting(typed, [(name + os.sep * os.path.isdir(name), "") for name in found])


def _starting(typed: str, found: list[tuple[str, str]]) -> list[Suggestion]:
    return [Suggestion(text, typed, what) for text, what in dict(found[::-1]).items() if text.startswith(typed)][::-1]


def _language() -> Iterator[tuple[str, str]]:
    """The gates and constants of the language."""
    for name, gate in GATES.items():
        if name not in KEYWORDS:
            yield f"{name}(", ", ".join(gate.names[: len(gate.rules)]) if not gate.many else "x, ..."
    for name, meant in ALIASES.items():
        yield f"{name}(", f"the same as {meant}"
    for name in CONSTANTS:
        yield name, "a constant"
