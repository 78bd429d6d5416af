"""circuit derive: the gradient as expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note, working
from circuitcli.cli.options import (
    ExpressionCommand,
    Output,
    TypedWords,
    boxes_option,
    input_options,
    output_options,
    wrt_option,
)
from circuitcli.cli.teaching_help import GRADIENT, OUTPUT, taught, under
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import reached_from

if TYPE_CHECKING:
    from circuitcli.graph import Graph

EXAMPLES = (
    '# by every input\ncircuit derive "4*pi^2*L/T^2"',
    '# what is printed is a program, so it can be derived again\ncircuit derive "x^3" | circuit derive -',
    '# as a textbook has it\ncircuit derive "tanh(x)" --textbook',
    '# is it the derivative?\ncircuit derive "tanh(x)" --claim "1 - tanh(x)^2"',
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
@under(
    GRADIENT,
    click.option(
        "--claim", metavar="FORMULAS", help='Prove a derivative of your own: "3*x^2", or "x = 2*x*y; y = x^2".'
    ),
)
@boxes_option
def command(
    typed: TypedWords, output: Output, wrt: str | None, textbook: bool, claim: str | None, boxes: int | None
) -> int:
    """The gradient of an expression as statements, which read back as a program.

    What is shared has a name of its own. With values for the inputs each derivative is followed by its value. In CSV,
    TSV and JSON Lines each name has a row, with its derivative as a program of its own.

    A derivative is written in the form that keeps its digits, such as logisticpdf(x) for sigmoid(x)*(1 - sigmoid(x)).

    --claim tells whether formulas of your own are the derivatives: exit status 0 if they are. Formulas that differ are
    compared at random points, and where inputs are ranges, as -x 1..2, by bounds that hold all over them.
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
    asked.over_box(boxes)
    if claim is not None:
        from circuitcli.check.claimed_gradient import named_claim
        from circuitcli.cli.answers.claim_answer import claim_on_formulas

        if textbook:
            raise UsageError("--claim has a verdict, and --textbook a form of derivatives", "leave out one of them")
        with working("computing", output.quiet):
            answer = claim_on_formulas(asked, named_claim(claim, names), output, boxes)
    else:
        answer = derived_answer(asked, names, output, textbook, boxes)
    status = give(answer, output)
    if others := _other_derivatives(asked.graph):
        text = f"only the last line is derived, {asked.graph.answer}: to derive {others[0]}, put it last"
        note(text, output.quiet)
    return status


def _other_derivatives(graph: Graph) -> list[str]:
    """The derivatives in a program, as `derive` writes it, beside the one that is its output."""
    from circuitcli.language.names import PREFIX

    found = [name for name in dict.fromkeys([*graph.defaults, *graph.names]) if name.startswith(PREFIX)]
    return [name for name in found if name != graph.answer] if graph.answer in found else []
