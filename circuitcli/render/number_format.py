"""Numbers as text: for a table, for a program, with an uncertainty."""

from __future__ import annotations

import math

from circuitcli.constants import JSON_STRINGS
from circuitcli.engine.floats import FLOATS

DIGITS = 10  # significant, in tables
FLOAT_DIGITS = 17  # as many tell every float from its neighbours
_WORDS = {number: word for word, number in JSON_STRINGS.items()}


def shown(number: float | None, digits: int = DIGITS) -> str:
    """A number for a table, to so many significant digits, a whole one with all; empty for None."""
    return "" if number is None else FLOATS.text(number, digits)


def rounded(number: float | None, digits: int = 2) -> str:
    """An error, or another number whose size alone matters; empty for None."""
    return "" if number is None else f"{number:.{digits}g}"


def bare(number: float | str, digits: int | None = None) -> str:
    """A number for a program: the repr of a float, or so many digits where they are asked for; decimal text as it
    is."""
    if isinstance(number, str):
        return number
    return repr(number) if digits is None or digits >= FLOAT_DIGITS else shown(number, digits)


def full(number: float) -> str:
    """A float with all digits that tell it from its neighbours, a whole number without a point."""
    return repr(number)[:-2] if repr(number).endswith(".0") else repr(number)


def plus_minus(value: float, sigma: float) -> str:
    """A value and its standard uncertainty, both down to the second digit of the uncertainty: 9.811 ± 0.044."""
    from decimal import Decimal

    if not (math.isfinite(value) and 0.0 < sigma < math.inf):
        return f"{value:.10g} ± {sigma:.2g}"
    rounded = Decimal(f"{sigma:.1e}")
    place = int(rounded.as_tuple().exponent)
    shown = Decimal(repr(value))
    if shown and shown.adjusted() - place > FLOAT_DIGITS:  # all digits are good
        return f"{shown:e} ± {rounded:e}"
    shown = shown.quantize(Decimal(1).scaleb(place))
    exponent = max(rounded.adjusted(), shown.adjusted() if shown else rounded.adjusted())
    if -5 < exponent < 10:
        return f"{shown:f} ± {rounded:f}"
    return f"({shown.scaleb(-exponent):f} ± {rounded.scaleb(-exponent):f})e{exponent:+d}"


def strict(value: object) -> object:
    """A record or a part of one in which every non-finite float is the string that protobuf's JSON uses: nothing is
    lost, and arithmetic on it fails loudly."""
    if isinstance(value, float):
        return value if math.isfinite(value) else _WORDS[str(value)]
    if isinstance(value, dict):
        return {k: strict(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(v) for v in value]
    return value
