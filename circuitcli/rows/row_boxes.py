"""The boxes of rows: for each row a range of some inputs; and the columns of bounds that become of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from circuitcli.engine.interval import Interval
from circuitcli.tables.batch import Ends


class RowBoxes(NamedTuple):
    """The columns in which rows have the `ends` of inputs, by input, and the intervals that all rows share."""

    ends: Mapping[str, Ends]
    shared: Mapping[str, Interval]

    @property
    def sources(self) -> list[str]:
        """The columns of all ends."""
        return list(dict.fromkeys(column for ends in self.ends.values() for column in ends))


def bounds_of(name: str, nested: bool) -> Ends:
    """The columns of the bounds of a result; `nested` as the two elements of a list.

    >>> bounds_of("value", False), bounds_of("grad_x[2]", True)
    (Ends(low='value_lo', high='value_hi'), Ends(low='grad_x[2,1]', high='grad_x[2,2]'))
    """
    if not nested:
        return Ends(f"{name}_lo", f"{name}_hi")
    head = f"{name[:-1]}," if name.endswith("]") else f"{name}["
    return Ends(f"{head}1]", f"{head}2]")
