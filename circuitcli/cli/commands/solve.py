"""circuit solve: all roots of equations."""

from __future__ import annotations

import click

from circuitcli.cli.options import ExpressionCommand, Output, TypedWords, above_nought, input_options, output_options
from circuitcli.cli.teaching_help import STOPPING, taught, under

EXAMPLES = (
    '# every x from -3 to 3 where both sides are equal\ncircuit solve "sin(10*x) = x/2" -x -3..3',
    "# a system: equations with ; between, and a range for each unknown\n"
    'circuit solve "x^2 + y^2 = 4; x*y = 1" -x -3..3 -y -3..3',
    '# other inputs have one value\ncircuit solve "E - e*sin(E) = M" -E 0..7 -e 0.1 -M 0.8',
)


@taught(EXAMPLES)
@click.command("solve", cls=ExpressionCommand)
@input_options
@output_options
@under(
    STOPPING,
    click.option(
        "--boxes", type=click.IntRange(1), metavar="N", help="Look at N parts of the box at most.  [default: 100000]"
    ),
    click.option("--max-time", type=float, metavar="S", callback=above_nought, help="At most S seconds."),
)
def command(typed: TypedWords, output: Output, boxes: int | None, max_time: float | None) -> int:
    """All roots of an equation, or of a system of them, in a box: inputs with a range are the unknowns.

    Each root has bounds that certainly hold it, and what is proven of it: exactly one root, at least one, or perhaps
    one. Where nothing is listed there is none. Exit status 0: all roots are known, and each is certain; 1: there is
    none; 3: not decided.
    """
    from circuitcli.cli.answers.roots_answer import roots_answer

    return roots_answer(typed.request(), output, boxes, max_time)
