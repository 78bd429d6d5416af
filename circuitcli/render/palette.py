"""The colours of everything that is shown: values blue, gradients red, also in print and to the colour-blind.

On paper they are the blue and the red of Paul Tol's high-contrast scheme; in grey, the blue is darker. In the dark and
at a terminal they are those of his light and his bright scheme.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple, TextIO


class Colours(NamedTuple):
    """The colours of a picture: of the paper, of lines and letters, of wires, of the boxes of gates and of inputs, and
    of numbers."""

    paper: str
    ink: str
    wire: str
    gate: str
    input: str
    value: str
    gradient: str
    kink: str


LIGHT = Colours("#ffffff", "#222222", "#8a8a8a", "#ffffff", "#eef2f6", "#004488", "#BB5566", "#9a5b00")
DARK = Colours("#0d1117", "#e6edf3", "#7d8590", "#161b22", "#1f2b3a", "#77AADD", "#EE6677", "#e3a23c")
VALUE, GRADIENT, KINK = LIGHT.value, LIGHT.gradient, LIGHT.kink
# Of curves beside each other; the others are of his bright scheme.
CURVES = (VALUE, GRADIENT, "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#999999", "#000000")
VALUE_ON_SCREEN, GRADIENT_ON_SCREEN = "#4477AA", "#EE6677"  # of his bright scheme, for dark and light terminals
# His bright scheme in the 256 colours of a terminal: of curves beside each other, and of the way of an ascent.
CURVES_ON_SCREEN = ("67", "204", "29", "179", "81", "132", "246", "")
WAY_ON_SCREEN = "179"
ALARM, CALM = "\033[1;31m", "\033[0m"  # around the message of an error at a terminal


def coloured(color: str = "auto", stream: TextIO | None = None) -> bool:
    """Whether a stream, by default standard output, gets colours. `color`: auto, always or never."""
    terminal = (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"
    return color == "always" or (color == "auto" and terminal and "NO_COLOR" not in os.environ)
