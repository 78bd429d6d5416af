"""The answer of `grad --hessian`: the second derivatives, beside the point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.derivatives import Hessian, Second
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import (
    bare_number,
    columns_of,
    point_answer,
    point_record,
    point_row,
    with_columns,
)
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.floats import FLOATS
from circuitcli.errors import UsageError
from circuitcli.render.palette import GRADIENT_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

SQUARE = 6  # inputs whose square of second derivatives still fits a screen
MOST = 1_000  # inputs
SHOWN = 3  # second derivatives that a note names
Numbers = Mapping[tuple[str, str], Any]


def hessian_answer(asked: Request, point: Point, output: Output) -> Answer:
    """The answer at a point, with its second derivatives."""
    found = _second(asked, point, output)
    plain = point_answer(asked.text, point, output)
    record = partial(_record, point, found)
    return with_hessian(asked.text, plain, point, found.numbers, record, partial(_outcome, point, found), output)


def with_hessian(
    text: str,
    plain: Answer,
    point: Point,
    found: Numbers,
    record: Callable[[], Record],
    outcome: Callable[[Outcome, Output], Outcome],
    output: Output,
) -> Answer:
    """A plain answer at a point, or over a box, with second derivatives, keys of its record, and notes on them."""
    upper = _upper(found)
    columns = {f"hess_{a}_{b}": x for (a, b), x in upper.items()}
    return Answer(
        lambda: point_record(text, point, record()),
        lambda: [with_columns(point_row(point), columns_of(point, columns))],
        lambda: [*plain.table(), "", _table(point, found, output)],
        lambda: [
            *plain.bare(),
            *(f"{a},{b} {bare_number(point, x, output.asked_digits)}" for (a, b), x in upper.items()),
        ],
        lambda: outcome(plain.outcome(), output),
    )


def refuse_too_many(wrt: Sequence[str]) -> None:
    """Raise UsageError for more inputs than anyone has the square of."""
    if (count := len(wrt)) > MOST:
        raise UsageError(
            f"{count:,} inputs have {count * count:,} second derivatives, and {MOST:,} inputs are the most",
            "name those that matter: --wrt x,y",
        )


def _second(asked: Request, point: Point, output: Output) -> Second:
    """The second derivatives: on floats with what these lost, else with as many digits as are asked for."""
    refuse_too_many(point.wrt or ())
    hessian = Hessian(point.graph, point.wrt or (), point.still)
    if point.m is FLOATS:
        return hessian.at(point)
    return hessian.read(asked.point(None, output.digits, hessian.circuit).values, point.value)


def _record(point: Point, found: Second) -> Record:
    """The `hessian`, and the pairs whose digits float64 had lost."""
    lost = {"hessian_digits_lost": [[a, b] for a, b in found.lost]} if found.lost else {}
    return {**hessian_record(point, found.numbers, any(point.kinks)), **lost}


def hessian_record(point: Point, found: Numbers, kink: bool) -> Record:
    """The `hessian`, a row a name; and whether it is taken at a kink."""
    rows: dict[str, Record] = {}
    for (a, b), x in found.items():
        rows.setdefault(a, {})[b] = point.m.plain(x)
    return {"hessian": rows, **({"hessian_kink": True} if kink else {})}


def _upper(found: Numbers) -> Numbers:
    """One of the two orders of each pair."""
    names = list(dict.fromkeys(a for a, _ in found))
    return {(a, b): found[a, b] for i, a in enumerate(names) for b in names[i:]}


def _table(point: Point, found: Numbers, output: Output) -> PrintedTable:
    """A square of rows and columns, or of many inputs the pairs that are not 0."""
    from circuitcli.render.text_table import Column, PrintedTable

    def shown(x: Any) -> str:
        return str(point.m.text(x, output.digits))

    names = list(point.wrt or ())
    if len(names) <= SQUARE:
        columns = [Column("hessian", False), *(Column(name, style=GRADIENT_ON_SCREEN) for name in names)]
        return PrintedTable(columns, [[a, *(shown(found[a, b]) for b in names)] for a in names])
    zero = point.m.constant("0")
    columns = [Column("by", False), Column("and", False), Column("second derivative", style=GRADIENT_ON_SCREEN)]
    return PrintedTable(columns, [[a, b, shown(x)] for (a, b), x in _upper(found).items() if x != zero])


def _outcome(point: Point, found: Second, plain: Outcome, output: Output) -> Outcome:
    """The outcome of the point, with notes on second derivatives at a kink, on those whose digits were lost, and on
    those that are not finite."""
    notes, status = list(plain.notes), plain.status
    if any(point.kinks):
        notes.append("the second derivatives are taken at a kink: they say nothing about the curvature there")
    if found.lost:
        notes.append(f"float64 loses the digits of {_named(found.lost)} on the way: computed in more digits")
    if found.underflowed:
        notes.append(f"{_named(found.underflowed)} is not 0, but smaller than the numbers of float64 go")
    bad = [pair for pair, x in found.numbers.items() if not point.m.isfinite(x)]
    if bad and not status and not point.came_in():
        notes.append(f"{_named(bad[:1])} is not finite")
        status = output.nonfinite
    return Outcome(notes, status)


def _named(pairs: Sequence[tuple[str, str]]) -> str:
    """The second derivatives by some pairs of names, in words: each pair once."""
    once = list(dict.fromkeys(tuple(sorted(pair)) for pair in pairs))
    texts = [" and ".join(pair) for pair in once[:SHOWN]]
    more = f" and {len(once) - SHOWN} more" if len(once) > SHOWN else ""
    return f"the second derivative by {', by '.join(texts)}{more}"
