"""The notes on a point - its kinks, and what is not finite - and the exit status that its numbers deserve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.lost_digits import NONE, LostDigits, lost_digits
from circuitcli.analysis.nonfinite import beyond_range, fault, fault_of
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Outcome
from circuitcli.cli.exit_status import DONE
from circuitcli.cli.options import Output
from circuitcli.engine.floats import FLOATS
from circuitcli.nested_names import in_short
from circuitcli.notation import HIDDEN, SHORT, in_words
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.carried import Real

HANGS = "hangs on the rounding of inputs and constants, which --digits 30 takes as they are written"
KINKS = 3  # that are told of one by one
FAULTS = 3  # of other results
EVALUATIONS = 600_000  # that looking at the slopes on both sides may cost


def outcome_of(point: Point, output: Output, lost: LostDigits = NONE, others: Sequence[int] = ()) -> Outcome:
    """The notes on a point, on its results at the nodes `others`, and on the digits that are `lost` of it; and its
    status."""
    notes, wrong = [] if lost.moved else kink_notes(point), fault(point)
    beside = list(dict.fromkeys(why for k in others if (why := fault_of(point, k)) not in ("", wrong)))
    if mended := point.named(lost.gradients.keys() - {*lost.hanging}):
        notes.append(
            f"float64 loses digits of the gradient by {some_of(in_short(mended))} on the way: computed in more digits"
        )
    if hanging := point.named(lost.hanging):
        notes.append(f"the gradient by {some_of(in_short(hanging))} {HANGS}")
    below = point.named(point.underflowed)
    if gone := [name for name in below if point.gradient[name] == 0.0]:
        notes.append(f"the gradient by {some_of(in_short(gone))} is not 0, but smaller than the numbers of float64 go")
    if small := [name for name in below if name not in gone]:
        notes.append(f"the gradient by {some_of(in_short(small))} is so small that float64 has few digits for it")
    if lost.moved:
        at = in_words(point.graph)[lost.moved[0]]
        notes.append(f"more digits decide {at} otherwise: the value and the gradient hang on rounding")
    if lost.value is not None and not point.m.isfinite(point.value):
        text = point.m.text(float(lost.value), output.digits)
        notes.append(f"float64 loses all digits on the way to the value, which is {text}: --digits 30 has more")
    elif wrong:
        notes.append(wrong)
    notes += beside[:FAULTS]
    if left := beyond_range(point, others):
        notes.append(left)
    elif point.graph.output in lost.hanging and point.m.isfinite(point.value):
        notes.append(f"the value {HANGS}")
    elif lost.value is not None and point.m.isfinite(point.value):
        notes.append(_of_lost_value(point.value, lost.value))
    elif came_in := point.came_in():
        notes.append(f"{some_of(in_short(came_in))} came in infinite or not a number")
    return Outcome(notes, output.nonfinite if wrong or beside else DONE)


def told_with(option: str, point: Point, output: Output) -> Outcome:
    """The outcome of a point whose gradients are shown as float64 has them, for an option is about that."""
    lost = lost_digits(point)
    plain = outcome_of(point, output, LostDigits(moved=lost.moved))
    names = point.named(lost.gradients)
    more = f"float64 loses digits of the gradient by {some_of(in_short(names))} on the way: leave out {option} for more"
    return Outcome([*plain.notes, *([more] if names else [])], plain.status)


def _of_lost_value(value: float, exact: Real) -> str:
    """Say how many digits of a value are good, and where there are more."""
    apart = float(abs(value / exact - 1)) if exact else math.inf
    good = math.floor(-math.log10(apart)) if apart < 1.0 else 0
    which = f"all but {good} digit{'s' if good > 1 else ''}" if good > 0 else "all digits"
    return f"float64 loses {which} of the value on the way: --digits 30 has more, grad --rounding says where they go"


def kink_notes(point: Point) -> list[str]:
    """The first nodes at a kink one by one, and what that means for the gradient."""
    marked = [k for k, kink in enumerate(point.kinks) if kink]
    if not marked:
        return []
    from circuitcli.analysis.formulas import Formulas

    texts, formulas = in_words(point.graph), Formulas(point.graph, SHORT, ())
    notes = []
    for k in marked[:KINKS]:
        where = formulas.kink(k, point.needed)
        notes.append(
            f"{texts[k]} is at a kink ({where})" if where and where.count(HIDDEN) < 2 else f"{texts[k]} is at a kink"
        )
    if len(marked) > KINKS:
        notes.append(f"{len(marked) - KINKS} more nodes are at kinks")
    notes[-1] += f": {_several(point)}"
    return notes


def _several(point: Point) -> str:
    """Tell how far the gradient at a kink can be trusted, by the slopes on both sides of it."""
    evaluations = 600 * len(point.graph.nodes) * len(point.wrt or ())  # of nodes, by the check
    if evaluations > EVALUATIONS or point.m is not FLOATS or not math.isfinite(point.value):
        return "this gradient is one of several"
    from circuitcli.check import CANNOT_TELL, DISAGREE, check, slopes

    found, verdicts = slopes(point), {}
    if not found:  # that float64 sees
        verdicts = check(point)
        found = {name: v.interval for name, v in verdicts.items() if v.interval is not None}
    apart = [f"of {name} run from {low:.6g} to {high:.6g}" for name, (low, high) in found.items() if low < high]
    if apart:
        return f"this gradient is one of several; the slopes {', '.join(apart[:KINKS])}"
    steep = [name for name, (low, high) in found.items() if low == high and math.isinf(low)]
    if steep:
        return f"the slope of {', '.join(steep[:KINKS])} there is infinite, as at a jump or at an edge"
    edges = [name for name, (low, high) in found.items() if not low < high]
    if edges:
        return f"on one side of {', '.join(edges[:KINKS])} there is no value"
    missed = [f"{v.numerical:.6g} by {name}" for name, v in verdicts.items() if v == DISAGREE]
    if missed:
        return f"the slopes on both sides are the same, and the conventions miss them: {', '.join(missed[:KINKS])}"
    unclear = [name for name, v in verdicts.items() if v == CANNOT_TELL]
    if unclear:
        return f"no step of the differences tells the slopes of {', '.join(unclear[:KINKS])} on both sides of it"
    return "yet the slopes on both sides of it are the same"
