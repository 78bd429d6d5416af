"""What a row that goes out has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from circuitcli.errors import UsageError

Table = Any  # CsvTable, JsonTable or ArrowTable


class Layout(NamedTuple):
    """What a row that goes out has: columns of the table, and results of ours, in order. `whole` says that it is the
    row that came in, and then the results; `used` are the columns that are known as numbers."""

    columns: list[str]
    results: list[str]
    order: list[str]
    whole: bool
    used: Sequence[str]


def layout_of(
    table: Table,
    results: Sequence[str],
    chosen: Sequence[str] | None,
    used: Sequence[str] = (),
    passes: bool = False,
) -> Layout:
    """All columns and then the results, or what is chosen among both. `passes`: the rows keep
    their text. Raises UsageError for a name that is twice or nowhere."""
    for name in results:
        if name in table.columns:
            what = "name the result (v = ...)" if name == "value" else "choose with --columns"
            raise (
                UsageError(f'{table.shown} already has a column "{name}"', f"{what}, or --rename {name}=OLD")
                if chosen is None
                else UsageError(f'"{name}" is a column of {table.shown} and a result', f"say --rename {name}=OLD")
            )
    twice = [name for i, name in enumerate(table.columns) if name in table.columns[:i]]
    for name in twice if chosen is None else [name for name in chosen if name in twice]:
        if chosen is not None or not passes:
            raise UsageError(
                f"{table.shown} has two columns {name}", f"--rename {name}=OTHER calls the first of them otherwise"
            )
    if chosen is None:
        return Layout(table.columns, list(results), [*table.columns, *results], True, used)
    for name in chosen:
        if name not in table.columns and name not in results:
            raise UsageError(
                f"{name} is no column and no result",
                f"there are: {', '.join([*table.columns, *results])}",
            )
    columns = [name for name in chosen if name in table.columns]
    return Layout(columns, [name for name in chosen if name in results], list(chosen), False, used)
