"""Libraries of tables, whose frames and Series are known by their classes, without loading them."""

from __future__ import annotations

from collections.abc import Mapping

LIBRARIES = {"pandas", "polars", "pyarrow"}
FIRST_ROWS = {  # as mappings
    "pandas": "df.iloc[0].to_dict()",
    "polars": "df.row(0, named=True)",
    "pyarrow": "table.slice(0, 1).to_pylist()[0]",
}


def library_of(given: object) -> str:
    """The library of tables that an object is of; empty for another one."""
    for kind in type(given).__mro__:
        if (library := kind.__module__.partition(".")[0]) in LIBRARIES:
            return library
    return ""


def first_row(given: object) -> str:
    """The text that has the first row of a table as a mapping; empty for what is no table."""
    if isinstance(given, (list, tuple)):
        return "rows[0]" if given and all(isinstance(row, Mapping) for row in given) else ""
    return FIRST_ROWS.get(library_of(given), "") if hasattr(given, "columns") else ""
