"""circuit derive: the gradient as expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note
from circuitcli.cli.options import ExpressionCommand, Output, TypedWords, input_options, output_options, wrt_option
from circuitcli.cli.teaching_help import OUTPUT, taught, under
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import reached_from

if TYPE_CHECKING:
    from circuitcli.graph import Graph

EXAMPLES = (
    '# by every input\ncircuit derive "4*pi^2*L/T^2"',
    '# what is printed is a program, so it can be derived again\ncircuit derive "x^3" | circuit derive -',
    '# as a textbook has it\ncircuit derive "tanh(x)" --textbook',
    '# with values, each derivative is followed by its number\ncircuit derive "sin(x)*y" --wrt x -x 1 -y 2 --digits 50',
)


@taught(EXAMPLES)
@click.command("derive", cls=ExpressionCommand)
@input_options
@output_options
@wrt_option
@under(
    OUTPUT,
    click.option("--textbook", is_flag=True, help="As a textbook has it; where digits cancel, it is less accurate."),
)
def command(typed: TypedWords, output: Output, wrt: str | None, textbook: bool) -> int:
    """The gradient of an expression as statements, which read back as a program.

    What is shared has a name of its own. With values for the inputs each derivative is followed by its value. In CSV,
    TSV and JSON Lines each name has a row, with its derivative as a program of its own.

    A derivative is written in the form that keeps its digits, such as logisticpdf(x) for sigmoid(x)*(1 - sigmoid(x)).
    """
    from circuitcli.analysis.derivatives import with_inputs_gone
    from circuitcli.cli.answers.answer import give
    from circuitcli.cli.answers.derived_answer import derived_answer
    from circuitcli.language.names import PREFIX

    asked = typed.request()
    asked.certain("an expression has none")
    asked.graph = with_inputs_gone(asked.graph)
    names = asked.wrt(wrt)
    if not names:
        raise InputError("there is nothing to differentiate by: the expression has no inputs", "use a name in it")
    used = reached_from(asked.graph.nodes, [asked.graph.output])
    for name in names:
        k = asked.graph.inputs.get(f"{PREFIX}{name}")
        if k is not None and used[k]:
            message = f"the derivative is called grad_{name}, and so is an input"
            raise UsageError(message, "give the input another name")
    status = give(derived_answer(asked, names, output, textbook), output)
    if others := _other_derivatives(asked.graph):
        text = f"only the last line is derived, {asked.graph.answer}: to derive {others[0]}, put it last"
        note(text, output.quiet)
    return status


def _other_derivatives(graph: Graph) -> list[str]:
    """The derivatives in a program, as `derive` writes it, beside the one that is its output."""
    from circuitcli.language.names import PREFIX

    found = [name for name in dict.fromkeys([*graph.defaults, *graph.names]) if name.startswith(PREFIX)]
    return [name for name in found if name != graph.answer] if graph.answer in found else []
