"""The two colours of every picture, which tell values from gradients: also to who is colour-blind, and in print.

They are the blue and the red of Paul Tol's high-contrast scheme, of which the blue is the darker one in grey.
"""

from __future__ import annotations

VALUE = "#004488"
GRADIENT = "#BB5566"
VALUE_ON_SCREEN = "#4477AA"  # the same two in his bright scheme, which dark and light terminals show
GRADIENT_ON_SCREEN = "#EE6677"
