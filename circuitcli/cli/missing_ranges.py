"""The hint on an input without a value, for which rows have the two ends of a range: x of x_lo and x_hi."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from circuitcli.errors import NoValueError
from circuitcli.visible_text import shell_word

_ENDS = [ends.split() for ends in ("lo hi", "low high", "lower upper", "min max", "from to")]


@contextmanager
def telling_of_ends(columns: Collection[str]) -> Iterator[None]:
    """Where inputs have no value, tell of --interval if the columns of their ends are there."""
    try:
        yield
    except NoValueError as error:
        pairs = [(name, _ends_of(name, columns)) for name in error.missing]
        if all(ends for _, ends in pairs):
            words = [f"--interval {shell_word(f'{name}={ends}')}" for name, ends in pairs]
            error.hint = f"if each row is a range, add {' '.join(words)}; else {error.hint}"
        raise


def _ends_of(name: str, columns: Collection[str]) -> str:
    """The columns of the two ends of an input, as --interval has them; empty where there are none."""
    found = (f"{name}_{low}:{name}_{high}" for low, high in _ENDS if {f"{name}_{low}", f"{name}_{high}"} <= {*columns})
    return next(found, "")
