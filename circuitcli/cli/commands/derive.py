"""circuit derive: the gradient as expressions."""

from __future__ import annotations

import click

from circuitcli.cli.options import ExpressionCommand, Output, TypedWords, input_options, output_options, wrt_option
from circuitcli.cli.teaching_help import taught
from circuitcli.errors import InputError, UsageError

EXAMPLES = (
    '# by every input\ncircuit derive "4*pi^2*L/T^2"',
    '# what is printed is a program, so it can be derived again\ncircuit derive "x^3" | circuit derive -',
    '# with values, each derivative is followed by its number\ncircuit derive "sin(x)*y" --wrt x -x 1 -y 2 --digits 50',
)


@taught(EXAMPLES)
@click.command("derive", cls=ExpressionCommand)
@input_options
@output_options
@wrt_option
def command(typed: TypedWords, output: Output, wrt: str | None) -> int:
    """The gradient of an expression as statements, which read back as a program.

    What is shared has a name of its own. With values for the inputs each derivative is followed by its value. In CSV,
    TSV and JSON Lines each name has a row, with its derivative as a program of its own.
    """
    from circuitcli.analysis.derivatives import with_inputs_gone
    from circuitcli.cli.answers.answer import give
    from circuitcli.cli.answers.derived_answer import derived_answer

    asked = typed.request()
    asked.certain("an expression has none")
    asked.graph = with_inputs_gone(asked.graph)
    names = asked.wrt(wrt)
    if not names:
        raise InputError("there is nothing to differentiate by: the expression has no inputs", "use a name in it")
    for name in names:
        if f"grad_{name}" in asked.graph.inputs:
            message = f"the derivative is called grad_{name}, and so is an input"
            raise UsageError(message, "give the input another name")
    return give(derived_answer(asked, names, output), output)
