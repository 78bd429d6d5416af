"""Arithmetic on constants, where floats and decimals have one and the same result."""

from __future__ import annotations

import math
from collections.abc import Callable

from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES
from circuitcli.graph import SIGNIFICANT

# Of x = a/b and y = c/d, the quotient of whole numbers that a gate makes.
QUOTIENTS: dict[str, Callable[..., tuple[int, int]]] = {
    "neg": lambda a, b: (-a, b),
    "add": lambda a, b, c, d: (a * d + c * b, b * d),
    "sub": lambda a, b, c, d: (a * d - c * b, b * d),
    "mul": lambda a, b, c, d: (a * c, b * d),
    "div": lambda a, b, c, d: (a * d, b * c),
}


def alike(number: float) -> float | None:
    """A number whose float is its decimal text, and so is read alike by any arithmetic; else None."""
    text = f"{number:.17g}"
    return number if len(text) <= SIGNIFICANT and text == f"{number:.40g}" and math.isfinite(number) else None


def exact(gate: str, *numbers: float) -> float | None:
    """The number that a gate of arithmetic makes of such numbers, if it is another of them; else None."""
    if gate not in QUOTIENTS:
        return None
    number = float(GATES[gate].forward(FLOATS, *numbers))
    if alike(number) is None or math.copysign(1.0, number) < 0.0 == number:
        return None
    above, below = QUOTIENTS[gate](*(part for x in numbers for part in x.as_integer_ratio()))
    n, d = number.as_integer_ratio()
    return number if above * d == n * below else None
