"""circuit eval: the forward pass."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.cli.options import ExpressionCommand, data, data_options, request

EXAMPLES = (
    '# a calculator that shows its steps\ncircuit eval "2 + 3*4"',
    "# one dash sets an input, two dashes an option\n"
    'circuit eval "amplitude * sin(phase)" -amplitude 2 -phase pi/6 --quiet',
    "# a row for each row of a file that has the columns x and y\n"
    'circuit eval "r = hypot(x, y)" pts.csv --columns id,r',
)


@click.command("eval", cls=ExpressionCommand, data=True, examples=EXAMPLES)
@data_options
@click.option("--test", is_flag=True, help="Print nothing; exit 0 if the value is not 0, else 1.")
def command(test: bool, **options: Any) -> int:
    """The value of every node of an expression."""
    asked, form = request(options)
    if asked.data:
        from circuitcli.cli.answers.rows_answer import show_rows

        return show_rows(asked, form, data(options), test=test)
    from circuitcli.cli.answers.point_answer import finish, show_result

    point = asked.point(None, form.digits)
    if test:
        status = finish(point, form)
        return status or int(point.value == 0.0)
    return show_result(asked, point, form)
