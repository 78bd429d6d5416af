"""The reasons why no rows are left, and the error of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.rows.told import Told


def all_skipped(told: Told) -> str:
    """The reason why there are no rows, where all were left out."""
    if told.failed:
        return f"--where left out {_all(told.failed)}" + (f" but {told.skipped:,} bad" if told.skipped else "")
    return (
        f"{_all(told.skipped)} {'were' if told.skipped > 1 else 'was'} skipped, the first for {told.first_bad}"
        if told.skipped
        else ""
    )


def refuse_none_left(told: Told, of: str = "") -> None:
    """Raise UsageError where all rows are bad ones that were skipped; its message begins with `of`."""
    if told.skipped and not told.rows:
        hint = "without --bad-rows skip the first of them is told with a hint"
        if found := re.search(r'([^\W\d]\w*) is "([^"…]*[^\W\d][^"…]*)", no number$', told.first_bad):
            test = f'{found[1]} == "{found[2]}"'
            hint = f"if {found[1]} is a column of texts, it has no numbers: one compares it, as in {test}"
        raise UsageError(of + all_skipped(told), hint)


def _all(count: int) -> str:
    return f"all {counted(count)}" if count > 1 else "the only row"


def counted(count: int) -> str:
    """A number of rows in words."""
    return f"{count:,} {'row' if count == 1 else 'rows'}"
