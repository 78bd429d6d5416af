"""circuit solve: roots of equations, from a start, within ranges, or for every row."""

from __future__ import annotations

from collections.abc import Sequence

import click

from circuitcli.ascent import MOST_STARTS
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.options import (
    Data,
    ExpressionCommand,
    Output,
    TypedWords,
    above_nought,
    data_options,
    input_options,
    request_with_rows,
    row_output_options,
)
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import OUTPUT, STOPPING, taught, under
from circuitcli.errors import UsageError
from circuitcli.name_lists import listed
from circuitcli.nested_names import stem_of
from circuitcli.visible_text import some_of

EXAMPLES = (
    "# a system: equations with ; between, and a range for each unknown\n"
    'circuit solve "x^2 + y^2 = 4; x*y = 1" -x -3..3 -y -3..3',
    "# from a start, with the derivative of the root by the other inputs\n"
    'circuit solve "E - e*sin(E) = M" -E 1 -e 0.1 -M 0.8',
    '# for each row of a file, whose columns are known\ncircuit solve "E - e*sin(E) = M" orbits.csv -E 1',
)


@taught(EXAMPLES)
@click.command("solve", cls=ExpressionCommand)
@input_options
@row_output_options
@data_options
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
@under(
    OUTPUT,
    click.option("--sensitivity", is_flag=True, help="Over rows: also the derivatives of the unknowns, dE_dM."),
)
def command(
    typed: TypedWords,
    output: Output,
    data: Data,
    boxes: int | None,
    unknowns: str | None,
    bounds: Sequence[str],
    starts: int,
    seed: int,
    max_time: float | None,
    sensitivity: bool,
) -> int:
    """Roots of an equation, or of a system: one from a start, or all within ranges of the unknowns.

    With -x 1 the search begins there, and the answer has the derivative of the root by every other input. Over a file
    each row is a system: its columns are known, and the root stands beside them. With -x -3..3 it has all roots in the
    range. Each has bounds that certainly hold it, and what is proven of it: exactly one root, at least one, or perhaps
    one. Where nothing is listed there is none. Exit status 0: all roots are known, and each is certain, or one was
    found from the start; 1: there is none; 3: not decided, or rows without a root.
    """
    asked = request_with_rows(typed, output, data, unknowns=[name.strip() for name in listed(unknowns or "")])
    if asked.data:
        from circuitcli.cli.answers.solution_answer import Asked
        from circuitcli.cli.answers.solved_rows_answer import solve_rows

        if asked.box:
            name = next(name for name, value in asked.values.items() if value.upper is not None)
            hint = f"begin at a number: -{name} {asked.box[name].middle:g}"
            raise UsageError("over rows a root is looked for from a start, and not in a range", hint)
        return solve_rows(asked, output, data, Asked(unknowns, bounds, starts, seed, max_time), sensitivity)
    if sensitivity:
        raise UsageError("--sensitivity is for files of rows: of one root it is told anyway", "leave it out")
    if not asked.box:
        from circuitcli.cli.answers.solution_answer import Asked, solution_answer

        return solution_answer(asked, output, Asked(unknowns, bounds, starts, seed, max_time))
    _refuse_options_of_a_start(asked, unknowns, bounds, starts)
    from circuitcli.cli.answers.roots_answer import roots_answer

    return roots_answer(asked, output, boxes, max_time)


def _refuse_options_of_a_start(asked: Request, named: str | None, bounds: Sequence[str], starts: int) -> None:
    """Raise UsageError for what a start has, and ranges have not."""
    ranges = [name for name, value in asked.values.items() if value.upper is not None]
    option = "--bounds" if bounds else "--starts" if starts > 1 else ""
    if option:
        raise UsageError(
            f"{option} is for a start: within {some_of(ranges)} all roots are found", f"leave out {option}"
        )
    if named and (others := [name for name in listed(named) if stem_of(name.strip()) not in map(stem_of, ranges)]):
        hint = f"give {others[0].strip()} the range, or leave out --for"
        raise UsageError(f"--for {named}: the unknowns are the inputs with a range, {some_of(ranges)}", hint)
