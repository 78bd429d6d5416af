"""Tables for people: by Rich at a terminal, padded by hand in a pipe. A digit is never cut or shortened."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.errors import columns as columns_of
from circuitcli.visible_text import visible

GAP = 3  # columns that each column of a table takes at a terminal beside its width
MIN_TEXT = 16  # columns that text which may wrap always keeps


class Column(NamedTuple):
    """The head of a column. Only text may wrap, and only at a terminal."""

    title: str
    number: bool = True
    style: str = ""


class PrintedTable(NamedTuple):
    """A table for people. It has a header where a column has a title; `note` tells what is left out."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""


def print_table(table: PrintedTable, color: str = "auto") -> None:
    """Print a table to standard output, without columns that are empty. `color`: auto, always or never."""
    if color == "always" or sys.stdout.isatty():
        _rich(*_filled(table), color)
    else:
        print(plain_text(table))


def _filled(table: PrintedTable) -> tuple[list[Column], list[list[str]]]:
    """The columns that are not empty, and their rows, as a terminal may show them."""
    used = [i for i, c in enumerate(table.columns) if c.title or any(row[i] for row in table.rows)]
    columns = [table.columns[i]._replace(title=visible(table.columns[i].title)) for i in used]
    return columns, [[visible(row[i]) for i in used] for row in table.rows]


def plain_text(table: PrintedTable) -> str:
    """A table as text, its columns padded."""
    columns, rows = _filled(table)
    lines = [[c.title for c in columns]] * _titled(columns) + [*rows]
    widths = [max(columns_of(line[i]) for line in lines) for i in range(len(columns))]
    return "\n".join(
        " "
        + "   ".join(
            " " * (w - columns_of(cell)) + cell if c.number else cell + " " * (w - columns_of(cell))
            for c, w, cell in zip(columns, widths, line, strict=True)
        ).rstrip()
        for line in lines
    )


def _titled(columns: Sequence[Column]) -> bool:
    return any(c.title for c in columns)


def _rich(columns: Sequence[Column], rows: Sequence[Sequence[str]], color: str) -> None:
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = color == "never" or (color == "auto" and "NO_COLOR" in os.environ)
    console = Console(
        force_terminal=True, no_color=plain, highlight=False, markup=False, emoji=False, legacy_windows=False
    )
    widths = [max([columns_of(c.title), *(columns_of(row[i]) for row in rows)]) for i, c in enumerate(columns)]
    # Numbers keep their width; text wraps into what is left; where even that is too little the line grows.
    needed = sum(w if c.number else min(w, MIN_TEXT) for c, w in zip(columns, widths, strict=True)) + GAP * len(columns)
    rule = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    bold = "" if plain else "bold"
    table = Table(box=rule, show_header=_titled(columns), show_edge=False, pad_edge=True, header_style=bold)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.title),
            justify="right" if column.number else "left",
            no_wrap=column.number,
            min_width=width if column.number else min(width, MIN_TEXT),
            overflow="fold",
            style="" if plain else column.style,
        )
    for row in rows:  # a number may have spaces behind it, which Rich would take off to justify it
        padded = [
            " " * (w - columns_of(cell)) + cell if c.number else cell
            for c, w, cell in zip(columns, widths, row, strict=True)
        ]
        table.add_row(*[Text(cell, justify="left") for cell in padded])
    console.width = max(console.width, needed)
    console.print(table, soft_wrap=False)
