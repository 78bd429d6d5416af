"""Where numbers span decades, and a picture shows them by their logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence

DECADES = 2.0  # from so many on, an even scale hides all but the largest numbers


def span_decades(numbers: Sequence[float]) -> bool:
    """Whether the finite numbers, none of them below 0, span decades."""
    finite = [x for x in numbers if math.isfinite(x)]
    positive = [x for x in finite if x > 0.0]
    if not positive or min(finite) < 0.0:
        return False
    return math.log10(max(positive)) - math.log10(min(positive)) >= DECADES


def by_decades(numbers: Sequence[float]) -> list[float]:
    """Numbers that span decades as their logarithms, those below 0 mirrored; others as they are. A 0 among them is
    drawn as the number nearest to it."""
    for sign in (1.0, -1.0):
        turned = [sign * x for x in numbers]
        if span_decades(turned):
            least = min(x for x in turned if x > 0.0)
            return [sign * math.log10(max(x, least)) for x in turned]
    return [*numbers]
