"""circuit gates NAME: one gate on a page, its facts above a small plot of value and slope."""

from __future__ import annotations

from circuitcli.analysis.gate_page import GateCurve, curve, record
from circuitcli.render.number_format import shown
from circuitcli.render.sparkline import area
from circuitcli.render.text_table import Column, print_table

WIDTH, HEIGHT = 51, 5  # of a plot: over -5 to 5 every whole number has a column
DIGITS = 4


def show_gate(name: str, color: str) -> None:
    """Print all there is to know of a gate."""
    print_table([Column("", False, "dim"), Column("", False)], facts(name), color)
    found = curve(name, WIDTH)
    if found is not None:
        print("\n".join(["", *plots(found)]))


def facts(name: str) -> list[list[str]]:
    """The rows of a table: what is said, and what of it holds for the gate."""
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


def _at_kink(inputs: dict[str, float], gradient: dict[str, float]) -> str:
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
