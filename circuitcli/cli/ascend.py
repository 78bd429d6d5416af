"""circuit ascend and circuit descend: follow the gradient."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from circuitcli.ascent import NAMES, TOL, Ascent, Bounds, Limits, PointObjective, Problem, Starts, best, choice
from circuitcli.cli.grad import step_of
from circuitcli.cli.options import ExpressionCommand, Form, expression_options, note, request
from circuitcli.cli.request import FLOAT_DIGITS, Request
from circuitcli.errors import InputError, UsageError
from circuitcli.report import ascent_record

EXAMPLES = {
    "ascend": (
        'circuit ascend "100-(x-y)^2" -x 3 -y 4',
        'circuit ascend "x*y" -x -2 -y 3 --step 0.01 --steps 1',
        'circuit ascend "sin(x)*sin(y)/(x*y)" -x 3 -y 4 --starts 20 --bounds x=0.1:9 --bounds y=0.1:9',
        'circuit ascend "100-(x-y)^2" -x 3 -y 4 --step 0.001 --difference forward --trace run.jsonl',
    ),
    "descend": (
        'circuit descend "(1-x)^2 + 100*(y-x^2)^2" -x -1.2 -y 1',
        'circuit descend "(x-a)^2" -x 0 -a 3 --wrt x --json',
        'circuit descend "x^2 + y^2" -x 3 -y 1 --method adam:b1=0.8 --step 0.1',
        'circuit descend "x^2" -x 3 --step 0.1 --steps 10 --trace -',
    ),
}


def _positive(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    if number is not None and not 0.0 < number < float("inf"):
        raise UsageError(f"{param.opts[0]} must be a number above 0, not {number:g}")
    return number


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--wrt", metavar="NAMES", help="The inputs that move: x,y.  [default: all]"),
        click.option(
            "--method",
            default="auto",
            metavar="NAME",
            help=f"{', '.join(NAMES)}; parameters behind a colon, as adam:b1=0.8,eps=1e-6.  [default: auto]",
        ),
        click.option(
            "--step", type=float, metavar="S", help="A fixed step: x + S*gradient, the lesson's rule, or a method's."
        ),
        click.option("--bounds", multiple=True, metavar="x=0:1", help="Where an input may be, 0: or :1; repeatable."),
        click.option(
            "--starts", type=click.IntRange(1), default=1, metavar="N", help="Climb from N points, keep the best."
        ),
        click.option(
            "--seed", type=click.IntRange(0), default=0, metavar="N", help="What chance begins with.  [default: 0]"
        ),
        click.option(
            "--spread",
            type=float,
            default=1.0,
            metavar="S",
            callback=_positive,
            help="Other starts are within S times an input of it.  [default: 1]",
        ),
        click.option("--steps", type=click.IntRange(0), metavar="N", help="Exactly N steps."),
        click.option("--target", type=float, metavar="V", help="Stop at a value as good as V."),
        click.option("--tol", type=float, metavar="T", help="With --step: stop at a gain below T.  [default: 5e-6]"),
        click.option(
            "--gtol",
            type=float,
            default=1e-8,
            metavar="T",
            callback=_positive,
            help="Stop at a slope below T.  [default: 1e-8]",
        ),
        click.option(
            "--ftol",
            type=float,
            default=0.0,
            metavar="T",
            help="Where no step gains: a promised gain of T*|value| is none.  [default: 0]",
        ),
        click.option(
            "--max-steps", type=click.IntRange(1), default=10_000, metavar="N", help="At most N.  [default: 10000]"
        ),
        click.option("--max-evaluations", type=click.IntRange(1), metavar="N", help="At most about N evaluations."),
        click.option("--max-time", type=float, metavar="S", callback=_positive, help="At most S seconds."),
        click.option("--difference", type=click.Choice(("forward", "central")), help="Climb by a numerical gradient."),
        click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]"),
        click.option("--trace", metavar="FILE", help="Write every step: JSON Lines, or CSV by its name; - for stdout."),
        click.option("--state", metavar="FILE", help="Keep in FILE where it stands; go on from there."),
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
    method: str,
    step: float | None,
    bounds: Sequence[str],
    starts: int,
    seed: int,
    spread: float,
    tol: float | None,
    difference: str | None,
    h: float | None,
    trace: str | None,
    state: str | None,
    **options: Any,
) -> int:
    from circuitcli.cli.steps import climbed

    h = step_of(h, difference)
    if step is not None and not 0.0 < step < float("inf"):
        raise UsageError(
            f"--step must be a number above 0, not {step:g}", "circuit ascend climbs, circuit descend goes down"
        )
    chosen = choice(method, step, seed)
    if tol is not None and (not chosen.fixed or not tol > 0.0):
        raise UsageError("--tol is a gain above 0, for a fixed --step", "write for example --step 0.001 --tol 5e-6")
    measures = {name: options.pop(name) for name in Limits._fields if name != "tol"}
    limits = Limits(TOL if tol is None else tol, **measures)
    asked, form = request(options)
    if form.digits > FLOAT_DIGITS:
        raise UsageError("an ascent runs on float64, which has 17 digits", "give --digits 17 or fewer")
    asked.certain("an ascent starts from a number")
    names = _moving(asked, wrt)
    objective = PointObjective(asked.graph, asked.given, names, difference or "exact", h)
    problem = Problem(objective, sign, _bounds(bounds, names))
    start = [objective.given[name] for name in names]
    if problem.inside(start) != start:
        outside = next(n for n, u, v in zip(names, start, problem.inside(start), strict=True) if u != v)
        note(f"{outside} starts beyond its bounds, and is moved to the nearest", form.quiet)
    runs = climbed(problem, chosen, limits, start, Starts(starts, seed, spread), asked.text, trace, state, form)
    if trace != "-":
        _show(asked.text, runs, form)
    run = best(runs)
    if run.status == "nonfinite":
        note(run.message, form.quiet)
    interrupted = runs[-1].status == "interrupted"
    status = 0 if run.success else 3 if run.status == "nonfinite" and not form.allow_nonfinite else 1
    return 130 if interrupted else 0 if run.status == "nonfinite" and form.allow_nonfinite else status


def _moving(asked: Request, wrt: str | None) -> list[str]:
    """The inputs that move."""
    if not asked.graph.inputs:
        raise UsageError("there is nothing to move: the expression has no inputs", "write for example -(x-1)^2")
    names = asked.wrt(wrt)
    for name in names:
        if name not in asked.graph.inputs:
            raise InputError(f"{name} is a node, not an input", "--wrt names the inputs that move")
    return names


def _bounds(texts: Sequence[str], names: Sequence[str]) -> Bounds:
    """The bounds of words such as x=0:1 or x=0:1,y=:3."""
    from circuitcli.cli.values import value
    from circuitcli.language import canonical

    bounds = Bounds.none(len(names))
    seen = set()
    for text in [part for word in texts for part in word.split(",")]:
        name, sign, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        name = canonical(name.strip())
        if not sign or not colon:
            raise UsageError(f"--bounds {text} has no two ends", "write x=0:1, or x=0: or x=:1")
        if name not in names:
            raise InputError(
                f"--bounds {text}: {name} is none of the inputs that move", f"these are: {', '.join(names)}"
            )
        if name in seen:
            raise InputError(f"{name} has bounds twice", "keep one of them")
        seen.add(name)
        i = names.index(name)
        bounds.low[i] = value(f"the bound of {name}", low).number if low.strip() else bounds.low[i]
        bounds.high[i] = value(f"the bound of {name}", high).number if high.strip() else bounds.high[i]
        if not bounds.low[i] <= bounds.high[i]:
            raise InputError(f"--bounds {text}: the lower end comes first", f"write {name}={high}:{low}")
    return bounds


def _show(text: str, runs: Sequence[Ascent], form: Form) -> None:
    to, digits, run = form.to, form.digits, best(runs)
    record = ascent_record(text, runs)
    if to == "json":
        from circuitcli.render.machine import json_text

        print(json_text(record))
        return
    if to != "table":
        from circuitcli.render.machine import row_text

        print(row_text({**record["inputs"], "value": record["value"], "status": run.status}, to))
        return
    found = dict(zip(run.problem.names, run.found.x, strict=True))
    if form.quiet:
        print("\n".join(f"{name} {x!r}" for name, x in found.items()))
        return
    from circuitcli.render.numbers import shown
    from circuitcli.render.table import Column, print_table

    print_table(
        [
            Column("input", False),
            Column("start"),
            Column("found", style="bold"),
            Column("gradient", style="cyan"),
            Column("", False),
        ],
        [
            [
                name,
                shown(record["start"]["inputs"][name], digits),
                shown(x, digits),
                shown(record["gradient"][name], digits),
                "at bound" if name in record["at_bound"] else "",
            ]
            for name, x in found.items()
        ],
        form.color,
    )
    print(f"\n value    {shown(record['start']['value'], digits)} → {shown(record['value'], digits)}")
    if len(runs) > 1:
        from collections import Counter

        ends = Counter(other.status for other in runs)
        print(f" starts   {len(runs)}: {', '.join(f'{count} {status}' for status, count in ends.items())}")
    if form.color == "always" or sys.stdout.isatty():
        from circuitcli.render.sparkline import sparkline

        if line := sparkline([run.sign * v for v in run.values]):
            print(f" path     {line}")
    print(f" stopped  {run.status}: {run.message}")
