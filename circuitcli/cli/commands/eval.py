"""circuit eval: the forward pass."""

from __future__ import annotations

import click

from circuitcli.cli.notes import note, working
from circuitcli.cli.options import (
    Data,
    ExpressionCommand,
    Output,
    TypedWords,
    boxes_option,
    data_options,
    input_options,
    request_with_rows,
    row_output_options,
)
from circuitcli.cli.teaching_help import OUTPUT, taught, under

EXAMPLES = (
    '# a calculator that shows its steps\ncircuit eval "2 + 3*4"',
    "# one dash sets an input, two dashes an option\n"
    'circuit eval "amplitude * sin(phase)" -amplitude 2 -phase pi/6 --quiet',
    "# a row for each row of a file that has the columns x and y\n"
    'circuit eval "r = hypot(x, y)" pts.csv --columns id,r',
    '# bounds that hold for all x from 0 to 3\ncircuit eval "x^2 - 2*x" -x 0..3',
)


@taught(EXAMPLES)
@click.command("eval", cls=ExpressionCommand)
@input_options
@row_output_options
@data_options
@boxes_option
@under(OUTPUT, click.option("--test", is_flag=True, help="Print nothing; exit 0 if the value is not 0, else 1."))
def command(typed: TypedWords, output: Output, data: Data, boxes: int | None, test: bool) -> int:
    """The value of every node of an expression."""
    asked = request_with_rows(typed, output, data)
    if asked.over_box(boxes):
        from circuitcli.cli.answers.answer import give
        from circuitcli.cli.answers.box_answer import box_answer, box_point, test_box

        if test:
            return test_box(asked, output, boxes)
        with working("computing", output.quiet):
            box = box_point(asked, output, None, boxes)
        return give(box_answer(asked, box, output), output)
    if asked.data:
        from circuitcli.cli.answers.rows_answer import Question, answer_rows

        return answer_rows(asked, output, data, Question(test=test))
    from circuitcli.cli.answers.answer import conclude, give
    from circuitcli.cli.answers.uncertain_answer import result_answer

    with working("computing", output.quiet):
        point = asked.point(None, output.digits)
    if test:
        from circuitcli.analysis.lost_digits import lost_digits
        from circuitcli.cli.answers.point_outcome import outcome_of

        status = conclude(outcome_of(point, output, lost_digits(point)), output) or int(point.value == 0.0)
    else:
        status = give(result_answer(asked, point, output), output)
    for text in asked.changed(output.digits):
        note(text, output.quiet)
    return status
