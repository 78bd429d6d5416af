"""circuit grad: the forward and the backward pass, and the check of the gradient."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.cli.options import ExpressionCommand, data, data_options, request
from circuitcli.cli.request import FLOAT_DIGITS
from circuitcli.errors import UsageError

EXAMPLES = (
    '# the value and the gradient of every node\ncircuit grad "q = x + y; f = q * z" -x -2 -y 5 -z -4',
    '# beside a numerical gradient: do they agree?\ncircuit grad "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --check',
    '# of a loss over the rows of a file, with columns x and y\ncircuit grad "mean((y - w*x)^2)" pts.csv -w 2',
)


@click.command("grad", cls=ExpressionCommand, data=True, examples=EXAMPLES)
@data_options
@click.option("--wrt", metavar="NAMES", help="Differentiate by these inputs or named nodes: x,q.")
@click.option(
    "--check",
    "checked",
    is_flag=True,
    help="Compare with a numerical gradient; exit 1 unless each agrees, or at a kink is one of the slopes.",
)
@click.option("--claim", metavar="STATEMENTS", help='Check a gradient of your own: "x = 2*x*y; y = x^2".')
@click.option(
    "--difference", type=click.Choice(("forward", "central")), help="Show (f(x+h)-f(x))/h, or central, beside it."
)
@click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]")
@click.option("--explain", is_flag=True, help="The backward pass as a lesson, step by step.")
@click.option("--rounding", is_flag=True, help="How many digits of the value to believe, and what costs the others.")
@click.option("--hessian", is_flag=True, help="The second derivatives too.")
def command(
    wrt: str | None,
    checked: bool,
    claim: str | None,
    difference: str | None,
    h: float | None,
    hessian: bool,
    explain: bool,
    rounding: bool,
    **options: Any,
) -> int:
    """The value and the gradient of every node of an expression."""
    answers = {
        "--check": checked or claim is not None,
        "--difference": difference,
        "--hessian": hessian,
        "--explain": explain,
        "--rounding": rounding,
    }
    chosen = [name for name, given in answers.items() if given]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} are two answers", "ask for one at a time")
    step = step_of(h, difference)
    asked, form = request(options)
    if asked.data:
        from circuitcli.cli.answers.rows_answer import refuse_answers, show_rows

        refuse_answers(chosen)
        return show_rows(asked, form, data(options), asked.names(wrt), True, checked=checked, claim=claim)
    if form.digits > FLOAT_DIGITS and chosen and chosen[0] in ("--check", "--difference", "--rounding"):
        raise UsageError(
            f"{chosen[0]} is about the numbers of float64, which have 17 digits", "leave out --digits, or give 17"
        )
    point = asked.point(asked.wrt(wrt), form.digits)
    if checked or claim is not None:
        from circuitcli.cli.answers.check_answer import show_check

        return show_check(asked, point, claim, form)
    if difference:
        from circuitcli.cli.answers.check_answer import show_difference

        return show_difference(asked, point, difference, step, form)
    if hessian:
        from circuitcli.cli.answers.hessian_answer import show_hessian

        return show_hessian(asked, point, form)
    if explain:
        from circuitcli.cli.answers.explain_answer import show_lesson

        return show_lesson(asked.text, point, form)
    if rounding:
        from circuitcli.cli.answers.rounding_answer import show_rounding

        return show_rounding(asked, point, form)
    from circuitcli.cli.answers.point_answer import show_result

    return show_result(asked, point, form)


def step_of(h: float | None, difference: str | None) -> float:
    """The step of a numerical gradient, which must be one."""
    if h is not None and difference is None:
        raise UsageError("--h is the step of --difference", "add --difference forward, or central")
    step = 1e-4 if h is None else h
    if not 0.0 < step < float("inf"):
        raise UsageError(f"--h must be a number above 0, not {step:g}", "write for example --h 1e-4")
    return step
