"""The constraints at the end of an ascent: what is left of each, which hold the optimum, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from circuitcli.ascent.constrained.kkt import VIOLATION, Conditions, Standing
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.point_answer import with_keys
from circuitcli.cli.options import Output
from circuitcli.library.ascent_record import constraints_record
from circuitcli.render.palette import GRADIENT_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

WIDEST = 40  # characters of a constraint in a table


def with_constraints(answer: Answer, found: Conditions, output: Output) -> Answer:
    """The answer with the constraints in each form."""

    def record() -> Record:
        own = answer.record()
        assert isinstance(own, dict)
        return with_keys(own, constraints_record(found))

    return Answer(record, answer.rows, lambda: _table(answer, found, output), answer.bare, answer.outcome)


def _table(answer: Answer, found: Conditions, output: Output) -> Iterable[PrintedTable | str]:
    from circuitcli.render.number_format import shown
    from circuitcli.render.text_table import Column, PrintedTable

    first, *rest = answer.table()
    yield first
    if not found.standings:
        yield from rest
        return
    yield ""
    columns = [
        Column("constraint", number=False),
        Column("left"),
        Column("price", style=GRADIENT_ON_SCREEN),
        Column("", False),
    ]
    rows = [
        [_short(each.text), shown(each.apart, output.digits), shown(each.price, output.digits), _mark(each)]
        for each in found.standings
    ]
    yield PrintedTable(columns, rows)
    yield from rest


def _mark(each: Standing) -> str:
    return "violated" if each.violation > VIOLATION else "active" if each.active else ""


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
