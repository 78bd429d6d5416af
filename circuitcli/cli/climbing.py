"""The options of an ascent: of its way, of its end, and over rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import click

from circuitcli.ascent import AUTO, MOST_STARTS, MOST_STEPS, TOL, Choice, Limits, Starts, choice, names, with_batches
from circuitcli.cli.ascent_course import Course
from circuitcli.cli.offered_words import offered, offered_names
from circuitcli.cli.options import FILE, OptionGroup, above_nought, refuse_without_rows, together
from circuitcli.cli.teaching_help import ASCENT, OUTPUT, ROWS, STOPPING, under
from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Terms

BOXES = 100_000  # that a proof looks at
SCALED, ABSOLUTE = "scaled", "absolute"  # of --sigma


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
    watch: bool
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
        return Course(sign, chosen, limits, starts, self.bounds, *files, self._boxes, watch=self.watch)

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
        help="Prove that nothing within --bounds, and --subject-to, is better: exit 0 is a proof, by intervals.",
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
    click.option("--watch", is_flag=True, help="Draw the value over the steps at the terminal while it runs."),
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
