"""The legend of a plot at a terminal: its signs and colours, in lines of a width."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.errors import columns, shortened
from circuitcli.render.canvas import LINE, Canvas
from circuitcli.render.palette import CURVES_ON_SCREEN, WAY_ON_SCREEN

DOT = "·"
DASHES = "⠤ ⠤"
VALUE, GRADIENT, WAY = *CURVES_ON_SCREEN[:2], WAY_ON_SCREEN
SIGNS = (LINE, DOT, "+", "x", "o", "*", "#", "=")  # of curves beside each other, with their colours

Words = list[tuple[str, str]]  # the parts of a legend, with their colours


def legend(names: Sequence[str]) -> Words:
    """The legend of curves beside each other."""
    return [
        (f"{(sign if sign != LINE else '⠤') * 3} {name}", shade)
        for sign, shade, name in zip(SIGNS, CURVES_ON_SCREEN, names, strict=False)
    ]


def rows_of(words: Words, width: int) -> list[Words]:
    """The parts of a legend in lines of a width."""
    rows: list[Words] = [[]]
    for word in [(shortened(text, width - 2), colour) for text, colour in words]:
        if rows[-1] and sum(columns(text) + 3 for text, _ in [*rows[-1], word]) > width:
            rows.append([])
        rows[-1].append(word)
    return rows


def painted(canvas: Canvas, rows: list[Words]) -> list[str]:
    """The lines of a legend in colour."""
    return [" " + "   ".join(canvas.painted(*word) for word in row) for row in rows]
