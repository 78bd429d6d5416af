"""circuit ascend and circuit descend: follow the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import click

from circuitcli.ascent import (
    AUTO,
    MOST_STARTS,
    MOST_STEPS,
    TOL,
    Choice,
    Limits,
    PointObjective,
    Problem,
    Starts,
    choice,
    names,
    with_batches,
)
from circuitcli.ascent.methods import INTERIOR
from circuitcli.cli.ascent_course import Course, starting
from circuitcli.cli.offered_words import offered, offered_names
from circuitcli.cli.options import (
    FILE,
    Data,
    ExpressionCommand,
    OptionGroup,
    Output,
    TypedWords,
    above_nought,
    input_options,
    output_options,
    reading_options,
    refuse_without_rows,
    request_with_rows,
    step_of,
    together,
)
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import ASCENT, OUTPUT, ROWS, STOPPING, taught, under
from circuitcli.errors import InputError, UsageError
from circuitcli.render.number_format import FLOAT_DIGITS

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Terms

BOXES = 100_000  # that a proof looks at
SCALED, ABSOLUTE = "scaled", "absolute"  # of --sigma

UPWARDS = (
    '# until the gradient is 0\ncircuit ascend "100-(x-y)^2" -x 3 -y 4',
    '# one step by hand: x + 0.01 * gradient\ncircuit ascend "x*y" -x -2 -y 3 --step 0.01 --steps 1',
    "# the highest of many summits, within bounds\n"
    'circuit ascend "sin(x) + sin(10*x/3)" -x 3 --bounds x=0:20 --starts 20',
)
DOWNWARDS = (
    '# down the valley of Rosenbrock\ncircuit descend "(1-x)^2 + 100*(y-x^2)^2" -x -1.2 -y 1',
    '# step by step, by a method of learning\ncircuit descend "x^2" -x 3 --method adam --step 0.1 --steps 5 --trace -',
    "# the lowest of many valleys within bounds, and the proof that none is lower\n"
    'circuit descend "x^2 + 10*sin(3*x)" --bounds x=-10:10 --prove',
    "# fit a and b to the rows of a file, with columns t and y\n"
    'circuit descend "sum((y - a*exp(-b*t))^2)" decay.csv -a 1 -b 0.1',
)


def _finite(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    if number is not None and not isfinite(number):
        raise UsageError(f"{param.opts[0]} must be a number, not {number:g}")
    return number


def _share(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    if number is not None and not 0.0 < number < 1.0:
        raise UsageError(f"{param.opts[0]} must be a number between 0 and 1, not {number:g}", "write for example 0.95")
    return number


class Climbing(OptionGroup):
    """The options of an ascent."""

    wrt: str | None
    method: str
    step: str | None
    batch: int | None
    epochs: int | None
    validate: str | None
    bounds: Sequence[str]
    init: Sequence[str]
    subject_to: Sequence[str]
    starts: int
    seed: int
    spread: float
    steps: int | None
    target: float | None
    tol: float | None
    gtol: float
    ftol: float
    max_steps: int
    max_evaluations: int | None
    max_time: float | None
    uncertainty: bool
    sigma: str | None
    level: float | None
    difference: str | None
    h: float | None
    trace: str | None
    state: str | None
    prove: bool
    boxes: int | None
    result: str | None  # the file of --out

    def course(self, sign: float) -> Course:
        """The way to climb. Raises UsageError for options that do not go together."""
        step = None
        if self.step is not None:
            from circuitcli.cli.step_lengths import length_of

            step = length_of(self.step)
        chosen = choice(self.method, step, self.seed)
        if self.batch is not None:
            self._refuse_batches(chosen)
        if self.steps is not None and self.epochs is not None:
            raise UsageError("--steps and --epochs both say how long it goes on", "leave out one of them")
        chosen = chosen._replace(epochs=self.epochs)
        if self.tol is not None and (not chosen.method.fixed or not self.tol > 0.0):
            hint = "write for example --step 0.001 --tol 5e-6"
            raise UsageError("--tol is a gain above 0, for a fixed --step", hint)
        limits = Limits(
            TOL if self.tol is None else self.tol,
            self.gtol,
            self.ftol,
            self.target,
            self.steps,
            self.max_steps,
            self.max_evaluations,
            self.max_time,
        )
        starts = Starts(self.starts, self.seed, self.spread)
        files = self.trace, self.state, self.batch, self.validate
        return Course(sign, chosen, limits, starts, self.bounds, *files, self._boxes)

    @property
    def _boxes(self) -> int | None:
        if self.boxes is not None and not self.prove:
            raise UsageError("--boxes is about a proof, and none is asked for", "add --prove")
        return (self.boxes or BOXES) if self.prove else None

    def _refuse_batches(self, chosen: Choice) -> None:
        """Raise UsageError for batches of a method that needs all rows at each step."""
        rule = chosen.method.rule
        if rule is None or not rule.batches:
            who = "it chooses by itself" if self.method == AUTO else f"{chosen.name}, as it is asked for,"
            raise UsageError(
                f"--batch: the method {who} needs all rows at each step",
                f"name one that does not: {', '.join(with_batches())}",
            )
        if self.tol is not None:
            what = "--tol is about the gain of a step over all rows, and with --batch it has a part of them"
            raise UsageError(what, "say how long it goes on: --epochs 20")

    def refuse_rows(self) -> None:
        """Raise UsageError for options about rows, where there are none."""
        refuse_without_rows({"--batch": self.batch, "--validate": self.validate})
        if self.epochs is not None:
            hint = f"write --steps {self.epochs}, or name a file behind the expression"
            raise UsageError("--epochs is for files of rows, and there is none", hint)

    @property
    def terms(self) -> Terms | None:
        """The terms of standard errors; None where none are asked for."""
        if not (self.uncertainty or self.sigma or self.level):
            return None
        from circuitcli.ascent.standard_errors import Terms

        return Terms(self.sigma == ABSOLUTE if self.sigma else None, self.level)


_course = (
    click.option(
        "--wrt",
        metavar="NAMES",
        help="The inputs that move: x,y.  [default: all]",
        shell_complete=offered_names(inputs=True),
    ),
    click.option(
        "--method",
        default="auto",
        metavar="NAME",
        shell_complete=offered(names),
        help=f"{', '.join(names())}; parameters behind a colon, as adam:b1=0.8,eps=1e-6.  [default: auto]",
    ),
    click.option(
        "--step",
        metavar="S",
        help="A fixed step: x + S*gradient, the lesson's rule, or a method's; or a schedule, '0.1*0.99^step'.",
    ),
    click.option(
        "--bounds",
        multiple=True,
        metavar="x=0:1",
        help="Bounds of an input; 0: or :1 bound one side (may be repeated).",
    ),
    click.option(
        "--subject-to",
        multiple=True,
        metavar="CONSTRAINT",
        help="Within constraints: x + y <= 1, or x^2 + y^2 = 2; several have ; between (may be repeated).",
    ),
    click.option(
        "--init",
        multiple=True,
        metavar="NAME=DIST",
        help="Begin inputs without a value at random: W=normal(0, 0.5), b=uniform(-1, 1) (may be repeated).",
    ),
    click.option(
        "--starts",
        type=click.IntRange(1, MOST_STARTS),
        default=1,
        metavar="N",
        help="Climb from N points, keep the best; together they take at most 3 times --max-steps, and 100 more each.",
    ),
    click.option(
        "--seed", type=click.IntRange(0), default=0, metavar="N", help="Seed of the random numbers.  [default: 0]"
    ),
    click.option(
        "--spread",
        type=float,
        default=1.0,
        metavar="S",
        callback=above_nought,
        help="Spread of the other starts, in sizes of an input.  [default: 1]",
    ),
)
_ends = (
    click.option("--steps", type=click.IntRange(0, MOST_STEPS), metavar="N", help="Exactly N steps."),
    click.option(
        "--epochs",
        type=click.IntRange(0, MOST_STEPS),
        metavar="N",
        help="Over rows: exactly N passes over all.",
    ),
    click.option("--target", type=float, metavar="V", callback=_finite, help="Stop at a value as good as V."),
    click.option("--tol", type=float, metavar="T", help="With --step: stop at a gain below T.  [default: 5e-6]"),
    click.option(
        "--gtol",
        type=float,
        default=1e-8,
        metavar="T",
        callback=above_nought,
        help="A change of inputs, in their own scale, that counts as none.  [default: 1e-8]",
    ),
    click.option(
        "--ftol",
        type=click.FloatRange(0.0),
        default=0.0,
        metavar="T",
        help="A promised gain below T*|value| counts as none.  [default: 0]",
    ),
    click.option(
        "--max-steps", type=click.IntRange(1), default=10_000, metavar="N", help="At most N.  [default: 10000]"
    ),
    click.option("--max-evaluations", type=click.IntRange(1), metavar="N", help="At most about N evaluations."),
    click.option("--max-time", type=float, metavar="S", callback=above_nought, help="At most S seconds."),
)
_more = (
    click.option("--uncertainty", is_flag=True, help="Standard errors of what is found."),
    click.option(
        "--sigma",
        type=click.Choice((SCALED, ABSOLUTE)),
        help="Weights of squares tell errors in proportion, or as they are.  [default: scaled]",
    ),
    click.option(
        "--level", type=float, metavar="P", callback=_share, help="Level of confidence intervals.  [default: 0.95]"
    ),
    click.option(
        "--prove",
        is_flag=True,
        help="Prove that nothing within the --bounds is better: exit 0 is a proof, by intervals.",
    ),
    click.option(
        "--boxes", type=click.IntRange(1), metavar="N", help="With --prove: look at N boxes at most.  [default: 100000]"
    ),
    click.option("--difference", type=click.Choice(("forward", "central")), help="Climb by a numerical gradient."),
    click.option("--h", type=float, metavar="H", help="The step of --difference.  [default: 1e-4]"),
    click.option(
        "--trace",
        type=FILE,
        metavar="FILE",
        help="Write every step: JSON Lines, or CSV by its name; - for stdout.",
    ),
    click.option(
        "--state", type=FILE, metavar="FILE", help="Save the state in FILE after every step; go on from it next time."
    ),
)
_over_rows = (
    click.option("--by", metavar="COLUMN", help="Over rows: climb once for each group of equal COLUMN."),
    click.option(
        "--batch", type=click.IntRange(1), metavar="N", help="Each step over N rows, in an order drawn by --seed."
    ),
    click.option("--validate", type=FILE, metavar="FILE", help="Keep the point that is best over the rows of FILE."),
)
_out = click.option(
    "--out", "result", type=FILE, metavar="FILE", help="Write the result to FILE, in the form that its ending tells."
)
climbing_options = together(
    "climbing",
    Climbing,
    under(ASCENT, *_course, *_more),
    under(STOPPING, *_ends),
    under(OUTPUT, _out),
    under(ROWS, *_over_rows),
)


@taught(UPWARDS)
@click.command("ascend", cls=ExpressionCommand)
@input_options
@output_options
@reading_options
@climbing_options
def ascend(typed: TypedWords, output: Output, data: Data, climbing: Climbing) -> int:
    """Climb along the gradient from the inputs given."""
    return _run(1.0, typed, output, data, climbing)


@taught(DOWNWARDS)
@click.command("descend", cls=ExpressionCommand)
@input_options
@output_options
@reading_options
@climbing_options
def descend(typed: TypedWords, output: Output, data: Data, climbing: Climbing) -> int:
    """Go down against the gradient from the inputs given."""
    return _run(-1.0, typed, output, data, climbing)


def _run(sign: float, typed: TypedWords, output: Output, data: Data, climbing: Climbing) -> int:
    from circuitcli.cli.answers.answer import conclude, file_of, give, in_the_form_of
    from circuitcli.cli.answers.ascent_answer import ascent_answer, outcome_of_runs, refuse_taken
    from circuitcli.cli.ascent_watch import climbed

    difference = climbing.difference
    h = step_of(climbing.h, difference)
    course, terms = climbing.course(sign), climbing.terms
    asked = request_with_rows(typed, output, data, climbing.subject_to)
    if climbing.subject_to:
        from circuitcli.cli.constraints import relations_of

        options: dict[str, object] = {"--difference": difference, "--step": climbing.step, "--prove": climbing.prove}
        options |= {"--target": climbing.target is not None, "--batch": climbing.batch, "--validate": climbing.validate}
        course = course._replace(relations=relations_of(asked, climbing.method, options))
    if output.digits > FLOAT_DIGITS:
        raise UsageError("an ascent runs on float64, which has 17 digits", "give --digits 17 or fewer")
    if not asked.data:
        climbing.refuse_rows()
        asked.certain("an ascent starts from numbers")
    if climbing.init:
        from circuitcli.cli.drawn_starts import draw_starts

        draw_starts(asked, climbing.init, climbing.seed, output.quiet)
    if course.boxes:
        from circuitcli.cli.proof import proved, refuse_open, start_in_the_middle

        start_in_the_middle(asked, course)
    out = file_of(climbing.result)
    output = in_the_form_of(output, out)
    course.refuse_overwriting([*asked.data, *filter(None, [course.validate]), *typed.read], out)
    if not asked.graph.inputs:
        raise UsageError("there is nothing to move: the expression has no inputs", "write for example -(x-1)^2")
    auto = climbing.method == AUTO and climbing.step is None
    if asked.data:
        from circuitcli.cli.fitting import fit

        if difference:
            raise UsageError("--difference is about one point, and there are rows", "leave it out")
        return fit(asked, output, data, course, auto, climbing.wrt, terms, data.by or "", out)
    if climbing.sigma:
        raise UsageError("--sigma is about weights of rows, and there are none", "name a file behind the expression")
    moving = _moving(asked, climbing.wrt)
    if course.boxes:
        refuse_open(course.bounds_of(moving), moving)
    with asked.telling_of_missing():
        objective = PointObjective(asked.graph, asked.given, moving, difference or "exact", h)
    if course.choice.method.squares:
        message = f"{course.choice.name} wants a sum of squares over rows of data"
        raise UsageError(message, "name a file behind the expression")
    if auto:
        course = course._replace(choice=choice(INTERIOR if course.relations else AUTO, objective=objective))
    course.refuse_no_length()
    constraints = []
    if course.relations:
        from circuitcli.cli.constraints import constraints_at_a_point

        constraints = constraints_at_a_point(asked, course.relations, moving)
    problem = Problem(objective, sign, course.bounds_of(moving), constraints=constraints)
    start = starting(problem, output.quiet)
    refuse_taken(objective.given, output, "", terms is not None)
    runs = climbed(problem, course, start, asked.text, None, output)
    proof = None
    if course.boxes and not runs[-1].interrupted:
        runs, proof = proved(asked.graph, asked, runs, course, output)
    answer = ascent_answer(asked.text, runs, output, None, terms)
    if proof is not None:
        from circuitcli.cli.answers.proof_answer import with_proof

        answer = with_proof(answer, proof, sign, output)
    if course.trace == "-" and out is None:
        return conclude(answer.outcome() if proof is not None else outcome_of_runs(runs, output), output)
    return give(answer, output, out)


def _moving(asked: Request, wrt: str | None) -> list[str]:
    """The inputs that move: those named, else all that `grad` would differentiate by and that no earlier run fixed."""
    names = asked.names(wrt) or [name for name in asked.wrt(None) if name not in asked.fixed] or asked.wrt(None)
    for name in names:
        if name not in asked.graph.inputs:
            raise InputError(f"{name} is a node, not an input", "--wrt names the inputs that move")
    return names
