"""circuit ascend and circuit descend: follow the gradient."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from circuitcli.ascent import TOL, Ascent, Limits, Position, Problem, climb
from circuitcli.cli.grad import step_of
from circuitcli.cli.options import ExpressionCommand, Form, expression_options, note, request
from circuitcli.cli.request import FLOAT_DIGITS
from circuitcli.errors import InputError, UsageError
from circuitcli.render.machine import trace_text
from circuitcli.report import ascent_record
from circuitcli.whole import whole_text

EXAMPLES = {
    "ascend": (
        'circuit ascend "100-(x-y)^2" -x 3 -y 4',
        'circuit ascend "x*y" -x -2 -y 3 --step 0.01 --steps 1',
        'circuit ascend "100-(x-y)^2" -x 3 -y 4 --step 0.001 --difference forward --trace run.jsonl',
    ),
    "descend": (
        'circuit descend "(1-x)^2 + 100*(y-x^2)^2" -x -1.2 -y 1',
        'circuit descend "(x-a)^2" -x 0 -a 3 --wrt x --json',
        'circuit descend "x^2" -x 3 --step 0.1 --steps 10 --trace -',
    ),
}


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--wrt", metavar="NAMES", help="The inputs that move: x,y.  [default: all]"),
        click.option("--step", type=float, metavar="S", help="A fixed step: x + S*gradient, the lesson's rule."),
        click.option("--steps", type=click.IntRange(0), metavar="N", help="Exactly N steps."),
        click.option("--tol", type=float, metavar="T", help="With --step: stop at a gain below T.  [default: 5e-6]"),
        click.option(
            "--max-steps", type=click.IntRange(1), default=10_000, metavar="N", help="At most N.  [default: 10000]"
        ),
        click.option("--difference", type=click.Choice(("forward", "central")), help="Climb by a numerical gradient."),
        click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]"),
        click.option("--trace", metavar="FILE", help="Write every step: JSON Lines, or CSV by its name; - for stdout."),
    )[::-1]:
        command = option(command)
    return command


@click.command("ascend", cls=ExpressionCommand, examples=EXAMPLES["ascend"])
@expression_options
@_options
def ascend(**options: Any) -> int:
    """Climb along the gradient from the inputs given."""
    return _run(1.0, **options)


@click.command("descend", cls=ExpressionCommand, examples=EXAMPLES["descend"])
@expression_options
@_options
def descend(**options: Any) -> int:
    """Go down against the gradient from the inputs given."""
    return _run(-1.0, **options)


def _run(
    sign: float,
    *,
    wrt: str | None,
    step: float | None,
    steps: int | None,
    tol: float | None,
    max_steps: int,
    difference: str | None,
    h: float | None,
    trace: str | None,
    **options: Any,
) -> int:
    h = step_of(h, difference)
    if step is not None and not 0.0 < step < float("inf"):
        raise UsageError(
            f"--step must be a number above 0, not {step:g}", "circuit ascend climbs, circuit descend goes down"
        )
    if tol is not None and (step is None or not tol > 0.0):
        raise UsageError("--tol is a gain above 0, for a fixed --step", "write for example --step 0.001 --tol 5e-6")
    asked, form = request(options)
    if form.digits > FLOAT_DIGITS:
        raise UsageError("an ascent runs on float64, which has 17 digits", "give --digits 17 or fewer")
    asked.certain("an ascent starts from a number")
    if not asked.graph.inputs:
        raise UsageError("there is nothing to move: the expression has no inputs", "write for example -(x-1)^2")
    names = asked.wrt(wrt)
    for name in names:
        if name not in asked.graph.inputs:
            raise InputError(f"{name} is a node, not an input", "--wrt names the inputs that move")
    limits = Limits(step, TOL if tol is None else tol, steps, max_steps)
    problem = Problem(asked.graph, asked.given, names, sign, difference or "exact", h)
    with _watching(trace, names, form.to) as watch:
        run = climb(problem, limits, watch)
    if trace != "-":
        _show(asked.text, run, form)
    if run.status == "nonfinite":
        note(run.message, form.quiet)
    return {"nonfinite": 0 if form.allow_nonfinite else 3, "interrupted": 130}.get(run.status, 0 if run.success else 1)


def _show(text: str, run: Ascent, form: Form) -> None:
    to, digits = form.to, form.digits
    if to == "json":
        from circuitcli.render.machine import json_text

        print(json_text(ascent_record(text, run)))
        return
    if to != "table":
        from circuitcli.render.machine import row_text

        print(row_text({**run.fixed, **run.found.inputs, "value": run.found.value, "status": run.status}, to))
        return
    if form.quiet:
        print("\n".join(f"{name} {x!r}" for name, x in run.found.inputs.items()))
        return
    from circuitcli.render.numbers import shown
    from circuitcli.render.table import Column, print_table

    print_table(
        [Column("input", False), Column("start"), Column("found", style="bold"), Column("gradient", style="cyan")],
        [
            [n, shown(run.start.inputs[n], digits), shown(x, digits), shown(run.found.gradient[n], digits)]
            for n, x in run.found.inputs.items()
        ],
        form.color,
    )
    print(f"\n value    {shown(run.start.value, digits)} → {shown(run.found.value, digits)}")
    print(f" stopped  {run.status}: {run.message}")


@contextmanager
def _watching(trace: str | None, names: list[str], to: str) -> Iterator[Callable[[int, Position], None]]:
    """What sees every step: the trace, and at a terminal a line of progress, which is gone at the end."""
    if trace is not None and {"step", "value"} & set(names):
        raise UsageError("a trace has columns step and value of its own", "give the input another name")
    form = (to if to in ("csv", "tsv") else "jsonl") if trace == "-" else _form(trace or "")
    files = contextlib.nullcontext(sys.stdout if trace else None) if trace in (None, "-") else whole_text(trace)
    progress, shown = sys.stderr.isatty(), time.monotonic()
    with files as stream:

        def watch(step: int, position: Position) -> None:
            nonlocal shown
            if stream is not None:
                stream.write(trace_text(step, position.inputs, position.value, position.gradient, form))
            if progress and time.monotonic() - shown > 0.2:
                shown = time.monotonic()
                sys.stderr.write(f"\r\033[Kstep {step}  value {position.value:.10g}")
                sys.stderr.flush()

        yield watch
    if progress:
        sys.stderr.write("\r\033[K")


def _form(name: str) -> str:
    ending = name.rpartition(".")[2]
    return ending if ending in ("csv", "tsv") else "jsonl"
