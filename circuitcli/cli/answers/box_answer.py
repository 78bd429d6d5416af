"""The answer of `eval` and `grad` over ranges of inputs: bounds that certainly hold the value and the gradient."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record, conclude, give
from circuitcli.cli.answers.point_answer import node_table, point_record, with_columns
from circuitcli.cli.exit_status import DONE, NO, NONFINITE
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.interval import Interval
from circuitcli.errors import UsageError
from circuitcli.notation import in_words
from circuitcli.render.number_format import FLOAT_DIGITS

BOXES, WORK = 100, 200_000  # into which a box is cut where nobody says, and nodes of all of them together


def answer_box(asked: Request, output: Output, wrt: Sequence[str] | None, boxes: int | None) -> int:
    """Print the bounds over the box of the inputs, and return the status."""
    point = box_point(asked, output, wrt, boxes)
    answer = Answer(
        lambda: point_record(asked.text, point),
        lambda: [box_row(point)],
        lambda: [node_table(point, output)],
        lambda: box_bare(point, output),
        lambda: box_outcome(point, output),
    )
    return give(answer, output)


def test_box(asked: Request, output: Output, boxes: int | None) -> int:
    """Tell whether the value is not 0 at any point of the box: proven, disproven by a point, or not known."""
    point = box_point(asked, output, None, boxes)
    value: Interval = point.value
    if not (value.holds(0.0) or value.partial):
        return conclude(Outcome(), output)
    witness = point.witness()
    if witness:
        found = ", ".join(f"{name} = {x!r}" for name, x in witness.items())
        return conclude(Outcome([f"it is 0 at {found}"], NO), output)
    bounds = point.m.text(value, output.digits)
    why = f"not decided: the value is within {bounds} (--boxes {10 * point.parts} looks closer)"
    return conclude(Outcome(loud=[why], status=NONFINITE), output)


def box_point(asked: Request, output: Output, wrt: Sequence[str] | None, boxes: int | None) -> BoxPoint:
    """The two passes over the box of the inputs. Raises UsageError for other digits."""
    if output.digits > FLOAT_DIGITS:
        raise UsageError("the bounds over a range are float64, which have 17 digits", "leave out --digits, or give 17")
    asked.certain("bounds over a range hold for all inputs in it")
    with working("computing", output.quiet), asked.telling_of_missing():
        count = max(1, min(BOXES, WORK // len(asked.graph.nodes))) if boxes is None else boxes
        return BoxPoint(asked.graph, asked.box, wrt, count)


def box_row(point: Point) -> Record:
    """The box as one row, with two columns for what has bounds."""
    found: Record = {}
    gradient = {f"grad_{name}": slope for name, slope in point.gradient.items()}
    for name, x in (*point.inputs.items(), *point.results.items(), *gradient.items()):
        found = with_columns(found, {f"{name}_lo": x.lo + 0.0, f"{name}_hi": x.hi + 0.0})
    return found


def box_bare(point: Point, output: Output) -> list[str]:
    """The bounds by name, one alone without its name."""
    answers = point.results if point.wrt is None else point.gradient
    texts = {name: point.m.text(x, output.asked_digits or FLOAT_DIGITS) for name, x in answers.items()}
    return [*texts.values()] if point.wrt is None and len(texts) == 1 else [f"{name} {x}" for name, x in texts.items()]


def box_outcome(point: Point, output: Output) -> Outcome:
    """The notes on domains, kinks and ends that are infinite."""
    notes, texts = [], in_words(point.graph)
    results = [point.value, *point.gradient.values()]
    if partial := next((k for k, x in enumerate(point.values) if x is not None and x.partial), None):
        some = "all" if point.values[partial].empty else "some"
        notes.append(
            f"{texts[partial]} is outside its domain for {some} inputs of the box, or may be: bounds are of the others"
        )
    if kink := point.first_kink():
        notes.append(f"{kink} may be at a kink in the box: bounds of the gradient hold the slopes of all sides")
    wrong = not all(map(point.m.isfinite, results))
    if wrong and not any(x.empty for x in results):
        notes.append("no finite bound was found for some results: narrow the range, or look closer with --boxes")
    return Outcome(notes, output.nonfinite if wrong else DONE)
