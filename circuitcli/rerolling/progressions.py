"""Rows of whole numbers as the turns of nested loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from circuitcli.rerolling.trees import Form, Range

Row = tuple[int, ...]
DEEPEST = 4  # loops in loops


def nest(rows: Sequence[Row], loop: int) -> tuple[list[Range], list[Form]] | None:
    """Return loops, outermost first, whose turns are the rows in their order, and how each column goes on with
    them; None where no loops do that which say less than the rows. The innermost one gets the number `loop`."""
    found = _nest(rows, loop, DEEPEST)
    if found is None:
        return None
    loops, forms = found
    bent = any(first.terms or last.terms for _, first, last, _ in loops)
    seen = {number for form in forms for number, _ in form.terms}
    fits = len(rows) >= 2 ** len(loops) + bent and all(each.loop in seen for each in loops)
    return found if fits else None


def _nest(rows: Sequence[Row], loop: int, deepest: int) -> tuple[list[Range], list[Form]] | None:
    if len(rows) == 1:
        return [], [Form(x) for x in rows[0]]
    if not deepest:
        return None
    steps = [tuple([y - x for x, y in zip(a, b, strict=True)]) for a, b in pairwise(rows)]
    (most, _), *_ = Counter(steps).most_common(1)
    for step in dict.fromkeys([most, steps[0], steps[-1]]):
        found = _innermost(rows, steps, step, loop, deepest)
        if found is not None:
            return found
    return None


def _innermost(
    rows: Sequence[Row], steps: Sequence[Row], step: Row, loop: int, deepest: int
) -> tuple[list[Range], list[Form]] | None:
    """The loops of which the innermost goes on by `step` in each column."""
    moving = [c for c, by in enumerate(step) if by]
    if not moving:
        return None
    least = min(abs(step[c]) for c in moving)
    counter = next(c for c in moving if abs(step[c]) == least)  # the column that the loop counts
    if any(by % step[counter] for by in step):
        return None
    runs = _runs(rows, steps, step)
    if len(runs) == len(rows):
        return None
    factors = [by // step[counter] for by in step]
    starts = [
        (*[x - factor * a[counter] for x, factor in zip(a, factors, strict=True)], a[counter], b[counter])
        for a, b in runs
    ]
    outer = _nest(starts, loop + 1, deepest - 1)
    if outer is None:
        return None
    loops, forms = outer
    *columns, first, last = forms
    moved = [
        Form(form.const, ((loop, factor), *form.terms) if factor else form.terms)
        for form, factor in zip(columns, factors, strict=True)
    ]
    return [*loops, Range(loop, first, last, step[counter])], moved


def _runs(rows: Sequence[Row], steps: Sequence[Row], step: Row) -> list[tuple[Row, Row]]:
    """The first and the last row of each run of rows that go on by one step."""
    runs, first = [], rows[0]
    for row, by, after in zip(rows, steps, rows[1:], strict=False):
        if by != step:
            runs.append((first, row))
            first = after
    return [*runs, (first, rows[-1])]
