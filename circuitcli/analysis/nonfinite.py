"""Find the node that made the value or the gradient infinite or nan, say why, and what to write instead."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import DENSE, FLOATS, HUGE, TINY, Floats
from circuitcli.engine.passes import contributions
from circuitcli.errors import shortened
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, reached_from
from circuitcli.held_gates import HeldGate
from circuitcli.notation import SHORT, in_words

if TYPE_CHECKING:
    from circuitcli.engine.digits import Digits

UNSEEN = 1e-12  # relative: a lost part so small changes no digit worth a word


def fault(point: Point) -> str:
    """Name the first node that made the value, or else the gradient, infinite or nan; nothing where all is finite.

    A non-finite number that came in as an input is no fault: then too the answer is empty.
    """
    if not point.m.isfinite(point.value):
        return fault_of(point, point.graph.output)
    if not all(map(point.m.isfinite, point.gradient.values())):
        return _of_gradient(point)
    return ""


def fault_of(point: Point, k: int) -> str:
    """Name the first node that made a node infinite or nan; nothing where it is finite, or the number came in."""
    return "" if _fine(point, k) else _of_value(point, k)


def beyond_range(point: Point, others: Iterable[int] = ()) -> str:
    """The first node whose value left the range of floats, where the output or one of `others`, though finite, is
    another for it; else empty."""
    finite = [k for k in (point.graph.output, *others) if point.m.isfinite(point.values[k])]
    if point.m is not FLOATS or not finite:
        return ""
    odd = [k for k, x in enumerate(point.values) if not TINY <= abs(x) < DENSE]
    if changed := next(filter(None, (_changed(point, k) for k in odd)), ""):
        return changed
    if not odd or not point.lost:
        return ""
    return next(filter(None, (_beyond(point, k) for k in finite)), "")


def _beyond(point: Point, output: int) -> str:
    exact = point.unbounded
    others = [
        k for k in (*point.lost, output) if abs(exact.values[k] - point.values[k]) > UNSEEN * abs(exact.values[k])
    ]
    if others[-1:] != [output] or others[0] not in point.lost:  # else the output lost digits where parts cancelled
        return ""
    if abs(point.values[others[0]]) < TINY <= abs(exact.values[others[0]]):  # an integral that is 0, but for rounding
        return ""
    why, text = _leaves(point, others[0]), in_words(point.graph)[output]
    if others[0] == output or abs(point.values[others[0]]) < TINY:
        return why
    value = point.m.text(point.values[output], 10)
    return f"{why}, so {text} is {value} instead of {exact.text(output, 10)}{_instead(point, others[0])}"


def _changed(point: Point, k: int) -> str:
    """Tell of a number of the expression that float64 cannot hold: one below its range, or a whole number of more
    digits than it has."""
    text, x = point.graph.nodes[k].text, point.values[k]
    shown = shortened(text, SHORT)
    if point.graph.nodes[k].gate != CONSTANT or text in CONSTANTS or math.isinf(x):
        return ""
    if x == 0.0:
        is_small = any(digit in text.lower().partition("e")[0] for digit in "123456789")
        return f"{shown} is smaller than the numbers of float64 go" if is_small else ""
    from decimal import Decimal

    exact = Decimal(text)
    if abs(x) < TINY and abs(exact - Decimal(x)) > Decimal(UNSEEN) * abs(exact):
        return f"{shown} is smaller than the numbers of float64 go"
    return f"{shown} has more digits than float64: it becomes {x:.0f}" if exact != x and _digits(text) > 15 else ""


def _digits(text: str) -> int:
    """The number of digits that a decimal is written with."""
    return sum(map(str.isdigit, text.lower().partition("e")[0].lstrip("0.")))


def _of_value(point: Point, k: int) -> str:
    """Name the first node on the way to another that is not finite though its arguments are."""
    first = _first(point, k)
    node, value = point.graph.nodes[first], point.values[first]
    if node.gate == INPUT:
        return ""
    xs = [point.values[a] for a in node.args]
    if _is_of_floats(point) and 0.0 in xs and (why := _why_zero(point, first)):
        kind = "is not a number" if value != value else "is infinite"
        return f"{why}, so {in_words(point.graph)[first]} {kind}{_instead(point, first)}"
    return f"{_cause(point, first)}{_instead(point, first)}"


def _cause(point: Point, k: int) -> str:
    """Say why a node whose arguments are finite is not: a constant as it is written, a gate at its arguments."""
    node = point.graph.nodes[k]
    if node.gate == CONSTANT:
        what = "is written in the expression" if node.text in CONSTANTS else f"is beyond {point.m.beyond}"
        return f"{shortened(node.text, SHORT)} {what}"
    xs = [point.values[a] for a in node.args]
    return f"{_at(point, k)}: {_why(node.gate, xs, point.values[k], point.m)}"


def _why_zero(point: Point, start: int) -> str:
    """The first node below another that left the range of floats, and made an argument 0; else empty."""
    below = reached_from(point.graph.nodes, [start])
    for k in point.lost:
        if below[k] and k != start and (abs(point.values[k]) > HUGE or point.unbounded.values[k] != 0.0):
            return _leaves(point, k)
    return ""


def _leaves(point: Point, k: int) -> str:
    """Say how the value of a node left the range of floats."""
    if abs(point.values[k]) > HUGE:
        return _cause(point, k)
    size = point.unbounded.text(k, 3)
    return f"{_at(point, k)} underflows: it is {size}, smaller than the numbers of float64 go"


def _first(point: Point, start: int) -> int:
    """Follow a non-finite node down to the first one whose arguments are finite."""
    seen, pending, first = {start}, [start], start
    while pending:
        k = pending.pop()
        gate, args, _ = point.graph.nodes[k]
        own = isinstance(gate, HeldGate) and gate.kind == "integral"  # whose ends may be infinite
        bad = [a for a in args if not (_fine(point, a) or (own and _is_infinite(point, a)))]
        if not bad and (first == start or k < first):
            first = k
        pending += [a for a in bad if a not in seen]
        seen.update(bad)
    return first


def _fine(point: Point, k: int) -> bool:
    """Whether a node is finite, or has no one value since it varies by row."""
    return point.values[k] is None or bool(point.m.isfinite(point.values[k]))


def _is_infinite(point: Point, k: int) -> bool:
    """Whether a node is an infinity, as of one end of an integral, and not what is no number."""
    return bool(point.values[k] == point.values[k])


def _of_gradient(point: Point) -> str:
    """Name the first gate of the backward pass that hands on a non-finite number."""
    graph, m = point.graph, point.m
    for k in range(graph.output, -1, -1):
        g = point.gradients[k]
        if g is None or not m.isfinite(g):
            continue
        for i, c in point.handed_on(k):
            if m.isfinite(c):
                continue
            kind = "is not a number" if c != c else "is infinite"
            if math.isinf(c) and _only_for_floats(point, k, i):
                kind = "is beyond the numbers of float64"
            bad = [a for a in (k, *graph.nodes[k].args) if not _fine(point, a)]
            if not bad:
                of = "" if len(graph.nodes[k].args) == 1 else f" by {in_words(graph)[i]}"
                return f"the gradient of {_at(point, k, of)} {kind}{_split(graph.nodes[k].gate)}{_instead(point, k)}"
            if point.came_in():
                return ""
            # The value came back from what went wrong below, and the gradient does not.
            first = _first(point, bad[0])
            return f"{_cause(point, first)}, so the gradient {kind}{_instead(point, first)}"
    return "a gradient that is the sum of several paths overflows"


def _split(gate: str) -> str:
    """The hint for an integral whose circuit may jump at a place that moves; else empty."""
    if not isinstance(gate, HeldGate) or gate.kind != "integral":
        return ""
    from circuitcli.engine.held_rules import jumps

    if not any(jumps(gate, name) for name in gate.circuit.inputs):
        return ""
    return ": it may jump at a place that moves; write an integral for each side of the jump"


def _is_of_floats(point: Point) -> bool:
    """Whether all nodes have a value, and it is a float: over rows some have none."""
    return point.m is FLOATS and None not in point.values


def _only_for_floats(point: Point, k: int, i: int) -> bool:
    """Whether the part that a node hands on is infinite for its size alone."""
    if not _is_of_floats(point) or not point.m.isfinite(point.value):
        return False
    exact = point.unbounded
    parts = contributions(point.graph, exact.m, exact.values, point.needed, k, exact.m.number(point.gradients[k]))
    return all(exact.m.isfinite(c) for to, c, _ in parts if to == i)


def _at(point: Point, k: int, note: str = "") -> str:
    """Write a node's expression and the values of its arguments: log(u) at u = -1."""
    graph, texts, called = point.graph, in_words(point.graph), point.graph.called()
    varies = graph.depends_on(graph.inputs.values())
    args = [a for a in dict.fromkeys(graph.nodes[k].args) if varies[a] and point.values[a] is not None]
    where = ", ".join(f"{called[a] or texts[a]} = {point.m.text(point.values[a], 10)}" for a in args)
    return f"{texts[k]}{note} at {where}" if where else texts[k] + note


def _why(gate: str, xs: Sequence[float | None], value: float, m: Floats | Digits) -> str:
    """Say why a gate with finite arguments, None where they vary by row, has no finite value."""
    row = GATES[gate]
    if row.divisor is not None and xs[row.divisor] == 0.0:
        return "division by zero" if any(xs) else "zero divided by zero"
    if row.over_rows is not None and row.over_rows.alone:
        return "the rows have no spread" if None in xs else row.over_rows.alone
    if row.over_rows is not None and row.over_rows.gathered < len(xs) and 1.0 < (xs[-1] or 0.0) <= 100.0:
        return f"its level is a number from 0 to 1, as {(xs[-1] or 0.0) / 100.0:g}"
    if value != value and isinstance(gate, HeldGate):
        return "no root is found from its start" if gate.kind == "root" else "its sums do not come to agree"
    if value != value:
        return "outside its domain"
    if row.pole and max(abs(x or 0.0) for x in xs) < 100.0:
        return "a pole"
    if row.overflow and m.beyond == FLOATS.beyond:
        return f"overflows; {gate} does above {row.overflow}"
    return f"overflows, beyond {m.beyond}"


def _instead(point: Point, k: int) -> str:
    """Return a hint where a stable gate computes an expression that this node is part of."""
    from circuitcli.analysis.stable_forms import stable_form

    form = stable_form(point.graph, k)
    return f"; for {form[0]} write {form[1]}" if form else ""
