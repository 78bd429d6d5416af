"""circuit grad: the forward and the backward pass, and the check of the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note
from circuitcli.cli.options import (
    Data,
    ExpressionCommand,
    OptionGroup,
    Output,
    TypedWords,
    data_options,
    input_options,
    request_with_rows,
    row_output_options,
    step_of,
    together,
    wrt_option,
)
from circuitcli.cli.request import FLOAT_DIGITS, Request
from circuitcli.cli.teaching_help import taught
from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.analysis.point import Point
    from circuitcli.cli.answers.answer import Answer

EXAMPLES = (
    '# the value and the gradient of every node\ncircuit grad "q = x + y; f = q * z" -x -2 -y 5 -z -4',
    '# beside a numerical gradient: do they agree?\ncircuit grad "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --check',
    '# of a loss over the rows of a file, with columns x and y\ncircuit grad "mean((y - w*x)^2)" pts.csv -w 2',
)


class WantedAnswer(OptionGroup):
    """The answer that is wanted instead of the value and the gradient of every node."""

    checked: bool
    claim: str | None
    difference: str | None
    h: float | None
    explain: bool
    rounding: bool
    hessian: bool

    def chosen(self) -> str:
        """The option that was chosen, empty where none was. Raises UsageError for two."""
        answers = {
            "--check": self.checked or self.claim is not None,
            "--difference": self.difference,
            "--hessian": self.hessian,
            "--explain": self.explain,
            "--rounding": self.rounding,
        }
        chosen = [name for name, given in answers.items() if given]
        if len(chosen) > 1:
            raise UsageError(f"{' and '.join(chosen)} are two answers", "ask for one at a time")
        return "".join(chosen)


@taught(EXAMPLES)
@click.command("grad", cls=ExpressionCommand)
@input_options
@row_output_options
@data_options
@wrt_option
@together(
    "wanted",
    WantedAnswer,
    click.option(
        "--check",
        "checked",
        is_flag=True,
        help="Compare with a numerical gradient; exit 1 unless each agrees, or at a kink is one of the slopes.",
    ),
    click.option("--claim", metavar="STATEMENTS", help='Check a gradient of your own: "x = 2*x*y; y = x^2".'),
    click.option(
        "--difference", type=click.Choice(("forward", "central")), help="Show (f(x+h)-f(x))/h, or central, beside it."
    ),
    click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]"),
    click.option("--explain", is_flag=True, help="The backward pass as a lesson, step by step."),
    click.option(
        "--rounding", is_flag=True, help="How many digits of the value are good, and which nodes cost the others."
    ),
    click.option("--hessian", is_flag=True, help="The second derivatives too."),
)
def command(typed: TypedWords, output: Output, data: Data, wrt: str | None, wanted: WantedAnswer) -> int:
    """The value and the gradient of every node of an expression."""
    chosen = wanted.chosen()
    step = step_of(wanted.h, wanted.difference)
    asked = request_with_rows(typed, output, data)
    if asked.data:
        from circuitcli.cli.answers.rows_answer import Question, answer_rows

        if chosen not in ("", "--check"):
            hint = "leave out the data files, or the option"
            raise UsageError(f"{chosen} is about one point, and there are rows", hint)
        question = Question(asked.names(wrt), True, checked=wanted.checked, claim=wanted.claim)
        return answer_rows(asked, output, data, question)
    if output.digits > FLOAT_DIGITS and chosen in ("--check", "--difference", "--rounding"):
        raise UsageError(
            f"{chosen} is about the numbers of float64, which have 17 digits", "leave out --digits, or give 17"
        )
    from circuitcli.cli.answers.answer import give

    point = asked.point(asked.wrt(wrt), output.digits)
    status = give(_answer(asked, point, wanted, step, output), output)
    if chosen and any(asked.sigmas.values()):
        note(f"{chosen} leaves the uncertainties of inputs out", output.quiet)
    return status


def _answer(asked: Request, point: Point, wanted: WantedAnswer, step: float, output: Output) -> Answer:
    """The answer that was chosen; else the result itself."""
    if wanted.checked or wanted.claim is not None:
        from circuitcli.cli.answers.check_answer import check_answer

        return check_answer(asked, point, wanted.claim, output)
    if wanted.difference:
        from circuitcli.cli.answers.check_answer import difference_answer

        return difference_answer(asked, point, wanted.difference, step, output)
    if wanted.hessian:
        from circuitcli.cli.answers.hessian_answer import hessian_answer

        return hessian_answer(asked, point, output)
    if wanted.explain:
        from circuitcli.cli.answers.explain_answer import explain_answer

        return explain_answer(asked.text, point, output)
    if wanted.rounding:
        from circuitcli.cli.answers.rounding_answer import rounding_answer

        return rounding_answer(asked, point, output)
    from circuitcli.cli.answers.uncertain_answer import result_answer

    return result_answer(asked, point, output)
