"""The answer of `eval` and `grad` over ranges of inputs: bounds that certainly hold the value and the gradient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from circuitcli.analysis.box_point import WORK, BoxPoint, parts_of
from circuitcli.analysis.margin import margin_of
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, conclude
from circuitcli.cli.answers.point_answer import bare_answers, node_table, point_record, point_row
from circuitcli.cli.exit_status import DONE, NO, NONFINITE
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.interval import Interval
from circuitcli.graph import Graph
from circuitcli.held_gates import work_over_boxes
from circuitcli.notation import in_words
from circuitcli.render.number_format import FLOAT_DIGITS

SEARCHED = 1_000  # parts in which the least margin of an inequality is looked for where nobody says
LONG_WORK = 300_000  # digits of the nodes of all parts of a box
FINER = 2, 4  # times the digits that are shown, until the ends are the same: differences of near numbers lose some


def box_answer(asked: Request, point: BoxPoint, output: Output) -> Answer:
    """The bounds over the box of the inputs."""
    return Answer(
        lambda: point_record(asked.text, point),
        lambda: [point_row(point)],
        lambda: [node_table(point, output)],
        lambda: bare_answers(point, output.asked_digits),
        lambda: box_outcome(point, output),
    )


def test_box(asked: Request, output: Output, boxes: int | None) -> int:
    """Tell whether the value is not 0 at any point of the box: proven, disproven by a point, or not known."""
    with working("computing", output.quiet):
        point = box_point(asked, output, None, boxes)
        value: Interval = point.value
        proven = not (value.holds(0.0) or value.partial)
        points = point.points
        if not proven and (margin := margin_of(asked.graph)):
            apart = box_point(asked, output, None, boxes, margin.graph)
            proven, points = margin.holds(apart.value), chain(apart.points, points)
            wide = any(x.lo < x.hi for x in asked.box.values())
            if wide and not (proven or apart.value.partial or output.digits > FLOAT_DIGITS):
                from circuitcli.proofs.least_margin import least_margin

                least, where = least_margin(margin, asked.box, SEARCHED if boxes is None else boxes)
                proven, points = margin.holds(least), chain([where], points)
        witness = {} if proven else next(filter(point.is_nought, points), {})
    if proven:
        return conclude(Outcome(), output)
    if witness:
        found = ", ".join(f"{name} = {_written(x, point)}" for name, x in witness.items())
        return conclude(Outcome([f"it is 0 at {found}"], NO), output)
    bounds = point.m.text(value, output.digits)
    why = f"not decided: the value is within {bounds} (--boxes {10 * point.parts} looks closer)"
    return conclude(Outcome(loud=[why], status=NONFINITE), output)


def _written(x: float, point: BoxPoint) -> str:
    """A number with all its digits."""
    return repr(float(x)) if float(x) == x else point.m.text(point.m.wire(x), point.m.digits)


def box_point(
    asked: Request, output: Output, wrt: Sequence[str] | None, boxes: int | None, graph: Graph | None = None
) -> BoxPoint:
    """The two passes over the box of the inputs, of the circuit or another one of the same inputs."""
    graph = graph or asked.graph
    asked.certain("bounds over a range hold for all inputs in it")
    with asked.telling_of_missing():
        parts = parts_for(work_over_boxes(graph), boxes, output.digits)
        box, m = asked.box_in(output.digits)
        point = BoxPoint(graph, box, wrt, parts, m)
        for times in FINER if output.digits > FLOAT_DIGITS else ():
            box, m = asked.box_in(output.digits, times)
            before, point = point, BoxPoint(graph, box, wrt, parts, m)
            if _shown(before) == _shown(point):
                break
        return point


def _shown(point: BoxPoint) -> list[object]:
    """The ends of the results, in the digits that are shown."""
    return [end for x in [point.value, *point.gradient.values()] for end in point.m.plain(x)]


def parts_for(nodes: int, boxes: int | None, digits: int = FLOAT_DIGITS) -> int:
    """The number of parts into which a box is cut, where nobody says fewer of larger circuits, and of more digits."""
    work = WORK if digits <= FLOAT_DIGITS else LONG_WORK // digits
    return parts_of(nodes, work) if boxes is None else boxes


def box_outcome(point: Point, output: Output, more: Iterable[Interval] = ()) -> Outcome:
    """The notes on domains, kinks and ends that are infinite, those of `more` bounds too."""
    notes, texts = [], in_words(point.graph)
    results = [point.value, *point.gradient.values(), *more]
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
