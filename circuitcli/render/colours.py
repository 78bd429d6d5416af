"""The two colours of every picture, which tell values from gradients: also to who is colour-blind, and in print.

They are the blue and the red of Paul Tol's high-contrast scheme, of which the blue is the darker one in grey.
"""

from __future__ import annotations

VALUE = "#004488"
GRADIENT = "#BB5566"
