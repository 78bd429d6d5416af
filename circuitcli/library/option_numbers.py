"""Numbers among the options of a search in Python: counts, seconds and shares."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TypeGuard

from circuitcli.errors import UsageError

EXAMPLES = {"max_steps": 100, "starts": 20, "seed": 1, "boxes": 1_000_000}


def refuse_count(name: str, given: object, most: float = math.inf, least: int = 1) -> None:
    """Raise UsageError for what is no whole number within limits."""
    if isinstance(given, bool) or not isinstance(given, Integral) or not least <= int(given) <= most:
        up_to = f" to {most:,}" if most < math.inf else " or more"
        raise UsageError(
            f"{name} must be a whole number, {least}{up_to}, not {given!r}",
            f"write for example {name}={EXAMPLES[name]}",
        )


def refuse_seconds(given: object) -> None:
    """Raise UsageError for a `max_time` that is no time."""
    if given is not None and not (_is_number(given) and given > 0.0):
        raise UsageError(
            f"max_time must be a number of seconds above 0, not {given!r}", "write for example max_time=60"
        )


def refuse_share(name: str, given: object) -> None:
    """Raise UsageError for what is no number between 0 and 1."""
    if given is not None and not (_is_number(given) and 0.0 < given < 1.0):
        raise UsageError(f"{name} must be a number between 0 and 1, not {given!r}", f"write for example {name}=0.95")


def _is_number(given: object) -> TypeGuard[float]:
    return isinstance(given, Real) and not isinstance(given, bool)
