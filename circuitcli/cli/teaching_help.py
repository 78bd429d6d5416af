"""Help that teaches: the command class whose help opens with examples, which the tests run as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from circuitcli import __version__

C = TypeVar("C", bound="TaughtCommand")
Decorator = Callable[[Callable[..., int]], Callable[..., int]]

INPUT, GRADIENT, ASCENT, STOPPING, PLOT, OUTPUT, ROWS, CLUSTER, OPTIONS = HEADINGS = (
    "Input",
    "Gradient",
    "Ascent",
    "Stopping",
    "Plot",
    "Output",
    "Rows",
    "Cluster",
    "Options",
)
WIDTH = 30  # of a term; a longer one has a line of its own


def _show_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"circuit {__version__}")
        ctx.exit()


VERSION = click.Option(
    ["--version", "-V"], is_flag=True, is_eager=True, expose_value=False, hidden=True, callback=_show_version
)


class TaughtCommand(click.Command):
    """A command that is shown before it is described. An example is a line that a shell runs; above it may stand a
    line that begins with # and says what to see. Its options stand under headings."""

    examples: Sequence[str] = ()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        params = super().get_params(ctx)
        return params if any(param.name == "version" for param in params) else [*params, VERSION]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            for line in "\n".join(self.examples).splitlines():
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")  # never wrapped: it is to be copied
        formatter.dedent()  # what follows is no part of the section
        super().format_help_text(ctx, formatter)
        formatter.indent()

    def option_groups(self, ctx: click.Context) -> dict[str, list[tuple[str, str]]]:
        """The options and their explanations, by their headings."""
        found: dict[str, list[tuple[str, str]]] = {heading: [] for heading in HEADINGS}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                found[vars(param).get("heading", OPTIONS)].append(record)
        return {heading: records for heading, records in found.items() if records}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups = self.option_groups(ctx)
        width = min(WIDTH, max(len(term) for records in groups.values() for term, _ in records))
        for heading, records in groups.items():
            with formatter.section(heading):
                formatter.write_dl([(term.ljust(width), text) for term, text in records], WIDTH)


def under(heading: str, *options: Decorator) -> Decorator:
    """Make one decorator of several options, which stand under a heading in the help."""

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        before = len(vars(command).get("__click_params__", ()))
        for option in reversed(options):
            command = option(command)
        for param in vars(command)["__click_params__"][before:]:
            vars(param)["heading"] = heading
        return command

    return decorate


def taught(examples: Sequence[str]) -> Callable[[C], C]:
    """Make a decorator that gives a command its examples."""

    def teach(command: C) -> C:
        command.examples = examples
        return command

    return teach
