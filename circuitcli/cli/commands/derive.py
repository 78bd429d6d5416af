"""circuit derive: the gradient as expressions."""

from __future__ import annotations

from typing import Any

import click

from circuitcli.analysis.point import Point
from circuitcli.cli.answers.point_answer import finish
from circuitcli.cli.options import ExpressionCommand, Form, expression_options, request
from circuitcli.cli.request import Request
from circuitcli.errors import InputError, UsageError

EXAMPLES = (
    '# by every input\ncircuit derive "4*pi^2*L/T^2"',
    '# what is printed is a program, so it can be derived again\ncircuit derive "x^3" | circuit derive -',
    '# with values, each derivative is followed by its number\ncircuit derive "sin(x)*y" --wrt x -x 1 -y 2 --digits 50',
)


@click.command("derive", cls=ExpressionCommand, examples=EXAMPLES)
@expression_options
@click.option("--wrt", metavar="NAMES", help="Differentiate by these inputs or named nodes: x,q.")
def command(wrt: str | None, **options: Any) -> int:
    """The gradient of an expression as statements, which read back as a program.

    What is shared has a name of its own. With values for the inputs each derivative is followed by its value.
    """
    from circuitcli.analysis.derivatives import Derivatives

    asked, form = request(options)
    if form.to not in ("table", "json", "jsonl"):
        raise UsageError(f"there is no --to {form.to} for expressions", "circuit grad has the numbers; or use --json")
    asked.certain("an expression has none")
    names = asked.wrt(wrt)
    if not names:
        raise InputError("there is nothing to differentiate by: the expression has no inputs", "use a name in it")
    answers = {f"grad_{name}": name for name in names}
    for answer in answers:
        if answer in asked.graph.inputs:
            raise UsageError(f"the derivative is called {answer}, and so is an input", "give the input another name")
    found = Derivatives(asked.graph, names)
    lines = found.statements({answer: found.gradient[name] for answer, name in answers.items()})
    point = asked.point(names, form.digits) if asked.given else None
    _show(asked, names, lines, point, form)
    return 0 if point is None else finish(point, form)


def _show(asked: Request, names: list[str], lines: list[str], point: Point | None, form: Form) -> None:
    """The derivatives are the last of the lines, in the order of their names."""
    helpers, derivatives = lines[: -len(names)], dict(zip(names, lines[-len(names) :], strict=True))
    values = {} if point is None else point.gradient
    if form.to != "table":
        from circuitcli.render.machine_formats import json_line, json_text

        record: dict[str, Any] = {
            "expression": asked.text,
            "derivatives": {name: line.partition(" = ")[2] for name, line in derivatives.items()},
            "helpers": dict(line.split(" = ", 1) for line in helpers),
        }
        if point is not None:
            record["inputs"] = {name: point.m.plain(x) for name, x in point.inputs.items()}
            record["gradient"] = {name: point.m.plain(x) for name, x in values.items()}
        print(json_text(record) if form.to == "json" else json_line(record))
        return
    print("".join(line + "\n" for line in helpers), end="")
    for name, line in derivatives.items():
        value = "" if point is None else f"  # {point.m.text(values[name], form.digits)}"
        print(line + value)
