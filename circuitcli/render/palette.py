"""The two colours of every picture, which tell values from gradients, also in print and to the colour-blind.

They are the blue and the red of Paul Tol's high-contrast scheme; in grey, the blue is darker.
"""

from __future__ import annotations

import os
import sys

VALUE, GRADIENT = "#004488", "#BB5566"
# Of curves beside each other; the others are of his bright scheme.
CURVES = (VALUE, GRADIENT, "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#999999", "#000000")
KINK = "#a05f00"
VALUE_ON_SCREEN, GRADIENT_ON_SCREEN = "#4477AA", "#EE6677"  # of his bright scheme, for dark and light terminals

# By their roles on dark ground; the red and the yellow are of his medium-contrast scheme, the blue of his light one.
ON_DARK = {"value": "#77AADD", "gradient": "#EE99AA", "kink": "#EECC66", "paper": "#15181d", "ink": "#e6e8eb"}
ON_DARK |= {"box": "#1d2127", "input": "#2a313b", "wire": "#8b949e"}


def coloured(color: str) -> bool:
    """Whether standard output gets colours. `color`: auto, always or never."""
    return color == "always" or (color == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
