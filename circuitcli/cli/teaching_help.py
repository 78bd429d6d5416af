"""Help that teaches: the command class whose help opens with examples, which the tests run as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class TaughtCommand(click.Command):
    """A command that is shown before it is described. An example is a line that a shell runs, and may have a line
    above it that begins with # and says what to see."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            for line in "\n".join(self.examples).splitlines():
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")  # never wrapped: it is to be copied
        formatter.dedent()  # what follows is no part of the section
        super().format_help_text(ctx, formatter)
        formatter.indent()
