"""circuit grad: the forward and the backward pass, and the check of the gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from circuitcli.cli.notes import note, working
from circuitcli.cli.offered_words import offered_names
from circuitcli.cli.options import (
    Data,
    ExpressionCommand,
    OptionGroup,
    Output,
    TypedWords,
    boxes_option,
    data_options,
    input_options,
    request_with_rows,
    row_output_options,
    step_of,
    together,
    wrt_option,
)
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import GRADIENT, taught, under
from circuitcli.errors import UsageError
from circuitcli.render.number_format import FLOAT_DIGITS

if TYPE_CHECKING:
    from circuitcli.analysis.point import Point
    from circuitcli.cli.answers.answer import Answer
    from circuitcli.cli.input_values import Value

EXAMPLES = (
    '# the value and the gradient of every node\ncircuit grad "q = x + y; f = q * z" -x -2 -y 5 -z -4',
    '# beside a numerical gradient: do they agree?\ncircuit grad "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --check',
    '# of a loss over the rows of a file, with columns x and y\ncircuit grad "mean((y - w*x)^2)" pts.csv -w 2',
)


class WantedAnswer(OptionGroup):
    """The answer that is wanted instead of the value and the gradient of every node; and the results and the direction
    that it is about."""

    checked: bool
    claim: str | None
    difference: str | None
    h: float | None
    explain: bool
    rounding: bool
    hessian: bool
    of: str | None
    along: Sequence[str]

    def chosen(self) -> str:
        """The option that was chosen, empty where none was. Raises UsageError for two, and for a bad --h."""
        chosen = [name for name, row in ANSWERS.items() if row.given(self)]
        if len(chosen) > 1:
            raise UsageError(f"{' and '.join(chosen)} are two answers", "ask for one at a time")
        step_of(self.h, self.difference, self.checked)
        if self.along and not ANSWERS.get("".join(chosen), RESULT).wide:
            raise UsageError(f"{chosen[0]} has no derivative along a direction", f"leave out --along, or {chosen[0]}")
        return "".join(chosen)

    def refuse_several(self, chosen: str, names: Sequence[str]) -> None:
        """Raise UsageError for an answer that is of one result alone."""
        if not ANSWERS.get(chosen, RESULT).each:
            raise UsageError(f"{chosen} is of one result, and --of names several", f"write --of {names[0]}")


def _check(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.check_answer import check_answer

    return check_answer(asked, point, wanted.claim, output)


def _difference(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.check_answer import difference_answer

    return difference_answer(asked, point, wanted.difference or "", step_of(wanted.h, wanted.difference), output)


def _hessian(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.hessian_answer import hessian_answer

    return hessian_answer(asked, point, output)


def _explain(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.explain_answer import explain_answer

    return explain_answer(asked.text, point, output)


def _rounding(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.rounding_answer import rounding_answer

    return rounding_answer(asked, point, output)


def _result(asked: Request, point: Point, wanted: WantedAnswer, output: Output) -> Answer:
    from circuitcli.cli.answers.uncertain_answer import result_answer

    return result_answer(asked, point, output)


class AnswerRow:
    """An answer: how it is made, and whether its options are given. `floats`: it is about float64. `over_rows`: rows
    have it, too, and `over_box`: ranges. `each`: of several results each may have it. `wide`: it is one row."""

    def __init__(
        self,
        make: Callable[[Request, Point, WantedAnswer, Output], Answer],
        given: Callable[[WantedAnswer], object],
        floats: bool = False,
        over_rows: bool = False,
        each: bool = False,
        wide: bool = False,
        over_box: bool = False,
    ) -> None:
        self.make, self.given, self.floats, self.over_rows, self.each = make, given, floats, over_rows, each
        self.wide, self.over_box = wide, over_box


RESULT = AnswerRow(_result, lambda wanted: False, over_rows=True, each=True, wide=True)
ANSWERS = {
    "--check": AnswerRow(
        _check, lambda wanted: wanted.checked and wanted.claim is None, floats=True, over_rows=True, each=True
    ),
    "--claim": AnswerRow(_check, lambda wanted: wanted.claim is not None, floats=True, over_rows=True),
    "--difference": AnswerRow(_difference, lambda wanted: wanted.difference, floats=True, each=True),
    "--hessian": AnswerRow(_hessian, lambda wanted: wanted.hessian, each=True, wide=True),
    "--explain": AnswerRow(_explain, lambda wanted: wanted.explain),
    "--rounding": AnswerRow(_rounding, lambda wanted: wanted.rounding, floats=True, over_box=True),
}


_wanted = (
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
        "--rounding",
        is_flag=True,
        help="How many digits of the value are good, at a point or all over a range; which nodes cost the others.",
    ),
    click.option(
        "--hessian", is_flag=True, help="The second derivatives too; what float64 lost of them, in more digits."
    ),
    click.option(
        "--of",
        metavar="NAMES",
        help="The gradient of these results or named nodes: f,g.  [default: the last]",
        shell_complete=offered_names(inputs=False),
    ),
    click.option(
        "--along",
        multiple=True,
        metavar="DIRECTION",
        help="The derivative along x=1,y=-2, too: the gradient times that (may be repeated).",
    ),
)


@taught(EXAMPLES)
@click.command("grad", cls=ExpressionCommand)
@input_options
@row_output_options
@data_options
@wrt_option
@boxes_option
@together("wanted", WantedAnswer, under(GRADIENT, *_wanted))
def command(
    typed: TypedWords, output: Output, data: Data, wrt: str | None, boxes: int | None, wanted: WantedAnswer
) -> int:
    """The value and the gradient of every node of an expression."""
    chosen = wanted.chosen()
    row = ANSWERS.get(chosen, RESULT)
    asked = request_with_rows(typed, output, data)
    of = [] if wanted.of is None else asked.aim(wanted.of)
    if len(of) > 1:
        wanted.refuse_several(chosen, of)
    if asked.over_box(boxes):
        if wanted.claim is not None:
            return _claim_over_box(asked, wanted.claim, output, boxes)
        if (chosen and not row.over_box) or wanted.along or len(of) > 1:
            option = chosen or ("--along" if wanted.along else "--of")
            raise UsageError(
                f"{option} is about one point, and an input is a range", f"leave out {option}, or the range"
            )
        if chosen:
            from circuitcli.cli.answers.box_rounding_answer import answer_box_rounding

            return answer_box_rounding(asked, output, asked.wrt(wrt), boxes)
        from circuitcli.cli.answers.box_answer import answer_box

        return answer_box(asked, output, asked.wrt(wrt), boxes)
    direction = _direction(asked, wanted)
    if asked.data:
        from circuitcli.cli.answers.rows_answer import Question, answer_rows

        if not row.over_rows:
            hint = "leave out the data files, or the option"
            raise UsageError(f"{chosen} is about one point, and there are rows", hint)
        question = Question(asked.names(wrt), True, False, wanted.checked, wanted.claim, of, direction)
        return answer_rows(asked, output, data, question)
    if output.digits > FLOAT_DIGITS and row.floats:
        raise UsageError(
            f"{chosen} is about the numbers of float64, which have 17 digits", "leave out --digits, or give 17"
        )
    from circuitcli.cli.answers.answer import give

    with working("computing", output.quiet):
        names = list(dict.fromkeys([*asked.wrt(wrt), *direction]))
        if len(of) > 1:
            answer = _of_each(asked, of, names, wanted, direction, output)
        else:
            answer = _answer(asked, asked.point(names, output.digits), wanted, direction, output)
    status = give(answer, output)
    notes = asked.changed(output.digits)
    if chosen and any(asked.sigmas.values()):
        notes.append(f"{chosen} leaves the uncertainties of inputs out")
    for text in notes:
        note(text, output.quiet)
    return status


def _claim_over_box(asked: Request, claim: str, output: Output, boxes: int | None) -> int:
    """Judge a claim all over the box of the inputs."""
    from circuitcli.cli.answers.answer import give
    from circuitcli.cli.answers.box_answer import box_point
    from circuitcli.cli.answers.claim_answer import claim_over_box

    point = box_point(asked, output, asked.wrt(None), boxes)
    with working("computing", output.quiet):
        answer = claim_over_box(asked, point, claim, output, boxes)
    return give(answer, output)


def _direction(asked: Request, wanted: WantedAnswer) -> Mapping[str, Value]:
    """The direction of `--along`."""
    if not wanted.along:
        return {}
    from circuitcli.cli.direction import direction_of

    return direction_of(wanted.along, asked.graph)


def _answer(
    asked: Request, point: Point, wanted: WantedAnswer, direction: Mapping[str, Value], output: Output
) -> Answer:
    """The answer at a point, of one result."""
    answer = ANSWERS.get(wanted.chosen(), RESULT).make(asked, point, wanted, output)
    if not direction:
        return answer
    from circuitcli.cli.answers.along_answer import with_along

    return with_along(answer, point, direction, output)


def _of_each(
    asked: Request,
    of: Sequence[str],
    names: Sequence[str],
    wanted: WantedAnswer,
    direction: Mapping[str, Value],
    output: Output,
) -> Answer:
    """The answers of several results: a backward pass each."""
    from circuitcli.cli.answers.jacobian_answer import Each, jacobian_answer

    graph, each = asked.graph, dict[str, Each]()
    for name in of:
        point = asked.point(names, output.digits, graph.ending(graph.results[name]))
        each[name] = Each(point, _answer(asked, point, wanted, direction, output))
    wide = ANSWERS.get(wanted.chosen(), RESULT).wide
    return jacobian_answer(asked.text, asked.point(None, output.digits), each, output, wide)
