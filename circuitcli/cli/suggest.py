"""What may stand at the cursor of a session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from glob import glob
from typing import NamedTuple

import click

from circuitcli.cli import COMMANDS, circuit
from circuitcli.cli.conversation import OUTER, OWN
from circuitcli.cli.lines import COMMAND
from circuitcli.cli.session import Session
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANTS
from circuitcli.language.names import ALIASES, KEYWORDS

_WORD = re.compile(r"(?:[^\W\d]\w*)?$")
_OPTION = re.compile(r"(?:^|\s)(--[\w-]*)$")


class Suggestion(NamedTuple):
    """A text that may replace `typed`, what stands before the cursor; and what it is."""

    text: str
    typed: str
    what: str = ""


def suggestions(before: str, session: Session) -> list[Suggestion]:
    """What may follow, given the text before the cursor: commands, their options, names, gates, files."""
    command = COMMAND.match(before)
    if command is not None and command.end() == len(before):
        found = [(name, COMMANDS[name][1]) for name in OUTER] + [(name, what) for name, (_, what) in OWN.items()]
        return _starting(command[1], [(f"{name} ", what) for name, what in found])
    option = _OPTION.search(before)
    if command is not None and option is not None:
        return _starting(option[1], _options(command[1]))
    if command is not None and command[1] == "load":
        typed = before[command.end() :].lstrip()
        return _starting(typed, [(name, "") for name in sorted(glob(typed + "*"))])
    match = _WORD.search(before)
    word = match[0] if match else ""
    names = [(name.replace("()", "("), session.shown(name)) for name in session.names]
    if command is not None and command[1] == "forget":
        return _starting(word, [(name.rstrip("("), what) for name, what in names])
    return _starting(word, names + (list(_language()) if word else []))


def _starting(typed: str, found: list[tuple[str, str]]) -> list[Suggestion]:
    return [Suggestion(text, typed, what) for text, what in dict(found[::-1]).items() if text.startswith(typed)][::-1]


def _options(name: str) -> list[tuple[str, str]]:
    """The options of a command, each with its help."""
    command = circuit.get_command(click.Context(circuit), name) if name in OUTER else None
    return [
        (text, param.help or "")
        for param in (command.params if command else [])
        if isinstance(param, click.Option) and not param.hidden
        for text in param.opts
        if text.startswith("--")
    ]


def _language() -> Iterator[tuple[str, str]]:
    """The gates and constants of the language."""
    for name, gate in GATES.items():
        if name not in KEYWORDS:
            yield f"{name}(", ", ".join(gate.names[: len(gate.rules)]) if not gate.many else "x, ..."
    for name, meant in ALIASES.items():
        yield f"{name}(", f"the same as {meant}"
    for name in CONSTANTS:
        yield name, "a constant"
