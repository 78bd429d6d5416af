"""circuit ascend and circuit descend: follow the gradient."""

from __future__ import annotations

import click

from circuitcli.ascent import AUTO, PointObjective, Problem, choice
from circuitcli.ascent.methods import INTERIOR
from circuitcli.cli.ascent_course import starting
from circuitcli.cli.climbing import Climbing, climbing_options
from circuitcli.cli.options import (
    Data,
    ExpressionCommand,
    Output,
    TypedWords,
    input_options,
    output_options,
    reading_options,
    request_with_rows,
    step_of,
)
from circuitcli.cli.request import Request
from circuitcli.cli.teaching_help import taught
from circuitcli.errors import InputError, UsageError
from circuitcli.extras import refuse_missing
from circuitcli.render.number_format import FLOAT_DIGITS

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

        options: dict[str, object] = {"--difference": difference, "--step": climbing.step}
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
    if ";" in asked.text:
        from circuitcli.cli.constraints import refuse_condition

        refuse_condition(asked)
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
    if library := course.choice.method.library:
        refuse_missing(f"the method {course.choice.name} needs", [library], course.choice.method.extra)
    if auto:
        course = course._replace(choice=choice(INTERIOR if course.relations else AUTO, objective=objective))
    course.refuse_no_length()
    constraints = []
    if course.relations:
        from circuitcli.library.relations import constraints_at_a_point

        constraints = constraints_at_a_point(asked.graph, asked.given, course.relations, moving)
    problem = Problem(objective, sign, course.bounds_of(moving), constraints=constraints)
    start = starting(problem, output.quiet)
    refuse_taken(objective.given, output, "", terms is not None)
    runs = climbed(problem, course, start, asked.text, None, output)
    proof = None
    if course.boxes and not runs[-1].interrupted:
        from circuitcli.library.relations import differences_at_a_point

        differences = differences_at_a_point(asked.graph, course.relations, moving)
        runs, proof = proved(asked.graph, asked, runs, course, output, differences)
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
