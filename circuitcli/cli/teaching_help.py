"""Help that teaches: the command class whose help opens with examples, which the tests run as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from circuitcli import __version__

C = TypeVar("C", bound="TaughtCommand")


def _show_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"circuit {__version__}")
        ctx.exit()


VERSION = click.Option(
    ["--version", "-V"], is_flag=True, is_eager=True, expose_value=False, hidden=True, callback=_show_version
)


class TaughtCommand(click.Command):
    """A command that is shown before it is described. An example is a line that a shell runs; above it may stand a
    line that begins with # and says what to see."""

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


def taught(examples: Sequence[str]) -> Callable[[C], C]:
    """Make a decorator that gives a command its examples."""

    def teach(command: C) -> C:
        command.examples = examples
        return command

    return teach
