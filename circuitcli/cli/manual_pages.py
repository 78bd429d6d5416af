"""The manual pages, written from the commands themselves when a wheel is built: what --help says, for man.

click-man has no place for examples, finds no command that is loaded when it is called, and lets man read the
backslashes, quotes and leading dots of a text as its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc

import click

from circuitcli import __version__
from circuitcli.cli import roff
from circuitcli.cli.command_group import circuit
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.exit_status import STATUSES
from circuitcli.cli.teaching_help import TaughtCommand

SUMMARY = "Autodiff in the shell."


def pages(day: str) -> dict[str, str]:
    """Every page, by the name of its file, as of a day such as 2026-01-31."""
    top = click.Context(circuit, info_name="circuit", **circuit.context_settings)
    commands = [_item(roff.bold(f"circuit-{name}") + "(1)", row.summary) for name, row in COMMANDS.items()]
    statuses = [_item(roff.bold(str(status)), status.meaning) for status in STATUSES]
    found = {"circuit.1": _page(top, day, SUMMARY, {"COMMANDS": commands, "EXIT STATUS": statuses})}
    for name, row in COMMANDS.items():
        found[f"circuit-{name}.1"] = _page(click.Context(row.load(), top, name), day, row.summary, {})
    return found


def _page(ctx: click.Context, day: str, summary: str, more: Mapping[str, Sequence[str]]) -> str:
    """The page on one command: the sections of its --help, in their order, and more."""
    command = ctx.command
    assert isinstance(command, TaughtCommand)
    name = ctx.command_path.replace(" ", "-")
    groups = command.option_groups(ctx)
    others = [other for other in ("circuit", *(f"circuit-{other}" for other in COMMANDS)) if other != name]
    sections: dict[str, Sequence[str]] = {
        "NAME": [f"{roff.text(name)} \\- {roff.text(summary[0].lower() + summary[1:].rstrip('.'))}"],
        "SYNOPSIS": [f"{roff.bold(ctx.command_path)} {roff.text(' '.join(command.collect_usage_pieces(ctx)))}"],
        "EXAMPLES": [".EX", *map(roff.text, "\n\n".join(command.examples).splitlines()), ".EE"],
        "DESCRIPTION": ["\n.PP\n".join(map(roff.prose, cleandoc(command.help or "").split("\n\n")))],
        "OPTIONS": [line for heading, records in groups.items() for line in _group(heading, records, len(groups) > 1)],
        **more,
        "SEE ALSO": [",\n".join(f"{roff.bold(other)}(1)" for other in others)],
    }
    bodies = [line for head, lines in sections.items() for line in (f".SH {head}", *lines)]
    return roff.page(name, 1, day, f"circuit {__version__}", bodies)


def _group(heading: str, records: Sequence[tuple[str, str]], headed: bool) -> list[str]:
    """Options, below their heading where there are several."""
    return [*[f".SS {heading}"] * headed, *(_item(_option(term), text) for term, text in records)]


def _item(term: str, text: str) -> str:
    """A term, and its explanation below it."""
    return f".TP\n{term}\n{roff.prose(text)}"


def _option(text: str) -> str:
    """An option in bold, and the name of its value in italics."""
    return " ".join(roff.bold(word) if word.startswith("-") else roff.italic(word) for word in text.split())
