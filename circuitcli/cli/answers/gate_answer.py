"""The answer of `gates`: a table of all, or of each gate named its facts above a small plot of value and slope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.formulas import derivatives, kink_at
from circuitcli.analysis.gate_page import GateCurve, curve, record
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.gates import GATES
from circuitcli.render.number_format import shown
from circuitcli.render.sparkline import area

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

WIDTH, HEIGHT = 51, 5  # of a plot: over -5 to 5 every whole number has a column
DIGITS = 4


def gates_answer(chosen: Sequence[str]) -> Answer:
    """The answer on the gates chosen, or without any on all."""
    names = chosen or list(GATES)
    return Answer(
        lambda: record(names[0]) if len(names) == 1 else [dict(record(name)) for name in names],
        lambda: _rows(names),
        lambda: _pages(names) if chosen else [_table()],
        lambda: names,
    )


def _rows(names: Sequence[str]) -> list[Record]:
    """A row for each argument of each gate."""
    return [
        {"gate": name, "arity": GATES[name].arity, "by": by, "derivative": slope, "kink": kink_at(name)}
        for name in names
        for by, slope in derivatives(name) or [("", "over rows" if GATES[name].only_over_rows else "none")]
    ]


def _table() -> PrintedTable:
    """Every gate with its number of arguments, the derivative by each of them, and where it has a kink."""
    from circuitcli.render.text_table import Column, PrintedTable

    rows, before = [], ""
    for row in _rows(list(GATES)):
        gate, arity, by, derivative, kink = map(str, row.values())
        first = gate != before
        before = gate
        rows.append([gate * first, arity * first, by, derivative, kink * first])
    columns = [Column("gate", False, "bold"), Column("arguments"), Column("by", False), Column("derivative", False)]
    return PrintedTable([*columns, Column("kink", False, "yellow")], rows)


def _pages(names: Sequence[str]) -> Iterable[PrintedTable | str]:
    """A page for each gate, an empty line between two."""
    from circuitcli.render.text_table import Column, PrintedTable

    for i, name in enumerate(names):
        if i:
            yield ""
        yield PrintedTable([Column("", False, "dim"), Column("", False)], facts(name))
        if (found := curve(name, WIDTH)) is not None:
            yield "\n".join(["", *plots(found)])


def facts(name: str) -> list[list[str]]:
    """The facts on a gate: of each its label and its text."""
    gate = record(name)
    kink = gate["kinks"] or "none"
    if gate["at_kink"]:
        kink += f"; {_at_kink(gate['at_kink']['inputs'], gate['at_kink']['gradient'])}"
    several = len(gate["arguments"]) > 1
    rows = [
        ("gate", ", also ".join([gate["written"], *gate["aliases"]])),
        ("about", gate["about"]),
        ("formula", gate["formula"]),
        ("domain", gate["domain"]),
        *((f"slope by {x}" if several else "slope", slope) for x, slope in gate["derivative"].items()),
        ("kink", kink),
        ("accuracy", gate["accuracy"]),
    ]
    return [[label, text] for label, text in rows if text]


def _at_kink(inputs: Mapping[str, float], gradient: Mapping[str, float]) -> str:
    """The gradient at a kink, which names its place where there are several arguments."""
    if len(inputs) == 1:
        ((_, slope),) = gradient.items()
        return f"the slope is {shown(slope, DIGITS)} there"
    place = ", ".join(f"{x} = {shown(value, DIGITS)}" for x, value in inputs.items())
    slopes = ", ".join(f"{shown(slope, DIGITS)} by {x}" for x, slope in gradient.items())
    return f"at {place} the slope is {slopes}"


def plots(found: GateCurve) -> list[str]:
    """The lines of one or two plots over one axis."""
    rows: list[tuple[str, str, str]] = []
    for label, numbers in (("value", found.values), ("slope", found.slopes)):
        if not numbers:
            continue
        drawn = area(numbers, HEIGHT)
        if drawn.low == drawn.high:
            rows += [(label, shown(drawn.high, DIGITS), f"at every {found.moving}"), ("", "", "")]
            continue
        high = "> " * any(x > drawn.high for x in numbers) + shown(drawn.high, DIGITS)
        low = "< " * any(x < drawn.low for x in numbers) + shown(drawn.low, DIGITS)
        marks = [high, *[""] * (HEIGHT - 2), low]
        rows += [(label * (i == 0), marks[i], line) for i, line in enumerate(drawn.lines)]
        rows.append(("", "", ""))
    low, middle, high = (shown(found.places[i], DIGITS) for i in (0, WIDTH // 2, -1))
    still = ", ".join(f"{x} = {shown(value, DIGITS)}" for x, value in found.still.items())
    axis = f"{low}{middle:>{WIDTH // 2 + 1 - len(low)}}{high:>{WIDTH // 2}}"
    rows[-1] = ("", found.moving, f"{axis}{'   at ' * bool(still)}{still}")
    wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
    return [f" {label:{wide[0]}}   {mark:>{wide[1]}}   {line}".rstrip() for label, mark, line in rows]
