"""The hint for missing values as other languages compare with them: y == null, y is None."""

from __future__ import annotations

MISSING = ("null", "none", "nan", "na", "nil", "undefined")  # as other programs call a missing value


def of_missing(name: str) -> str:
    """The hint for a column that is compared with a missing value."""
    return f"--bad-rows skip leaves rows without a number out; with --bad-rows nan, {name} != {name} is 1 in them"
