"""CONSTANTS, the numbers that have a name in expressions; and the words of JSON for those that are not finite."""

from __future__ import annotations

import math
from typing import NamedTuple


class Constant(NamedTuple):
    """One row: the name, the float, and the LaTeX; a letter that is another spelling; whether the float is rounded."""

    name: str
    number: float
    latex: str
    letter: str = ""
    rounded: bool = False


CONSTANTS = {
    row.name: row
    for row in (
        Constant("pi", math.pi, r"\pi", letter="π", rounded=True),
        Constant("tau", math.tau, r"\tau", letter="τ", rounded=True),
        Constant("e", math.e, r"\mathrm{e}", rounded=True),
        Constant("inf", math.inf, r"\infty"),
        Constant("nan", math.nan, r"\mathrm{NaN}"),
    )
}
LETTERS = {row.letter: row.name for row in CONSTANTS.values() if row.letter}
JSON_STRINGS = {
    "NaN": "nan",
    "Infinity": "inf",
    "-Infinity": "-inf",
}  # the strings of protobuf's JSON, and Python's repr
