"""A command that a test adds by a row alone."""

from __future__ import annotations

import click

from circuitcli.cli.answers.answer import Answer, give
from circuitcli.cli.options import ExpressionCommand, Output, TypedWords, input_options, output_options
from circuitcli.cli.teaching_help import taught


@taught(["circuit inputs 'x + y'"])
@click.command("inputs", cls=ExpressionCommand)
@input_options
@output_options
def command(typed: TypedWords, output: Output) -> int:
    """The inputs of an expression."""
    names = typed.request().circuit.inputs
    answer = Answer(
        lambda: {"inputs": names},
        lambda: [{"input": name} for name in names],
        lambda: [", ".join(names)],
        lambda: names,
    )
    return give(answer, output)
