"""The commands: a row each. Help, manual pages, completion and the session read all that they know from here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from click import Command


class CommandRow(NamedTuple):
    """The facts on a command that are known before it is loaded."""

    place: str  # module:name, imported when the command is called
    summary: str
    expression: bool = True  # an expression follows
    rows: bool = False  # and behind it files of rows may follow
    values: Literal["all", "all or none", "any"] = "any"  # which inputs of the expression need one
    session: bool = True  # a session has it, too
    boxes: bool = False  # inputs may be ranges: -x 1..2
    equations: bool = False  # the expression is one or several
    climbs: bool = False  # inputs move
    results: bool = False  # a program of several results has an answer of as many
    terminal: bool = False  # it needs one

    def load(self) -> Command:
        """Import the command."""
        module, _, name = self.place.partition(":")
        command: Command = getattr(import_module(module), name)
        return command


_IN = "circuitcli.cli.commands"
COMMANDS = {
    "eval": CommandRow(
        f"{_IN}.eval:command",
        "The value of every node of an expression.",
        rows=True,
        values="all",
        boxes=True,
        results=True,
    ),
    "grad": CommandRow(
        f"{_IN}.grad:command", "The value and the gradient of every node.", rows=True, values="all", boxes=True
    ),
    "ascend": CommandRow(f"{_IN}.ascend:ascend", "Climb along the gradient.", rows=True, values="all", climbs=True),
    "descend": CommandRow(
        f"{_IN}.ascend:descend", "Go down against the gradient.", rows=True, values="all", climbs=True
    ),
    "solve": CommandRow(
        f"{_IN}.solve:command", "Roots of equations.", rows=True, values="all", boxes=True, equations=True
    ),
    "derive": CommandRow(f"{_IN}.derive:command", "The gradient as expressions.", values="all or none", boxes=True),
    "draw": CommandRow(f"{_IN}.draw:command", "The circuit as a picture.", values="all or none"),
    "plot": CommandRow(f"{_IN}.plot:command", "Curves and contours, with the gradient.", rows=True),
    "export": CommandRow(
        f"{_IN}.export_code:command", "Value and gradient as code that runs by itself.", values="all or none"
    ),
    "gates": CommandRow(f"{_IN}.list_gates:command", "The gates, their derivatives and kinks.", expression=False),
    "repl": CommandRow(f"{_IN}.repl:command", "A session at a prompt.", expression=False, session=False, terminal=True),
    "help": CommandRow(f"{_IN}.help:command", "Pages on topics, and on commands.", expression=False, session=False),
    "example": CommandRow(
        f"{_IN}.example:command", "The files that examples use, written here.", expression=False, session=False
    ),
    "man": CommandRow(
        f"{_IN}.man:command", "The manual pages, put where man finds them.", expression=False, session=False
    ),
    "completion": CommandRow(
        f"{_IN}.completion:command", "The script that completes commands in a shell.", expression=False, session=False
    ),
}


def of_a_session() -> list[str]:
    """The commands that a session has, too."""
    return [name for name, row in COMMANDS.items() if row.session]
