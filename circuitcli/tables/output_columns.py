"""The columns of the rows that go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.errors import UsageError
from circuitcli.language.names import PREFIX, is_name, near
from circuitcli.tables.file_table import Table
from circuitcli.tables.formats import Format
from circuitcli.tables.json_layout import members
from circuitcli.visible_text import MOST_NAMES, shell_word, some_of

BOUNDS = "value_lo", "value_hi"  # of a result without a name


class OutputColumns(NamedTuple):
    """The format and the columns of rows that go out: columns of the table, results of ours, and the order of all.

    `whole`: a row has all columns of the table, and behind them the results. `passes`: it keeps its text, and the
    results are appended. `used` are the columns that are known as numbers, and `headed` tells whether the names of the
    columns are written, where the format has them in a row of their own. A table has so many `digits`, and at a
    terminal a `color`.
    """

    format: Format
    columns: list[str]
    results: list[str]
    order: list[str]
    whole: bool
    passes: bool
    used: Sequence[str]
    headed: bool = True
    digits: int = 10
    color: str = "auto"


def output_columns(
    table: Table, form: Format, results: Sequence[str], chosen: Sequence[str] | None, used: Sequence[str] = ()
) -> OutputColumns:
    """All columns of the table and then the results, or those chosen among both. Raises UsageError for a name that is
    there twice or not at all."""
    whole = chosen is None
    stays = form == table.format or form.lines == table.format.name
    passes = whole and not form.typed and stays and not (table.added or (form.keyed and table.renamed))
    there = Counter(table.columns)
    keys = [key for key in members(results) if key not in results] if form.keyed and chosen is None else []
    for name in (*results, *keys):
        if name in there and (chosen is None or name in chosen):
            ways = f"{_other_name(name)}, or --rename {name}=OLD"
            if name == "sigma":
                ways = "--rename sigma=s, and write s for it in --sigma-of"
            if name in BOUNDS:
                ways = _other_name(name)
            raise (
                UsageError(f'{table.shown} already has a column "{name}"', ways)
                if whole
                else UsageError(f'"{name}" is a column of {table.shown} and a result', f"say --rename {name}=OLD")
            )
    for name in there if chosen is None else chosen:
        if there[name] > 1 and not passes:
            raise UsageError(
                f"{table.shown} has two columns {name or 'without a name'}",
                f"--rename {shell_word(f'{name}=OTHER')} renames the first of them",
            )
    if chosen is None:
        order = [*table.columns, *results]
        return OutputColumns(form, table.columns, list(results), order, whole, passes, used)
    for name in chosen:
        if name not in there and name not in results and not table.has_part(name):
            known = [*table.columns, *results]
            hint = _others(chosen, known) or _nearly(name, chosen, known) or f"there are: {some_of(known)}"
            raise UsageError(f"{name} is no column and no result", hint)
    columns = [name for name in chosen if name not in results]
    found = [name for name in chosen if name in results]
    return OutputColumns(form, columns, found, list(chosen), whole, passes, used)


def _others(chosen: Sequence[str], known: Sequence[str]) -> str:
    """The hint for columns that are to be left out, as in other programs: -site; empty for other columns."""
    names = [name[1:] for name in chosen if name[:1] in ("-", "!", "^", "~")]
    rest = [name for name in known if name not in names]
    if not rest or len(names) < len(chosen) or not {*names} <= {*known} or len(rest) > MOST_NAMES:
        return ""
    return f"name those that stay: --columns {shell_word(','.join(rest))}"


def _nearly(name: str, chosen: Sequence[str], known: Sequence[str]) -> str:
    """The hint to choose the column or the result that a name probably means; empty where none is near."""
    if not (close := near(name, [*known])):
        return ""
    names = [word if word in known else near(word, [*known]) for word in chosen]
    whole = len(names) <= MOST_NAMES and len({*names}) == len(names) and all(map(is_name, names))
    meant = f"--columns {shell_word(','.join(names))}" if whole else close
    return f"did you mean {meant}?"


def _other_name(result: str) -> str:
    """The way to have no result of a name."""
    if result.startswith((PREFIX, "along")):
        return "choose columns without it with --columns"
    return "name the result (v = ...)" if result in ("value", *BOUNDS) else "give the result another name"
