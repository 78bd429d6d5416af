"""circuit solve: all roots of equations."""

from __future__ import annotations

from collections.abc import Sequence

import click

from circuitcli.ascent import MOST_STARTS
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.options import ExpressionCommand, Output, TypedWords, above_nought, input_options, output_options
from circuitcli.cli.teaching_help import STOPPING, taught, under

EXAMPLES = (
    '# every x from -3 to 3 where both sides are equal\ncircuit solve "sin(10*x) = x/2" -x -3..3',
    "# a system: equations with ; between, and a range for each unknown\n"
    'circuit solve "x^2 + y^2 = 4; x*y = 1" -x -3..3 -y -3..3',
    "# from a start, with the derivative of the root by the other inputs\n"
    'circuit solve "E - e*sin(E) = M" -E 1 -e 0.1 -M 0.8',
)


@taught(EXAMPLES)
@click.command("solve", cls=ExpressionCommand)
@input_options
@output_options
@under(
    STOPPING,
    click.option(
        "--for",
        "unknowns",
        metavar="NAMES",
        help="The unknowns: x,y.  [default: the inputs with a range, else as many as there are equations]",
        shell_complete=offered_names(inputs=True),
    ),
    click.option(
        "--bounds",
        multiple=True,
        metavar="x=0:1",
        help="From a start: bounds of an unknown; 0: or :1 bound one side (may be repeated).",
    ),
    click.option(
        "--starts",
        type=click.IntRange(1, MOST_STARTS),
        default=1,
        metavar="N",
        help="From a start: begin at N points, if need be; at 11 where nobody says.",
    ),
    click.option("--seed", type=click.IntRange(0), default=0, metavar="N", help="Seed of the others.  [default: 0]"),
    click.option(
        "--boxes", type=click.IntRange(1), metavar="N", help="Look at N parts of the box at most.  [default: 100000]"
    ),
    click.option("--max-time", type=float, metavar="S", callback=above_nought, help="At most S seconds."),
)
def command(
    typed: TypedWords,
    output: Output,
    boxes: int | None,
    max_time: float | None,
    unknowns: str | None,
    bounds: Sequence[str],
    starts: int,
    seed: int,
) -> int:
    """Roots of an equation, or of a system: one from a start, or all within ranges of the unknowns.

    With -x 1 the search begins there, and the answer has the derivative of the root by every other input. With -x -3..3
    it has all roots in the range. Each has bounds that certainly hold it, and what is proven of it: exactly one root,
    at least one, or perhaps one. Where nothing is listed there is none. Exit status 0: all roots are known, and each is
    certain, or one was found from the start; 1: there is none; 3: not decided.
    """
    asked = typed.request()
    if not asked.box:
        from circuitcli.cli.answers.solution_answer import Asked, solution_answer

        return solution_answer(asked, output, Asked(unknowns, bounds, starts, seed, max_time))
    from circuitcli.cli.answers.roots_answer import roots_answer

    return roots_answer(asked, output, boxes, max_time)
