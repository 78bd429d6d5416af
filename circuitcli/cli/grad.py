"""circuit grad: the forward and the backward pass, and the check of the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from circuitcli.cli.options import ExpressionCommand, Form, expression_options, request
from circuitcli.cli.show import finish, show_point
from circuitcli.errors import UsageError
from circuitcli.point import Point
from circuitcli.report import check_record, difference_record

if TYPE_CHECKING:
    from circuitcli.check import Verdict

EXAMPLES = (
    'circuit grad "(x+y)*z" -x -2 -y 5 -z -4',
    'circuit grad "q = x + y; f = q * z" -x -2 -y 5 -z -4 --wrt q --quiet',
    'circuit grad "sigmoid(w*x + b)" -w 2 -x -1 -b 0.5 --check',
)


@click.command("grad", cls=ExpressionCommand, examples=EXAMPLES)
@expression_options
@click.option("--wrt", metavar="NAMES", help="Differentiate by these inputs or named nodes: x,q.")
@click.option(
    "--check",
    "checked",
    is_flag=True,
    help="Compare with a numerical gradient; exit 1 unless each agrees, or at a kink is one of the slopes.",
)
@click.option(
    "--difference", type=click.Choice(("forward", "central")), help="Show (f(x+h)-f(x))/h, or central, beside it."
)
@click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]")
@click.option("--hessian", is_flag=True, help="The second derivatives too.")
def command(
    wrt: str | None, checked: bool, difference: str | None, h: float | None, hessian: bool, **options: Any
) -> int:
    """The value and the gradient of every node of an expression."""
    if checked and difference:
        raise UsageError("--check and --difference are two things", "--check judges, --difference shows; choose one")
    step = step_of(h, difference)
    asked, form = request(options)
    point = asked.point(asked.wrt(wrt), form.digits)
    if hessian:
        from circuitcli.cli.hessian import show_hessian

        return show_hessian(asked, point, form)
    if not (checked or difference):
        show_point(asked.text, point, {}, form)
        return finish(point, form)
    if difference:
        numerical = _differences(point, difference, step)
        extra = difference_record(difference, step, point.gradient, numerical)
    else:
        from circuitcli.check import check

        verdicts = check(point)
        if not verdicts:
            raise UsageError(
                "there is nothing to check: --check compares the gradients of inputs", "name some in --wrt"
            )
        extra = check_record("central", verdicts)
    if form.to != "table" or form.quiet:
        show_point(asked.text, point, {"check": extra}, form)
    elif difference:
        _difference_table(point, difference, numerical, form)
    else:
        _check_table(verdicts, form)
    status = finish(point, form)
    if checked and status == 0:
        return 0 if all(v.passed for v in verdicts.values()) else 1
    return status


def step_of(h: float | None, difference: str | None) -> float:
    """The step of a numerical gradient, which must be one."""
    if h is not None and difference is None:
        raise UsageError("--h is the step of --difference", "add --difference forward, or central")
    step = 1e-4 if h is None else h
    if not 0.0 < step < float("inf"):
        raise UsageError(f"--h must be a number above 0, not {step:g}", "write for example --h 1e-4")
    return step


def _differences(point: Point, method: str, h: float) -> dict[str, float]:
    from circuitcli.check import difference

    names = [name for name in point.wrt or () if name in point.graph.inputs]
    return {name: difference(point.graph, point.inputs, name, method, h) for name in names}


def _difference_table(point: Point, method: str, numerical: dict[str, float], form: Form) -> None:
    from circuitcli.render.numbers import full, shown
    from circuitcli.render.table import Column, print_table

    columns = [Column("input", False), Column("gradient", style="cyan"), Column(f"{method} difference")]
    print_table(
        [*columns, Column("apart by")],
        [
            [name, shown(point.gradient[name], form.digits), full(n), shown(n - point.gradient[name], 2)]
            for name, n in numerical.items()
        ],
        form.color,
    )


def _check_table(verdicts: dict[str, Verdict], form: Form) -> None:
    from circuitcli.render.numbers import full, shown
    from circuitcli.render.table import Column, print_table

    columns = [Column("input", False), Column("gradient", style="cyan"), Column("numerical"), Column("± error")]
    rows = []
    for name, v in verdicts.items():
        words, numerical, error = v.verdict.replace("_", " "), full(v.numerical), shown(v.error, 2)
        if v.interval is not None:
            numerical, error = f"{shown(v.interval[0], 6)} .. {shown(v.interval[1], 6)}", ""
            words += ": within the slopes" if v.passed else ": outside the slopes"
        rows.append([name, shown(v.gradient, form.digits), numerical, error, words])
    print_table([*columns, Column("verdict", False, "bold")], rows, form.color)
