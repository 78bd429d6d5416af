"""The answer of `gates`: all names by group, or derivatives, or of each gate named its facts above a small plot."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from circuitcli.analysis.formulas import derivatives, kink_at
from circuitcli.analysis.gate_page import GateCurve, curve, record
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.gates import GATES, GROUPS, Gate
from circuitcli.render.number_format import shown
from circuitcli.render.sparkline import area

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

WIDE = 80  # columns of a page
WIDTHS, HEIGHT = (51, 41, 31, 21, 11), 5  # of a plot: over -5 to 5 every whole number has a column
DIGITS = 4


def gates_answer(chosen: Sequence[str], verbose: bool) -> Answer:
    """The answer on the gates chosen, or without any on all; `verbose` lists their derivatives."""
    names = chosen or list(GATES)
    return Answer(
        lambda: record(names[0]) if len(names) == 1 else [dict(record(name)) for name in names],
        lambda: _rows(names, GATES),
        lambda: [_table(names)] if verbose else _pages(names) if chosen else _groups(),
        lambda: names,
    )


def _rows(names: Sequence[str], gates: Mapping[str, Gate]) -> list[Record]:
    """A row for each argument of each gate, with the derivatives that `gates` have."""
    return [
        {"gate": name, "arity": GATES[name].arity, "by": by, "derivative": slope, "kink": kink_at(name)}
        for name in names
        for by, slope in derivatives(name, gates) or [("", "over rows" if GATES[name].only_over_rows else "none")]
    ]


def _groups() -> Iterable[PrintedTable | str]:
    """The names of all gates, a row a group, and how to see more of one."""
    from textwrap import wrap

    from circuitcli.render.text_table import GAP, Column, PrintedTable

    known = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "others": [name for name in GATES if name not in known]}
    both = [name for name, gate in GATES.items() if gate.over_rows and not gate.only_over_rows]
    texts = [(group, " ".join(names)) for group, names in groups.items() if names]
    texts.append(("", f"and with one argument {' '.join(both)}"))
    room = min(_room(), WIDE) - max(map(len, groups)) - 2 * GAP
    rows = [[group * (i == 0), line] for group, text in texts for i, line in enumerate(wrap(text, room))]
    yield PrintedTable([Column("", False, "dim"), Column("", False)], rows)
    yield "\n circuit gates sigmoid     one gate"
    yield " circuit gates --verbose   derivatives"


def _table(names: Sequence[str]) -> PrintedTable:
    """Gates with their number of arguments, the derivative by each of them, and where they have a kink."""
    from circuitcli.render.text_table import Column, PrintedTable

    rows, before = [], ""
    for row in _rows(names, textbook_gates()):
        gate, arity, by, derivative, kink = map(str, row.values())
        first = gate != before
        before = gate
        rows.append([gate * first, arity * first, by, derivative, kink * first])
    columns = [Column("gate", False, "bold"), Column("arguments"), Column("by", False)]
    columns += [Column("derivative", False, words=True), Column("kink", False, "yellow", words=True)]
    return PrintedTable(columns, rows)


def _pages(names: Sequence[str]) -> Iterable[PrintedTable | str]:
    """A page for each gate, an empty line between two."""
    from circuitcli.render.text_table import Column, PrintedTable

    room = _room()
    for i, name in enumerate(names):
        if i:
            yield ""
        yield PrintedTable([Column("", False, "dim"), Column("", False, words=True)], facts(name))
        for width in WIDTHS:
            lines = [] if (found := curve(name, width)) is None else plots(found)
            if max(map(len, lines), default=0) <= room:
                break
        if lines:
            yield "\n".join(["", *lines])


def _room() -> int:
    """The columns of the terminal; of a pipe those that a page has."""
    return get_terminal_size().columns if sys.stdout.isatty() else WIDE


def facts(name: str) -> list[list[str]]:
    """The facts on a gate: of each its label and its text."""
    gate = record(name)
    kink = gate["kinks"] or "none"
    if gate["at_kink"]:
        kink += f"; {_at_kink(gate['at_kink']['inputs'], gate['at_kink']['gradient'])}"
    several = len(gate["arguments"]) > 1
    slopes = [
        row
        for x, slope in derivatives(name, textbook_gates())
        for row in _slope(f"slope by {x}" if several else "slope", slope, gate["derivative"][x])
    ]
    rows = [
        ("gate", ", also ".join([gate["written"], *gate["aliases"]])),
        ("about", gate["about"]),
        ("formula", gate["formula"]),
        ("domain", gate["domain"]),
        *slopes,
        ("kink", kink),
        ("accuracy", gate["accuracy"]),
    ]
    return [[label, text] for label, text in rows if text]


def _slope(label: str, textbook: str, computed: str) -> list[tuple[str, str]]:
    """The rows of a derivative: as a textbook has it, and as it is computed."""
    return [(label, textbook), *[("", f"computed as {computed}")] * (computed != textbook)]


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
    half = len(found.places) // 2
    low, middle, high = (shown(found.places[i], DIGITS) for i in (0, half, -1))
    still = ", ".join(f"{x} = {shown(value, DIGITS)}" for x, value in found.still.items())
    axis = f"{low}{middle:>{half + 1 - len(low)}}{high:>{half}}"
    rows[-1] = ("", found.moving, f"{axis}{'   at ' * bool(still)}{still}")
    wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
    return [f" {label:{wide[0]}}   {mark:>{wide[1]}}   {line}".rstrip() for label, mark, line in rows]
