"""circuit ascend and circuit descend: follow the gradient."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from circuitcli.ascent import AUTO, TOL, Bounds, Limits, PointObjective, Problem, Starts, choice, names
from circuitcli.cli.commands.grad import step_of
from circuitcli.cli.options import (
    FILE,
    ExpressionCommand,
    Form,
    data,
    expression_options,
    note,
    read_by,
    reading_options,
    request,
)
from circuitcli.cli.request import FLOAT_DIGITS, Request
from circuitcli.cli.text_files import refuse_overwriting
from circuitcli.errors import InputError, UsageError

if TYPE_CHECKING:
    from circuitcli.cli.ascent_watch import Course

EXAMPLES = {
    "ascend": (
        '# until the gradient is 0\ncircuit ascend "100-(x-y)^2" -x 3 -y 4',
        '# one step by hand: x + 0.01 * gradient\ncircuit ascend "x*y" -x -2 -y 3 --step 0.01 --steps 1',
        "# the highest of many summits, within bounds\n"
        'circuit ascend "sin(x) + sin(10*x/3)" -x 3 --bounds x=0:20 --starts 20',
    ),
    "descend": (
        '# down the valley of Rosenbrock\ncircuit descend "(1-x)^2 + 100*(y-x^2)^2" -x -1.2 -y 1',
        "# step by step, by a method of learning\n"
        'circuit descend "x^2" -x 3 --method adam --step 0.1 --steps 5 --trace -',
        "# fit a and b to the rows of a file, with columns t and y\n"
        'circuit descend "sum((y - a*exp(-b*t))^2)" decay.csv -a 1 -b 0.1',
    ),
}


def _positive(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    if number is not None and not 0.0 < number < float("inf"):
        raise UsageError(f"{param.opts[0]} must be a number above 0, not {number:g}")
    return number


def _finite(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    if number is not None and not isfinite(number):
        raise UsageError(f"{param.opts[0]} must be a number, not {number:g}")
    return number


def _methods(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in names() if name.startswith(incomplete)]


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--wrt", metavar="NAMES", help="The inputs that move: x,y.  [default: all]"),
        click.option(
            "--method",
            default="auto",
            metavar="NAME",
            shell_complete=_methods,
            help=f"{', '.join(names())}; parameters behind a colon, as adam:b1=0.8,eps=1e-6.  [default: auto]",
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
        click.option("--target", type=float, metavar="V", callback=_finite, help="Stop at a value as good as V."),
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
            type=click.FloatRange(0.0),
            default=0.0,
            metavar="T",
            help="Where no step gains: a promised gain of T*|value| is none.  [default: 0]",
        ),
        click.option(
            "--max-steps", type=click.IntRange(1), default=10_000, metavar="N", help="At most N.  [default: 10000]"
        ),
        click.option("--max-evaluations", type=click.IntRange(1), metavar="N", help="At most about N evaluations."),
        click.option("--max-time", type=float, metavar="S", callback=_positive, help="At most S seconds."),
        click.option("--uncertainty", is_flag=True, help="Standard errors of what is found."),
        click.option("--by", metavar="COLUMN", help="Over rows: once for each text in COLUMN."),
        click.option("--difference", type=click.Choice(("forward", "central")), help="Climb by a numerical gradient."),
        click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]"),
        click.option(
            "--trace",
            type=FILE,
            metavar="FILE",
            help="Write every step: JSON Lines, or CSV by its name; - for stdout.",
        ),
        click.option("--state", type=FILE, metavar="FILE", help="Keep in FILE where it stands; go on from there."),
    )[::-1]:
        command = option(command)
    return command


@click.command("ascend", cls=ExpressionCommand, data=True, examples=EXAMPLES["ascend"])
@expression_options
@reading_options
@_options
def ascend(**options: Any) -> int:
    """Climb along the gradient from the inputs given."""
    return _run(1.0, **options)


@click.command("descend", cls=ExpressionCommand, data=True, examples=EXAMPLES["descend"])
@expression_options
@reading_options
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
    uncertainty: bool,
    by: str | None,
    **options: Any,
) -> int:
    from circuitcli.cli.answers.ascent_answer import ended, refuse_taken, show
    from circuitcli.cli.ascent_watch import Course, climbed

    h = step_of(h, difference)
    if step is not None and not 0.0 < step < float("inf"):
        raise UsageError(
            f"--step must be a number above 0, not {step:g}", "circuit ascend climbs, circuit descend goes down"
        )
    chosen = choice(method, step, seed)
    if tol is not None and (not chosen.method.fixed or not tol > 0.0):
        raise UsageError("--tol is a gain above 0, for a fixed --step", "write for example --step 0.001 --tol 5e-6")
    measures = {name: options.pop(name) for name in Limits._fields if name != "tol"}
    limits = Limits(TOL if tol is None else tol, **measures)
    course = Course(sign, chosen, limits, Starts(starts, seed, spread), bounds, trace, state)
    asked, form = request(options)
    if form.digits > FLOAT_DIGITS:
        raise UsageError("an ascent runs on float64, which has 17 digits", "give --digits 17 or fewer")
    if not asked.data:
        asked.certain("an ascent starts from numbers")
    _refuse_same(course, asked, options)
    if not asked.graph.inputs:
        raise UsageError("there is nothing to move: the expression has no inputs", "write for example -(x-1)^2")
    if asked.data:
        from circuitcli.cli.fitting import fit

        if difference:
            raise UsageError("--difference is about one point, and there are rows", "leave it out")
        return fit(asked, form, data(options), course, method == AUTO and step is None, wrt, uncertainty, by)
    if by:
        raise UsageError("--by tells rows of data apart, and there are none", "name a file behind the expression")
    moving = _moving(asked, wrt)
    objective = PointObjective(asked.graph, asked.given, moving, difference or "exact", h)
    if chosen.method.squares:
        raise UsageError(f"{chosen.name} wants a sum of squares over rows of data", "name a file behind the expression")
    problem = Problem(objective, sign, bounds_of(bounds, moving))
    start = starting(problem, form)
    refuse_taken(list(objective.given), form, None, uncertainty)
    runs = climbed(problem, course, start, asked.text, None, form)
    if trace != "-":
        show(asked.text, runs, form, uncertainty=uncertainty)
    return ended(runs, form)


def _refuse_same(course: Course, asked: Request, options: Mapping[str, Any]) -> None:
    """What is read must not be written over."""
    read = [*asked.data, *read_by(options)]
    for option, name in (("--trace", course.trace), ("--state", course.state)):
        refuse_overwriting(option, name, read)
    if course.trace and course.state and os.path.realpath(course.trace) == os.path.realpath(course.state):
        raise UsageError("--trace and --state are one file", "name two")


def starting(problem: Problem, form: Form) -> list[float]:
    """The values that the inputs that move are given, within the bounds."""
    given = [problem.objective.given[name] for name in problem.names]
    start = problem.inside(given)
    for name, u, v in zip(problem.names, given, start, strict=True):
        if u != v and u == u:
            note(f"{name} starts beyond its bounds, and is moved to the nearest", form.quiet)
    return start


def _moving(asked: Request, wrt: str | None) -> list[str]:
    """The inputs that move: those named, else all that `grad` would differentiate by and that no earlier run fixed."""
    names = asked.names(wrt) or [name for name in asked.wrt(None) if name not in asked.fixed] or asked.wrt(None)
    for name in names:
        if name not in asked.graph.inputs:
            raise InputError(f"{name} is a node, not an input", "--wrt names the inputs that move")
    return names


def bounds_of(texts: Sequence[str], names: Sequence[str]) -> Bounds:
    """The bounds of words such as x=0:1 or x=0:1,y=:3."""
    from circuitcli.cli.ranges import ranges_of

    bounds = Bounds.none(len(names))
    found = ranges_of("--bounds", texts, names, "the inputs that move", "write x=0:1, or x=0: or x=:1")
    for name, ends in found.items():
        for side, end in zip(bounds, ends, strict=True):
            if end is not None:
                side[names.index(name)] = end
    return bounds
