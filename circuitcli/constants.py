"""CONSTANTS, the numbers that have a name in expressions; and the words of JSON for those that are not finite."""

from __future__ import annotations

import math


class Constant:
    """One row: the name, the float, and the LaTeX; a letter that is another spelling; whether the float is rounded."""

    def __init__(self, name: str, number: float, latex: str, letter: str = "", rounded: bool = False) -> None:
        self.name, self.number, self.latex, self.letter, self.rounded = name, number, latex, letter, rounded


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
