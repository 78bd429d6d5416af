"""circuit eval: the forward pass."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.cli.options import ExpressionCommand, data, data_options, request

EXAMPLES = (
    'circuit eval "2 + 3*4"',
    'circuit eval "hypot(x, y)" -x 3 -y 4 --quiet',
    'circuit eval "r = hypot(x, y)" pts.csv --columns id,r',
    'circuit eval "mean(x)" pts.csv --quiet',
    'if circuit eval "abs(a - b) < 1e-9" -a 0.3 -b 0.1+0.2 --test; then echo equal; fi',
)


@click.command("eval", cls=ExpressionCommand, data=True, examples=EXAMPLES)
@data_options
@click.option("--test", is_flag=True, help="Print nothing; exit 0 if the value is not 0, else 1.")
def command(test: bool, **options: Any) -> int:
    """The value of every node of an expression."""
    asked, form = request(options)
    if asked.data:
        from circuitcli.cli.rows import show_rows

        return show_rows(asked, form, data(options), test=test)
    from circuitcli.cli.show import finish, show_result

    point = asked.point(None, form.digits)
    if test:
        status = finish(point, form)
        return status or int(point.value == 0.0)
    return show_result(asked, point, form)
